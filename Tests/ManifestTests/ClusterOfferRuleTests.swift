import Testing

@Suite("Rules: what the cloud offers of clusters")
struct ClusterOfferRuleTests {
    @Test("Type, availability and size", arguments: offers)
    func offer(rule: RuleCase) { rule.check() }

    private static func cluster(_ fields: String) -> String {
        "kind: Cluster\nmetadata: {name: c}\nspec: {environment: west-env, managementPolicy: Manage, cloud: AWS, "
            + "region: us-west-2, \(fields)}"
    }

    static let offers: [RuleCase] = [
        RuleCase(
            "a Dedicated cluster in several zones has two CKUs",
            cluster("type: Dedicated, availability: MULTI_ZONE, cku: 1️⃣1"), ["1️⃣ error impossible-cluster"]),
        RuleCase("in one zone one is enough", cluster("type: Dedicated, availability: SINGLE_ZONE, cku: 1")),
        RuleCase("two in several", cluster("type: Dedicated, availability: MULTI_ZONE, cku: 2")),
        RuleCase(
            "Basic is in one zone", cluster("type: Basic, availability: 1️⃣MULTI_ZONE"),
            ["1️⃣ error impossible-cluster"]),
        RuleCase(
            "Enterprise is in several", cluster("type: Enterprise, availability: 1️⃣SINGLE_ZONE"),
            ["1️⃣ error impossible-cluster"]),
        RuleCase(
            "Freight too", cluster("type: Freight, availability: 1️⃣SINGLE_ZONE"), ["1️⃣ error impossible-cluster"]),
        RuleCase("Standard is in either", cluster("type: Standard, availability: SINGLE_ZONE, maxEcku: 1")),
        RuleCase(
            "several zones need two eCKUs", cluster("type: Standard, availability: MULTI_ZONE, maxEcku: 1️⃣1"),
            ["1️⃣ error impossible-cluster"]),
        RuleCase(
            "there is a most of eCKUs", cluster("type: Standard, availability: MULTI_ZONE, maxEcku: 1️⃣11"),
            ["1️⃣ error impossible-cluster"]),
        RuleCase(
            "Basic has no deletion protection",
            cluster("type: Basic, availability: SINGLE_ZONE, deletionProtection: 1️⃣true"),
            ["1️⃣ error impossible-cluster"]),
        RuleCase(
            "what is only observed is as it is",
            "kind: Cluster\nmetadata: {name: c}\nspec: {environment: west-env, type: Basic, availability: MULTI_ZONE}"),
    ]
}
