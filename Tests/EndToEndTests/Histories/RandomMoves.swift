import Foundation
import SimulatorServer
import Testing
import TestSupport

/// A random history of one group on a stage: what the operator commits, what breaks, and when runs are killed.
struct RandomMoves {
    private let stage: Stage
    private let regions = ["west": "us-west-2", "east": "us-east-1"]
    private var random: SmallGenerator
    private let isBidirectional: Bool
    private let reprotect: String
    private let isPlain: Bool
    private var primary = "west"
    private var incident = 0
    private var runs = 0
    private var consent: String?
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
        try await stage.startWriter()
        for number in 0..<Int.random(in: 2...3, using: &random) {
            if Bool.random(using: &random) || (isPlain && number == 0) {
                try await switchOver()
            } else {
                try await loseThePrimary()
            }
            try await settle()
        }
    }

    // MARK: Deeds

    private mutating func switchOver() async throws {
        primary = other
        consent = nil
        script.append("switch over to \(primary)")
        try commit()
        try await run(killedAfter: Int.random(in: 0...14, using: &random))
    }

    private mutating func loseThePrimary() async throws {
        let lost = primary
        let state = ["down", "blackhole"].randomElement(using: &random) ?? "down"
        script.append("\(lost) is lost (\(state))")
        try await stage.set(regions[lost] ?? "", state)
        primary = other
        incident += 1
        consent = "failover: {from: \(lost), incident: INC-\(incident), overrides: [Loss, BestSurvivor]}"
        script.append("fail over to \(primary)")
        try commit()
        try await run(killedAfter: Int.random(in: 0...10, using: &random))
        if Bool.random(using: &random) { try await run() }
        script.append("\(lost) is back")
        try await stage.set(regions[lost] ?? "", "up")
    }

    /// Applies and consents until nothing is left to do.
    private mutating func settle() async throws {
        for _ in 0..<6 {
            let outcome = try await run()
            if outcome.code == 0 { return }
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

    /// Applies; killed when so many steps are done, unless it is 0 or the run ends before.
    @discardableResult
    private mutating func run(killedAfter steps: Int = 0) async throws -> Spillway.Outcome {
        let started = Self.now
        let process = try stage.spillway.start(
            ["apply", "--auto-approve", "--confirm-primary", "payments=\(primary)"] + stage.firstFlags)
        if steps > 0 {
            try await eventually {
                let done = process.diagnosticsSoFar.components(separatedBy: "✓").count - 1
                return done >= steps || process.hasEnded ? () : nil
            }
            process.signal(SIGKILL)
        }
        let outcome = try await process.outcome()
        let isKilled = outcome.code >= 128
        script.append("apply: \(isKilled ? "killed after \(steps) steps" : "exit \(outcome.code)")")
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
        let book = try stage.publishedBook()
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
    /// An application that writes without a pause to wherever its binding leads.
    fileprivate func startWriter() async throws {
        let file = folder.appendingPathComponent("out/checkout.properties").path
        try await http.send(
            "POST", "\(endpoints.admin)/workload",
            """
            {"clients": [{"name": "checkout", "group": "payments", "binding": {"file": "\(file)"},
                          "read": {"pollMs": 50}, "produce": {"topic": "payments.ledger", "perSecond": 50}}]}
            """)
    }

    /// The bookkeeping that stands beside the published properties.
    fileprivate func publishedBook() throws -> [String: String] {
        try read("out/checkout.properties").matches(of: /(primary|epoch|ledger|generation)=([^\s]+)/).reduce(into: [:])
        {
            $0[String($1.1)] = String($1.2)
        }
    }

    /// The simulator's log, with what only runs know put in its place.
    func log(with reported: [String]) async throws -> [JSONValue] {
        try await http.send("POST", "\(endpoints.admin)/events", "[\(reported.joined(separator: ","))]")
        return try await http.get("\(endpoints.admin)/events?sort=time").array
    }
}
