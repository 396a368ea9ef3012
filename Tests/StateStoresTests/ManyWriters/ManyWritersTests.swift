import Domain
import Execution
import Foundation
import Planning
import SimulatorCore
import StateStores
import Synchronization
import TestSupport
import Testing

/// Machines write to one ledger at the same time, and each of them believes longer than it should that it holds the lock.
@Suite(
    "Many writers of one ledger in a real etcd", .enabled(if: EtcdServer.isInstalled, "etcd is not installed"),
    SharedService.etcd)
struct ManyWritersTests {
    /// How many histories: four, and as many times more as `SPILLWAY_TEST_SCALE` says.
    static let seeds: [UInt64] = {
        let scale = ProcessInfo.processInfo.environment["SPILLWAY_TEST_SCALE"].flatMap { UInt64($0) } ?? 1
        return Array(1...(4 * scale))
    }()

    private static let machines = 4
    private static let runs = 5
    private static let topics = 3

    @Test(
        "nothing that was acknowledged is lost, nobody writes behind the next run, and epochs never fork",
        arguments: seeds)
    func history(seed: UInt64) async throws {
        let name = UUID().uuidString.lowercased()
        let clock = TestClock()
        let standstill = Standstill(machines: Set(0..<Self.machines))
        let book = HistoryBook()
        var machines: [UnluckyObjects] = []
        for machine in 0..<Self.machines {
            machines.append(
                UnluckyObjects(
                    try await SharedService.objects(named: name), machine: machine,
                    seed: seed &* 1_000 &+ UInt64(machine), standstill: standstill, clock: clock))
        }
        let plain = try await SharedService.objects(named: name)
        let reader = Self.store(plain, clock, host: "reader")
        await withTaskGroup(of: Void.self) { group in
            for (number, objects) in machines.enumerated() {
                group.addTask {
                    var luck = SeededGenerator(seed: seed &* 7_000 &+ UInt64(number))
                    for run in 0..<Self.runs {
                        let dies = Int.random(in: 0..<6, using: &luck) == 0
                        book.note(
                            await Self.work("m\(number)-\(run)", on: objects, clock, dies: dies, tell: book.note))
                    }
                    await standstill.leave(number)
                }
            }
            let watching = Task { await Self.watch(reader, book) }
            await group.waitForAll()
            book.close()
            await watching.value
        }

        for objects in machines { objects.spare() }
        let (overtaken, last) = try await Self.overtaking(machines[0], machines[1], clock)
        for deeds in [overtaken, last] { book.note(deeds) }
        let told = book.soFar
        #expect(overtaken.failure == .lockLost)
        #expect(last.hasEnded)
        #expect(told.contradictions(in: try await reader.recorded()) == [])
        let writers = try await Self.writers(of: plain, machines)
        #expect(told.contradictions(inLogOf: writers) == [])
        for run in told.deeds.keys.sorted() {
            #expect(told.contradictions(in: try await reader.run(run), of: run) == [])
        }
    }

    private static func store(_ objects: any SharedObjects, _ clock: TestClock, host: String) -> SharedStateStore {
        SharedStateStore(
            in: objects, workspace: "shop", mayCreate: true, lease: .seconds(12), host: host, clock: clock.stateClock,
            processes: TestProcesses())
    }

    /// Opens an epoch and creates topics one after the other, as far as it may.
    private static func work(
        _ run: String, on objects: UnluckyObjects, _ clock: TestClock, dies: Bool,
        tell: @Sendable (WriterHistory.Deeds) -> Void
    ) async -> WriterHistory.Deeds {
        objects.begin(run: run)
        var deeds = WriterHistory.Deeds(run: run)
        let store = store(objects, clock, host: run)
        do throws(StateStoreError) {
            let session = try await store.begin(
                header(run, startedAt: clock.now.milliseconds, host: run), lockTimeout: .seconds(600))
            deeds.ledgerID = session.ledgerID
            let epoch = (try await store.recorded().moves["payments"]?.epoch ?? 0) + 1
            let move = RecordedMoves.Move(epoch: epoch, from: "west", to: run, kind: .failover)
            try await session.conclude([
                outcome(Step("open", orders, .ledger(.adopt), ledger: .move(family: "payments", .opened(move))))
            ])
            deeds.epoch = epoch
            for number in 0..<topics {
                let step = creation(of: ResourceAddress(.topic, in: "west", "\(run)-\(number)"), ["run": run])
                try await session.intend([step])
                guard await session.holds(for: .seconds(5)) else { throw .lockLost }
                try await session.conclude([outcome(step)])
                deeds.concluded.append(step.address)
                tell(deeds)
            }
            if dies { return deeds }
            try await session.end(exitCode: 0, summary: "done")
            deeds.hasEnded = true
        } catch {
            deeds.failure = error
        }
        return deeds
    }

    /// When nobody has bad luck any more: a run that is silent for longer than its lease, and the next one.
    private static func overtaking(
        _ first: UnluckyObjects, _ second: UnluckyObjects, _ clock: TestClock
    ) async throws -> (overtaken: WriterHistory.Deeds, last: WriterHistory.Deeds) {
        var overtaken = WriterHistory.Deeds(run: "overtaken")
        first.begin(run: overtaken.run)
        let session = try await store(first, clock, host: overtaken.run).begin(
            header(overtaken.run, startedAt: clock.now.milliseconds, host: overtaken.run), lockTimeout: .seconds(600))
        overtaken.ledgerID = session.ledgerID
        let last = await work("last", on: second, clock, dies: false) { _ in }
        do throws(StateStoreError) {
            try await session.intend([creation(of: orders)])
        } catch {
            overtaken.failure = error
        }
        return (overtaken, last)
    }

    /// Reads whenever there are news: what was acknowledged before a reading began is in it.
    private static func watch(_ reader: SharedStateStore, _ book: HistoryBook) async {
        for await told in book.news {
            do {
                let contradictions = told.contradictions(in: try await reader.recorded())
                #expect(contradictions == [])
            } catch {
                Issue.record("\(error)")
            }
        }
    }

    /// The run that wrote each segment of the log, in their order.
    private static func writers(
        of objects: any SharedObjects, _ machines: [UnluckyObjects]
    ) async throws -> [String] {
        let written = Dictionary(
            machines.flatMap(\.written).map { ($0.bytes, $0.run) }
        ) { first, _ in first }
        var writers: [String] = []
        while let segment = try await objects.read(SharedObjectName("log/\(writers.count + 1)")) {
            writers.append(try #require(written[segment.bytes], "a segment of nobody"))
        }
        return writers
    }
}
