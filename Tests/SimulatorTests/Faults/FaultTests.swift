import Testing

@testable import SimulatorCore
@testable import SimulatorServer

@Suite("Faults on purpose")
struct FaultTests {
    @Test("429 comes with the headers that were asked for, or without any")
    func rateLimits() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.fault(
                [
                    "effect": "status", "status": 429, "count": 1,
                    "headers": ["X-RateLimit-Reset": "4", "X-RateLimit-Remaining": "0"],
                ])
            try await bench.fault(["effect": "status", "status": 429, "count": 1])
            let told = try await bench.http("GET", "\(west)/topics")
            #expect(told.status == 429)
            #expect(told.headers["x-ratelimit-reset"] == "4")
            let untold = try await bench.http("GET", "\(west)/topics")
            #expect(untold.status == 429)
            #expect(untold.headers.keys.allSatisfy { !$0.hasPrefix("x-ratelimit") && $0 != "retry-after" })
            #expect(try await bench.http("GET", "\(west)/topics").status == 200)
        }
    }

    @Test("bursts of 503 come and go at their times, counted from the start")
    func bursts() async throws {
        let script = """
            [{"effect": "status", "status": 503, "fromMs": 10000, "untilMs": 40000,
              "burst": {"everyMs": 10000, "forMs": 2000}}]
            """
        try await Bench.run(faults: script) { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            var statuses: [Int] = []
            for _ in 0..<9 {
                statuses.append(try await bench.http("GET", "\(west)/topics").status)
                try await bench.advance(5_000)
            }
            #expect(statuses == [200, 200, 503, 200, 503, 200, 503, 200, 200])
        }
    }

    @Test("a script takes a region down and brings it back by itself")
    func scriptedRegion() async throws {
        let script = """
            [{"effect": "region", "region": "us-west-2", "set": {"state": "down"}, "fromMs": 60000, "untilMs": 90000}]
            """
        try await Bench.run(faults: script) { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.advance(59_999)
            #expect(try await bench.http("GET", "\(west)/topics").status == 200)
            try await bench.advance(1)
            await #expect(throws: (any Error).self) { try await bench.http("GET", "\(west)/topics") }
            try await bench.advance(300_000)
            #expect(try await bench.http("GET", "\(west)/topics").status == 200)
            let times = try await bench.events("reach").filter { $0["from"] == "runner" }.map { $0["time"]?.int }
            #expect(times == [1_700_000_060_000, 1_700_000_090_000])
        }
    }

    @Test("a script that cannot be read stops the simulator before it begins")
    func unreadableScript() async throws {
        await #expect(throws: SimulatorScriptError.self) {
            try await Bench.run(faults: "[{\"effect\": \"miracle\"}]") { _ in }
        }
        await #expect(throws: SimulatorScriptError(reason: "it is no JSON")) {
            try await Bench.run(faults: "{") { _ in }
        }
    }

    @Test("answers get unknown enum values, wrong types, and lose members")
    func edits() async throws {
        try await Bench.run { bench in
            let east = try await bench.mirrorOrders()
            let list = "\(east)/links/-/mirrors"
            try await bench.fault(
                [
                    "effect": "edit", "pointer": "/data/*/mirror_status", "value": "PENDING_TELEPORT", "count": 1,
                    "endpoint": "us-east-1/kafka",
                ])
            try await bench.fault(["effect": "edit", "pointer": "/data/0/num_partitions", "value": "3", "count": 1])
            try await bench.fault(["effect": "edit", "pointer": "/data/0/mirror_lags", "remove": true, "count": 1])
            #expect(
                try await bench.http("GET", list).json["data"]?.array?.first?["mirror_status"] == "PENDING_TELEPORT")
            #expect(try await bench.http("GET", list).json["data"]?.array?.first?["num_partitions"] == "3")
            let bare = try await bench.http("GET", list).json["data"]?.array?.first
            #expect(bare?["mirror_lags"] == nil)
            #expect(bare?["num_partitions"] == 3)
        }
    }

    @Test("reads lag behind writes by as long as was asked, then show them")
    func staleReads() async throws {
        try await Bench.run { bench in
            let east = try await bench.mirrorOrders()
            let list = "\(east)/links/-/mirrors"
            func listed() async throws -> JSON? {
                try await bench.http("GET", list).json["data"]?.array?.first?["mirror_status"]
            }
            try await bench.fault(["effect": "staleReads", "lagMs": 2000, "endpoint": "us-east-1/kafka"])
            try await bench.act("pause")
            _ = try await bench.http("POST", "\(east)/topics", ["topic_name": "new"])
            #expect(try await listed() == "ACTIVE")
            #expect(try await bench.http("GET", "\(east)/topics/new").status == 404)
            try await bench.advance(1_999)
            #expect(try await listed() == "ACTIVE")
            try await bench.advance(2)
            #expect(try await listed() == "PAUSED")
            #expect(try await bench.http("GET", "\(east)/topics/new").status == 200)
            try await bench.admin("DELETE", "faults")
            try await bench.act("resume")
            #expect(try await listed() == "ACTIVE")
        }
    }

    @Test("ACLs are listed at once and bind late, and the log has the time they began to bind")
    func lateACLs() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            try await bench.admin(
                "POST", "estate",
                ["keys": [["id": "APP", "secret": "s", "resource": "lkc-west", "owner": "sa-app"]], "clusters": []])
            try await bench.fault(["effect": "lateACLs", "delayMs": 5000, "region": "us-west-2"])
            let west = try await bench.kafka("lkc-west")
            let app = HTTP(credentials: "APP:s")
            let record: JSON = ["value": ["type": "STRING", "data": "x"]]
            let deny = bench.acl("DENY", "WRITE", "User:sa-app")
            #expect(try await bench.http("POST", "\(west)/acls", deny).status == 201)
            #expect(try await bench.http("GET", "\(west)/acls").json["data"]?.array?.count == 1)
            #expect(try await app("POST", "\(west)/topics/orders/records", record).status == 200)
            try await bench.advance(5_000)
            #expect(try await app("POST", "\(west)/topics/orders/records", record).status == 403)
            #expect(try await bench.events("acl").map { $0["time"]?.int } == [1_700_000_005_000])
            let query = "resource_type=TOPIC&pattern_type=LITERAL&operation=WRITE&permission=DENY"
            _ = try await bench.http("DELETE", "\(west)/acls?\(query)")
            #expect(try await bench.http("GET", "\(west)/acls").json["data"] == [])
            #expect(try await app("POST", "\(west)/topics/orders/records", record).status == 403)
            try await bench.advance(5_000)
            #expect(try await app("POST", "\(west)/topics/orders/records", record).status == 200)
        }
    }

    @Test("a site with a wrong clock shows wrong times, and no other does")
    func clockSkew() async throws {
        try await Bench.run { bench in
            _ = try await bench.mirrorOrders()
            let right = try await bench.row()["state_time_ms"]?.int ?? 0
            try await bench.fault(["effect": "clockSkew", "skewMs": -90_000, "region": "us-east-1"])
            #expect(try await bench.row()["state_time_ms"]?.int == right - 90_000)
            let record: JSON = ["value": ["type": "STRING", "data": "x"]]
            let (west, east) = (try await bench.kafka("lkc-west"), try await bench.kafka("lkc-east"))
            _ = try await bench.http("POST", "\(east)/topics", ["topic_name": "own"])
            let there = try await bench.http("POST", "\(east)/topics/own/records", record).json["timestamp"]?.string
            let here = try await bench.http("POST", "\(west)/topics/orders/records", record).json["timestamp"]?.string
            let skewed = try #require(there.flatMap(Timestamp.reading))
            let exact = try #require(here.flatMap(Timestamp.reading))
            #expect(exact - skewed == 90_000)
        }
    }

    @Test("every answer has the Date of the clock behind it, which a client can compare with its own")
    func dates() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let (west, east) = (try await bench.kafka("lkc-west"), try await bench.kafka("lkc-east"))
            let registry = try await bench.registry("lsrc-e")
            func date(_ url: String) async throws -> String? {
                let answer = try await bench.http("GET", url)
                return answer.headers["date"]
            }
            #expect(try await date("\(west)/topics") == "Tue, 14 Nov 2023 22:13:20 GMT")
            for _ in 0..<4 { try await bench.advance(25 * 86_400_000) }
            try await bench.fault(["effect": "clockSkew", "skewMs": -90_000, "region": "us-east-1"])
            let skewed = "Thu, 22 Feb 2024 22:11:50 GMT"
            #expect(try await date("\(east)/topics") == skewed)
            #expect(try await date("\(registry)/subjects") == skewed)
            #expect(try await date("\(east)/no-such-thing") == skewed)
            let exact = "Thu, 22 Feb 2024 22:13:20 GMT"
            #expect(try await date("\(west)/topics") == exact)
            #expect(try await date("\(bench.endpoints.controlPlane)/org/v2/environments") == exact)
            try await bench.fault(["effect": "clockSkew", "skewMs": 604_800_000, "region": "control"])
            #expect(
                try await date("\(bench.endpoints.controlPlane)/org/v2/environments")
                    == "Thu, 29 Feb 2024 22:13:20 GMT")
        }
    }

    @Test("a call that is held up on its way takes effect late, whoever still waits for it")
    func lateEffect() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.fault(["effect": "lateEffect", "delayMs": 60_000, "method": "POST", "count": 1])
            async let held = bench.http("POST", "\(west)/topics", ["topic_name": "late"])
            while try await bench.overview()["requests"]?["us-west-2/kafka"]?["byTemplate"]?[
                "POST /kafka/v3/clusters/{}/topics"] == nil
            {}
            try await bench.advance(59_999)
            #expect(try await bench.http("GET", "\(west)/topics/late").status == 404)
            try await bench.advance(1)
            #expect(try await held.status == 201)
            #expect(try await bench.http("GET", "\(west)/topics/late").status == 200)
            let call = try await bench.events("call").last
            #expect(call?["sent"] == 1_700_000_000_000)
            #expect(call?["time"] == 1_700_000_060_000)
        }
    }

    @Test("a record whose answer was lost is there, and counts as not acknowledged")
    func unacknowledged() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            let record: JSON = ["partition_id": 0, "value": ["type": "STRING", "data": "x"]]
            try await bench.fault(["effect": "loseResponse", "method": "POST", "count": 1])
            await #expect(throws: (any Error).self) {
                try await bench.http("POST", "\(west)/topics/orders/records", record)
            }
            #expect(try await bench.http("POST", "\(west)/topics/orders/records", record).json["offset"] == 11)
            #expect(try await bench.events("append").suffix(2).map { $0["acknowledged"] } == [false, true])
        }
    }

    @Test("times of every kind are read as they are written")
    func timestamps() {
        for time: Int64 in [0, 951_782_400_000, 1_700_000_000_123, 1_709_164_799_999, 4_102_444_799_000] {
            #expect(Timestamp.reading(Timestamp.text(time)) == time)
        }
        #expect(Timestamp.reading("yesterday") == nil)
    }

    @Test("a mirror stays in a PENDING status with the error that was asked for, until the fault ends")
    func stuck() async throws {
        try await Bench.run { bench in
            _ = try await bench.mirrorOrders()
            try await bench.fault(
                [
                    "effect": "stuck", "status": "PENDING_STOPPED", "topic": "orders",
                    "error": ["code": "INTERNAL_ERROR", "message": "stuck on purpose"],
                ])
            try await bench.act("failover")
            try await bench.advance(120_000)
            #expect(try await bench.status() == "PENDING_STOPPED")
            let errors = try await bench.row("orders", "?include_state_transition_errors=true")
            #expect(
                errors["mirror_state_transition_errors"]?.array?.first?["error_message"] == "stuck on purpose")
            try await bench.admin("DELETE", "faults")
            try await bench.advance(1_000)
            #expect(try await bench.status() == "STOPPED")
        }
    }

    @Test("a new mirror does not leave PENDING_MIRROR while it is stuck")
    func stuckAtStart() async throws {
        try await Bench.run { bench in
            try await bench.fault(["effect": "stuck", "status": "PENDING_MIRROR", "untilMs": 60_000])
            _ = try await bench.mirrorOrders()
            #expect(try await bench.status() == "PENDING_MIRROR")
            try await bench.advance(60_000)
            #expect(try await bench.status() == "ACTIVE")
        }
    }

    @Test("part of a batch fails with errors of its own and stays as it is")
    func itemErrors() async throws {
        try await Bench.run { bench in
            let east = try await bench.mirrorOrders()
            try await bench.admin(
                "POST", "estate",
                [
                    "clusters": [
                        [
                            "id": "lkc-west", "kind": "Dedicated", "region": "us-west-2", "environment": "env-w",
                            "topics": [["name": "bills"]],
                        ]
                    ]
                ])
            _ = try await bench.http("POST", "\(east)/links/west-east/mirrors", ["source_topic_name": "bills"])
            try await bench.advance(2_000)
            try await bench.fault(
                ["effect": "itemErrors", "topics": ["bills"], "code": 401, "message": "no", "count": 1])
            let items = try await bench.act("promote", ["orders", "bills"])
            #expect(items.map { $0["mirror_topic_name"]?.string } == ["orders", "bills"])
            #expect(items.map { $0["error_code"] } == [.null, 401])
            try await bench.advance(2_000)
            #expect(try await bench.status() == "STOPPED")
            #expect(try await bench.status("bills") == "ACTIVE")
            #expect(try await bench.act("promote", ["bills"]).first?["error_code"] == .null)
        }
    }

    @Test("a link's task fails, does nothing, and recovers")
    func taskErrors() async throws {
        try await Bench.run { bench in
            let east = try await bench.mirrorOrders()
            try await bench.fault(
                [
                    "effect": "taskError", "task": "TopicConfigsSync", "link": "west-east",
                    "error": ["code": "AUTHORIZATION_ERROR", "message": "no"],
                ])
            func task() async throws -> JSON? {
                try await bench.http("GET", "\(east)/links/west-east?include_tasks=true").json["tasks"]?.array?
                    .first { $0["task_name"] == "TopicConfigsSync" }
            }
            let west = try await bench.kafka("lkc-west")
            _ = try await bench.http("PUT", "\(west)/topics/orders/configs/retention.ms", ["value": "1234567"])
            try await bench.advance(20_000)
            #expect(try await task()?["state"] == "IN_ERROR")
            #expect(try await task()?["errors"]?.array?.first?["error_code"] == "AUTHORIZATION_ERROR")
            func retention() async throws -> JSON? {
                try await bench.http("GET", "\(east)/topics/orders/configs/retention.ms").json["value"]
            }
            #expect(try await retention() != "1234567")
            try await bench.admin("DELETE", "faults")
            try await bench.advance(20_000)
            #expect(try await task()?["state"] == "ACTIVE")
            #expect(try await retention() == "1234567")
        }
    }

    @Test("an exporter fails with a trace while it says that it runs")
    func exporterTrace() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let (west, east) = (try await bench.registry("lsrc-w"), try await bench.registry("lsrc-e"))
            try await bench.fault(["effect": "exporterTrace", "exporter": "dr", "trace": "java.io.IOException: no"])
            try await bench.export(to: east, from: west)
            _ = try await bench.register("orders", at: west)
            try await bench.advance(10_000)
            let failing = try await bench.http("GET", "\(west)/exporters/dr/status").json
            #expect(failing["state"] == "RUNNING")
            #expect(failing["trace"] == "java.io.IOException: no")
            #expect(try await bench.http("GET", "\(east)/subjects").json == [])
            try await bench.admin("DELETE", "faults")
            try await bench.advance(5_000)
            #expect(try await bench.http("GET", "\(east)/subjects").json == ["orders"])
        }
    }
}
