/// Computes plans. Pure: equal inputs give equal plans, and nothing is read or sent.
///
/// A plan is made in phases. Each reads the facts and the plans of earlier phases that its call names, and writes a draft of
/// its own; ``MergedPlan`` puts the drafts together and in order.
package enum Planner {
    /// The plan for an input.
    ///
    /// Without answers to its questions a plan is complete, and as careful as it can be without them.
    package static func plan(_ input: PlanInput) -> Plan {
        planned(input).plan
    }

    /// The plan for an input, with the questions that are still open.
    package static func planned(_ input: PlanInput) -> (plan: Plan, probes: [Probe]) {
        let facts = Facts(input)
        var merged = Draft()
        let sites = SitePhase.plan(facts)
        merged.add(sites.draft)
        merged.add(TopicPhase.plan(facts))
        var groups = GroupPlans()
        for family in facts.families {
            let (plan, draft) = GroupPhase.plan(facts, sites, family, merged.handOverClaims())
            merged.add(draft)
            groups.append(plan)
        }
        merged.add(LinkPhase.plan(facts, merged.handOverClaims()))
        merged.add(SchemaPhase.plan(facts, merged.handOverClaims()))
        merged.add(BindingPhase.plan(facts, sites, groups, merged.handOverClaims()))
        merged.add(ClosingPhase.plan(facts, groups, planned: merged))
        var plan = MergedPlan(facts: facts, groups: groups, written: merged)
        plan.check()
        let left = LeftBehindPhase.plan(facts, planned: plan.written)
        plan.written.add(left.draft)
        return plan.finished(input, deleting: left.deletions)
    }
}
