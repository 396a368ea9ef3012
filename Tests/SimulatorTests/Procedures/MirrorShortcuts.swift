import Testing

@testable import SimulatorCore
@testable import SimulatorServer

private let orders: JSON = ["mirror_topic_names": ["orders"]]

extension Shortcut {
    /// An action on the mirror `orders` of a site.
    private static func action(
        _ verb: String, _ name: String, in scene: Scene, on site: any KeyPath<TwoSites, Site> & Sendable
    )
        -> Shortcut
    {
        Shortcut(name, in: scene, is: [200, 400]) {
            try await $0[keyPath: site].kafka("POST", "links/dr/mirrors:\(verb)", orders)
        }
    }

    private static func creation(
        _ name: String, in scene: Scene, is answer: [Int], _ body: JSON,
        before: @escaping @Sendable (TwoSites) async throws -> Void = { _ in }
    ) -> Shortcut {
        Shortcut(name, in: scene, is: answer) { sites in
            try await before(sites)
            return try await sites.east.kafka("POST", "links/dr/mirrors", body)
        }
    }

    static let ofMirrors: [Shortcut] = actions + creations + topics

    private static let actions = [
        action("resume", "resume a mirror that stopped", in: .failedOver, on: \.east),
        action("promote", "promote a mirror that stopped", in: .failedOver, on: \.east),
        action("failover", "fail over a mirror that stopped", in: .failedOver, on: \.east),
        action("pause", "pause a mirror that stopped", in: .failedOver, on: \.east),
        action("resume", "resume a mirror that is not paused", in: .mirrored, on: \.east),
        action("reverse-and-start-mirror", "reverse over a unidirectional link", in: .mirrored, on: \.east),
        action("reverse-and-pause-mirror", "reverse and pause over a unidirectional link", in: .mirrored, on: \.east),
        action("truncate-and-restore", "restore over a unidirectional link", in: .mirrored, on: \.east),
        action("truncate-and-restore", "restore a live mirror", in: .paired, on: \.east),
        action("truncate-and-restore", "restore before the failover", in: .paired, on: \.west),
        Shortcut("promote with a dead source", in: .mirrored, is: [200, 400]) { sites in
            try await sites.set(sites.west, "down")
            return try await sites.east.kafka("POST", "links/dr/mirrors:promote", orders)
        },
        Shortcut("reverse with a dead source", in: .paired, is: [200, 400]) { sites in
            try await sites.set(sites.west, "down", vantage: "sites")
            return try await sites.east.kafka("POST", "links/dr/mirrors:reverse-and-start-mirror", orders)
        },
        Shortcut("reverse a paused mirror", in: .paired, is: [200, 400]) { sites in
            _ = try await sites.east.act("pause", orders)
            return try await sites.east.kafka("POST", "links/dr/mirrors:reverse-and-start-mirror", orders)
        },
        Shortcut("promote under a paused link", in: .mirrored, is: [200, 400]) { sites in
            try await sites.east.expect(204, "PUT", "links/dr/configs/cluster.link.paused", ["value": "true"])
            return try await sites.east.kafka("POST", "links/dr/mirrors:promote", orders)
        },
        Shortcut("restore with a dead peer", in: .failedOver, is: [200, 400]) { sites in
            try await sites.set(sites.east, "down", vantage: "sites")
            return try await sites.west.kafka("POST", "links/dr/mirrors:truncate-and-restore", orders)
        },
        Shortcut("restore after the other half of the link was deleted", in: .failedOver, is: [200, 400]) { sites in
            try await sites.east.expect(204, "DELETE", "links/dr")
            try await sites.wait(1_000)
            return try await sites.west.kafka("POST", "links/dr/mirrors:truncate-and-restore", orders)
        },
        Shortcut("restore after the link was deleted", in: .failedOver, is: [404, 404]) { sites in
            try await sites.west.expect(204, "DELETE", "links/dr")
            try await sites.wait(1_000)
            return try await sites.west.kafka("POST", "links/dr/mirrors:truncate-and-restore", orders)
        },
        Shortcut("restore a topic that was made again", in: .failedOver, is: [200, 400]) { sites in
            try await sites.west.expect(204, "DELETE", "topics/orders")
            try await sites.wait(1_000)
            try await sites.west.expect(201, "POST", "topics", ["topic_name": "orders", "partitions_count": 3])
            return try await sites.west.kafka("POST", "links/dr/mirrors:truncate-and-restore", orders)
        },
        Shortcut("act on a topic that is no mirror", in: .mirrored, is: [200, 404]) {
            try await $0.east.kafka("POST", "links/dr/mirrors:failover", ["mirror_topic_names": ["carts"]])
        },
        Shortcut("name mirrors and a pattern at once", in: .mirrored, is: [400, 400]) {
            try await $0.east.kafka(
                "POST", "links/dr/mirrors:failover",
                ["mirror_topic_names": ["orders"], "mirror_topic_name_pattern": ".*"])
        },
        Shortcut("an action that does not exist", in: .mirrored, is: [404, 404]) {
            try await $0.east.kafka("POST", "links/dr/mirrors:demote", orders)
        },
    ]

    private static let creations = [
        creation("mirror a topic twice", in: .mirrored, is: [400, 40002], ["source_topic_name": "orders"]),
        creation("mirror what stopped", in: .failedOver, is: [400, 40002], ["source_topic_name": "orders"]),
        creation("mirror over an ordinary topic", in: .linked, is: [400, 40002], ["source_topic_name": "orders"]) {
            try await $0.east.expect(201, "POST", "topics", ["topic_name": "orders"])
        },
        creation("mirror what does not exist", in: .linked, is: [404, 40403], ["source_topic_name": "carts"]),
        creation(
            "mirror under another name", in: .linked, is: [400, 40035],
            ["source_topic_name": "orders", "mirror_topic_name": "copies"]),
        creation(
            "mirror with another replication factor", in: .linked, is: [400, 40002],
            ["source_topic_name": "orders", "replication_factor": 1]),
        creation(
            "mirror with a config that follows the source", in: .linked, is: [400, 40002],
            ["source_topic_name": "orders", "configs": [["name": "cleanup.policy", "value": "compact"]]]),
        creation(
            "mirror over a link that does not exist", in: .apart, is: [404, 404], ["source_topic_name": "orders"]),
        creation("mirror over a link just made", in: .apart, is: [404, 404], ["source_topic_name": "orders"]) { sites in
            let body = sites.east.linkBody(role: "source_cluster_id", remote: sites.west)
            try await sites.east.expect(201, "POST", "links?link_name=dr", body)
        },
        creation("mirror from a dead source", in: .linked, is: [400, 40002], ["source_topic_name": "orders"]) {
            try await $0.set($0.west, "down")
        },
        Shortcut("mirror a mirror of one's own topic", in: .paired, is: [400, 40002]) { sites in
            try await sites.west.expect(204, "DELETE", "topics/orders")
            try await sites.wait(1_000)
            return try await sites.west.kafka("POST", "links/dr/mirrors", ["source_topic_name": "orders"])
        },
    ]

    private static let topics = [
        Shortcut("produce to a mirror", in: .mirrored, is: [400, 40002]) { try await $0.east.produce() },
        Shortcut("produce to a paused mirror", in: .mirrored, is: [400, 40002]) { sites in
            _ = try await sites.east.act("pause", orders)
            return try await sites.east.produce()
        },
        Shortcut("produce to a mirror whose source is gone", in: .mirrored, is: [400, 40002]) { sites in
            try await sites.set(sites.west, "down")
            try await sites.wait(400_000)
            return try await sites.east.produce()
        },
        Shortcut("add partitions to a mirror", in: .mirrored, is: [400, 40002]) {
            try await $0.east.kafka("PATCH", "topics/orders", ["partitions_count": 9])
        },
        Shortcut("take partitions away", in: .apart, is: [400, 40002]) {
            try await $0.west.kafka("PATCH", "topics/orders", ["partitions_count": 2])
        },
        Shortcut("alter a config of a mirror that always follows", in: .mirrored, is: [400, 40002]) {
            try await $0.east.kafka("PUT", "topics/orders/configs/cleanup.policy", ["value": "compact"])
        },
        Shortcut("alter a config of a mirror that the link syncs", in: .mirrored, is: [400, 40002]) {
            try await $0.east.kafka(
                "POST", "topics/orders/configs:alter", ["data": [["name": "retention.ms", "value": "1000"]]])
        },
        Shortcut("reset a config of a mirror that the link syncs", in: .mirrored, is: [400, 40002]) {
            try await $0.east.kafka("DELETE", "topics/orders/configs/retention.ms")
        },
        Shortcut("make a topic twice", in: .apart, is: [400, 40002]) {
            try await $0.west.kafka("POST", "topics", ["topic_name": "orders"])
        },
        Shortcut("make a topic again before it is gone", in: .apart, is: [400, 40002]) { sites in
            try await sites.west.expect(204, "DELETE", "topics/orders")
            return try await sites.west.kafka("POST", "topics", ["topic_name": "orders"])
        },
        Shortcut("use a topic that is gone", in: .apart, is: [404, 40403]) { sites in
            try await sites.west.expect(204, "DELETE", "topics/orders")
            try await sites.wait(1_000)
            return try await sites.west.produce()
        },
    ]
}
