import Domain

/// Gates about what clients find on the new primary.
extension Facts {
    /// The new primary has to be up, and its topics have to take writes.
    func health(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast else { return [] }
        let listed = id(ofCluster: draft.target).flatMap { id in
            observation.controlPlanes.values.compactMap(\.snapshot).flatMap(\.clusters).first { $0.id == id }
        }
        let isProvisioned = listed.map { $0.phase == .provisioned } ?? true
        let snapshot = observation.clusters[draft.target]?.snapshot
        let unwritable = draft.topics.filter { topic in
            guard let factor = snapshot?.topics[topic]?.replicationFactor,
                let required = snapshot?.configs[topic]?["min.insync.replicas"].flatMap(Int.init)
            else { return false }
            return required > factor
        }.sorted()
        guard !isProvisioned || !unwritable.isEmpty else { return [] }
        return [
            GateFinding(
                gate: .health,
                reason: .clients(.unhealthy(isProvisioned: isProvisioned, unwritable: unwritable)), override: .health)
        ]
    }

    /// Bindings whose secrets at the new primary cannot be rendered on this machine.
    func uncredentialed(_ draft: MoveDraft) -> [ClientProblem] {
        bindings(of: draft.family).compactMap { binding in
            secrets.unresolvedBindings[binding.name].map { ClientProblem(binding.name, $0.reason) }
        }
    }

    /// Bindings whose content has no value at the new primary: their clients would stay behind a move that cannot be
    /// undone.
    func unrendered(_ draft: MoveDraft, _ sites: SitePlan) -> [ClientProblem] {
        bindings(of: draft.family).compactMap { binding in
            guard binding.publish.contains(where: \.contents.includesProperties),
                case .failoverGroup(let group) = binding.target,
                let unknown = content(of: binding, at: draft.target, group: group).unknown
            else { return nil }
            let registry = environment(of: draft.target).map { ResourceAddress(.registry, $0) }
            return registry.map(sites.isMaking) ?? false ? nil : ClientProblem(binding.name, unknown)
        }
    }

    func bindings(of family: GroupFamily) -> [ClientBindingSpec] {
        family.groups.flatMap { index.bindingsOfGroups[$0.name] ?? [] }.sorted { $0.name < $1.name }
    }

    // MARK: Links that are deleted by force

    /// A link is deleted by force only if nobody else reads over it.
    func foreignMirrors(_ draft: MoveDraft) -> [GateFinding] {
        let rows = observation.clusters[draft.target]?.snapshot?.mirrors ?? []
        for link in draft.promotions.detached.keys.sorted() {
            let foreign = rows.filter { $0.link == link && $0.isLive && !draft.topics.contains($0.topic) }.map(\.topic)
            guard !foreign.isEmpty else { continue }
            return [
                GateFinding(
                    gate: .candidate, reason: .candidate(.foreignMirrors(link: link, foreign.sorted())))
            ]
        }
        return []
    }
}

extension GroupPhase {
    /// Credentials that applications are to be given at the new primary, and that cannot be read or are refused there.
    mutating func clients(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast else { return [] }
        let unrendered = facts.unrendered(draft, sites)
        var findings: [GateFinding] = []
        if !unrendered.isEmpty {
            findings.append(
                GateFinding(gate: .clients, reason: .clients(.unrendered(unrendered)), override: .clients))
        }
        let problems = facts.uncredentialed(draft) + refusedSignIns(draft)
        guard !problems.isEmpty else { return findings }
        return findings + [
            GateFinding(gate: .clients, reason: .clients(.credentials(problems)), override: .clients)
        ]
    }

    private mutating func refusedSignIns(_ draft: MoveDraft) -> [ClientProblem] {
        var problems: [ClientProblem] = []
        for binding in facts.bindings(of: draft.family)
        where binding.credentials[draft.target] != nil && secrets.unresolvedBindings[binding.name] == nil {
            switch answer(to: .signIn(binding: binding.name, cluster: draft.target)) {
            case .signIn(let refused)?: problems += refused.map { ClientProblem(binding.name, $0) }
            case .unanswered(let silence)? where draft.kind == .switchover:
                problems.append(ClientProblem(binding: binding.name, cause: .untried(silence: silence)))
            default: continue
            }
        }
        return problems
    }

    // MARK: Applications with several groups

    /// An application that uses groups of several families must find them all on one side.
    mutating func split(_ draft: MoveDraft) -> [GateFinding] {
        let own = Set(draft.family.groups.map(\.name))
        let applications = workspace.clientBindings.values.sorted { $0.name < $1.name }
        for application in applications {
            let used = application.groupsUsed
            guard !used.isDisjoint(with: own) else { continue }
            for group in used.subtracting(own).sorted() {
                guard let other = families.first(where: { $0.groups.contains { $0.name == group } }),
                    let reason = reasonNotToFollow(other, to: draft.target)
                else { continue }
                return [
                    GateFinding(
                        gate: .split,
                        reason: .clients(.split(application: application.name, group: group, reason)))
                ]
            }
        }
        return []
    }

    /// Why another family will not be served by a member after this plan; `nil` when it will.
    private mutating func reasonNotToFollow(_ family: GroupFamily, to member: String) -> OtherFamily? {
        guard case .success(let situation) = facts.situation(of: family) else { return .isRefused }
        guard facts.isOnTheMove(situation) else {
            return situation.source == member ? nil : .stays(on: situation.source)
        }
        guard family.primary == member else { return .moves(to: family.primary) }
        let draft = facts.draft(situation)
        let open = ownFindings(on: draft).filter { $0.override.map { !draft.overrides.contains($0) } ?? true }
        return open.isEmpty ? nil : .isHeld
    }
}

extension ClientBindingSpec {
    /// Every group the application touches.
    fileprivate var groupsUsed: Set<String> {
        guard case .failoverGroup(let group) = target else { return [] }
        return Set(uses).union([group])
    }
}
