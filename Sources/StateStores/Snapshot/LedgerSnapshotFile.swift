package import Domain
package import Execution
import Foundation
import TextForms

/// A file with a copy of a ledger: secret-free, written after every run where the workspace asks for it, or an export. It
/// is read in place of the store, without a lock and without writing.
package struct LedgerSnapshotFile: StateStore {
    private static let keptRuns = 50

    private let path: String
    private let workspace: String

    /// A snapshot in a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - workspace: Name of the workspace; a snapshot of another one is refused.
    package init(path: String, workspace: String) {
        self.path = path
        self.workspace = workspace
    }

    /// `snapshot:PATH`.
    package var location: String { "snapshot:\(path)" }

    /// Copies what a store holds now, in one step and readable by its owner only. Missing folders are created.
    package func write(from store: any StateStore, at time: Timestamp) async throws(StateStoreError) {
        let recorded = try await store.recorded()
        let runs = try await store.runs()
        let snapshot = LedgerSnapshot(recorded, runs: runs.prefix(Self.keptRuns), workspace: workspace, at: time)
        try attempt {
            try PrivateFile.makeFolder(above: path)
            try PrivateFile.replace(path, with: try SortedJSON.data(snapshot, isPretty: true) + Data("\n".utf8))
        }
    }

    /// What the ledger had recorded when the copy was made.
    package func recorded() async throws(StateStoreError) -> Recorded {
        try read().recorded
    }

    /// Everything it holds of the ledger.
    func contents() throws(StateStoreError) -> LedgerContents {
        try read().contents(orID: LedgerIdentity.draw(at: Timestamp(milliseconds: 0)).ledgerID)
    }

    /// The key, in an export that was asked for it; else it stays in the store.
    package func fingerprintKey() async throws(StateStoreError) -> Secret? {
        try read().export?.fingerprintKey.map(Secret.init)
    }

    /// The last runs at that time, the newest first.
    package func runs() async throws(StateStoreError) -> [RunRecord] {
        try read().runs
    }

    /// One of them, without its steps.
    package func run(_ id: String) async throws(StateStoreError) -> RunRecord? {
        try read().runs.first { $0.header.id == id }
    }

    /// Does nothing: a snapshot is only read.
    package func remember(sites: KnownSites, lag: [String: Recorded.Lag]) async throws(StateStoreError) {}

    /// Refuses: a snapshot is only read.
    package func record(lag: [String: Recorded.Lag]) async throws(StateStoreError) {
        throw readOnly
    }

    /// Refuses: a snapshot is only read.
    package func begin(_ run: RunHeader, lockTimeout: Duration) async throws(StateStoreError) -> any RunSession {
        throw readOnly
    }

    /// Refuses: a snapshot is only read.
    package func unlock(run id: String) async throws(StateStoreError) -> Bool {
        throw readOnly
    }

    private var readOnly: StateStoreError {
        .unusable(location: location, reason: "a snapshot can only be read; use the workspace's own state")
    }

    private func read() throws(StateStoreError) -> LedgerSnapshot {
        guard PrivateFile.exists(path) else { throw .missing(location: location) }
        let snapshot = try attempt {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            let form = try JSONDecoder().decode(Form.self, from: data)
            guard form.major <= LedgerSnapshot.format else {
                throw StateStoreError.tooNew(location: location, format: form.major)
            }
            return try JSONDecoder().decode(LedgerSnapshot.self, from: data)
        }
        guard snapshot.workspace == workspace else {
            throw .foreign(location: location, workspace: snapshot.workspace)
        }
        return snapshot
    }

    private struct Form: Decodable {
        let formatVersion: String
        var major: Int { formatVersion.split(separator: ".").first.flatMap { Int($0) } ?? .max }
    }

    private func attempt<Value>(_ body: () throws -> Value) throws(StateStoreError) -> Value {
        do {
            return try body()
        } catch let error as StateStoreError {
            throw error
        } catch is DecodingError {
            throw .unusable(location: location, reason: "it is no snapshot of a ledger")
        } catch {
            throw .unusable(location: location, reason: "\(error)")
        }
    }
}
