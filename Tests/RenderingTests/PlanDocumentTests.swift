import Domain
import FoundationEssentials
import Planning
import Rendering
import TestSupport
import Testing

@Suite struct PlanDocumentTests {
    /// One of every action that moves a primary.
    private static let moveActions: [StepAction] = [
        .move(.fence(FenceEntries(cluster: "west", bindings: MoveSamples.denials))),
        .move(.unfence(FenceEntries(cluster: "west", bindings: []))),
        .move(
            .verifyFence(
                FenceProof(
                    entries: FenceEntries(cluster: "west", bindings: Array(MoveSamples.denials.prefix(1))),
                    mirrors: [MoveSamples.mirrors], quiet: .milliseconds(1_500),
                    attempts: [FenceProof.Attempt(binding: "checkout", topic: "payments.canary")]))),
        .move(.drain(MoveSamples.mirrors)), .move(.endMirrors(.promote, MoveSamples.mirrors)),
        .move(.endMirrors(.failover, MoveSamples.mirrors)), .move(.endMirrors(.reverse, MoveSamples.mirrors)),
        .move(.restoreMirrors(MoveSamples.mirrors)), .move(.awaitMirrors(MoveSamples.mirrors)),
        .move(.detachLink(LinkReference(cluster: "east", link: "l"))),
        .registry(.awaitSchemas(SchemaComparison(source: "a", destination: "b", subjects: ["*"]))),
        .registry(
            .deleteSchemas(
                SchemaDeletion(environment: "a", versions: [SchemaVersionID(subject: "s", version: 1, id: 2)]))),
        .move(.writeCanary(CanaryRecord(cluster: "east", topic: "orders"))),
        .move(.writeCanary(CanaryRecord(cluster: "west", topic: "orders", seenOn: MoveSamples.mirrors))),
        .move(
            .confirmHolder(
                HolderProof(
                    holder: "east", topics: ["orders"], member: "west", bindings: [ResourceAddress(.binding, "b/0")],
                    epoch: 4))),
        .hook(.runHook(HookCall(binding: "b", hookIndex: 1, cluster: "east", group: "g", generation: 3))),
        .ledger(.record),
    ]

    /// One step of every action, with everything the ledger can learn.
    static let steps: [Step] = {
        let address = Samples.topic("orders")
        let settings = SchemaSettings(subjects: ["*"])
        let exporter = ExporterDefinition(
            environment: "prod-west", exporter: "copy", destination: "prod-east", contextType: .custom, context: "x",
            settings: settings)
        var cluster = ClusterSpec(metadata: Metadata(name: "west"), type: .dedicated)
        cluster.environment = "prod-west"
        cluster.cloud = "AWS"
        cluster.region = "eu-west-1"
        cluster.availability = .multiZone
        cluster.cku = 2
        var update = ClusterUpdate(cluster: "west")
        update.cku = 3
        var actions: [StepAction] =
            [
                .cloud(
                    .createEnvironment(EnvironmentCreation(environment: "e", displayName: "E", governance: .advanced))),
                .cloud(.updateEnvironment(EnvironmentUpdate(environment: "e", displayName: "F", governance: nil))),
                .cloud(.deleteEnvironment(EnvironmentReference(environment: "e"))), .cloud(.updateCluster(update)),
                .cloud(.deleteCluster(ClusterReference(cluster: "west"))),
                .cloud(.awaitRegistry(EnvironmentReference(environment: "e"))),
                .kafka(
                    .createTopic(
                        TopicCreation(
                            cluster: "west", topic: "orders", partitions: 6, replicationFactor: nil,
                            configs: [ConfigChange("retention.ms", "1")]))),
                .kafka(.growTopic(TopicGrowth(cluster: "west", topic: "orders", partitions: 12))),
                .kafka(
                    .alterTopicConfigs(
                        TopicAlteration(
                            cluster: "west", topic: "orders", changes: [ConfigChange("cleanup.policy", nil)]))),
                .kafka(.deleteTopic(TopicReference(cluster: "west", topic: "orders"))),
                .kafka(
                    .createLink(
                        LinkCreation(
                            cluster: "east", link: "l", remote: "west", half: .inboundDestination,
                            configs: [ConfigChange("a", "b")], validates: true))),
                .kafka(
                    .alterLink(
                        LinkAlteration(
                            cluster: "east", link: "l", remote: "west", half: .bidirectional,
                            batches: [[ConfigChange("a", "b")], [ConfigChange("c", nil)]], renewsConnection: true))),
                .kafka(.deleteLink(LinkReference(cluster: "east", link: "l"))),
                .kafka(.createMirror(MirrorCreation(cluster: "east", link: "l", topic: "orders", source: "orders"))),
                .kafka(.pauseMirrors(LinkedMirrors(cluster: "east", link: "l", topics: ["a", "b"]))),
                .kafka(.resumeMirrors(LinkedMirrors(cluster: "east", link: "l", topics: ["a"]))),
                .registry(
                    .setRegistryMode(
                        RegistryModeSetting(
                            environment: "e", context: RegistryContext(".ctx"), mode: .import, force: true))),
                .registry(
                    .setRegistryMode(
                        RegistryModeSetting(environment: "e", context: .standard, mode: .forward, force: false))),
                .registry(.setCompatibility(CompatibilitySetting(environment: "e", level: .fullTransitive))),
                .registry(.createExporter(exporter)),
                .registry(.updateExporter(exporter)), .registry(.restartExporter(exporter)),
                .registry(.pauseExporter(ExporterReference(environment: "e", exporter: "copy"))),
                .registry(.resumeExporter(ExporterReference(environment: "e", exporter: "copy"))),
                .registry(.deleteExporter(ExporterReference(environment: "e", exporter: "copy"))),
                .binding(
                    .publish(
                        Publication(binding: "b", targetIndex: 1, cluster: "west", group: "g", epoch: 7, generation: 3))
                ),
                .binding(
                    .publish(
                        Publication(
                            binding: "b", targetIndex: 0, cluster: "west", group: nil, epoch: nil, generation: 1))),
                .binding(
                    .withdraw(
                        Withdrawal(
                            binding: "b", target: .file(FilePlace(path: "out/b", format: .json, contents: .all)),
                            keys: ["password"]))),
                .ledger(.adopt), .ledger(.release),
            ] + moveActions
        if let creation = ClusterCreation(cluster) { actions.insert(.cloud(.createCluster(creation)), at: 0) }
        let owned = Recorded.Owned(
            origin: .creating, deletionPolicy: .delete, applied: ["partitions": "6"], nativeID: "lkc-1", isDerived: true
        )
        var previous: [Step.ID] = []
        let effects: [Step.LedgerEffect] =
            [.own(owned), .disown, .none, .announced(generation: 3)]
            + MoveSamples.events.map { .move(family: "payments", $0) }
        return actions.enumerated().map { index, action in
            let ledger = effects[index % effects.count]
            let step = Step("step-\(index)", address, action, after: previous, ledger: ledger)
            previous = [step.id]
            return step
        }
    }()

    static var complete: Plan {
        var plan = Samples.mixed
        plan.steps = steps
        plan.refusals = Samples.refused.refusals
        plan.stores = [Plan.Store(ResourceAddress(.binding, "b/0"), ["properties.acks": "all", "epoch": "7"])]
        plan.groups += MoveSamples.returning.groups
        plan.moves = MoveSamples.failover.moves
        plan.decisions = MoveSamples.returning.decisions
        plan.ledgerRefresh = [Step("refresh", Samples.topic("audit"), .ledger(.adopt))]
        return plan
    }

    @Test("a plan survives the way through its document", arguments: Sample.allCases)
    func roundTrip(sample: Sample) throws {
        var plan = sample.plan
        if sample == .mixed { plan = Self.complete }
        let text = PlanDocument.encode(plan)
        #expect(try PlanDocument.decode(text) == plan)
        #expect(PlanDocument.encode(try PlanDocument.decode(text)) == text)
    }

    @Test("what changes nothing live is told beside the changes, and read back in its place")
    func guards() throws {
        let plan = Samples.plan {
            $0.changes = ["a", "b", "c"].map { name in
                Change(
                    .update, ResourceAddress(.topic, in: "west", name),
                    differences: [.init(name == "b" ? "metadata.protect" : "partitions", from: nil, to: "true")])
            }
        }
        let document = try JSONValue(parsing: PlanDocument.encode(plan))
        #expect(document["changes"].array.count == 2)
        #expect(document["guards"].array.map { $0["address"].string } == ["topic/west/b"])
        #expect(try PlanDocument.decode(PlanDocument.encode(plan)) == plan)
    }

    /// The name of an event in a document.
    static func type(of event: MoveEvent) -> String {
        let step = Step("x", MoveSamples.group, .ledger(.record), ledger: .move(family: "payments", event))
        let document = try? JSONValue(parsing: PlanDocument.encode(Samples.plan { $0.steps = [step] }))
        return document?["steps"].array.first?["ledger"]["event"]["type"].string ?? "none"
    }

    @Test("a document that an earlier version wrote, without moves, is read")
    func withoutMoves() throws {
        var text = PlanDocument.encode(Samples.first)
        for key in ["moves", "decisions"] {
            text = text.replacingOccurrence(of: "\"\(key)\" : [\n\n  ],\n  ", with: "")
        }
        #expect(!text.contains("\"moves\""))
        #expect(try PlanDocument.decode(text) == Samples.first)
    }

    @Test("no part of a document has an unnamed member")
    func members() {
        let text = PlanDocument.encode(Self.complete)
        #expect(!text.contains("\"_"))
        #expect(text.contains("\"quietMilliseconds\" : 1500"))
    }

    @Test("digests of saved plans know no rooms: an action is written as its own case")
    func digested() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        func text(_ action: StepAction) throws -> String { String(decoding: try encoder.encode(action), as: UTF8.self) }
        #expect(try text(.ledger(.record)) == #"{"record":{}}"#)
        #expect(
            try text(.move(.endMirrors(.promote, LinkedMirrors(cluster: "east", link: "l", topics: ["a"]))))
                == #"{"endMirrors":{"_0":"promote","_1":{"cluster":"east","link":"l","topics":["a"]}}}"#)
    }

    @Test("the document is as recorded")
    func golden() {
        GoldenFile("plan.json").expect(PlanDocument.encode(Self.complete, digest: "5d2e"))
    }

    @Test("a document of another major version is refused, one of a greater minor version is read")
    func versions() throws {
        let text = PlanDocument.encode(Samples.first)
        let newer = text.replacingOccurrence(of: "\"formatVersion\" : \"1.0\"", with: "\"formatVersion\" : \"2.0\"")
        #expect(throws: PlanDocument.Flaw.unsupportedVersion("2.0")) { try PlanDocument.decode(newer) }
        let minor = text.replacingOccurrence(
            of: "\"formatVersion\" : \"1.0\"", with: "\"formatVersion\" : \"1.9\", \"later\": {\"x\": [1]}")
        #expect(try PlanDocument.decode(minor).changes == Samples.first.changes)
    }

    @Test(
        "what is no plan is refused with the place",
        arguments: [
            ("nonsense", "it is not valid JSON"), ("[]", "the document has the wrong type"),
            ("{}", "formatVersion is missing"), ("{\"formatVersion\": \"x\"}", "formatVersion is 'x'"),
            ("{\"formatVersion\": \"1.0\"}", "toolVersion is missing"),
        ])
    func damaged(text: String, reason: String) {
        #expect(throws: PlanDocument.Flaw.damaged(reason)) { try PlanDocument.decode(text) }
    }

    @Test("a damaged part is named")
    func damagedPart() {
        let text = PlanDocument.encode(Samples.first)
        let moment = text.replacingOccurrence(of: "2026-09-24T12:03:07.250Z", with: "yesterday")
        #expect(throws: PlanDocument.Flaw.damaged("observedAt: 'yesterday' is not a moment in RFC 3339, UTC")) {
            try PlanDocument.decode(moment)
        }
        let verb = text.replacingOccurrence(of: "\"verb\" : \"adopt\"", with: "\"verb\" : \"explode\"")
        #expect {
            try PlanDocument.decode(verb)
        } throws: { error in
            guard case .damaged(let reason)? = error as? PlanDocument.Flaw else { return false }
            return reason.hasPrefix("steps[0].action.verb: ")
        }
        let stranger = text.replacingOccurrence(
            of: "\"id\" : \"topic/west/orders-1#create\"", with: "\"id\" : \"topic/west/other#create\"")
        #expect(
            throws: PlanDocument.Flaw.damaged(
                "steps[0].id: 'topic/west/other#create' is not a step of topic/west/orders-1")
        ) { try PlanDocument.decode(stranger) }
    }
}

extension String {
    /// The text with the first occurrence of another replaced.
    func replacingOccurrence(of part: String, with other: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        return replacingCharacters(in: range, with: other)
    }

    private func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
        self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
