import Domain
import Planning

extension IdentityReason {
    var words: RefusalWords {
        switch self {
        case .conflict(let site): site.words
        case .missing(let site, let id?, _):
            RefusalWords(
                "there is no \(site.noun) with id \(id)",
                wayOut: "correct `id`, or remove `id` and set `managementPolicy: Manage` to let Spillway create it")
        case .missing(let site, nil, let displayName):
            RefusalWords(
                "there is no \(site.noun) with display name '\(displayName)'",
                wayOut: "correct `displayName`, or set `managementPolicy: Manage` to let Spillway create it")
        case .organization(let connection, let expected, let found):
            RefusalWords(
                "the Cloud API key of connection \(connection) belongs to organization \(found), not \(expected)",
                wayOut: "use a key of \(expected), or, if \(found) is meant, write "
                    + "`confluentCloud.organization: \(found)`")
        case .changed(let change):
            RefusalWords(
                "\(change.manifest) is \(change.from) and would become \(change.to): \(change.obstacle)",
                wayOut: "\(change.wayBack). For another one beside it declare another \(change.kind); it leaves "
                    + "with its own manifest")
        case .ownedElsewhere(let address, let workspace):
            RefusalWords(
                "\(address) is owned by workspace \(workspace)",
                wayOut: "remove it from one of the two workspaces, there with: \(AdvisedCommand(.forget, address))")
        case .unknownTarget(let target, let nearest):
            RefusalWords(
                "--target \(target) names no object of the manifests or the ledger",
                wayOut: (nearest.map { "plan with --target \($0); or " } ?? "")
                    + "correct it: a whole plan and `spillway state list` show the addresses")
        }
    }
}

extension ResourceAddress {
    /// Kind of the manifest of a site.
    fileprivate var siteKind: String { kind == .cluster ? "Cluster" : "Environment" }
    fileprivate var noun: String { siteKind.lowercased() }
}

extension SiteConflict {
    fileprivate var words: RefusalWords {
        let name = site.name
        switch conflict {
        case .ambiguous(let ids):
            return RefusalWords(
                "\(ids.count) live objects carry this display name: \(ids.joined(separator: ", "))",
                wayOut: "write which one is meant: " + ids.map { "`id: \($0)`" }.joined(separator: " or "))
        case .namesake(let ids, let known):
            return RefusalWords(
                "\(site.noun) \(name) is known as \(known), and what carries its display name now is "
                    + "\(ids.joined(separator: ", "))\(loss)",
                wayOut: "if \(ids[0]) takes its place, write `id: \(ids[0])`; if not, write `id: \(known)`, or correct "
                    + "`displayName`")
        case .misplaced(let id, let environmentID):
            return RefusalWords(
                "\(id) is not in environment \(environment ?? ""): it belongs to environment \(environmentID)",
                wayOut: (rightEnvironment.map { "write `environment: \($0)`" } ?? "correct `environment`")
                    + ", or correct `id`")
        case .shared(let id, let others):
            return RefusalWords(
                "\(site.siteKind) \(name) and \(others.map { "\(site.siteKind) \($0)" }.joined(separator: " and ")) are the "
                    + "same live \(site.noun), \(id)",
                wayOut: "keep one of them, and let what the others hold name that one; or correct `id` or `displayName`"
            )
        case .stranger(let found, let expected):
            return RefusalWords(
                "the cluster behind the endpoint of \(name) is \(found), not \(expected)\(loss)",
                wayOut: isPinned
                    ? "correct `id`, or the endpoint"
                    : "if \(found) takes its place, write `id: \(found)`; else correct the endpoint")
        }
    }

    /// What the place of a group's holder means.
    private var loss: String {
        serves.map { "; the other one need not hold the data of FailoverGroup \($0), which \(site.name) serves" } ?? ""
    }
}

extension IdentityChange {
    /// Why it cannot.
    fileprivate var obstacle: String {
        switch from.kind {
        case .link: "a link cannot be moved or renamed, and its mirrors go with it"
        case .exporter: "an exporter cannot be moved or renamed, and the old one would go on beside the new one"
        default: "Kafka cannot rename or move a topic, and its records would stay behind"
        }
    }

    /// The edit that takes it back.
    fileprivate var wayBack: String {
        "write `\(field): \(isMoved ? from.place ?? "" : from.name)`"
            + (isMoved && from.name != to.name && from.kind == .topic ? " and `topicName: \(from.name)`" : "")
    }
}
