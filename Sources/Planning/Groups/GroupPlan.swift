import Domain

/// The plan for one family of groups.
struct GroupPlan {
    let family: GroupFamily
    /// Its groups that are refused as a whole.
    var refusedGroups: Set<String> = []
    /// Objects of it that are not there yet.
    var toBeMade: Set<ResourceAddress> = []
    /// What is said of each of its groups.
    var states: [Plan.GroupState] = []
    /// How far its copies are behind; `nil` when it is not clear who holds the data.
    var lag: SeenLag?
    /// Topics that a move left behind.
    var left: Set<String> = []
    /// Those of them that no move can bring as they are.
    var stuck: [String: MirrorStatus] = [:]
    var move: Plan.Move?
    /// What its members are to become, where this plan does not move it.
    var settled: SettledFamily?

    init(_ family: GroupFamily) {
        self.family = family
    }
}

/// The plans for all families, found by the groups they are of.
struct GroupPlans {
    private(set) var all: [GroupPlan] = []
    private var places: [String: Int] = [:]

    mutating func append(_ plan: GroupPlan) {
        for group in plan.family.groups { places[group.name] = all.count }
        all.append(plan)
    }

    /// The plan for the family of a group.
    subscript(group: String) -> GroupPlan? { places[group].map { all[$0] } }
}

/// Consents that the plan for a family asks for or uses.
struct UsedConsents {
    var tokens: Set<String> = []
    /// Topics that consents name, by the member whose copies they are of.
    var topics: [String: Set<String>] = [:]
}
