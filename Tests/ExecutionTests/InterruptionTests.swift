import Domain
import Planning
import Synchronization
import Testing

@testable import Execution

@Suite("Interrupted runs")
struct InterruptionTests {
    private let session = ScriptedSession()

    private func engine(_ performer: any StepPerformer, grace: Duration = .seconds(600)) -> Engine {
        Engine(
            session: session, performers: [performer],
            limits: .init(concurrency: 4, requestTimeout: .seconds(30), grace: grace),
            clock: { Timestamp(milliseconds: 1_000) }, observer: { _ in })
    }

    private func result(of name: String, in report: RunReport) -> StepOutcome.Result? {
        report.outcomes.first { $0.step.address.name == name }?.result
    }

    @Test("a wait ends at once, its outcome is open, and what depends on it is not run")
    func waits() async throws {
        let performer = PatientPerformer(.wait)
        let engine = engine(performer)
        async let running = engine.run([step("a"), step("b", after: ["a"])])
        await performer.hasBegun()
        await engine.interrupt()
        let report = try await running
        #expect(report.open.map(\.step.address.name) == ["a"])
        #expect(report.notRun.map(\.step.address.name) == ["b"])
        #expect(report.isCut && !report.hasChangedNothing)
        #expect(await session.concluded.count == 2)
        let plan = Plan(
            toolVersion: "1", workspace: "w", ledgerID: nil, observedAt: Timestamp(milliseconds: 0), observedIn: .zero)
        #expect(ExitCode.ofApplying(plan, report, allowsDeferred: false, signal: .terminated) == .terminated)
    }

    @Test("a call in flight is finished, and its outcome is known")
    func calls() async throws {
        let performer = PatientPerformer(.call)
        let engine = engine(performer)
        async let running = engine.run([step("a"), step("b", after: ["a"])])
        await performer.hasBegun()
        await engine.interrupt()
        performer.answer()
        let report = try await running
        #expect(result(of: "a", in: report) == .succeeded)
        #expect(result(of: "b", in: report) == .interrupted)
    }

    @Test("a second interruption ends calls in flight too")
    func abandoned() async throws {
        let performer = PatientPerformer(.call)
        let engine = engine(performer)
        async let running = engine.run([step("a")])
        await performer.hasBegun()
        await engine.interrupt()
        await engine.abandon()
        #expect(try await running.open.count == 1)
    }

    @Test("calls in flight have a few seconds, not as long as they like")
    func grace() async throws {
        let performer = PatientPerformer(.call)
        let engine = engine(performer, grace: .milliseconds(1))
        async let running = engine.run([step("a")])
        await performer.hasBegun()
        await engine.interrupt()
        #expect(try await running.open.count == 1)
    }

    @Test("what the service has said stands, also in a run that is interrupted")
    func refusals() async throws {
        let performer = PatientPerformer(.refusal)
        let engine = engine(performer)
        async let running = engine.run([step("a")])
        await performer.hasBegun()
        await engine.interrupt()
        performer.answer()
        #expect(try await running.failures.count == 1)
    }
}

/// Performs one step that takes until it is answered or cancelled.
private final class PatientPerformer: StepPerformer {
    enum Manner {
        case wait, call, refusal
    }

    private let manner: Manner
    private let begun = AsyncStream.makeStream(of: Void.self)
    private let answered = AsyncStream.makeStream(of: Void.self)

    init(_ manner: Manner) {
        self.manner = manner
    }

    func performs(_ action: StepAction) -> Bool { true }

    func hasBegun() async {
        for await _ in begun.stream { return }
    }

    func answer() {
        answered.continuation.yield()
    }

    func perform(_ step: Step) async throws(StepFailure) {
        begun.continuation.yield()
        let isAnswered =
            manner == .wait ? await untilAnswered() : await CallShield.finishing { await self.untilAnswered() }
        if manner == .refusal { throw StepFailure(.rejected, "409: there already") }
        guard isAnswered else { throw StepFailure(.unreachable, "the connection was closed") }
    }

    /// Whether the answer came before the end.
    private func untilAnswered() async -> Bool {
        for await _ in answered.stream { return true }
        return false
    }
}
