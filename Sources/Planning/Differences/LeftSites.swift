import Domain

/// Environments and clusters that left the manifests: with them goes what they hold, whoever made it.
extension LeftBehindPhase {
    /// A site is deleted only while a control plane that answers lists it: what cannot be seen is not deleted, and what a
    /// manifest may mean under another name neither.
    mutating func deleteSite(_ address: ResourceAddress, _ owned: Recorded.Owned) {
        guard let id = owned.nativeID ?? facts.rememberedID(of: address) else {
            return release(address, .unknownID)
        }
        let snapshots = observation.controlPlanes.values.compactMap(\.snapshot)
        if let other = facts.declaration(thatMayMean: id, address.kind, snapshots) {
            return deferDeletion(of: address, waitsFor: "\(other), which may be the same: \(id)")
        }
        if address.kind == .environment {
            deleteEnvironment(address, id, snapshots)
        } else {
            deleteCluster(address, id, snapshots)
        }
    }

    private mutating func deleteEnvironment(
        _ address: ResourceAddress, _ id: String, _ snapshots: [ControlPlaneSnapshot]
    ) {
        if let obstacle = obstacle(toDeletingEnvironment: id, address, snapshots) {
            return refuseDeletion(address, .links, obstacle)
        }
        guard snapshots.contains(where: { $0.environments.contains { $0.id == id } }) else {
            return leaveUnlistedSite(address, id, snapshots) { _ in .environments }
        }
        delete(address, .cloud(.deleteEnvironment(EnvironmentReference(environment: address.name))))
    }

    private mutating func deleteCluster(
        _ address: ResourceAddress, _ id: String, _ snapshots: [ControlPlaneSnapshot]
    ) {
        guard snapshots.contains(where: { $0.clusters.contains { $0.id == id } }) else {
            if let environment = facts.unlistedEnvironment(of: address, snapshots) {
                return deferDeletion(of: address, waitsFor: "environment \(environment), which could not be listed")
            }
            let environmentID = recorded.sites.clusters[address.name]?.environmentID ?? ""
            return leaveUnlistedSite(address, id, snapshots) { _ in .clusters(environment: environmentID) }
        }
        let own = facts.topicsOwned(on: address.name)
        switch observation.leaving[address.name] {
        case .reachable(let topics)?:
            let foreign = topics.subtracting(own)
            guard foreign.isEmpty else {
                return refuseDeletion(address, .links, .holdsTopics(address, foreign.sorted()))
            }
            delete(address, .cloud(.deleteCluster(ClusterReference(cluster: address.name))), with: topics)
        case .unmanaged?, .absent?, nil:
            refuseDeletion(address, .links, .topicsUnseen(address, silence: nil))
        case .denied(let reason, _)?:
            refuseDeletion(address, .links, .topicsUnseen(address, silence: reason))
        case .some(let silent):
            deferDeletion(
                of: address, waitsFor: "the topics that would go with it: \(silent.silence(of: address.name) ?? "")")
        }
    }

    private mutating func delete(_ address: ResourceAddress, _ action: StepAction, with topics: Set<String>) {
        delete(address, action)
        guard !topics.isEmpty, var unit = written.units[address] else { return }
        unit.change = Change(.delete, address, reason: .leaving(.deleted(with: topics.sorted())))
        written.units[address] = unit
    }

    /// What no list shows is given up when it is gone, or when nothing shows it to this key; else it is waited for.
    private mutating func leaveUnlistedSite(
        _ address: ResourceAddress, _ id: String, _ snapshots: [ControlPlaneSnapshot],
        in list: (ControlPlaneSnapshot) -> ControlPlaneList
    ) {
        if let silent = observation.controlPlanes.sorted(by: { $0.key < $1.key }).first(where: {
            $0.value.snapshot == nil
        }) {
            return deferDeletion(of: address, waitsFor: silent.value.silence(of: silent.key) ?? silent.key)
        }
        let doubts = snapshots.compactMap { $0.doubt(about: id, in: list($0), wasKnown: false) }
        let open = doubts.first { gap in if case .denied = gap { false } else { true } }
        if let open { return deferDeletion(of: address, waitsFor: "\(address), \(open.silence)") }
        release(address, doubts.isEmpty ? .gone(with: nil) : .unlisted)
    }

    /// An environment goes with everything in it, so it has to be seen to hold nothing but what this plan deletes.
    private func obstacle(
        toDeletingEnvironment id: String, _ address: ResourceAddress, _ snapshots: [ControlPlaneSnapshot]
    ) -> DeletionReason? {
        guard let snapshot = snapshots.first(where: { $0.environments.contains { $0.id == id } }) else { return nil }
        let others = snapshot.clusters.filter { $0.environmentID == id && !isDeleted($0.id) }
        if let cluster = others.min(by: { $0.id < $1.id }) {
            return .holdsCluster(address, id: cluster.id, displayName: cluster.displayName)
        }
        return snapshot.listedEnvironments.contains(id) ? nil : .unlisted(address)
    }

    /// Whether this plan deletes the cluster of an id.
    private func isDeleted(_ clusterID: String) -> Bool {
        recorded.owned.contains { address, owned in
            address.kind == .cluster && (owned.nativeID ?? facts.rememberedID(of: address)) == clusterID
                && deletions.contains(address)
        }
    }

    /// Clusters go before the environments that hold them.
    mutating func orderDeletions() {
        for environment in deletions where environment.kind == .environment {
            written.units[environment]?.dependencies = deletions.filter { $0.kind == .cluster }.sorted()
        }
    }
}

extension Facts {
    /// Topics and mirrors of the ledger on a cluster.
    fileprivate func topicsOwned(on cluster: String) -> Set<String> {
        Set(
            recorded.owned.keys.lazy.filter { $0.place == cluster && ($0.kind == .topic || $0.kind == .mirror) }
                .map(\.name))
    }

    /// A manifest that may mean a live site, though it is not clear whether it does.
    fileprivate func declaration(
        thatMayMean id: String, _ kind: ResourceKind, _ snapshots: [ControlPlaneSnapshot]
    ) -> ResourceAddress? {
        func mayMean<Object>(_ match: SiteMatch<Object>?, _ own: String?, _ name: String, _ live: String?) -> Bool {
            switch match {
            case .ambiguous(let ids)?: ids.contains(id)
            case .namesake(let ids, let known)?: known == id || ids.contains(id)
            case .unseen?: own == id || (own == nil && (live == nil || live == name))
            case .found?, .absent?, .misplaced?, nil: false
            }
        }
        if kind == .environment {
            let live = snapshots.lazy.flatMap(\.environments).first { $0.id == id }?.displayName
            return workspace.environments.values.filter { spec in
                mayMean(
                    observation.match(spec, siteIdentities), siteIdentities.environments[spec.name], spec.displayName,
                    live)
            }.map { ResourceAddress(.environment, $0.name) }.min()
        }
        let live = snapshots.lazy.flatMap(\.clusters).first { $0.id == id }?.displayName
        return workspace.clusters.values.filter { spec in
            mayMean(
                observation.match(spec, in: workspace, siteIdentities), siteIdentities.clusters[spec.name],
                spec.displayName,
                live)
        }.map { ResourceAddress(.cluster, $0.name) }.min()
    }

    /// The environment a cluster was last seen in, when it is there and what it holds was not listed.
    fileprivate func unlistedEnvironment(of cluster: ResourceAddress, _ snapshots: [ControlPlaneSnapshot]) -> String? {
        guard let id = recorded.sites.clusters[cluster.name]?.environmentID else { return nil }
        let isUnlisted = snapshots.contains { snapshot in
            snapshot.environments.contains { $0.id == id } && !snapshot.listedEnvironments.contains(id)
        }
        return isUnlisted ? id : nil
    }
}
