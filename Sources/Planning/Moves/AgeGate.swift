import Domain

/// `objectives.rpo.age` at a failover: how old the records can be that are lost.
extension Planner {
    /// Refuses when what is known says that older records may be lost than the objective allows.
    func lossByAge(_ draft: MoveDraft) -> [GateFinding] {
        let objectives = draft.family.groups.compactMap { group in
            group.objectives.age.map { (group: group.name, age: $0) }
        }
        guard let allowed = objectives.min(by: { $0.age < $1.age }), let bound = ageBound(draft), bound > allowed.age
        else { return [] }
        return [
            GateFinding(
                gate: .loss,
                message: "records of up to \(bound.components.seconds) s of age may be lost, and `objectives.rpo.age` "
                    + "of \(allowed.group) is \(allowed.age.components.seconds) s: that long ago nothing was known to be missing on "
                    + "\(draft.target)",
                wayOut: overridesOfLoss(draft, allowed.group), field: "spec.objectives",
                override: .loss, group: allowed.group)
        ]
    }

    /// The two ways to consent to a loss, for this plan or for this incident.
    func overridesOfLoss(_ draft: MoveDraft, _ group: String) -> String {
        let leader = draft.family.name
        let given = draft.family.leader.failover?.overrides ?? []
        let names = Set(given).union([.loss]).map(\.rawValue).sorted().joined(separator: ", ")
        return "plan with --override Loss, or write `failover.overrides: [\(names)]`"
            + (group == leader ? "" : " in FailoverGroup \(leader)")
    }

    /// That an age objective cannot be judged, and what makes it known next time.
    func agesNotKnown(_ draft: MoveDraft) -> [String] {
        let groups = draft.family.groups.filter { $0.objectives.age != nil }.map(\.name)
        guard !groups.isEmpty, ageBound(draft) == nil else { return [] }
        return [
            "`objectives.rpo.age` of \(groups.shortened) is not known: no moment without lag was recorded; run status --record regularly"
        ]
    }

    private func ageBound(_ draft: MoveDraft) -> Duration? {
        recorded.ageBound(
            ofGroup: draft.family.name, measured: lag(of: draft.situation).reading, at: observation.startedAt)
    }
}
