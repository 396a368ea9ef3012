import Domain

/// An answer is life: a failover loses what a switchover keeps, so that it is refused while the old primary is there.
extension GroupPhase {
    mutating func alive(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast, draft.situation.source != draft.target, let evidence = evidenceOfLife(draft) else {
            return []
        }
        let hindrances = facts.membersInTheWay(of: draft, kind: .switchover)
        return [
            GateFinding(
                gate: .alive, reason: .members(.alive(evidence, hindrances: hindrances)), field: "spec.failover",
                override: .alive)
        ]
    }

    /// Why the old primary is taken to be there; `nil` when nothing shows it.
    private mutating func evidenceOfLife(_ draft: MoveDraft) -> LifeSign? {
        let following = facts.activeMirrors(draft)
        let count = following.reduce(0) { $0 + $1.topics.count }
        guard count > 0 else { return nil }
        if observation.clusters[draft.holder]?.snapshot != nil { return .mirrors(count) }
        switch observation.clusters[draft.holder]?.signOfLife {
        case .throttled?: return .answersThrottled
        case .partial?: return .answersInPart
        case .unusable?, .trickling?, SignOfLife.none?, nil: break
        }
        for mirrors in following {
            guard case .movement(let advanced, let given)? = answer(to: .movement(mirrors, source: draft.holder)) else {
                continue
            }
            if let sign = given.lifeSign { return sign }
            if advanced { return .records }
        }
        return nil
    }
}

extension Facts {
    /// What the old primary answers that is no proof of life, and that nothing else proved either.
    func unusableAnswers(_ draft: MoveDraft) -> [String] {
        guard draft.kind == .failover, !draft.isPast else { return [] }
        for mirrors in activeMirrors(draft) {
            guard case .movement(false, .unusable(let answer))? = answers[.movement(mirrors, source: draft.holder)]
            else {
                continue
            }
            return ["\(draft.holder) answers \(answer), and nothing arrives from it"]
        }
        return []
    }

    /// Mirrors of the old primary on the new one that say they are ACTIVE, by link.
    fileprivate func activeMirrors(_ draft: MoveDraft) -> [LinkedMirrors] {
        let rows = (index.mirrors[draft.target] ?? [:]).values.filter { row in
            row.status == .active && draft.topics.contains(row.topic)
                && member(draft.family, atTheOtherEndOf: row.link, on: draft.target) == draft.holder
        }
        return Dictionary(grouping: rows, by: \.link).sorted { $0.key < $1.key }.map { link, rows in
            LinkedMirrors(cluster: draft.target, link: link, topics: rows.map(\.topic).sorted())
        }
    }
}

extension SourceAnswer {
    /// What shows that a cluster is there; `nil` when it shows nothing.
    fileprivate var lifeSign: LifeSign? {
        switch self {
        case .usable: .answers
        case .partial: .answersInPart
        case .throttled: .answersThrottled
        case .silent, .unusable: nil
        }
    }
}
