package import Domain
package import Planning

extension DriftReport {
    package init(_ drift: Drift, of workspace: Workspace, _ observation: Observation) {
        self.init(
            workspace: workspace.name, observedAt: observation.startedAt, compared: drift.compared,
            items: drift.findings.map { finding in
                Item(finding.isMissing ? .missing : .changed, finding.address, differences: finding.differences)
            },
            unseen: Self.endpoints(behind: drift.unseen))
    }

    private static func endpoints(behind unseen: [ResourceAddress: String]) -> [Plan.Site] {
        let sites = Set(
            unseen.map { address, reason in
                Plan.Site(kind: Self.kind(of: address), name: address.place ?? address.name, silence: reason)
            })
        return sites.sorted { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }
    }

    private static func kind(of address: ResourceAddress) -> Plan.Site.Kind {
        switch address.kind {
        case .environment, .cluster: .controlPlane
        case .topic, .link, .mirror, .fence, .group: .kafka
        case .registry, .compatibility, .mode, .exporter: .registry
        case .binding, .hook: .store
        }
    }
}
