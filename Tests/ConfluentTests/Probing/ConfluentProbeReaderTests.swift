import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

@Suite struct ConfluentProbeReaderTests {
    private static let topics = #"[{"name":"orders","partitions":2},{"name":"bills"}]"#
    private static let mirrors = Estate.linked(["orders", "bills"])

    private func answer(_ rig: Rig, _ probe: Probe) async -> ProbeAnswer? {
        await rig.probes.answer([probe])[probe]
    }

    @Test("A verb is checked topic by topic, and nothing changes")
    func ending() async throws {
        try await Rig.stepped(topics: Self.topics) { rig, _ in
            try await rig.mirror(["orders", "bills"])
            #expect(await answer(rig, .promotion(.promote, Self.mirrors)) == .refusals([:]))
            try await rig.perform(.move(.endMirrors(.failover, Estate.linked(["bills"]))))
            try await rig.isolate("west")
            guard case .refusals(let refusals)? = await answer(rig, .promotion(.promote, Self.mirrors)) else {
                Issue.record("expected refusals")
                return
            }
            #expect(Set(refusals.keys) == ["orders", "bills"])
            #expect(refusals["orders"]?.contains("the source cluster cannot be reached") == true)
            #expect(refusals["bills"]?.contains("already stopped") == true)
            #expect(await answer(rig, .promotion(.failover, Estate.linked(["orders"]))) == .refusals([:]))
            #expect(try await rig.statuses()["orders"] == .active)
        }
    }

    @Test("A topic is checked without being made, and what would be refused is told in the service's words")
    func topics() async throws {
        try await Rig.stepped(topics: Self.topics) { rig, _ in
            func creation(_ configs: ConfigChange...) -> Probe {
                .topicCreation(
                    TopicCreation(
                        cluster: "west", topic: "new", partitions: 3, replicationFactor: nil, configs: configs))
            }
            #expect(await answer(rig, creation(ConfigChange("retention.ms", "1000"))) == .verdict(refused: nil))
            guard
                case .verdict(let refused?)? = await answer(
                    rig, creation(ConfigChange("max.message.bytes", "99999999")))
            else {
                Issue.record("expected a refusal")
                return
            }
            #expect(refused.contains("exceeded max limit"))
            let change = Probe.topicAlteration(
                cluster: "west", topic: "orders", changes: [ConfigChange("retention.ms", "5")])
            #expect(await answer(rig, change) == .verdict(refused: nil))
            let west = try await rig.kafka("west")
            #expect(west.topics["new"] == nil && west.configs["orders"]?["retention.ms"] == nil)
        }
    }

    @Test("A truncation is previewed with its number of records; what the server cannot tell is unknown")
    func truncation() async throws {
        try await Rig.stepped(topics: Self.topics) { rig, _ in
            try await rig.mirrorOverPair(["orders", "bills"])
            try await rig.produce(10, to: "orders")
            try await rig.advance(by: .seconds(1))
            try await rig.perform(.move(.endMirrors(.failover, Estate.linked(["orders"], link: "pair"))))
            try await rig.produce(5, to: "orders")
            try await rig.produce(2, to: "orders", partition: 1)
            let probe = Probe.truncation(Estate.linked(["orders", "bills"], link: "pair", on: "west"))
            func preview() async throws -> (records: [String: Int64?], refused: [String: String]) {
                guard case .truncation(let records, let refused)? = await answer(rig, probe) else {
                    throw Unexpected()
                }
                return (records, refused)
            }
            let known = try await preview()
            #expect(known.records == ["orders": 7])
            #expect(known.refused.keys.sorted() == ["bills"])
            try await rig.spoil(
                "west/kafka", path: "/kafka/v3/clusters/lkc-west/links/pair/mirrors:truncate-and-restore",
                #""effect":"status","status":200,"body":{"data":[{"mirror_topic_name":"orders","error_code":null,"#
                    + #""messages_truncated":-1}]}"#)
            let unknown = try await preview()
            #expect(unknown.records == ["orders": nil])
            #expect(unknown.refused == ["bills": "the service did not answer for it"])
            #expect(try await rig.kafka("west").mirrors.isEmpty)
        }
    }

    @Test("Where logs end is read from the lags of consumer groups, each partition from whichever has it")
    func ends() async throws {
        try await Rig.stepped(topics: Self.topics) { rig, _ in
            try await rig.produce(7, to: "orders")
            try await rig.administer(
                .post, "/estate",
                """
                {"clusters": [{"id": "lkc-west", "kind": "Dedicated", "region": "west", "groups": [
                  {"id": "a b", "offsets": [{"topic": "orders", "partition": 0, "offset": 2},
                                            {"topic": "bills", "partition": 0, "offset": 0}]},
                  {"id": "c", "offsets": [{"topic": "orders", "partition": 0, "offset": 7},
                                          {"topic": "orders", "partition": 1, "offset": 0}]}]}]}
                """)
            #expect(await answer(rig, .ends(cluster: "west", topics: ["orders"])) == .ends(["orders": [0: 7, 1: 0]]))
            #expect(await answer(rig, .ends(cluster: "east", topics: ["orders"])) == .ends([:]))
            try await rig.spoil(
                "west/kafka", path: "/kafka/v3/clusters/lkc-west/consumer-groups/",
                #""effect":"status","status":403,"body":{"error_code":40301,"message":"Dedicated clusters only"}"#)
            guard case .unanswered? = await answer(rig, .ends(cluster: "west", topics: ["orders"])) else {
                Issue.record("a refusal is no answer")
                return
            }
        }
    }

    private struct Unexpected: Error {}

    @Test("Versions of the selected subjects are read")
    func schemas() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.register("orders", field: 1, in: "west")
            try await rig.register(":.eu:bills", field: 2, in: "west")
            let probe = Probe.schemas(environment: "west", subjects: [":.eu:*"], includingDeleted: false)
            let bills = SchemaVersionID(subject: ":.eu:bills", version: 1, id: 100_001)
            #expect(await answer(rig, probe) == .schemas([bills]))
        }
    }

    @Test("Versions that are deleted softly are told to who asks for what is taken, and to nobody else")
    func deletedSchemas() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.register("orders", field: 1, in: "west")
            try await rig.deleteSoftly("orders", version: 1, in: "west")
            func probe(_ includingDeleted: Bool) -> Probe {
                .schemas(environment: "west", subjects: ["*"], includingDeleted: includingDeleted)
            }
            #expect(await answer(rig, probe(false)) == .schemas([]))
            let orders = SchemaVersionID(subject: "orders", version: 1, id: 100_001)
            #expect(await answer(rig, probe(true)) == .schemas([orders]))
        }
    }

    @Test("What several questions of a round need is read once, and each has its whole answer")
    func sharedReads() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.register("orders", field: 1, in: "west")
            let deleted = Probe.schemas(environment: "west", subjects: ["*"], includingDeleted: true)
            let held = Probe.schemas(environment: "west", subjects: ["*"], includingDeleted: false)
            let missing = Probe.missingSchemas(
                SchemaComparison(source: "west", destination: "east", subjects: ["*"]), renameFormat: "${subject}")
            func cost(of probes: [Probe]) async -> (requests: Int, answers: [Probe: ProbeAnswer]) {
                let before = rig.transport.requestCount
                let answers = await rig.probes.answer(probes)
                return (rig.transport.requestCount - before, answers)
            }
            let apart = [await cost(of: [held]), await cost(of: [missing]), await cost(of: [deleted])]
            let together = await cost(of: [held, missing, deleted])
            #expect(together.answers == apart.reduce(into: [:]) { $0.merge($1.answers) { $1 } })
            #expect(together.requests == apart[1].requests + apart[2].requests, "west's versions are read once")
            #expect(apart[0].requests > 0)
        }
    }

    @Test("Movement tells a living source from a dead one, and from one that only this machine cannot reach")
    func movement() async throws {
        try await Rig.stepped(topics: Self.topics) { rig, time in
            try await rig.mirror(["orders", "bills"])
            let probe = Probe.movement(Self.mirrors, source: "west")
            #expect(await answer(rig, probe) == .movement(offsetsAdvanced: false, source: .usable))
            time.meanwhile { _ in
                try await rig.produce(1, to: "orders", partition: 1)
                try await rig.advance(by: .milliseconds(200))
            }
            try await rig.administer(
                .put, RequestPath("/regions/west"), #"{"state":"down","vantage":"runner"}"#)
            #expect(await answer(rig, probe) == .movement(offsetsAdvanced: true, source: .silent))
            try await rig.setRegion("west", "down")
            time.meanwhile { _ in }
            #expect(await answer(rig, probe) == .movement(offsetsAdvanced: false, source: .silent))
        }
    }

    @Test(
        "A source that throttles is alive; one that answers what cannot be used is watched, and what moves meanwhile counts"
    )
    func doubt() async throws {
        try await Rig.stepped(topics: Self.topics) { rig, time in
            try await rig.mirror(["orders", "bills"])
            let probe = Probe.movement(Self.mirrors, source: "west")
            try await rig.spoil("west/kafka", path: "/kafka", #""effect":"status","status":429,"body":{}"#)
            guard case .movement(_, .throttled) = await answer(rig, probe) else {
                Issue.record("a source that throttles is not told")
                return
            }
            try await rig.removeFaults()
            try await rig.spoil("west/kafka", path: "/kafka", #""effect":"status","status":503,"body":{}"#)
            guard case .movement(false, .unusable) = await answer(rig, probe) else {
                Issue.record("a source that answers 503 is not in doubt")
                return
            }
            time.meanwhile { _ in
                try await rig.produce(1, to: "orders", partition: 1)
                try await rig.advance(by: .milliseconds(200))
            }
            guard case .movement(true, _) = await answer(rig, probe) else {
                Issue.record("records that arrive are not told")
                return
            }
        }
    }

    @Test("What cannot be asked is unanswered in words, each probe by itself")
    func unanswered() async throws {
        try await Rig.stepped(topics: Self.topics) { rig, _ in
            try await rig.mirrorOverPair(["orders", "bills"])
            try await rig.spoil(
                "west/kafka", path: "/kafka/v3/clusters/lkc-west/links/pair/mirrors:",
                #""effect":"status","status":403,"body":{"error_code":40301,"message":"Not authorized"}"#)
            var limited = rig.patient(for: .seconds(60))
            limited.secrets.values["OTHER"] = "not-the-secret"
            limited.workspace.clusters["east"]?.credentials = Credentials(
                signIn: .apiKey(key: .environment("KEY"), secret: .environment("OTHER")))
            limited.workspace.environments["east"]?.schemaRegistry.credentials = Credentials(
                signIn: .apiKey(key: .environment("MISSING"), secret: .environment("SECRET")))
            let mirrors = Estate.linked(["orders"], link: "pair", on: "west")
            let probes: [Probe] = [
                .promotion(.failover, mirrors), .truncation(mirrors),
                .schemas(environment: "east", subjects: ["*"], includingDeleted: false),
                .movement(Self.mirrors, source: "west"),
                .promotion(.failover, LinkedMirrors(cluster: "nowhere", link: "pair", topics: ["orders"])),
            ]
            let answers = await limited.probes.answer(probes + probes)
            let words = probes.map { probe -> String in
                if case .unanswered(let words)? = answers[probe] { words } else { "answered" }
            }
            #expect(words[0] == "server check not permitted")
            #expect(words[1] == "server check not permitted")
            #expect(words[2].hasPrefix("waits for credentials: "))
            #expect(words[3].hasPrefix("denied: GET http://"))
            #expect(words[3].contains("/links/-/mirrors: HTTP 401"))
            #expect(words[4] == "unreachable: nowhere: the REST endpoint of cluster nowhere is not known")
        }
    }

    @Test("An endpoint that never answers is not waited for longer than its time of silence")
    func blackHole() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.setRegion("west", "blackhole")
            let probe = Probe.schemas(environment: "west", subjects: ["*"], includingDeleted: false)
            guard case .unanswered(let words)? = await answer(rig.patient(for: .seconds(1)), probe) else {
                Issue.record("expected no answer")
                return
            }
            #expect(words.hasPrefix("unreachable: "))
        }
    }
}

extension Rig {
    var probes: ConfluentProbeReader {
        ConfluentProbeReader(
            workspace: workspace, secrets: secrets, directory: directory, transport: transport, pacing: pacing)
    }
}
