import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Every unfinished end says the next command, and that command leads on")
struct UnfinishedEndTests {
    @Test("a site that is dark, a step that fails, a group that is refused, a wait that is interrupted")
    func steady() async throws {
        try await Desk.withPayments { desk in
            let stage = desk.stage
            try await stage.region("east", "down")
            try desk.edit { $0.add(.topic("payments.c", ["failoverGroup": "payments"])) }
            let deferred = try await desk.apply()
            #expect(deferred.code == 3, "\(deferred.output)\(deferred.diagnostics)")
            try await stage.region("east", "up")
            try await desk.expectNext(of: deferred, endsWith: [0])

            try await stage.faults(
                #"""
                {"method": "POST", "path": "/kafka/v3/clusters/lkc-east/links/payments-west-east/mirrors",
                 "count": 1, "effect": "status", "status": 400, "body": {"error_code": 40002, "message": "no"}}
                """#)
            try desk.edit { $0.add(.topic("payments.d", ["failoverGroup": "payments"])) }
            let failed = try await desk.apply()
            #expect([1, 7].contains(failed.code), "\(failed.output)\(failed.diagnostics)")
            try await desk.expectNext(of: failed, endsWith: [0])

            try await desk.during({ manifests in
                manifests.set("Topic payments.a", "partitions", "1")
                manifests.add(.topic("other", ["cluster": "west"]))
            }) { desk in
                let refused = try await desk.apply()
                #expect(refused.code == 4, "\(refused.output)\(refused.diagnostics)")
                let told = try await desk.expectNext(of: refused, endsWith: [4])
                #expect(told.output.contains("way out  write `partitions: 2`"), "\(told.output)")
                try await desk.goOut(
                    "Partitions", ["create another": { $0.set("Topic payments.a", "partitions", nil) }])
            }

            try await stage.faults(#"{"effect": "stuck", "status": "PENDING_MIRROR"}"#)
            try desk.edit { $0.add(.topic("payments.e", ["failoverGroup": "payments"])) }
            let waiting = try desk.start()
            try await stage.mirrors(on: "east", are: "PENDING_MIRROR", "payments.e")
            waiting.signal(SIGINT)
            let interrupted = try await waiting.outcome()
            #expect(interrupted.code == 130, "\(interrupted.output)\(interrupted.diagnostics)")
            #expect(try await desk.lastExitCode() == 130)
            try await stage.heal()
            try await desk.expectNext(of: interrupted, endsWith: [0])
            try await stage.mirrors(on: "east", are: "ACTIVE", "payments.e")
        }
    }

    @Test("a switchover that is interrupted, or killed, on either side of the point of no return")
    func moves() async throws {
        try await Desk.withPayments { desk in
            let stage = desk.stage
            // Nothing is promoted before the source has been still for so long.
            let slow: [String: String?] = ["fence.quiet": "10m"]
            try desk.edit(Desk.move(to: "east", slow))
            let stopped = try desk.start()
            try await stage.isFenced("west")
            stopped.signal(SIGINT)
            let takenBack = try await stopped.outcome()
            #expect(takenBack.code == 130, "\(takenBack.output)\(takenBack.diagnostics)")
            #expect(takenBack.output.contains("Nothing moved"), "\(takenBack.output)")
            #expect(!takenBack.output.contains("Apply complete"), "\(takenBack.output)")
            #expect(try await desk.lastExitCode() == 130)
            #expect(try await stage.denials(on: "west") == 0)
            #expect(try await stage.mode(in: "us-west-2") == "READWRITE")
            let exporter = try await stage.registry("west", "GET", "/exporters/payments/status")
            #expect(exporter["state"].string == "RUNNING")
            #expect(try stage.read("out/app.properties").contains("us-west-2"))

            let killed = try desk.start()
            try await stage.isFenced("west")
            killed.signal(SIGKILL)
            #expect(try await killed.outcome().code == 128 + SIGKILL)
            let status = try await desk.run(["status"])
            try desk.edit(Desk.move(to: "east", ["fence.quiet": "500ms"]))
            try await desk.expectNext(of: status, endsWith: [0])
            #expect(try stage.read("out/app.properties").contains("us-east-1"))

            try await stage.faults(
                #"{"effect": "stuck", "status": "PENDING_STOPPED", "error": {"code": "TIMEOUT_ERROR", "message": ""}}"#)
            try desk.edit(Desk.move(to: "west"))
            let behind = try desk.start()
            try await stage.mirrors(on: "west", are: "PENDING_STOPPED")
            behind.signal(SIGTERM)
            let ended = try await behind.outcome()
            #expect(ended.code == 143, "\(ended.output)\(ended.diagnostics)")
            #expect(try await desk.lastExitCode() == 143)
            try await stage.heal()
            try await desk.expectNext(of: ended, endsWith: [0])
            #expect(try stage.read("out/app.properties").contains("us-west-2"))
        }
    }

    @Test("a silent primary, and a move that is open until somebody decides")
    func failover() async throws {
        try await Desk.withPayments { desk in
            let stage = desk.stage
            try await stage.region("west", "down")
            for command in ["plan", "status"] {
                let told = try await desk.run([command])
                #expect(told.output.contains("primary: east"), "\(told.output)")
                #expect(told.output.contains(#"failover: {from: west, incident: "NUMBER"}"#), "\(told.output)")
            }
            let silent = try await desk.apply()
            #expect(silent.code == 3, "\(silent.output)\(silent.diagnostics)")
            let told = try await desk.run(["status"])
            let lines = WayOut.all(in: told.output.commitLines)
            let group: [String: JSONValue] = ["kind": .text("FailoverGroup"), "name": .text("payments")]
            let asked = Refused(.object(["origin": .object(group)]))
            for way in lines { try await desk.take(way, of: asked) }
            let commands = told.commands.filter { !$0.contains("status") }
            #expect(commands == [["plan"], ["apply", "--confirm-primary", "payments=east"]], "\(told.output)")
            var outcome = told
            for command in commands { outcome = try await desk.run(command.approved) }
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect(try stage.read("out/app.properties").contains("us-east-1"))
            try await stage.region("west", "up")
            let fenced = try await desk.expectNext(of: outcome, endsWith: [3])
            try await desk.decideAsPrinted()
            try await desk.expectNext(of: fenced, endsWith: [0])
        }
    }
}

extension Desk {
    /// Starts an apply and leaves it running.
    func start() throws -> RunningSpillway {
        let primary = manifests.documents["FailoverGroup payments"]?.fields["spec.primary"] ?? ""
        return try stage.spillway.start(["apply", "--auto-approve", "--confirm-primary", "payments=\(primary)"])
    }

    /// Types the next command that an end prints, and says yes where it asks.
    @discardableResult
    func expectNext(
        of outcome: Spillway.Outcome, endsWith codes: Set<Int32>, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Spillway.Outcome {
        let next = try #require(
            outcome.nextCommand, "no next command: \(outcome.output)\(outcome.diagnostics)",
            sourceLocation: sourceLocation)
        let result = try await run(next.approved)
        #expect(
            codes.contains(result.code), "\(next) exits \(result.code): \(result.output)\(result.diagnostics)",
            sourceLocation: sourceLocation)
        return result
    }

    /// How the newest run ended, as the journal knows.
    func lastExitCode() async throws -> Int? {
        let runs = try await run(["runs", "-o", "json"])
        return try JSONValue(parsing: runs.output).array.first?["exitCode"].int
    }
}

extension Spillway.Outcome {
    /// Commands that are printed, in order.
    var commands: [[String]] { Self.commands(in: output + diagnostics) }

    /// The command behind `Next`.
    var nextCommand: [String]? {
        (output + diagnostics).split(separator: "\n").last { $0.contains("Next") || $0.contains("goes on from") }
            .flatMap { Self.commands(in: String($0)).first }
    }

    private static func commands(in text: String) -> [[String]] {
        text.matches(of: /spillway (apply|plan|status)((?: --[a-z-]+(?: [A-Za-z0-9@._\/-]+=?[A-Za-z0-9@._\/-]*)?)*)/)
            .map {
                ([String($0.1)] + $0.2.split(separator: " ").map(String.init)).filter { $0 != "again" }
            }
    }
}

extension [String] {
    /// Whoever types an apply says yes to it.
    fileprivate var approved: [String] { first == "apply" ? self + ["--auto-approve"] : self }
}

extension String {
    /// The lines to commit, as ways out print them.
    fileprivate var commitLines: String {
        split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("primary: ") || $0.hasPrefix("failover: ") }.map { "`\($0)`" }.joined(separator: " ")
    }
}

extension Stage {
    /// Waits until writers are kept from a cluster.
    fileprivate func isFenced(_ cluster: String) async throws {
        try await eventually { try await denials(on: cluster) > 0 ? () : nil }
    }
}
