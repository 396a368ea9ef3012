package import Domain
package import Execution
import Foundation
import TextForms

/// A file that holds a ledger outside of a store: an export, a snapshot, or the SQLite file of a workspace.
package struct LedgerFile: Sendable {
    private let path: String
    private let workspace: String

    /// How a SQLite file begins (<https://www.sqlite.org/fileformat.html>, 1.3).
    private static let sqliteMark = Data("SQLite format 3\u{0}".utf8)

    /// - Parameters:
    ///   - path: The file.
    ///   - workspace: Name of the workspace; a ledger of another one is refused.
    package init(path: String, workspace: String) {
        self.path = path
        self.workspace = workspace
    }

    /// Reads the ledger.
    package func read() async throws(StateStoreError) -> LedgerContents {
        if isSQLite {
            let store = SQLiteStateStore(path: path, workspace: workspace, mayCreate: false)
            guard let contents = try await store.contents() else { throw .missing(location: store.location) }
            return contents
        }
        return try LedgerSnapshotFile(path: path, workspace: workspace).contents()
    }

    /// Writes a ledger, readable by its owner only.
    ///
    /// - Parameter withKey: Whether the key of its fingerprints is written too.
    package func write(_ contents: LedgerContents, withKey: Bool, at time: Timestamp) throws {
        try PrivateFile.makeFolder(above: path)
        try PrivateFile.replace(path, with: Data(Self.text(contents, withKey: withKey, at: time).utf8))
    }

    /// The document that ``write(_:withKey:at:)`` writes.
    package static func text(_ contents: LedgerContents, withKey: Bool = false, at time: Timestamp) throws -> String {
        try SortedJSON.text(LedgerSnapshot(contents, withKey: withKey, at: time), isPretty: true) + "\n"
    }

    private var isSQLite: Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        return (try? file.read(upToCount: Self.sqliteMark.count)) == Self.sqliteMark
    }
}
