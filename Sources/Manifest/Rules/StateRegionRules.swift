import Domain

/// A ledger that goes down with a region cannot tell how to leave it: state is told of that evidently lives in the region of a
/// member. Where it is not evident nothing is said.
extension RuleContext {
    func checkStateRegion(_ findings: inout Findings) {
        let members = Dictionary(
            families.flatMap(\.members).compactMap { name in
                workspace.clusters[name]?.region.map { ($0.lowercased(), name) }
            }
        ) { min($0, $1) }
        guard !members.isEmpty else { return }
        switch workspace.spec.state {
        case .sqlite: return
        case .s3(let state):
            guard case .aws(let aws)? = workspace.connections[state.connection]?.system,
                let region = state.region ?? aws.region, let member = members[region.lowercased()]
            else { return }
            let field = state.region == nil ? "connection" : "region"
            warn("the bucket of the state is in \(region)", member, "s3.\(field)", &findings)
        case .etcd(let connection, _):
            guard case .etcd(let etcd)? = workspace.connections[connection]?.system else { return }
            for (region, member) in members.sorted(by: { $0.key < $1.key }) {
                let there = etcd.endpoints.filter { $0.host.names(region: region) }
                // Less than half of its members are no loss that etcd does not survive.
                guard let first = there.first, there.count * 2 >= etcd.endpoints.count else { continue }
                warn("etcd at \(first) keeps the state", member, "etcd.connection", &findings)
                return
            }
        case .kubernetes(let connection, _, _):
            guard case .kubernetes(let kubernetes)? = workspace.connections[connection]?.system,
                let context = kubernetes.context,
                let found = members.sorted(by: { $0.key < $1.key }).first(where: { context.names(region: $0.key) })
            else { return }
            warn(
                "the Kubernetes cluster of context \(context) keeps the state", found.value, "kubernetes.connection",
                &findings)
        }
    }

    private func warn(_ what: String, _ member: String, _ field: String, _ findings: inout Findings) {
        let region = workspace.clusters[member]?.region ?? ""
        findings.warn(
            "state-in-failure-domain",
            "\(what), and cluster `\(member)` of a failover group is in \(region) too: what is lost with that region is "
                + "the ledger of how to leave it",
            at: place(.workspace, workspace.name, "spec.state.\(field)"),
            notes: place(.cluster, member, "spec.region").map { [("`\(member)` is here", $0)] } ?? [],
            help: "the state should outlive both regions: keep it in a third one, and set `spec.state.snapshot`")
    }
}

extension String {
    /// The host of a URL.
    fileprivate var host: Substring {
        let rest = firstRange(of: "://").map { self[$0.upperBound...] } ?? self[...]
        return rest.prefix { !"/:?#".contains($0) }
    }
}

extension StringProtocol {
    /// Whether one of its labels is the name of a region, or has its parts in a row: `etcd-eu-west-1.example.com` and
    /// `gke_shop_europe-west1-b_main`, but not `eu-west-10`.
    ///
    /// - Parameter region: In lower case.
    fileprivate func names(region: String) -> Bool {
        let wanted = region.split(separator: "-")
        return lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "-" }.contains { label in
            label.split(separator: "-").firstRange(of: wanted) != nil
        }
    }
}
