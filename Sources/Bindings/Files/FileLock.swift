import Foundation

/// Keeps two runs from replacing the same file at the same time: `flock` on a file beside it, which is removed with the
/// lock.
final class FileLock: Sendable {
    private static let attempts = 100
    private static let pause: Duration = .milliseconds(50)

    private let folder: ConfinedFolder
    private let name: String
    private let file: OpenFile

    private init(_ folder: ConfinedFolder, _ name: String, _ file: OpenFile) {
        self.folder = folder
        self.name = name
        self.file = file
    }

    deinit {
        folder.remove(name)
    }

    /// Takes the lock of a file, waiting some seconds for another process.
    ///
    /// - Returns: The lock, held until it is released by letting go of it; `nil` when another process keeps it.
    static func take(for target: String, in folder: ConfinedFolder) async throws(ConfinedFolder.Problem) -> FileLock? {
        let name = ".\(target).lock"
        for attempt in 1...attempts {
            let file = try folder.lockFile(name)
            // The holder before may have removed the file that was just opened: then its lock means nothing.
            if file.lock(), folder.isNamed(name, file) { return FileLock(folder, name, file) }
            if attempt < attempts {
                do { try await Task.sleep(for: pause) } catch { return nil }
            }
        }
        return nil
    }
}
