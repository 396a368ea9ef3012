import Domain

/// Links between a family and clusters that are no members any more: a member that leaves is detached before it is
/// released.
extension GroupPhase {
    mutating func detachFormerMembers(_ situation: FamilySituation, _ owner: LinkOwner) {
        guard !options.adoptOnly else { return }
        let family = situation.family
        let undecided = Set(facts.formerMembers(of: situation))
        let rows = index.recordedLinks.values.joined().filter { address, row in
            row.isDerived && row.declaredBy == owner.description && written.units[address] == nil
        }
        for (address, row) in rows.sorted(by: { $0.key < $1.key }) {
            guard let cluster = address.place, let remote = row.applied["remote"],
                let former = [cluster, remote].first(where: { !family.members.contains($0) }),
                undecided.isDisjoint(with: [cluster, remote])
            else { continue }
            detach(address, on: cluster, from: former, owner)
        }
    }

    private mutating func detach(
        _ address: ResourceAddress, on cluster: String, from former: String, _ owner: LinkOwner
    ) {
        var unit = Unit(address, labels: owner.labels, ownership: owner.ownership)
        switch observation.clusters[cluster] {
        case .reachable(let snapshot)?:
            guard snapshot.links.contains(where: { $0.name == address.name }) else { return }
            let mirrors = snapshot.mirrors.filter { $0.link == address.name && $0.isLive }.map(\.topic).sorted()
            let action: StepAction =
                mirrors.isEmpty
                ? .kafka(.deleteLink(LinkReference(cluster: cluster, link: address.name)))
                : .move(.detachLink(LinkReference(cluster: cluster, link: address.name)))
            unit.change = Change(
                .delete, address,
                reason: .formerMember(former, mirrors: mirrors), group: owner.group)
            unit.steps = [Step("detach", address, action, ledger: .disown)]
            // The half that reads goes first: it would report the other one as gone.
            unit.dependencies = written.units.keys.filter { $0.kind == .link && $0.place == former && $0 != address }
                .sorted()
            put(unit)
        case .absent?, .unmanaged?, nil: return
        case .some(let silent): hold(unit, .delete, waitsFor: silent.silence(of: cluster) ?? cluster)
        }
    }
}
