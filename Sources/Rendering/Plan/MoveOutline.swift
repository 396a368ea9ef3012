import Domain
import Planning

/// The steps of a move by what they are for, in the order they begin.
struct MoveOutline {
    /// Steps for one part.
    struct Phase {
        let part: MovePart
        let steps: [Step]
    }

    let phases: [Phase]
    /// Whether the plan passes the point of no return; `false` when an earlier run did.
    let passesPoint: Bool

    init(_ move: Plan.Move, in plan: Plan) {
        let own = ResourceAddress(.group, move.family)
        let steps = plan.steps.filter { step in
            switch step.action {
            case .binding(.publish(let publication)): publication.group.map(move.groups.contains) ?? false
            case .hook(.runHook(let call)): call.group.map(move.groups.contains) ?? false
            default: step.address == own
            }
        }
        passesPoint = steps.contains(where: \.isPointOfNoReturn)
        var behind = Set(passesPoint ? [] : steps.map(\.id))
        var byPart: [MovePart: [Step]] = [:]
        for step in steps {
            if step.isPointOfNoReturn || step.after.contains(where: behind.contains) { behind.insert(step.id) }
            guard !step.isPointOfNoReturn else { continue }
            let part = step.part(in: move.kind, isBehindPoint: behind.contains(step.id))
            byPart[part, default: []].append(step)
        }
        phases = MovePart.allCases.compactMap { part in byPart[part].map { Phase(part: part, steps: $0) } }
    }

    /// The words of a phase's steps; like steps that are many become one line, and what only the ledger learns on the
    /// way is shown with `expand` alone.
    static func lines(of phase: Phase, expand: Bool) -> [String] {
        let shown = expand ? phase.steps : phase.steps.filter { !$0.isIntermediateRecord }
        return shown.grouped(by: \.action.facts.verb).flatMap { _, steps -> [String] in
            guard !expand, steps.count > ChangeFold.limit, let first = steps.first else { return steps.map(\.words) }
            return ["\(first.action.verbForms.plain) \(Words.few(steps.map(\.subject)))"]
        }
    }
}

extension Step {
    /// Whether it records that the first call that cannot be undone is about to be sent.
    fileprivate var isPointOfNoReturn: Bool {
        if case .move(_, .past) = ledger { true } else { false }
    }

    /// Whether it records an intent or outcome beside the steps that people follow.
    fileprivate var isIntermediateRecord: Bool {
        guard case .ledger(.record) = action else { return false }
        switch ledger {
        case .move(_, .opened), .move(_, .downgraded), .move(_, .amended), .move(_, .served): return false
        default: return true
        }
    }

    fileprivate func part(in kind: RecordedMoves.Kind, isBehindPoint: Bool) -> MovePart {
        if case .move(_, .fencing) = ledger { return .fence }
        switch action.facts.part {
        // Nothing drains a side that is lost: what is stopped there only writes no more.
        case .drain? where kind == .failover: return .fence
        case let part?: return part
        case nil: return isBehindPoint ? .ready : .prepare
        }
    }
}

extension MovePart {
    /// Whether steps of it come before the first call that cannot be undone.
    var isBeforePoint: Bool { [.prepare, .fence, .drain].contains(self) }

    /// What a phase of a move does, in a few words.
    func title(of move: Plan.Move) -> String {
        switch self {
        case .prepare: return "prepare"
        case .fence:
            return move.kind == .failover
                ? "fence \(move.from), beside everything else: nothing waits for it" : "fence \(move.from)"
        case .drain: return "drain: \(move.to) catches up with \(move.from)"
        case .end: return "make the topics of \(move.to) writable"
        case .ready: return "make \(move.to) ready for clients"
        case .publish: return "move clients to \(move.to)"
        case .restart: return "restart clients"
        }
    }
}
