import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

@Suite struct MirrorStepsTests {
    @Test("Mirrors are ACTIVE when the step returns, pause and resume when asked, and may be asked twice")
    func lifecycle() async throws {
        try await Rig.seeded(topics: #"[{"name":"orders-","count":3,"partitions":1}]"#) { rig in
            let topics = ["orders-000000", "orders-000001", "orders-000002"]
            try await rig.perform(Estate.link())
            for topic in topics { try await rig.perform(Estate.mirror(topic), Estate.mirror(topic)) }
            func statuses() async throws -> [MirrorStatus] { try await rig.kafka("east").mirrors.map(\.status) }
            #expect(try await statuses() == [.active, .active, .active])
            try await rig.perform(
                .kafka(
                    .pauseMirrors(LinkedMirrors(cluster: "east", link: "west-east", topics: Array(topics.prefix(2))))),
                .kafka(
                    .pauseMirrors(LinkedMirrors(cluster: "east", link: "west-east", topics: Array(topics.prefix(2))))))
            #expect(try await statuses() == [.paused, .paused, .active])
            try await rig.perform(
                .kafka(.resumeMirrors(LinkedMirrors(cluster: "east", link: "west-east", topics: topics))))
            #expect(try await statuses() == [.active, .active, .active])
        }
    }

    @Test("A topic of that name that is no mirror is rejected in the service's words, not waited for")
    func ordinaryTopic() async throws {
        try await Rig.seeded(topics: #"[{"name":"orders"}]"#) { rig in
            try await rig.perform(Estate.link(), Estate.topic("orders", on: "east"))
            let failure = await rig.failure(of: Estate.mirror("orders"))
            #expect(failure?.kind == .rejected)
            #expect(failure?.message.contains("already exists") == true)
        }
    }

    @Test("A mirror that is asked for while its link is still settling is created all the same")
    func settlingLink() async throws {
        try await Rig.seeded(topics: #"[{"name":"orders"}]"#) { rig in
            try await rig.perform(Estate.link())
            try await rig.spoil(
                "east/kafka", path: "/kafka/v3/clusters/lkc-east/links/west-east/mirrors",
                #""method":"POST","effect":"status","status":404,"count":2,"#
                    + #""body":{"error_code":404,"message":"Unable to resolve cluster link information for west-east"}"#
            )
            try await rig.perform(Estate.mirror("orders"))
            #expect(try await rig.kafka("east").mirrors.map(\.status) == [.active])
        }
    }

    @Test("Two hundred mirrors that are waited for at once share their list requests")
    func sharedPoller() async throws {
        try await Rig.seeded(topics: #"[{"name":"t","count":201,"partitions":1}]"#) { rig in
            // The first mirror waits until a new link is known everywhere, which costs requests of its own.
            try await rig.perform(Estate.link(), Estate.mirror("t000200"))
            let performer = rig.performer
            let before = rig.transport.requestCount
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    let digits = String(number)
                    let topic = "t" + String(repeating: "0", count: 6 - digits.count) + digits
                    group.addTask {
                        try await performer.perform(
                            Step("create", ResourceAddress(.mirror, in: "east", topic), Estate.mirror(topic)))
                    }
                }
                try await group.waitForAll()
            }
            let requests = rig.transport.requestCount - before
            #expect(requests < 200 + 100)
            #expect(try await rig.kafka("east").mirrors.count == 201)
        }
    }
}
