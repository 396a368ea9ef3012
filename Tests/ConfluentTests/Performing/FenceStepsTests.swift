import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

@Suite struct FenceStepsTests {
    private static let entries = FenceEntries(
        cluster: "west", bindings: ["orders", "bills"].map { .denyWrites(to: $0, by: "User:*") })
    private static let proof = FenceProof(
        entries: FenceEntries(cluster: "west", bindings: [.denyWrites(to: "orders", by: "User:*")]),
        mirrors: [Estate.linked(["orders"])], quiet: .seconds(5))

    /// The entries that deny writes on `west`, as observing tells.
    private func denials(_ rig: Rig) async throws -> Set<ACLBinding>? {
        var scope = ObservationScope(rig.workspace, recorded: Recorded())
        scope.denials = ["west"]
        let observer = ConfluentObserver(secrets: rig.secrets, transport: rig.transport, stores: NoStores())
        let observation = await observer.observe(scope, of: rig.workspace, recorded: Recorded())
        #expect(observation.clusters["east"]?.snapshot?.denials == nil)
        return try #require(observation.clusters["west"]?.snapshot).denials
    }

    @Test("A fence is written and removed as often as asked, and nothing beside it is touched")
    func exactEntries() async throws {
        try await Rig.stepped(topics: #"[{"name":"orders"}]"#) { rig, _ in
            let foreign = FenceEntries(
                cluster: "west",
                bindings: [
                    .denyWrites(to: "orders", by: "User:other"),
                    ACLBinding(
                        resourceType: "TOPIC", resourceName: "orders", patternType: "PREFIXED", principal: "User:*",
                        operation: "WRITE", permission: "DENY"),
                ])
            #expect(try await denials(rig) == [])
            try await rig.perform(.move(.fence(foreign)), .move(.fence(Self.entries)), .move(.fence(Self.entries)))
            #expect(try await denials(rig) == Set(foreign.bindings + Self.entries.bindings))
            try await rig.perform(.move(.unfence(Self.entries)), .move(.unfence(Self.entries)))
            #expect(try await denials(rig) == Set(foreign.bindings))
        }
    }

    @Test("A service without batches gets the entries one by one, and those that exist are no failure")
    func withoutBatches() async throws {
        try await Rig.stepped { rig, _ in
            let acls = "/kafka/v3/clusters/lkc-west/acls"
            try await rig.spoil("west/kafka", path: acls + ":batch", #""effect":"status","status":405"#)
            try await rig.perform(.move(.fence(Self.entries)))
            #expect(try await denials(rig) == Set(Self.entries.bindings))
            try await rig.spoil("west/kafka", path: acls, #""method":"POST","effect":"status","status":409"#)
            try await rig.perform(.move(.fence(Self.entries)))
        }
    }

    @Test("Five hundred entries take three calls, and are all there")
    func manyEntries() async throws {
        try await Rig.stepped { rig, _ in
            let names = Estate.names(500)
            let before = rig.transport.requestCount
            try await rig.perform(
                .move(
                    .fence(FenceEntries(cluster: "west", bindings: names.map { .denyWrites(to: $0, by: "User:sa-1") })))
            )
            #expect(rig.transport.requestCount - before < 12)
            #expect(try await denials(rig)?.count == 500)
        }
    }

    @Test("Entries that may not be read leave the rest of the cluster's snapshot as it is")
    func unreadable() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.spoil(
                "west/kafka", path: "/kafka/v3/clusters/lkc-west/acls",
                #""effect":"status","status":403,"body":{"error_code":40301,"message":"Cluster authorization failed"}"#)
            #expect(try await denials(rig) == nil)
        }
    }

    @Test(
        "A fence is proven when the source's offsets have stood still for the quiet time, counted from the last record")
    func quietTime() async throws {
        try await Rig.stepped(topics: #"[{"name":"orders","partitions":2,"records":10}]"#) { rig, time in
            try await rig.mirror(["orders"])
            try await rig.perform(.move(.fence(Self.proof.entries)))
            let start = time.now
            time.meanwhile { now in
                if now - start < .seconds(8) { try await rig.produce(1, to: "orders") }
            }
            try await rig.perform(.move(.verifyFence(Self.proof)))
            #expect(time.now - start > .seconds(12))
            #expect(time.now - start < .seconds(18))
        }
    }

    @Test("A fence that does not hold names the partitions that still grow")
    func growing() async throws {
        try await Rig.stepped(topics: #"[{"name":"orders","partitions":2,"records":10}]"#) { rig, time in
            try await rig.mirror(["orders"])
            try await rig.perform(.move(.fence(Self.proof.entries)))
            time.meanwhile { _ in try await rig.produce(1, to: "orders", partition: 1) }
            let failure = await rig.limited().failure(of: .move(.verifyFence(Self.proof)))
            #expect(failure?.kind == .timeout)
            #expect(
                failure?.message
                    == "waited 20s for the source's offsets to stand still for 5s; still growing: orders/1")
        }
    }

    @Test(
        "A fence that is listed and does not bind is found out with an application's own key, and nothing is lost by it"
    )
    func attempts() async throws {
        try await Rig.stepped(topics: #"[{"name":"orders"},{"name":"canary"}]"#) { rig, time in
            var rig = rig
            try await rig.mirror(["orders", "canary"])
            try await rig.administer(
                .post, "/estate",
                #"{"keys":[{"id":"APP","secret":"app-secret","resource":"lkc-west","owner":"sa-app"}]}"#)
            rig.secrets.values.merge(["APP": "APP", "APP_SECRET": "app-secret"]) { $1 }
            var binding = ClientBindingSpec(metadata: Metadata(name: "checkout"), target: .cluster("west"))
            binding.credentials["west"] = ClientBindingSpec.SiteCredentials(
                kafka: Credentials(signIn: .apiKey(key: .environment("APP"), secret: .environment("APP_SECRET"))))
            rig.workspace.clientBindings["checkout"] = binding
            let topics = ["orders", "canary"]
            let proof = FenceProof(
                entries: FenceEntries(cluster: "west", bindings: topics.map { .denyWrites(to: $0, by: "User:*") }),
                mirrors: [Estate.linked(topics)], quiet: .seconds(5),
                attempts: [FenceProof.Attempt(binding: "checkout", topic: "canary")])
            try await rig.administer(.put, "/lies", #"{"aclsNotEnforced": true}"#)
            try await rig.perform(.move(.fence(proof.entries)))
            let start = time.now
            let failure = await rig.failure(of: .move(.verifyFence(proof)))
            #expect(failure?.kind == .rejected)
            #expect(failure?.message.contains("canary on west still takes records of checkout") == true)
            #expect(time.now - start >= .seconds(30))
            #expect(failure?.message.contains("app-secret") == false)
            try await rig.administer(.delete, "/lies", "{}")
            try await rig.perform(.move(.verifyFence(proof)))
            rig.secrets.values["APP_SECRET"] = "another"
            try await rig.perform(.move(.verifyFence(proof)))
        }
    }

    @Test("Entries that somebody removed, and a mirror that does not follow, are told and prove nothing")
    func noProof() async throws {
        try await Rig.stepped(topics: #"[{"name":"orders"}]"#) { rig, _ in
            try await rig.mirror(["orders"])
            let open = await rig.failure(of: .move(.verifyFence(Self.proof)))
            #expect(open?.message.hasSuffix("missing: User:* on orders") == true)
            try await rig.perform(
                .move(.fence(Self.proof.entries)),
                .kafka(.pauseMirrors(LinkedMirrors(cluster: "east", link: "west-east", topics: ["orders"]))))
            let paused = await rig.limited().failure(of: .move(.verifyFence(Self.proof)))
            #expect(paused?.message.hasSuffix("not fetching, so that nothing is known: orders PAUSED") == true)
            try await rig.perform(.move(.endMirrors(.failover, Estate.linked(["orders"]))))
            #expect(await rig.failure(of: .move(.verifyFence(Self.proof)))?.kind == .conflict)
        }
    }
}
