import Foundation
import SimulatorServer
import Testing
import TestSupport

/// The built binary moves a group to and fro over HTTP while an application writes, regions go dark and runs are killed;
/// what happened is read from the simulator's event log alone.
@Suite("Random histories over HTTP, judged from the event log")
struct HistoryTests {
    /// How many histories: six, and as many times more as `SPILLWAY_TEST_SCALE` says.
    static let seeds: [UInt64] = {
        let scale = ProcessInfo.processInfo.environment["SPILLWAY_TEST_SCALE"].flatMap { UInt64($0) } ?? 1
        return Array(1...(6 * scale))
    }()

    @Test("nothing that must never happen happens", arguments: seeds)
    func history(seed: UInt64) async throws {
        let kind = StateKind.number(seed)
        try await (kind.isHere ? kind : .sqlite).with { stage in
            let told = try await ToldHistory.play(RandomMoves(seed: seed, on: stage)) { try await $0.play() }
            #expect(told.findings == [], "\(told.script)")
            #expect(told.log.contains { $0["event"] == .text("publish") && ($0["epoch"].int ?? 0) > 0 })
            #expect(told.log.contains { $0["event"] == .text("append") && $0["actor"]["client"] == .text("checkout") })
        }
    }

    @Test("each thing that must never happen is found in a log in which it happens")
    func mutations() async throws {
        try await Stage.with { stage in
            let moves = RandomMoves(seed: 3, isPlain: true, on: stage)
            let told = try await ToldHistory.play(moves) { try await $0.play() }
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
}

extension JSONValue {
    /// The object with another member.
    fileprivate func with(_ key: String, _ value: JSONValue) -> JSONValue {
        guard members[key] != nil else { return self }
        return .object(members.merging([key: value]) { $1 })
    }
}
