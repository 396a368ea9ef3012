package import Planning

/// Which step may start when: told how steps end, it answers with what follows from that. It waits for nothing and
/// calls nothing.
///
/// Over the life of a schedule all calls together take time linear in the number of steps and dependencies.
package struct StepSchedule: Sendable {
    /// What makes a list of steps impossible to run.
    package enum Flaw: Error, Hashable, Sendable {
        /// Two steps have the same id.
        case duplicate(Step.ID)
        /// A step waits for one that is not in the list.
        case unknownDependency(of: Step.ID, on: Step.ID)
        /// Each of these steps waits for the next, and the last for the first.
        case cycle([Step.ID])
    }

    /// A step that will not run because another failed.
    package struct Skip: Hashable, Sendable {
        package let step: Step
        /// The step whose failure is the root cause.
        package let because: Step.ID
    }

    private enum Phase: Equatable {
        case waiting(unmet: Int)
        case ready
        case running
        case ended
    }

    private let steps: [Step]
    private let positions: [Step.ID: Int]
    private let dependants: [[Int]]
    private var phases: [Phase]
    private var queue: [Int]
    private var queueHead = 0
    /// Number of steps that were handed out and have not ended.
    package private(set) var runningCount = 0
    /// Number of steps that have not ended.
    package private(set) var unfinishedCount: Int

    /// A schedule in which nothing has started.
    ///
    /// - Throws: ``Flaw`` when ids repeat, a dependency is unknown, or steps wait for each other.
    package init(_ steps: [Step]) throws(Flaw) {
        let positions = try Self.positions(of: steps)
        let dependants = try Self.dependants(in: steps, positions: positions)
        self.steps = steps
        self.positions = positions
        self.dependants = dependants
        self.phases = steps.map { $0.after.isEmpty ? .ready : .waiting(unmet: $0.after.count) }
        self.queue = steps.indices.filter { steps[$0].after.isEmpty }
        self.unfinishedCount = steps.count
        if let cycle = Self.cycle(in: steps, positions: positions, dependants: dependants) { throw .cycle(cycle) }
    }

    /// Whether every step has ended.
    package var isFinished: Bool { unfinishedCount == 0 }

    /// Hands out steps whose dependencies have all succeeded, in the order in which they became ready; those that
    /// became ready together come in the order of the list.
    ///
    /// - Parameter limit: How many effectful steps to hand out at most; steps that change only the ledger are free.
    package mutating func next(limit: Int) -> [Step] {
        var batch: [Step] = []
        var calls = 0
        while queueHead < queue.count {
            let position = queue[queueHead]
            let step = steps[position]
            if phases[position] == .ready {
                if step.isEffectful {
                    guard calls < limit else { break }
                    calls += 1
                }
                phases[position] = .running
                runningCount += 1
                batch.append(step)
            }
            queueHead += 1
        }
        return batch
    }

    /// Learns that a running step succeeded; what it held back may become ready. Ids that are not running change
    /// nothing.
    package mutating func succeeded(_ id: Step.ID) {
        guard let position = endRunning(id) else { return }
        for dependant in dependants[position] {
            guard case .waiting(let unmet) = phases[dependant] else { continue }
            if unmet > 1 {
                phases[dependant] = .waiting(unmet: unmet - 1)
            } else {
                phases[dependant] = .ready
                queue.append(dependant)
            }
        }
    }

    /// Learns that a running step failed.
    ///
    /// - Returns: Every step that can no longer run because of it and was not reported before, nearest first.
    package mutating func failed(_ id: Step.ID) -> [Skip] {
        guard let position = endRunning(id) else { return [] }
        var skips: [Skip] = []
        var front = [position]
        var next = 0
        while next < front.count {
            for dependant in dependants[front[next]] where phases[dependant] != .ended {
                phases[dependant] = .ended
                unfinishedCount -= 1
                skips.append(Skip(step: steps[dependant], because: id))
                front.append(dependant)
            }
            next += 1
        }
        return skips
    }

    /// Learns that nothing new may start.
    ///
    /// - Parameter unsent: Steps that were handed out and whose calls were not sent.
    /// - Returns: Every step that therefore does not run, in the order of the list; running ones may still end.
    package mutating func interrupt(withdrawing unsent: [Step.ID] = []) -> [Step] {
        for id in unsent {
            guard let position = positions[id], phases[position] == .running else { continue }
            phases[position] = .ready
            runningCount -= 1
        }
        var rest: [Step] = []
        for position in steps.indices where phases[position] != .running && phases[position] != .ended {
            phases[position] = .ended
            rest.append(steps[position])
        }
        unfinishedCount -= rest.count
        queueHead = queue.count
        return rest
    }

    private mutating func endRunning(_ id: Step.ID) -> Int? {
        guard let position = positions[id], phases[position] == .running else { return nil }
        phases[position] = .ended
        runningCount -= 1
        unfinishedCount -= 1
        return position
    }
}

extension StepSchedule {
    private static func positions(of steps: [Step]) throws(Flaw) -> [Step.ID: Int] {
        var positions: [Step.ID: Int] = [:]
        positions.reserveCapacity(steps.count)
        for (position, step) in steps.enumerated() {
            guard positions.updateValue(position, forKey: step.id) == nil else { throw .duplicate(step.id) }
        }
        return positions
    }

    private static func dependants(in steps: [Step], positions: [Step.ID: Int]) throws(Flaw) -> [[Int]] {
        var dependants = Array(repeating: [Int](), count: steps.count)
        for (position, step) in steps.enumerated() {
            for id in step.after {
                guard let dependency = positions[id] else { throw .unknownDependency(of: step.id, on: id) }
                dependants[dependency].append(position)
            }
        }
        return dependants
    }

    /// A cycle among the steps, each waiting for the next; `nil` when there is an order.
    private static func cycle(in steps: [Step], positions: [Step.ID: Int], dependants: [[Int]]) -> [Step.ID]? {
        var unmet = steps.map(\.after.count)
        var free = steps.indices.filter { unmet[$0] == 0 }
        var next = 0
        while next < free.count {
            for dependant in dependants[free[next]] {
                unmet[dependant] -= 1
                if unmet[dependant] == 0 { free.append(dependant) }
            }
            next += 1
        }
        guard var current = steps.indices.first(where: { unmet[$0] > 0 }) else { return nil }
        var walk: [Int] = []
        var met: [Int: Int] = [:]
        while met[current] == nil {
            met[current] = walk.count
            walk.append(current)
            let blocking = steps[current].after.lazy.compactMap { positions[$0] }.first { unmet[$0] > 0 }
            guard let blocking else { return nil }
            current = blocking
        }
        return walk[(met[current] ?? 0)...].map { steps[$0].id }
    }
}
