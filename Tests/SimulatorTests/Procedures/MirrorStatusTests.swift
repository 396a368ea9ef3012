import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

@Suite("Procedure: the statuses of a mirror")
struct MirrorStatusTests {
    private static let orders: JSON = ["mirror_topic_names": ["orders"]]

    @Test("all twelve are reached by calls and outages alone")
    func allStatuses() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.pair([:])
            try await sites.mirror(on: east)
            #expect(try await east.act("pause", Self.orders) == [nil])
            #expect(try await east.act("resume", Self.orders) == [nil])
            for value in ["true", "false"] {
                try await east.expect(
                    204, "PUT", "links/dr/configs/cluster.link.paused", ["value": .string(value)])
            }
            try await Self.reverseAndBack(sites)
            try await Self.loseAndFailOver(sites)
            // West follows east, until its source is no more.
            #expect(try await west.act("truncate-and-restore", Self.orders) == [nil])
            try await sites.wait(5_000)
            #expect(try await west.status("orders") == "ACTIVE")
            try await east.expect(204, "DELETE", "topics/orders")
            try await sites.wait(5_000)
            let row = try await west.row("orders")
            #expect(row["mirror_status"] == "FAILED")
            #expect(row["mirror_topic_error"] == "SOURCE_TOPIC_MAY_BE_DELETED")
            let seen = try await sites.bench.events("row").compactMap { $0["status"]?.string }
            #expect(Set(seen) == Set(MirrorStatus.allCases.map(\.rawValue)))
        }
    }

    private static func reverseAndBack(_ sites: TwoSites) async throws {
        for (holder, other) in [(sites.east, sites.west), (sites.west, sites.east)] {
            #expect(try await holder.act("reverse-and-start-mirror", orders) == [nil])
            try await sites.wait(5_000)
            #expect(try await holder.status("orders") == "STOPPED")
            #expect(try await other.status("orders") == "ACTIVE")
        }
    }

    private static func loseAndFailOver(_ sites: TwoSites) async throws {
        let east = sites.east
        try await sites.set(sites.west, "down", vantage: "sites")
        try await sites.wait(400_000)
        #expect(try await east.status("orders") == "SOURCE_UNAVAILABLE")
        try await sites.set(sites.west, "up")
        func setJaas(_ secret: String) async throws {
            let value = JSON.string(KafkaBench.jaas("SIMULATOR", secret))
            try await east.expect(204, "PUT", "links/dr/configs/sasl.jaas.config", ["value": value])
        }
        try await setJaas("wrong")
        #expect(try await east.status("orders") == "LINK_FAILED")
        #expect(try await east.act("failover", orders) == [nil])
        try await sites.wait(1_000)
        #expect(try await east.status("orders") == "STOPPED")
        try await setJaas("simulator-secret")
        try await sites.wait(1_000)
    }

    @Test("one topic has two rows on one cluster: what stopped on one link, and what lives on another")
    func twoRows() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.link(east, from: west)
            try await sites.mirror(on: east)
            #expect(try await east.act("failover", Self.orders) == [nil])
            try await sites.wait(1_000)
            // West follows east over a second, bidirectional link, and then changes places with it.
            try await west.expect(204, "DELETE", "topics/orders")
            for (site, remote) in [(east, west), (west, east)] {
                let body = site.linkBody(role: "remote_cluster_id", remote: remote, ["link.mode": "BIDIRECTIONAL"])
                try await site.expect(201, "POST", "links?link_name=both", body)
            }
            try await sites.wait(1_000)
            try await west.expect(201, "POST", "links/both/mirrors", ["source_topic_name": "orders"])
            try await sites.wait(2_000)
            let reversal = try await west.expect(
                200, "POST", "links/both/mirrors:reverse-and-start-mirror", Self.orders)
            #expect(reversal["data"]?.array?.first?["error_code"] == .null)
            try await sites.wait(5_000)
            let rows = try await east.expect(200, "GET", "links/-/mirrors")["data"]?.array ?? []
            #expect(rows.map { $0["mirror_topic_name"] } == ["orders", "orders"])
            #expect(rows.map { $0["link_name"] } == ["both", "dr"])
            #expect(rows.map { $0["mirror_status"] } == ["ACTIVE", "STOPPED"])
            #expect(try await east.produce().status == 400, "the live row decides")
            try await east.expect(204, "DELETE", "links/dr")
            try await sites.wait(1_000)
            let left = try await east.expect(200, "GET", "links/-/mirrors")["data"]?.array ?? []
            #expect(left.map { $0["link_name"] } == ["both"], "STOPPED rows go with their link")
        }
    }

    private static let verbs = [
        "promote", "failover", "pause", "resume", "reverse-and-start-mirror", "reverse-and-pause-mirror",
        "truncate-and-restore",
    ]

    /// What a verb is tried on.
    enum Situation: CaseIterable {
        case active, paused, sourceGone, sourceUnavailable, pendingStopped, stopped, returned
    }

    @Test("validate_only answers what the call itself would, and changes nothing", arguments: verbs, Situation.allCases)
    func validateOnly(_ verb: String, _ situation: Situation) async throws {
        try await TwoSites.run { sites in
            try await sites.pair()
            try await sites.mirror(on: sites.east)
            let site = try await Self.reach(situation, sites)
            func world() async throws -> [JSON] {
                let rows = [
                    try await sites.east.kafka("GET", "links/-/mirrors").json["data"],
                    try await site.kafka("GET", "links/-/mirrors").json["data"],
                ].compactMap { $0 }
                return rows + (try await site.ends("orders").map { JSON($0) })
            }
            let before = try await world()
            let events = try await sites.bench.events("row").count
            let tried = try await site.act(verb, Self.orders, flags: "?validate_only=true")
            #expect(try await world() == before)
            #expect(try await sites.bench.events("row").count == events)
            #expect(try await site.act(verb, Self.orders) == tried)
            let isChanged = try await sites.bench.events("row").count > events
            #expect(isChanged == (tried == [nil]) || situation == .pendingStopped)
        }
    }

    /// Brings the mirror of east into a situation; answers the site the verb is called on.
    private static func reach(_ situation: Situation, _ sites: TwoSites) async throws -> Site {
        switch situation {
        case .active: break
        case .paused: _ = try await sites.east.act("pause", orders)
        case .sourceGone: try await sites.set(sites.west, "down", vantage: "sites")
        case .sourceUnavailable:
            try await sites.set(sites.west, "down", vantage: "sites")
            try await sites.wait(400_000)
        case .pendingStopped:
            try await sites.west.load(5_000_000)
            _ = try await sites.east.act("promote", orders)
        case .stopped, .returned:
            _ = try await sites.east.act("failover", orders)
            try await sites.wait(1_000)
            if situation == .returned { return sites.west }
        }
        return sites.east
    }
}
