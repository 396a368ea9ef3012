import Foundation
import SimulatorServer
import Testing
import TestSupport

/// The built binary moves a group to and fro over HTTP while an application writes, regions go dark and runs are killed;
/// what happened is read from the simulator's event log alone.
@Suite("Random histories over HTTP, judged from the event log")
struct HistoryTests {
    private struct Told {
        let log: [JSONValue]
        let members: [LogJudge.Member]
        let topics: Set<String>
        let script: [String]

        var findings: [String] {
            LogJudge.findings(in: log, members: members, topics: topics).map(\.description)
        }
    }

    /// How many histories: six, and as many times more as `SPILLWAY_TEST_SCALE` says.
    static let seeds: [UInt64] = {
        let scale = ProcessInfo.processInfo.environment["SPILLWAY_TEST_SCALE"].flatMap { UInt64($0) } ?? 1
        return Array(1...(6 * scale))
    }()

    @Test("nothing that must never happen happens", arguments: seeds)
    func history(seed: UInt64) async throws {
        let kind = StateKind.number(seed)
        try await (kind.isHere ? kind : .sqlite).with { stage in
            let told = try await Self.play(seed, on: stage)
            #expect(told.findings == [], "\(told.script.joined(separator: "\n"))")
            #expect(told.log.contains { $0["event"] == .text("publish") && ($0["epoch"].int ?? 0) > 0 })
            #expect(told.log.contains { $0["event"] == .text("append") && $0["actor"]["client"] == .text("checkout") })
        }
    }

    @Test("each thing that must never happen is found in a log in which it happens")
    func mutations() async throws {
        try await Stage.with { stage in
            let told = try await Self.play(3, isPlain: true, on: stage)
            #expect(told.findings == [])
            let isMove = { (event: JSONValue) in event["event"] == .text("publish") && (event["epoch"].int ?? 0) > 0 }
            let move = told.log[try #require(told.log.firstIndex(where: isMove))]
            let gone = topicsGone(told.members, told.topics)
            func without(_ kind: String) -> [JSONValue] { told.log.filter { $0["event"] != .text(kind) } }
            let worse: [(LogJudge.Finding.Predicate, [JSONValue])] = [
                (.readyWhenPublished, [move] + told.log),
                (.oneWriter, without("acl")),
                (.epochs, told.log + [move.with("epoch", .number(0))]),
                (.switchoverLosesNothing, without("copy")),
                (.nothingLeftOver, told.log.filter { $0["present"] != .bool(false) }),
                (.registries, without("mode")),
                (.namesOnly, told.log.map { $0.with("objects", .list([])) }),
                (.noLossWithoutConsent, without("copy") + gone),
            ]
            for (predicate, log) in worse {
                let found = LogJudge.findings(in: log, members: told.members, topics: told.topics)
                #expect(found.contains { $0.predicate == predicate }, "\(predicate): \(found.map(\.description))")
            }
        }
    }

    private func topicsGone(_ members: [LogJudge.Member], _ topics: Set<String>) -> [JSONValue] {
        members.flatMap { member in
            topics.map { topic in
                .object(["event": .text("delete"), "cluster": .text(member.cluster), "topic": .text(topic)])
            }
        }
    }

    private static func play(_ seed: UInt64, isPlain: Bool = false, on stage: Stage) async throws -> Told {
        try stage.edit("spillway.yaml", "policy: {", "policy: {quietPeriod: 0s, ")
        try stage.edit("spillway.yaml", "unreachableAfter: 5s", "unreachableAfter: 3s, drain: 10s, transition: 30s")
        var moves = RandomMoves(seed: seed, isPlain: isPlain, on: stage)
        try await moves.play()
        let overview = try await stage.overview()
        let members = try [("west", "us-west-2"), ("east", "us-east-1")].map { name, region in
            let cluster = overview["clusters"].array.first { $0["display_name"].string == name }
            let registry = overview["registries"].array.first { $0["region"].string == region }
            return LogJudge.Member(
                name: name, cluster: try #require(cluster?["id"].string),
                registry: try #require(registry?["id"].string),
                region: region)
        }
        let log = try await stage.log(with: moves.reported)
        let topics = Set(log.filter { $0["event"] == .text("create") }.compactMap { $0["topic"].string })
        return Told(
            log: log, members: members, topics: topics.filter { $0.hasPrefix("payments.") }, script: moves.script)
    }
}

extension JSONValue {
    /// The object with another member.
    fileprivate func with(_ key: String, _ value: JSONValue) -> JSONValue {
        guard members[key] != nil else { return self }
        return .object(members.merging([key: value]) { $1 })
    }
}
