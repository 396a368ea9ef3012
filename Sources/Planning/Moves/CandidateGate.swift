import Domain

/// Whether the topics of the member that becomes primary can serve: what they are decides what leads out.
extension Facts {
    func candidate(_ draft: MoveDraft) -> [GateFinding] {
        guard silence(ofCluster: draft.target) == nil else { return [] }
        let byRemedy = Dictionary(grouping: draft.promotions.obstacles, by: \.reason.remedy)
        return Remedy.allCases.compactMap { remedy in
            byRemedy[remedy].map { obstacles in
                GateFinding(
                    gate: .candidate,
                    message: "\(draft.target) is not ready: "
                        + obstacles.map { $0.words(besides: draft.holder) }.shortened,
                    wayOut: wayOut(remedy, obstacles.map(\.topic), draft))
            }
        } + leavingEverything(draft)
    }

    /// A move that moves no topic would send clients away from all of their records.
    fileprivate func leavingEverything(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.topics.isEmpty, draft.topics.isSubset(of: draft.promotions.left) else { return [] }
        return [
            GateFinding(
                gate: .candidate,
                message: "every topic would be left behind, so that clients would be sent to \(draft.target) and their "
                    + "records stay on \(draft.holder): \(draft.promotions.left.shortened)",
                wayOut: "put `primary` back to \(draft.holder), or leave fewer topics behind")
        ]
    }

    fileprivate func wayOut(_ remedy: Remedy, _ topics: [String], _ draft: MoveDraft) -> String {
        let (holder, target) = (draft.holder, draft.target)
        let adopt = "--adopt-diverged \(target)@\(draft.situation.epoch)"
        let leave = leaving(topics, draft).map { ", or leave them behind with \($0)" } ?? ""
        switch remedy {
        case .mirror where draft.kind == .failover:
            return "plan without --leave of them: \(target) serves them empty then"
        case .mirror:
            return "put `primary` back to \(holder) and apply, which mirrors them on \(target); then change it again"
        case .reconcile where draft.kind == .failover:
            return "plan with \(adopt), which takes them as they are; or put `primary` back to \(holder)"
        case .reconcile:
            return
                "put `primary` back to \(holder), let `reprotect` make \(target) a mirror first, or plan with \(adopt)"
        case .follow:
            return "put `primary` back to \(holder) and apply, which makes them mirrors of \(holder); then change it "
                + "again\(leave)"
        case .repair: return "repair them first\(leave)"
        case .wait: return "wait until their logs are cut\(leave)"
        }
    }

    /// The flags that leave topics behind; `nil` when nothing would be left to move.
    func leaving(_ topics: [String], _ draft: MoveDraft) -> String? {
        let others = draft.topics.subtracting(draft.promotions.left).subtracting(topics)
        return others.isEmpty ? nil : topics.sorted().map { "--leave \($0)" }.joined(separator: " ")
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
        let words = refused.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let leave = facts.leaving(Array(refused.keys), draft).map { ", or leave these topics behind with \($0)" } ?? ""
        return [
            GateFinding(
                gate: .candidate, message: "\(draft.target) refuses: \(words.shortened)",
                wayOut: "put `primary` back to \(draft.holder) and apply, which repairs what the manifests declare; "
                    + "then move again\(leave)")
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

/// What leads out of an obstacle.
private enum Remedy: CaseIterable {
    case mirror, reconcile, follow, repair, wait
}

extension Promotions.Obstacle.Reason {
    fileprivate var remedy: Remedy {
        switch self {
        case .noCopy, .leftWithoutCopy: .mirror
        case .staleCopy, .endedByHand, .ordinary: .reconcile
        case .mirrors: .follow
        case .status: .repair
        case .isCut: .wait
        }
    }
}
