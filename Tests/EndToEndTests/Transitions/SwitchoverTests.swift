import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Planned switchovers, end to end")
struct SwitchoverTests {
    @Test("there and back over unidirectional links, with every record", arguments: [false, true])
    func thereAndBack(isBidirectional: Bool) async throws {
        try await Stage.withPair(.init(isBidirectional: isBidirectional)) { stage in
            let there = try await stage.move(to: "east", from: "west")
            #expect(there.code == 0, "\(there.output)\(there.diagnostics)")
            #expect(try await stage.records(of: "payments.ledger", on: "east") == 50)
            try await stage.expectSettled(primary: "east", standby: "west")
            try await stage.produce(to: "payments.ledger", on: "east", 7)
            let back = try await stage.move(to: "west", from: "east")
            #expect(back.code == 0, "\(back.output)\(back.diagnostics)")
            #expect(try await stage.records(of: "payments.ledger", on: "west") == 57)
            try await stage.expectSettled(primary: "west", standby: "east")
            #expect(try stage.read("out/checkout.properties").contains("epoch=2"))
        }
    }

    @Test("a change of primary is never confirmed by --auto-approve alone")
    func confirmation() async throws {
        try await Stage.withPair { stage in
            try stage.setPrimary("east", from: "west")
            let outcome = try await stage.spillway("apply", "--auto-approve")
            #expect(outcome.code == 4, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.diagnostics.contains("--confirm-primary payments=east"))
            #expect(try await stage.mirrors(on: "east").values.allSatisfy { $0 == ["ACTIVE"] })
            let saved = try await stage.spillway("plan", "--out", "plan.json")
            #expect(saved.code == 0, "\(saved.output)\(saved.diagnostics)")
            let applied = try await stage.spillway("apply", "plan.json")
            // Clients are moved; the side that was left does not follow yet, and the plan did not say that it would.
            #expect(applied.code == 3, "\(applied.output)\(applied.diagnostics)")
            #expect(applied.output.contains("Next: spillway apply"), "\(applied.output)")
            #expect(try stage.read("out/checkout.properties").contains("primary=east"))
            #expect(try await stage.spillway("apply", "--auto-approve").code == 0)
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test("one that cannot drain is taken back, leaves nothing fenced, and says that nothing moved")
    func aborted() async throws {
        try await Stage.withPair { stage in
            let mirrors = try #require(URL(string: "\(try await stage.kafka("east"))/links/-/mirrors")).path
            let ledger = try await stage.position(ofMirror: "payments.ledger", on: "east")
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                """
                {"method": "GET", "endpoint": "us-east-1/kafka", "path": "\(mirrors)", "effect": "edit",
                 "pointer": "/data/\(ledger.row)/mirror_lags/\(ledger.partition)/lag", "value": 5}
                """)
            let outcome = try await stage.move(to: "east", from: "west")
            try await stage.http.send("DELETE", "\(stage.endpoints.admin)/faults", nil)
            #expect(outcome.code == 1, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("taken back"), "\(outcome.output)")
            #expect(try await stage.denials(on: "west") == 0)
            #expect(try await stage.mode(in: "us-west-2") == "READWRITE")
            #expect(try await stage.mode(in: "us-east-1") == "IMPORT")
            #expect(try await stage.mirrors(on: "east").values.allSatisfy { !$0.contains("STOPPED") })
            #expect(try stage.read("out/checkout.properties").contains("primary=west"))
            try stage.setPrimary("west", from: "east")
            let plan = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(plan.code == 0, "\(plan.output)")
        }
    }

    @Test("without a fence a promotion is refused, with the place and the way out")
    func unfenced() async throws {
        try await Stage.withPair { stage in
            try stage.edit("manifests/group.yaml", #"fence: {denyWrites: ["User:*"], quiet: 500ms}"#, "")
            let outcome = try await stage.move(to: "east", from: "west")
            #expect(outcome.code == 4, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("fence.denyWrites"), "\(outcome.output)")
        }
    }
}

extension Stage {
    /// Where a list of mirrors tells of a partition of a topic that has records.
    fileprivate func position(ofMirror topic: String, on cluster: String) async throws -> (row: Int, partition: Int) {
        let rows = try await http.get("\(try await kafka(cluster))/links/-/mirrors")["data"].array
        let row = try #require(rows.firstIndex { $0["mirror_topic_name"].string == topic })
        let lags = rows[row]["mirror_lags"].array
        let partition = try #require(lags.firstIndex { $0["last_source_fetch_offset"].int ?? -1 > 0 })
        return (row, partition)
    }
}
