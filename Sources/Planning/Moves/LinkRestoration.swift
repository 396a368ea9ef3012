import Domain

/// Adopted links get back what a move switched off on them.
extension GroupPhase {
    /// Restores links into members that do not serve: after a move that was given up, or when they follow again. Links
    /// that are gone are forgotten.
    mutating func restoreLinks(_ situation: FamilySituation, _ owner: LinkOwner) {
        let family = situation.family
        for (place, configs) in situation.moves.synced.sorted(by: { $0.key < $1.key }) {
            let parts = place.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2, let snapshot = observation.clusters[parts[0]]?.snapshot else { continue }
            let address = ResourceAddress(.link, in: parts[0], "\(parts[1])/restore")
            let forget = Step.LedgerEffect.move(family: family.name, .switchedOn(link: place))
            var unit = Unit(address, after: [ResourceAddress(.link, in: parts[0], parts[1])], labels: owner.labels)
            if let link = snapshot.links.first(where: { $0.name == parts[1] }) {
                guard parts[0] != situation.source else { continue }
                let changes = facts.missing(configs, on: link, in: parts[0], family)
                if !changes.isEmpty, let remote = facts.member(family, of: link, on: parts[0]) {
                    unit.change = Change(
                        .update, address,
                        differences: changes.map { change in
                            .init("configs.\(change.name)", from: link.configs[change.name], to: change.value)
                        },
                        reason: .switchedOff, group: family.name)
                    let alteration = LinkAlteration(
                        cluster: parts[0], link: link.name, remote: remote,
                        half: link.mode == .bidirectional ? .bidirectional : .destination,
                        batches: Facts.batches(changes), renewsConnection: false)
                    unit.steps = [
                        Step("alter", address, .kafka(.alterLink(alteration))),
                        Step("forget", address, .ledger(.record), ledger: forget),
                    ]
                }
            }
            if unit.steps.isEmpty { unit.ledgerOnly = forget }
            put(unit)
        }
    }
}

extension Facts {
    /// Values that a link lacks; what the manifests themselves want of it wins.
    fileprivate func missing(
        _ configs: [String: String], on link: ObservedLink, in cluster: String, _ family: GroupFamily
    ) -> [ConfigChange] {
        let wanted = (familyLinks[family.name] ?? []).first { $0.cluster == cluster && $0.name == link.name }
        return configs.sorted { $0.key < $1.key }.compactMap { name, value in
            guard wanted?.configs[name] == nil, link.configs[name] != value else { return nil }
            return ConfigChange(name, value)
        }
    }
}
