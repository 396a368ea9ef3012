import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Unplanned failovers, end to end")
struct FailoverTests {
    static let consent = "failover: {from: west, incident: INC-7}"

    @Test(
        "the survivor takes over while the old region and the control plane are silent, without its credentials",
        arguments: ["down", "blackhole"])
    func takeOver(state: String) async throws {
        try await Stage.withPair(.init(unreachableAfter: state == "down" ? "12s" : "4s")) { stage in
            try await stage.lagIsKnown()
            try await stage.set("us-west-2", state)
            try await stage.set("control", state)
            try stage.declare(Self.consent)
            var stage = stage
            stage.spillway.environment["CHECKOUT_WEST_KEY"] = nil
            stage.spillway.environment["CHECKOUT_WEST_SECRET"] = nil
            for (site, region) in [("prod-west", ""), ("west", ", spec: {environment: prod-west, region: us-west-2}")] {
                let credentials = "credentials: {apiKey: {env: NOT_HERE}, apiSecret: {env: NOT_HERE}}"
                let own =
                    region.isEmpty
                    ? ", spec: {schemaRegistry: {\(credentials)}}" : region.dropLast() + ", \(credentials)}"
                try stage.edit(
                    "manifests/sites.yaml", "{metadata: {name: \(site)}\(region)}", "{metadata: {name: \(site)}\(own)}")
            }
            let outcome = try await stage.move(to: "east", from: "west")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            try await stage.set("control", "up")
            #expect(try stage.read("out/checkout.properties").contains("primary=east epoch=1"))
            #expect(try await stage.mode(in: "us-east-1") == "READWRITE")
            #expect(try await stage.mirrors(on: "east").values.allSatisfy { $0 == ["STOPPED"] })
            #expect(try await stage.records(of: "payments.ledger", on: "east") == 50)
        }
    }

    @Test("what the old region kept is destroyed by nobody without its token, and then becomes a mirror again")
    func failForward() async throws {
        try await Stage.withPair(.init(isDedicated: true)) { stage in
            try await Self.failOver(stage)
            try await stage.produceDuringTheOutage()
            try await stage.set("us-west-2", "up")
            let fenced = try await stage.spillway("apply", "--auto-approve")
            #expect(fenced.code == 3, "\(fenced.output)\(fenced.diagnostics)")
            #expect(try await stage.denials(on: "west") == 12)
            #expect(try await stage.mode(in: "us-west-2") == "READONLY")
            #expect(try await stage.mirrors(on: "west").isEmpty)
            let plan = try await stage.spillway("plan", "-o", "json")
            let token = try #require(plan.output.firstMatch(of: /west@1-[0-9a-f]+/).map { String($0.0) })
            #expect(plan.output.contains("at least 3 records that only west holds"), "\(plan.output)")
            try stage.declare("discard: [\(token)]")
            let outcome = try await stage.spillway("apply", "--auto-approve")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            try await stage.expectGivenUp(token, "at least 3 records that nobody else has", #""isLowerBound" : true"#)
            try await stage.replicated("payments.ledger", to: "west")
            #expect(try await stage.records(of: "payments.ledger", on: "west") == 55)
            try await stage.expectSettled(primary: "east", standby: "west")
            let back = try await stage.move(to: "west", from: "east")
            #expect(back.code == 0, "\(back.output)\(back.diagnostics)")
            try await stage.expectSettled(primary: "west", standby: "east")
        }
    }

    @Test("bidirectional copies are truncated to where the survivor went on, after a preview of what that costs")
    func restore() async throws {
        try await Stage.withPair(.init(reprotect: "Restore", isBidirectional: true)) { stage in
            try await Self.failOver(stage)
            try await stage.produceDuringTheOutage()
            try await stage.set("us-west-2", "up")
            #expect(try await stage.spillway("apply", "--auto-approve").code == 3)
            let plan = try await stage.spillway("plan", "-o", "json")
            let token = try #require(plan.output.firstMatch(of: /west@1-[0-9a-f]+/).map { String($0.0) })
            try stage.declare("discard: [\(token)]")
            #expect(plan.output.contains("\"3 records that only west holds"), "\(plan.output)")
            let outcome = try await stage.spillway("apply", "--auto-approve")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            try await stage.expectGivenUp(token, ": 3 records that nobody else has", #""isLowerBound" : false"#)
            try await stage.replicated("payments.ledger", to: "west")
            #expect(try await stage.records(of: "payments.ledger", on: "west") == 55)
            try await stage.expectSettled(primary: "east", standby: "west")
        }
    }

    @Test("a live primary is not failed over: the gate says so, and offers the switchover")
    func alive() async throws {
        try await Stage.withPair { stage in
            try stage.declare(Self.consent)
            let outcome = try await stage.move(to: "east", from: "west")
            #expect(outcome.code == 4, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("is alive"), "\(outcome.output)")
            #expect(try await stage.mirrors(on: "east").values.allSatisfy { $0 == ["ACTIVE"] })
        }
    }

    @Test("without consent a silent primary is waited for, and the way out is named")
    func noConsent() async throws {
        try await Stage.withPair { stage in
            try await stage.set("us-west-2", "down")
            let outcome = try await stage.move(to: "east", from: "west")
            #expect(outcome.code == 4, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("failover: {from: west"), "\(outcome.output)")
        }
    }

    @Test("a failover that was made by hand is found, and its bindings follow")
    func byHand() async throws {
        try await Stage.withPair { stage in
            try await stage.set("us-west-2", "down")
            let east = try await stage.kafka("east")
            let topics = try await stage.mirrors(on: "east").keys.map { "\"\($0)\"" }.joined(separator: ",")
            try await stage.http.send(
                "POST", "\(east)/links/payments-west-east/mirrors:failover", #"{"mirror_topic_names": [\#(topics)]}"#)
            try await eventually {
                try await stage.mirrors(on: "east").values.allSatisfy { $0 == ["STOPPED"] } ? () : nil
            }
            try stage.declare("failover: {from: west, incident: INC-7, overrides: [Loss]}")
            let outcome = try await stage.move(to: "east", from: "west")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("primary=east epoch=1"))
        }
    }

    static func failOver(_ stage: Stage) async throws {
        try await stage.set("us-west-2", "down")
        try stage.declare(consent)
        let outcome = try await stage.move(to: "east", from: "west")
        #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
    }
}

extension Stage {
    /// Five records on the new primary, and three on the old one that nobody else has.
    fileprivate func produceDuringTheOutage() async throws {
        try await produce(to: "payments.ledger", on: "east", 5)
        try await produce(to: "payments.ledger", on: "west", 3)
        let places = (0..<12).map { #"{"topic": "payments.ledger", "partition": \#($0), "offset": 0}"# }
        try await http.send(
            "POST", "\(endpoints.admin)/estate",
            """
            {"clusters": [{"id": "\(try await clusterID("west"))", "kind": "Dedicated", "region": "us-west-2", "groups": [
              {"id": "ledger-readers", "state": "EMPTY", "offsets": [\(places.joined(separator: ", "))]}]}]}
            """)
    }

    /// The newest run tells what a consent gave up.
    fileprivate func expectGivenUp(_ token: String, _ words: String, _ json: String) async throws {
        let listed = try await spillway("runs", "-o", "json")
        let runs = try JSONValue(parsing: listed.output)
        let id = try #require(runs.array.first?["id"].string)
        let text = try await spillway("runs", "show", id).output
        #expect(text.contains("by the consent \(token)") && text.contains(words), "\(text)")
        let document = try await spillway("runs", "show", id, "-o", "json").output
        #expect(document.contains(token) && document.contains(json), "\(document)")
    }
}
