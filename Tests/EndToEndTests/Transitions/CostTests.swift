import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("What a move costs, end to end")
struct CostTests {
    @Test("1,000 mirrors fail over with three calls on their link, and as many reads as twelve need")
    func requests() async throws {
        // Calls are counted here, and a machine that is busy answers late: that must not look like silence.
        try await Stage.withPair(.init(unreachableAfter: "60s")) { stage in
            try stage.addTopics(988)
            let grown = try await stage.spillway("apply", "--auto-approve", "-q")
            #expect([0, 3].contains(grown.code), "\(grown.diagnostics)")
            try await eventually {
                let mirrors = try await stage.mirrors(on: "east")
                return mirrors.count == 1_000 && mirrors.values.allSatisfy { $0 == ["ACTIVE"] } ? () : nil
            }
            let status = try await stage.spillway("status", "--record", "--check")
            #expect(status.code == 0, "\(status.output)\(status.diagnostics)")
            try await stage.set("us-west-2", "down")
            try stage.declare(FailoverTests.consent)
            let before = try await stage.requests(at: "us-east-1/kafka")
            let writesBefore = try await stage.writes(at: "us-east-1/kafka").count
            // How old the last reading is by now is the machine's business.
            let outcome = try await stage.move(to: "east", from: "west", "-q", "--override", "Loss")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            let after = try await stage.requests(at: "us-east-1/kafka")
            let writes = try await stage.writes(at: "us-east-1/kafka").dropFirst(writesBefore)
            let onLink = writes.filter { $0.contains("/links/") }
            #expect((1...3).contains(onLink.count), "\(onLink)")
            #expect(onLink.contains { $0.contains("mirrors:failover") })
            #expect(writes.count <= 5, "\(Array(writes))")
            let reads = after.merging(before) { $0 - $1 }.filter { !$0.key.hasSuffix("/mirrors") }
            #expect(reads.values.reduce(0, +) <= 40, "\(reads)")
            let stopped = try await stage.mirrors(on: "east")
            #expect(stopped.count == 1_000)
            #expect(stopped.values.allSatisfy { $0 == ["STOPPED"] })
        }
    }

    @Test("with 50 ms on every call, clients are moved after less than 2 s of waiting on the wire")
    func depth() async throws {
        try await Stage.withPair { stage in
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults", #"[{"effect": "delay", "delayMs": 50}]"#)
            try await stage.set("us-west-2", "down")
            try stage.declare(FailoverTests.consent)
            let outcome = try await stage.move(to: "east", from: "west", "--verbose", "--log-format", "json")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            let calls = try outcome.diagnostics.split(separator: "\n").compactMap(AnsweredCall.init)
            let canary = try #require(calls.firstIndex { $0.text.contains("/topics/payments.canary/records") })
            // What comes after the canary is written moves clients, and calls nobody.
            let depth = AnsweredCall.depth(of: calls[...canary])
            #expect(depth * 50 < 2_000, "\(depth) calls wait for each other:\n\(outcome.diagnostics)")
            #expect(depth >= 6, "looking, planning, failing over, and opening wait for each other")
        }
    }

    @Test("a run tells when clients were moved, since its start and since the lost primary last answered")
    func times() async throws {
        try await Stage.withPair { stage in
            try await stage.set("us-west-2", "blackhole")
            try stage.declare(FailoverTests.consent)
            let outcome = try await stage.move(to: "east", from: "west")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            let listed = try await stage.spillway("runs", "-o", "json")
            let runs = try JSONValue(parsing: listed.output)
            let id = try #require(runs.array.first?["id"].string)
            let shown = try await stage.spillway("runs", "show", id, "-o", "json")
            let run = try JSONValue(parsing: shown.output)
            let moved = try #require(run["clientsMovedAfterMilliseconds"].int)
            let sinceContact = try #require(run["clientsMovedAfterLastContactMilliseconds"].int)
            #expect(sinceContact >= moved, "\(sinceContact) ms")
            let text = try await stage.spillway("runs", "show", id)
            #expect(text.output.contains("after west last answered"), "\(text.output)")
        }
    }
}

/// A call that a log line tells of.
private struct AnsweredCall {
    let text: String
    /// Seconds since 1970.
    let began: Double
    let ended: Double

    /// - Returns: `nil` for lines that tell of something else, or of calls that nobody answered.
    init?(_ line: Substring) throws {
        guard let entry = try? JSONValue(parsing: line),
            let message = entry["message"].string, let time = entry["time"].string,
            let match = message.firstMatch(of: /^([A-Z]+ \S+): 2\d\d, (\d+) ms$/), let took = Double(match.2)
        else { return nil }
        text = String(match.1)
        ended = try Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            .timeIntervalSince1970
        began = ended - took / 1_000
    }

    /// How many calls wait for each other: the most of them that do not overlap.
    static func depth(of calls: some Sequence<AnsweredCall>) -> Int {
        var (depth, free) = (0, -Double.infinity)
        for call in calls.sorted(by: { $0.ended < $1.ended }) where call.began >= free {
            (depth, free) = (depth + 1, call.ended)
        }
        return depth
    }
}

extension Stage {
    /// Declares more topics of the group, of one partition each.
    func addTopics(_ count: Int) throws {
        let items = (0..<count).map { "  - {metadata: {name: payments.more-\($0)}}" }
        let text = """
            apiVersion: spillway/v1
            kind: List
            defaults:
              kind: Topic
              spec: {failoverGroup: payments, partitions: 1, replicationFactor: 3, configs: {min.insync.replicas: 2}}
            items:
            \(items.joined(separator: "\n"))

            """
        let file = folder.appendingPathComponent("manifests/more.yaml")
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    /// Requests that an endpoint has got so far, by template of their path.
    func requests(at endpoint: String) async throws -> [String: Int] {
        let counts = try await overview()["requests"][endpoint]["byTemplate"]
        return Dictionary(uniqueKeysWithValues: counts.keys.map { ($0, counts[$0].int ?? 0) })
    }

    /// Calls that an endpoint has got so far and that were no reads, in their order.
    func writes(at endpoint: String) async throws -> [String] {
        try await http.get("\(self.endpoints.admin)/events").array
            .filter { $0["event"].string == "call" && $0["endpoint"].string == endpoint }
            .compactMap { $0["verb"].string }
    }
}
