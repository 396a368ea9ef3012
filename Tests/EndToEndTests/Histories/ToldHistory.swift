import TestSupport
import Testing

/// What a history leaves to be judged: the simulator's log, with what only its runs know in its place.
struct ToldHistory {
    let log: [JSONValue]
    let members: [LogJudge.Member]
    let topics: Set<String>
    let moves: RandomMoves

    var findings: [String] {
        LogJudge.findings(in: log, members: members, topics: topics).map(\.description)
    }

    /// What was done, for whoever has to find out why it went wrong.
    var script: String { moves.script.joined(separator: "\n") }

    /// Plays a history on its stage, to its end.
    static func play(_ moves: RandomMoves, _ play: (inout RandomMoves) async throws -> Void) async throws -> ToldHistory
    {
        let stage = moves.stage
        try stage.edit("spillway.yaml", "policy: {", "policy: {quietPeriod: 0s, ")
        try stage.edit("spillway.yaml", "unreachableAfter: 5s", "unreachableAfter: 3s, drain: 10s, transition: 30s")
        var moves = moves
        try await play(&moves)
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
        return ToldHistory(
            log: log, members: members, topics: topics.filter { $0.hasPrefix("payments.") }, moves: moves)
    }
}
