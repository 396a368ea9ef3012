import Foundation
import GRDB

/// Reads a state file from a folder that cannot be written to, where SQLite cannot keep the log it needs even to read:
/// through a private copy of the file and its log.
enum UnwritableFile {
    private static let attempts = 5

    /// Opens a copy, which is gone from the file system when this returns.
    static func open(_ path: String) throws -> DatabaseQueue {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spillway-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let copy = folder.appendingPathComponent("state.db").path
        for _ in 1...attempts {
            let before = versions(of: path)
            try content(of: path).write(to: URL(fileURLWithPath: copy))
            try? FileManager.default.removeItem(atPath: "\(copy)-wal")
            if PrivateFile.exists("\(path)-wal") {
                try content(of: "\(path)-wal").write(to: URL(fileURLWithPath: "\(copy)-wal"))
            }
            if versions(of: path) == before { return try DatabaseQueue.inMemoryCopy(fromPath: copy) }
        }
        throw DatabaseError(message: "it changes faster than it can be copied")
    }

    private static func content(of path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    private static func versions(of path: String) -> [String] {
        [path, "\(path)-wal"].map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return "none" }
            return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        }
    }
}
