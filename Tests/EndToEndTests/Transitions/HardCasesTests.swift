import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Moves on a bad day, end to end")
struct HardCasesTests {
    @Test("a topic that is stuck keeps clients where they are, and the next apply finishes the move")
    func stuckTopic() async throws {
        try await Stage.withPair { stage in
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                #"{"effect": "itemErrors", "method": "POST", "path": "/kafka/v3/", "topics": ["payments.audit"], "code": 500}"#
            )
            try await stage.set("us-west-2", "down")
            try stage.declare(FailoverTests.consent)
            let stuck = try await stage.move(to: "east", from: "west")
            #expect(stuck.code == 7, "\(stuck.output)\(stuck.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("primary=west"))
            let mirrors = try await stage.mirrors(on: "east")
            #expect(mirrors.filter { $0.value == ["STOPPED"] }.count == 11)
            try await stage.http.send("DELETE", "\(stage.endpoints.admin)/faults", nil)
            let outcome = try await stage.runMove(to: "east")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("primary=east epoch=1"))
            #expect(try await stage.mirrors(on: "east").values.allSatisfy { $0 == ["STOPPED"] })
        }
    }

    @Test("a stuck topic can be left behind on purpose")
    func left() async throws {
        try await Stage.withPair { stage in
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                #"{"effect": "itemErrors", "method": "POST", "path": "/kafka/v3/", "topics": ["payments.audit"], "code": 500}"#
            )
            try await stage.set("us-west-2", "down")
            try stage.declare(FailoverTests.consent)
            let outcome = try await stage.move(to: "east", from: "west", "--leave", "payments.audit")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("primary=east epoch=1"))
        }
    }

    @Test("what a switchover leaves is written by nobody, and the command that it prints brings it")
    func leftAndBrought() async throws {
        try await Stage.withPair { stage in
            let left = try await stage.move(to: "east", from: "west", "--leave", "payments.audit")
            #expect(left.code == 3, "\(left.output)\(left.diagnostics)")
            #expect(
                (left.output + left.diagnostics).contains("Next: spillway apply, which brings what was left behind"))
            #expect(try await stage.denials(on: "west") == 1, "payments.audit, and no other topic")
            #expect(try await stage.mirrors(on: "east")["payments.audit"] == ["ACTIVE"])
            let brought = try await stage.spillway("apply", "--auto-approve")
            #expect(brought.code == 0, "\(brought.output)\(brought.diagnostics)")
            #expect(brought.output.contains("what an earlier move left on west; clients are sent to east already"))
            try await stage.expectSettled(primary: "east", standby: "west")
        }
    }

    @Test("a killed move is finished by the next apply", arguments: ["drained", "promoted", "published"])
    func killed(after word: String) async throws {
        try await Stage.withPair { stage in
            try stage.setPrimary("east", from: "west")
            let running = try stage.spillway.start(
                ["apply", "--auto-approve", "--confirm-primary", "payments=east"])
            try await eventually { running.diagnosticsSoFar.contains(word) ? () : nil }
            running.signal(SIGKILL)
            _ = try await running.outcome()
            for _ in 0..<3 {
                let outcome = try await stage.runMove(to: "east")
                #expect([0, 3].contains(outcome.code), "\(outcome.output)\(outcome.diagnostics)")
                if outcome.code == 0 { break }
            }
            #expect(try await stage.records(of: "payments.ledger", on: "east") == 50)
            try await stage.expectSettled(primary: "east", standby: "west")
        }
    }

    @Test(
        "without its ledger, after a failover, the epoch of the bindings still says who serves, and whose token it is")
    func ledgerLost() async throws {
        try await Stage.withPair { stage in
            try await FailoverTests.failOver(stage)
            try await stage.set("us-west-2", "up")
            try FileManager.default.removeItem(at: stage.folder.appendingPathComponent(".spillway"))
            let first = try await stage.spillway("apply", "--auto-approve")
            #expect(first.code == 3, "\(first.output)\(first.diagnostics)")
            #expect(try await stage.records(of: "payments.ledger", on: "west") == 50)
            let plan = try await stage.spillway("plan", "-o", "json")
            let token = try #require(plan.output.firstMatch(of: /west@1-[0-9a-f]+/).map { String($0.0) })
            try stage.edit("out/checkout.properties", "sasl.mechanism=PLAIN", "sasl.mechanism=NONE")
            let repaired = try await stage.spillway("apply", "--auto-approve")
            #expect(repaired.code == 3, "\(repaired.output)\(repaired.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("sasl.mechanism=PLAIN"))
            try stage.declare("discard: [\(token)]")
            for _ in 0..<3 where try await stage.spillway("apply", "--auto-approve").code != 0 {}
            try await stage.expectSettled(primary: "east", standby: "west")
        }
    }

    @Test(
        "a failover that is killed after any of its steps, and whose ledger is lost with it, ends on the survivor",
        arguments: 1...9)
    func ledgerLostBetween(steps: Int) async throws {
        try await Stage.withPair { stage in
            try await stage.set("us-west-2", "down")
            try stage.declare("failover: {from: west, incident: INC-7, overrides: [Loss]}")
            try stage.setPrimary("east", from: "west")
            let running = try stage.spillway.start(
                ["apply", "--auto-approve", "--confirm-primary", "payments=east"])
            try await eventually {
                let text = running.diagnosticsSoFar
                let done = text.components(separatedBy: "✓").count - 1
                return done >= steps || text.contains("What follows") ? () : nil
            }
            running.signal(SIGKILL)
            _ = try await running.outcome()
            try FileManager.default.removeItem(at: stage.folder.appendingPathComponent(".spillway"))
            let outcome = try await stage.runMove(to: "east")
            #expect([0, 3].contains(outcome.code), "\(outcome.output)\(outcome.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("primary=east"))
            #expect(try await stage.mirrors(on: "east").values.allSatisfy { $0 == ["STOPPED"] })
            #expect(try await stage.mode(in: "us-east-1") == "READWRITE")
            #expect(try await stage.records(of: "payments.ledger", on: "east") == 50)
        }
    }

    @Test("two ledgers do not publish over each other")
    func twoLedgers() async throws {
        try await Stage.withPair { stage in
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spillway-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            try FileManager.default.copyItem(
                at: stage.folder.appendingPathComponent(".spillway"), to: folder)
            try FileManager.default.removeItem(at: stage.folder.appendingPathComponent(".spillway"))
            let there = try await stage.move(to: "east", from: "west")
            #expect([0, 3].contains(there.code), "\(there.output)\(there.diagnostics)")
            try FileManager.default.removeItem(at: stage.folder.appendingPathComponent(".spillway"))
            try FileManager.default.copyItem(
                at: folder, to: stage.folder.appendingPathComponent(".spillway"))
            try stage.setPrimary("west", from: "east")
            let stale = try await stage.runMove(to: "west")
            #expect(stale.code != 0 || stale.output.contains("older"), "\(stale.output)\(stale.diagnostics)")
            let file = try stage.read("out/checkout.properties")
            #expect(file.contains("epoch=1") || file.contains("epoch=2"))
            #expect(!file.contains("epoch=0"))
        }
    }

    @Test("schemas that were registered during the outage are on both sides after the way back")
    func schemas() async throws {
        try await Stage.withPair { stage in
            try await FailoverTests.failOver(stage)
            let east = try await stage.registry(in: "us-east-1")
            let schema = #"{"schema": "{\"type\":\"record\",\"name\":\"Late\",\"fields\":[]}"}"#
            let id = try await stage.http.send("POST", "\(east)/subjects/payments.late-value/versions", schema)["id"]
                .int
            try await stage.set("us-west-2", "up")
            _ = try await stage.spillway("apply", "--auto-approve")
            let plan = try await stage.spillway("plan", "-o", "json")
            let token = try #require(plan.output.firstMatch(of: /west@1-[0-9a-f]+/).map { String($0.0) })
            try stage.declare("discard: [\(token)]")
            let returned = try await stage.spillway("apply", "--auto-approve")
            #expect(returned.code == 0, "\(returned.output)\(returned.diagnostics)")
            let back = try await stage.move(to: "west", from: "east")
            #expect(back.code == 0, "\(back.output)\(back.diagnostics)")
            let west = try await stage.registry(in: "us-west-2")
            let copied = try await stage.http.get("\(west)/subjects/payments.late-value/versions/latest")
            #expect(copied["id"].int == id)
            try await stage.expectSettled(primary: "west", standby: "east")
        }
    }
}
