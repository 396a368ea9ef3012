public import Domain
public import Planning

/// An apply as a state machine: told what happened, it says what is to be done next. It calls nothing and waits for
/// nothing, so that the command line, rehearsals and tests drive one and the same.
///
///     observe → plan → ask → approve → run ─┬→ take back           a move that did not come to its point of no return
///                                           ├→ learn               what was published of sites the run itself made
///                                           ├→ protect             what follows a move that was made
///                                           └→ look again          whether it is so, when nothing failed
public struct Reconciliation: Sendable {
    /// What one plan of an apply is for.
    public enum Purpose: Hashable, Sendable, CaseIterable {
        /// What the manifests say.
        case reconcile
        /// Takes back moves that were begun and did not come to their point of no return.
        case takeBack
        /// What is known of what was published, now that the sites exist that the run made.
        case learn
        /// What follows a move: members that were left follow again.
        case protect
        /// Whether everything is so: done is what is seen to be, and not what was accepted.
        case lookAgain
    }

    /// What happened.
    public enum Event: Sendable {
        /// The live systems were read.
        case observed(PlanInput)
        /// They answered what they were asked.
        case answered([Probe: ProbeAnswer])
        /// The plan may be carried out.
        case approved
        /// What follows a move may not be carried out now.
        case declined
        /// Steps were performed; the ledger as it is since.
        case ran(RunReport, Recorded)
        /// Rows of the ledger were brought up to what is live.
        case refreshed
        /// A moment has passed.
        case waited
    }

    /// What is to be done next.
    public enum Action: Sendable {
        /// Read the live systems, for a plan with these options.
        case observe(PlanOptions, Purpose)
        /// Ask the live systems.
        case ask([Probe])
        /// Show the plan, and see whether it may be carried out; one without steps needs nobody's consent.
        case approve(Plan)
        /// Perform the steps of a plan.
        case run(Plan, Purpose)
        /// Bring rows of the ledger up to what is live and wanted already.
        case refresh(Plan, Purpose)
        /// Let a moment pass: nothing is left but what can be expected to come by itself within seconds.
        case wait
        /// It is over.
        case end(Outcome)
    }

    private enum State: Sendable {
        case observing
        case asking(PlanDraft)
        case approving(Plan)
        case running(Plan)
        case refreshing
        case waiting
        case over
    }

    /// How often the live systems are looked at again while what is missing is on its way.
    private static let looks = 12

    private let options: PlanOptions
    private let protects: Bool
    private let allowsDeferred: Bool
    private var state = State.observing
    private var purpose = Purpose.reconcile
    private var outcome: Outcome
    /// What is to be done after what goes on now.
    private var later: [(purpose: Purpose, families: Set<String>)] = []
    /// How often everything was looked at since the last step.
    private var looked = 0

    /// An apply that has not begun.
    ///
    /// - Parameters:
    ///   - options: Flags of the command.
    ///   - protects: Whether what follows a move is planned and done too; a saved plan does exactly what it says.
    ///   - allowsDeferred: Whether what was not seen, and what waits for it, counts as done.
    public init(_ options: PlanOptions, protects: Bool, allowsDeferred: Bool) {
        self.options = options
        self.protects = protects
        self.allowsDeferred = allowsDeferred
        outcome = Outcome(allowsDeferred: allowsDeferred)
    }

    /// What is to be done first.
    public func start() -> Action {
        .observe(options, .reconcile)
    }

    /// Learns what happened.
    ///
    /// - Returns: What is to be done next; the end, when it happened out of turn.
    public mutating func handle(_ event: Event) -> Action {
        switch (state, event) {
        case (.observing, .observed(let input)): return proceed(PlanDraft(input))
        case (.asking(var draft), .answered(let answers)):
            draft.take(answers)
            return proceed(draft)
        case (.approving(let plan), .approved): return carryOut(plan)
        case (.running(let plan), .declined):
            outcome.parts.append(Outcome.Part(purpose: purpose, plan: plan, report: nil, isDeclined: true))
            return next()
        case (.running(let plan), .ran(let report, let recorded)): return conclude(plan, report, recorded)
        case (.refreshing, .refreshed): return purpose == .lookAgain ? end() : next()
        case (.waiting, .waited): return lookAgain()
        default: return end()
        }
    }
}

extension Reconciliation {
    private mutating func proceed(_ draft: PlanDraft) -> Action {
        guard draft.questions.isEmpty else {
            state = .asking(draft)
            return .ask(draft.questions)
        }
        switch purpose {
        case .reconcile:
            state = .approving(draft.plan)
            return .approve(draft.plan)
        case .lookAgain: return take(draft.plan)
        case .takeBack, .protect, .learn: return carryOut(draft.plan)
        }
    }

    private mutating func carryOut(_ plan: Plan) -> Action {
        switch purpose {
        case .learn where plan.hasSteps: return next()
        case .reconcile where plan.hasSteps, .takeBack where plan.hasSteps, .protect where plan.hasSteps:
            state = .running(plan)
            return .run(plan, purpose)
        case .reconcile, .takeBack, .protect, .learn, .lookAgain:
            if purpose != .learn { outcome.parts.append(Outcome.Part(purpose: purpose, plan: plan, report: nil)) }
            state = .refreshing
            return .refresh(plan, purpose)
        }
    }

    private mutating func conclude(_ plan: Plan, _ report: RunReport, _ recorded: Recorded) -> Action {
        outcome.parts.append(Outcome.Part(purpose: purpose, plan: plan, report: report))
        if purpose == .reconcile, report.journalFailure == nil { later = followUps(plan, report, recorded) }
        return next()
    }

    private func followUps(
        _ plan: Plan, _ report: RunReport, _ recorded: Recorded
    ) -> [(purpose: Purpose, families: Set<String>)] {
        var later: [(purpose: Purpose, families: Set<String>)] = []
        if plan.publishesUnknown, report.isWhole { later.append((.learn, [])) }
        let begun = recorded.begunMoves(of: plan)
        if !begun.isEmpty {
            later.append((.takeBack, begun))
        } else {
            let made = recorded.madeMoves(of: plan)
            if protects, !made.isEmpty, !report.wasInterrupted { later.append((.protect, made)) }
        }
        return later
    }

    private mutating func next() -> Action {
        guard !later.isEmpty else {
            let isDone = outcome.hasRun && outcome.exitCode(signal: .interrupted) == .success
            return isDone ? lookAgain() : end()
        }
        let (next, families) = later.removeFirst()
        purpose = next
        state = .observing
        var options = options
        switch next {
        case .reconcile, .learn, .lookAgain: break
        case .takeBack:
            options.reverted = families
            options.families = families
        case .protect:
            options.families = families
        }
        return .observe(options, next)
    }

    private mutating func lookAgain() -> Action {
        looked += 1
        purpose = .lookAgain
        state = .observing
        var options = options
        options.rerunsHooks = false
        return .observe(options, .lookAgain)
    }

    /// Takes what was seen in the end; what is on its way may come first.
    private mutating func take(_ plan: Plan) -> Action {
        if plan.isSettling, looked < Self.looks {
            state = .waiting
            return .wait
        }
        outcome.left = plan
        guard !plan.hasSteps else { return end() }
        state = .refreshing
        return .refresh(plan, .lookAgain)
    }

    private mutating func end() -> Action {
        state = .over
        return .end(outcome)
    }
}

extension Recorded {
    /// Families whose move in a plan was begun, and has not come to its point of no return.
    public func begunMoves(of plan: Plan) -> Set<String> {
        Set(plan.moves.map(\.family).filter { moves[$0]?.open.map { !$0.isPast } ?? false })
    }

    /// Families whose move in a plan was made.
    func madeMoves(of plan: Plan) -> Set<String> {
        Set(plan.moves.filter { moves[$0.family]?.serving?.epoch == $0.epoch }.map(\.family))
    }
}

extension RunReport {
    /// Whether every step was done.
    var isWhole: Bool { outcomes.allSatisfy { $0.result == .succeeded } }
}

extension Plan {
    /// Whether nothing is left but what can be expected to come by itself within seconds.
    fileprivate var isSettling: Bool {
        let gaps = groups.filter { !$0.isProtected }.flatMap(\.gaps)
        return !hasSteps && refusals.isEmpty && decisions.isEmpty && deferred.isEmpty && !gaps.isEmpty
            && gaps.allSatisfy(\.mayPass)
    }
}
