import Domain
import Planning

/// Plans that change primaries, with steps as the planner orders them.
enum MoveSamples {
    static let group = ResourceAddress(.group, "payments")
    static let mirrors = LinkedMirrors(
        cluster: "east", link: "payments-west-east", topics: (1...12).map { "orders-\($0)" })
    static let denials = mirrors.topics.map { ACLBinding.denyWrites(to: $0, by: "User:*") }

    static func record(_ verb: String, _ event: MoveEvent, after: [Step] = []) -> Step {
        Step(verb, group, .ledger(.record), after: after.map(\.id), ledger: .move(family: "payments", event))
    }

    static func step(_ verb: String, _ action: StepAction, after: [Step] = []) -> Step {
        Step(verb, group, action, after: after.map(\.id))
    }

    static func publish(_ number: Int, epoch: Int, after: [Step]) -> Step {
        let address = ResourceAddress(.binding, "checkout/\(number)")
        let publication = Publication(
            binding: "checkout", targetIndex: number, cluster: "east", group: "payments", epoch: epoch, generation: 4)
        return Step("publish", address, .binding(.publish(publication)), after: after.map(\.id))
    }

    static func hook(epoch: Int, after: [Step]) -> Step {
        let call = HookCall(binding: "checkout", hookIndex: 0, cluster: "east", group: "payments", generation: 4)
        return Step(
            "run", ResourceAddress(.hook, "checkout/0"), .hook(.runHook(call)), after: after.map(\.id),
            ledger: .announced(generation: 4))
    }

    static func alteration(_ flags: [String]) -> StepAction {
        .kafka(
            .alterLink(
                LinkAlteration(
                    cluster: "east", link: mirrors.link, remote: "west", half: .destination,
                    batches: [flags.map { ConfigChange($0, "false") }], renewsConnection: false)))
    }

    static func mode(_ environment: String, _ mode: RegistryMode) -> StepAction {
        .registry(
            .setRegistryMode(
                RegistryModeSetting(environment: environment, context: .standard, mode: mode, force: false)))
    }

    static func recorded(_ kind: RecordedMoves.Kind, epoch: Int, incident: String? = nil) -> RecordedMoves.Move {
        RecordedMoves.Move(
            epoch: epoch, from: "west", to: "east", kind: kind, incident: incident,
            overrides: incident == nil ? [] : [.loss], left: ["audit", "obsolete"], hasCompleteFence: true,
            snapshot: ["east": ["orders-1": [41, -1]]])
    }

    static let switchoverSteps: [Step] = {
        let open = record("open", .opened(recorded(.switchover, epoch: 3)))
        let remember = record(
            "quieten-remember",
            .switchingOff(link: "east/payments-west-east", configs: ["acl.sync.enable": "true"]), after: [open])
        let quiet = step("quieten", alteration(["acl.sync.enable"]), after: [remember])
        let resume = step(
            "resume", .kafka(.resumeMirrors(LinkedMirrors(cluster: "east", link: mirrors.link, topics: ["orders-2"]))),
            after: [open])
        let fencing = record(
            "fencing-west",
            .fencing(member: "west", RecordedMoves.Fence(written: Set(denials.dropFirst()), existed: [denials[0]])),
            after: [open])
        let fence = step(
            "fence-west", .move(.fence(FenceEntries(cluster: "west", bindings: denials))), after: [fencing])
        let readOnly = step("registry-readonly", mode("prod-west", .readOnly), after: [open])
        let proof = FenceProof(
            entries: FenceEntries(cluster: "west", bindings: denials), mirrors: [mirrors], quiet: .seconds(10))
        let verified = step("verify-fence-west", .move(.verifyFence(proof)), after: [fence, readOnly, quiet, resume])
        let drained = step("drain", .move(.drain(mirrors)), after: [verified])
        let compared = step(
            "compare-schemas",
            .registry(.awaitSchemas(SchemaComparison(source: "prod-west", destination: "prod-east", subjects: ["*"]))),
            after: [fence, readOnly])
        let paused = step(
            "pause-exporter",
            .registry(.pauseExporter(ExporterReference(environment: "prod-west", exporter: "payments"))),
            after: [compared, drained])
        let past = record("past", .past, after: [verified, drained, compared, paused])
        let promoted = step("promote", .move(.endMirrors(.promote, mirrors)), after: [past])
        let flags = step("quieten-offsets", alteration(["consumer.offset.sync.enable"]), after: [promoted])
        let unfenced = step(
            "unfence-east", .move(.unfence(FenceEntries(cluster: "east", bindings: [denials[0]]))), after: [promoted])
        let forgotten = record("unfenced-east", .unfenced(member: "east"), after: [unfenced])
        let open2 = step("registry-readwrite", mode("prod-east", .readWrite), after: [promoted])
        let canary = step(
            "canary", .move(.writeCanary(CanaryRecord(cluster: "east", topic: "orders-1"))),
            after: [flags, forgotten, open2])
        let demotion = RecordedMoves.Demotion(epoch: 3, ledger: "a3f1", proof: .lossless)
        let served = record("served", .served(demoted: ["west": demotion]), after: [canary])
        let published = (0..<2).map { publish($0, epoch: 3, after: [served]) }
        return [
            open, remember, quiet, resume, fencing, fence, readOnly, verified, drained, compared, paused, past,
            promoted, flags, unfenced, forgotten, open2, canary, served,
        ] + published + [hook(epoch: 3, after: published)]
    }()

    static let failoverSteps: [Step] = {
        let open = record("open", .opened(recorded(.failover, epoch: 4, incident: "INC-4711")))
        let past = record("past", .past, after: [open])
        let ended = step("failover", .move(.endMirrors(.failover, mirrors)), after: [past])
        let missing = (1...9).map { number in
            step(
                "create-extra-\(number)",
                .kafka(
                    .createTopic(
                        TopicCreation(
                            cluster: "east", topic: "extra-\(number)", partitions: 6, replicationFactor: nil,
                            configs: []))),
                after: [past])
        }
        let flags = step(
            "quieten-offsets", alteration(["acl.sync.enable", "consumer.offset.sync.enable"]), after: [ended])
        let open2 = step("registry-readwrite", mode("prod-east", .readWrite), after: [ended])
        let demotion = RecordedMoves.Demotion(epoch: 4, ledger: "a3f1", proof: .diverged)
        let served = record("served", .served(demoted: ["west": demotion]), after: [flags, open2])
        return [open, past, ended] + missing + [flags, open2, served, publish(0, epoch: 4, after: [served])]
    }()

    static let lag = Recorded.Lag(
        records: 1_204, worst: 512, worstPartition: "orders-3[7]", asOf: Samples.moment.advanced(by: .seconds(-90)))

    static func groups(_ standing: Plan.Standing, isProtected: Bool) -> [Plan.GroupState] {
        var state = Plan.GroupState(
            name: "payments", primary: "east", members: ["west", "east"], topics: 12, isProtected: isProtected,
            told: [])
        state.standing = standing
        return [state]
    }

    /// Both regions answer.
    static var switchover: Plan {
        Samples.plan { plan in
            plan.sites = Samples.allSites
            plan.groups = groups(
                Plan.Standing(
                    holder: "west", evidence: "the ledger says that it serves since epoch 2", epoch: 2,
                    servesSince: Samples.moment.advanced(by: .seconds(-86_400))), isProtected: true)
            var move = Plan.Move(
                family: "payments", groups: ["payments", "refunds"], kind: .switchover, from: "west", to: "east",
                epoch: 3, evidence: "the ledger says that it serves since epoch 2")
            move.topics = ["promote": 12, "done": 1]
            move.left = ["audit", "obsolete"]
            move.lag = Recorded.Lag(records: 0, worst: 0, worstPartition: "orders-1[0]", asOf: Samples.moment)
            move.unknownLag = ["orders-9"]
            move.overrides = [.quietPeriod, .readiness]
            move.objectives.recordsLost = 0
            move.objectives.recoveryTime = .seconds(300)
            move.followedBy = ["copies on west are deleted and mirrored anew (lossless), in waves of 50"]
            plan.moves = [move]
            plan.changes = [
                Change(
                    .update, group, differences: Samples.differences([("primary", "west", "east")]),
                    reason: .told("Switchover"), group: "payments"),
                Change(
                    .update, ResourceAddress(.binding, "checkout/0"),
                    differences: Samples.differences([("bootstrap.servers", "west:9092", "east:9092")]),
                    reason: .told("file out/checkout.properties"), group: "payments"),
            ]
            plan.steps = switchoverSteps
        }
    }

    /// The old region is silent, and so is one store.
    static var failover: Plan {
        Samples.plan { plan in
            plan.flags = ["--override Loss"]
            plan.sites = Samples.allSites
            plan.sites[2] = Plan.Site(kind: .kafka, name: "west", silence: "unreachable: connect timed out after 3 s")
            plan.groups = groups(
                Plan.Standing(
                    holder: "west", evidence: "binding checkout sends clients there (epoch 3)", epoch: 3),
                isProtected: true)
            var move = Plan.Move(
                family: "payments", groups: ["payments"], kind: .failover, from: "west", to: "east", epoch: 4,
                evidence: "binding checkout sends clients there (epoch 3)")
            move.topics = ["failover": 12]
            move.lag = lag
            move.incident = "INC-4711"
            move.overrides = [.loss]
            move.objectives.recordsLost = 500
            move.objectives.age = .seconds(30)
            move.warnings = [
                "no copy on east: extra-1, extra-2, extra-3 and 6 more",
                "as long as west is dark, only revoking the east API keys of its exporter and links keeps it from "
                    + "writing there",
            ]
            move.unmoved = [
                UnmovedClients(
                    binding: "checkout", place: "consul main: apps/checkout",
                    waitsFor: "consul main: unreachable: refused")
            ]
            move.followedBy = [
                "copies on west may hold records nobody else has: a later plan shows them and asks for a token"
            ]
            plan.moves = [move]
            plan.changes = [
                Change(
                    .update, group, differences: Samples.differences([("primary", "west", "east")]),
                    reason: .told("Failover"), group: "payments")
            ]
            plan.steps = failoverSteps
            plan.deferred = [
                DeferredWork(
                    .update, ResourceAddress(.binding, "checkout/1"), waitsFor: "consul main: unreachable: refused"),
                DeferredWork(
                    .update, ResourceAddress(.group, "payments/return-west"),
                    waitsFor: "west: unreachable: connect timed out after 3 s"),
            ]
        }
    }

    /// The old region is back, and holds copies about which somebody has to decide.
    static var returning: Plan {
        Samples.plan { plan in
            plan.sites = Samples.allSites
            plan.groups = groups(
                Plan.Standing(
                    holder: "east", evidence: "the ledger says that it serves since epoch 4", epoch: 4,
                    open: .init(
                        epoch: 4, kind: .failover, from: "west", to: "east", openedAt: Samples.moment,
                        incident: "INC-4711", isPast: true),
                    demoted: [.init(member: "west", proof: .diverged, token: "west@4-a3f1")],
                    fences: [.init(member: "west", entries: 11, existed: 1)]), isProtected: false)
            plan.decisions = [
                NeededDecision(
                    group: "payments", member: "west", topics: mirrors.topics,
                    .told(
                        "west holds 12 writable copies (orders-1, orders-2, orders-3 and 9 more) beside those of east",
                        cost: "at least 17 records that only west holds",
                        way: "to destroy them: `discard: [west@4-a3f1]`"))
            ]
            plan.changes = [
                Change(
                    .delete, ResourceAddress(.group, "payments/schemas-prod-west"),
                    differences: Samples.differences([("orders-value v7", "id 100012", nil)]),
                    reason: .told("ids or versions that mean another schema on prod-east"), group: "payments"),
                Change(
                    .create, ResourceAddress(.fence, in: "west", "payments"),
                    reason: .told("keeps writers from the copies on west"), group: "payments"),
                Change(
                    .delete, ResourceAddress(.fence, in: "west", "payments/lift"),
                    reason: .told("west needs no fence any more"), group: "payments"),
            ]
            let returned = ResourceAddress(.group, "payments/return-west")
            let proof = HolderProof(
                holder: "east", topics: mirrors.topics, member: "west",
                bindings: [ResourceAddress(.binding, "checkout/0")], epoch: 4)
            plan.steps = [
                Step(
                    "consent-west@4-a3f1", returned, .ledger(.record),
                    ledger: .move(
                        family: "payments",
                        .discarding(
                            token: "west@4-a3f1", losing: RecordedMoves.Divergence(records: 17, isLowerBound: true)))),
                Step("confirm", returned, .move(.confirmHolder(proof))),
                Step(
                    "delete", ResourceAddress(.group, "payments/schemas-prod-west"),
                    .registry(
                        .deleteSchemas(
                            SchemaDeletion(
                                environment: "prod-west",
                                versions: [.init(subject: "orders-value", version: 7, id: 100_012)])))),
                Step(
                    "write", ResourceAddress(.fence, in: "west", "payments"),
                    .move(.fence(FenceEntries(cluster: "west", bindings: denials)))),
            ]
        }
    }

    private static let measured = {
        var demotion = RecordedMoves.Demotion(epoch: 4, ledger: "a3f1", proof: .diverged)
        (demotion.fetched, demotion.lastKnownLag) = (["orders": [12, -1]], 3)
        return demotion
    }()

    /// Every event of a move.
    static let events: [MoveEvent] = [
        .opened(recorded(.failover, epoch: 4, incident: "INC-4711")), .downgraded(incident: "INC-1"),
        .amended(
            RecordedMoves.Flags(
                overrides: [.loss], left: ["payments.refunds"], detached: ["east/l"], adopted: ["east@3"])),
        .fencing(member: "west", RecordedMoves.Fence(written: Set(denials), existed: [])),
        .unfenced(member: "west"), .switchingOff(link: "east/l", configs: ["acl.sync.enable": "true"]),
        .switchedOn(link: "east/l"), .past,
        .served(demoted: ["west": measured]), .discarding(token: "west@4-a3f1"),
        .discarding(token: "west@4-a3f1", losing: RecordedMoves.Divergence(records: 1, isLowerBound: false)),
        .returned(member: "west"), .abandoned(member: "west"),
        .closed(aborted: true), .closed(aborted: false),
    ]
}
