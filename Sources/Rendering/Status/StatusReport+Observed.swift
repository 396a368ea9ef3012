package import Domain
package import Planning

extension StatusReport {
    /// The status of a workspace by what was seen.
    ///
    /// - Parameters:
    ///   - plan: The plan that was made of it.
    ///   - observation: What was seen.
    ///   - workspace: What the manifests say.
    ///   - recorded: What the ledger remembers.
    ///   - ledger: Where the ledger is, in words.
    ///   - lastRun: The last run; `nil` when there was none.
    ///   - outlooks: What standbys would meet if they had to take over now.
    package init(
        plan: Plan, observation: Observation, workspace: Workspace, recorded: Recorded, ledger: String, lastRun: Run?,
        outlooks: [Planning.Takeover.Outlook] = []
    ) {
        let measured = GroupLag.measured(plan)
        let leaders = Self.leaders(in: workspace)
        self.init(
            workspace: workspace.name, observedAt: observation.startedAt, sites: plan.sites,
            groups: plan.groups.map { group in
                let leader = leaders[group.name] ?? group.name
                let lag = measured[leader].map { Lag($0) } ?? recorded.lag[leader].map { Lag($0, isRemembered: true) }
                var form = Self.group(group, lag: lag, observation, workspace)
                let takeovers = outlooks.filter { $0.family == leader }.map(Takeover.init)
                form.takeovers = takeovers.isEmpty ? nil : takeovers
                let doubts = plan.lags[leader]?.doubts ?? []
                form.lagDoubts = doubts.isEmpty ? nil : LagWords.sentences(doubts)
                form.lastKnown = group.lastKnown.map(LastKnown.init)
                let objective = workspace.failoverGroups[group.name]?.objectives.age
                if objective != nil || recorded.lagHistory[leader] != nil {
                    form.age = Age(
                        bound: plan.lossAges[leader]?.bound, objective: objective, history: recorded.lagHistory[leader])
                }
                return form
            },
            bindings: workspace.clientBindings.values.sorted { $0.name < $1.name }.flatMap {
                Self.bindings(of: $0, observation, workspace)
            },
            ledger: ledger, ledgerID: recorded.ledgerID, lastRun: lastRun, decisions: plan.decisions)
    }

    /// The group that leads each group's family.
    private static func leaders(in workspace: Workspace) -> [String: String] {
        var leaders: [String: String] = [:]
        for family in GroupFamily.all(in: workspace) {
            for group in family.groups { leaders[group.name] = family.name }
        }
        return leaders
    }

    /// What concerns objects whose manifests carry some labels.
    package mutating func select(_ labels: [String: String], in workspace: Workspace) {
        func matches(_ metadata: Metadata?) -> Bool {
            labels.allSatisfy { metadata?.labels[$0.key] == $0.value }
        }
        groups.removeAll { !matches(workspace.failoverGroups[$0.name]?.metadata) }
        bindings.removeAll { !matches(workspace.clientBindings[$0.name]?.metadata) }
        let names = Set(groups.map(\.name))
        decisions = decisions?.filter { names.contains($0.group) }
        if decisions?.isEmpty ?? false { decisions = nil }
        let members = Set(groups.flatMap(\.members).map(\.cluster))
        let environments = Set(members.compactMap { workspace.clusters[$0]?.environment })
        let published = Set(bindings.map(\.name))
        sites.removeAll { site in
            switch site.kind {
            case .controlPlane, .list: false
            case .kafka: !members.contains(site.name)
            case .registry: !environments.contains(site.name)
            case .store: !published.contains(site.name.split(separator: "/").first.map(String.init) ?? "")
            }
        }
    }

    private static func group(
        _ state: Plan.GroupState, lag: Lag?, _ observation: Observation, _ workspace: Workspace
    ) -> Group {
        let holder = state.standing?.holder ?? state.primary
        let source = observation.sites.clusters[holder]?.id
        let members = state.members.map { cluster -> Member in
            guard let snapshot = observation.clusters[cluster]?.snapshot else {
                return Member(cluster: cluster, silence: observation.clusters[cluster]?.silence ?? "not observed")
            }
            guard cluster != holder else { return Member(cluster: cluster) }
            let links = snapshot.links.filter { $0.remoteClusterID == source }.sorted { $0.name < $1.name }
            let names = Set(links.map(\.name))
            let rows = snapshot.mirrors.filter { names.contains($0.link) }
            return Member(
                cluster: cluster,
                mirrors: Dictionary(grouping: rows, by: \.status.description).mapValues(\.count),
                links: links.map { link in
                    Link(
                        name: link.name, state: link.state.description,
                        errors: [link.error].compactMap(\.self) + link.tasksInError)
                })
        }
        return Group(
            state, members: members, lag: lag, exporters: exporters(of: state, observation, workspace))
    }

    private static func exporters(
        of state: Plan.GroupState, _ observation: Observation, _ workspace: Workspace
    ) -> [Exporter] {
        guard let schemas = workspace.failoverGroups[state.name]?.schemas,
            let environment = workspace.clusters[state.primary]?.environment
        else { return [] }
        let base = schemas.exporterName ?? state.name
        guard let snapshot = observation.registries[environment]?.snapshot else {
            return [Exporter(environment: environment, name: base, state: nil)]
        }
        return snapshot.exporters.filter { $0.name == base || $0.name.hasPrefix("\(base)-") }.map {
            Exporter(environment: environment, name: $0.name, state: $0.state.description, trace: $0.trace)
        }
    }

    private static func bindings(
        of binding: ClientBindingSpec, _ observation: Observation, _ workspace: Workspace
    ) -> [Binding] {
        let wanted: String? =
            switch binding.target {
            case .cluster(let cluster): cluster
            case .failoverGroup(let group): workspace.placement(ofGroup: group)?.primary
            }
        return binding.publish.enumerated().map { index, target in
            let reach = observation.stores[ResourceAddress(.binding, "\(binding.name)/\(index)")]
            return Binding(
                name: binding.name, place: target.place, pointsAt: reach?.snapshot?.bookkeeping?.primary,
                shouldPointAt: wanted ?? "", generation: reach?.snapshot?.bookkeeping?.generation,
                silence: reach?.silence)
        }
    }
}

extension ObservedLink {
    /// Tasks in error, with what they say.
    fileprivate var tasksInError: [String] {
        tasks.filter { $0.state == .inError }.map { "\($0.name): \($0.errors.joined(separator: "; "))" }
    }
}
