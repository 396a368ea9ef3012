import Domain
import Execution
import Planning

/// Applies, as the command does them.
extension History {
    /// Plans and applies once, as the command does: a run whose move failed before its point of no return takes it back.
    ///
    /// - Parameter protects: Whether what follows a move that was made is done in the same run.
    mutating func apply(
        _ disturbance: Deed.Disturbance? = nil, order: UInt64? = nil, _ meanwhile: [Deed.Meanwhile] = [],
        protects: Bool = false
    ) {
        lastExit = nil
        var reconciliation = Reconciliation(options, protects: protects || endsAsCommands)
        var action = reconciliation.start()
        var flags = options
        wasUndone = false
        while true {
            switch action {
            case .observe(let options, _):
                flags = options
                action = reconciliation.handle(.observed(input(options)))
            case .ask(let probes): action = reconciliation.handle(.answered(answers(to: probes)))
            case .approve(let plan):
                coverage.see(plan, world, workspace)
                lastPlan = plan
                olderLedgers.append(world.ledger)
                action = reconciliation.handle(.approved)
            case .refresh(let plan, .confirm):
                for step in plan.ledgerRefresh { learn(step, actor) }
                note(actor)
                action = reconciliation.handle(.refreshed)
            case .run(let plan, .reconcile), .refresh(let plan, .reconcile):
                guard let report = run(plan, facts(flags), disturbance, order, meanwhile) else { return }
                wasClean = report.outcomes.allSatisfy { $0.result == .succeeded }
                action = reconciliation.handle(plan.hasSteps ? .ran(report, world.ledger) : .refreshed)
            case .run(let plan, let purpose), .refresh(let plan, let purpose):
                wasUndone = purpose == .takeBack
                guard let report = run(plan, facts(flags), nil, nil, [], isUndoing: wasUndone) else { return }
                action = reconciliation.handle(plan.hasSteps ? .ran(report, world.ledger) : .refreshed)
            case .wait:
                perform(.settle)
                action = reconciliation.handle(.waited)
            case .end(let outcome):
                lastExit = outcome.exitCode(allowsDeferred: false, signal: .interrupted)
                return
            }
        }
    }

    /// - Returns: How the steps ended; `nil` when the run was killed.
    private mutating func run(
        _ plan: Plan, _ facts: [FamilyFacts], _ disturbance: Deed.Disturbance?, _ order: UInt64?,
        _ meanwhile: [Deed.Meanwhile], isUndoing: Bool = false
    ) -> RunReport? {
        var open = begin(plan, facts)
        let startedAt = world.time
        var random = order.map { SplitMix(seed: $0) }
        var outcomes: [Step.ID: StepOutcome] = [:]
        var done: Set<Step.ID> = []
        var number = 0
        func note(_ step: Step, _ result: StepOutcome.Result) {
            outcomes[step.id] = StepOutcome(step: step, result: result, startedAt: startedAt, endedAt: world.time)
        }
        while true {
            let ready = open.indices.filter { done.isSuperset(of: open[$0].after) }
            guard let first = ready.first else { break }
            let step = open.remove(at: random?.pick(ready) ?? first)
            for surprise in meanwhile where surprise.step == number { for deed in surprise.deeds { perform(deed) } }
            defer { number += 1 }
            guard let disturbance, disturbance.step == number else {
                let didSucceed = attempt(step, isSurprised: !meanwhile.isEmpty)
                if didSucceed { done.insert(step.id) }
                note(step, didSucceed ? .succeeded : .failed(Self.failure(.none)))
                continue
            }
            disturb(step, disturbance.manner)
            if disturbance.kills {
                end(plan, isKilled: true)
                return nil
            }
            note(step, .failed(Self.failure(step.isEffectful ? disturbance.manner.effect : .none)))
        }
        for step in open { note(step, .interrupted) }
        let isClean = outcomes.values.allSatisfy { $0.result == .succeeded }
        end(plan, isKilled: false, isUndone: isUndoing, isClean: isClean)
        return RunReport(
            runID: "run-\(runs)", startedAt: startedAt, endedAt: world.time, outcomes: Array(outcomes.values),
            wasInterrupted: false)
    }

    private static func failure(_ effect: StepFailure.Effect) -> StepFailure {
        StepFailure(.rejected, "it does not work", effect: effect)
    }
}

extension Deed.Disturbance.Manner {
    /// What whoever sent the step knows of it.
    fileprivate var effect: StepFailure.Effect {
        switch self {
        case .before: .none
        case .unheard: .unknown
        case .half: .some
        }
    }
}
