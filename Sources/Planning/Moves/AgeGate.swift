import Domain

/// `objectives.rpo.age` at a failover: how old the records can be that are lost.
extension Planner {
    /// Refuses when what is known says that older records may be lost than the objective allows.
    func lossByAge(_ draft: MoveDraft) -> [GateFinding] {
        guard let allowed = draft.family.groups.compactMap(\.objectives.age).min(),
            let bound = ageBound(draft), bound > allowed
        else { return [] }
        return [
            GateFinding(
                gate: .loss,
                message: "records of up to \(bound.components.seconds) s of age may be lost, and `objectives.rpo.age` "
                    + "is \(allowed.components.seconds) s: that long ago nothing was known to be missing on "
                    + "\(draft.target)",
                wayOut: overridesOfLoss(draft), field: "spec.objectives",
                override: .loss)
        ]
    }

    /// The two ways to consent to a loss, for this plan or for this incident.
    func overridesOfLoss(_ draft: MoveDraft) -> String {
        let given = draft.family.leader.failover?.overrides ?? []
        let names = Set(given).union([.loss]).map(\.rawValue).sorted().joined(separator: ", ")
        return "plan with --override Loss, or write `failover.overrides: [\(names)]`"
    }

    /// That an age objective cannot be judged, and what makes it known next time.
    func agesNotKnown(_ draft: MoveDraft) -> [String] {
        guard draft.family.groups.contains(where: { $0.objectives.age != nil }), ageBound(draft) == nil else {
            return []
        }
        return [
            "`objectives.rpo.age` is not known: no moment without lag was recorded; run status --record regularly"
        ]
    }

    private func ageBound(_ draft: MoveDraft) -> Duration? {
        recorded.ageBound(
            ofGroup: draft.family.name, measured: lag(of: draft.situation).reading, at: observation.startedAt)
    }
}
