import Domain

/// In which order a move goes: a switchover, a failover, and what both end with. What a step needs to be built stands
/// beside what it is about (`MoveSteps`, `SchemaMoves`, `QuietLinks`); what follows a move is ordered by ``ReturnOrder``.
struct MoveOrder {
    let facts: Facts
    let draft: MoveDraft
    var graph: StepGraph

    /// The steps of a move, each with those that must have happened before.
    static func graph(of draft: MoveDraft, _ facts: Facts) -> StepGraph {
        var order = MoveOrder(facts: facts, draft: draft, graph: StepGraph(draft.family.address(of: .served)))
        switch draft.kind {
        case .switchover: order.switchover()
        case .failover: order.failover()
        }
        return order.graph
    }

    /// Both sides answer: nothing is promoted before writers are kept out, and everything that they wrote has arrived.
    private mutating func switchover() {
        let opened = draft.open?.kind == .switchover ? amend() : open(after: crossCanaries())
        guard !draft.isPast || !draft.promotions.isEmpty || !draft.promotions.diverged.isEmpty else {
            return succession(after: opened)
        }
        let ready = quietenLinks(Facts.copySync, after: opened) + resume(after: opened)
        let brought = bringSchemas(after: opened)
        let fenced = fenceOff(after: brought)
        graph.bestEffort = Set(fenceOthers(after: opened))
        let proven = verifyFence(after: fenced + ready)
        let drained = drain(after: proven + ready)
        let compared = compareSchemas(after: fenced + brought)
        let paused = pauseExporter(after: compared + drained)
        let past = pointOfNoReturn(after: opened + ready + fenced + proven + drained + compared + paused)
        let ended = endMirrors(after: past)
        succession(after: ended.isEmpty ? past : ended)
    }

    /// The old side is lost: what is tried there holds nothing up.
    private mutating func failover() {
        let opened = (draft.open == nil ? open(after: []) : downgrade()) + amend()
        graph.bestEffort = Set(fenceOthers(after: opened))
        if draft.holder != draft.target {
            graph.bestEffort.formUnion(fenceOff(after: opened) + pauseExporter(after: opened))
        }
        let past = pointOfNoReturn(after: opened)
        let ended = endMirrors(after: past) + detach(after: past) + createMissing(after: past)
        succession(after: ended.isEmpty ? past : ended)
    }

    /// The new side is made ready, a record is written there, and it serves: clients are sent there behind that.
    private mutating func succession(after ended: [Step.ID]) {
        let flags = draft.kind == .failover ? Facts.copySync + [Facts.offsetSync] : [Facts.offsetSync]
        let ready = quietenLinks(flags, after: ended) + letWritersIn(after: ended) + openRegistry(after: ended)
        let written = writeCanaries(after: ended + ready)
        graph.record("served", .served(demoted: facts.demotions(draft)), after: ended + ready + written)
    }

    private mutating func open(after before: [Step.ID]) -> [Step.ID] {
        [graph.record("open", .opened(facts.move(draft)), after: before)]
    }

    private mutating func pointOfNoReturn(after proofs: [Step.ID]) -> [Step.ID] {
        draft.isPast ? proofs : [graph.record("past", .past, after: proofs)]
    }
}

/// In which order copies that were left become mirrors again: writers are kept out, clients are moved, consents are on
/// record and the holder is seen once more; then copies are replaced, wave by wave; then writers are let in again where
/// nothing stands apart any more, and the member has returned.
enum ReturnOrder {
    /// What must have happened before copies of a member may be replaced.
    static func beforeConfirming(_ member: String, _ family: GroupFamily, _ bindings: [ResourceAddress])
        -> [ResourceAddress]
    {
        bindings + [family.address(of: .fenced(member: member))]
    }

    /// What must have happened before the copy of a topic is replaced.
    static func beforeReplacing(_ topic: String, _ plan: ReturnPlan) -> [ResourceAddress] {
        [plan.confirmation] + plan.topicsBefore(topic).map { ResourceAddress(.mirror, in: plan.member, $0) }
    }

    /// What must have happened before a fence falls, or the registry of the member is one that follows.
    static func beforeLettingIn(_ plan: ReturnPlan) -> [ResourceAddress] {
        plan.topics.map { ResourceAddress(.mirror, in: plan.member, $0) }
    }
}
