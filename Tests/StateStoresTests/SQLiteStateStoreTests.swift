import Domain
import Execution
import Foundation
import GRDB
import Planning
import Testing

@testable import StateStores

@Suite("The state in a SQLite file")
struct SQLiteStateStoreTests {
    private let folder: ScratchFolder
    private let clock = TestClock()

    init() throws {
        folder = try ScratchFolder()
    }

    private var path: String { "\(folder.path)/.spillway/state.db" }
    private var place: StateDatabase.Place { StateDatabase.Place(path: path, workspace: "shop") }

    private func store(
        workspace: String = "shop", mayCreate: Bool = true, processes: any ProcessInspector = TestProcesses()
    ) -> SQLiteStateStore {
        SQLiteStateStore(
            path: path, workspace: workspace, mayCreate: mayCreate, clock: clock.stateClock,
            processes: processes)
    }

    /// Changes the file as other versions and programs would have.
    private func execute(_ statements: String, after migrator: DatabaseMigrator = DatabaseMigrator()) throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/.spillway", withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: path)
        try migrator.migrate(queue)
        try queue.write { try $0.execute(sql: statements) }
        try queue.close()
    }

    private func number(_ query: String) throws -> Int? {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: query) }
    }

    private func reasonOfUnusable(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
        } catch StateStoreError.unusable(_, let reason) {
            return reason
        } catch {
            Issue.record("\(error)")
        }
        return nil
    }

    @Test("it does what every state store has to do", arguments: StateStoreConformance.checks)
    func conforms(_ check: StateStoreConformance) async throws {
        let (path, clock) = (path, clock.stateClock)
        let storage = StorageUnderTest(
            open: {
                SQLiteStateStore(
                    path: path, workspace: "shop", mayCreate: true, clock: clock,
                    processes: TestProcesses())
            }, clock: self.clock, owner: folder)
        try await check.run(storage)
    }

    @Test("the file, its log and its folder are closed to others under any umask")
    func permissions() async throws {
        let before = umask(0)
        defer { umask(before) }
        let session = try await store().begin(header("r1"), lockTimeout: .zero)
        try await session.intend([creation(of: orders)])
        #expect(try folder.mode(of: ".spillway") == 0o700)
        #expect(try folder.mode(of: ".spillway/state.db") == 0o600)
        #expect(try folder.mode(of: ".spillway/state.db-wal") == 0o600)
        #expect(try folder.mode(of: ".spillway/state.db-shm") == 0o600)
        try await session.end(exitCode: 0, summary: "")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        _ = try await store().begin(header("r2"), lockTimeout: .zero)
        #expect(try folder.mode(of: ".spillway/state.db") == 0o600)
    }

    @Test("commits are flushed: a write-ahead log with synchronous FULL")
    func durability() throws {
        let database = try StateDatabase.creating(place, mayCreate: true, now: clock.now)
        #expect(try database.durability == .init(journalMode: "wal", synchronous: 2))
        let again = try #require(try StateDatabase.forWriting(place))
        #expect(try again.durability == .required)
    }

    @Test("reading creates nothing and leaves nothing behind")
    func readingIsPure() async throws {
        _ = try await store().recorded()
        #expect(try folder.names.isEmpty)
        try await store().begin(header("r1"), lockTimeout: .zero).end(exitCode: 0, summary: "")
        _ = try await store().recorded()
        _ = try await store().runs()
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/.spillway") == ["state.db"])
    }

    @Test("reading works while another connection is in the middle of a write")
    func readingWhileWriting() async throws {
        let session = try await store().begin(header("r1"), lockTimeout: .zero)
        try await session.conclude([outcome(creation(of: orders))])
        let writer = try #require(try StateDatabase.forWriting(place))
        let seen = try writer.write { database in
            try database.execute(sql: "DELETE FROM owned")
            let reader = try #require(try StateDatabase.forReading(place))
            return try reader.read { try OwnedRows.fetchAll($0) }
        }
        #expect(seen.keys.sorted() == [orders])
        #expect(try await store().recorded().owned.isEmpty)
    }

    @Test("a file in a folder that cannot be written to is read through a copy, with what only the log holds")
    func unwritableFolder() async throws {
        let session = try await store().begin(header("r1"), lockTimeout: .zero)
        try await session.conclude([outcome(creation(of: orders))])
        let copy = try UnwritableFile.open(path)
        let owned = try copy.inDatabase { try OwnedRows.fetchAll($0) }
        #expect(owned.keys.sorted() == [orders])
    }

    @Test("where it may not be created, a missing file is an error and stays missing")
    func missing() async throws {
        await #expect(throws: StateStoreError.missing(location: "sqlite:\(path)")) {
            try await store(mayCreate: false).begin(header("r1"), lockTimeout: .zero)
        }
        #expect(try folder.names.isEmpty)
        try await store().begin(header("r1"), lockTimeout: .zero).end(exitCode: 0, summary: "")
        try await store(mayCreate: false).begin(header("r2"), lockTimeout: .zero).end(exitCode: 0, summary: "")
    }

    @Test("a store can be prepared before its first run, which then uses the same ledger and key")
    func prepared() async throws {
        try await store().prepare()
        try await store().prepare()
        let key = try #require(try await store().fingerprintKey())
        let ledgerID = try await store().recorded().ledgerID
        #expect(try await store().runs().isEmpty)
        let session = try await store().begin(header("r1"), lockTimeout: .zero)
        #expect(session.ledgerID == ledgerID)
        let later = try #require(try await store().fingerprintKey())
        #expect(key.reveal { $0 } == later.reveal { $0 })
    }

    @Test("another workspace's file is refused, for reading and writing")
    func foreign() async throws {
        try await store(workspace: "billing").begin(header("r1"), lockTimeout: .zero).end(exitCode: 0, summary: "")
        let expected = StateStoreError.foreign(location: "sqlite:\(path)", workspace: "billing")
        await #expect(throws: expected) { try await store().recorded() }
        await #expect(throws: expected) { try await store().remember(sites: KnownSites(), lag: [:]) }
        await #expect(throws: expected) { try await store().begin(header("r2"), lockTimeout: .zero) }
    }

    @Test("a file of a newer format is refused and left as it is")
    func tooNew() async throws {
        try await store().begin(header("r1"), lockTimeout: .zero).end(exitCode: 0, summary: "")
        try execute("UPDATE ledger SET format = 9")
        let expected = StateStoreError.tooNew(location: "sqlite:\(path)", format: 9)
        await #expect(throws: expected) { try await store().recorded() }
        await #expect(throws: expected) { try await store().begin(header("r2"), lockTimeout: .zero) }
        #expect(try number("SELECT count(*) FROM run") == 1)
    }

    @Test("tables of a newer version with the same format are left alone")
    func newerTables() async throws {
        try await store().begin(header("r1"), lockTimeout: .zero).end(exitCode: 0, summary: "")
        try execute(
            """
            CREATE TABLE epoch (number INTEGER);
            INSERT INTO epoch VALUES (7);
            INSERT INTO grdb_migrations VALUES ('epochs');
            """)
        let session = try await store().begin(header("r2"), lockTimeout: .zero)
        try await session.conclude([outcome(creation(of: orders))])
        try await session.end(exitCode: 0, summary: "")
        #expect(try number("SELECT number FROM epoch") == 7)
    }

    @Test("an older version's file is read as it is, and brought up to date by the next run with all it holds")
    func olderTables() async throws {
        try execute(
            """
            INSERT INTO ledger VALUES (1, '0badcafe', 1, 'shop', 1);
            INSERT INTO owned VALUES ('topic/west/orders', 'adopted', 'Retain', '{}', NULL, 0, NULL, 'r0');
            """, after: StateSchema.migrator(upTo: "ledger"))
        let recorded = try await store().recorded()
        #expect(recorded.ledgerID == "0badcafe")
        #expect(recorded.owned[orders]?.origin == .adopted)
        #expect(try await store().runs().isEmpty)
        let session = try await store().begin(header("r1"), lockTimeout: .zero)
        #expect(session.ledgerID == "0badcafe")
        try await session.end(exitCode: 0, summary: "")
        #expect(try await store().recorded().owned[orders]?.origin == .adopted)
        #expect(try await store().fingerprintKey() != nil)
    }

    @Test("a row carries the id of its site once that is known, and keeps it when the name means another site")
    func rowsOfSites() async throws {
        let session = try await store().begin(header("r1"), lockTimeout: .zero)
        try await session.conclude([outcome(creation(of: orders))])
        #expect(try await store().recorded().owned[orders]?.siteID == nil)
        for id in ["lkc-1", "lkc-2"] {
            try await session.remember(
                sites: KnownSites(clusters: ["west": KnownSites.Cluster(id: id)]), lag: [:])
            #expect(try await store().recorded().owned[orders]?.siteID == "lkc-1")
        }
        #expect(try await store().recorded().sites.clusters["west"]?.id == "lkc-2")
        try await session.end(exitCode: 0, summary: "")
        let cluster = ResourceAddress(.cluster, "west")
        #expect(try await store().forget(cluster, lockTimeout: .zero))
        #expect(try await store().recorded().sites.clusters["west"] == nil)
        #expect(try await !store().forget(cluster, lockTimeout: .zero))
    }

    @Test("a file that is no database, is torn, or belongs to another program is refused and left as it is")
    func unusable() async throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/.spillway", withIntermediateDirectories: false)
        let text = Data(String(repeating: "not a database ", count: 100).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        #expect(await reasonOfUnusable { _ = try await store().recorded() } == "file is not a database")
        #expect(
            await reasonOfUnusable { _ = try await store().begin(header("r1"), lockTimeout: .zero) }
                == "file is not a database")
        #expect(FileManager.default.contents(atPath: path) == text)

        try FileManager.default.removeItem(atPath: path)
        try execute("CREATE TABLE invoice (number INTEGER)")
        #expect(
            await reasonOfUnusable { _ = try await store().begin(header("r1"), lockTimeout: .zero) }
                == "it is a database of another program")

        try FileManager.default.removeItem(atPath: path)
        try await store().begin(header("r1"), lockTimeout: .zero).end(exitCode: 0, summary: "")
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: 5000)
        try handle.close()
        #expect(await reasonOfUnusable { _ = try await store().recorded() } != nil)
    }

    @Test("a file that was made but never filled counts as not yet written")
    func emptyFile() async throws {
        try FileManager.default.createDirectory(atPath: "\(folder.path)/.spillway", withIntermediateDirectories: false)
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        #expect(try await store().recorded() == Recorded())
        #expect(try await store().begin(header("r1"), lockTimeout: .zero).ledgerID.count == 8)
    }
}
