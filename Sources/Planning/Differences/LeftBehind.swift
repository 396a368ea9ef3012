import Domain

/// Owned objects that left the manifests: deleted when their policy says so, else released.
struct LeftBehindPhase: PlanningPhase {
    let facts: Facts
    let planned: Draft
    var written = Draft()
    private(set) var deletions: [ResourceAddress] = []

    /// The plan for what the ledger owns and no manifest means.
    ///
    /// - Parameter planned: What all other phases wrote.
    /// - Returns: What is written, and the objects that are deleted.
    static func plan(_ facts: Facts, planned: Draft) -> (draft: Draft, deletions: [ResourceAddress]) {
        var phase = LeftBehindPhase(facts: facts, planned: planned)
        phase.planLeftBehind()
        return (phase.written, phase.deletions)
    }

    private mutating func planLeftBehind() {
        guard !options.adoptOnly else { return }
        let candidates = recorded.owned { !isPlanned($0) }
        refuseChangedIdentities(candidates)
        let left = candidates.filter { !isOfRefused($0.key, $0.value) }.keys
        for address in left.sorted().reversed() {
            guard let owned = recorded.owned[address] else { continue }
            if owned.deletionPolicy == .delete, owned.isConfirmed, !owned.isDerived {
                delete(address, owned)
            } else {
                leave(address, owned)
            }
        }
        for (address, row) in ownership.strays where written.units[address] == nil && !isPlanned(address) {
            leaveElsewhere(address, row)
        }
        orderDeletions()
    }

    /// Whether a manifest means it, or would if it were not refused.
    private func isPlanned(_ address: ResourceAddress) -> Bool {
        planned.units.index(forKey: address) != nil || planned.claims.spared.contains(address)
    }

    private mutating func leave(_ address: ResourceAddress, _ owned: Recorded.Owned) {
        switch address.kind {
        case .mode, .compatibility: forget(address)
        default:
            release(address, owned.isDerived ? .notDerived : .notDeclared)
        }
    }

    mutating func release(_ address: ResourceAddress, _ reason: LeavingReason) {
        var unit = Unit(address)
        unit.change = Change(.release, address, reason: .leaving(reason))
        unit.steps = [Step("release", address, .ledger(.release), ledger: .disown)]
        written.units[address] = unit
    }

    // MARK: Deletion

    private mutating func delete(_ address: ResourceAddress, _ owned: Recorded.Owned) {
        if owned.isProtected {
            return refuseDeletion(address, .protect, .protected(address))
        }
        if let place = address.place.map({ ResourceAddress(address.kind.isInRegistry ? .environment : .cluster, $0) }),
            let conflict = conflicts[place]
        {
            return deferDeletion(of: address, waitsFor: "\(place): \(conflict.words)")
        }
        switch (address.kind, address.place) {
        case (.topic, let cluster?): deleteTopic(address, on: cluster)
        case (.link, let cluster?): deleteLink(address, on: cluster)
        case (.exporter, let environment?):
            delete(
                address, observation.registries[environment],
                .registry(.deleteExporter(ExporterReference(environment: environment, exporter: address.name)))
            ) { $0.exporters.contains { $0.name == address.name } }
        case (.cluster, nil), (.environment, nil): deleteSite(address, owned)
        default: leave(address, owned)
        }
    }

    private mutating func deleteTopic(_ address: ResourceAddress, on cluster: String) {
        if let reader = planned.claims.mirroredTopics.first(where: {
            $0.source == cluster && $0.topics.contains(address.name)
        })?.owner {
            return refuseDeletion(address, .links, .selected(address, by: reader.description))
        }
        if let row = index.mirrors[cluster]?[address.name], row.isLive {
            return refuseDeletion(address, .links, .mirror(address, link: row.link))
        }
        let topic = TopicReference(cluster: cluster, topic: address.name)
        delete(address, observation.clusters[cluster], .kafka(.deleteTopic(topic))) { $0.topics[topic.topic] != nil }
    }

    private mutating func deleteLink(_ address: ResourceAddress, on cluster: String) {
        if let mirrors = index.liveMirrorCounts[cluster]?[address.name] {
            return refuseDeletion(address, .linkMirrors, .carries(address, mirrors: mirrors))
        }
        let link = LinkReference(cluster: cluster, link: address.name)
        delete(address, observation.clusters[cluster], .kafka(.deleteLink(link))) {
            $0.links.contains { $0.name == link.link }
        }
    }

    private mutating func delete<Snapshot>(
        _ address: ResourceAddress, _ reach: Reach<Snapshot>?, _ action: StepAction, exists: (Snapshot) -> Bool
    ) {
        let place = address.place ?? ""
        switch reach {
        case .reachable(let snapshot)?:
            exists(snapshot) ? delete(address, action) : release(address, .gone(with: nil))
        case .absent?: release(address, .gone(with: place))
        case nil: release(address, .placeLeft(place))
        case .unmanaged?:
            refuseDeletion(address, .unsupported, .withoutCredentials(address, place: place))
        case .some(let silent): deferDeletion(of: address, waitsFor: silent.silence(of: place) ?? place)
        }
    }

    mutating func delete(_ address: ResourceAddress, _ action: StepAction) {
        var unit = Unit(address)
        unit.change = Change(.delete, address, reason: .leaving(.deleted(with: [])))
        unit.steps = [Step("delete", address, action, ledger: .disown)]
        written.units[address] = unit
        deletions.append(address)
    }

    mutating func deferDeletion(of address: ResourceAddress, waitsFor: String) {
        var unit = Unit(address)
        unit.hold = .deferred(.delete, waitsFor: waitsFor)
        written.units[address] = unit
    }

    mutating func refuseDeletion(_ address: ResourceAddress, _ gate: Refusal.Gate, _ reason: DeletionReason) {
        var unit = Unit(address)
        unit.hold = .refused
        written.units[address] = unit
        written.refusals.append(
            RefusedWork(
                refusal: Refusal(gate, subject: address.description, .deletion(reason)), addresses: [address]))
    }
}

extension MergedPlan {
    /// More deletions than the policy allows are refused as a whole.
    mutating func limitDeletions(_ deletions: [ResourceAddress], in selection: Selection) {
        let deletions = deletions.filter(selection.includes).sorted()
        let allowed = workspace.spec.policy.maxDeletions
        guard deletions.count > allowed else { return }
        for address in deletions { written.units[address]?.hold = .refused }
        written.refusals.append(
            RefusedWork(
                refusal: Refusal(
                    .maxDeletions, subject: "Workspace \(workspace.name)",
                    .deletion(.tooMany(deletions, allowed: allowed)),
                    origin: ManifestOrigin("Workspace", workspace.name, "spec.policy.maxDeletions")),
                addresses: deletions))
    }
}
