import SimulatorServer
import TestSupport

extension FieldChapters {
    /// A group over unidirectional links, one over bidirectional ones, and what a move of theirs would read.
    static let groups = FieldChapter(
        name: "FailoverGroup", estate: groupEstate,
        documents: { stage in
            Sites.documents(stage) + [
                group("payments", [:]), group("bills", ["members": ["west", "south"]]),
                group("pair", ["primary": "east", "members": ["east", "south"]]),
                Documents.of("Topic", "own.topic", ["partitions": 1]),
            ]
        },
        entries: groupEntries + groupLinks + groupSchemas, codes: [0, 3])

    private static let groupEstate = Sites.estate(
        topics: ["west": ["payments.a", "payments.b", "bills.a", "bills.b"], "east": ["pair.a"]])

    private static func group(_ name: String, _ spec: JSONValue) -> JSONValue {
        let usual: JSONValue = [
            "primary": "west", "members": ["west", "east"], "topics": ["include": [.text("\(name).*")]],
        ]
        return Documents.of("FailoverGroup", name, spec.members.reduce(usual) { $0.with($1.value, at: [$1.key]) })
    }

    private static func link(_ name: String, _ config: String, on cluster: String) -> FieldEntry.Wire {
        { try await $0.config(config, of: "links/\(name)", on: cluster) }
    }

    private static func exporter(_ key: String, of path: String = "") -> FieldEntry.Wire {
        { stage in
            let names = try await stage.registered("exporters", at: "west").array.compactMap(\.string)
            return try await stage.registered("exporters/\(names.first ?? "none")\(path)", at: "west")[key]
        }
    }

    private static let groupEntries = [
        FieldEntry(
            "FailoverGroup spec.members", of: "FailoverGroup/payments", set: .shows(["west", "east"], []),
            changed: .shows(["west", "east", "south"], ["payments-west-south"]),
            removed: .refused(nil, by: "missing-companion"), never: [.refused(["west"], by: "too-few-members")]
        ) { stage in
            let names = try await stage.names("link_name", in: "links", on: "south").array
            return .list(names.filter { $0.string?.hasPrefix("payments") == true })
        },
        FieldEntry(
            "FailoverGroup spec.topics", of: "FailoverGroup/bills", set: .shows(["include": ["bills.a"]], ["bills.a"]),
            changed: .shows(["include": ["bills.*"]], ["bills.a", "bills.b"]),
            removed: .shows(nil, ["bills.a", "bills.b"])
        ) { try await $0.names("mirror_topic_name", in: "links/bills-link/mirrors", on: "south") },
        FieldEntry(
            "Topic spec.failoverGroup", of: "Topic/own.topic", set: .shows("payments", ["ACTIVE"]),
            changed: .refused("pair", by: "Immutable"), removed: .refused(nil, by: "missing-choice")
        ) { stage in
            let row = try await stage.live("links/payments-west-east/mirrors/own.topic", on: "east")
            return [row["mirror_status"]]
        },
    ]

    private static let groupLinks = [
        FieldEntry(
            "FailoverGroup spec.link.names", of: "FailoverGroup/bills",
            set: .shows(["west-south": "bills-link"], "bills-link"),
            changed: .refused(["west-south": "bills-other"], by: "Immutable"), removed: .shows(nil, "bills-link"),
            never: [.refused(["west-eest": "bills-other"], by: "unknown-link-pair")]
        ) { try await $0.live("links/bills-link", on: "south")["link_name"] },
        FieldEntry(
            "FailoverGroup spec.link.mode", of: "FailoverGroup/pair", set: .shows("Bidirectional", "BIDIRECTIONAL"),
            changed: .refused("Unidirectional", by: "Immutable"), removed: .refused(nil, by: "Immutable"),
            wire: link("pair-east-south", "link.mode", on: "east")),
        FieldEntry(
            "FailoverGroup spec.link.initiator", of: "FailoverGroup/bills", set: .shows("west", "INBOUND"),
            changed: .refused("south", by: "Immutable"), removed: .refused(nil, by: "Immutable"),
            wire: link("bills-link", "connection.mode", on: "south")),
        FieldEntry(
            "FailoverGroup spec.link.consumerOffsetSync", of: "FailoverGroup/payments",
            set: .shows(["interval": "10s"], "10000"), changed: .shows(["interval": "20s"], "20000"),
            removed: .shows(nil, "30000"), wire: link("payments-west-east", "consumer.offset.sync.ms", on: "east")),
        FieldEntry(
            "FailoverGroup spec.link.aclSync", of: "FailoverGroup/payments",
            set: .shows(["enabled": true, "interval": "10s", "filters": [[:]]], "10000"),
            changed: .shows(["enabled": true, "interval": "20s", "filters": [[:]]], "20000"),
            removed: .shows(nil, "5000"), wire: link("payments-west-east", "acl.sync.ms", on: "east")),
        FieldEntry(
            "FailoverGroup spec.link.configs", of: "FailoverGroup/payments",
            set: .shows(["topic.config.sync.ms": "10s"], "10000"),
            changed: .shows(["topic.config.sync.ms": "20s"], "20000"), removed: .shows(nil, "5000"),
            wire: link("payments-west-east", "topic.config.sync.ms", on: "east")),
    ]

    private static let groupSchemas = [
        FieldEntry(
            "FailoverGroup spec.schemas.exporterName", of: "FailoverGroup/payments",
            set: .shows("payments-1", ["payments-1"]),
            changed: .shows("payments-2", ["payments-2-env-e", "payments-2-env-s"]),
            removed: .shows(nil, ["payments-env-e", "payments-env-s"])
        ) { try await $0.registered("exporters", at: "west") },
        FieldEntry(
            "FailoverGroup spec.schemas.subjects", of: "FailoverGroup/payments", set: .shows(["a*"], ["a*"]),
            changed: .shows(["a*", "b*"], ["a*", "b*"]), removed: .refused(nil, by: "missing-field"),
            wire: exporter("subjects")),
        FieldEntry(
            "FailoverGroup spec.schemas.subjectRenameFormat", of: "FailoverGroup/payments",
            set: .shows("w-${subject}", "w-${subject}"), changed: .shows("x-${subject}", "x-${subject}"),
            removed: .shows(nil, "${subject}"), wire: exporter("subjectRenameFormat")),
        FieldEntry(
            "FailoverGroup spec.schemas.kekRenameFormat", of: "FailoverGroup/payments",
            set: .shows("w-${kek}", "w-${kek}"), changed: .shows("x-${kek}", "x-${kek}"),
            removed: .shows(nil, "${kek}"), wire: exporter("kekRenameFormat")),
        FieldEntry(
            "FailoverGroup spec.schemas.paused", of: "FailoverGroup/payments", set: .shows(false, "RUNNING"),
            changed: .shows(true, "PAUSED"), removed: .shows(nil, "RUNNING"), wire: exporter("state", of: "/status")),
    ]
}
