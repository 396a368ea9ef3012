import Foundation
import SimulatorServer
import Testing
import TestSupport

/// A random history of one group on a stage: what the operator commits, what breaks, and when runs are killed.
struct RandomMoves {
    let stage: Stage
    private let regions = ["west": "us-west-2", "east": "us-east-1"]
    private var random: SmallGenerator
    private let isBidirectional: Bool
    private let reprotect: String
    private let isPlain: Bool
    private(set) var primary = "west"
    private var incident = 0
    private var runs = 0
    private var consent: String?
    /// Runs that were killed before they ended.
    private(set) var kills = 0
    /// Those among them that had done a step, and stand in the journal therefore.
    private(set) var killsBehindSteps = 0
    private var tokens: [String] = []
    /// What was done, to be told when something is found.
    private(set) var script: [String] = []
    /// Events that only the runs and the operator know, for the simulator's log.
    private(set) var reported: [String] = []

    /// - Parameter isPlain: Whether links are unidirectional and the first move is a switchover.
    init(seed: UInt64, isPlain: Bool = false, on stage: Stage) {
        self.stage = stage
        self.isPlain = isPlain
        random = SmallGenerator(seed: seed)
        isBidirectional = !isPlain && Bool.random(using: &random)
        reprotect = isBidirectional && Bool.random(using: &random) ? "Restore" : "Recreate"
    }

    /// Plays a history to its end, where everything is as declared again.
    mutating func play() async throws {
        script.append("\(isBidirectional ? "bidirectional" : "unidirectional") link, reprotect \(reprotect)")
        try commit()
        try await run()
        try await stage.seedClientKeys()
        try await stage.startClients()
        for number in 0..<Int.random(in: 2...3, using: &random) {
            if Bool.random(using: &random) || (isPlain && number == 0) {
                try await switchOver(killed: momentOrNever(within: 14))
            } else {
                let moment = momentOrNever(within: 10)
                try await loseThePrimary(killed: moment, goesOn: Bool.random(using: &random))
            }
            try await settle()
        }
    }

    /// Creates, switches over and back, fails over and returns. Each of these runs is killed: behind a step, or in the middle of any call.
    mutating func playKilled() async throws {
        script.append("\(isBidirectional ? "bidirectional" : "unidirectional") link, reprotect \(reprotect)")
        try commit()
        try await run(killed: moment(within: 30))
        try await settle()
        try await stage.startClients()
        for _ in 0..<2 {
            try await switchOver(killed: moment(within: 14))
            try await settle()
        }
        let losesControlPlane = Bool.random(using: &random)
        if losesControlPlane {
            script.append("the control plane is lost")
            try await stage.set("control", "down")
        }
        try await loseThePrimary(killed: moment(within: 10), goesOn: true)
        if losesControlPlane { try await stage.set("control", "up") }
        try await run(killed: moment(within: 8))
        try await settle()
    }

    // MARK: Deeds

    /// When a run is killed.
    private enum Moment {
        /// Behind so many steps.
        case behind(steps: Int)
        /// While so many requests have been made, whatever they belong to.
        case amid(requests: Int)
    }

    private mutating func moment(within steps: Int) -> Moment {
        Bool.random(using: &random)
            ? .behind(steps: Int.random(in: 1...steps, using: &random))
            : .amid(requests: Int.random(in: 0...100, using: &random))
    }

    private mutating func momentOrNever(within steps: Int) -> Moment? {
        let steps = Int.random(in: 0...steps, using: &random)
        return steps == 0 ? nil : .behind(steps: steps)
    }

    private mutating func switchOver(killed moment: Moment?) async throws {
        primary = other
        consent = nil
        script.append("switch over to \(primary)")
        try commit()
        try await run(killed: moment)
    }

    /// - Parameter goesOn: Whether there is a run more while the region is lost.
    private mutating func loseThePrimary(killed moment: Moment?, goesOn: Bool) async throws {
        let lost = primary
        let state = ["down", "blackhole"].randomElement(using: &random) ?? "down"
        script.append("\(lost) is lost (\(state))")
        try await stage.set(regions[lost] ?? "", state)
        primary = other
        incident += 1
        consent = "failover: {from: \(lost), incident: INC-\(incident), overrides: [Loss, BestSurvivor]}"
        script.append("fail over to \(primary)")
        try commit()
        try await run(killed: moment)
        if goesOn { try await run() }
        script.append("\(lost) is back")
        try await stage.set(regions[lost] ?? "", "up")
    }

    /// Applies and consents until nothing is left to do.
    private mutating func settle() async throws {
        for _ in 0..<6 {
            let outcome = try await run()
            if outcome.code == 0 { return }
            if outcome.output.contains("refuses its credentials") { try await stage.seedClientKeys() }
            if outcome.output.contains("remove `failover` for a switchover") {
                script.append("it is alive after all: no consent")
                consent = nil
                try commit()
                continue
            }
            let plan = try await stage.spillway("plan", "-o", "json")
            let new = plan.output.matches(of: /(west|east)@\d+-[0-9a-f]+/).map { String($0.0) }
                .filter { !tokens.contains($0) }
            guard !new.isEmpty else { continue }
            tokens += Set(new).sorted()
            script.append("consent: \(tokens)")
            try commit()
        }
        let plan = try await stage.spillway("plan")
        Issue.record("it does not settle:\n\(script.joined(separator: "\n"))\n\(plan.output)\(plan.diagnostics)")
    }

    private var other: String { primary == "west" ? "east" : "west" }

    // MARK: Manifests and runs

    private mutating func commit() throws {
        var lines = [
            "apiVersion: spillway/v1", "kind: FailoverGroup", "metadata: {name: payments}", "spec:",
            "  primary: \(primary)", "  members: [west, east]", "  topics: {include: [\"payments.*\"]}",
            "  link: {consumerOffsetSync: {interval: 10s}\(isBidirectional ? ", mode: Bidirectional" : "")}",
            "  schemas: {subjects: [\"*\"]}", "  fence: {denyWrites: [\"User:*\"], quiet: 200ms}",
            "  canary: payments.canary", "  reprotect: \(reprotect)",
        ]
        if let consent { lines.append("  " + consent) }
        if !tokens.isEmpty { lines.append("  discard: [\(tokens.joined(separator: ", "))]") }
        try (lines.joined(separator: "\n") + "\n").write(
            to: stage.folder.appendingPathComponent("manifests/group.yaml"), atomically: true, encoding: .utf8)
        let consented = tokens.map { "\"\($0)\"" }.joined(separator: ",")
        report("edit", ["manifests": "{\"primary\": \"\(primary)\", \"discard\": [\(consented)]}"], at: Self.now)
    }

    /// Applies; killed at a moment, unless the run ends before.
    @discardableResult
    private mutating func run(killed moment: Moment? = nil) async throws -> Spillway.Outcome {
        let started = Self.now
        let before = try await stage.requestsSoFar()
        let process = try stage.spillway.start(
            ["apply", "--auto-approve", "--confirm-primary", "payments=\(primary)"] + stage.firstFlags)
        switch moment {
        case nil: break
        case .behind(let steps)?:
            try await eventually {
                let done = process.diagnosticsSoFar.components(separatedBy: "✓").count - 1
                return done >= steps || process.hasEnded ? () : nil
            }
            process.signal(SIGKILL)
        case .amid(let requests)?:
            try await eventually {
                let made = try await stage.requestsSoFar() - before
                return made >= requests || process.hasEnded ? () : nil
            }
            process.signal(SIGKILL)
        }
        let outcome = try await process.outcome()
        let isKilled = outcome.code >= 128
        if isKilled {
            kills += 1
            if case .behind? = moment { killsBehindSteps += 1 }
        }
        script.append("apply: " + (isKilled ? "killed \(moment.map { "\($0)" } ?? "")" : "exit \(outcome.code)"))
        runs += 1
        report("start", ["run": "\"\(runs)\""], at: started)
        try await reportPublications(since: started)
        report(
            "end",
            [
                "run": "\"\(runs)\"", "exit": String(outcome.code), "killed": String(isKilled),
                "deferred": String(outcome.output.contains("Deferred")),
            ], at: Self.now)
        return outcome
    }

    /// What the journal and the store know of publications, by when each was intended.
    private mutating func reportPublications(since start: Int) async throws {
        let book = stage.publishedBook()
        guard book["primary"] == primary else { return }
        let listed = try await stage.spillway("runs", "-o", "json")
        for run in try JSONValue(parsing: listed.output).array {
            guard let id = run["id"].string, let began = run["startedAt"].string.flatMap(Self.milliseconds),
                began >= start
            else { continue }
            let shown = try await stage.spillway("runs", "show", id, "-o", "json")
            for step in try JSONValue(parsing: shown.output)["steps"].array {
                guard step["id"].string == "binding/checkout/0#publish",
                    let intended = step["intendedAt"].string.flatMap(Self.milliseconds)
                else { continue }
                report(
                    "publish",
                    [
                        "binding": "\"checkout\"", "store": "\"file\"", "site": "\"\(primary)\"",
                        "epoch": book["epoch"] ?? "0", "ledger": "\"\(book["ledger"] ?? "")\"",
                        "generation": book["generation"] ?? "0",
                    ], at: intended)
            }
        }
    }

    private mutating func report(_ event: String, _ members: [String: String], at time: Int) {
        let rest = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
        let head = ["\"event\": \"\(event)\"", "\"time\": \(time)", "\"actor\": {\"run\": \"binary\"}"]
        reported.append("{\((head + rest).joined(separator: ", "))}")
    }

    private static var now: Int { Int(Date().timeIntervalSince1970 * 1_000) }

    private static func milliseconds(_ text: String) -> Int? {
        (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))).map {
            Int(($0.timeIntervalSince1970 * 1_000).rounded())
        }
    }
}

/// Equal seeds give equal numbers.
struct SmallGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension Stage {
    /// An application that writes and reads without a pause wherever its binding leads.
    fileprivate func startClients() async throws {
        let file = folder.appendingPathComponent("out/checkout.properties").path
        try await http.send(
            "POST", "\(endpoints.admin)/workload",
            """
            {"clients": [{"name": "checkout", "group": "payments", "binding": {"file": "\(file)"},
                          "read": {"pollMs": 50}, "produce": {"topic": "payments.ledger", "perSecond": 50},
                          "consume": {"group": "app", "topics": ["payments.ledger"], "commitMs": 200,
                                      "sessionTimeoutMs": 1000}}]}
            """)
    }

    /// Requests that the simulated services have had.
    fileprivate func requestsSoFar() async throws -> Int {
        try await overview()["requests"].members.values.reduce(0) { $0 + ($1["total"].int ?? 0) }
    }

    /// The bookkeeping that stands beside the published properties, once there are any.
    fileprivate func publishedBook() -> [String: String] {
        let published = (try? read("out/checkout.properties")) ?? ""
        return published.matches(of: /(primary|epoch|ledger|generation)=([^\s]+)/).reduce(into: [:]) {
            $0[String($1.1)] = String($1.2)
        }
    }

    /// The simulator's log, with what only runs know put in its place.
    func log(with reported: [String]) async throws -> [JSONValue] {
        try await http.send("POST", "\(endpoints.admin)/events", "[\(reported.joined(separator: ","))]")
        return try await http.get("\(endpoints.admin)/events?sort=time").array
    }
}
