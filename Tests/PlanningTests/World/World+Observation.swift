import Domain
import Planning

/// What an observer would tell of the world.
extension World {
    func observation(_ workspace: Workspace) -> Observation {
        let scope = ObservationScope(workspace, recorded: ledger)
        var observation = Observation(startedAt: time)
        observation.sites = sites(workspace)
        for connection in scope.controlPlanes {
            observation.controlPlanes[connection] = reach(.controlPlane) { .reachable(controlPlane) }
        }
        for name in workspace.clusters.keys {
            observation.clusters[name] =
                scope.clusters[name] == nil
                ? .unmanaged
                : reach(.cluster(name)) { lists(of: name, workspace) }
        }
        for name in workspace.environments.keys {
            observation.registries[name] =
                scope.registries[name] == nil
                ? .unmanaged
                : reach(.registry(name)) {
                    site(
                        environment(name, workspace)?.registry?.telling(scope.registries[name] ?? []),
                        ledger.sites.environments[name]?.registryEndpoint != nil)
                }
        }
        for binding in workspace.clientBindings.values {
            for index in binding.publish.indices {
                let address = ResourceAddress(.binding, "\(binding.name)/\(index)")
                observation.stores[address] = reach(.store(address)) {
                    .reachable(stores[address].map { only($0, keysOf: binding) } ?? StoreSnapshot())
                }
            }
        }
        for place in scope.placesLeft {
            observation.stores[place.address] = reach(.store(place.address)) { .reachable(rest(of: place)) }
        }
        for (name, site) in scope.leaving {
            observation.leaving[name] = clusters[site.id].map { cluster in
                .reachable(Set(cluster.topics.filter { !$0.value.isInternal }.keys))
            }
        }
        return observation
    }

    /// What is in a place that was left: what was published there, until it was withdrawn.
    private func rest(of place: PlaceLeft) -> StoreSnapshot {
        if let store = stores[place.address] { return store }
        var store = StoreSnapshot()
        guard !withdrawn.contains(where: { $0.target == place.target && $0.binding == place.binding }) else {
            return store
        }
        for key in place.keys.plain { store.properties[key] = place.published["properties.\(key)"] }
        for key in place.keys.secret {
            store.secrets[key] = place.published["secrets.\(key)"].map { Fingerprint(hexadecimal: $0) }
        }
        return store
    }

    private func only(_ store: StoreSnapshot, keysOf binding: ClientBindingSpec) -> StoreSnapshot {
        var store = store
        store.properties = store.properties.filter { binding.properties[$0.key] != nil }
        store.secrets = store.secrets.filter { binding.secrets[$0.key] != nil }
        return store
    }

    /// What a cluster lists. An owned topic that is left out is asked for by itself; once it answers that it is there, the
    /// lists are broken.
    private func lists(of name: String, _ workspace: Workspace) -> Reach<KafkaSnapshot> {
        let cluster = cluster(name, workspace)
        let omitted = cluster.flatMap { self.omitted[$0.listed.id] } ?? []
        let kinds: [ResourceKind] = [.topic, .mirror]
        let owned = omitted.filter { topic in
            kinds.contains { kind in ledger.owned[ResourceAddress(kind, in: name, topic)] != nil }
        }
        if !believesLists, let topic = owned.min() {
            return .broken(reason: "its lists leave out topic \(topic), which is there when it is asked for")
        }
        return site(cluster?.snapshot.without(omitted), ledger.sites.clusters[name] != nil)
    }

    /// A site that is not there is absent only when the control plane says so.
    private func site<Snapshot>(_ snapshot: Snapshot?, _ isRemembered: Bool) -> Reach<Snapshot> {
        if silent[.controlPlane] != nil, !isRemembered { return .unreachable(reason: "its endpoint is not known") }
        return snapshot.map { .reachable($0) } ?? .absent
    }

    private func reach<Snapshot>(_ endpoint: Endpoint, _ answer: () -> Reach<Snapshot>) -> Reach<Snapshot> {
        switch silent[endpoint] {
        case nil: answer()
        case .unreachable: .unreachable(reason: "connect timed out")
        case .denied: .denied(reason: "401")
        case .broken: .broken(reason: "HTML")
        case .throttled: .throttled(reason: "HTTP 429")
        case .withoutCredentials:
            .withoutCredentials(UnresolvedSecret(reference: .environment("KEY"), reason: "KEY is not set"))
        }
    }

    private var controlPlane: ControlPlaneSnapshot {
        let listed = environments.values.filter { hidden[$0.id] == nil }
        var snapshot = ControlPlaneSnapshot(
            environments: listed.map {
                ObservedEnvironment(id: $0.id, displayName: $0.displayName, governance: $0.governance)
            },
            clusters: clusters.values.map(\.listed).filter { hidden[$0.id] == nil },
            registries: environments.values.filter { $0.registry != nil }.map {
                ObservedRegistry(
                    id: "lsrc-\($0.id)", environmentID: $0.id, endpoint: "https://sr.\($0.id)", phase: .provisioned)
            })
        snapshot.listedEnvironments = Set(environments.keys)
        let known =
            ledger.sites.environments.values.compactMap(\.id) + ledger.sites.clusters.values.map(\.id)
            + ledger.owned.values.compactMap(\.nativeID)
        for id in known where environments[id] == nil && clusters[id] == nil { snapshot.answers[id] = .gone }
        for (id, answer) in hidden { snapshot.answers[id] = answer }
        return snapshot
    }

    /// Ids and endpoints: those of the control plane, or, while it is silent, those the ledger remembers.
    func sites(_ workspace: Workspace) -> KnownSites {
        guard silent[.controlPlane] == nil else { return ledger.sites }
        var sites = KnownSites()
        for name in workspace.clusters.keys {
            guard let listed = cluster(name, workspace)?.listed, let point = listed.accessPoints.first else { continue }
            sites.clusters[name] = KnownSites.Cluster(
                id: listed.id, environmentID: listed.environmentID, restEndpoint: point.restEndpoint,
                bootstrapServers: point.bootstrapServers, region: listed.region)
        }
        for name in workspace.environments.keys {
            guard let found = environment(name, workspace) else { continue }
            sites.environments[name] = KnownSites.Environment(
                id: found.id, registryEndpoint: found.registry == nil ? nil : "https://sr.\(found.id)")
        }
        return sites
    }
}

extension World.Cluster {
    var snapshot: KafkaSnapshot {
        KafkaSnapshot(
            clusterID: listed.id, topics: topics,
            configs: topics.keys.reduce(into: [:]) { $0[$1] = configs[$1] ?? [:] },
            links: links.values.map { $0 }, mirrors: mirrors
        ).withDenials(denials)
    }
}

extension KafkaSnapshot {
    fileprivate func without(_ omitted: Set<String>) -> KafkaSnapshot {
        guard !omitted.isEmpty else { return self }
        var snapshot = self
        for topic in omitted { (snapshot.topics[topic], snapshot.configs[topic]) = (nil, nil) }
        snapshot.mirrors.removeAll { omitted.contains($0.topic) }
        return snapshot
    }

    fileprivate func withDenials(_ denials: Set<ACLBinding>) -> KafkaSnapshot {
        var snapshot = self
        snapshot.denials = denials
        return snapshot
    }
}

extension RegistrySnapshot {
    /// With the mode in effect of every context that was asked for.
    fileprivate func telling(_ contexts: Set<RegistryContext>) -> RegistrySnapshot {
        var snapshot = self
        for context in contexts where modes[context] == nil { snapshot.modes[context] = .readWrite }
        return snapshot
    }
}
