import Domain

/// What a manifest says of a cluster that Spillway does not change: it has to be true.
extension Facts {
    /// An access point that the cluster does not have: what is published, or asked, would be another one.
    func unknownAccessPoint(of spec: ClusterSpec, _ live: ObservedCluster) -> Refusal? {
        let there = live.accessPoints.map(\.id).sorted()
        guard !there.isEmpty else { return nil }
        let declared = [("accessPoint", spec.accessPoint), ("clientAccessPoint", spec.clientAccessPoint)]
        for case (let field, let point?) in declared where !there.contains(point) {
            return Refusal(
                .identity, subject: "cluster/\(spec.name)",
                .site(.accessPoint(id: live.id, field: field, declared: point, there: there)),
                origin: ManifestOrigin("Cluster", spec.name, "spec.\(field)"))
        }
        return nil
    }

    /// A cluster that is only observed, and is another one than its manifest describes.
    func misdescribed(_ spec: ClusterSpec, _ live: ObservedCluster) -> Refusal? {
        guard spec.managementPolicy == .observe else { return nil }
        let differences = spec.managedFields.differences(fromLive: live.fields)
        let known = differences.filter { Self.describing.contains($0.field) && ($0.from != nil || $0.isOptional) }
        guard let wrong = known.first else { return nil }
        return Refusal(
            .immutable, subject: "cluster/\(spec.name)",
            .site(.misdescribed(cluster: spec.name, wrong)),
            origin: ManifestOrigin("Cluster", spec.name, "spec.\(wrong.field)"))
    }

    private static let describing: Set<String> = ["type", "cloud", "region", "availability", "network", "byok"]
}

extension Change.FieldDifference {
    /// Whether a cluster may be without it, so that a missing value says something.
    fileprivate var isOptional: Bool { field == "network" || field == "byok" }
}
