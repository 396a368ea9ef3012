@testable import SimulatedConfluent
@testable import SimulatorCore

extension WalkGenerator {
    // MARK: Links and mirrors

    /// Links of all kinds between all clusters.
    mutating func mirrors() -> WalkStep {
        draw([
            (4, { $0.createLink($0.drawnLink()) }), (1, { $0.deleteLink() }), (4, { $0.alterLink() }),
            (4, { $0.readLink() }),
            (8, { $0.createMirror() }), (12, { $0.act() }), (4, { $0.readMirrors() }), (6, { $0.record() }),
            (3, { $0.deleteTopic() }),
        ])
    }

    /// A bidirectional pair between the first two clusters, and what is done over it.
    mutating func pairs() -> WalkStep {
        draw([
            (4, { $0.createLink(Link(here: 1 + $0.below(2), mode: "BIDIRECTIONAL")) }), (1, { $0.deleteLink() }),
            (2, { $0.alterLink() }), (2, { $0.readLink() }), (6, { $0.createMirror() }), (18, { $0.act() }),
            (3, { $0.readMirrors() }),
            (6, { $0.record() }), (1, { $0.deleteTopic() }),
        ])
    }

    struct Link {
        var here: Int
        var there: Int?
        var mode: String
        var prefix: String?
        var isPassive = false
    }

    private mutating func drawnLink() -> Link {
        let mode = any(["DESTINATION", "DESTINATION", "DESTINATION", "BIDIRECTIONAL", "SOURCE"])
        return Link(
            here: cluster(), there: cluster(), mode: mode, prefix: chance(15) ? any(["p.", "q."]) : nil,
            isPassive: chance(10))
    }

    private mutating func createLink(_ link: Link) -> WalkStep {
        let there = link.there ?? 3 - link.here
        let name = self.link()
        var configs = ["link.mode": link.mode, "connection.mode": link.isPassive ? "INBOUND" : "OUTBOUND"]
        if !link.isPassive {
            configs["bootstrap.servers"] = "lkc-\(there).\(WalkedWorld.regions[there - 1]).simulated:9092"
            configs["security.protocol"] = "SASL_SSL"
            configs["sasl.mechanism"] = "PLAIN"
            configs["sasl.jaas.config"] = chance(95) ? KafkaBench.jaas() : KafkaBench.jaas("LIMITED", "s")
            configs["local.sasl.jaas.config"] = KafkaBench.jaas()
        }
        configs["cluster.link.prefix"] = link.prefix
        if chance(60) { configs.merge(TwoSites.offsetSync) { $1 } }
        if chance(20) { configs.merge(Self.autoCreation) { $1 } }
        if chance(20), link.prefix == nil { configs.merge(Self.aclSync) { $1 } }
        if chance(5) { configs["remote.link.connection.mode"] = "INBOUND" }
        let role =
            switch link.mode {
            case "BIDIRECTIONAL": "remote_cluster_id"
            case "SOURCE": "destination_cluster_id"
            default: "source_cluster_id"
            }
        let flags = chance(30) ? "&validate_link=false" : chance(5) ? "&validate_only=true" : ""
        return kafka(
            link.here, "POST", "links?link_name=\(name)\(flags)",
            .object([
                JSON.Member(name: role, value: .string("lkc-\(there)")),
                JSON.Member(name: "configs", value: Self.configs(configs)),
            ]))
    }

    private static let autoCreation = [
        "auto.create.mirror.topics.enable": "true",
        "auto.create.mirror.topics.filters":
            #"{"topicFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}"#,
    ]

    private static let aclSync = [
        "acl.sync.enable": "true",
        "acl.filters":
            #"{"aclFilters":[{"resourceFilter":{"resourceType":"any","patternType":"any"},"accessFilter":{"operation":"any","permissionType":"any"}}]}"#,
    ]

    private mutating func deleteLink() -> WalkStep {
        kafka(cluster(), "DELETE", "links/\(link())\(any(["", "?force=true", "?validate_only=true"]))")
    }

    private mutating func alterLink() -> WalkStep {
        let changes: [[String: String]] = [
            ["cluster.link.paused": "true"], ["cluster.link.paused": "true"], ["cluster.link.paused": "false"],
            TwoSites.offsetSync, ["consumer.offset.sync.enable": "false"], ["consumer.offset.sync.ms": "1000"],
            Self.aclSync, ["acl.sync.enable": "false"], Self.autoCreation,
            ["auto.create.mirror.topics.enable": "false"],
            ["sasl.jaas.config": KafkaBench.jaas("LIMITED", "wrong")], ["sasl.jaas.config": KafkaBench.jaas()],
            ["topic.config.sync.include": MirrorConfigClasses.always.sorted().joined(separator: ",")],
            ["mirror.start.offset.spec": "latest"], ["link.mode": "SOURCE"], ["nonsense": "1"],
            ["topic.config.sync.ms": "9223372036854775807"], ["cluster.link.retry.timeout.ms": "2147483647"],
        ]
        let number = cluster()
        if chance(10) { return kafka(number, "DELETE", "links/\(link())/configs/consumer.offset.sync.enable") }
        return kafka(number, "PUT", "links/\(link())/configs:alter", ["data": Self.configs(any(changes))])
    }

    private mutating func readLink() -> WalkStep {
        let target = any(["links", "links/\(link())", "links/\(link())?include_tasks=true", "links/\(link())/configs"])
        return kafka(cluster(), "GET", target)
    }

    private mutating func createMirror() -> WalkStep {
        var body: JSON = ["source_topic_name": .string(topic())]
        if chance(5) { body.append("mirror_topic_name", "p.a") }
        if chance(5) { body.append("configs", Self.configs(["retention.ms": "5000"])) }
        return kafka(cluster(), "POST", "links/\(link())/mirrors", body)
    }

    private mutating func act() -> WalkStep {
        let verb = any([
            "promote", "promote", "failover", "failover", "pause", "resume", "resume", "reverse-and-start-mirror",
            "reverse-and-start-mirror", "reverse-and-pause-mirror", "truncate-and-restore", "truncate-and-restore",
            "truncate-and-restore", "demote",
        ])
        let body: JSON =
            chance(15) ? ["mirror_topic_name_pattern": ".*"] : ["mirror_topic_names": [.string(topic()), "b"]]
        let flags = chance(15) ? "?validate_only=true&include_partition_level_truncation_data=true" : ""
        return kafka(cluster(), "POST", "links/\(link())/mirrors:\(verb)\(flags)", body)
    }

    private mutating func readMirrors() -> WalkStep {
        let target = any([
            "links/-/mirrors", "links/\(link())/mirrors?mirror_status=stopped", "links/\(link())/mirrors",
            "links/\(link())/mirrors/\(topic())?include_state_transition_errors=true",
        ])
        return kafka(cluster(), "GET", target)
    }

    // MARK: Topics, groups and ACLs

    mutating func kafka() -> WalkStep {
        draw([
            (5, { $0.record() }), (4, { $0.createTopic() }), (2, { $0.deleteTopic() }), (2, { $0.expand() }),
            (3, { $0.alterTopic() }),
            (5, { $0.readTopics() }), (3, { $0.readGroups() }), (6, { $0.acl() }), (1, { $0.nonsense() }),
        ])
    }

    private mutating func record() -> WalkStep {
        var body: JSON = [
            "value": any([["type": "STRING", "data": "x"], ["type": "JSON", "data": [1, .double(2.5), nil]], .null])
        ]
        if chance(70) { body.append("partition_id", JSON(below(2))) }
        if chance(5) { body = ["value": ["type": "BINARY", "data": "no base64"]] }
        return kafka(cluster(), "POST", "topics/\(topic())/records", body)
    }

    private mutating func createTopic() -> WalkStep {
        var body: JSON = ["topic_name": .string(topic()), "partitions_count": JSON(any([1, 2, 2, 0, -1]))]
        if chance(20) { body.append("replication_factor", JSON(any([1, 3]))) }
        if chance(20) { body.append("configs", Self.configs(["retention.ms": any(["1", "x"])])) }
        if chance(5) { body.append("validate_only", true) }
        return kafka(cluster(), "POST", "topics", body)
    }

    private mutating func deleteTopic() -> WalkStep {
        kafka(cluster(), "DELETE", "topics/\(topic())")
    }

    private mutating func expand() -> WalkStep {
        kafka(cluster(), "PATCH", "topics/\(topic())", ["partitions_count": JSON(any([1, 3, 4]))])
    }

    private mutating func alterTopic() -> WalkStep {
        let name = any([
            "retention.ms", "cleanup.policy", "compression.type", "confluent.value.schema.validation", "no",
        ])
        let value = any(["1000", "compact", "true", "delete,compact"])
        switch below(3) {
        case 0: return kafka(cluster(), "PUT", "topics/\(topic())/configs/\(name)", ["value": .string(value)])
        case 1: return kafka(cluster(), "DELETE", "topics/\(topic())/configs/\(name)")
        default:
            return kafka(
                cluster(), "POST", "topics/\(topic())/configs:alter", ["data": Self.configs([name: value])])
        }
    }

    private mutating func readTopics() -> WalkStep {
        let name = topic()
        return kafka(
            cluster(), "GET",
            any([
                "topics", "topics", "topics/\(name)", "topics/\(name)", "topics/\(name)/partitions",
                "topics/\(name)/partitions/1", "topics/\(name)/configs/retention.ms", "topics/\(name)/configs/no", "",
                chance(10) ? "topics/-/configs" : "topics/\(name)",
            ]))
    }

    private mutating func readGroups() -> WalkStep {
        let name = any(Self.groups)
        return kafka(
            cluster(), "GET",
            any([
                "consumer-groups", "consumer-groups/\(name)", "consumer-groups/\(name)/lags",
                "consumer-groups/\(name)/lag-summary", "consumer-groups/\(name)/lags/a/partitions/0",
                "consumer-groups/\(name)/consumers",
            ]))
    }

    private mutating func acl() -> WalkStep {
        let binding: JSON = [
            "resource_type": .string(any(["TOPIC", "GROUP", "CLUSTER"])), "resource_name": .string(any(["a", "*"])),
            "pattern_type": .string(any(["LITERAL", "PREFIXED"])),
            "principal": .string(any(["User:sa-1", "User:sa-2"])),
            "host": "*", "operation": .string(any(["WRITE", "READ", "ALL"])),
            "permission": .string(any(["ALLOW", "DENY"])),
        ]
        switch below(4) {
        case 0: return kafka(cluster(), "POST", "acls", binding)
        case 1: return kafka(cluster(), "POST", "acls:batch", ["data": [binding, binding]])
        case 2: return kafka(cluster(), "GET", "acls?principal=User:sa-1")
        default:
            return kafka(
                cluster(), "DELETE",
                "acls?resource_type=TOPIC&pattern_type=ANY&operation=ANY&permission=\(any(["DENY", "ANY", ""]))")
        }
    }

    private mutating func nonsense() -> WalkStep {
        let bodies: [JSON?] = [nil, [], "text", ["data": "no list"], ["mirror_topic_names": 3], .null]
        return kafka(
            cluster(), any(["GET", "POST", "PUT", "PATCH", "DELETE"]),
            any([
                "topics", "links", "links/x/mirrors", "links/x/mirrors:promote", "links/x/configs:alter", "acls",
                "acls:batch",
                "consumer-groups", "topics/a/configs:alter", "topics/a/records", "brokers", "nothing/at/all",
                "links/x/mirrors/a/b/c", "topics/a/partitions/99999999999999999999", "links/-/mirrors/a",
            ]), any(bodies))
    }
}
