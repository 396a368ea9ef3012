import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite("Applications and what stands in their way")
struct WorkloadAccessTests {
    @Test("are refused for what stands in their way, and counted by reason")
    func refusals() async throws {
        try await BindingFolder.with { folder in
            try await Bench.run { bench in
                _ = try await bench.mirrorOrders()
                func refusedFor(_ reason: String) async throws -> Int64 {
                    try await bench.advance(1_000)
                    return try await bench.client("writer")["refused"]?[reason]?.int ?? 0
                }
                try folder.publishEast()
                try await bench.work([folder.client("writer", read: ["pollMs": 100])])
                #expect(try await refusedFor("mirror") >= 9)
                try folder.publish("lkc-west", "us-west-2", secret: "wrong")
                #expect(try await refusedFor("unauthenticated") >= 8)
                try folder.publish("lkc-nowhere", "us-west-2")
                #expect(try await refusedFor("unresolvable") >= 8)
                try folder.publishWest()
                try await bench.set(
                    region: "us-west-2", ["state": "down", "vantage": "clients", "service": "brokers"])
                #expect(try await refusedFor("unreachable") >= 8)
                try await bench.set(region: "us-west-2", ["state": "up"])
                _ = try await bench.http("DELETE", "\(try await bench.kafka("lkc-west"))/topics/orders")
                #expect(try await refusedFor("unknownTopic") >= 8)
            }
        }
    }

    @Test("obey ACLs by the owner of their key or the key: DENY wins, ALLOW shuts others out")
    func acls() async throws {
        try await BindingFolder.with { folder in
            try await Bench.run { bench in
                try await bench.seedPair()
                try await bench.admin(
                    "POST", "estate",
                    ["keys": [["id": "APP", "secret": "s", "resource": "lkc-west", "owner": "sa-app"]]])
                let west = try await bench.kafka("lkc-west")
                try folder.publish("lkc-west", "us-west-2", key: "APP", secret: "s")
                try await bench.work([folder.client("writer", read: ["pollMs": 100])])
                func acknowledged() async throws -> Int64 {
                    let before = try await bench.client("writer")["acknowledged"]?.int ?? 0
                    try await bench.advance(1_000)
                    return (try await bench.client("writer")["acknowledged"]?.int ?? 0) - before
                }
                func add(_ permission: String, _ principal: String) async throws {
                    let answer = try await bench.http("POST", "\(west)/acls", bench.acl(permission, "WRITE", principal))
                    #expect(answer.status == 201)
                }
                #expect(try await acknowledged() == 10)
                try await add("ALLOW", "User:sa-other")
                #expect(try await acknowledged() == 0)
                try await add("ALLOW", "User:sa-app")
                #expect(try await acknowledged() == 10)
                try await add("DENY", "User:APP")
                #expect(try await acknowledged() == 0)
                try await add("ALLOW", "User:*")
                #expect(try await acknowledged() == 0)
            }
        }
    }

    @Test(
        "a fence made in one batch stops everybody it names, whatever else allows them, and lets go when it is deleted")
    func fence() async throws {
        try await BindingFolder.with { folder in
            try await Bench.run { bench in
                try await bench.seedPair()
                try await bench.admin(
                    "POST", "estate",
                    ["keys": [["id": "APP", "secret": "s", "resource": "lkc-west", "owner": "sa-app"]]])
                let west = try await bench.kafka("lkc-west")
                try folder.publishWest()
                try folder.publish("lkc-west", "us-west-2", key: "APP", secret: "s", in: "listed.properties")
                let listed = folder.client("listed", read: "start", consumes: true, in: "listed.properties")
                try await bench.work([listed, folder.client("nobody-listed", read: "start")])
                func acknowledged() async throws -> [Int64] {
                    try await bench.advance(1_000)
                    return try await bench.report()["clients"]?.array?.compactMap { $0["acknowledged"]?.int } ?? []
                }
                #expect(try await acknowledged() == [10, 10])
                let denials: JSON = [
                    "data": [
                        bench.acl("ALLOW", "ALL", "User:*"), bench.acl("DENY", "WRITE", "User:sa-app"),
                        bench.acl("DENY", "READ", "User:sa-app"),
                    ]
                ]
                #expect(try await bench.http("POST", "\(west)/acls:batch", denials).status == 201)
                let consumed = try await bench.client("listed")["consumed"]
                #expect(try await acknowledged() == [10, 20], "who is not named writes on")
                #expect(try await bench.client("listed")["consumed"] == consumed)
                let query = "resource_type=TOPIC&pattern_type=LITERAL&operation=ANY&permission=DENY"
                _ = try await bench.http("DELETE", "\(west)/acls?\(query)")
                #expect(try await acknowledged() == [20, 30])
                #expect(try await bench.client("listed")["consumed"]?.int ?? 0 > consumed?.int ?? 0)
            }
        }
    }

    @Test("go on writing to a site that comes back, when they never look again")
    func staleClient() async throws {
        try await BindingFolder.with { folder in
            try await Bench.run { bench in
                _ = try await bench.mirrorOrders()
                try folder.publishWest()
                try await bench.work([
                    folder.client("poller", read: ["pollMs": 500]), folder.client("stubborn", read: "once"),
                ])
                try await bench.advance(5_000)
                try await bench.set(region: "us-west-2", ["state": "down"])
                try await bench.act("failover")
                try await bench.advance(1_000)
                try folder.publishEast()
                try await bench.advance(5_000)
                try await bench.set(region: "us-west-2", ["state": "up"])
                try await bench.advance(5_000)
                #expect(try await bench.client("poller")["lastAckOn"] == "lkc-east")
                let stubborn = try await bench.client("stubborn")
                #expect(stubborn["lastAckOn"] == "lkc-west")
                #expect(stubborn["acknowledged"] == 100, "all but what it tried while the site was away")
                let late = try await bench.events("append").last { $0["actor"] == ["client": "stubborn"] }
                #expect(late?["cluster"] == "lkc-west")
                #expect(late?["acknowledged"] == true)
            }
        }
    }
}
