import Domain
import Execution
import Planning
import Testing

@Suite struct EngineTests {
    private let session = ScriptedSession()
    private let recorder = EventRecorder()

    private func engine(_ performers: [any StepPerformer], concurrency: Int = 4) -> Engine {
        Engine(
            session: session, performers: performers,
            limits: Engine.Limits(concurrency: concurrency, requestTimeout: .seconds(30)),
            clock: { Timestamp(milliseconds: 1_000) }, observer: { [recorder] in await recorder.receive($0) })
    }

    private func results(_ report: RunReport) -> [String: StepOutcome.Result] {
        Dictionary(uniqueKeysWithValues: report.outcomes.map { ($0.step.address.name, $0.result) })
    }

    @Test("every intent is durable before its call, and outcomes are durable before dependants start")
    func order() async throws {
        let performer = ScriptedPerformer(session: session)
        let report = try await engine([performer]).run([
            step("a"), step("b"), step("c", after: ["a", "b"]), step("d", after: ["c"]),
        ])
        #expect(report.succeeded.count == 4)
        #expect(report.runID == "run-1" && !report.wasInterrupted && report.journalFailure == nil)
        #expect(await performer.unintended.isEmpty)
        let entries = await session.entries
        #expect(entries.first == .intend(["a", "b"]))
        #expect(entries.suffix(4) == [.intend(["c"]), .conclude(["c"]), .intend(["d"]), .conclude(["d"])])
        #expect(await session.askedDurations == [.seconds(32), .seconds(32), .seconds(32)])
    }

    @Test("calls run at the same time, up to the limit")
    func concurrency() async throws {
        let performer = ScriptedPerformer(holdsBack: true)
        let engine = engine([performer], concurrency: 2)
        async let report = engine.run([step("a"), step("b"), step("c")])
        await performer.waitUntilRunning(2)
        #expect(await performer.performed.sorted() == ["a", "b"])
        await performer.release("a")
        await performer.release("b")
        await performer.waitUntilRunning(1)
        await performer.release("c")
        #expect(try await report.succeeded.count == 3)
        #expect(await performer.mostAtOnce == 2)
    }

    @Test("a step that was answered and waits for its effect lets others be sent, up to a limit of its own")
    func waiting() async throws {
        let performer = ScriptedPerformer(holdsBack: true, isAnswered: true)
        let engine = engine([performer], concurrency: 1)
        let names = (0..<20).map(String.init)
        async let report = engine.run(names.map { step($0) })
        await performer.waitUntilRunning(16)
        #expect(await performer.performed == Array(names.prefix(16)))
        for name in names {
            await performer.waitUntilPerforming(name)
            await performer.release(name)
        }
        #expect(try await report.succeeded.count == 20)
        #expect(await performer.mostAtOnce == 16)
    }

    @Test("a failure skips what depends on it; independent work goes on")
    func failure() async throws {
        let denied = StepFailure(.denied, "403 Forbidden", endpoint: "https://west")
        let report = try await engine([ScriptedPerformer(failing: ["a": denied])]).run([
            step("a"), step("b"), step("c", after: ["a"]), step("d", after: ["c", "b"]), step("e", after: ["b"]),
        ])
        #expect(
            results(report) == [
                "a": .failed(denied), "b": .succeeded, "c": .skipped(because: stepID("a")),
                "d": .skipped(because: stepID("a")), "e": .succeeded,
            ])
        #expect(await session.concluded.count == 5)
        #expect(await session.intended == [stepID("a"), stepID("b"), stepID("e")])
    }

    @Test("ledger steps need no performer and no intent; what nobody performs fails")
    func withoutPerformer() async throws {
        let report = try await engine([]).run([adoption("a"), step("b")])
        #expect(results(report)["a"] == .succeeded)
        #expect(
            results(report)["b"]
                == .failed(StepFailure(.rejected, "this version cannot perform topic/west/b#create")))
        #expect(await session.intended == [stepID("b")])
    }

    @Test("an interruption sends nothing new, waits for calls in flight and writes every outcome")
    func interruption() async throws {
        let performer = ScriptedPerformer(holdsBack: true)
        let engine = engine([performer], concurrency: 2)
        async let running = engine.run([step("a"), step("b"), step("c"), step("d", after: ["a"])])
        await performer.waitUntilRunning(2)
        await engine.interrupt()
        await engine.interrupt()
        await performer.release("a")
        await performer.release("b")
        let report = try await running
        #expect(report.wasInterrupted)
        #expect(
            results(report) == ["a": .succeeded, "b": .succeeded, "c": .interrupted, "d": .interrupted])
        #expect(await performer.performed.sorted() == ["a", "b"])
        #expect(await session.concluded.count == 4)
        #expect(await recorder.words.filter { $0 == "interrupted" }.count == 1)
        #expect(await recorder.words.last == "run ended")
    }

    @Test("an interruption between intent and call sends no call")
    func interruptionAfterIntent() async throws {
        let performer = ScriptedPerformer()
        let engine = engine([performer])
        await session.afterIntending { await engine.interrupt() }
        let report = try await engine.run([step("a"), step("b", after: ["a"])])
        #expect(results(report) == ["a": .interrupted, "b": .interrupted])
        #expect(await performer.performed.isEmpty)
        #expect(report.wasInterrupted && report.journalFailure == nil)
    }

    @Test("an interruption before the run ends every step at once")
    func interruptionBeforeRun() async throws {
        let engine = engine([ScriptedPerformer()])
        await engine.interrupt()
        let report = try await engine.run([step("a"), adoption("b")])
        #expect(results(report) == ["a": .interrupted, "b": .interrupted])
        #expect(await recorder.words == ["run started", "interrupted", "end a", "end b", "run ended"])
    }

    @Test("without a durable intent no call is sent")
    func intentFailure() async throws {
        await session.failIntents(.unusable(location: "state.db", reason: "disk full"))
        let performer = ScriptedPerformer()
        let report = try await engine([performer]).run([step("a")])
        #expect(report.journalFailure == "state.db cannot be used: disk full")
        #expect(results(report) == ["a": .interrupted])
        #expect(!report.wasInterrupted)
        #expect(await performer.performed.isEmpty)
    }

    @Test("a lock that is about to end sends no call")
    func lostLock() async throws {
        await session.loseLock()
        let performer = ScriptedPerformer()
        let report = try await engine([performer]).run([step("a"), step("b", after: ["a"])])
        #expect(report.journalFailure == StateStoreError.lockLost.reason)
        #expect(results(report) == ["a": .interrupted, "b": .interrupted])
        #expect(await performer.performed.isEmpty)
    }

    @Test("when outcomes cannot be written any more, calls in flight are awaited and nothing else is sent")
    func journalFailure() async throws {
        let performer = ScriptedPerformer(holdsBack: true)
        let engine = engine([performer], concurrency: 2)
        async let running = engine.run([step("a"), step("b"), step("c"), step("d", after: ["a"])])
        await performer.waitUntilRunning(2)
        await session.failConclusions(.lockLost)
        await performer.release("a")
        await performer.release("b")
        let report = try await running
        #expect(report.journalFailure == StateStoreError.lockLost.reason)
        #expect(
            results(report) == ["a": .succeeded, "b": .succeeded, "c": .interrupted, "d": .interrupted])
        #expect(await performer.performed.sorted() == ["a", "b"])
    }

    @Test("outcomes that arrive while the journal is written are written together")
    func groupCommit() async throws {
        let names = (0..<500).map(String.init)
        let report = try await engine([ScriptedPerformer(session: session)], concurrency: 64).run(
            names.map { step($0) })
        #expect(report.succeeded.count == 500)
        let entries = await session.entries
        #expect(entries.first == .intend(Array(names.prefix(64))))
        var intended: [String] = []
        for case .intend(let batch) in entries { intended += batch }
        #expect(intended == names)
    }

    @Test("ten thousand adoptions are one write")
    func adoptions() async throws {
        let report = try await engine([]).run((0..<10_000).map { adoption(String($0)) })
        #expect(report.succeeded.count == 10_000)
        #expect(await session.entries.count == 1)
    }

    @Test("steps that cannot be ordered are refused before anything is done")
    func flaw() async {
        await #expect(throws: StepSchedule.Flaw.cycle([stepID("a")])) {
            try await engine([]).run([step("a", after: ["a"])])
        }
        #expect(await recorder.events.isEmpty)
    }

    @Test("an empty run starts and ends")
    func empty() async throws {
        _ = try await engine([]).run([])
        #expect(await recorder.words == ["run started", "run ended"])
    }
}
