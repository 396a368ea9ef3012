import Domain
import Planning
import Rendering
import Testing

/// Which exporters run, under which names, and when one counts.
@Suite struct ExporterExamples {
    static func shop(
        _ members: [String] = ["west", "east"], _ edit: @escaping (inout FailoverGroupSpec) -> Void = { _ in }
    ) -> (inout Workspace) -> Void {
        { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addSite("north")
            workspace.addGroup("shop", primary: "west", members) { group in
                group.fence = FailoverGroupSpec.Fence()
                group.fence?.denyWrites = ["User:*"]
                group.reprotect = .recreate
                group.schemas = SchemaSettings(subjects: ["*"])
                edit(&group)
            }
            workspace.addTopic("shop.orders", .failoverGroup("shop"))
        }
    }

    /// Exporters that run, as `env-west/shop to env-east`.
    static func running(_ example: Example) -> [String] {
        example.workspace.environments.keys.sorted().flatMap { environment -> [String] in
            let exporters = example.world.environment(environment, example.workspace)?.registry?.exporters ?? []
            return exporters.filter { $0.state != .paused }.map { exporter in
                let destination = example.workspace.environments.keys.first {
                    let id = example.world.environment($0, example.workspace)?.id ?? ""
                    return exporter.destinationURL == "https://sr.\(id)/"
                }
                return "\(environment)/\(exporter.name) to \(destination ?? "elsewhere")"
            }.sorted()
        }
    }

    static func setMembers(_ members: [String], primary: String = "west", in example: inout Example) {
        example.workspace.failoverGroups["shop"]?.placement = .declared(primary: primary, members: members)
    }

    static func settle(_ example: inout Example) throws {
        for _ in 0..<4 {
            let tokens = example.plan().decisions.compactMap(\.token)
            example.edit { $0.discard += tokens }
            try example.apply()
        }
    }

    static func loseWest(_ example: inout Example) throws {
        let west = try #require(example.world.cluster("west", example.workspace)).listed.id
        example.world.dead = [west]
        example.world.silent = [
            .controlPlane: .unreachable, .cluster("west"): .unreachable, .registry("env-west"): .unreachable,
        ]
    }

    static func returnWest(_ example: inout Example) {
        example.world.dead = []
        example.world.silent = [:]
    }

    static func register(_ version: SchemaVersionID, at environment: String, in example: inout Example) throws {
        let id = try #require(example.world.environment(environment, example.workspace)).id
        example.world.schemas[id, default: []].insert(version)
    }

    static func schemas(at environment: String, in example: Example) throws -> Set<SchemaVersionID> {
        let id = try #require(example.world.environment(environment, example.workspace)).id
        return example.world.schemas[id] ?? []
    }

    // MARK: Whose and where

    @Test("a group that is renamed takes its exporter along, and leaves none behind when it moves")
    func renamed() throws {
        var example = try Example.applied(Self.shop())
        let spec = try #require(example.workspace.failoverGroups["shop"])
        example.workspace.failoverGroups["shop"] = nil
        example.workspace.addGroup("store", primary: "west", ["west", "east"]) { group in
            (group.fence, group.reprotect, group.schemas) = (spec.fence, spec.reprotect, spec.schemas)
        }
        example.workspace.topics["shop.orders"]?.home = .failoverGroup("store")
        #expect(!example.plan().effects.contains { $0.contains("exporter/") })
        try example.apply()
        #expect(Self.running(example) == ["env-west/shop to env-east"])
        example.workspace.failoverGroups["store"]?.placement = .declared(primary: "east", members: ["west", "east"])
        try example.apply()
        for _ in 0..<2 { try example.apply() }
        #expect(Self.running(example) == ["env-east/store to env-west"])
        #expect(example.plan().isEmpty)
    }

    @Test("names do not depend on the number of members; one that leaves is detached from links and exporters")
    func membership() throws {
        var example = try Example.applied(Self.shop())
        Self.setMembers(["west", "east", "north"], in: &example)
        try example.apply()
        #expect(Self.running(example) == ["env-west/shop to env-east", "env-west/shop-env-north to env-north"])
        try example.apply()
        #expect(example.plan().isEmpty)
        Self.setMembers(["west", "north"], in: &example)
        let plan = example.plan()
        #expect(plan.effects.contains("delete exporter/env-west/shop"))
        #expect(plan.effects.contains("delete link/east/shop-west-east"))
        #expect(plan.changes.contains { if case .formerMember("east", _) = $0.reason { true } else { false } })
        try example.apply()
        #expect(Self.running(example) == ["env-west/shop-env-north to env-north"])
        #expect(example.world.cluster("east", example.workspace)?.links.isEmpty ?? false)
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("after a failover among three members exporters run from the member that serves only")
    func threeMembers() throws {
        var example = try Example.applied(Self.shop(["west", "east", "north"]))
        example.world.replicate(example.workspace)
        #expect(Self.running(example).count == 2)
        try Self.loseWest(&example)
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        try example.apply()
        Self.returnWest(&example)
        example.edit { $0.failover = nil }
        try Self.settle(&example)
        #expect(Self.running(example).allSatisfy { $0.hasPrefix("env-east/") })
        #expect(Self.running(example).count == 2)
        #expect(example.plan().isEmpty, "\(example.plan().effects)")
    }

    // MARK: What counts

    @Test("an exporter that reports a failure is neither adopted nor left in peace")
    func failing() throws {
        var example = try Example.applied(Self.shop())
        example.changeRegistry("env-west") { $0.exporters[0].trace = "id 100001 is taken" }
        #expect(example.plan().stepIDs == ["exporter/env-west/shop#resume"])
        #expect(example.plan().lines == ["update exporter/env-west/shop state: FAILING -> RUNNING"])
        example.world.ledger.owned[ResourceAddress(.exporter, in: "env-west", "shop")] = nil
        let adopting = example.plan()
        #expect(adopting.changes.map(\.effect) == [.adoptAndChange])
        #expect(adopting.stepIDs == ["exporter/env-west/shop#resume"], "it is owned once it is seen to run")
        example.changeRegistry("env-west") { ($0.exporters[0].trace, $0.exporters[0].state) = (nil, .other("FAILED")) }
        #expect(example.plan().stepIDs == ["exporter/env-west/shop#resume"])
    }

    @Test("a wider selection and another rename format let it begin from the start, a narrower selection does not")
    func selection() throws {
        func action(_ edit: (inout SchemaSettings) -> Void) throws -> StepAction? {
            var example = try Example.applied(
                Self.shop { $0.schemas = SchemaSettings(subjects: ["orders*", "carts*"]) })
            var settings = SchemaSettings(subjects: ["orders*", "carts*"])
            edit(&settings)
            example.edit { $0.schemas = settings }
            return example.plan().step("exporter/env-west/shop#update")?.action
        }
        func startsOver(_ action: StepAction?) -> Bool {
            if case .registry(.restartExporter) = action { true } else { false }
        }
        #expect(startsOver(try action { $0.subjects = ["*"] }))
        #expect(startsOver(try action { $0.subjectRenameFormat = "dr-${subject}" }))
        #expect(startsOver(try action { $0.kekRenameFormat = "dr-${kek}" }))
        let narrower = try action { $0.subjects = ["orders*"] }
        #expect(narrower != nil && !startsOver(narrower))
    }

    @Test("what a run wrote and did not see through is done again, although it reads as wanted")
    func unproven() throws {
        var example = try Example.applied(Self.shop())
        let address = ResourceAddress(.exporter, in: "env-west", "shop")
        example.world.ledger.owned[address]?.applied[Recorded.Owned.unprovenMark] = "true"
        #expect(example.plan().stepIDs == ["exporter/env-west/shop#resume"])
        try example.apply()
        #expect(example.plan().isEmpty)
        example.world.ledger.owned[address]?.applied["subjects"] = "orders*"
        if case .registry(.restartExporter)? = example.plan().step("exporter/env-west/shop#update")?.action {
        } else {
            Issue.record("\(example.plan().stepIDs)")
        }
    }

    @Test("`:*:` means every context that the registries have")
    func everyContext() throws {
        var example = Example(Self.shop { $0.schemas = SchemaSettings(subjects: [":*:"]) })
        let context = RegistryContext("billing")
        example.changeRegistry("env-west") { $0.subjects[context] = ["orders-value"] }
        #expect(example.plan().stepIDs.contains("mode/env-east/.billing#set"))
        #expect(ObservationScope(example.workspace, recorded: Recorded()).everyContext == ["env-east", "env-west"])
    }

    // MARK: Before the fence

    @Test("an exporter that somebody paused goes on before writers are stopped")
    func pausedByHand() throws {
        var example = try Example.applied(Self.shop())
        try Self.register(.init(subject: "late-value", version: 1, id: 7), at: "env-west", in: &example)
        example.changeRegistry("env-west") { $0.exporters[0].state = .paused }
        example.setPrimary("east")
        let plan = example.plan()
        #expect(plan.refusals.map(\.message) == [])
        #expect(plan.step("group/shop#fencing-west")?.after.map(\.description) == ["group/shop#resume-exporter-shop"])
        #expect(plan.stepIDs.contains("group/shop#pause-exporter-shop"), "it ends with the move")
    }

    @Test("schemas that are not there yet are waited for before the fence, and compared again behind it")
    func behind() throws {
        var example = try Example.applied(Self.shop())
        try Self.register(.init(subject: "late-value", version: 1, id: 7), at: "env-west", in: &example)
        example.setPrimary("east")
        let plan = example.plan()
        #expect(plan.step("group/shop#fencing-west")?.after.map(\.description) == ["group/shop#await-schemas"])
        #expect(plan.stepIDs.contains("group/shop#compare-schemas"))
    }

    @Test("a failing exporter is refused with what is missing; the override that is printed leads on and says it again")
    func failingExporter() throws {
        var example = try Example.applied(Self.shop())
        try Self.register(.init(subject: "late-value", version: 1, id: 7), at: "env-west", in: &example)
        example.changeRegistry("env-west") { $0.exporters[0].trace = "id 7 is taken" }
        example.setPrimary("east")
        let refused = example.plan()
        #expect(refused.refusals.map(\.gate) == [.readiness])
        #expect(refused.refusals[0].message.contains("id 7 is taken"))
        #expect(refused.refusals[0].message.contains("late-value version 1 (id 7)"))
        #expect(refused.refusals[0].wayOut.contains("--override Readiness"))
        let overridden = example.plan(PlanOptions(overrides: [.readiness]))
        #expect(overridden.refusals.isEmpty)
        #expect(!overridden.stepIDs.contains("group/shop#compare-schemas"))
        #expect(overridden.notes.contains { $0.sentence.contains("late-value version 1 (id 7)") })
    }

    @Test("an exporter that is not there, or that the manifest keeps paused, is told before the fence")
    func noExporter() throws {
        var example = try Example.applied(Self.shop())
        try Self.register(.init(subject: "late-value", version: 1, id: 7), at: "env-west", in: &example)
        example.setPrimary("east")
        var kept = example
        kept.changeRegistry("env-west") { $0.exporters[0].state = .paused }
        kept.edit { $0.schemas?.paused = true }
        #expect(kept.plan().refusals.contains { $0.gate == .readiness && $0.message.contains("is PAUSED") })
        example.changeRegistry("env-west") { $0.exporters = [] }
        #expect(example.plan().refusals.contains { $0.gate == .readiness && $0.message.contains("no exporter") })
    }

    // MARK: Lost schemas

    @Test("a schema that only the lost side has goes under the consent for its copies, by name, taken or not")
    func lostSchemas() throws {
        var example = try Example.applied(Self.shop())
        example.world.replicate(example.workspace)
        let late = SchemaVersionID(subject: "late-value", version: 1, id: 7)
        try Self.register(late, at: "env-west", in: &example)
        try Self.loseWest(&example)
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        try example.apply()
        Self.returnWest(&example)
        example.edit { $0.failover = nil }
        try example.apply()
        let asked = try #require(example.plan().decisions.first)
        #expect(asked.cost.contains("late-value version 1 (id 7)"), "\(asked.cost)")
        #expect(try Self.schemas(at: "env-west", in: example) == [late])
        let token = try #require(asked.token)
        example.edit { $0.discard = [token] }
        let plan = example.plan()
        #expect(
            plan.lines.contains { $0.contains("delete group/shop/schemas-env-west") && $0.contains("late-value v1") })
        #expect(
            plan.step("exporter/env-east/shop#create")?.after.map(\.description)
                .contains("group/shop/schemas-env-west#delete") ?? false)
        try example.apply()
        #expect(try Self.schemas(at: "env-west", in: example) == [])
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("schemas that nobody consented to lose are asked for, and the move stays open")
    func schemasLeftBehind() throws {
        var example = try Example.applied(Self.shop())
        let late = SchemaVersionID(subject: "late-value", version: 1, id: 7)
        try Self.register(late, at: "env-west", in: &example)
        example.changeRegistry("env-west") { $0.exporters[0].trace = "id 7 is taken" }
        example.setPrimary("east")
        try example.apply(PlanOptions(overrides: [.readiness]))
        for _ in 0..<2 { try example.apply() }
        #expect(try Self.schemas(at: "env-west", in: example) == [late])
        #expect(example.plan().decisions.contains { $0.message.contains("late-value version 1 (id 7)") })
        #expect(example.world.ledger.moves["shop"]?.open != nil)
    }

    @Test("ids that mean something else on the side that is moved to are told before a fail-back")
    func collisionBeforeFailBack() throws {
        var example = try Example.applied(Self.shop())
        try Self.register(.init(subject: "orders-value", version: 1, id: 7), at: "env-west", in: &example)
        try Self.register(.init(subject: "other-value", version: 1, id: 7), at: "env-east", in: &example)
        example.setPrimary("east")
        #expect(
            example.plan().refusals.contains {
                $0.gate == .readiness && $0.message.contains("other-value version 1 (id 7)")
            })
    }

    @Test("schemas that cannot be read are told before the fence, with an override that leads on")
    func unreadSchemas() throws {
        var example = try Example.applied(Self.shop())
        example.world.replicate(example.workspace)
        example.setPrimary("east")
        let probe = Probe.schemas(environment: "env-east", subjects: ["*"], includingDeleted: false)
        let refused = example.plan { $0.answers[probe] = .unanswered("HTTP 403") }
        #expect(
            refused.refusals.contains {
                $0.gate == .readiness && $0.message.contains("which schemas env-east lacks is not known")
            }, "\(refused.refusals)")
        let overridden = example.plan(PlanOptions(overrides: [.readiness])) {
            $0.answers[probe] = .unanswered("HTTP 403")
        }
        #expect(overridden.refusals.isEmpty)
    }

    @Test("a schema that is deleted softly keeps its name and id taken: it is among those that a failover lost")
    func lostDeletedSchemas() throws {
        var example = try Example.applied(Self.shop())
        example.world.replicate(example.workspace)
        try Self.loseWest(&example)
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        try example.apply()
        Self.returnWest(&example)
        example.edit { $0.failover = nil }
        try example.apply()
        let deleted = SchemaVersionID(subject: "late-value", version: 1, id: 7)
        let probe = Probe.schemas(environment: "env-west", subjects: ["*"], includingDeleted: true)
        let plan = example.plan { $0.answers[probe] = .schemas([deleted]) }
        #expect(plan.decisions.contains { $0.cost.contains("late-value version 1 (id 7)") }, "\(plan.decisions)")
    }
}
