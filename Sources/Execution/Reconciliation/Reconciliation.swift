package import Domain
package import Planning

/// An apply as a state machine: told what happened, it says what is to be done next. It calls nothing and waits for
/// nothing, so that the command line, rehearsals and tests drive one and the same.
///
///     observe → plan → ask → approve → run ─┬→ take back           a move that did not come to its point of no return
///                                           ├→ protect             what follows a move that was made
///                                           └→ confirm             done is what is seen to be so
package struct Reconciliation: Sendable {
    /// What one plan of an apply is for.
    package enum Purpose: Hashable, Sendable, CaseIterable {
        /// What the manifests say.
        case reconcile
        /// Takes back moves that were begun and did not come to their point of no return.
        case takeBack
        /// What follows a move: members that were left follow again.
        case protect
        /// Looks at everything once more where nothing failed, since done is what is seen to be so, and not what was
        /// accepted. Nothing is changed but the ledger, which learns what is known of sites that the run itself made.
        case confirm
    }

    /// What happened.
    package enum Event: Sendable {
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
        /// The time has passed that was to be waited for.
        case waited
    }

    /// What is to be done next.
    package enum Action: Sendable {
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
        /// Wait so long: what is missing is on its way.
        case wait(Duration)
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

    /// How often everything is looked at once more at most, while what is missing is on its way.
    private static let looks = 12
    /// Between two such looks.
    private static let betweenLooks: Duration = .milliseconds(700)

    private let options: PlanOptions
    private let protects: Bool
    private let allowsDeferred: Bool
    private var state = State.observing
    private var purpose = Purpose.reconcile
    private var outcome = Outcome()
    /// What is to be done after what goes on now.
    private var later: [(purpose: Purpose, families: Set<String>)] = []
    private var looksTaken = 0

    /// An apply that has not begun.
    ///
    /// - Parameters:
    ///   - options: Flags of the command.
    ///   - protects: Whether what follows a move is planned and done too; a saved plan does exactly what it says.
    ///   - allowsDeferred: Whether deferred work counts as done.
    package init(_ options: PlanOptions, protects: Bool, allowsDeferred: Bool = false) {
        self.options = options
        self.protects = protects
        self.allowsDeferred = allowsDeferred
    }

    /// What is to be done first.
    package func start() -> Action {
        .observe(options, .reconcile)
    }

    /// Learns what happened.
    ///
    /// - Returns: What is to be done next; the end, when it happened out of turn.
    package mutating func handle(_ event: Event) -> Action {
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
        case (.waiting, .waited):
            state = .observing
            return .observe(optionsOfConfirming, .confirm)
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
        case .confirm where plan.isSettling && looksTaken < Self.looks:
            looksTaken += 1
            state = .waiting
            return .wait(Self.betweenLooks)
        case .confirm where plan.hasSteps:
            outcome.parts.append(Outcome.Part(purpose: purpose, plan: plan, report: nil))
            return end()
        case .reconcile where plan.hasSteps, .takeBack where plan.hasSteps, .protect where plan.hasSteps:
            state = .running(plan)
            return .run(plan, purpose)
        case .reconcile, .takeBack, .protect, .confirm:
            outcome.parts.append(Outcome.Part(purpose: purpose, plan: plan, report: nil))
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
        guard let (next, families) = later.isEmpty ? nil : later.removeFirst() else { return confirm() }
        purpose = next
        state = .observing
        var options = options
        if next == .takeBack { options.reverted = families }
        options.families = families
        return .observe(options, next)
    }

    /// Nothing is confirmed of a run that failed, or of one that did nothing.
    private mutating func confirm() -> Action {
        let isClean = outcome.exitCode(allowsDeferred: allowsDeferred, signal: .interrupted) == .success
        guard purpose != .confirm, outcome.hasRun, isClean || outcome.leavesUnknown else { return end() }
        purpose = .confirm
        state = .observing
        return .observe(optionsOfConfirming, .confirm)
    }

    private var optionsOfConfirming: PlanOptions {
        var options = options
        options.rerunsHooks = false
        return options
    }

    private mutating func end() -> Action {
        state = .over
        return .end(outcome)
    }
}

extension Recorded {
    /// Families whose move in a plan was begun, and has not come to its point of no return.
    package func begunMoves(of plan: Plan) -> Set<String> {
        Set(plan.moves.map(\.family).filter { moves[$0]?.open.map { !$0.isPast } ?? false })
    }

    /// Families whose move in a plan was made.
    func madeMoves(of plan: Plan) -> Set<String> {
        Set(plan.moves.filter { moves[$0.family]?.serving?.epoch == $0.epoch }.map(\.family))
    }
}

extension RunReport {
    /// Whether every step was done.
    package var isWhole: Bool { outcomes.allSatisfy { $0.result == .succeeded } }
}

extension Reconciliation.Outcome {
    /// Whether something was published of sites that the run itself made, so that the ledger does not know it yet.
    fileprivate var leavesUnknown: Bool {
        guard let first, let report = first.report else { return false }
        return first.plan.publishesUnknown && report.isWhole && report.journalFailure == nil
    }
}

extension Plan {
    /// Whether nothing is left but what can be expected to come by itself within seconds.
    fileprivate var isSettling: Bool {
        let gaps = groups.filter { !$0.isProtected }.flatMap(\.gaps)
        return !hasSteps && refusals.isEmpty && decisions.isEmpty && deferred.isEmpty && !gaps.isEmpty
            && gaps.allSatisfy(\.mayPass)
    }
}
