import Domain

/// What a failover of a group would find now.
extension GroupPhase {
    mutating func addStates(of family: GroupFamily) {
        if let situation = situations[family.name] {
            askForEnds(of: situation.source)
            result.lag = facts.lag(of: situation)
        }
        for group in family.groups {
            let state = state(of: group, in: family)
            result.states.append(state)
        }
    }

    private mutating func state(of group: FailoverGroupSpec, in family: GroupFamily) -> Plan.GroupState {
        let situation = situations[group.name]
        let holder = situation?.source ?? family.primary
        let standbys = family.members.filter { $0 != holder }
        let topics = facts.selected(
            by: [group.topics].compactMap(\.self), declared: facts.declaredNames([group]), from: holder,
            mirroredOn: standbys)
        let protection = protection(of: group, in: family, situation, topics)
        var state = Plan.GroupState(
            name: group.name, primary: family.primary, members: family.members, topics: topics.count,
            isProtected: protection.isProtected)
        state.gaps = protection.gaps
        let asked = written.decisions.filter { $0.group == family.name }.compactMap { decision in
            decision.token.map { (decision.member, $0) }
        }
        state.standing = situation?.standing(tokens: Dictionary(asked) { first, _ in first })
        let left = result.left.union(situation?.openMove?.left ?? [])
        state.left = topics.intersection(left).sorted()
        state.stuck = result.stuck.filter { topics.contains($0.key) }
        if observation.clusters[holder]?.state.isUnseen ?? false {
            let site = observation.sites.clusters[holder]
            state.lastKnown = .init(
                protectedUntil: site?.protected?[group.name], lastSeen: site?.lastAnswered,
                succession: facts.succession(in: family, of: holder, to: standbys))
        }
        return state
    }
}

extension Facts {
    /// Who could go on without a holder that does not answer: nobody while a move is under way already.
    fileprivate func succession(
        in family: GroupFamily, of holder: String, to standbys: [String]
    ) -> Plan.GroupState.Succession? {
        guard holder == family.primary, !(observation.clusters[holder]?.state.needsRepair ?? true) else { return nil }
        let rows = { (member: String) in (self.index.mirrors[member] ?? [:]).values.contains(where: \.isLive) }
        let able = standbys.first { observation.clusters[$0]?.snapshot != nil && rows($0) }
        return able.map { .init(family: family.name, from: holder, to: $0) }
    }
}

extension ObservedLink {
    /// What is wrong with a link and its tasks.
    var problems: [LinkProblem] {
        (error.map { [LinkProblem.link(name, error: $0)] } ?? [])
            + tasks.filter { $0.state == .inError }.map { .task($0.name, link: name, errors: $0.errors) }
    }
}
