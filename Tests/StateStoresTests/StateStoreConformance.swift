import Domain
import Execution
import Planning
import StateStores
import Testing

/// A place where state can be kept, of whatever kind, for one check.
struct StorageUnderTest: Sendable {
    /// Opens another handle of the same storage.
    let open: @Sendable () -> any StateStore
    /// The clock of all its handles.
    let clock: TestClock
    /// What keeps the storage alive.
    let owner: any Sendable
}

/// What every state store has to do. A new kind of store is one more argument of the test that runs these.
struct StateStoreConformance: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Whether it lets several machines write at the same moment.
    let needsSimultaneousWriters: Bool
    let run: @Sendable (StorageUnderTest) async throws -> Void

    static let checks: [StateStoreConformance] = lifeCycle + ledger + lock + journal

    private init(
        _ sentence: String, needsSimultaneousWriters: Bool = false,
        _ run: @escaping @Sendable (StorageUnderTest) async throws -> Void
    ) {
        testDescription = sentence
        self.needsSimultaneousWriters = needsSimultaneousWriters
        self.run = run
    }

    private static let lifeCycle = [
        StateStoreConformance("reading what was never written tells that nothing is there") { storage in
            let store = storage.open()
            try await store.remember(sites: KnownSites(clusters: ["west": .init(id: "lkc-1")]), lag: [:])
            #expect(try await store.recorded() == Recorded())
            #expect(try await store.runs().isEmpty)
            #expect(try await store.run("r1") == nil)
            #expect(try await store.fingerprintKey() == nil)
            #expect(try await store.forget(orders, lockTimeout: .zero) == false)
            #expect(try await store.unlock(run: "r1") == false)
        },
        StateStoreConformance("the first run creates a ledger whose id and key stay") { storage in
            let session = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            let key = try #require(try await storage.open().fingerprintKey())
            try await session.end(exitCode: 0, summary: "done")
            let second = try await storage.open().begin(header("r2"), lockTimeout: .zero)
            #expect(!session.ledgerID.isEmpty)
            #expect(second.ledgerID == session.ledgerID)
            #expect(try await storage.open().recorded().ledgerID == session.ledgerID)
            let later = try #require(try await storage.open().fingerprintKey())
            #expect(key.reveal { $0 } == later.reveal { $0 })
            #expect(key.reveal(\.utf8.count) >= 32)
        },
    ]

    private static let ledger = [
        StateStoreConformance("readings of lag are summed up, and the last moment without lag outlives the others") {
            storage in
            func reading(_ records: Int64, at seconds: Int64) -> [String: Recorded.Lag] {
                let moment = Timestamp(milliseconds: seconds * 1000)
                return ["payments": .init(records: records, worst: records, worstPartition: "t[0]", asOf: moment)]
            }
            await #expect(throws: StateStoreError.self) { try await storage.open().record(lag: reading(0, at: 1)) }
            let session = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            try await storage.open().record(lag: reading(9, at: 1))
            try await storage.open().record(lag: reading(0, at: 2))
            try await storage.open().record(lag: reading(4, at: 5))
            try await storage.open().record(lag: reading(4, at: 5))
            var recorded = try await storage.open().recorded()
            let history = try #require(recorded.lagHistory["payments"])
            #expect(history.readings == 3)
            #expect(history.since == Timestamp(milliseconds: 1000))
            #expect(history.greatest == 9)
            #expect(history.last.records == 4)
            #expect(history.caughtUpAt == Timestamp(milliseconds: 2000))
            let now = Timestamp(milliseconds: 9000)
            func age(_ measured: Recorded.Lag? = nil, _ began: Timestamp? = nil) -> Recorded.LossAge {
                recorded.lossAge(ofGroup: "payments", measured: measured, copiesBegan: began, at: now)
            }
            #expect(age() == .bounded(.seconds(7)))
            #expect(age(reading(0, at: 9)["payments"]) == .bounded(.zero))
            #expect(age(nil, Timestamp(milliseconds: 2000)) == .unbounded)
            recorded.lagHistory["payments"]?.caughtUpAt = nil
            #expect(age() == .unknown)
            try await session.end(exitCode: 0, summary: "done")
        },
        StateStoreConformance("an object is being created from its intent on, and created once that is known") {
            storage in
            let session = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            let step = creation(of: orders, ["partitions": "6", "odd \"key\"\\": "line\nbreak é 😀"])
            try await session.intend([step])
            #expect(try await storage.open().recorded().owned[orders]?.origin == .creating)
            try await session.conclude([outcome(step)])
            #expect(
                try await storage.open().recorded().owned == [
                    orders: owned(.created, ["partitions": "6", "odd \"key\"\\": "line\nbreak é 😀"])
                ])
        },
        StateStoreConformance("a create that certainly had no effect leaves no trace, an open one stays") { storage in
            let session = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            let origins: [StepFailure.Effect: Recorded.Origin] = [.unknown: .creating, .some: .created]
            for kind in StepFailure.Kind.allCases {
                for effect in StepFailure.Effect.allCases {
                    let step = creation(of: ResourceAddress(.topic, in: "west", "\(kind)-\(effect)"))
                    try await session.intend([step])
                    let failure = StepFailure(kind, "it went wrong", effect: effect)
                    try await session.conclude([outcome(step, .failed(failure))])
                    let owned = try await storage.open().recorded().owned[step.address]
                    #expect(owned?.origin == origins[effect], "\(kind), \(effect)")
                    #expect(owned?.isUnproven ?? false == (effect == .some), "it was made, and not seen to be right")
                }
            }
            for (name, result) in [
                ("s", StepOutcome.Result.skipped(because: creation(of: orders).id)), ("i", .interrupted),
            ] {
                let step = creation(of: ResourceAddress(.topic, in: "west", name))
                try await session.intend([step])
                try await session.conclude([outcome(step, result)])
                #expect(try await storage.open().recorded().owned[step.address] == nil)
            }
        },
        StateStoreConformance("a step that was given up in the middle is open: so says the journal, and the ledger") {
            storage in
            let session = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            let step = creation(of: orders)
            try await session.intend([step])
            let cut = StepFailure(.interrupted, "waiting for orders", effect: .unknown)
            try await session.conclude([outcome(step, .open(cut))])
            #expect(try await storage.open().recorded().owned[orders]?.origin == .creating)
            let record = try #require(try await storage.open().run("r1")?.steps.first)
            #expect(record.result == "open")
            #expect(record.message == "outcome open: waiting for orders")
        },
        StateStoreConformance("a create that had no effect puts back what was owned before") { storage in
            let session = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            let before = owned(.adopted, ["partitions": "3"], nativeID: "t-1")
            try await session.conclude([outcome(Step("adopt", orders, .ledger(.adopt), ledger: .own(before)))])
            let step = creation(of: orders)
            try await session.intend([step])
            try await session.intend([step])
            try await session.conclude([outcome(step, failure(.rejected))])
            #expect(try await storage.open().recorded().owned[orders] == before)
            try await session.intend([step])
            try await session.conclude([outcome(step)])
            #expect(try await storage.open().recorded().owned[orders] == owned(.created, ["partitions": "6"]))
        },
        StateStoreConformance("changing an adopted object leaves it adopted, with its id; releasing forgets it") {
            storage in
            let session = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            let adoption = Step("adopt", orders, .ledger(.adopt), ledger: .own(owned(.adopted, nativeID: "t-1")))
            try await session.conclude([outcome(adoption)])
            try await session.conclude([outcome(growth(of: orders, .own(owned(.created, ["partitions": "12"]))))])
            #expect(
                try await storage.open().recorded().owned[orders]
                    == owned(.adopted, ["partitions": "12"], nativeID: "t-1"))
            try await session.conclude([outcome(growth(of: orders, .none))])
            #expect(try await storage.open().recorded().owned[orders] != nil)
            try await session.conclude([outcome(growth(of: orders, .disown), failure(.rejected))])
            #expect(try await storage.open().recorded().owned[orders] != nil)
            try await session.conclude([outcome(Step("release", orders, .ledger(.release), ledger: .disown))])
            #expect(try await storage.open().recorded().owned.isEmpty)
        },
        StateStoreConformance("caches remember what is new, and never go back in time") { storage in
            let store = storage.open()
            let session = try await store.begin(header("r1"), lockTimeout: .zero)
            let early = Timestamp(milliseconds: 5)
            let late = Timestamp(milliseconds: 9)
            var west = KnownSites.Cluster(id: "lkc-1", restEndpoint: "https://west", lastAnswered: late)
            west.copiesBegan = ["orders": late]
            let lag = Recorded.Lag(records: 12, worst: 7, worstPartition: "orders[3]", asOf: late)
            try await session.remember(
                sites: KnownSites(clusters: ["west": west], environments: ["prod": .init(registryID: "lsrc-1")]),
                lag: ["payments": lag])
            var older = west
            older.lastAnswered = early
            older.copiesBegan = ["orders": early, "payments": early]
            older.region = "eu-central-1"
            let stale = Recorded.Lag(records: 99, worst: 99, worstPartition: nil, asOf: early)
            try await store.remember(
                sites: KnownSites(clusters: ["west": older, "east": .init(id: "lkc-2")]), lag: ["payments": stale])
            let recorded = try await storage.open().recorded()
            #expect(recorded.sites.clusters["west"]?.lastAnswered == late)
            #expect(recorded.sites.clusters["west"]?.copiesBegan == ["orders": late, "payments": early])
            #expect(recorded.sites.clusters["west"]?.region == "eu-central-1")
            #expect(recorded.sites.clusters["east"]?.id == "lkc-2")
            #expect(recorded.sites.environments == ["prod": .init(registryID: "lsrc-1")])
            #expect(recorded.lag == ["payments": lag])
        },
        StateStoreConformance("forgetting removes one row, and needs the lock") { storage in
            let store = storage.open()
            let session = try await store.begin(header("r1"), lockTimeout: .zero)
            try await session.conclude([outcome(creation(of: orders)), outcome(creation(of: payments))])
            await #expect(throws: StateStoreError.self) { try await store.forget(orders, lockTimeout: .zero) }
            try await session.end(exitCode: 0, summary: "done")
            #expect(try await store.forget(orders, lockTimeout: .zero))
            #expect(try await store.forget(orders, lockTimeout: .zero) == false)
            #expect(try await store.recorded().owned.keys.sorted() == [payments])
            try await store.begin(header("r2"), lockTimeout: .zero).end(exitCode: 0, summary: "")
        },
    ]

    private static let lock = [
        StateStoreConformance("a second run is refused and told who runs, until the first has ended") { storage in
            let session = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            let holder = StateStoreError.Owner(runID: "r1", host: "here", process: 4711, since: storage.clock.now)
            await #expect(throws: StateStoreError.locked(by: holder)) {
                try await storage.open().begin(header("r2"), lockTimeout: .zero)
            }
            await #expect(throws: StateStoreError.locked(by: holder)) {
                try await storage.open().begin(header("r2"), lockTimeout: .seconds(2))
            }
            #expect(await session.holds(for: .seconds(30)))
            try await session.end(exitCode: 0, summary: "done")
            let second = try await storage.open().begin(header("r2"), lockTimeout: .zero)
            #expect(await second.holds(for: .seconds(30)))
            #expect(await session.holds(for: .seconds(30)) == false)
        },
        StateStoreConformance("a run that waits for the lock gets it when the other has ended") { storage in
            let first = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            storage.clock.duringNextSleep { try await first.end(exitCode: 0, summary: "done") }
            let second = try await storage.open().begin(header("r2"), lockTimeout: .seconds(5))
            #expect(second.runID == "r2")
        },
        StateStoreConformance(
            "of many runs that start at once on nothing, one gets the lock and one ledger",
            needsSimultaneousWriters: true
        ) { storage in
            let sessions = await withTaskGroup(of: (any RunSession)?.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        do {
                            return try await storage.open().begin(header("r\(number)"), lockTimeout: .zero)
                        } catch StateStoreError.locked {
                            return nil
                        } catch {
                            Issue.record("\(error)")
                            return nil
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let winners = sessions.compactMap(\.self)
            #expect(winners.count == 1)
            let recorded = try await storage.open().recorded()
            let runs = try await storage.open().runs()
            #expect(recorded.ledgerID == winners.first?.ledgerID)
            #expect(runs.count == 1)
        },
        StateStoreConformance("a run whose lock was broken writes nothing any more") { storage in
            let store = storage.open()
            let session = try await store.begin(header("r1"), lockTimeout: .zero)
            #expect(try await store.unlock(run: "another") == false)
            #expect(try await store.unlock(run: "r1"))
            let second = try await store.begin(header("r2"), lockTimeout: .zero)
            let step = creation(of: orders)
            #expect(await session.holds(for: .zero) == false)
            await #expect(throws: StateStoreError.lockLost) { try await session.intend([step]) }
            await #expect(throws: StateStoreError.lockLost) { try await session.conclude([outcome(step)]) }
            await #expect(throws: StateStoreError.lockLost) {
                try await session.remember(sites: KnownSites(), lag: [:])
            }
            await #expect(throws: StateStoreError.lockLost) { try await session.end(exitCode: 0, summary: "done") }
            #expect(try await store.recorded().owned.isEmpty)
            let run = try #require(try await store.run("r1"))
            #expect(run.steps.isEmpty)
            #expect(run.exitCode == nil)
            #expect(run.summary?.contains("broken") == true)
            #expect(await second.holds(for: .zero))
        },
    ]

    private static let journal = [
        StateStoreConformance("runs are kept with their steps, the newest first") { storage in
            let store = storage.open()
            let first = try await store.begin(header("r1", startedAt: 10), lockTimeout: .zero)
            let steps = [growth(of: payments, .none), creation(of: orders), growth(of: orders, .none)]
            try await first.intend(Array(steps[..<2]))
            try await first.intend([steps[2]])
            try await first.conclude([
                outcome(steps[1], failure(.denied)), outcome(steps[0]),
                outcome(steps[2], .skipped(because: steps[1].id)),
            ])
            try await first.end(exitCode: 7, summary: "1 of 3 done")
            try await store.begin(header("r2", startedAt: 20), lockTimeout: .zero).end(exitCode: 0, summary: "done")
            #expect(try await store.runs().map(\.header) == [header("r2", startedAt: 20), header("r1", startedAt: 10)])
            let run = try #require(try await store.run("r1"))
            #expect(run.exitCode == 7)
            #expect(run.summary == "1 of 3 done")
            #expect(run.endedAt == storage.clock.now)
            #expect(run.steps.map(\.id) == steps.map(\.id))
            #expect(run.steps.map(\.result) == ["succeeded", "failed", "skipped"])
            #expect(run.steps.map(\.message) == [nil, "it went wrong", "because of \(steps[1].id)"])
        },
        StateStoreConformance("a run that was killed leaves its intents, its creating rows and its lock") { storage in
            var session: (any RunSession)? = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            try await session?.intend([creation(of: orders)])
            session = nil
            let store = storage.open()
            let run = try #require(try await store.run("r1"))
            #expect(run.endedAt == nil)
            #expect(run.steps.map(\.id) == [creation(of: orders).id])
            #expect(run.steps.map(\.result) == [nil])
            #expect(try await store.recorded().owned[orders]?.origin == .creating)
            await #expect(throws: StateStoreError.self) { try await store.begin(header("r2"), lockTimeout: .zero) }
            #expect(try await store.unlock(run: "r1"))
            let second = try await store.begin(header("r2"), lockTimeout: .zero)
            #expect(second.runID == "r2")
        },
        StateStoreConformance("an outcome is written down even when the task that learnt it is cancelled") { storage in
            let session = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            let step = creation(of: orders)
            try await session.intend([step])
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await session.conclude([outcome(step)])
            }
            try await task.value
            #expect(try await storage.open().recorded().owned[orders]?.origin == .created)
        },
        StateStoreConformance("ten thousand intents and outcomes are two transactions, all there") { storage in
            let session = try await storage.open().begin(header("r1"), lockTimeout: .zero)
            let steps = (0..<10_000).map { creation(of: ResourceAddress(.topic, in: "west", "t\($0)")) }
            try await session.intend(steps)
            try await session.conclude(steps.map { outcome($0) })
            let recorded = try await storage.open().recorded()
            #expect(recorded.owned.count == 10_000)
            #expect(recorded.owned.values.allSatisfy { $0 == owned(.created, ["partitions": "6"]) })
            let run = try await storage.open().run("r1")
            #expect(run?.steps.map(\.id) == steps.map(\.id))
            #expect(run?.steps.allSatisfy { $0.result == "succeeded" } == true)
        },
    ]
}
