import Domain

/// `objectives.rpo.age` at a failover: how old the records can be that are lost.
extension Facts {
    /// Refuses when what is known says that older records may be lost than the objective allows.
    func lossByAge(_ draft: MoveDraft) -> [GateFinding] {
        let objectives = draft.family.groups.compactMap { group in
            group.objectives.age.map { (group: group.name, age: $0) }
        }
        guard let allowed = objectives.min(by: { $0.age < $1.age }) else { return [] }
        let lost: Duration?
        switch lossAge(draft) {
        case .unknown: return []
        case .bounded(let bound):
            guard bound > allowed.age else { return [] }
            lost = bound
        case .unbounded: lost = nil
        }
        return [
            GateFinding(
                gate: .loss,
                reason: .loss(.age(bound: lost, allowed: allowed.age, consentToLoss(draft, allowed.group))),
                field: "spec.objectives", override: .loss, group: allowed.group)
        ]
    }

    /// How somebody consents to a loss, for this incident.
    func consentToLoss(_ draft: MoveDraft, _ group: String) -> LossConsent {
        let given = draft.family.leader.failover?.overrides ?? []
        return LossConsent(
            group: group, leader: draft.family.name,
            overrides: Set(given).union([.loss]).sorted { $0.rawValue < $1.rawValue })
    }

    /// That an age objective cannot be judged, and what makes it known next time.
    func agesNotKnown(_ draft: MoveDraft) -> [String] {
        let groups = draft.family.groups.filter { $0.objectives.age != nil }.map(\.name)
        guard !groups.isEmpty, lossAge(draft) == .unknown else { return [] }
        return [
            "`objectives.rpo.age` of \(groups.shortened) is not known: no moment without lag was recorded; run status --record regularly"
        ]
    }

    fileprivate func lossAge(_ draft: MoveDraft) -> Recorded.LossAge {
        recorded.lossAge(
            ofGroup: draft.family.name, measured: lag(of: draft.situation).reading,
            copiesBegan: observation.sites.copiesBegan(
                of: draft.topics.subtracting(draft.promotions.left), on: draft.target),
            at: observation.startedAt)
    }

    /// When the newest copy of a family was begun: now, where one is missing. Which standby a reading was made of is not
    /// remembered, so that it counts only while every copy is the one that it could have been made of.
    fileprivate func copiesBegan(of situation: FamilySituation) -> Timestamp? {
        let (topics, standbys) = copies(of: situation)
        let seen = standbys.filter { observation.clusters[$0]?.snapshot != nil }
        let held = seen.map { standby in topics.count { index.mirrors[standby]?[$0]?.isLive ?? false } }
        // A standby that mirrors nothing of it, as one that was retired, takes nothing from what is told of another.
        let following = held.filter { $0 > 0 }
        let isMissing = following.isEmpty ? !seen.isEmpty : following.contains { $0 < topics.count }
        if isMissing { return observation.startedAt }
        return standbys.compactMap { observation.sites.copiesBegan(of: topics, on: $0) }.max()
    }
}

extension MergedPlan {
    // MARK: Whatever moves

    /// How old the oldest record can be that no standby of a family has, by the name of the family.
    var lossAges: [String: Recorded.LossAge] {
        families.reduce(into: [:]) { ages, family in
            let began = situations[family.name].flatMap { facts.copiesBegan(of: $0) }
            ages[family.name] = recorded.lossAge(
                ofGroup: family.name, measured: groups[family.name]?.lag?.reading, copiesBegan: began,
                at: observation.startedAt)
        }
    }
}
