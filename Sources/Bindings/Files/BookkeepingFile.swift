import Domain
import Foundation

/// Bookkeeping of a file that has no comments, in a file beside it: `clients.json` has `clients.json.spillway`.
struct BookkeepingFile: Sendable {
    private let name: String

    /// The file beside one of this name.
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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let bytes = Array(try encoder.encode(all)) + Array("\n".utf8)
        _ = try StoredFile.replace(name, in: folder, with: bytes, isPrivate: false, before: before) { true }
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
