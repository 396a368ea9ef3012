import Domain
import Foundation
import TextForms

/// Bookkeeping of a file that has no comments, in a file beside it: `clients.json` has `clients.json.spillway`.
struct BookkeepingFile: Sendable {
    private let name: String

    init(beside name: String) {
        self.name = "\(name).spillway"
    }

    /// What is kept for a binding.
    func read(_ binding: String, in folder: ConfinedFolder) throws -> StoreSnapshot.Bookkeeping? {
        try all(StoredFile(name, in: folder))[binding]
    }

    /// Keeps it for a binding; other bindings stay.
    func write(_ bookkeeping: StoreSnapshot.Bookkeeping, of binding: String, in folder: ConfinedFolder) throws {
        let before = try StoredFile(name, in: folder)
        var all = try all(before)
        all[binding] = bookkeeping
        _ = try StoredFile.replace(
            name, in: folder, with: try Self.bytes(of: all), isPrivate: false, before: before
        ) { true }
    }

    /// Keeps nothing for a binding any more; the file goes with the last one.
    func remove(_ binding: String, in folder: ConfinedFolder) throws {
        let before = try StoredFile(name, in: folder)
        var all = try all(before)
        guard all.removeValue(forKey: binding) != nil else { return }
        guard !all.isEmpty else { return folder.remove(name) }
        _ = try StoredFile.replace(
            name, in: folder, with: try Self.bytes(of: all), isPrivate: false, before: before
        ) { true }
    }

    private static func bytes(of all: [String: StoreSnapshot.Bookkeeping]) throws -> [UInt8] {
        Array(try SortedJSON.data(all, isPretty: true)) + Array("\n".utf8)
    }

    private func all(_ stored: StoredFile) throws(UneditableFile) -> [String: StoreSnapshot.Bookkeeping] {
        guard let bytes = stored.bytes else { return [:] }
        do {
            return try JSONDecoder().decode([String: StoreSnapshot.Bookkeeping].self, from: Data(bytes))
        } catch {
            throw UneditableFile("has a file \(name) beside it that is not Spillway's bookkeeping")
        }
    }
}
