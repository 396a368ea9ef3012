import TextForms

/// One half of a cluster link as it should be, from a ClusterLink manifest or derived from a group.
package struct DesiredLink: Hashable, Sendable {
    /// Where it was declared.
    package enum Declaration: Hashable, Sendable {
        /// A ClusterLink manifest.
        case clusterLink(String)
        /// Derived from a group (of a family that follows one group, the leader).
        case failoverGroup(String)
    }

    /// Cluster that holds this half.
    package var cluster: String
    /// The cluster at the other end.
    package var remote: String
    /// Name on the wire, used to create; an existing link between the two is found by its ends.
    package var name: String
    package var half: LinkHalf
    /// `cluster.link.prefix` of this half; the half of a source has none.
    package var prefix: String?
    /// Managed configs by wire name, canonical; without secrets and connection configs.
    package var configs: [String: String]
    /// Where it was declared.
    package var declaration: Declaration
    /// The half that has to exist first.
    package var afterHalfOn: String?

    /// The address while nothing is known of an existing link.
    package var address: ResourceAddress { ResourceAddress(.link, in: cluster, name) }
}

extension DesiredLink {
    /// The halves of a link between two clusters.
    ///
    /// The half that waits to be dialled has to exist first (Confluent docs, *Source-initiated links*).
    ///
    /// - Parameters:
    ///   - name: Name on the wire.
    ///   - source: Cluster records come from.
    ///   - destination: Cluster that holds the mirrors.
    ///   - settings: Mode, initiator, sync features.
    ///   - selector: Topics, for `autoCreate`.
    ///   - prefix: `cluster.link.prefix`.
    ///   - declaration: Where it was declared.
    package static func halves(
        named name: String, from source: String, to destination: String, settings: LinkSettings,
        selector: TopicSelector?, prefix: String? = nil, declaration: Declaration
    ) -> [DesiredLink] {
        let pulling = LinkConfigs.pulling(settings, selector: selector, prefix: prefix)
        func half(
            on cluster: String, _ remote: String, _ half: LinkHalf, _ configs: [String: String], after: String? = nil
        ) -> DesiredLink {
            DesiredLink(
                cluster: cluster, remote: remote, name: name, half: half, prefix: configs["cluster.link.prefix"],
                configs: configs, declaration: declaration, afterHalfOn: after)
        }
        switch (settings.mode, settings.initiator) {
        case (.unidirectional, source):
            return [
                half(on: destination, source, .inboundDestination, pulling),
                half(on: source, destination, .source, [:], after: destination),
            ]
        case (.unidirectional, _):
            return [half(on: destination, source, .destination, pulling)]
        case (.bidirectional, nil):
            let back = LinkConfigs.reverse(settings)
            return [
                half(on: destination, source, .bidirectional, pulling),
                half(on: source, destination, .bidirectional, back, after: destination),
            ]
        case (.bidirectional, let initiator):
            let back = LinkConfigs.reverse(settings)
            let waiting = initiator == source ? destination : source
            return [
                half(
                    on: waiting, waiting == source ? destination : source, .inboundBidirectional,
                    waiting == destination ? pulling : back),
                half(
                    on: waiting == source ? destination : source, waiting, .outboundBidirectional,
                    waiting == destination ? back : pulling, after: waiting),
            ]
        }
    }
}

/// The managed configs of a link half, from its settings.
package enum LinkConfigs {
    /// What a link has where nothing is set (Confluent docs, *Cluster Linking: link properties*); servers list only
    /// configs that are not defaults.
    package static let defaults: [String: String] = [
        "consumer.offset.sync.enable": "false", "consumer.offset.sync.ms": "30000", "acl.sync.enable": "false",
        "acl.sync.ms": "5000", "auto.create.mirror.topics.enable": "false", "topic.config.sync.ms": "5000",
        "mirror.start.offset.spec": "earliest", "cluster.link.paused": "false",
        "consumer.group.prefix.enable": "false", "cluster.link.retry.timeout.ms": "300000",
    ]
    /// Configs whose value is JSON, compared by meaning.
    package static let filters: Set<String> = [
        "acl.filters", "auto.create.mirror.topics.filters", "consumer.offset.group.filters",
    ]
    /// Flags that are written last, after their filters; switching one off wipes its filters on the server.
    package static let enableFlags: [String: String] = [
        "consumer.offset.sync.enable": "consumer.offset.group.filters", "acl.sync.enable": "acl.filters",
        "auto.create.mirror.topics.enable": "auto.create.mirror.topics.filters",
    ]

    /// The half that holds the mirrors: every sync feature.
    static func pulling(_ settings: LinkSettings, selector: TopicSelector?, prefix: String?) -> [String: String] {
        var configs = reverse(settings)
        if let prefix { configs["cluster.link.prefix"] = prefix }
        if let acls = settings.aclSync {
            configs["acl.sync.enable"] = String(acls.enabled)
            if acls.enabled {
                configs["acl.sync.ms"] = String(acls.interval.wholeMilliseconds)
                configs["acl.filters"] = aclFilters(acls.filters)
            }
        }
        if let selector, selector.autoCreate {
            configs["auto.create.mirror.topics.enable"] = "true"
            configs["auto.create.mirror.topics.filters"] = nameFilters(
                "topicFilters", include: selector.include, exclude: selector.exclude)
        }
        return configs
    }

    /// The half that holds no mirrors yet: offset sync and the free configs only.
    static func reverse(_ settings: LinkSettings) -> [String: String] {
        var configs = settings.configs.reduce(into: [:]) { $0[$1.key] = ConfigValue.canonical($1.key, $1.value) }
        if let sync = settings.consumerOffsetSync {
            configs["consumer.offset.sync.enable"] = String(sync.enabled)
            if sync.enabled {
                configs["consumer.offset.sync.ms"] = String(sync.interval.wholeMilliseconds)
                configs["consumer.offset.group.filters"] = nameFilters(
                    "groupFilters", include: sync.includeGroups, exclude: sync.excludeGroups)
            }
        }
        return configs
    }

    /// What a half that holds mirrors has to do about consumer offsets; empty when nothing is declared about them.
    package static func offsetSync(_ settings: LinkSettings) -> [String: String] {
        guard settings.consumerOffsetSync != nil else { return [:] }
        return reverse(settings).filter { $0.key.hasPrefix("consumer.offset.") }
    }

    /// Words of filters that servers read in either case.
    fileprivate static let filterWords: Set<String> = [
        "resourceType", "patternType", "filterType", "operation", "permissionType",
    ]

    private static func nameFilters(_ key: String, include: [String], exclude: [String]) -> String {
        let entries = [(include, "INCLUDE"), (exclude, "EXCLUDE")].flatMap { patterns, type in
            patterns.compactMap(Glob.linkFilter).map { filter in
                JSONTree.object([
                    "name": .text(filter.name), "patternType": .text(filter.patternType), "filterType": .text(type),
                ])
            }
        }
        return JSONTree.object([key: .list(entries)]).asFilter.canonicalText
    }

    private static func aclFilters(_ filters: [ACLSyncSpec.Filter]) -> String {
        let entries = filters.map { filter in
            var resource: [String: JSONTree] = [
                "resourceType": .text(filter.resourceType), "patternType": .text(filter.patternType),
            ]
            resource["name"] = filter.resourceName.map(JSONTree.text)
            var access: [String: JSONTree] = ["operation": .text(filter.operation), "permissionType": .text("ALLOW")]
            access["principal"] = filter.principal.map(JSONTree.text)
            return JSONTree.object(["resourceFilter": .object(resource), "accessFilter": .object(access)])
        }
        return JSONTree.object(["aclFilters": .list(entries)]).asFilter.canonicalText
    }

    /// The canonical form of a filter: JSON by content, so that spaces, escapes, the order of keys and of entries, and
    /// how its words are written make no difference. Text that is no JSON comes back unchanged.
    static func canonicalFilter(_ json: String) -> String {
        JSONTree(parsing: json)?.asFilter.canonicalText ?? json
    }
}

extension JSONTree {
    /// The same filter with its words in upper case, without members that are `null`, and every entry once.
    fileprivate var asFilter: JSONTree {
        switch self {
        case .object(let members):
            var kept: [String: JSONTree] = [:]
            for (key, value) in members {
                switch value {
                case .null: continue
                case .text(let word) where LinkConfigs.filterWords.contains(key):
                    kept[key] = .text(word.uppercased())
                default: kept[key] = value.asFilter
                }
            }
            return .object(kept)
        case .list(let items):
            var seen: Set<JSONTree> = []
            return .list(items.map(\.asFilter).filter { seen.insert($0).inserted })
        case .null, .bool, .int, .double, .text: return self
        }
    }
}
