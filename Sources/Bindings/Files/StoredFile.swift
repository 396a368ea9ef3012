import Execution
import Foundation

/// Content of a published file as it was read, to be compared before it is replaced.
struct StoredFile: Sendable {
    /// Largest file that is read, in bytes.
    static let limit = 4 << 20

    /// Bytes; `nil` when there is no file.
    let bytes: [UInt8]?
    /// What the system said of it.
    let status: stat?

    /// Reads a file of a folder; one that is not there has no content.
    init(_ name: String, in folder: ConfinedFolder) throws(ConfinedFolder.Problem) {
        guard let file = try folder.file(name) else {
            bytes = nil
            status = nil
            return
        }
        switch SmallFile.read(file.descriptor, limit: Self.limit) {
        case .success(let bytes):
            self.bytes = bytes
            self.status = file.status
        case .failure(let problem):
            throw ConfinedFolder.Problem(.system, problem.reason)
        }
    }

    /// The content as text; no file is no text.
    func text() throws(UneditableFile) -> String {
        guard let bytes else { return "" }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw UneditableFile("is not UTF-8 text") }
        return text
    }

    /// Replaces a file in one step: written beside it, flushed, and renamed over it.
    ///
    /// - Parameters:
    ///   - isPrivate: Whether only the owner may read it; otherwise an existing file keeps its mode.
    ///   - before: What was read before; its mode and owner are kept.
    ///   - proceed: Asked last, right before the rename; the file stays as it is when the answer is no.
    /// - Returns: Whether it was replaced.
    static func replace(
        _ name: String, in folder: ConfinedFolder, with bytes: [UInt8], isPrivate: Bool, before: StoredFile,
        proceed: () throws(ConfinedFolder.Problem) -> Bool
    ) throws(ConfinedFolder.Problem) -> Bool {
        let temporary = ".\(name).\(UUID().uuidString.prefix(8)).new"
        let file = try folder.create(temporary)
        do {
            let kept = before.status.map { $0.st_mode & 0o7777 } ?? 0o644
            try file.set(mode: isPrivate ? 0o600 : kept, ownedLike: before.status)
            try file.write(bytes)
            guard try proceed() else {
                folder.remove(temporary)
                return false
            }
            try folder.rename(temporary, to: name)
            Deeds.ofStep?.happened()
            return true
        } catch {
            folder.remove(temporary)
            throw error
        }
    }
}
