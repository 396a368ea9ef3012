import Domain

/// What a plan is made from, looked up once. Nothing in it changes while a plan is made, and whatever follows from it alone
/// is a method of it: who holds the data of a group, what gates find, which fields differ.
///
/// It is a class because every phase, and much that a phase makes, holds it: copies of so many fields took a twelfth of the
/// time of a plan.
final class Facts {
    let workspace: Workspace
    /// What was seen; sites that are not what the manifests mean count as silent.
    let observation: Observation
    /// What the ledger remembers, under the names that sites have now.
    let recorded: Recorded
    let secrets: SecretFacts
    let options: PlanOptions
    let answers: [Probe: ProbeAnswer]
    let index: PlanningIndex
    /// Under which id every environment and cluster is known.
    let siteIdentities: SiteIdentities
    /// Which live object each row of the ledger is about.
    let ownership: LiveOwnership
    /// Ids of the live sites that the manifests' names mean.
    let liveIDs: LiveIDs
    /// Manifests that do not mean the one live site they should, by address.
    let conflicts: [ResourceAddress: IdentityConflict]
    let families: [GroupFamily]
    /// The topics of every family, by its name.
    let familyTopics: [String: FamilyTopics]
    /// Primaries that manifests declare, of families that a flag directs elsewhere.
    let undeclared: [String: String]
    /// Desired link halves of every family, by its name.
    let familyLinks: [String: [DesiredLink]]
    /// Topics in which mirrors tell no position, by the cluster they are read from.
    let unplacedTopics: [String: [String]]
    /// Which live link every link of a manifest means.
    private(set) var links = LinkMatches()
    /// What the evidence says about every family that is not refused, by the name of each of its groups.
    private(set) var situations: [String: FamilySituation] = [:]
    /// Why families are refused as a whole, by the name of the family.
    private(set) var obstacles: [String: FamilyObstacle] = [:]

    init(_ original: PlanInput) {
        var input = original
        input.workspace = original.workspace.under(original.options, original.recorded)
        conflicts = IdentityConflict.all(in: input)
        for (address, conflict) in conflicts { input.observation.silence(address, conflict) }
        ownership = LiveOwnership(input)
        liveIDs = LiveIDs(input.workspace, input.observation.sites)
        input.recorded = ownership.recorded
        siteIdentities = SiteIdentities(input.workspace, input.recorded)
        workspace = input.workspace
        var observation = input.observation
        observation.sites.learnHoldings(from: observation.clusters, remembering: input.recorded.sites)
        self.observation = observation
        unplacedTopics = observation.unplacedTopics
        recorded = input.recorded
        secrets = input.secrets
        options = input.options
        answers = input.answers
        let index = PlanningIndex(input)
        self.index = index
        families = GroupFamily.all(in: input.workspace)
        undeclared = original.workspace.primariesOverridden(by: original.options)
        familyTopics = Dictionary(
            uniqueKeysWithValues: families.map { family in
                let declared = family.groups.flatMap { index.topicsOfGroups[$0.name] ?? [] }.map(\.topicName)
                return (
                    family.name,
                    FamilyTopics(declared: Set(declared), selectors: family.groups.compactMap(\.topics))
                )
            })
        familyLinks = Dictionary(uniqueKeysWithValues: families.map { ($0.name, $0.links) })
        links = LinkMatches(of: self)
        for family in families {
            switch situation(of: family) {
            case .failure(let obstacle): obstacles[family.name] = obstacle
            case .success(let situation): for group in family.groups { situations[group.name] = situation }
            }
        }
    }
}
