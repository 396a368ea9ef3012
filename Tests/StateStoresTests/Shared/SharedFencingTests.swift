import Domain
import Execution
import Planning
import StateStores
import Synchronization
import Testing

/// Two machines and a service in memory: what one of them does while the other one stands still.
@Suite("Fencing of state that machines share")
struct SharedFencingTests {
    /// What a run got done.
    private struct Deeds: Sendable {
        var concluded: [ResourceAddress] = []
        var failure: StateStoreError?
    }

    private static let first = (1...3).map { ResourceAddress(.topic, in: "west", "first-\($0)") }
    private static let second = (1...2).map { ResourceAddress(.topic, in: "west", "second-\($0)") }

    private static func store(
        _ objects: MemoryObjects, _ clock: TestClock, host: String
    ) -> SharedStateStore {
        SharedStateStore(
            in: objects, workspace: "shop", mayCreate: true, lease: .seconds(60), host: host, clock: clock.stateClock,
            processes: TestProcesses())
    }

    /// Creates topics one after the other, as far as it may.
    private static func apply(
        _ id: String, _ topics: [ResourceAddress], to store: SharedStateStore, host: String
    ) async -> Deeds {
        var deeds = Deeds()
        do throws(StateStoreError) {
            let session = try await store.begin(header(id, host: host), lockTimeout: .zero)
            for topic in topics {
                let step = creation(of: topic)
                try await session.intend([step])
                guard await session.holds(for: .seconds(30)) else { throw .lockLost }
                try await session.conclude([outcome(step)])
                deeds.concluded.append(topic)
            }
            try await session.end(exitCode: 0, summary: "done")
        } catch {
            deeds.failure = error
        }
        return deeds
    }

    /// How many calls a run makes that nothing disturbs.
    private static func calls() async -> Int {
        let objects = MemoryObjects()
        _ = await apply("r1", first, to: store(objects, TestClock(), host: "one"), host: "one")
        return objects.calls.count
    }

    @Test("a run that is paused at any call is overtaken, and nothing of it takes effect from then on")
    func pausedAnywhere() async throws {
        for pause in 0..<(await Self.calls()) {
            let (objects, clock) = (MemoryObjects(), TestClock())
            let overtaken = Mutex<(deeds: Deeds, seen: Recorded)?>(nil)
            let number = Mutex(0)
            objects.beforeEachCall { _ in
                guard
                    number.withLock({
                        $0 += 1; return $0 - 1
                    }) == pause
                else { return }
                objects.beforeEachCall(nil)
                clock.advance(by: .seconds(600))
                let store = Self.store(objects, clock, host: "two")
                let deeds = await Self.apply("r2", Self.second, to: store, host: "two")
                do {
                    let seen = try await store.recorded()
                    overtaken.withLock { $0 = (deeds, seen) }
                } catch {
                    Issue.record("\(error)")
                }
            }
            let deeds = await Self.apply("r1", Self.first, to: Self.store(objects, clock, host: "one"), host: "one")
            let second = try #require(overtaken.withLock { $0 }, "call \(pause)")
            #expect(second.deeds.failure == nil, "call \(pause)")

            let end = try await Self.store(objects, clock, host: "three").recorded()
            for topic in deeds.concluded { #expect(end.owned[topic]?.origin == .created, "call \(pause): \(topic)") }
            for topic in Self.second { #expect(end.owned[topic]?.origin == .created, "call \(pause): \(topic)") }
            let journal = try #require(try await Self.store(objects, clock, host: "three").run("r2"))
            #expect(journal.exitCode == 0)
            if second.seen.owned.keys.contains(where: { Self.first.contains($0) }), deeds.failure != nil {
                #expect(deeds.failure == .lockLost, "call \(pause)")
                #expect(end.owned == second.seen.owned, "call \(pause): a loser's write took effect")
                let run = try await Self.store(objects, clock, host: "three").run("r1")
                #expect(run?.summary?.contains("taken over by r2") == true, "call \(pause): \(run?.summary ?? "")")
            }
        }
    }

    @Test("one answer that is lost, or a call that is refused, at any call: nothing is lost, nothing is done twice")
    func oneFault() async throws {
        for fault in 0..<(await Self.calls()) {
            for fate in [MemoryObjects.Fate.refused, .lostAnswer] {
                let (objects, clock) = (MemoryObjects(), TestClock())
                let number = Mutex(0)
                objects.decideFates { _ in
                    number.withLock {
                        $0 += 1; return $0 - 1
                    } == fault ? fate : .normal
                }
                let store = Self.store(objects, clock, host: "one")
                let deeds = await Self.apply("r1", Self.first, to: store, host: "one")
                #expect(deeds.failure == nil, "\(fate) at \(fault): \(objects.calls)")
                let end = try await store.recorded()
                #expect(end.owned.count == 3, "\(fate) at \(fault)")
                #expect(end.owned.values.allSatisfy { $0.origin == .created }, "\(fate) at \(fault)")
                #expect(try await store.run("r1")?.steps.map(\.result) == ["succeeded", "succeeded", "succeeded"])
                let next = await Self.apply("r2", Self.second, to: Self.store(objects, clock, host: "two"), host: "two")
                #expect(next.failure == nil, "\(fate) at \(fault): the lock was given up")
            }
        }
    }

    @Test("a service that is gone from any call on stops the run; what was acknowledged is there when it is back")
    func serviceIsLost() async throws {
        for fault in 0..<(await Self.calls()) {
            for fate in [MemoryObjects.Fate.refused, .lostAnswer] {
                let (objects, clock) = (MemoryObjects(), TestClock())
                let number = Mutex(0)
                objects.decideFates { _ in
                    number.withLock {
                        $0 += 1; return $0 - 1
                    } >= fault ? fate : .normal
                }
                let deeds = await Self.apply("r1", Self.first, to: Self.store(objects, clock, host: "one"), host: "one")
                objects.decideFates { _ in .normal }
                let gone = StateStoreError.silent(location: "memory:shop", reason: "connection reset (memory)")
                #expect(deeds.failure == gone || deeds.failure == .lockLost, "\(fate) from \(fault)")
                clock.advance(by: .seconds(600))
                let store = Self.store(objects, clock, host: "two")
                let next = await Self.apply("r2", Self.second, to: store, host: "two")
                #expect(next.failure == nil, "\(fate) from \(fault)")
                let end = try await store.recorded()
                for topic in deeds.concluded + Self.second { #expect(end.owned[topic]?.origin == .created) }
            }
        }
    }

    @Test("a run whose first word was written, and which never heard of it, is told to be over by the next one")
    func unheard() async throws {
        let (objects, clock) = (MemoryObjects(), TestClock())
        let isWritten = Mutex(false)
        objects.decideFates { call in
            if call == .write("log/1") { isWritten.withLock { $0 = true } }
            guard isWritten.withLock({ $0 }) else { return .normal }
            return call == .write("log/1") ? .lostAnswer : call.name == "log/1" ? .refused : .normal
        }
        let store = Self.store(objects, clock, host: "one")
        let deeds = await Self.apply("r1", Self.first, to: store, host: "one")
        #expect(deeds.failure != nil && deeds.concluded.isEmpty)
        objects.decideFates { _ in .normal }
        let next = await Self.apply("r2", Self.second, to: store, host: "one")
        #expect(next.failure == nil)
        let run = try #require(try await store.run("r1"))
        #expect(run.endedAt != nil)
        #expect(run.summary == "outcome unknown: it ended without a word, before r2")
    }

    @Test("who reads at any call of a run sees the ledger as it was after one of its writes, and never goes back")
    func readers() async throws {
        let (objects, clock) = (MemoryObjects(), TestClock())
        let seen = Mutex<[Int]>([])
        let reader = Self.store(objects, clock, host: "two")
        let reading = Mutex(false)
        objects.beforeEachCall { _ in
            guard
                !reading.withLock({
                    let was = $0; $0 = true; return was
                })
            else { return }
            defer { reading.withLock { $0 = false } }
            do {
                let recorded = try await reader.recorded()
                let weights = recorded.owned.values.map { $0.origin == .created ? 2 : 1 }
                seen.withLock { $0.append(weights.reduce(0, +)) }
            } catch {
                Issue.record("\(error)")
            }
        }
        let deeds = await Self.apply("r1", Self.first, to: Self.store(objects, clock, host: "one"), host: "one")
        objects.beforeEachCall(nil)
        #expect(deeds.failure == nil)
        let weights = seen.withLock { $0 }
        #expect(weights == weights.sorted())
        #expect(Set(weights) == Set(0...6))
    }
}
