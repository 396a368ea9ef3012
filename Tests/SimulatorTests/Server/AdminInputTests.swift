@testable import SimulatorServer
import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite("Bad input for the admin API")
struct AdminInputTests {
    static let bodies: [(String, String, JSON)] = [
        ("POST", "faults", ["effect": "truncate", "bytes": -5]),
        ("POST", "faults", ["effect": "truncate", "bytes": "five"]),
        ("POST", "faults", ["effect": "status", "status": 99_999]),
        ("POST", "faults", ["effect": "status", "status": -1]),
        ("POST", "faults", ["effect": "delay", "delayMs": 9_223_372_036_854_775_807]),
        ("POST", "faults", ["effect": "lateEffect", "delayMs": 9_223_372_036_854_775_807]),
        ("POST", "faults", ["effect": "staleReads", "lagMs": -9_223_372_036_854_775_807]),
        ("POST", "faults", ["effect": "clockSkew", "skewMs": 9_223_372_036_854_775_807]),
        ("POST", "faults", ["effect": "delay", "fromMs": -9_223_372_036_854_775_807]),
        ("POST", "faults", ["effect": "delay", "burst": ["everyMs": 0, "forMs": 1]]),
        ("POST", "faults", ["effect": "delay", "probability": 2]),
        ("POST", "faults", ["effect": "unheard of"]),
        ("PUT", "regions/us-west-2", ["latencyMs": 9_223_372_036_854_775_807]),
        ("PUT", "regions/us-west-2", ["state": "sideways"]),
        ("POST", "clock", ["advanceMs": 9_223_372_036_854_775_807]),
        ("POST", "clock", ["advanceMs": -1]),
        ("PUT", "events", ["keep": -1]),
        (
            "POST", "events",
            ["event": "edit", "actor": ["operator": true], "manifests": "m", "time": -9_223_372_036_854_775_807]
        ),
        ("POST", "produce", ["cluster": "lkc-west", "topic": "orders", "count": 9_223_372_036_854_775_807]),
        ("POST", "produce", ["cluster": "lkc-west", "topic": "orders", "count": -1]),
        ("POST", "produce", ["cluster": "lkc-west", "topic": "orders", "count": 1, "partition": -1]),
        ("POST", "estate", ["clusters": [["id": "lkc-x", "region": "r", "kind": "Gigantic"]]]),
        (
            "POST", "estate",
            [
                "clusters": [
                    [
                        "id": "lkc-west", "region": "us-west-2", "kind": "Dedicated",
                        "topics": [["name": "huge", "count": 1_000_000_000_000, "partitions": 100]],
                    ]
                ]
            ]
        ),
        ("POST", "workload", ["clients": [["name": "a", "binding": ["file": "/f"], "tickMs": 0]]]),
        (
            "POST", "workload",
            [
                "clients": [
                    [
                        "name": "a", "binding": ["file": "/f"],
                        "produce": ["topic": "orders", "perSecond": .double(1e300)],
                    ]
                ]
            ]
        ),
        ("PUT", "lies", ["nothing": true]),
    ]

    @Test("is answered with 4xx, and the simulator goes on")
    func refused() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            for (method, path, body) in Self.bodies {
                let answer = try await bench.http(method, "\(bench.endpoints.admin)/\(path)", body)
                #expect((400..<500).contains(answer.status), "\(method) \(path) \(body): \(answer.status)")
            }
            try await bench.produce(3)
            try await bench.fault(["effect": "edit", "pointer": "/x", "value": 9_223_372_036_854_775_807])
            #expect(try await bench.http("GET", "\(try await bench.kafka("lkc-west"))/topics").status == 200)
        }
    }

    @Test("no producer passes the largest offset")
    func largestOffset() {
        var log = PartitionLog(start: .max - 2)
        log.append(Segment(origin: 0, isAcknowledged: true, originOffset: .max - 2, length: 2))
        #expect(log.end == .max)
    }
}
