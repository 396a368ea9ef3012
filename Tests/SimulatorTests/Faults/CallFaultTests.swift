import Testing

@testable import SimulatorCore
@testable import SimulatorServer

@Suite("Faults of one kind of call")
struct CallFaultTests {
    private static let topics: JSON = "GET /kafka/v3/clusters/{}/topics"

    private func applied(_ bench: Bench) async throws -> [JSON?] {
        try await bench.admin("GET", "faults").array?.map { $0["applied"] } ?? []
    }

    @Test("a rule for a kind of path leaves others alone, and tells how often it was at work")
    func kindOfPath() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.fault(["effect": "status", "status": 503, "count": 1, "call": Self.topics])
            #expect(try await bench.http("GET", west).status == 200)
            #expect(try await bench.http("GET", "\(west)/topics/orders").status == 200)
            #expect(try await applied(bench) == [0])
            #expect(try await bench.http("GET", "\(west)/topics").status == 503)
            #expect(try await bench.http("GET", "\(west)/topics").status == 200)
            #expect(try await applied(bench) == [1])
        }
    }

    @Test("what is ignored or cut off is not carried out", arguments: ["ignore", "cut"])
    func notCarriedOut(effect: String) async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.fault(
                ["effect": .string(effect), "count": 1, "call": "POST /kafka/v3/clusters/{}/topics"])
            let impatient = HTTP(timeout: 300)
            await #expect(throws: (any Error).self) {
                try await impatient("POST", "\(west)/topics", ["topic_name": "lost"])
            }
            #expect(try await bench.http("GET", "\(west)/topics/lost").status == 404)
            #expect(try await bench.events("call").last?["effect"] == false)
        }
    }

    @Test("a call that is cut off takes its endpoint with it, if that was asked for")
    func cutWithRegion() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            let down: JSON = ["state": "down", "vantage": "runner", "service": "rest"]
            try await bench.fault(
                ["effect": "cut", "count": 1, "call": Self.topics, "region": "us-west-2", "set": down])
            #expect(try await bench.http("GET", west).status == 200)
            await #expect(throws: (any Error).self) { try await bench.http("GET", "\(west)/topics") }
            await #expect(throws: (any Error).self) { try await bench.http("GET", west) }
            try await bench.set(region: "us-west-2", ["state": "up"])
            #expect(try await bench.http("GET", "\(west)/topics").status == 200)
        }
    }

    @Test("an answer that ends without its last chunk was carried out")
    func unfinishedAnswer() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.fault(["effect": "cutChunks", "count": 1, "call": "POST /kafka/v3/clusters/{}/topics"])
            await #expect(throws: (any Error).self) {
                try await bench.http("POST", "\(west)/topics", ["topic_name": "made"])
            }
            #expect(try await bench.http("GET", "\(west)/topics/made").status == 200)
        }
    }

    @Test("a body that trickles takes as long as it has bytes")
    func trickle() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.fault(["effect": "trickle", "everyMs": 1, "count": 1, "call": Self.topics])
            let begun = ContinuousClock.now
            let slow = try await bench.http("GET", "\(west)/topics")
            #expect(ContinuousClock.now - begun >= .milliseconds(slow.body.count))
            #expect(slow.body == (try await bench.http("GET", "\(west)/topics")).body)
        }
    }

    @Test("spaces follow a body, which stays what it was")
    func padding() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            let plain = try await bench.http("GET", "\(west)/topics")
            try await bench.fault(["effect": "pad", "bytes": 1_000_000, "count": 1])
            let padded = try await bench.http("GET", "\(west)/topics")
            #expect(padded.body.count == plain.body.count + 1_000_000)
            #expect(padded.json == plain.json)
        }
    }

    @Test("an edit reaches any depth and every value, and is not used up where it finds nothing")
    func edits() async throws {
        try await Bench.run { bench in
            let list = "\(try await bench.mirrorOrders())/links/-/mirrors"
            try await bench.fault(
                ["effect": "edit", "pointers": ["/**/mirror_status", "/**/lag"], "value": "NEW", "count": 1])
            #expect(try await bench.http("GET", "\(try await bench.kafka("lkc-west"))/topics").status == 200)
            #expect(try await applied(bench) == [0])
            let row = try await bench.http("GET", list).json["data"]?.array?.first
            #expect(row?["mirror_status"] == "NEW")
            #expect(row?["mirror_lags"]?.array?.first?["lag"] == "NEW")
            #expect(row?["num_partitions"] == 3)
            try await bench.fault(["effect": "edit", "pointer": "/**", "value": .null, "count": 1])
            let empty = try await bench.http("GET", list).json["data"]?.array?.first
            #expect(empty?["num_partitions"] == .null)
            #expect(empty?["mirror_lags"]?.array?.first?["lag"] == .null)
            #expect(try await applied(bench) == [1, 1])
        }
    }
}
