import Foundation
import SimulatorServer
import Testing
import TestSupport

/// Runs that are killed at their steps, with the state in every kind of place: what is left is finished by the next run.
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
            var story = try KilledRuns(seed: seed, on: stage)
            try await story.play()
            #expect(story.kills > 0, "\(story.script.joined(separator: "\n"))")
        }
    }
}

/// One group that moves, and each of whose runs is killed once.
private struct KilledRuns {
    private let stage: Stage
    private var random: SmallGenerator
    private var primary = "west"
    private var consent = ""
    private var tokens: [String] = []
    private(set) var kills = 0
    private(set) var script: [String] = []

    init(seed: UInt64, on stage: Stage) throws {
        self.stage = stage
        random = SmallGenerator(seed: seed)
        try stage.edit("spillway.yaml", "policy: {", "policy: {quietPeriod: 0s, ")
        try stage.edit("spillway.yaml", "unreachableAfter: 5s", "unreachableAfter: 2s, drain: 10s, transition: 30s")
        try stage.edit(
            "manifests/group.yaml", "fence: {denyWrites: [\"User:*\"]}",
            "fence: {denyWrites: [\"User:*\"], quiet: 200ms}")
    }

    mutating func play() async throws {
        try await run(killedWithin: 30)
        try await settle(seeding: true)
        for site in ["east", "west"] {
            script.append("switch over to \(site)")
            try commit(site)
            try await run(killedWithin: 14)
            try await settle()
        }
        script.append("west is lost")
        try await stage.set("us-west-2", "down")
        consent = "\n  failover: {from: west, incident: INC-1, overrides: [Loss, BestSurvivor]}"
        try commit("east")
        try await run(killedWithin: 10)
        try await run()
        try await stage.set("us-west-2", "up")
        script.append("west is back")
        try await run(killedWithin: 8)
        try await settle()
        try await judge()
    }

    /// What is declared is so, by the manifests, the live systems and the clients.
    private func judge() async throws {
        let told = script.joined(separator: "\n")
        let plan = try await stage.spillway("plan", "--detailed-exitcode")
        #expect(plan.code == 0, "\(told)\n\(plan.output)\(plan.diagnostics)")
        let status = try await stage.spillway("status", "--check")
        #expect(status.code == 0, "\(told)\n\(status.output)")
        let published = try stage.read("out/checkout.properties")
        #expect(published.contains(primary == "west" ? "us-west-2" : "us-east-1"), "\(told)\n\(published)")
        let clusters = try await stage.overview()["clusters"].array
        #expect(clusters.map { $0["display_name"].string ?? "" }.sorted() == ["east", "west"], "\(told)")
        let runs = try JSONValue(parsing: try await stage.spillway("runs", "-o", "json").output).array
        #expect(runs.count { $0["exitCode"] == .null } >= kills, "each run that was killed is told to have been")
        #expect(runs.first?["exitCode"] == .number(0))
    }

    private mutating func commit(_ site: String) throws {
        let text = try stage.read("manifests/group.yaml")
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines.removeAll { $0.hasPrefix("  failover:") || $0.hasPrefix("  discard:") || $0.hasPrefix("  reprotect:") }
        let place = try #require(lines.firstIndex { $0.hasPrefix("  primary: ") })
        lines[place] = "  primary: \(site)\n  reprotect: Recreate\(consent)"
        if !tokens.isEmpty { lines[place] += "\n  discard: [\(tokens.joined(separator: ", "))]" }
        primary = site
        try lines.joined(separator: "\n").write(
            to: stage.folder.appendingPathComponent("manifests/group.yaml"), atomically: true, encoding: .utf8)
    }

    /// Applies; killed when so many steps are done, or that long after it began.
    @discardableResult
    private mutating func run(killedWithin steps: Int = 0) async throws -> Spillway.Outcome {
        let process = try stage.spillway.start(
            ["apply", "--auto-approve", "--confirm-primary", "payments=\(primary)"] + stage.firstFlags)
        if steps > 0 {
            let wanted = Int.random(in: 1...steps, using: &random)
            try await eventually {
                let done = process.diagnosticsSoFar.components(separatedBy: "✓").count - 1
                return done >= wanted || process.hasEnded ? () : nil
            }
            process.signal(SIGKILL)
        }
        let outcome = try await process.outcome()
        if outcome.code >= 128 { kills += 1 }
        script.append("apply: exit \(outcome.code)")
        return outcome
    }

    private mutating func settle(seeding: Bool = false) async throws {
        for _ in 0..<6 {
            let outcome = try await run()
            if outcome.code == 8 { break }
            if seeding, outcome.output.contains("refuses its credentials") { try await stage.seedClientKeys() }
            if outcome.code == 0 { return }
            if outcome.output.contains("remove `failover` for a switchover") { consent = "" }
            let plan = try await stage.spillway("plan", "-o", "json")
            let new = plan.output.matches(of: /(west|east)@\d+-[0-9a-f]+/).map { String($0.0) }
            tokens += Set(new).subtracting(tokens).sorted()
            try commit(primary)
        }
        let plan = try await stage.spillway("plan")
        Issue.record("it does not settle:\n\(script.joined(separator: "\n"))\n\(plan.output)\(plan.diagnostics)")
    }
}
