import Domain

/// Rules about the settings of a link, in a ClusterLink or a group.
struct LinkSettingsRules {
    let settings: LinkSettings
    let object: RawObject
    /// Path of the settings: `spec` or `spec.link`.
    let path: String
    /// Clusters between which the link may run.
    let ends: [ClusterSpec]

    func check(_ findings: inout Findings) {
        checkConfigs(&findings)
        checkInitiator(&findings)
        checkBidirectional(&findings)
        checkIntervals(&findings)
    }

    /// Link configs by wire name that are written through a field, or derived; with that field.
    static let fields: [(key: String, field: String)] = [
        ("consumer.offset.sync.enable", "consumerOffsetSync.enabled"),
        ("consumer.offset.sync.ms", "consumerOffsetSync.interval"),
        ("consumer.offset.group.filters", "consumerOffsetSync.groups"),
        ("acl.sync.enable", "aclSync.enabled"), ("acl.sync.ms", "aclSync.interval"),
        ("acl.filters", "aclSync.filters"), ("cluster.link.prefix", "prefix"), ("link.mode", "mode"),
        ("auto.create.mirror.topics.enable", "autoCreate of the topic selector"),
        ("auto.create.mirror.topics.filters", "include and exclude of the topic selector"),
        ("connection.mode", "initiator"), ("remote.link.connection.mode", "initiator"),
        ("security.protocol", "linkCredentials of the Cluster"),
        ("bootstrap.servers", "bootstrapServers of the Cluster"),
    ]

    private static let derivedPrefixes = ["sasl.", "ssl.", "local."]

    private func checkConfigs(_ findings: inout Findings) {
        for key in settings.configs.keys {
            let place = object.keyPlace(key, in: "\(path).configs")
            if let known = Self.fields.first(where: { $0.key == key }) {
                findings.error(
                    "config-has-field", "`\(key)` is set through a field, not through `configs`", at: place,
                    help: "use \(known.field)")
            } else if let prefix = Self.derivedPrefixes.first(where: key.hasPrefix) {
                findings.conceal(object.valuePlace(key, in: "\(path).configs"))
                findings.error(
                    "config-has-field", "`\(prefix)*` configs are derived, not set through `configs`", at: place,
                    help: "they follow from `initiator` and the `linkCredentials` of the clusters")
            }
        }
        let derived = Set(Self.fields.map(\.key))
        ConfigRules(object: object, path: "\(path).configs", clusters: ends).checkLink(
            settings.configs.filter { name, _ in
                !derived.contains(name) && !Self.derivedPrefixes.contains { name.hasPrefix($0) }
            }, &findings)
    }

    private func checkInitiator(_ findings: inout Findings) {
        guard let initiator = settings.initiator, !ends.isEmpty else { return }
        guard ends.contains(where: { $0.name == initiator }) else {
            findings.error(
                "initiator-not-an-end", "`\(initiator)` is no end of this link, so it cannot initiate it",
                at: object.place(of: "\(path).initiator"), help: "one of \(listed(ends.map(\.name), "or"))")
            return
        }
    }

    private func checkBidirectional(_ findings: inout Findings) {
        guard settings.mode == .bidirectional else { return }
        for end in ends {
            guard let obstacle = end.obstacleToBidirectional else { continue }
            findings.error(
                "bidirectional-not-possible", "`\(end.name)` cannot hold a bidirectional link: it \(obstacle)",
                at: object.place(of: "\(path).mode"),
                help: "Dedicated, Enterprise and Confluent Platform from 7.5 can; else use Unidirectional")
        }
    }

    private func checkIntervals(_ findings: inout Findings) {
        for (interval, field) in [
            (settings.consumerOffsetSync?.interval, "consumerOffsetSync"), (settings.aclSync?.interval, "aclSync"),
        ] {
            guard let interval, interval.wholeMilliseconds > Int64(Int32.max) else { continue }
            findings.error(
                "out-of-range", "a link syncs at least every \(Int32.max) ms, which is less than 25 days",
                at: object.place(of: "\(path).\(field).interval"), help: "write for example `30s`")
        }
        if let sync = settings.consumerOffsetSync, sync.enabled, sync.interval < .seconds(1) {
            findings.error(
                "out-of-range", "offsets cannot be synced more often than every second",
                at: object.place(of: "\(path).consumerOffsetSync.interval"))
        }
        if let sync = settings.aclSync, sync.enabled, sync.interval < .seconds(1) {
            findings.error(
                "out-of-range", "ACLs cannot be synced more often than every second",
                at: object.place(of: "\(path).aclSync.interval"))
        }
        if let sync = settings.aclSync, sync.filters.isEmpty {
            findings.error(
                "missing-field", "`aclSync.filters` is empty: nothing would be synced",
                at: object.place(of: "\(path).aclSync.filters"), help: "list the ACLs to sync")
        }
        for (index, filter) in (settings.aclSync?.filters ?? []).enumerated() {
            guard let principal = filter.principal, !Self.isPrincipal(principal) else { continue }
            findings.error(
                "invalid-principal", "`\(principal)` is no principal: no ACL would match it",
                at: object.place(of: "\(path).aclSync.filters[\(index)].principal"),
                help: "write `User:` and the name, for example `User:sa-abc123`")
        }
    }

    /// `User:` or another type that an authorizer knows, and a name (`KafkaPrincipal` of Kafka).
    private static func isPrincipal(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[1].isEmpty && !parts[0].isEmpty
    }
}
