import Foundation
import SimulatorServer
import Testing
import TestSupport

/// Runs that are killed behind a step, or in the middle of any call, with the state in every kind of place and while clients write
/// and read: what is left is finished by the next run, and nothing that must never happen has happened at any time.
@Suite("Runs that are killed, whatever keeps the state")
struct KilledRunTests {
    /// A story has five runs that are killed; three of each kind, and as many times more as `SPILLWAY_TEST_SCALE` says.
    static let stories: [(kind: StateKind, seed: UInt64)] = {
        let scale = ProcessInfo.processInfo.environment["SPILLWAY_TEST_SCALE"].flatMap { UInt64($0) } ?? 1
        return StateKind.allCases.filter(\.isHere).flatMap { kind in (1...(3 * scale)).map { (kind, $0) } }
    }()

    @Test("create, switch over, switch back, fail over and return end as if nobody had been killed", arguments: stories)
    func story(kind: StateKind, seed: UInt64) async throws {
        try await kind.with { stage in
            let told = try await ToldHistory.play(RandomMoves(seed: seed, on: stage)) { try await $0.playKilled() }
            #expect(told.moves.kills > 0, "\(told.script)")
            #expect(told.findings == [], "\(told.script)")
            try await Self.judgeTheEnd(told, on: stage)
        }
    }

    /// What is declared is so, by the manifests, the live systems and the clients.
    private static func judgeTheEnd(_ told: ToldHistory, on stage: Stage) async throws {
        let plan = try await stage.spillway("plan", "--detailed-exitcode")
        #expect(plan.code == 0, "\(told.script)\n\(plan.output)\(plan.diagnostics)")
        let status = try await stage.spillway("status", "--check")
        #expect(status.code == 0, "\(told.script)\n\(status.output)")
        let published = try stage.read("out/checkout.properties")
        let region = told.moves.primary == "west" ? "us-west-2" : "us-east-1"
        #expect(published.contains(region), "\(told.script)\n\(published)")
        let clusters = try await stage.overview()["clusters"].array
        #expect(clusters.map { $0["display_name"].string ?? "" }.sorted() == ["east", "west"], "\(told.script)")
        let runs = try JSONValue(parsing: try await stage.spillway("runs", "-o", "json").output).array
        let killed = runs.count { $0["exitCode"] == .null }
        #expect(killed >= told.moves.killsBehindSteps, "each run that was killed is told to have been")
        #expect(runs.first?["exitCode"] == .number(0))
    }
}
