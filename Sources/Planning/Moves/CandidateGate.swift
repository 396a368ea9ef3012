import Domain

/// Whether the topics of the member that becomes primary can serve: what they are decides what leads out.
extension Facts {
    func candidate(_ draft: MoveDraft) -> [GateFinding] {
        guard silence(ofCluster: draft.target) == nil else { return [] }
        let byRemedy = Dictionary(grouping: draft.promotions.obstacles, by: \.reason.remedy)
        return CandidateRemedy.allCases.compactMap { remedy in
            byRemedy[remedy].map { obstacles in
                let leaving = leaving(obstacles.map(\.topic), draft)
                return GateFinding(
                    gate: .candidate,
                    reason: .candidate(
                        .topics(obstacles, remedy, epoch: draft.situation.epoch, leaving: leaving)))
            }
        } + leavingEverything(draft)
    }

    /// A move that moves no topic would send clients away from all of their records.
    fileprivate func leavingEverything(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.topics.isEmpty, draft.topics.isSubset(of: draft.promotions.left) else { return [] }
        return [
            GateFinding(gate: .candidate, reason: .candidate(.everythingLeft(draft.promotions.left)))
        ]
    }

    /// Topics that could be left behind; `nil` when nothing would be left to move.
    func leaving(_ topics: [String], _ draft: MoveDraft) -> [String]? {
        let others = draft.topics.subtracting(draft.promotions.left).subtracting(topics)
        return others.isEmpty ? nil : topics.sorted()
    }
}

extension GroupPhase {
    /// What the server itself says to the verbs, without doing them.
    mutating func refusedByTheServer(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast, draft.promotions.obstacles.isEmpty, facts.silence(ofCluster: draft.target) == nil else {
            return []
        }
        var refused: [String: String] = [:]
        for (verb, mirrors) in draft.promotions.batches(on: draft.target)
        where draft.promotions.resumes[mirrors.link] == nil && draft.promotions.waits[mirrors.link] == nil {
            // What ends already is accepted by no verb but a failover, and needs none.
            let topics = mirrors.topics.filter { verb == .failover || !isEnding($0, on: draft.target) }
            guard !topics.isEmpty else { continue }
            let asked = LinkedMirrors(cluster: mirrors.cluster, link: mirrors.link, topics: topics)
            guard case .refusals(let reasons)? = answer(to: .promotion(verb, asked)) else { continue }
            refused.merge(reasons) { $1 }
        }
        guard !refused.isEmpty else { return [] }
        let rejected = refused.sorted { $0.key < $1.key }.map { RejectedTopic(topic: $0.key, answer: $0.value) }
        return [
            GateFinding(
                gate: .candidate,
                reason: .candidate(.rejected(rejected, leaving: facts.leaving(Array(refused.keys), draft))))
        ]
    }
}

extension GroupPhase {
    private func isEnding(_ topic: String, on cluster: String) -> Bool {
        let status = facts.index.mirrors[cluster]?[topic]?.status
        return status == .pendingStopped || status == .pendingSynchronize
    }
}

extension PlanningPhase {
    mutating func answer(to probe: Probe) -> ProbeAnswer? {
        if let answer = answers[probe] { return answer }
        written.probes.insert(probe)
        return nil
    }
}

extension Promotions.Obstacle.Reason {
    fileprivate var remedy: CandidateRemedy {
        switch self {
        case .noCopy, .leftWithoutCopy: .mirror
        case .staleCopy, .endedByHand, .ordinary: .reconcile
        case .mirrors: .follow
        case .status: .repair
        case .isCut: .wait
        }
    }
}
