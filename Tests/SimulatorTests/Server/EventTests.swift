import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

@Suite("The event log")
struct EventTests {
    @Test("takes a run's events in beside its own, each with its own time")
    func fromOutside() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let publish: JSON = [
                "event": "publish", "actor": ["run": "r1"], "time": 1_699_999_999_000, "binding": "orders",
                "store": "file:a", "site": "east", "epoch": 3, "ledger": "L", "generation": 9, "pinned": false,
            ]
            let taken = try await bench.admin(
                "POST", "events",
                [publish, ["event": "end", "actor": ["run": "r1"], "run": "r1", "exit": 0, "killed": false]])
            #expect(taken["taken"] == 2)
            let published = try #require(try await bench.events("publish").first)
            #expect(published["actor"] == ["run": "r1"])
            #expect(published["time"] == 1_699_999_999_000)
            #expect(published["pinned"] == false)
            #expect(try await bench.events("end").first?["time"] == 1_700_000_000_000)
            let sorted = try await bench.http("GET", "\(bench.endpoints.admin)/events?sort=time").json.array
            #expect(sorted?.first?["event"] == "publish")
        }
    }

    @Test("refuses what no event of that kind can be")
    func refusals() async throws {
        try await Bench.run { bench in
            let url = "\(bench.endpoints.admin)/events"
            let wrong: [JSON] = [
                ["event": "append", "actor": ["run": "r"]], ["event": "start", "actor": ["run": "r"]],
                ["event": "start", "run": "r"], ["event": "start", "run": "r", "actor": ["link": "l"]],
            ]
            for event in wrong {
                let answer = try await bench.http("POST", url, event)
                #expect(answer.status == 400)
            }
            let log = try await bench.http("GET", url)
            #expect(log.json == [])
        }
    }

    @Test("is read in parts, as an array or as lines, and keeps its numbers when the oldest part is dropped")
    func parts() async throws {
        try await Bench.run(eventLimit: 50) { bench in
            try await bench.seedPair()
            for _ in 0..<40 { try await bench.produce(3) }
            let url = "\(bench.endpoints.admin)/events"
            let count = try #require(try await bench.overview()["events"]?.int)
            #expect(count > 120)
            let kept = try await bench.http("GET", url).json.array ?? []
            #expect(kept.map { $0["index"]?.int } == Array((count - 50)..<count))
            let lines = try await bench.http("GET", "\(url)?from=\(count - 20)&limit=3&format=lines")
            #expect(lines.headers["content-type"] == "application/x-ndjson")
            let numbers = lines.text.split(separator: "\n").map { JSON(text: String($0))?["index"]?.int }
            #expect(numbers == [count - 20, count - 19, count - 18])
            let dropped = try await bench.admin("PUT", "events", ["keep": 10])
            #expect(dropped["dropped"]?.int == count - 10)
            #expect(try await bench.http("GET", url).json.array?.count == 10)
        }
    }

    @Test("tells of calls what they were about, who sent them, and what became of them")
    func calls() async throws {
        try await Bench.run { bench in
            _ = try await bench.mirrorOrders()
            try await bench.fault(["effect": "loseResponse", "method": "POST", "count": 1])
            await #expect(throws: (any Error).self) { try await bench.act("promote", ["orders"]) }
            let call = try #require(try await bench.events("call").last)
            #expect(call["verb"]?.string?.hasSuffix("/links/west-east/mirrors:promote") == true)
            #expect(call["objects"] == ["orders"])
            #expect(call["effect"] == true)
            #expect(call["answered"] == false)
            #expect(call["actor"] == ["client": "SIMULATOR"])
            try await bench.act("promote", ["orders"])
            #expect(try await bench.events("call").last?["answered"] == true)
        }
    }

    @Test("tells questions, trials and refused actions from calls that change something")
    func effects() async throws {
        try await Bench.run { bench in
            let east = try await bench.mirrorOrders()
            let registry = try await bench.registry("lsrc-w")
            let schema: JSON = ["schema": "\"string\""]
            let calls: [(String, Bool, JSON)] = [
                (
                    "\(east)/links/west-east/mirrors:promote?validate_only=true", false,
                    ["mirror_topic_names": ["orders"]]
                ),
                ("\(east)/links/west-east/mirrors:pause", true, ["mirror_topic_names": ["orders", "carts"]]),
                ("\(east)/links/west-east/mirrors:pause", false, ["mirror_topic_names": ["orders", "carts"]]),
                ("\(east)/topics", false, ["topic_name": "new", "validate_only": true]),
                ("\(east)/topics", true, ["topic_name": "new"]),
                ("\(east)/topics", false, ["topic_name": "new"]),
                ("\(registry)/subjects/a/versions", true, schema),
                ("\(registry)/subjects/a", false, schema),
                ("\(registry)/contexts/.dr/subjects/a/versions", true, schema),
                ("\(registry)/compatibility/subjects/a/versions/latest", false, schema),
            ]
            let before = try await bench.events("call").count
            for (url, _, body) in calls { _ = try await bench.http("POST", url, body) }
            let told = try await bench.events("call").dropFirst(before).map { $0["effect"]?.bool }
            #expect(told == calls.map(\.1))
        }
    }

    @Test("puts what a request does down to the run that it names, else to its key")
    func actors() {
        func bench(_ headers: [String: String]) -> JSON? {
            let bench = KafkaBench()
            let key = "Basic \(Base64.encode(Array("SIMULATOR:simulator-secret".utf8)))"
            let request = Request(
                method: "POST", path: ["kafka", "v3", "clusters", bench.east.id, "acls"], query: [],
                headers: headers.merging(["authorization": key]) { own, _ in own },
                body: AclTexts.deny.bytes)
            var stage = bench.stage
            #expect(bench.kafka.respond(to: request, site: bench.east.site, in: &stage).status == 201)
            return stage.log.slice(from: 0, limit: nil).last?.entry.json(at: 0)["actor"]
        }
        #expect(bench([:]) == ["client": "SIMULATOR"])
        #expect(bench(["spillway-run": "r1"]) == ["run": "r1"])
    }

    @Test("tells which topics came into being, and what exporters do")
    func topicsAndExporters() async throws {
        try await Bench.run { bench in
            _ = try await bench.mirrorOrders()
            let made = try await bench.events("create").map { [$0["cluster"]?.string, $0["topic"]?.string] }
            #expect(made == [["lkc-west", "orders"], ["lkc-east", "orders"]])
            let west = try await bench.registry("lsrc-w")
            try await bench.export(to: try await bench.registry("lsrc-e"), from: west)
            try await bench.advance(2_000)
            _ = try await bench.http("PUT", "\(west)/exporters/dr/pause")
            _ = try await bench.http("DELETE", "\(west)/exporters/dr")
            #expect(
                try await bench.events("exporter").map { $0["state"] } == ["STARTING", "RUNNING", "PAUSED", .null])
        }
    }

    @Test("is in the order of time, also across services and over a long step")
    func order() async throws {
        try await Bench.run { bench in
            _ = try await bench.mirrorOrders()
            let west = try await bench.registry("lsrc-w")
            try await bench.export(to: try await bench.registry("lsrc-e"), from: west)
            _ = try await bench.register("orders", at: west)
            try await bench.produce(2_000_000)
            try await bench.advance(600_000)
            let times = try await bench.admin("GET", "events").array?.compactMap { $0["time"]?.int } ?? []
            #expect(times == times.sorted())
            #expect(Set(times).count > 5)
        }
    }
}

private enum AclTexts {
    static let deny: JSON = [
        "resource_type": "TOPIC", "resource_name": "orders", "pattern_type": "LITERAL", "principal": "User:a",
        "host": "*", "operation": "WRITE", "permission": "DENY",
    ]
}
