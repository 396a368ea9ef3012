import Domain

/// What the endpoints told, and which of them a plan needs.
extension MergedPlan {
    /// - Parameters:
    ///   - seen: What was observed, before the plan itself decided that something is not asked yet.
    ///   - selection: What `--target` and `--selector` leave of the plan.
    func sites(_ seen: Observation, _ selection: Selection) -> [Plan.Site] {
        let excused = excusedMembers
        let environments = Set(
            excused.compactMap(facts.environment).filter { environment in
                !workspace.clusters.values.contains { $0.environment == environment && !excused.contains($0.name) }
            })
        let controlPlanes = seen.controlPlanes.flatMap { name, reach in
            [facts.site(.controlPlane, name, reach, observation.controlPlanes[name], isExcused: false)]
                + (reach.snapshot?.gaps ?? [:]).map { list, gap in
                    Plan.Site(kind: .list, name: "\(name): \(list.words)", silence: gap.silence, state: gap.state)
                }
        }
        let clusters = seen.clusters.map { name, reach in
            facts.site(
                .kafka, name, reach, observation.clusters[name],
                isExcused: excused.contains(name) || !selection.touches(name, [.topic, .link, .mirror, .fence]))
        }
        let registries = seen.registries.map { name, reach in
            facts.site(
                .registry, name, reach, observation.registries[name],
                isExcused: environments.contains(name)
                    || !selection.touches(name, [.compatibility, .mode, .exporter]))
        }
        let stores = seen.stores.map { address, reach in
            facts.site(.store, address.name, reach, reach, isExcused: !selection.includes(address))
        }
        return [controlPlanes, clusters, registries, stores].flatMap { $0.sorted { $0.name < $1.name } }
    }

    /// Members that a consent to go on without them names: of a failover that is planned, or is not finished.
    private var excusedMembers: Set<String> {
        let planned = groups.all.compactMap(\.move).filter { $0.kind == .failover }.map(\.from)
        let open = situations.values.compactMap(\.openMove).filter { $0.kind == .failover }.map(\.from)
        return Set(planned).union(open)
    }
}

extension Facts {
    fileprivate func site<Snapshot>(
        _ kind: Plan.Site.Kind, _ name: String, _ seen: Reach<Snapshot>, _ taken: Reach<Snapshot>?, isExcused: Bool
    ) -> Plan.Site {
        // One that answered and is taken for silent, since it is not what it should be, counts as unseen.
        let state = seen.state == .reachable ? taken?.state ?? .reachable : seen.state
        var site = Plan.Site(kind: kind, name: name, silence: taken?.silence ?? seen.silence, state: state)
        site.isExcused = isExcused
        return site
    }
}

extension Selection {
    /// Whether something that was selected lives in a place; everything does when nothing was selected.
    fileprivate func touches(_ place: String, _ kinds: Set<ResourceKind>) -> Bool {
        contains { $0.place == place && kinds.contains($0.kind) }
    }
}
