import Domain
import Planning
import Rendering
import Testing

/// What holds for every plan, whatever the manifests, the live systems and the ledger.
@Suite struct PlanProperties {
    @Test("an apply in any order of its dependencies leaves nothing to do", arguments: Scene.batches)
    func fixpoint(seeds: Range<UInt64>) throws {
        for seed in seeds {
            var scene = try Scene(seed: seed)
            let first = scene.run.plan(scene.world)
            try scene.run.apply(to: &scene.world, failing: nil, &scene.generator.random)
            let second = scene.run.plan(scene.world)
            expectNothingToDo(second, seed, mayDefer: !first.refusals.isEmpty)
            for step in second.ledgerRefresh { scene.world.learn(step) }
            #expect(scene.run.plan(scene.world).ledgerRefresh.map(\.id) == [], "seed \(seed)")
        }
    }

    @Test("an apply of which any steps failed is finished by the next ones", arguments: Scene.batches)
    func partialFailure(seeds: Range<UInt64>) throws {
        for seed in seeds {
            var scene = try Scene(seed: seed)
            for oneIn in [2, 5] { try scene.run.apply(to: &scene.world, failing: oneIn, &scene.generator.random) }
            let last = try scene.run.apply(to: &scene.world)
            expectNothingToDo(scene.run.plan(scene.world), seed, mayDefer: !last.refusals.isEmpty)
        }
    }

    @Test("steps come after what they depend on, and every id once", arguments: Scene.batches)
    func order(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let scene = try Scene(seed: seed, isSilent: seed.isMultiple(of: 2))
            var done: Set<Step.ID> = []
            for step in scene.run.plan(scene.world).steps {
                #expect(done.isSuperset(of: step.after), "seed \(seed): \(step.id) after \(step.after)")
                #expect(done.insert(step.id).inserted, "seed \(seed): \(step.id) twice")
            }
        }
    }

    @Test("the order in which lists and dictionaries were filled changes nothing", arguments: Scene.batches)
    func determinism(seeds: Range<UInt64>) throws {
        for seed in seeds {
            var scene = try Scene(seed: seed, isSilent: seed.isMultiple(of: 3))
            let input = scene.run.input(scene.world)
            let plan = Planner.plan(input)
            #expect(plan == Planner.plan(scene.generator.shuffled(input)), "seed \(seed)")
        }
    }

    @Test("a step names only what manifests name or the ledger owns", arguments: Scene.batches)
    func authority(seeds: Range<UInt64>) throws {
        for seed in seeds {
            var scene = try Scene(seed: seed, isSilent: seed.isMultiple(of: 2))
            let allowed = scene.namedAddresses().union(scene.world.ledger.owned.keys)
            let foreign = scene.foreign
            for step in try scene.run.apply(to: &scene.world).steps where step.isEffectful {
                #expect(allowed.contains(step.address), "seed \(seed): \(step.id)")
            }
            #expect(scene.foreign == foreign, "seed \(seed)")
        }
    }

    @Test(
        "nothing is deleted but what was owned, with policy Delete, unprotected and within the limit",
        arguments: Scene.batches)
    func deletions(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let scene = try Scene(seed: seed)
            let deleted = scene.run.plan(scene.world).steps.filter { $0.id.description.hasSuffix("#delete") }
            #expect(deleted.count <= scene.workspace.spec.policy.maxDeletions, "seed \(seed)")
            for step in deleted {
                let owned = scene.world.ledger.owned[step.address]
                #expect(owned?.deletionPolicy == .delete, "seed \(seed): \(step.id)")
                #expect(owned?.applied["metadata.protect"] == nil, "seed \(seed): \(step.id)")
                #expect(!scene.namedAddresses().contains(step.address), "seed \(seed): \(step.id)")
            }
        }
    }

    @Test("an endpoint that does not answer is not touched, and delays only what needs it", arguments: Scene.batches)
    func silence(seeds: Range<UInt64>) throws {
        for seed in seeds {
            var scene = try Scene(seed: seed, isSilent: true)
            try scene.run.apply(to: &scene.world, failing: nil, &scene.generator.random)
            scene.world.silent = [:]
            let last = try scene.run.apply(to: &scene.world)
            expectNothingToDo(scene.run.plan(scene.world), seed, mayDefer: !last.refusals.isEmpty)
        }
    }

    @Test(
        "where everything was as wanted, silence leaves nothing to do and nothing to wait for", arguments: Scene.batches
    )
    func silenceAfterwards(seeds: Range<UInt64>) throws {
        for seed in seeds {
            var scene = try Scene(seed: seed)
            guard try scene.run.apply(to: &scene.world).refusals.isEmpty else { continue }
            try scene.run.apply(to: &scene.world)
            scene.generator.silence(&scene.world, scene.workspace)
            let plan = scene.run.plan(scene.world)
            expectNothingToDo(plan, seed, mayDefer: false)
            #expect(plan.refusals.map(\.message) == [], "seed \(seed)")
        }
    }

    @Test(
        "--adopt-only changes nothing live, and nothing afterwards that was not wanted before", arguments: Scene.batches
    )
    func adoptOnly(seeds: Range<UInt64>) throws {
        for seed in seeds {
            var scene = try Scene(seed: seed)
            let wanted = scene.run.plan(scene.world)
            scene.world.touched = []
            let adopted = try Run(scene.workspace, PlanOptions(adoptOnly: true)).apply(to: &scene.world)
            #expect(scene.world.touched == [], "seed \(seed)")
            #expect(adopted.changes.allSatisfy { [.adopt, .release].contains($0.effect) }, "seed \(seed)")
            let before = Set(wanted.steps.filter(\.isEffectful).map(\.action))
            let after = Set(scene.run.plan(scene.world).steps.filter(\.isEffectful).map(\.action))
            #expect(after.subtracting(before).isEmpty, "seed \(seed): \(after.subtracting(before))")
        }
    }

    @Test("a group's plan does not depend on another group", arguments: Scene.batches)
    func isolation(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let scene = try Scene(seed: seed, isSilent: seed.isMultiple(of: 2))
            guard let group = scene.workspace.failoverGroups.keys.sorted().last(where: { !$0.contains("-f") }),
                group != "g0",
                scene.legacyLinks.isEmpty
            else { continue }
            let with = scene.run.plan(scene.world)
            let without = Run(scene.workspace.without(group), scene.run.options).plan(scene.world.without(group))
            func others(_ plan: Plan) -> [String] {
                plan.steps.filter { $0.address.kind != .registry }.map { "\($0.id) \($0.action) \($0.after)" }
                    .filter { !$0.contains(group) }
                    + plan.deferred.map { "\($0.address) \($0.waitsFor)" }.filter { !$0.contains(group) }
                    + plan.groups.filter { !$0.name.hasPrefix(group) }.map { "\($0)" }
                    + plan.refusals.filter { $0.gate != .maxDeletions && !$0.subject.contains(group) }.map(\.message)
            }
            guard with.refusals.allSatisfy({ $0.gate != .maxDeletions }) else { continue }
            #expect(others(with).difference(from: others(without)).map { "\($0)" } == [], "seed \(seed)")
        }
    }

    @Test("every refusal names its cause and a way out", arguments: Scene.batches)
    func refusals(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let scene = try Scene(seed: seed)
            for refusal in scene.run.plan(scene.world).refusals {
                #expect(refusal.message.count > 20 && refusal.wayOut.count > 10, "seed \(seed): \(refusal)")
            }
        }
    }

    private func expectNothingToDo(_ plan: Plan, _ seed: UInt64, mayDefer: Bool) {
        #expect(plan.steps.map(\.id) == [], "seed \(seed)")
        #expect(plan.changes.map(\.inWords) == [], "seed \(seed)")
        if !mayDefer { #expect(plan.deferred.map { "\($0.address): \($0.waitsFor)" } == [], "seed \(seed)") }
    }
}

extension Change {
    /// One line, for failures.
    var inWords: String {
        "\(effect) \(address) "
            + differences.map { "\($0.field): \($0.from ?? "-") -> \($0.to ?? "-")" }.joined(separator: "; ")
    }
}
