import Domain
import Execution
import Planning
import Testing

@Suite struct StepScheduleTests {
    @Test("steps are handed out when everything before them has succeeded, in the order of the list")
    func order() throws {
        var schedule = try StepSchedule([
            step("d", after: ["b", "c"]), step("b", after: ["a"]), step("c", after: ["a"]), step("a"), step("e"),
        ])
        #expect(schedule.next(limit: 10).map(\.address.name) == ["a", "e"])
        schedule.succeeded(stepID("a"))
        #expect(schedule.next(limit: 1).map(\.address.name) == ["b"])
        #expect(schedule.next(limit: 9).map(\.address.name) == ["c"])
        schedule.succeeded(stepID("c"))
        #expect(schedule.next(limit: 9).isEmpty)
        schedule.succeeded(stepID("b"))
        #expect(schedule.next(limit: 9).map(\.address.name) == ["d"])
        schedule.succeeded(stepID("e"))
        schedule.succeeded(stepID("d"))
        #expect(schedule.isFinished)
    }

    @Test("steps that only change the ledger take no slot")
    func ledgerSteps() throws {
        var schedule = try StepSchedule([adoption("a"), step("b"), adoption("c"), step("d"), adoption("e")])
        #expect(schedule.next(limit: 1).map(\.address.name) == ["a", "b", "c"])
        #expect(schedule.next(limit: 0).isEmpty)
        #expect(schedule.next(limit: 1).map(\.address.name) == ["d", "e"])
    }

    @Test("what depends on a failure is skipped once, with the root failure, and the rest goes on")
    func failure() throws {
        var schedule = try StepSchedule([
            step("a"), step("b"), step("c", after: ["a"]), step("d", after: ["c", "b"]), step("e", after: ["b"]),
        ])
        _ = schedule.next(limit: 10)
        let skips = schedule.failed(stepID("a"))
        #expect(skips.map(\.step.address.name) == ["c", "d"])
        #expect(Set(skips.map(\.because)) == [stepID("a")])
        schedule.succeeded(stepID("b"))
        #expect(schedule.next(limit: 10).map(\.address.name) == ["e"])
        #expect(schedule.failed(stepID("e")).isEmpty)
        #expect(schedule.isFinished)
    }

    @Test("news about steps that are not running changes nothing")
    func strayNews() throws {
        var schedule = try StepSchedule([step("a"), step("b", after: ["a"])])
        schedule.succeeded(stepID("a"))
        #expect(schedule.failed(stepID("b")).isEmpty)
        #expect(schedule.unfinishedCount == 2)
        _ = schedule.next(limit: 1)
        schedule.succeeded(stepID("a"))
        schedule.succeeded(stepID("a"))
        #expect(schedule.unfinishedCount == 1)
    }

    @Test("an interruption ends what has not started and what was not sent; running steps still end")
    func interruption() throws {
        var schedule = try StepSchedule([step("a"), step("b"), step("c", after: ["a"]), step("d")])
        #expect(schedule.next(limit: 2).count == 2)
        let rest = schedule.interrupt(withdrawing: [stepID("b")])
        #expect(rest.map(\.address.name) == ["b", "c", "d"])
        #expect(schedule.next(limit: 9).isEmpty)
        #expect(!schedule.isFinished)
        schedule.succeeded(stepID("a"))
        #expect(schedule.isFinished)
        #expect(schedule.interrupt().isEmpty)
    }

    @Test("repeated ids, unknown dependencies and cycles are refused")
    func flaws() {
        #expect(throws: StepSchedule.Flaw.duplicate(stepID("a"))) { try StepSchedule([step("a"), step("a")]) }
        #expect(throws: StepSchedule.Flaw.unknownDependency(of: stepID("a"), on: stepID("z"))) {
            try StepSchedule([step("a", after: ["z"])])
        }
        #expect(throws: StepSchedule.Flaw.cycle([stepID("b"), stepID("d"), stepID("c")])) {
            try StepSchedule([
                step("x", after: ["b"]), step("b", after: ["a", "d"]), step("c", after: ["b"]),
                step("d", after: ["c"]), step("a"),
            ])
        }
        #expect(throws: StepSchedule.Flaw.cycle([stepID("a")])) { try StepSchedule([step("a", after: ["a"])]) }
    }

    @Test("twenty thousand steps in chains and fans run through")
    func scale() throws {
        let names = (0..<20_000).map(String.init)
        let steps = names.indices.map { index in
            step(names[index], after: index < 100 ? [] : [names[index - 100], names[index % 100]])
        }
        var schedule = try StepSchedule(steps)
        var order: [Step.ID] = []
        while !schedule.isFinished {
            for next in schedule.next(limit: 64) {
                order.append(next.id)
                schedule.succeeded(next.id)
            }
        }
        #expect(Set(order).count == 20_000)
    }
}

/// Every graph of four steps, every way in which calls can overlap, and every way to fail.
@Suite struct StepScheduleProperties {
    /// What happened to steps, checked on every event.
    private struct Trace {
        var started: Set<Step.ID> = []
        var ended: [Step.ID: String] = [:]

        mutating func end(_ id: Step.ID, _ how: String, _ breadcrumb: String) {
            #expect(ended[id] == nil, "\(id) ends twice: \(breadcrumb)")
            ended[id] = how
        }
    }

    private let names = ["a", "b", "c", "d"]

    /// All graphs in which a step depends only on earlier ones: 2⁶ of them.
    private var graphs: [[Step]] {
        (0..<64).map { bits in
            var bit = 0
            return names.indices.map { index in
                let after = names[..<index].filter { _ in
                    defer { bit += 1 }
                    return bits >> bit & 1 == 1
                }
                return step(names[index], after: Array(after))
            }
        }
    }

    private func explore(
        _ schedule: StepSchedule, _ trace: Trace, _ steps: [Step], limit: Int, _ breadcrumb: String
    ) -> Int {
        var schedule = schedule
        var trace = trace
        for next in schedule.next(limit: limit - schedule.runningCount) {
            #expect(next.after.allSatisfy { trace.ended[$0] == "succeeded" }, "\(next.id) too early: \(breadcrumb)")
            #expect(trace.started.insert(next.id).inserted, "\(next.id) starts twice: \(breadcrumb)")
        }
        #expect(schedule.runningCount <= limit)
        let running = trace.started.filter { trace.ended[$0] == nil }.sorted()
        guard !running.isEmpty else {
            #expect(schedule.isFinished, "nothing runs, yet not finished: \(breadcrumb)")
            #expect(trace.ended.count == steps.count, "a step never ended: \(breadcrumb)")
            return 1
        }
        checkInterruption(schedule, trace, running, steps, breadcrumb)
        var paths = 0
        for id in running {
            paths += explore(after: id, fails: false, schedule, trace, steps, limit: limit, breadcrumb)
            paths += explore(after: id, fails: true, schedule, trace, steps, limit: limit, breadcrumb)
        }
        return paths
    }

    private func explore(
        after id: Step.ID, fails: Bool, _ schedule: StepSchedule, _ trace: Trace, _ steps: [Step], limit: Int,
        _ breadcrumb: String
    ) -> Int {
        var schedule = schedule
        var trace = trace
        let breadcrumb = "\(breadcrumb) \(fails ? "✗" : "✓")\(id)"
        trace.end(id, fails ? "failed" : "succeeded", breadcrumb)
        if fails {
            for skip in schedule.failed(id) {
                #expect(skip.because == id)
                trace.end(skip.step.id, "skipped", breadcrumb)
                #expect(!trace.started.contains(skip.step.id), "a started step is skipped: \(breadcrumb)")
            }
        } else {
            schedule.succeeded(id)
        }
        return explore(schedule, trace, steps, limit: limit, breadcrumb)
    }

    private func checkInterruption(
        _ schedule: StepSchedule, _ trace: Trace, _ running: [Step.ID], _ steps: [Step], _ breadcrumb: String
    ) {
        var schedule = schedule
        var trace = trace
        for rest in schedule.interrupt() { trace.end(rest.id, "interrupted", breadcrumb) }
        #expect(schedule.next(limit: 99).isEmpty)
        for id in running {
            trace.end(id, "succeeded", breadcrumb)
            schedule.succeeded(id)
        }
        #expect(schedule.isFinished && trace.ended.count == steps.count, "interrupted at: \(breadcrumb)")
    }

    @Test("every step ends exactly once and none starts early, in all interleavings", arguments: [1, 2, 4])
    func interleavings(limit: Int) throws {
        var paths = 0
        for steps in graphs {
            paths += explore(try StepSchedule(steps), Trace(), steps, limit: limit, "\(steps.map(\.after))")
        }
        #expect(paths > 64)
    }

    @Test("the same holds for large random graphs", arguments: 1...20)
    func randomGraphs(seed: UInt64) throws {
        var random = Randomness(state: seed)
        let names = (0..<200).map(String.init)
        let steps = names.indices.map { index in
            step(
                names[index],
                after: index == 0
                    ? []
                    : (0..<Int.random(in: 0...3, using: &random)).map { _ in
                        names[Int.random(in: 0..<index, using: &random)]
                    })
        }
        var schedule = try StepSchedule(steps.shuffled(using: &random))
        var trace = Trace()
        var running: [Step] = []
        while !schedule.isFinished {
            running += schedule.next(limit: 8 - schedule.runningCount)
            for step in running where !trace.started.contains(step.id) {
                #expect(step.after.allSatisfy { trace.ended[$0] == "succeeded" })
                trace.started.insert(step.id)
            }
            let ending = running.remove(at: Int.random(in: running.indices, using: &random))
            if Int.random(in: 0..<20, using: &random) == 0 {
                trace.end(ending.id, "failed", "seed \(seed)")
                for skip in schedule.failed(ending.id) { trace.end(skip.step.id, "skipped", "seed \(seed)") }
            } else {
                trace.end(ending.id, "succeeded", "seed \(seed)")
                schedule.succeeded(ending.id)
            }
        }
        #expect(trace.ended.count == 200)
    }
}
