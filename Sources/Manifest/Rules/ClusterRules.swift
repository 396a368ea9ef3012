import Domain

extension RuleContext {
    func checkClusters(_ findings: inout Findings) {
        for cluster in workspace.clusters.values {
            checkManagement(of: cluster, &findings)
            checkFieldsOfType(of: cluster, &findings)
            checkOffer(of: cluster, &findings)
            checkEndpoints(of: cluster, &findings)
        }
        checkLiveClusters(&findings)
    }

    private func place(_ cluster: ClusterSpec, _ field: String) -> Place? {
        place(.cluster, cluster.name, field)
    }

    private func require(
        _ isPresent: Bool, _ field: String, of cluster: ClusterSpec, because reason: String, _ findings: inout Findings
    ) {
        guard !isPresent else { return }
        let doc = Table.cluster.fields.first { $0.path == "spec.\(field)" }?.doc
        findings.error(
            "missing-field", "`spec.\(field)` is missing in this Cluster: \(reason)",
            at: place(cluster, "spec.type"), help: doc)
    }

    private func refuse(
        _ isPresent: Bool, _ field: String, of cluster: ClusterSpec, because reason: String, _ findings: inout Findings
    ) {
        guard isPresent else { return }
        findings.error(
            "field-not-applicable", "`\(field)` does not apply: \(reason)", at: place(cluster, "spec.\(field)"),
            help: "remove it")
    }

    private func checkManagement(of cluster: ClusterSpec, _ findings: inout Findings) {
        guard cluster.managementPolicy == .manage else {
            if cluster.deletionPolicy == .delete {
                findings.error(
                    "delete-needs-manage", "Cluster `\(cluster.name)` is only observed, so it can never be deleted",
                    at: place(cluster, "spec.deletionPolicy"),
                    help: "set `managementPolicy: Manage`, or `deletionPolicy: Retain`")
            }
            return
        }
        guard cluster.type.isCloud else {
            findings.error(
                "manage-needs-connection",
                "a \(cluster.type.rawValue) cluster can only be observed: no control plane creates it",
                at: place(cluster, "spec.managementPolicy"), help: "remove `managementPolicy`")
            return
        }
        let reason = "`managementPolicy: Manage` may have to create it"
        require(cluster.cloud != nil, "cloud", of: cluster, because: reason, &findings)
        require(cluster.region != nil, "region", of: cluster, because: reason, &findings)
        require(cluster.availability != nil, "availability", of: cluster, because: reason, &findings)
        if cluster.type == .dedicated {
            require(cluster.cku != nil, "cku", of: cluster, because: "a Dedicated cluster has a size", &findings)
        }
        if let environment = environment(ofCluster: cluster.name), environment.connection == nil {
            findings.error(
                "manage-needs-connection",
                "Cluster `\(cluster.name)` is to be managed, but its Environment `\(environment.name)` has "
                    + "no control plane",
                at: place(cluster, "spec.managementPolicy"),
                help: "give the Environment a `connection`, or leave `managementPolicy` out")
        }
    }

    private func checkFieldsOfType(of cluster: ClusterSpec, _ findings: inout Findings) {
        let type = cluster.type
        if type != .dedicated {
            refuse(
                cluster.cku != nil, "cku", of: cluster, because: "only Dedicated clusters are sized in CKUs", &findings)
        }
        refuse(
            cluster.maxEcku != nil && (type == .dedicated || !type.isCloud), "maxEcku", of: cluster,
            because: "a \(type.rawValue) cluster has no eCKUs", &findings)
        refuse(
            cluster.version != nil && type != .confluentPlatform, "version", of: cluster,
            because: "only ConfluentPlatform clusters have a version here", &findings)
        if let version = cluster.version, type == .confluentPlatform, PlatformVersion(version) == nil {
            findings.error(
                "invalid-version", "`\(version)` is no version of Confluent Platform",
                at: place(cluster, "spec.version"),
                help: "write for example `7.9.3`")
        }
        guard !type.isCloud else { return }
        let selfManaged = "a \(type.rawValue) cluster is not in Confluent Cloud"
        refuse(cluster.network != nil, "network", of: cluster, because: selfManaged, &findings)
        refuse(cluster.byok != nil, "byok", of: cluster, because: selfManaged, &findings)
        refuse(cluster.deletionProtection != nil, "deletionProtection", of: cluster, because: selfManaged, &findings)
        refuse(cluster.accessPoint != nil, "accessPoint", of: cluster, because: selfManaged, &findings)
        refuse(cluster.clientAccessPoint != nil, "clientAccessPoint", of: cluster, because: selfManaged, &findings)
    }

    private func checkEndpoints(of cluster: ClusterSpec, _ findings: inout Findings) {
        let untold = "no control plane tells it for a \(cluster.type.rawValue) cluster"
        switch cluster.type {
        case .apacheKafka:
            require(cluster.id != nil, "id", of: cluster, because: untold, &findings)
            require(cluster.bootstrapServers != nil, "bootstrapServers", of: cluster, because: untold, &findings)
        case .confluentPlatform:
            requireEnvironment(of: cluster, &findings)
            require(cluster.restEndpoint != nil, "restEndpoint", of: cluster, because: untold, &findings)
            require(cluster.bootstrapServers != nil, "bootstrapServers", of: cluster, because: untold, &findings)
        case .basic, .standard, .enterprise, .dedicated, .freight:
            requireEnvironment(of: cluster, &findings)
            guard let environment = environment(ofCluster: cluster.name), environment.connection == nil,
                cluster.managementPolicy == .observe
            else { return }
            let unlisted = "its Environment `\(environment.name)` has no control plane that lists access points"
            refuse(cluster.accessPoint != nil, "accessPoint", of: cluster, because: unlisted, &findings)
            refuse(cluster.clientAccessPoint != nil, "clientAccessPoint", of: cluster, because: unlisted, &findings)
            let reason = "its Environment `\(environment.name)` has no control plane that could tell it"
            require(cluster.id != nil, "id", of: cluster, because: reason, &findings)
            require(cluster.restEndpoint != nil, "restEndpoint", of: cluster, because: reason, &findings)
            require(cluster.bootstrapServers != nil, "bootstrapServers", of: cluster, because: reason, &findings)
        }
    }

    private func requireEnvironment(of cluster: ClusterSpec, _ findings: inout Findings) {
        require(
            cluster.environment != nil, "environment", of: cluster,
            because: "only ApacheKafka clusters may do without", &findings)
    }

    /// Two manifests must not mean one live cluster.
    private func checkLiveClusters(_ findings: inout Findings) {
        var owners: [String: String] = [:]
        for cluster in workspace.clusters.values.sorted(by: { $0.name < $1.name }) {
            let identity: String
            let field: String
            if let id = cluster.id {
                (identity, field) = (id, "spec.id")
            } else if let environment = cluster.environment {
                (identity, field) = ("\(environment)\n\(cluster.displayName)", "spec.displayName")
            } else {
                continue
            }
            if let first = owners.updateValue(cluster.name, forKey: identity) {
                findings.error(
                    "same-live-object", "Clusters `\(first)` and `\(cluster.name)` mean the same live cluster",
                    at: place(cluster, field),
                    notes: place(.cluster, first, field).map { [("the other is here", $0)] } ?? [],
                    help: "keep one of them")
            }
        }
    }
}

/// A version of Confluent Platform, `7.9.3`.
struct PlatformVersion: Comparable {
    let parts: [Int]

    init?(_ text: String) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...3).contains(numbers.count), !numbers.contains(nil) else { return nil }
        self.parts = numbers.compactMap(\.self)
    }

    /// The first that has bidirectional links.
    static let bidirectional = [7, 5]

    static func < (left: PlatformVersion, right: PlatformVersion) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }

    var hasBidirectionalLinks: Bool { !parts.lexicographicallyPrecedes(Self.bidirectional) }
}

extension ClusterSpec {
    /// Why the cluster cannot hold a half of a bidirectional link; `nil` when it can.
    var obstacleToBidirectional: String? {
        switch type {
        case .dedicated, .enterprise: nil
        case .confluentPlatform:
            if let known = version.flatMap(PlatformVersion.init) {
                known.hasBidirectionalLinks
                    ? nil : "is Confluent Platform \(version ?? ""), and 7.5 is the first with them"
            } else {
                "does not say its `version`, and they need Confluent Platform 7.5"
            }
        case .basic, .standard, .freight, .apacheKafka: "is \(type.rawValue)"
        }
    }
}
