import Foundation
import SimulatorServer
import Testing
import TestSupport

/// A small estate, and checkpoints of the simulator and of the workspace at the beginning of every part of the story.
struct FaultStage {
    /// What the story did when nothing was disturbed.
    struct Undisturbed {
        /// How the world was before and after each part.
        var before: [StoryPart: [String]] = [:]
        var after: [StoryPart: [String]] = [:]
        var calls: Set<FaultCall> = []
    }

    static let regions = ["west": "us-west-2", "east": "us-east-1"]

    let stage: Stage
    private(set) var undisturbed = Undisturbed()

    /// Runs a body on a stage on which the story was played once.
    static func with(_ body: @escaping @Sendable (FaultStage) async throws -> Void) async throws {
        try await Stage.with { stage in
            var faults = FaultStage(stage: stage)
            try await faults.play()
            try await body(faults)
        }
    }

    private init(stage: Stage) {
        self.stage = stage
    }

    private mutating func play() async throws {
        try layOut()
        for part in StoryPart.allCases {
            try await stage.http.send("PUT", "\(stage.endpoints.admin)/checkpoints/\(part)", nil)
            try FileManager.default.copyItem(at: stage.folder, to: copy(of: part))
            try await prepare(part)
            undisturbed.before[part] = try await worldState(without: part == .failover ? "east" : nil)
            try await stage.http.send("DELETE", "\(stage.endpoints.admin)/counts", nil)
            let outcome = try await apply(part)
            try #require(outcome.code == part.exitCode, "\(part): \(outcome.output)\(outcome.diagnostics)")
            undisturbed.calls.formUnion(try await calls(in: part))
            undisturbed.after[part] = try await worldState(without: part == .failover ? "east" : nil)
            try await finish(part)
        }
        let ordered = StoryPart.byWorth
        let made = Dictionary(grouping: undisturbed.calls) { "\($0.service) \($0.template)" }
        undisturbed.calls = Set(
            made.values.compactMap { calls in
                calls.min { ordered.firstIndex(of: $0.part) ?? 0 < ordered.firstIndex(of: $1.part) ?? 0 }
            })
    }

    /// Makes world and workspace what they were when a part began, and does what leads to it.
    ///
    /// - Returns: How many events had happened before.
    func begin(_ part: StoryPart) async throws -> Int {
        let restored = try await stage.http.send("POST", "\(stage.endpoints.admin)/checkpoints/\(part)", nil)
        try FileManager.default.removeItem(at: stage.folder)
        try FileManager.default.copyItem(at: copy(of: part), to: stage.folder)
        try await prepare(part)
        try await isReached(part)
        return restored["events"].int ?? 0
    }

    /// Asks every endpoint that is up: one that was just opened again may refuse the first connections.
    private func isReached(_ part: StoryPart) async throws {
        guard part != .sites else { return }
        for (site, region) in Self.regions where part != .failover || site != "east" {
            _ = try await stage.mode(in: region)
            _ = try await stage.denials(on: site)
        }
    }

    /// The endpoint of the simulator that a call is for.
    func endpoint(of call: FaultCall) -> String {
        let primary = Self.regions[call.part.primary] ?? ""
        let standby = Self.regions[call.part.primary == "west" ? "east" : "west"] ?? ""
        return switch call.service {
        case .control: "control"
        case .primaryKafka: "\(primary)/kafka"
        case .standbyKafka: "\(standby)/kafka"
        case .primaryRegistry: "\(primary)/registry"
        case .standbyRegistry: "\(standby)/registry"
        }
    }

    private func copy(of part: StoryPart) -> URL {
        stage.folder.appendingPathExtension("\(part)")
    }

    /// Removes the copies of the workspace.
    func clear() {
        for part in StoryPart.allCases { try? FileManager.default.removeItem(at: copy(of: part)) }
    }

    private func calls(in part: StoryPart) async throws -> [FaultCall] {
        let requests = try await stage.overview()["requests"].members
        return FaultCall.Service.allCases.flatMap { service in
            let endpoint = endpoint(of: FaultCall(part: part, service: service, template: ""))
            return (requests[endpoint]?["byTemplate"].members ?? [:]).keys.map {
                FaultCall(part: part, service: service, template: $0)
            }
        }
    }

    // MARK: Deeds

    /// Applies; a run that does not end within its deadline is killed, which ends it with 137.
    func apply(_ part: StoryPart) async throws -> Spillway.Outcome {
        let confirmation = part == .sites ? [] : ["--confirm-primary", "payments=\(part.target)"]
        let process = try stage.spillway.start(["apply", "--auto-approve"] + confirmation)
        let before = publication()
        // A deadline, which no run that is well comes near.
        let watch = Task {
            try await Task.sleep(for: .seconds(90))
            process.signal(SIGKILL)
        }
        defer { watch.cancel() }
        let outcome = try await process.outcome()
        try await report(outcome, after: before)
        return outcome
    }

    private func prepare(_ part: StoryPart) async throws {
        switch part {
        case .sites: break
        case .protection:
            for (file, text) in Self.protection { try write(file, text) }
        case .switchover: try commit("east")
        case .failover:
            try commit("west", "failover: {from: east, incident: INC-1, overrides: [Loss, BestSurvivor]}")
            try await stage.set("us-east-1", "down")
        case .fencing: try await stage.set("us-east-1", "up")
        case .return: try await consent()
        }
    }

    private func finish(_ part: StoryPart) async throws {
        switch part {
        case .sites: try await stage.seedClientKeys()
        case .protection:
            try await stage.produce(to: "payments.ledger", on: "west", 20)
            try await stage.replicated("payments.ledger", to: "east")
        case .switchover, .failover, .fencing, .return: break
        }
    }

    private func commit(_ primary: String, _ lines: String...) throws {
        try write("manifests/group.yaml", Self.group(primary, lines))
    }

    /// Commits what the plan asks for.
    func consent() async throws {
        let plan = try await stage.spillway("plan", "-o", "json")
        let tokens = Set(plan.output.matches(of: /(west|east)@\d+-[0-9a-f]+/).map { String($0.0) }).sorted()
        guard !tokens.isEmpty else { return }
        try commit("west", "discard: [\(tokens.joined(separator: ", "))]")
    }

    /// Ends what a part has left open when it is done, so that the whole story can be judged.
    func goOn(after part: StoryPart) async throws -> [Spillway.Outcome] {
        guard part == .failover || part == .fencing else { return [] }
        if part == .failover { try await prepare(.fencing) }
        var outcomes: [Spillway.Outcome] = []
        for _ in 0..<5 {
            outcomes.append(try await apply(part))
            if outcomes.last?.code == 0 { break }
            try await consent()
        }
        return outcomes
    }

    private func write(_ file: String, _ text: String) throws {
        try text.write(to: stage.folder.appendingPathComponent(file), atomically: true, encoding: .utf8)
    }
}
