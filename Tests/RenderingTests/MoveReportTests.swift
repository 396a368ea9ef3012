import Domain
import Execution
import Planning
import Rendering
import TestSupport
import Testing

@Suite struct MoveReportTests {
    /// A run of some steps: each takes 0.4 s, one after the other; `failing` fails and what comes after it is skipped.
    static func report(_ steps: [Step], failing: Step.ID? = nil) -> RunReport {
        var outcomes: [StepOutcome] = []
        var lost: [Step.ID: Step.ID] = [:]
        for (number, step) in steps.enumerated() {
            let began = Double(number) * 0.4
            let root = step.after.lazy.compactMap { lost[$0] }.first
            if step.id == failing || root != nil { lost[step.id] = root ?? step.id }
            let result: StepOutcome.Result =
                root.map { .skipped(because: $0) } ?? (step.id == failing ? .failed(RunSamples.failure) : .succeeded)
            outcomes.append(RunSamples.outcome(step, result, from: root == nil ? began : nil, to: began + 0.4))
        }
        return RunReport(
            runID: "20260924-120307-ab12", startedAt: RunSamples.start,
            endedAt: RunSamples.after(Double(steps.count) * 0.4), outcomes: outcomes, wasInterrupted: false)
    }

    private static func text(_ plan: Plan, failing: Step.ID? = nil) -> String {
        ReportText().render(report(plan.steps, failing: failing), of: plan)
    }

    @Test("the report of a move ends with who serves, when clients were moved, and what is left to do")
    func report() {
        GoldenFile("report-switchover.txt").expect(Self.text(MoveSamples.switchover))
        var failover = MoveSamples.failover
        #expect(Self.text(failover).contains("! 1 store published, not all clients are moved"))
        failover.deferred.removeFirst()
        failover.decisions = MoveSamples.returning.decisions
        GoldenFile("report-failover.txt").expect(Self.text(failover))
    }

    @Test("a move that did not come to its end says where it stands")
    func standstill() {
        let plan = MoveSamples.switchover
        func id(_ verb: String) -> Step.ID { Step.ID(MoveSamples.group, verb) }
        #expect(
            Self.text(plan, failing: id("drain")).contains(
                "serves  ! west still: the point of no return was not passed"))
        #expect(Self.text(plan, failing: id("promote")).contains("serves  ✗ undecided between west and east"))
        let published = Self.text(plan, failing: Step.ID(ResourceAddress(.binding, "checkout/1"), "publish"))
        #expect(published.contains("serves    ✓ east"))
        #expect(published.contains("✗ not all moved: 1 of 2 stores published"))
        #expect(published.contains("restarts  ✗ 0 of 1 hook run"))
    }

    @Test(
        "a move that one topic holds up names the flag that ends it without; clients of what stays are not called moved"
    )
    func heldUp() throws {
        let plan = MoveSamples.switchover
        let promotion = try #require(
            plan.steps.first { if case .move(.endMirrors) = $0.action { true } else { false } })
        guard case .move(.endMirrors(_, let mirrors)) = promotion.action, let stuck = mirrors.topics.first else {
            return
        }
        let refused = StepFailure(.rejected, "\(stuck): refused", endpoint: nil).about([stuck])
        var report = Self.report(plan.steps, failing: promotion.id)
        report = RunReport(
            runID: report.runID, startedAt: report.startedAt, endedAt: report.endedAt,
            outcomes: report.outcomes.map { outcome in
                guard outcome.step.id == promotion.id else { return outcome }
                return StepOutcome(
                    step: outcome.step, result: .failed(refused), startedAt: outcome.startedAt, endedAt: outcome.endedAt
                )
            }, wasInterrupted: false)
        let text = ReportText().render(report, of: plan)
        let words = text.split { $0.isWhitespace }.joined(separator: " ")
        #expect(words.contains("spillway apply --leave \(stuck) --confirm-primary payments=east, which ends the move"))
        #expect(!Self.text(plan).contains("✓ moved"), "audit and obsolete stay on west")
    }

    @Test("an objective that was missed is said so")
    func objective() {
        var plan = MoveSamples.switchover
        plan.moves[0].objectives.recoveryTime = .seconds(2)
        #expect(Self.text(plan).contains("✗ beyond the objective of 2 s"))
    }

    @Test("steps of a move read well while they run")
    func progress() {
        let steps =
            MoveSamples.switchover.steps + MoveSamples.failover.steps.filter { $0.id.description.contains("failover") }
        var progress = ProgressText(steps: steps)
        var text = ""
        for (number, step) in steps.enumerated() {
            let began = RunSamples.after(Double(number) * 20)
            text += progress.receive(.stepStarted(step, at: began))
            text += progress.tick(at: began.advanced(by: .seconds(11)))
            text += progress.receive(
                .stepEnded(
                    StepOutcome(
                        step: step, result: .succeeded, startedAt: began, endedAt: began.advanced(by: .seconds(12)))))
        }
        GoldenFile("progress-move.txt").expect(text)
        #expect(text.contains("still promoting 12 mirror topics on east"))
    }

    @Test("the events of a run say when primaries changed and when clients were moved")
    func events() throws {
        let report = Self.report(MoveSamples.switchover.steps)
        let document = try JSONValue(parsing: EventStream.line(for: .runEnded(report)))
        #expect(document["clientsMovedAfterMilliseconds"] == .number(8_400))
        #expect(document["clientsMovedAt"] == .text("2026-09-24T12:03:15.650Z"))
        #expect(document["moves"].array.map { $0["family"] } == [.text("payments")])
        let failed = Self.report(
            MoveSamples.switchover.steps, failing: Step.ID(ResourceAddress(.binding, "checkout/0"), "publish"))
        #expect(try JSONValue(parsing: EventStream.line(for: .runEnded(failed)))["clientsMovedAt"] == .null)
    }

    @Test("a run in the journal shows its steps with times, and when clients were moved")
    func journal() throws {
        func record(_ report: RunReport) -> RunRecord {
            RunRecord(
                header: RunHeader(
                    id: report.runID, startedAt: report.startedAt, host: "runner-1", process: 4711,
                    command: "apply plan.json", planDigest: "sha256:0f3a", approver: "B. Roth", reference: "INC-4711",
                    revision: nil),
                endedAt: report.endedAt, exitCode: 0, summary: "Apply complete",
                steps: report.outcomes.map { outcome in
                    let result: String
                    switch outcome.result {
                    case .succeeded: result = "succeeded"
                    case .failed: result = "failed"
                    default: result = "skipped"
                    }
                    return RunRecord.StepRecord(
                        id: outcome.step.id, intendedAt: outcome.startedAt ?? outcome.endedAt,
                        endedAt: outcome.endedAt, result: result, message: nil)
                })
        }
        let pinned = Step("publish", ResourceAddress(.binding, "search/0"), .ledger(.adopt))
        let run = record(Self.report([pinned] + MoveSamples.failover.steps))
        GoldenFile("run-failover.txt").expect(RunsText.show(run))
        let document = try JSONValue(parsing: RunsText.showJSON(run))
        #expect(document["clientsMovedAfterMilliseconds"] == .number(6_800))
        let returned = record(Self.report(MoveSamples.returning.steps))
        var moves = RecordedMoves()
        moves.learn(
            .discarding(token: "west@4-a3f1", losing: RecordedMoves.Divergence(records: 17, isLowerBound: true)),
            at: returned.header.startedAt)
        moves.learn(.discarding(token: "west@2-a3f1"), at: returned.header.startedAt)
        let given = RunsText.show(returned, ["payments": moves])
        #expect(given.contains("given up  by the consent west@4-a3f1: at least 17 records that nobody else has"))
        #expect(!given.contains("west@2"), "that one was used by another run")
        let unmoved = record(
            Self.report(
                MoveSamples.failover.steps, failing: Step.ID(ResourceAddress(.binding, "checkout/0"), "publish")))
        #expect(RunsText.show(unmoved).contains("not all: 0 of 1 store published"))
    }
}
