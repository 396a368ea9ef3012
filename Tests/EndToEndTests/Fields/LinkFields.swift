import SimulatorServer
import TestSupport

extension FieldChapters {
    /// Links outside any group, each between other ends, since two between the same ends mean one: `copy` has a prefix,
    /// `auto` makes mirrors by itself, `pair` leads in both directions, `pushed` is opened by its source.
    static let links = FieldChapter(
        name: "ClusterLink", estate: linkEstate,
        documents: { stage in
            Sites.documents(stage) + [
                link("copy", ["mirrorTopics": ["include": ["copy.*"]]]), link("plain", [:]),
                link(
                    "sync",
                    [
                        "destination": "south", "consumerOffsetSync": ["enabled": true],
                        "aclSync": ["enabled": true, "filters": [[:]]], "mirrorTopics": [:],
                    ]),
                link(
                    "auto",
                    [
                        "source": "east", "destination": "west", "mirrorTopics": ["include": ["auto.*"]],
                        "consumerOffsetSync": ["groups": ["include": ["app"]]],
                    ]),
                link("pair", ["mode": "Bidirectional", "aclSync": ["filters": [["operation": "READ"]]]]),
                link("pushed", ["source": "east", "destination": "south", "aclSync": ["enabled": true]]),
            ]
        },
        entries: ends + selections + syncs + filters)

    private static let linkEstate = Sites.estate(
        topics: [
            "west": ["copy.a", "copy.b", "sync.a", "sync.b", "pair.a", "other.a"],
            "east": ["auto.a", "_schemas", "back.a"],
        ])

    private static func link(_ name: String, _ spec: JSONValue) -> JSONValue {
        var ends: JSONValue = ["source": "west", "destination": "east"]
        for (key, value) in spec.members { ends = ends.with(value, at: [key]) }
        return Documents.of("ClusterLink", name, ends)
    }

    private static func config(_ name: String, of link: String, on cluster: String = "east") -> FieldEntry.Wire {
        { try await $0.config(name, of: "links/\(link)", on: cluster) }
    }

    private static func mirrors(of link: String, on cluster: String = "east") -> FieldEntry.Wire {
        { stage in
            let rows = try await stage.live("links/\(link)/mirrors", on: cluster)["data"].array
            let active = rows.filter { $0["mirror_status"].string == "ACTIVE" }
            return .list(active.compactMap { $0["mirror_topic_name"].string }.sorted().map { .text($0) })
        }
    }

    private static let ends = [
        FieldEntry(
            "ClusterLink spec.source", of: "ClusterLink/copy", set: .shows("west", "lkc-w"),
            changed: .refused("south", by: "Immutable"), removed: .refused(nil, by: "missing-field")
        ) { try await $0.live("links/copy-1", on: "east")["source_cluster_id"] },
        FieldEntry(
            "ClusterLink spec.destination", of: "ClusterLink/copy", set: .shows("east", "copy-1"),
            changed: .refused("south", by: "Immutable"), removed: .refused(nil, by: "missing-field")
        ) { try await $0.live("links/copy-1", on: "east")["link_name"] },
        FieldEntry(
            "ClusterLink spec.prefix", of: "ClusterLink/copy", set: .shows("w.", ["w.copy.a", "w.copy.b"]),
            changed: .refused("v.", by: "Immutable"), removed: .refused(nil, by: "same-live-object"),
            wire: mirrors(of: "copy-1")),
        FieldEntry(
            "ClusterLink spec.linkName", of: "ClusterLink/copy", set: .shows("copy-1", "copy-1"),
            changed: .refused("copy-2", by: "Immutable"), removed: .shows(nil, "copy-1")
        ) { try await $0.live("links/copy-1", on: "east")["link_name"] },
        FieldEntry(
            "ClusterLink spec.mode", of: "ClusterLink/plain", set: .shows("Unidirectional", "DESTINATION"),
            changed: .refused("Bidirectional", by: "same-live-object"), removed: .shows(nil, "DESTINATION"),
            wire: config("link.mode", of: "plain")),
        FieldEntry(
            "ClusterLink spec.initiator", of: "ClusterLink/pushed", set: .shows("east", "INBOUND"),
            changed: .refused("south", by: "Immutable"), removed: .refused(nil, by: "Immutable"),
            wire: config("connection.mode", of: "pushed", on: "south")),
        FieldEntry(
            "ClusterLink spec.configs", of: "ClusterLink/plain",
            set: .shows(["topic.config.sync.ms": "10s"], "10000"),
            changed: .shows(["topic.config.sync.ms": 20000], "20000"),
            removed: .shows(nil, "5000"), never: [.refused(["topic.config.sink.ms": 1], by: "unknown-config")],
            wire: config("topic.config.sync.ms", of: "plain")),
    ]

    private static let selections = [
        FieldEntry(
            "ClusterLink spec.mirrorTopics", of: "ClusterLink/pair", set: .shows(["include": ["pair.*"]], ["pair.a"]),
            changed: .shows(["include": ["pair.*", "other.a"]], ["other.a", "pair.a"]),
            removed: .shows(nil, ["other.a", "pair.a"]), wire: mirrors(of: "pair")),
        FieldEntry(
            "ClusterLink spec.reverseMirrorTopics", of: "ClusterLink/pair",
            set: .shows(["include": ["back.*"]], ["back.a"]), changed: .shows(["include": ["b*"]], ["back.a"]),
            removed: .shows(nil, ["back.a"]), wire: mirrors(of: "pair", on: "west")),
        FieldEntry(
            "TopicSelector include", of: "ClusterLink/sync", at: "spec.mirrorTopics.include",
            set: .shows(["sync.*"], ["sync.a"]), changed: .shows(["sync.?"], ["sync.a", "sync.b"]),
            removed: .shows(nil, ["sync.a", "sync.b"]), wire: mirrors(of: "sync", on: "south")),
        FieldEntry(
            "TopicSelector exclude", of: "ClusterLink/sync", at: "spec.mirrorTopics.exclude",
            set: .shows(["*.b"], ["sync.a"]), changed: .shows(["*.c"], ["sync.a", "sync.b"]),
            removed: .shows(nil, ["sync.a", "sync.b"]), wire: mirrors(of: "sync", on: "south")),
        FieldEntry(
            "TopicSelector allowInternal", of: "ClusterLink/auto", at: "spec.mirrorTopics.allowInternal",
            set: .shows(["_schemas"], ["_schemas", "auto.a"]), changed: .shows(["__other"], ["_schemas", "auto.a"]),
            removed: .shows(nil, ["_schemas", "auto.a"]), wire: mirrors(of: "auto", on: "west")),
        FieldEntry(
            "TopicSelector autoCreate", of: "ClusterLink/auto", at: "spec.mirrorTopics.autoCreate",
            set: .shows(true, "true"), changed: .shows(false, "false"), removed: .shows(nil, "false"),
            wire: config("auto.create.mirror.topics.enable", of: "auto", on: "west")),
    ]

    private static let syncs = [
        FieldEntry(
            "ClusterLink spec.consumerOffsetSync", of: "ClusterLink/plain",
            set: .shows(["interval": "1m"], "true"), changed: .shows(["interval": "2m"], "true"),
            removed: .shows(nil, "false"), wire: config("consumer.offset.sync.enable", of: "plain")),
        FieldEntry(
            "OffsetSync enabled", of: "ClusterLink/auto", at: "spec.consumerOffsetSync.enabled",
            set: .shows(true, "true"), changed: .shows(false, "false"), removed: .shows(nil, "true"),
            wire: config("consumer.offset.sync.enable", of: "auto", on: "west")),
        FieldEntry(
            "OffsetSync interval", of: "ClusterLink/sync", at: "spec.consumerOffsetSync.interval",
            set: .shows("10s", "10000"), changed: .shows("20s", "20000"), removed: .shows(nil, "30000"),
            never: [.refused("10ms", by: "out-of-range")],
            wire: config("consumer.offset.sync.ms", of: "sync", on: "south")),
        FieldEntry(
            "OffsetSync groups.include", of: "ClusterLink/sync", at: "spec.consumerOffsetSync.groups.include",
            set: .shows(["app", "web-*"], ["app:LITERAL", "web-:PREFIXED"]), changed: .shows(["app"], ["app:LITERAL"]),
            removed: .shows(nil, ["*:LITERAL"]), wire: groups("INCLUDE")),
        FieldEntry(
            "OffsetSync groups.exclude", of: "ClusterLink/sync", at: "spec.consumerOffsetSync.groups.exclude",
            set: .shows(["web-1"], ["web-1:LITERAL"]), changed: .shows(["web-2*"], ["web-2:PREFIXED"]),
            removed: .shows(nil, []), wire: groups("EXCLUDE")),
        FieldEntry(
            "ClusterLink spec.aclSync", of: "ClusterLink/plain",
            set: .shows(["enabled": true, "filters": [[:]]], "true"),
            changed: .shows(["enabled": true, "interval": "1m", "filters": [[:]]], "true"),
            removed: .shows(nil, "false"), wire: config("acl.sync.enable", of: "plain")),
        FieldEntry(
            "AclSync enabled", of: "ClusterLink/pair", at: "spec.aclSync.enabled", set: .shows(true, "true"),
            changed: .shows(false, "false"), removed: .shows(nil, "false"),
            wire: config("acl.sync.enable", of: "pair", on: "east")),
        FieldEntry(
            "AclSync interval", of: "ClusterLink/sync", at: "spec.aclSync.interval", set: .shows("10s", "10000"),
            changed: .shows("20s", "20000"), removed: .shows(nil, "5000"),
            wire: config("acl.sync.ms", of: "sync", on: "south")),
        FieldEntry(
            "AclSync filters", of: "ClusterLink/pushed", at: "spec.aclSync.filters",
            set: .shows([["operation": "READ"]], 1),
            changed: .shows([["operation": "READ"], ["operation": "WRITE"]], 2),
            removed: .refused(nil, by: "missing-field")
        ) { .number(Double(try await $0.filters("acl.filters", "aclFilters", of: "pushed", on: "south").count)) },
    ]

    private static let filters = [
        filter("resourceType", "resourceFilter", "resourceType", "TOPIC", "GROUP", removed: "ANY"),
        filter("resourceName", "resourceFilter", "name", "orders", "bills", removed: .null),
        filter("patternType", "resourceFilter", "patternType", "LITERAL", "PREFIXED", removed: "ANY"),
        filter("principal", "accessFilter", "principal", "User:a", "User:b", removed: .null),
        filter("operation", "accessFilter", "operation", "READ", "WRITE", removed: "ANY"),
        FieldEntry(
            "AclFilter permissionType", of: "ClusterLink/sync", at: "spec.aclSync.filters.0.permissionType",
            set: .shows("ALLOW", "ALLOW"), changed: .refused("DENY", by: "unknown-value"), removed: .shows(nil, "ALLOW")
        ) {
            try await $0.filters("acl.filters", "aclFilters", of: "sync", on: "south").first?["accessFilter"][
                "permissionType"] ?? .null
        },
    ]

    private static func filter(
        _ field: String, _ part: String, _ key: String, _ first: JSONValue, _ second: JSONValue, removed: JSONValue
    ) -> FieldEntry {
        FieldEntry(
            "AclFilter \(field)", of: "ClusterLink/sync", at: "spec.aclSync.filters.0.\(field)",
            set: .shows(first, first), changed: .shows(second, second), removed: .shows(nil, removed)
        ) { try await $0.filters("acl.filters", "aclFilters", of: "sync", on: "south").first?[part][key] ?? .null }
    }

    private static func groups(_ type: String) -> FieldEntry.Wire {
        { stage in
            let filters = try await stage.filters(
                "consumer.offset.group.filters", "groupFilters", of: "sync", on: "south")
            return .list(
                filters.filter { $0["filterType"].string == type }
                    .map { "\($0["name"].string ?? ""):\($0["patternType"].string ?? "")" }.sorted().map { .text($0) })
        }
    }
}

extension Stage {
    /// Entries of a filter config, which is JSON in a text.
    fileprivate func filters(_ config: String, _ list: String, of link: String, on cluster: String) async throws
        -> [JSONValue]
    {
        let text = try await self.config(config, of: "links/\(link)", on: cluster).string ?? ""
        return text.isEmpty ? [] : try JSONValue(parsing: text)[list].array
    }
}
