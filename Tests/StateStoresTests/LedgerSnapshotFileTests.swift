import Domain
import Execution
import Foundation
import Planning
import StateStores
import Testing

@Suite("The secret-free copy of a ledger")
struct LedgerSnapshotFileTests {
    private let folder: ScratchFolder
    private let store: SQLiteStateStore
    private let file: LedgerSnapshotFile

    init() throws {
        folder = try ScratchFolder()
        store = SQLiteStateStore(
            path: "\(folder.path)/state.db", workspace: "shop", mayCreate: true, processes: TestProcesses())
        file = LedgerSnapshotFile(path: "\(folder.path)/copies/ledger.json", workspace: "shop")
    }

    private func fill() async throws {
        let session = try await store.begin(header("r1"), lockTimeout: .zero)
        try await session.conclude([outcome(creation(of: orders, ["secrets.sasl.password": "0123abcd"]))])
        try await session.remember(
            sites: KnownSites(clusters: ["west": .init(id: "lkc-1", lastAnswered: Timestamp(milliseconds: 7))]),
            lag: [
                "payments": .init(records: 1, worst: 1, worstPartition: "orders[0]", asOf: Timestamp(milliseconds: 8))
            ])
        try await session.end(exitCode: 0, summary: "done")
        try await file.write(from: store, at: Timestamp(milliseconds: 9))
    }

    @Test("it reads like the store it was copied from")
    func roundTrip() async throws {
        try await fill()
        #expect(try await file.recorded() == store.recorded())
        #expect(try await file.runs() == store.runs())
        #expect(try await file.run("r1")?.exitCode == 0)
        #expect(try await file.fingerprintKey() == nil)
    }

    @Test("it is closed to others, replaced in one step, and holds no key")
    func contents() async throws {
        try await fill()
        try await file.write(from: store, at: Timestamp(milliseconds: 10))
        #expect(try folder.mode(of: "copies/ledger.json") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/copies") == ["ledger.json"])
        let text = try String(contentsOfFile: "\(folder.path)/copies/ledger.json", encoding: .utf8)
        let key = try #require(try await store.fingerprintKey())
        #expect(!key.reveal { text.contains($0) })
        #expect(text.contains("\"writtenAt\" : 10"))
    }

    @Test("it can only be read")
    func readOnly() async throws {
        try await fill()
        await #expect(throws: StateStoreError.self) { try await file.begin(header("r2"), lockTimeout: .zero) }
        await #expect(throws: StateStoreError.self) { try await file.forget(orders, lockTimeout: .zero) }
        await #expect(throws: StateStoreError.self) { try await file.unlock(run: "r1") }
        try await file.remember(sites: KnownSites(clusters: ["east": .init(id: "lkc-2")]), lag: [:])
        #expect(try await file.recorded().sites.clusters["east"] == nil)
    }

    @Test("a missing, foreign, newer or other file is refused")
    func refusals() async throws {
        let path = "\(folder.path)/copies/ledger.json"
        await #expect(throws: StateStoreError.missing(location: "snapshot:\(path)")) { try await file.recorded() }
        try await fill()
        let other = LedgerSnapshotFile(path: path, workspace: "billing")
        await #expect(throws: StateStoreError.foreign(location: "snapshot:\(path)", workspace: "shop")) {
            try await other.recorded()
        }
        try Data(#"{"formatVersion": "2.0"}"#.utf8).write(to: URL(fileURLWithPath: path))
        await #expect(throws: StateStoreError.tooNew(location: "snapshot:\(path)", format: 2)) {
            try await file.recorded()
        }
        try Data("[]".utf8).write(to: URL(fileURLWithPath: path))
        await #expect(
            throws: StateStoreError.unusable(
                location: "snapshot:\(path)", reason: "it is no snapshot of a ledger")
        ) { try await file.recorded() }
    }
}
