import Domain
import Execution
import Planning
import StateStores
import Synchronization
import Testing

/// A kind of store, for tests that move a ledger from one to another.
enum StoreKind: String, CaseIterable, Sendable {
    case sqlite
    case shared
    case sharedInPieces
}

@Suite("A ledger that moves from one store to another")
struct TransferTests {
    private let folder: ScratchFolder
    private let clock = TestClock()
    private let objects = MemoryObjects()
    private let pieces = MemoryObjects(largestObject: 300)

    init() throws {
        folder = try ScratchFolder()
    }

    private func store(_ kind: StoreKind, _ name: String = "state") -> any TransferableStore {
        func shared(_ objects: MemoryObjects) -> SharedStateStore {
            SharedStateStore(
                in: objects, workspace: "shop", mayCreate: true, lease: .seconds(60), clock: clock.stateClock,
                processes: TestProcesses())
        }
        return switch kind {
        case .sqlite:
            SQLiteStateStore(
                path: "\(folder.path)/\(name).db", workspace: "shop", mayCreate: true, clock: clock.stateClock,
                processes: TestProcesses())
        case .shared: shared(name == "state" ? objects : MemoryObjects())
        case .sharedInPieces: shared(pieces)
        }
    }

    @Test(
        "everything arrives, the old one says where it went, and back it comes",
        arguments: StoreKind.allCases, StoreKind.allCases)
    func migrate(from: StoreKind, to: StoreKind) async throws {
        let (old, new) = (store(from), store(to, "other"))
        guard from != to || from != .sharedInPieces else { return }
        try await moveThereAndBack(old, new)
    }

    @Test("a ledger that did not arrive is begun by nobody, is still where it was, and moves again")
    func interrupted() async throws {
        let (old, new) = (store(.sqlite), store(.shared))
        try await fill(old)
        let before = try await old.recorded()
        objects.decideFates { $0 == .write("identity") ? .refused : .normal }
        await #expect(throws: StateStoreError.self) { _ = try await old.migrate(to: new) }
        objects.decideFates { _ in .normal }
        let refused = await #expect(throws: StateStoreError.self) {
            _ = try await new.begin(header("r2"), lockTimeout: .zero)
        }
        #expect(refused.map { "\($0)" }?.contains("has not arrived") == true)
        #expect(try await old.recorded() == before)
        clock.advance(by: .seconds(120))
        _ = try await old.migrate(to: new)
        #expect(try await new.recorded() == before)
    }

    @Test("while a ledger moves nobody else writes to it", arguments: StoreKind.allCases)
    func locked(from: StoreKind) async throws {
        let (source, target) = (store(from), MemoryObjects())
        try await fill(source)
        let refusals = Mutex(0)
        target.beforeEachCall { _ in
            do {
                try await source.begin(header("other"), lockTimeout: .zero).end(exitCode: 0, summary: "")
                Issue.record("another run began")
            } catch {
                refusals.withLock { $0 += 1 }
            }
        }
        let new = SharedStateStore(
            in: target, workspace: "shop", mayCreate: true, lease: .seconds(60), clock: clock.stateClock,
            processes: TestProcesses())
        _ = try await source.migrate(to: new)
        #expect(refusals.withLock { $0 } > 5)
        #expect(try await new.run("other") == nil)
    }

    @Test("a run that waited for the lock while the ledger moved is told where it is, and writes nothing")
    func waited() async throws {
        let source = store(.shared)
        try await fill(source)
        let target = store(.sqlite, "target")
        objects.beforeEachCall { [objects] call in
            guard call == .write("lock") else { return }
            objects.beforeEachCall(nil)
            do { _ = try await source.migrate(to: target) } catch { Issue.record("\(error)") }
        }
        await #expect(throws: StateStoreError.moved(location: source.location, to: target.location)) {
            try await source.begin(header("late"), lockTimeout: .zero)
        }
    }

    @Test("where there is a ledger nothing is moved, and both stay as they are", arguments: StoreKind.allCases)
    func occupied(to: StoreKind) async throws {
        let (old, new) = (store(.sqlite, "old"), store(to))
        try await fill(old)
        try await fill(new, "other")
        let (one, other) = (try await old.recorded(), try await new.recorded())
        await #expect(throws: StateStoreError.self) { try await old.migrate(to: new) }
        #expect(try await old.recorded() == one)
        #expect(try await new.recorded() == other)
    }

    @Test("a service that fails at any call leaves the old store in use, and the move can be made again")
    func failing() async throws {
        for failing in 0... {
            let source = store(.sqlite, "source-\(failing)")
            try await fill(source)
            let before = try await source.recorded()
            let target = MemoryObjects()
            let number = Mutex(0)
            target.decideFates { _ in
                number.withLock {
                    $0 += 1; return $0 - 1
                } >= failing ? .lostAnswer : .normal
            }
            let store = SharedStateStore(
                in: target, workspace: "shop", mayCreate: true, lease: .seconds(60), clock: clock.stateClock,
                processes: TestProcesses())
            guard (try? await source.migrate(to: store)) == nil else {
                #expect(failing > 20, "every call was tried")
                break
            }
            #expect(try await source.recorded() == before, "failed at call \(failing)")
            target.decideFates { _ in .normal }
            clock.advance(by: .seconds(600))
            // Where the last write had its effect there is a whole ledger already.
            _ = try? await source.migrate(to: store)
            #expect(try await store.recorded() == before, "failed at call \(failing)")
        }
    }
}

@Suite("A ledger that went on elsewhere is taken back")
struct LedgerMergeTests {
    private let clock = TestClock()

    private func store(_ path: String) -> SQLiteStateStore {
        SQLiteStateStore(
            path: path, workspace: "shop", mayCreate: true, clock: clock.stateClock, processes: TestProcesses())
    }

    private func merged(
        _ mine: @Sendable (any RunSession) async throws -> Void,
        _ theirs: @Sendable (any RunSession) async throws -> Void
    ) async throws -> (LedgerMerge, Recorded, mine: String, theirs: String) {
        let folder = try ScratchFolder()
        let (one, other) = (store("\(folder.path)/one.db"), store("\(folder.path)/other.db"))
        var session = try await one.begin(header("20261130T100000Z-aaaa"), lockTimeout: .zero)
        try await mine(session)
        try await session.end(exitCode: 0, summary: "")
        session = try await other.begin(header("20261130T110000Z-bbbb"), lockTimeout: .zero)
        try await theirs(session)
        try await session.end(exitCode: 0, summary: "")
        let (left, right) = (try #require(try await one.contents()), try #require(try await other.contents()))
        let merge = try LedgerMerge(right, into: left)
        try await one.rewrite(by: "state merge", lockTimeout: .zero) { _ in merge.merged }
        return (merge, try await one.recorded(), left.ledgerID, right.ledgerID)
    }

    private func move(_ epoch: Int, to site: String, closes: Bool = true) -> [StepOutcome] {
        let move = RecordedMoves.Move(epoch: epoch, from: "west", to: site, kind: .failover, incident: "INC-\(epoch)")
        let events: [MoveEvent] =
            [.opened(move), .past, .served(demoted: [:])] + (closes ? [.closed(aborted: false)] : [])
        return events.enumerated().map { index, event in
            outcome(
                Step(
                    "\(index)", ResourceAddress(.group, "payments"), .ledger(.adopt),
                    ledger: .move(family: "payments", event)))
        }
    }

    @Test("objects of both are there; of one that both know the later run's word counts; runs are told of both")
    func objects() async throws {
        let (merge, recorded, mine, _) = try await merged {
            try await $0.conclude([outcome(creation(of: orders, ["partitions": "3"]))])
            try await $0.conclude([outcome(creation(of: payments))])
        } _: {
            try await $0.conclude([outcome(creation(of: orders, ["partitions": "12"]))])
            try await $0.conclude([outcome(creation(of: ResourceAddress(.topic, in: "east", "new")))])
        }
        #expect(recorded.ledgerID == mine)
        #expect(recorded.owned.count == 3)
        #expect(recorded.owned[orders]?.applied["partitions"] == "12")
        #expect(merge.takenObjects == 2)
        #expect(merge.takenRuns == 1)
        #expect(merge.merged.runs.count == 2)
    }

    @Test("the move that went further counts, and consents that either used stay used")
    func moves() async throws {
        let (merge, recorded, _, _) = try await merged {
            try await $0.conclude(move(1, to: "east"))
        } _: {
            try await $0.conclude(move(2, to: "south"))
        }
        let moves = try #require(recorded.moves["payments"])
        #expect(merge.takenFamilies == ["payments"])
        #expect(moves.serving?.site == "south")
        #expect(moves.epoch == 2)
        #expect(moves.spent.map(\.incident).sorted() == ["INC-1", "INC-2"])
    }

    @Test("two ledgers that moved a family apart in one epoch are no one ledger")
    func conflict() async throws {
        let error = await #expect(throws: LedgerMerge.Conflict.self) {
            try await merged {
                try await $0.conclude(move(1, to: "east"))
            } _: {
                try await $0.conclude(move(1, to: "south", closes: false))
            }
        }
        #expect(error?.message == "payments: both ledgers moved it in epoch 1, one to east, the other to south")
    }

    @Test("what the other one published is known as its own, and its fingerprints are not believed under another key")
    func publications() async throws {
        let binding = ResourceAddress(.binding, "shop/0")
        let fields = [
            "epoch": "2", "secrets.password": "ab", Recorded.Owned.fingerprintKeyMark: "k2", "place": "file x",
        ]
        let (merge, recorded, _, theirs) = try await merged {
            try await $0.conclude([outcome(creation(of: orders))])
        } _: {
            try await $0.conclude([outcome(Step("p", binding, .ledger(.adopt), ledger: .own(owned(.created, fields))))])
        }
        #expect(merge.unknownSecrets == 1)
        #expect(
            recorded.owned[binding]?.applied
                == ["epoch": "2", "place": "file x", Recorded.Owned.publishedByMark: theirs])
    }
}
