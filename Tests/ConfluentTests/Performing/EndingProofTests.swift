import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

@Suite struct EndingProofTests {
    private static let topics = #"[{"name":"orders"},{"name":"bills"}]"#
    private static let records = "/kafka/v3/clusters/lkc-east/topics/orders/records"

    private func proof(_ topics: String...) -> StepAction {
        .move(.confirmHolder(HolderProof(holder: "east", topics: topics, member: "west", bindings: [], epoch: 1)))
    }

    @Test("A holder is confirmed when it has every topic as an ordinary one; else those it lacks are named")
    func confirm() async throws {
        try await Rig.stepped(topics: Self.topics) { rig, _ in
            try await rig.mirror(["orders", "bills"])
            try await rig.perform(.move(.endMirrors(.failover, Estate.linked(["orders"]))))
            try await rig.perform(proof("orders"))
            let failure = await rig.failure(of: proof("orders", "bills", "lost"))
            #expect(failure?.kind == .conflict)
            #expect(
                failure?.message
                    == "east does not serve what west would lose: lost is not there, "
                    + "bills is a mirror (ACTIVE on west-east)")
            try await rig.setRegion("east", "down")
            #expect(await rig.failure(of: proof("orders"))?.kind == .unreachable)
        }
    }

    @Test("A canary waits until the topic takes records, and gives up after half a minute")
    func canary() async throws {
        try await Rig.stepped(topics: Self.topics) { rig, time in
            try await rig.mirror(["orders"])
            let canary = StepAction.move(.writeCanary(CanaryRecord(cluster: "east", topic: "orders")))
            let start = time.now
            let failure = await rig.failure(of: canary)
            #expect(failure?.kind == .rejected)
            #expect(failure?.message.contains("Cannot append records to read-only mirror topic") == true)
            #expect(time.now - start >= .seconds(30))
            try await rig.perform(.move(.endMirrors(.failover, Estate.linked(["orders"]))), canary)
            try await rig.spoil(
                "east/kafka", path: Self.records,
                #""effect":"status","status":403,"count":3,"body":{"error_code":40301,"message":"Not authorized"}"#)
            try await rig.perform(canary)
        }
    }

    @Test(
        "A record that is written to the source has to be seen to arrive, and a link that carries nothing is found out")
    func crossing() async throws {
        try await Rig.stepped(topics: Self.topics) { rig, _ in
            try await rig.mirror(["orders"])
            let crossing = StepAction.move(
                .writeCanary(
                    CanaryRecord(cluster: "west", topic: "orders", seenOn: Estate.linked(["orders"]))))
            try await rig.perform(crossing, crossing)
            try await rig.perform(
                .kafka(.pauseMirrors(LinkedMirrors(cluster: "east", link: "west-east", topics: ["orders"]))))
            let paused = await rig.limited().failure(of: crossing)
            #expect(paused?.kind == .timeout)
            #expect(paused?.message.contains("nothing arrives over west-east") == true, "\(String(describing: paused))")
            try await rig.perform(.move(.endMirrors(.failover, Estate.linked(["orders"]))))
            #expect(await rig.limited().failure(of: crossing)?.message.contains("does not follow its source") == true)
        }
    }

    @Test("An answer that does not say whether the record was written is no record that was written")
    func silentSuccess() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.perform(Estate.topic("orders", on: "east"))
            try await rig.spoil("east/kafka", path: Self.records, #""effect":"status","status":200,"body":{}"#)
            let failure = await rig.failure(of: .move(.writeCanary(CanaryRecord(cluster: "east", topic: "orders"))))
            #expect(failure?.kind == .broken)
        }
    }

    @Test("An error code inside an answer with status 200 is a failure")
    func errorInsideSuccess() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.perform(Estate.topic("orders", on: "east"))
            try await rig.spoil(
                "east/kafka", path: Self.records,
                #""effect":"status","status":200,"body":{"error_code":42206,"message":"Schema validation failed"}"#)
            let failure = await rig.failure(of: .move(.writeCanary(CanaryRecord(cluster: "east", topic: "orders"))))
            #expect(failure?.kind == .rejected)
            #expect(failure?.message.contains("Schema validation failed") == true)
        }
    }
}
