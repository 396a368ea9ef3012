import Diagnostics
import Domain

/// What Confluent Cloud offers of one kind of cluster (Confluent OpenAPI, *cmk v2*; docs, *Cluster types*).
private struct ClusterOffer {
    let availability: Set<Availability>
    /// eCKUs at most; `nil` = not sized in eCKUs, or no limit is written down.
    var mostEckus: Int?
    var hasDeletionProtection = true

    static func of(_ type: ClusterType) -> ClusterOffer? {
        switch type {
        case .basic: ClusterOffer(availability: [.singleZone], hasDeletionProtection: false)
        case .standard: ClusterOffer(availability: [.singleZone, .multiZone], mostEckus: 10)
        case .enterprise: ClusterOffer(availability: [.multiZone], mostEckus: 10)
        case .dedicated: ClusterOffer(availability: [.singleZone, .multiZone])
        case .freight: ClusterOffer(availability: [.multiZone], mostEckus: 152)
        case .confluentPlatform, .apacheKafka: nil
        }
    }
}

/// Combinations of type, availability and size that no cloud offers: told before anything else is made and paid for.
extension RuleContext {
    func checkOffer(of cluster: ClusterSpec, _ findings: inout Findings) {
        guard cluster.managementPolicy == .manage, let offer = ClusterOffer.of(cluster.type) else { return }
        checkAvailability(of: cluster, offer, &findings)
        checkSize(of: cluster, offer, &findings)
        if cluster.deletionProtection == true, !offer.hasDeletionProtection {
            report(
                cluster, "deletionProtection", "\(cluster.type.rawValue) clusters have no deletion protection",
                help: "remove it; `metadata.protect` keeps Spillway from deleting the cluster", &findings)
        }
        if cluster.byok != nil, [.basic, .standard].contains(cluster.type) {
            report(
                cluster, "byok", "\(cluster.type.rawValue) clusters have no self-managed encryption keys",
                help: "remove it, or choose type Dedicated or Enterprise", &findings)
        }
        if cluster.network != nil, [.basic, .standard].contains(cluster.type) {
            report(
                cluster, "network", "\(cluster.type.rawValue) clusters have public endpoints only",
                help: "remove it, or choose type Dedicated or Enterprise", &findings)
        }
    }

    private func checkAvailability(of cluster: ClusterSpec, _ offer: ClusterOffer, _ findings: inout Findings) {
        guard let availability = cluster.availability, !offer.availability.contains(availability) else { return }
        let offered = offer.availability.map(\.rawValue).sorted()
        report(
            cluster, "availability",
            "\(cluster.type.rawValue) clusters are \(listed(offered)) only, not \(availability.rawValue)",
            help: "write `availability: \(offered.first ?? "")`, or choose another type", &findings)
    }

    private func checkSize(of cluster: ClusterSpec, _ offer: ClusterOffer, _ findings: inout Findings) {
        let spansZones = cluster.availability == .multiZone
        if cluster.type == .dedicated, spansZones, let cku = cluster.cku, cku < 2 {
            report(
                cluster, "cku", "a Dedicated cluster in several zones has at least 2 CKUs, not \(cku)",
                help: "write `cku: 2`, or `availability: SINGLE_ZONE`", &findings)
        }
        guard let most = cluster.maxEcku, cluster.type != .dedicated else { return }
        if spansZones, most < 2 {
            report(
                cluster, "maxEcku", "a cluster in several zones needs `maxEcku` of at least 2, not \(most)",
                help: "write `maxEcku: 2`, or remove it", &findings)
        }
        if let limit = offer.mostEckus, most > limit {
            report(
                cluster, "maxEcku", "\(cluster.type.rawValue) clusters have at most \(limit) eCKUs, not \(most)",
                help: "write `maxEcku: \(limit)`, or remove it", &findings)
        }
    }

    private func report(
        _ cluster: ClusterSpec, _ field: String, _ message: String, help: String, _ findings: inout Findings
    ) {
        findings.error(
            "impossible-cluster", "`\(field)` of Cluster `\(cluster.name)`: \(message)",
            at: place(.cluster, cluster.name, "spec.\(field)"), help: help)
    }
}
