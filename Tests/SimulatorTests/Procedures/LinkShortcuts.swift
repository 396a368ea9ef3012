import Testing

@testable import SimulatorCore
@testable import SimulatorServer

extension Shortcut {
    /// The creation of link `name` on east, read from west.
    private static func creation(
        _ name: String, in scene: Scene = .apart, is answer: [Int] = [400, 40002], link: String = "dr",
        _ configs: [String: String] = [:],
        before: @escaping @Sendable (TwoSites) async throws -> Void = { _ in }
    ) -> Shortcut {
        Shortcut(name, in: scene, is: answer) { sites in
            try await before(sites)
            let role = configs["link.mode"] == "BIDIRECTIONAL" ? "remote_cluster_id" : "source_cluster_id"
            let body = sites.east.linkBody(role: role, remote: sites.west, configs)
            return try await sites.east.kafka("POST", "links?link_name=\(link)", body)
        }
    }

    private static func alteration(_ name: String, _ config: String, _ value: String) -> Shortcut {
        Shortcut(name, in: .linked, is: [400, 40002]) {
            try await $0.east.kafka("PUT", "links/dr/configs/\(config)", ["value": .string(value)])
        }
    }

    static let ofLinks: [Shortcut] = creations + alterations + deletions

    private static let creations = [
        creation("make a link twice", in: .linked, is: [409, 40902]),
        creation("use a prefix twice", link: "other", ["cluster.link.prefix": "w."]) { sites in
            try await sites.link(sites.east, from: sites.west, ["cluster.link.prefix": "w."])
        },
        creation("sync ACLs under a prefix", ["cluster.link.prefix": "w.", "acl.sync.enable": "true"]),
        creation("prefix groups without a prefix", ["consumer.group.prefix.enable": "true"]),
        creation("link with credentials that are wrong", ["sasl.jaas.config": KafkaBench.jaas("KEY", "wrong")]),
        creation("link to an address nobody has", ["bootstrap.servers": "nowhere:9092"]),
        creation(
            "link to a cluster behind another one's address", ["bootstrap.servers": "lkc-east.us-east-1.simulated:9092"]
        ),
        creation("link to a dead cluster and validate it") { try await $0.set($0.west, "down") },
        creation("set what the service tunes", ["cluster.link.retry.timeout.ms": "1000"]),
        creation("leave out a mandatory class of configs", ["topic.config.sync.include": "retention.ms"]),
        creation(
            "dial a passive half of another name", link: "rd",
            [
                "link.mode": "BIDIRECTIONAL", "remote.link.connection.mode": "INBOUND",
                "local.sasl.jaas.config": KafkaBench.jaas(),
            ]
        ) { sites in
            try await sites.west.expect(201, "POST", "links?link_name=dr", passiveHalf(of: sites))
            try await sites.wait(1_000)
        },
        creation(
            "dial a passive half just made",
            [
                "link.mode": "BIDIRECTIONAL", "remote.link.connection.mode": "INBOUND",
                "local.sasl.jaas.config": KafkaBench.jaas(),
            ]
        ) { sites in
            try await sites.west.expect(201, "POST", "links?link_name=dr", passiveHalf(of: sites))
        },
        Shortcut("give a passive half an id", in: .apart, is: [400, 40002]) { sites in
            var body = passiveHalf(of: sites)
            body.append("cluster_link_id", "qz0HDEV-Qz2B5aPFpcWQJQ")
            return try await sites.west.kafka("POST", "links?link_name=dr", body)
        },
        Shortcut("make the source half first", in: .apart, is: [400, 40002]) { sites in
            let configs = ["link.mode": "SOURCE", "local.sasl.jaas.config": KafkaBench.jaas()]
            let body = sites.west.linkBody(role: "destination_cluster_id", remote: sites.east, configs)
            return try await sites.west.kafka("POST", "links?link_name=dr", body)
        },
        Shortcut("name two remote clusters", in: .apart, is: [400, 40002]) { sites in
            var body = sites.east.linkBody(role: "source_cluster_id", remote: sites.west)
            body.append("remote_cluster_id", .string(sites.west.id))
            return try await sites.east.kafka("POST", "links?link_name=dr", body)
        },
        Shortcut("link a cluster to itself", in: .apart, is: [400, 40002]) { sites in
            let body = sites.east.linkBody(role: "source_cluster_id", remote: sites.east)
            return try await sites.east.kafka("POST", "links?link_name=dr", body)
        },
    ]

    private static func passiveHalf(of sites: TwoSites) -> JSON {
        [
            "remote_cluster_id": .string(sites.east.id),
            "configs": [
                ["name": "link.mode", "value": "BIDIRECTIONAL"], ["name": "connection.mode", "value": "INBOUND"],
            ],
        ]
    }

    private static let alterations = [
        alteration("turn a link bidirectional", "link.mode", "BIDIRECTIONAL"),
        alteration("change who dials", "connection.mode", "INBOUND"),
        alteration("give a link a prefix later", "cluster.link.prefix", "w."),
        alteration("change what the service tunes", "cluster.link.retry.timeout.ms", "1000"),
        alteration("set a config that does not exist", "no.such.config", "1"),
        alteration("set an interval that is no number", "consumer.offset.sync.ms", "soon"),
        alteration("set a filter that is no filter", "consumer.offset.group.filters", "*"),
        Shortcut("alter link configs by POST", in: .linked, is: [405, 405]) {
            try await $0.east.kafka("POST", "links/dr/configs:alter", ["data": []])
        },
    ]

    private static let deletions = [
        Shortcut("delete a link with live mirrors", in: .mirrored, is: [400, 40002]) {
            try await $0.east.kafka("DELETE", "links/dr")
        },
        Shortcut("delete a link that does not exist", in: .apart, is: [404, 404]) {
            try await $0.east.kafka("DELETE", "links/dr")
        },
        Shortcut("make a link again before it is gone", in: .linked, is: [409, 40902]) { sites in
            try await sites.east.expect(204, "DELETE", "links/dr")
            let body = sites.east.linkBody(role: "source_cluster_id", remote: sites.west)
            return try await sites.east.kafka("POST", "links?link_name=dr", body)
        },
    ]
}
