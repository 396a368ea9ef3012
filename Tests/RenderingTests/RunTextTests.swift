import Domain
import Execution
import Planning
import Rendering
import TestSupport
import Testing

@Suite struct RunTextTests {
    @Test("events as JSON lines are as recorded")
    func stream() {
        GoldenFile("events.jsonl").expect(RunSamples.events.map { EventStream.line(for: $0) + "\n" }.joined())
    }

    @Test("progress in a log is as recorded, with a sign of life every ten seconds")
    func progress() {
        var progress = ProgressText(steps: RunSamples.steps)
        var text = ""
        for event in RunSamples.events {
            if case .interrupted = event {
                for second in stride(from: 2.0, through: 59, by: 1) {
                    text += progress.tick(at: RunSamples.after(second))
                }
            }
            text += progress.receive(event)
        }
        GoldenFile("progress.txt").expect(text)
        #expect(text.split(separator: "\n").filter { $0.contains("still") }.count == 5)
    }

    @Test("a thousand like steps are a handful of lines, and every failure is named")
    func manySteps() {
        let steps = (0..<1_000).map { RunSamples.creation("t\($0)") }
        var progress = ProgressText(steps: steps)
        var lines: [Substring] = []
        for (index, step) in steps.enumerated() {
            let moment = RunSamples.after(Double(index))
            _ = progress.receive(.stepStarted(step, at: moment))
            let result: StepOutcome.Result = index == 500 ? .failed(RunSamples.failure) : .succeeded
            let text = progress.receive(
                .stepEnded(StepOutcome(step: step, result: result, startedAt: moment, endedAt: moment)))
            lines += text.split(separator: "\n")
        }
        #expect(lines.count == 11)
        #expect(lines.first == "12:04:46 ✓ 100 of 1,000 topics on west created")
        #expect(lines.last == "12:19:46 ! 999 of 1,000 topics on west created, 1 failed")
        #expect(lines.contains { $0.contains("✗ create topic t500 on west failed: 403") })
    }

    @Test("what only the ledger learns is not told of")
    func ledgerRefresh() {
        let refresh = Step("refresh", Samples.topic("orders"), .ledger(.adopt))
        var progress = ProgressText(steps: [RunSamples.adoption])
        var live = LiveProgress(steps: [RunSamples.adoption], terminal: .plain)
        let event = ExecutionEvent.stepEnded(RunSamples.outcome(refresh, .succeeded, from: 0, to: 0))
        #expect(progress.receive(event) == "")
        #expect(live.receive(event) == "")
        #expect(live.lines(at: RunSamples.start, width: 80, height: 5).map(\.text) == ["0 of 1 step done"])
    }

    @Test("of many like steps one sign of life is given, of the oldest")
    func heartbeatOfMany() {
        let steps = (0..<100).map { RunSamples.creation("t\($0)") }
        var progress = ProgressText(steps: steps)
        for step in steps.prefix(16) { _ = progress.receive(.stepStarted(step, at: RunSamples.start)) }
        #expect(progress.tick(at: RunSamples.after(9.9)) == "")
        #expect(
            progress.tick(at: RunSamples.after(10.2)) == "12:03:17 … 0 of 100 topics on west created so far  [10 s]\n")
        #expect(progress.tick(at: RunSamples.after(11)) == "")
    }

    @Test("the live view shows what runs, folds what is many, and fits its window")
    func live() {
        let steps = RunSamples.steps + (0..<100).map { RunSamples.creation("t\($0)") }
        var live = LiveProgress(steps: steps, terminal: .plain)
        _ = live.receive(.runStarted(runID: "r", steps: steps.count, at: RunSamples.start))
        _ = live.receive(.stepStarted(RunSamples.cluster, at: RunSamples.start))
        for index in 0..<30 {
            let step = RunSamples.creation("t\(index)")
            _ = live.receive(.stepStarted(step, at: RunSamples.start))
            if index < 20 {
                #expect(live.receive(.stepEnded(RunSamples.outcome(step, .succeeded, from: 0, to: 1))) == "")
            }
        }
        #expect(
            live.lines(at: RunSamples.after(12.4), width: 100, height: 10).map(\.text) == [
                "  … 20 of 101 topics on west created", "  … changing cluster west  [12 s]",
                "20 of 106 steps done · 11 running · 12 s",
            ])
        #expect(
            live.lines(at: RunSamples.after(12.4), width: 20, height: 2).map(\.text) == [
                "  … and 2 more", "20 of 106 steps don…",
            ])
        let ended = live.receive(.stepEnded(RunSamples.outcome(RunSamples.cluster, .succeeded, from: 0, to: 74)))
        #expect(ended == "✓ cluster west changed  [1 min 14 s]\n")
        _ = live.receive(.interrupted(at: RunSamples.after(80)))
        #expect(
            live.lines(at: RunSamples.after(80), width: 200, height: 1).map(\.text).last?.hasSuffix(
                "stopping: calls in flight are finished") ?? false)
    }

    @Test("the report says what failed, what was left out once, and what to do next")
    func report() {
        GoldenFile("report.txt").expect(ReportText().render(RunSamples.report, of: RunSamples.plan))
    }

    @Test("a report of success is one line")
    func success() {
        let report = RunReport(
            runID: "r", startedAt: RunSamples.start, endedAt: RunSamples.after(4.2),
            outcomes: [
                RunSamples.outcome(RunSamples.topic, .succeeded, from: 0, to: 1),
                RunSamples.outcome(RunSamples.adoption, .succeeded, from: 0, to: 0),
            ], wasInterrupted: false)
        let plan = Samples.plan {
            $0.changes = [Change(.create, RunSamples.topic.address), Change(.adopt, RunSamples.adoption.address)]
        }
        #expect(
            ReportText().render(report, of: plan)
                == "Apply complete: 1 added, 0 changed, 0 destroyed; 1 adopted (4.2 s).\n")
    }

    @Test("a journal that cannot be written any more is said so")
    func journalFailure() {
        let report = RunReport(
            runID: "r", startedAt: RunSamples.start, endedAt: RunSamples.after(1),
            outcomes: [RunSamples.outcome(RunSamples.topic, .interrupted, to: 1)], wasInterrupted: false,
            journalFailure: "state.db cannot be used: disk full")
        GoldenFile("report-journal.txt").expect(ReportText().render(report, of: RunSamples.plan))
    }
}
