import Domain
import Execution
import Foundation
import Planning
import StateStores
import Synchronization
import TestSupport
import Testing

@Suite("State that machines share")
struct SharedStateStoreTests {
    private let objects = MemoryObjects()
    private let clock = TestClock()

    private func store(
        mayCreate: Bool = true, workspace: String = "shop", host: String = "here",
        processes: TestProcesses = TestProcesses()
    ) -> SharedStateStore {
        SharedStateStore(
            in: objects, workspace: workspace, mayCreate: mayCreate, lease: .seconds(60), host: host,
            clock: clock.stateClock, processes: processes)
    }

    @Test("it does what every state store has to do", arguments: StateStoreConformance.checks)
    func conforms(_ check: StateStoreConformance) async throws {
        let store = store()
        try await check.run(StorageUnderTest(open: { store }, clock: clock, owner: objects))
    }

    @Test("it does so where every object is cut into pieces", arguments: StateStoreConformance.checks)
    func conformsInPieces(_ check: StateStoreConformance) async throws {
        let clock = clock.stateClock
        let small = MemoryObjects(largestObject: 200)
        let storage = StorageUnderTest(
            open: {
                SharedStateStore(
                    in: small, workspace: "shop", mayCreate: true, lease: .seconds(60), host: "here", clock: clock,
                    processes: TestProcesses())
            }, clock: self.clock, owner: small)
        try await check.run(storage)
    }
}

extension SharedStateStoreTests {
    @Test("a lock that nobody renews is taken without being asked to wait, after it was watched for its lease")
    func abandoned() async throws {
        _ = try await store().begin(header("r1", host: "there"), lockTimeout: .zero)
        await #expect(throws: StateStoreError.self) { try await store().begin(header("r2"), lockTimeout: .zero) }
        clock.advance(by: .seconds(61))
        let before = clock.now
        let session = try await store().begin(header("r2"), lockTimeout: .zero)
        #expect(clock.now.since(before) >= .seconds(60))
        #expect(session.runID == "r2")
    }

    @Test("the lock is text that says who holds it, since when and for how long")
    func readableLock() async throws {
        let began = clock.now.milliseconds
        let session = try await store().begin(header("r1"), lockTimeout: .zero)
        func lock() async throws -> JSONValue {
            try JSONValue(parsing: Data(try #require(try await objects.read(.lock)).bytes))
        }
        let held = try await lock()
        #expect(held["run"].string == "r1")
        #expect(held["since"].int.map(Int64.init) == began)
        #expect(held["renewedAt"].int.map(Int64.init) == began)
        #expect(held["leaseSeconds"].int == 60)
        try await session.end(exitCode: 0, summary: "done")
        #expect(try await lock()["run"] == .null)
    }

    @Test("a holder whose clock is hours away, and who renews, keeps the lock")
    func skewedClock() async throws {
        for hours in [-5, 5] {
            let objects = MemoryObjects()
            let skewed = clock.stateClock
            let theirs = StateClock(
                now: { skewed.now().advanced(by: .seconds(hours * 3600)) }, sleep: skewed.sleep,
                uptime: skewed.uptime, pauseBetweenRenewals: skewed.pauseBetweenRenewals)
            let holder = try await SharedStateStore(
                in: objects, workspace: "shop", mayCreate: true, lease: .seconds(60), host: "there", clock: theirs,
                processes: TestProcesses()
            ).begin(header("r1", host: "there"), lockTimeout: .zero)
            let mine = SharedStateStore(
                in: objects, workspace: "shop", mayCreate: true, lease: .seconds(60), host: "here",
                clock: clock.stateClock, processes: TestProcesses())
            let renewals = Mutex(0)
            objects.beforeEachCall { call in
                guard call == .read("lock"),
                    renewals.withLock({
                        $0 += 1; return $0 % 40 == 0 && $0 < 400
                    })
                else { return }
                _ = await holder.holds(for: .seconds(60))
            }
            await #expect(throws: StateStoreError.self) {
                try await mine.begin(header("r2"), lockTimeout: .seconds(300))
            }
            objects.beforeEachCall(nil)
            #expect(await holder.holds(for: .seconds(30)))
        }
    }

    @Test("the lock of a process of this machine that is gone is taken at once; another boot proves nothing")
    func processIsGone() async throws {
        _ = try await store().begin(header("r1"), lockTimeout: .zero)
        var gone = TestProcesses()
        gone.areRunning = false
        var elsewhere = gone
        elsewhere.boot = "boot-2"
        await #expect(throws: StateStoreError.self) {
            try await store(processes: elsewhere).begin(header("r2"), lockTimeout: .zero)
        }
        await #expect(throws: StateStoreError.self) {
            try await store(host: "there", processes: gone).begin(header("r2"), lockTimeout: .zero)
        }
        let before = clock.now
        _ = try await store(processes: gone).begin(header("r2"), lockTimeout: .zero)
        #expect(clock.now == before)
    }

    @Test("a lease that is too short for a call is renewed before it is relied on")
    func renewal() async throws {
        let session = try await store().begin(header("r1"), lockTimeout: .zero)
        clock.advance(by: .seconds(45))
        #expect(await session.holds(for: .seconds(30)))
        clock.advance(by: .seconds(59))
        #expect(await session.holds(for: .seconds(30)))
        #expect(await session.holds(for: .seconds(90)) == false, "longer than a lease is")
    }

    @Test("what is not there is missing where it may not be made; another workspace's is refused")
    func missing() async throws {
        await #expect(throws: StateStoreError.missing(location: "memory:shop")) {
            try await store(mayCreate: false).recorded()
        }
        await #expect(throws: StateStoreError.missing(location: "memory:shop")) {
            try await store(mayCreate: false).begin(header("r1"), lockTimeout: .zero)
        }
        #expect(objects.names.isEmpty)
        try await store().begin(header("r1"), lockTimeout: .zero).end(exitCode: 0, summary: "done")
        #expect(try await store(mayCreate: false).recorded().ledgerID != nil)
        await #expect(throws: StateStoreError.foreign(location: "memory:shop", workspace: "shop")) {
            try await store(workspace: "bank").recorded()
        }
    }

    @Test("a long log is replaced by a snapshot, and read the same at any moment and after any failure of that")
    func compaction() async throws {
        func work(_ id: String) async throws -> any RunSession {
            let session = try await store().begin(header(id), lockTimeout: .zero)
            for number in 0..<30 {
                let step = creation(of: ResourceAddress(.topic, in: "west", "t\(number)"), ["run": id])
                try await session.intend([step])
                try await session.conclude([outcome(step)])
            }
            return session
        }
        var session = try await work("r1")
        let expected = try await store().recorded().owned
        let long = objects.names.count
        let start = objects.calls.count
        objects.beforeEachCall { [objects, store = store()] _ in
            objects.beforeEachCall(nil)
            #expect((try? await store.recorded().owned) == expected)
        }
        try await session.end(exitCode: 0, summary: "done")
        #expect(try await store().recorded().owned == expected)
        #expect(try await store().run("r1")?.steps.count == 30)
        #expect(objects.names.contains { $0.hasPrefix("snapshot/") })
        let calls = objects.calls.count - start

        for failing in 0..<calls {
            session = try await work("s\(failing)")
            let number = Mutex(0)
            objects.decideFates { call in
                guard call.name != "lock" else { return .normal }
                return number.withLock {
                    $0 += 1; return $0 - 1
                } >= failing ? .lostAnswer : .normal
            }
            try? await session.end(exitCode: 0, summary: "done")
            objects.decideFates { _ in .normal }
            clock.advance(by: .seconds(600))
            let read = try await store().recorded().owned.values
            #expect(read.count == 30, "failed at call \(failing)")
            #expect(read.allSatisfy { $0.applied == ["run": "s\(failing)"] }, "failed at call \(failing)")
        }
        try await work("last").end(exitCode: 0, summary: "done")
        let sets = Set(objects.names.filter { $0.hasPrefix("snapshot/") }.map { $0.split(separator: "/")[1] })
        #expect(sets.count == 1, "no rests of unfinished snapshots")
        #expect(long < objects.names.count)
    }

    @Test("the journal keeps the newest runs, and the log what they wrote")
    func oldRuns() async throws {
        for number in 1...260 {
            try await store().begin(header("r\(number)", startedAt: Int64(number)), lockTimeout: .zero)
                .end(exitCode: 0, summary: "done")
        }
        let runs = try await store().runs()
        #expect((200...260).contains(runs.count))
        #expect(runs.first?.header.id == "r260")
        let segments = objects.names.filter { $0.hasPrefix("log/") }
        #expect(segments.count <= 2 * 260 - 2 * 50)
        let oldest = try #require(runs.last?.header.id)
        #expect(try await store().run(oldest)?.exitCode == 0)
    }

    @Test("what is damaged, or of another program, is refused by name")
    func damaged() async throws {
        try await store().begin(header("r1"), lockTimeout: .zero).end(exitCode: 0, summary: "done")
        for (name, bytes) in [("log/1", Array("hello".utf8)), ("identity", Array("SPL1\u{0}\u{0}\u{0}\u{9}xyz".utf8))] {
            let name = SharedObjectName(name)
            let before = try #require(try await objects.read(name))
            let version = try await objects.write(bytes, to: name, over: .version(before.version))
            let error = await #expect(throws: StateStoreError.self) { try await store().recorded() }
            guard case .unusable(let location, let reason)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(location == "memory:shop")
            #expect(reason.hasPrefix("\(name) "))
            _ = try await objects.write(before.bytes, to: name, over: .version(try #require(version)))
        }
        #expect(try await store().runs().count == 1)
    }
}
