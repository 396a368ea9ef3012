import Foundation
import SimulatorServer
import Testing
import TestSupport

/// One call that is disturbed once, in the part of the story that makes it.
struct FaultCell: Sendable {
    let call: FaultCall
    let kind: FaultKind

    /// What came of it.
    struct Result: Sendable {
        /// For the page: the exit code, and how many further applies it took.
        var text = ""
        /// What must never be.
        var findings: [String] = []
        /// What the runs said, to be told with what was found.
        var told: [String] = []
    }

    /// Nothing was there to be spoilt.
    static let nothing = "–"
    private static let mostApplies = 5

    func play(on stage: FaultStage) async throws -> Result {
        var result = Result()
        let start = try await stage.begin(call.part)
        let endpoint = stage.endpoint(of: call)
        let admin = stage.stage.endpoints.admin
        try await stage.stage.http.send("DELETE", "\(admin)/counts", nil)
        try await stage.stage.http.send("POST", "\(admin)/faults", kind.rule(for: call, at: endpoint))
        let outcome = try await stage.apply(call.part)
        let isApplied = try await stage.stage.http.get("\(admin)/faults").array.first?["applied"].int ?? 0 > 0
        try await stage.stage.http.send("DELETE", "\(admin)/faults", nil)
        if kind.lasts { try await bringBack(endpoint, stage) }
        result.tell(outcome)
        guard isApplied else {
            let spoils = FaultKind.answers.contains { $0.name == kind.name }
            result.text = Self.nothing
            if !spoils { result.findings.append("the call was not made") }
            return result
        }
        try await judge(outcome, since: start, on: stage, &result)
        let further = try await settle(after: outcome, on: stage, &result)
        result.text = "\(outcome.code)" + (further > 0 ? "+\(further)" : "")
        for outcome in try await stage.goOn(after: call.part) { result.tell(outcome) }
        try await judgeLog(on: stage, &result)
        return result
    }

    private func bringBack(_ endpoint: String, _ stage: FaultStage) async throws {
        let region = endpoint.split(separator: "/").first ?? ""
        try await stage.stage.http.send(
            "PUT", "\(stage.stage.endpoints.admin)/regions/\(region)", #"{"state": "up", "vantage": "runner"}"#)
    }

    /// Judges the run that was disturbed.
    private func judge(
        _ outcome: Spillway.Outcome, since start: Int, on stage: FaultStage, _ result: inout Result
    ) async throws {
        let undisturbed = stage.undisturbed
        let state = try await stage.worldState(without: dead)
        switch outcome.code {
        case 0: result.compare(state, with: undisturbed.after[call.part], "exit 0 without what was asked for")
        case 1:
            let log = try await stage.stage.http.get("\(stage.stage.endpoints.admin)/events?from=\(start)").array
            // A move that was taken back has done nothing.
            if log.contains(where: { $0["event"] == .text("call") && $0["effect"] == .bool(true) }) {
                result.compare(state, with: undisturbed.before[call.part], "exit 1 with changes")
            }
        case 3, 4, 7: break
        default: result.findings.append("exit \(outcome.code)")
        }
        if outcome.code != call.part.exitCode, try await !tellsEndpoint(outcome, on: stage) {
            result.findings.append("nothing tells which endpoint it was")
        }
        let requests = try await stage.stage.overview()["requests"].members.values
        if requests.contains(where: { $0["byTemplate"].keys.contains { $0.hasSuffix(" /elsewhere") } }) {
            result.findings.append("a redirect was followed")
        }
    }

    /// Applies, with nothing disturbed, until the part has ended as it should.
    private func settle(
        after outcome: Spillway.Outcome, on stage: FaultStage, _ result: inout Result
    ) async throws -> Int {
        let wanted = stage.undisturbed.after[call.part]
        var last = outcome
        for further in 0...Self.mostApplies {
            if further > 0 {
                last = try await stage.apply(call.part)
                result.tell(last)
            }
            if last.code == call.part.exitCode, try await stage.worldState(without: dead) == wanted { return further }
            if call.part == .return { try await stage.consent() }
        }
        result.compare(
            try await stage.worldState(without: dead), with: wanted, "it does not settle, exit \(last.code)")
        if last.code != call.part.exitCode { result.findings.append("it does not settle, exit \(last.code)") }
        return Self.mostApplies
    }

    /// Judges all that has happened by the event log.
    private func judgeLog(on stage: FaultStage, _ result: inout Result) async throws {
        let log = try await stage.stage.http.get("\(stage.stage.endpoints.admin)/events?sort=time").array
        let members = try await stage.members()
        let topics = Set(log.filter { $0["event"] == .text("create") }.compactMap { $0["topic"].string })
            .filter { $0.hasPrefix("payments.") }
        result.findings += LogJudge.findings(in: log, members: members, topics: topics).map(\.description)
        var world = LoggedWorld()
        for event in log { world.take(event) }
        let lost = world.acknowledged.filter { record in !members.contains { world.holds(record, $0.cluster) } }
        if !lost.isEmpty { result.findings.append("\(lost.count) records are nowhere") }
    }

    /// The site that is dead while the part is played.
    private var dead: String? { call.part == .failover ? "east" : nil }

    /// Whether what was wrong is told with the endpoint: by its address, or, where something
    /// is marked, as the manifests name it.
    private func tellsEndpoint(_ outcome: Spillway.Outcome, on stage: FaultStage) async throws -> Bool {
        let told = outcome.output + outcome.diagnostics
        let endpoint = stage.endpoint(of: call)
        let endpoints = try await stage.stage.overview()["endpoints"]
        if let url = endpoints[endpoint].string, told.contains(url) { return true }
        let sites = FaultStage.regions
        // The control plane lists the sites.
        let names = sites.first { endpoint.hasPrefix($0.value) }.map { [$0.key] } ?? ["confluent"] + sites.keys
        let lines = told.split(separator: "\n")
        let marked = lines.indices.filter { index in ["✗", "!", "?", "·"].contains { lines[index].contains($0) } }
        // What is marked is told on the next lines, too.
        return marked.contains { index in
            lines[index..<min(index + 3, lines.count)].contains { line in names.contains { line.contains($0) } }
        }
    }
}

extension FaultCell.Result {
    fileprivate mutating func tell(_ outcome: Spillway.Outcome) {
        told.append("exit \(outcome.code)\n\(outcome.output)\(outcome.diagnostics)")
    }

    fileprivate mutating func compare(_ state: [String], with wanted: [String]?, _ what: String) {
        guard let wanted, state != wanted else { return }
        let difference = state.difference(from: wanted).map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
        findings.append("\(what):\n\(difference.joined(separator: "\n"))")
    }
}
