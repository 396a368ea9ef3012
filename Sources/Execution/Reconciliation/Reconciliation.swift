public import Domain
public import Planning

/// An apply as a state machine: told what happened, it says what is to be done next. It calls nothing and waits for
/// nothing, so that the command line, rehearsals and tests drive one and the same.
///
///     observe → plan → ask → approve → run ─┬→ take back           a move that did not come to its point of no return
///                                           ├→ learn               what was published of sites the run itself made
///                                           └→ protect             what follows a move that was made
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
        /// It is over.
        case end(Outcome)
    }

    private enum State: Sendable {
        case observing
        case asking(PlanDraft)
        case approving(Plan)
        case running(Plan)
        case refreshing
        case over
    }

    private let options: PlanOptions
    private let protects: Bool
    private var state = State.observing
    private var purpose = Purpose.reconcile
    private var outcome = Outcome()
    /// What is to be done after what goes on now.
    private var later: [(purpose: Purpose, families: Set<String>)] = []

    /// An apply that has not begun.
    ///
    /// - Parameters:
    ///   - options: Flags of the command.
    ///   - protects: Whether what follows a move is planned and done too; a saved plan does exactly what it says.
    public init(_ options: PlanOptions, protects: Bool) {
        self.options = options
        self.protects = protects
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
        case (.refreshing, .refreshed): return next()
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
        guard purpose != .reconcile else {
            state = .approving(draft.plan)
            return .approve(draft.plan)
        }
        return carryOut(draft.plan)
    }

    private mutating func carryOut(_ plan: Plan) -> Action {
        switch purpose {
        case .learn where plan.hasSteps: return next()
        case .reconcile where plan.hasSteps, .takeBack where plan.hasSteps, .protect where plan.hasSteps:
            state = .running(plan)
            return .run(plan, purpose)
        case .reconcile, .takeBack, .protect, .learn:
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
        guard !later.isEmpty else { return end() }
        let (next, families) = later.removeFirst()
        purpose = next
        state = .observing
        var options = options
        switch next {
        case .reconcile, .learn: break
        case .takeBack:
            options.reverted = families
            options.families = families
        case .protect:
            options.families = families
        }
        return .observe(options, next)
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
    public var isWhole: Bool { outcomes.allSatisfy { $0.result == .succeeded } }
}
