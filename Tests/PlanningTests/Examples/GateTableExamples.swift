import Domain
import Execution
import Planning
import Rendering
import Testing

/// The table of gates, row by row: each refuses by its own words, at its place in the manifests, with a way out that
/// works, and ends a plan with exit 4; what may be overridden is recorded with the epoch.
@Suite struct GateTableExamples {
    struct Gate: Sendable, CustomTestStringConvertible {
        let gate: Refusal.Gate
        let testDescription: String
        var shape: @Sendable (inout HistoryGenerator.Shape) -> Void = { _ in }
        let arise: @Sendable (inout History) -> Void
        /// Words of the message.
        let says: String
        /// Words of the way out.
        let offers: String
        /// The field that is to blame.
        let field: String?
        var override: GateOverride?
        /// Whether what is offered is done outside of the manifests.
        var isByHand = false
    }

    @Test("each gate refuses by its own words, with a place and a way out that works", arguments: Self.all)
    func refuses(_ gate: Gate) throws {
        var history = gate.history
        let plan = history.plan()
        let refusal = try #require(plan.refusals.first { $0.gate == gate.gate }, "\(plan.inWords)")
        #expect(refusal.message.contains(gate.says), "\(refusal.message)")
        #expect(refusal.wayOut.contains(gate.offers), "\(refusal.wayOut)")
        #expect(refusal.origin?.field == gate.field)
        if gate.field != nil { #expect(refusal.origin.map { !$0.kind.isEmpty && !$0.name.isEmpty } ?? false) }
        #expect(!plan.moves.contains { $0.family == "g0" })
        #expect(ExitCode.ofPlanning(plan, detailed: false, allowsDeferred: true) == .refused)
        if gate.isByHand { return }
        let didTake = history.takeWayOut(of: refusal)
        #expect(didTake, "\(refusal.wayOut)")
        #expect(!history.plan().refusals.contains { $0.gate == gate.gate && $0.subject == refusal.subject })
    }

    @Test("an override lets a move pass, is shown by the plan, and is recorded with the epoch")
    func overrides() throws {
        var tried: Set<GateOverride> = []
        for gate in Self.all {
            guard let override = gate.override else { continue }
            var history = gate.history
            history.perform(.override([override]))
            let plan = history.plan()
            #expect(!plan.refusals.contains { $0.gate == gate.gate }, "\(gate): \(plan.inWords)")
            #expect(plan.flags.contains("--override \(override.rawValue)"))
            let move = try #require(plan.moves.first { $0.family == "g0" }, "\(gate): \(plan.inWords)")
            #expect(move.overrides.contains(override))
            _ = history.begin(plan)
            for step in plan.steps {
                guard history.attempt(step, isSurprised: true) else { break }
                if case .move(_, .past) = step.ledger { break }
            }
            #expect(history.world.ledger.moves["g0"]?.open?.overrides.contains(override) ?? false, "\(gate)")
            tried.insert(override)
        }
        // `ImportMode` is no gate of moves; see the examples of registries.
        #expect(tried == Set(GateOverride.allCases).subtracting([.importMode]))
    }

    @Test("every gate of moves and returns is in the table, or in the examples of its own room")
    func complete() {
        let others: [Refusal.Gate] = [
            .identity, .partitions, .immutable, .linkMirrors, .unsupported, .links, .importMode, .split,
        ]
        #expect(Set(Self.all.map(\.gate)).union(others) == Set(Refusal.Gate.allCases))
    }
}

extension GateTableExamples.Gate {
    var history: History {
        var shape = HistoryGenerator.Shape()
        shape.canary = false
        self.shape(&shape)
        var history = HistoryGenerator.settled(shape)
        arise(&history)
        return history
    }
}

extension GateTableExamples {
    static let all: [Gate] = ofMembers + ofTopics + ofLosses + ofClients + ofOwnership

    private static let ofMembers: [Gate] = [
        Gate(
            gate: .members, testDescription: "the old primary is silent",
            arise: {
                $0.perform(.die("west"))
                $0.perform(.setPrimary("east", consents: false))
            }, says: "Switchover from west to east: west, unreachable: connect timed out",
            offers: "`failover: {from: west, incident: …}`", field: "spec.primary"),
        Gate(
            gate: .members, testDescription: "the new primary is silent",
            arise: {
                $0.perform(.die("east"))
                $0.perform(.setPrimary("east", consents: false))
            }, says: "east, unreachable", offers: "wait until it answers", field: "spec.primary", isByHand: true),
        Gate(
            gate: .stores, testDescription: "a store is silent",
            arise: {
                $0.perform(.silence(.store(ResourceAddress(.binding, "b0/0")), .unreachable))
                $0.perform(.setPrimary("east", consents: false))
            }, says: "clients could not all be told: binding/b0/0", offers: "--override Stores",
            field: "spec.primary", override: .stores),
        Gate(
            gate: .health, testDescription: "the new primary is not up",
            arise: { history in
                history.world.change("east", history.workspace) { $0.listed.phase = .failed }
                history.perform(.setPrimary("east", consents: false))
            }, says: "east is not healthy: the control plane does not show it as PROVISIONED",
            offers: "--override Health", field: "spec.primary", override: .health),
        Gate(
            gate: .readiness, testDescription: "a task of the link is in error",
            arise: { history in
                history.world.change("east", history.workspace) { cluster in
                    for name in cluster.links.keys {
                        cluster.links[name]?.tasks = [
                            .init(name: "ConsumerOffsetSync", state: .inError, errors: ["AUTHORIZATION_ERROR"])
                        ]
                    }
                }
                history.perform(.setPrimary("east", consents: false))
            }, says: "link g0-west-east, ConsumerOffsetSync: AUTHORIZATION_ERROR", offers: "--override Readiness",
            field: "spec.primary", override: .readiness),
        Gate(
            gate: .quietPeriod, testDescription: "the primary has just changed",
            arise: { history in
                history.perform(.setPrimary("east", consents: false))
                _ = history.rest(atMost: 3)
                history.workspace.spec.policy.quietPeriod = .seconds(3600)
                history.perform(.setPrimary("west", consents: false))
            }, says: "and `policy.quietPeriod` is 3600 s", offers: "--override QuietPeriod", field: "spec.primary",
            override: .quietPeriod),
        Gate(
            gate: .openEpoch, testDescription: "another move is not finished", shape: { $0.members = 3 },
            arise: { history in
                history.perform(.setPrimary("east", consents: false))
                let drain = history.step { if case .move(.drain) = $0 { true } else { false } }
                history.perform(.apply(.init(step: drain, manner: .before, kills: true), order: nil, []))
                history.perform(.setPrimary("north", consents: false))
            }, says: "a move to east (epoch 1) is not finished",
            offers: "finish it with `primary: east`, or take it back with `primary: west`", field: "spec.primary",
            override: .openEpoch),
    ]

    private static let ofTopics: [Gate] = [
        Gate(
            gate: .candidate, testDescription: "a mirror cannot be ended",
            arise: {
                $0.perform(.status("east", "g0.t0", .failed))
                $0.perform(.setPrimary("east", consents: false))
            }, says: "east is not ready: g0.t0 is FAILED", offers: "--leave g0.t0", field: "spec.primary"),
        Gate(
            gate: .candidate, testDescription: "a former copy is no candidate", shape: { $0.reprotect = .manual },
            arise: { history in
                history.perform(.setPrimary("east", consents: false))
                for _ in 0..<2 { history.perform(.apply(nil, order: nil, [])) }
                history.perform(.setPrimary("west", consents: false))
            }, says: "is a former copy that stopped following", offers: "--adopt-diverged west@1",
            field: "spec.primary"),
        Gate(
            gate: .candidate, testDescription: "a log is being cut",
            arise: {
                $0.perform(.status("east", "g0.t0", .pendingRestore))
                $0.perform(.die("west"))
                $0.perform(.setPrimary("east", consents: true))
            }, says: "its log is being cut (--detach east/g0-west-east", offers: "--leave g0.t0",
            field: "spec.primary"),
        Gate(
            gate: .fence, testDescription: "producers are not kept away while mirrors are promoted",
            shape: { $0.denied = nil }, arise: { $0.perform(.setPrimary("east", consents: false)) },
            says: "nothing keeps its producers from writing to west",
            offers: "declare `fence.denyWrites: [\"User:*\"]`", field: "spec.fence"),
        Gate(
            gate: .fence, testDescription: "writers are not kept away while copies are replaced",
            shape: { $0.denied = nil },
            arise: { history in
                history.failOverAndReturn()
                history.perform(.giveTokens)
            }, says: "nothing keeps writers from the copies on west while they are replaced",
            offers: "declare `fence.denyWrites: [\"User:*\"]`", field: "spec.fence"),
        Gate(
            gate: .protect, testDescription: "copies of a protected group are not replaced",
            arise: { history in
                history.workspace.failoverGroups["g0"]?.metadata.protect = true
                history.failOverAndReturn()
                history.perform(.giveTokens)
            }, says: "its copies would be destroyed, but the group is protected",
            offers: "`metadata.protect: false`", field: "metadata.protect"),
        Gate(
            gate: .transition, testDescription: "a mirror was ended by hand",
            arise: { $0.perform(.endByHand("east", "g0.t0")) },
            says: "g0.t0 (a mirror that was stopped by hand)", offers: "by hand", field: "spec", isByHand: true),
    ]

    private static let ofLosses: [Gate] = [
        Gate(
            gate: .alive, testDescription: "the old primary is alive",
            arise: { $0.perform(.setPrimary("east", consents: true)) },
            says: "west is alive: west answers and 2 of its mirrors on east are ACTIVE",
            offers: "--override Alive", field: "spec.failover", override: .alive),
        Gate(
            gate: .loss, testDescription: "more may be lost than is allowed", shape: { $0.objective = 0 },
            arise: { history in
                for _ in 0..<3 { history.perform(history.writeDeed("g0.t0", isStale: false)) }
                history.perform(.replicate(1))
                history.perform(.die("west"))
                history.perform(.flagFailover("east"))
            }, says: "east was 2 records behind when it last knew", offers: "--override Loss",
            field: "spec.objectives", override: .loss),
        Gate(
            gate: .bestSurvivor, testDescription: "another survivor holds more", shape: { $0.members = 3 },
            arise: { history in
                history.perform(.status("east", "g0.t0", .paused))
                for _ in 0..<3 { history.perform(history.writeDeed("g0.t0", isStale: false)) }
                history.perform(.replicate(.max))
                history.perform(.die("west"))
                history.perform(.setPrimary("east", consents: true))
            }, says: "north holds 3 records that east does not", offers: "set `primary: north`",
            field: "spec.primary", override: .bestSurvivor),
    ]

    private static let ofClients: [Gate] = [
        Gate(
            gate: .clients, testDescription: "somebody else's entries deny writes on the new primary",
            arise: { history in
                let entry = ACLBinding.denyWrites(to: "g0.t0", by: "User:*")
                history.world.change("east", history.workspace) { _ = $0.denials.insert(entry) }
                history.note(.people)
                history.perform(.setPrimary("east", consents: false))
            },
            says:
                "east denies clients what they need: DENY WRITE on TOPIC g0.t0 for User:*, by entries the ledger does not",
            offers: "delete them on east by hand", field: "spec.fence", override: .clients)
    ]

    private static let ofOwnership: [Gate] = [
        Gate(
            gate: .ownership, testDescription: "another ledger published the same epoch",
            arise: { history in
                history.perform(.setPrimary("east", consents: false))
                history.perform(.apply(.init(step: 1, manner: .before, kills: true), order: nil, []))
                history.perform(.swapLedger)
                history.perform(.apply(nil, order: nil, []))
                history.perform(.swapLedger)
            }, says: "has been published since by another one", offers: "spillway state adopt-epoch binding/b0/0",
            field: "spec.primary", isByHand: true),
        Gate(
            gate: .holder, testDescription: "two members hold the data and nothing tells which",
            arise: { history in
                history.perform(.loseLedger)
                history.world.stores = [:]
                for site in ["west", "east"] {
                    history.world.change(site, history.workspace) { $0.mirrors = [] }
                }
                history.note(.people)
                history.perform(.setPrimary("east", consents: false))
                history.workspace.failoverGroups["g0"]?.placement = .declared(
                    primary: "north", members: ["north", "west", "east"])
                history.workspace.addSite("north")
                history.world.addSites(of: history.workspace)
            }, says: "west and east hold its topics, and none mirrors the other",
            offers: "`primary: west` and plan with --adopt-diverged west@0",
            field: "spec.primary", isByHand: true),
        Gate(
            gate: .maxDeletions, testDescription: "more leaves the manifests than may be deleted",
            shape: { $0.hasPlainTopics = true },
            arise: { history in
                history.perform(.limitDeletions(1))
                for topic in ["plain-0", "plain-1"] { history.perform(.undeclare(topic: topic)) }
            }, says: "2 objects left the manifests with deletionPolicy: Delete", offers: "`policy.maxDeletions: 2`",
            field: "spec.policy.maxDeletions"),
    ]
}

extension History {
    /// The old side dies, another one serves, and then the old side is back.
    fileprivate mutating func failOverAndReturn() {
        perform(.die("west"))
        perform(.setPrimary("east", consents: true))
        perform(.apply(nil, order: nil, []))
        perform(.revive("west"))
        perform(.apply(nil, order: nil, []))
    }
}
