import Domain

/// Restart hooks: they run when a binding was published everywhere, in their order, until each has succeeded once for
/// a content.
extension BindingPhase {
    /// Remembers, before anything is published, that hooks have to announce it: a run that is killed in between leaves
    /// them to the next.
    mutating func expectHooks(of binding: ClientBindingSpec, _ generation: Int, at cluster: String) {
        guard !binding.restart.isEmpty, let first = binding.addresses.first(where: { publishes($0) }) else { return }
        let expected = facts.hooks(of: binding, at: cluster).map { address, _ in
            Step("expect", address, .ledger(.record), ledger: .announced(generation: generation - 1))
        }
        written.units[first]?.steps.insert(contentsOf: expected, at: 0)
    }

    /// Plans the hooks of every binding that is published by this plan, or was by an earlier one without all its hooks.
    mutating func planHooks() {
        for binding in workspace.clientBindings.values.sorted(by: { $0.name < $1.name }) where !binding.restart.isEmpty
        {
            planHooks(of: binding)
        }
    }

    private mutating func planHooks(of binding: ClientBindingSpec) {
        guard let publication = published(binding) else { return }
        let isPublishing = binding.addresses.contains { publishes($0) }
        var before = binding.addresses.filter { written.units[$0] != nil }
        for (address, number) in facts.hooks(of: binding, at: publication.cluster) {
            let isOpen = recorded.hooks[address].map { $0 < publication.generation } ?? false
            guard isPublishing || isOpen || options.rerunsHooks else { continue }
            var unit = Unit(
                address, after: before, labels: binding.metadata.labels,
                ownership: .init(family: publication.group.flatMap(facts.family(ofGroup:))))
            let call = HookCall(
                binding: binding.name, hookIndex: number, cluster: publication.cluster, group: publication.group,
                epoch: publication.group.map(epoch(ofGroup:)), generation: publication.generation,
                isRepeated: options.rerunsHooks)
            unit.change = Change(
                .update, address, reason: .announcement(generation: publication.generation), group: publication.group)
            unit.steps = [
                Step("run", address, .hook(.runHook(call)), ledger: .announced(generation: publication.generation))
            ]
            put(unit)
            before = [address]
        }
    }

    /// What a binding's content is published as, by this plan or before.
    private func published(_ binding: ClientBindingSpec) -> Publication? {
        for address in binding.addresses {
            for case .binding(.publish(let publication)) in written.units[address]?.steps.map(\.action) ?? [] {
                return publication
            }
        }
        guard let row = binding.addresses.lazy.compactMap({ recorded.owned[$0]?.applied }).first,
            let generation = row["generation"].flatMap({ Int($0) }), let cluster = row["primary"]
        else { return nil }
        var group: String?
        if case .failoverGroup(let name) = binding.target { group = name }
        return Publication(
            binding: binding.name, targetIndex: 0, cluster: cluster, group: group, epoch: nil, generation: generation)
    }

    private func publishes(_ address: ResourceAddress) -> Bool {
        guard let unit = written.units[address], unit.hold == nil else { return false }
        return unit.steps.contains { if case .binding(.publish) = $0.action { true } else { false } }
    }
}

extension Facts {
    /// The hooks that run for a cluster, with their numbers.
    fileprivate func hooks(of binding: ClientBindingSpec, at cluster: String) -> [(ResourceAddress, Int)] {
        binding.restart.enumerated().compactMap { number, hook in
            guard hook.when.map({ $0 == cluster }) ?? true else { return nil }
            if case .command = hook.action, !workspace.spec.policy.allowCommands { return nil }
            return (ResourceAddress(.hook, "\(binding.name)/\(number)"), number)
        }
    }
}
