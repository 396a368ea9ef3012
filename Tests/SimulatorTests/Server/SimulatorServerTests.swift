import NIOCore
import NIOPosix
import Testing

@testable import SimulatorCore
@testable import SimulatorServer

@Suite("A running simulator")
struct SimulatorServerTests {
    @Test("mirrors a topic until its lag is zero")
    func mirrorsToLagZero() async throws {
        try await Bench.run { bench in
            let east = try await bench.mirrorOrders()
            let row = try await bench.http("GET", "\(east)/links/west-east/mirrors/orders").json
            #expect(row["mirror_status"] == "ACTIVE")
            #expect(row["mirror_lags"]?.array?.count == 3)
            for lag in row["mirror_lags"]?.array ?? [] {
                #expect(lag["lag"] == 0)
                #expect(lag["last_source_fetch_offset"] == 10)
            }
        }
    }

    @Test("refuses wrong credentials as each service does")
    func refusesCredentials() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let wrong = HTTP(credentials: "SIMULATOR:wrong")
            let kafka = try await wrong("GET", "\(try await bench.kafka("lkc-west"))/topics")
            #expect(kafka.status == 401)
            #expect(kafka.headers["content-type"]?.hasPrefix("text/html") == true)
            let control = try await wrong("GET", "\(bench.endpoints.controlPlane)/org/v2/environments")
            #expect(control.status == 401)
            #expect(control.json["errors"]?.array?.first?["status"] == "401")
            let overview = try await bench.overview()
            let registry = try #require(overview["registries"]?.array?.first?["url"]?.string)
            let subjects = try await wrong("GET", "\(registry)/subjects")
            #expect(subjects.status == 401)
            #expect(subjects.json["error_code"] != nil)
        }
    }

    @Test("a region that is down refuses connections, and answers at the same port when it is up again")
    func downAndUp() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            #expect(try await bench.http("GET", west).status == 200)
            try await bench.set(region: "us-west-2", ["state": "down"])
            await #expect(throws: (any Error).self) { try await bench.http("GET", west) }
            #expect(try await bench.http("GET", try await bench.kafka("lkc-east")).status == 200)
            try await bench.set(region: "us-west-2", ["state": "up"])
            #expect(try await bench.http("GET", west).status == 200)
        }
    }

    @Test("the ports of a region stay its own while it is down")
    func keepsPorts() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let url = try await bench.registry("lsrc-w")
            let port = try #require(Int(url.split(separator: ":").last ?? ""))
            try await bench.set(region: "us-west-2", ["state": "down"])
            let other = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 0)
            await #expect(throws: (any Error).self) { try await other.bind(host: "127.0.0.1", port: port).get() }
            try await bench.set(region: "us-west-2", ["state": "up"])
            #expect(try await bench.http("GET", "\(url)/subjects").status == 200)
        }
    }

    @Test("a black-holed region accepts and never answers, and nothing it swallowed takes effect")
    func blackhole() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.set(region: "us-west-2", ["state": "blackhole"])
            let impatient = HTTP(timeout: 300)
            await #expect(throws: (any Error).self) {
                try await impatient("POST", "\(west)/topics", ["topic_name": "lost"])
            }
            try await bench.set(region: "us-west-2", ["state": "up"])
            #expect(try await bench.http("GET", "\(west)/topics/lost").status == 404)
        }
    }

    @Test("the control plane makes an environment, a cluster and its registry, which then answer")
    func provisions() async throws {
        try await Bench.run { bench in
            let base = bench.endpoints.controlPlane
            let environment = try await bench.http(
                "POST", "\(base)/org/v2/environments",
                ["display_name": "prod", "stream_governance_config": ["package": "ADVANCED"]])
            let id = try #require(environment.json["id"]?.string)
            let created = try await bench.http(
                "POST", "\(base)/cmk/v2/clusters",
                [
                    "spec": [
                        "display_name": "west", "availability": "SINGLE_ZONE", "cloud": "AWS", "region": "us-west-2",
                        "config": ["kind": "Dedicated", "cku": 1], "environment": ["id": .string(id)],
                    ]
                ])
            #expect(created.status == 202)
            let cluster = try #require(created.json["id"]?.string)
            try await bench.advance(10_000)
            let read = try await bench.http("GET", "\(base)/cmk/v2/clusters/\(cluster)?environment=\(id)").json
            #expect(read["status"]?["phase"] == "PROVISIONED")
            let rest = try #require(read["spec"]?["http_endpoint"]?.string)
            #expect(try await bench.http("GET", "\(rest)/kafka/v3/clusters/\(cluster)").status == 200)
            let registries = try await bench.http("GET", "\(base)/srcm/v3/clusters?environment=\(id)").json
            let url = try #require(registries["data"]?.array?.first?["spec"]?["http_endpoint"]?.string)
            #expect(try await bench.http("GET", "\(url)/subjects").json == [])
        }
    }

    @Test("counts requests by endpoint and kind of path")
    func countsRequests() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            for name in ["a", "b", "orders"] { _ = try await bench.http("GET", "\(west)/topics/\(name)") }
            _ = try await bench.http("GET", "\(west)/topics/-/configs")
            let counts = try await bench.overview()["requests"]?["us-west-2/kafka"]
            #expect(counts?["total"] == 4)
            #expect(counts?["byTemplate"]?["GET /kafka/v3/clusters/{}/topics/{}"] == 3)
            #expect(counts?["byTemplate"]?["GET /kafka/v3/clusters/{}/topics/-/configs"] == 1)
        }
    }

    @Test("a lost answer takes effect, a spoilt one does not parse, a refused one does neither")
    func faults() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            let faults = "\(bench.endpoints.admin)/faults"
            _ = try await bench.http(
                "POST", faults, ["endpoint": "us-west-2/kafka", "method": "POST", "count": 1, "effect": "loseResponse"])
            await #expect(throws: (any Error).self) {
                try await bench.http("POST", "\(west)/topics", ["topic_name": "made"])
            }
            #expect(try await bench.http("GET", "\(west)/topics/made").status == 200)
            _ = try await bench.http(
                "POST", faults,
                ["count": 1, "effect": "status", "status": 429, "headers": ["Retry-After": "3"], "path": "/kafka"])
            let limited = try await bench.http("GET", "\(west)/topics")
            #expect(limited.status == 429)
            #expect(limited.headers["retry-after"] == "3")
            _ = try await bench.http("POST", faults, ["count": 1, "effect": "garbage"])
            #expect(try await bench.http("GET", "\(west)/topics").json == .null)
            _ = try await bench.http("POST", faults, ["count": 1, "effect": "truncate", "bytes": 10])
            await #expect(throws: (any Error).self) { try await bench.http("GET", "\(west)/topics") }
            #expect(try await bench.http("GET", "\(west)/topics").status == 200)
        }
    }

    @Test("a control plane that is down drops calls while the admin API still answers")
    func controlPlaneDown() async throws {
        try await Bench.run { bench in
            try await bench.set(region: "control", ["state": "down"])
            await #expect(throws: (any Error).self) {
                try await bench.http("GET", "\(bench.endpoints.controlPlane)/org/v2/environments")
            }
            try await bench.set(region: "control", ["state": "up"])
            #expect(try await bench.http("GET", "\(bench.endpoints.controlPlane)/org/v2/environments").status == 200)
        }
    }

    @Test("a black-holed control plane lets calls hang, without effect, until it is back; the data planes go on")
    func controlPlaneBlackHoled() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let environments = "\(bench.endpoints.controlPlane)/org/v2/environments"
            try await bench.set(region: "control", ["state": "blackhole"])
            let impatient = HTTP(timeout: 200)
            await #expect(throws: (any Error).self) { try await impatient("GET", environments) }
            async let hanging = bench.http("POST", environments, ["display_name": "lost"])
            #expect(try await bench.http("GET", "\(try await bench.kafka("lkc-west"))/topics").status == 200)
            try await bench.set(region: "control", ["state": "up"])
            let isAnswered = (try? await hanging) != nil
            let names = try await bench.http("GET", environments).json["data"]?.array?.compactMap { $0["display_name"] }
            #expect(names?.contains("lost") == isAnswered, "either it came when it was over, or it had no effect")
            let reach = try await bench.events("reach").map { [$0["from"], $0["to"], $0["reachable"]] }
            #expect(reach == [["runner", "control", false], ["runner", "control", true]])
        }
    }

    @Test("cancellation stops it without an error, and its port is free again")
    func stops() async throws {
        let ownAddress = "127.44.0.1"
        let port = try await Simulator.withRunning(SimulatorConfiguration(host: ownAddress)) { endpoints in
            try #require(Int(endpoints.controlPlane.split(separator: ":").last ?? ""))
        }
        let (ready, continuation) = AsyncStream.makeStream(of: SimulatorEndpoints.self)
        let server = Task {
            defer { continuation.finish() }
            try await Simulator(
                configuration: SimulatorConfiguration(host: ownAddress, port: port, regions: ["eu-1"])
            ).run { continuation.yield($0) }
        }
        let endpoints = try #require(await ready.first { _ in true })
        #expect(endpoints.regions.keys.sorted() == ["eu-1"])
        #expect(JSON(text: endpoints.line)?["controlPlane"]?.string == endpoints.controlPlane)
        server.cancel()
        try await server.value
    }

    @Test("the event log tells what took effect when, and equal seeds tell it alike")
    func events() async throws {
        func log() async throws -> String {
            try await Bench.run { bench in
                _ = try await bench.mirrorOrders()
                return try await bench.http("GET", "\(bench.endpoints.admin)/events").text
            }
        }
        let first = try await log()
        let events = try #require(JSON(text: first)?.array)
        let copies = events.filter { $0["event"] == "copy" }
        #expect(copies.count == 3)
        #expect(copies.allSatisfy { $0["records"]?.array?.first?["origin"] == "lkc-west" })
        #expect(copies.first?["time"] == 1_700_000_001_400)
        #expect(try await log() == first)
    }

    @Test("a key made for a cluster opens that cluster once it is active, and nothing else")
    func keys() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let base = bench.endpoints.controlPlane
            let made = try await bench.http(
                "POST", "\(base)/iam/v2/api-keys",
                ["spec": ["owner": ["id": "u-1"], "resource": ["id": "lkc-west", "environment": "env-w"]]]
            ).json
            let pair = "\(made["id"]?.string ?? ""):\(made["spec"]?["secret"]?.string ?? "")"
            let http = HTTP(credentials: pair)
            let (west, east) = (try await bench.kafka("lkc-west"), try await bench.kafka("lkc-east"))
            #expect(try await http("GET", "\(west)/topics").status == 401)
            try await bench.advance(60_000)
            #expect(try await http("GET", "\(west)/topics").status == 200)
            #expect(try await http("GET", "\(east)/topics").status == 401)
        }
    }
}
