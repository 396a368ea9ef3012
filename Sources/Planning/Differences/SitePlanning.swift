import Domain

/// Environments, clusters and the registries that come with them.
struct SitePhase: PlanningPhase {
    let facts: Facts
    var written = Draft()

    static func plan(_ facts: Facts) -> SitePlan {
        var phase = SitePhase(facts: facts)
        phase.planSites()
        return SitePlan(draft: phase.written)
    }

    private mutating func planSites() {
        for environment in workspace.environments.values.sorted(by: { $0.name < $1.name }) { plan(environment) }
        for cluster in workspace.clusters.values.sorted(by: { $0.name < $1.name }) { plan(cluster) }
        for environment in workspace.environments.values { planRegistry(of: environment) }
    }

    // MARK: Environments

    private mutating func plan(_ spec: EnvironmentSpec) {
        let unit = Unit(
            .init(.environment, spec.name), labels: spec.metadata.labels,
            ownership: .init(policy: spec.deletionPolicy, spec.metadata))
        guard let connection = spec.connection else { return put(unit) }
        let seen = observation.controlPlanes[connection]?.snapshot
        if let refusal = seen.flatMap({ facts.foreignOrganization(connection, $0, unit.address) }) {
            return refuse(unit, refusal)
        }
        if let conflict = conflicts[unit.address] { return refuse(unit, conflict) }
        guard let snapshot = seen else {
            return leaveUnlisted(
                unit, spec.managementPolicy, fields: spec.managedFields, isKnown: facts.environmentIsKnown(spec),
                waitsFor: facts.silence(of: connection))
        }
        switch snapshot.match(spec, knownID: siteIdentities.environments[spec.name]) {
        case .ambiguous, .namesake, .misplaced: refuse(unit)
        case .unseen(let gap):
            guard !facts.isMissing(spec.id, gap, in: .environments, snapshot, isKnown: facts.environmentIsKnown(spec))
            else {
                return refuseMissing(unit, "Environment", spec.name, id: spec.id, displayName: spec.displayName)
            }
            leaveUnlisted(
                unit, spec.managementPolicy, fields: spec.managedFields, isKnown: facts.environmentIsKnown(spec),
                waitsFor: "\(unit.address), \(gap.silence)")
        case .absent: createOrRefuse(unit, spec)
        case .found(let live): settle(unit, spec, live: live)
        }
    }

    private mutating func createOrRefuse(_ unit: Unit, _ spec: EnvironmentSpec) {
        guard spec.managementPolicy == .manage, spec.id == nil else {
            guard observation.registries[spec.name]?.snapshot == nil else { return noteUnlisted(unit) }
            return refuseMissing(unit, "Environment", spec.name, id: spec.id, displayName: spec.displayName)
        }
        let creation = EnvironmentCreation(
            environment: spec.name, displayName: spec.displayName, governance: spec.governance)
        create(unit, fields: spec.managedFields, shown: spec.managedFields.asDifferences) { effect in
            Step("create", unit.address, .cloud(.createEnvironment(creation)), ledger: effect)
        }
    }

    private mutating func settle(_ unit: Unit, _ spec: EnvironmentSpec, live: ObservedEnvironment) {
        guard spec.managementPolicy == .manage else {
            noteOtherName(unit, live.displayName, wanted: spec.displayName, hasID: spec.id != nil)
            return observeOnly(unit)
        }
        if spec.governance == .essentials, live.governance == .advanced, !options.adoptOnly {
            return refuseImmutable(
                unit, "Environment", spec.name, "spec.streamGovernance.package", .governance(environment: spec.name))
        }
        let differences = spec.managedFields.differences(fromLive: live.fields)
        let changed = Set(differences.map(\.field))
        let update = EnvironmentUpdate(
            environment: spec.name, displayName: changed.contains("displayName") ? spec.displayName : nil,
            governance: changed.contains("streamGovernance.package") ? spec.governance : nil)
        settle(unit, differences: differences, fields: spec.managedFields, live: live.fields, nativeID: live.id) {
            [Step("update", unit.address, .cloud(.updateEnvironment(update)), ledger: $0)]
        }
    }

    // MARK: Clusters

    private mutating func plan(_ spec: ClusterSpec) {
        var unit = Unit(
            .init(.cluster, spec.name), labels: spec.metadata.labels,
            ownership: .init(policy: spec.deletionPolicy, spec.metadata))
        if let conflict = conflicts[unit.address] { return refuse(unit, conflict) }
        guard let environment = spec.environment.flatMap({ workspace.environments[$0] }),
            let connection = environment.connection, spec.type.isCloud
        else { return put(unit) }
        unit.dependencies = [ResourceAddress(.environment, environment.name)]
        guard let snapshot = observation.controlPlanes[connection]?.snapshot else {
            return leaveUnlisted(
                unit, spec.managementPolicy, fields: spec.managedFields, isKnown: facts.clusterIsKnown(spec),
                waitsFor: facts.silence(of: connection))
        }
        switch observation.match(spec, in: workspace, siteIdentities) {
        case nil, .ambiguous?, .namesake?, .misplaced?: refuse(unit)
        case .unseen(let gap)?: leaveUnseen(unit, spec, gap, snapshot)
        case .absent?: createOrRefuse(unit, spec)
        case .found(let live)?: settle(unit, spec, live: live)
        }
    }

    /// A cluster that the lists do not tell of: one that answers itself goes on.
    private mutating func leaveUnseen(
        _ unit: Unit, _ spec: ClusterSpec, _ gap: ListGap, _ snapshot: ControlPlaneSnapshot
    ) {
        let environmentID = spec.environment.flatMap { liveIDs.environment($0) } ?? ""
        let list = ControlPlaneList.clusters(environment: environmentID)
        if snapshot.gaps[list] == nil, observation.clusters[spec.name]?.snapshot != nil { return noteUnlisted(unit) }
        guard !facts.isMissing(spec.id, gap, in: list, snapshot, isKnown: facts.clusterIsKnown(spec)) else {
            return refuseMissing(unit, "Cluster", spec.name, id: spec.id, displayName: spec.displayName)
        }
        leaveUnlisted(
            unit, spec.managementPolicy, fields: spec.managedFields, isKnown: facts.clusterIsKnown(spec),
            waitsFor: facts.waitsFor(unit.address, gap))
    }

    private mutating func createOrRefuse(_ unit: Unit, _ spec: ClusterSpec) {
        guard spec.managementPolicy == .manage, spec.id == nil, let creation = ClusterCreation(spec) else {
            guard observation.clusters[spec.name]?.snapshot == nil else { return noteUnlisted(unit) }
            return refuseMissing(unit, "Cluster", spec.name, id: spec.id, displayName: spec.displayName)
        }
        create(unit, fields: spec.managedFields, shown: spec.managedFields.asDifferences) { effect in
            Step("create", unit.address, .cloud(.createCluster(creation)), ledger: effect)
        }
    }

    private mutating func settle(_ unit: Unit, _ spec: ClusterSpec, live: ObservedCluster) {
        if live.phase == .failed { return refuseFailed(unit, spec, live) }
        if let refusal = facts.unknownAccessPoint(of: spec, live) ?? facts.misdescribed(spec, live), !options.adoptOnly
        {
            var unit = unit
            unit.isThere = true
            return refuse(unit, refusal)
        }
        guard spec.managementPolicy == .manage else {
            noteOtherName(unit, live.displayName, wanted: spec.displayName, hasID: spec.id != nil)
            return observeOnly(unit)
        }
        let differences = spec.managedFields.differences(fromLive: live.fields)
        if let fixed = differences.first(where: { !$0.isChangeable }), !options.adoptOnly {
            return refuseImmutable(
                unit, "Cluster", spec.name, "spec.\(fixed.field)", .immutable(cluster: spec.name, fixed))
        }
        if live.phase != .provisioned, !differences.isEmpty {
            return hold(unit, waitsFor: "\(spec.name) is not provisioned yet")
        }
        settle(unit, differences: differences, fields: spec.managedFields, live: live.fields, nativeID: live.id) {
            [Step("update", unit.address, .cloud(.updateCluster(spec.update(for: differences))), ledger: $0)]
        }
    }

    /// A site that is only observed is the one that is known, however it is named now.
    private mutating func noteOtherName(_ unit: Unit, _ live: String, wanted: String, hasID: Bool) {
        guard live != wanted, !hasID else { return }
        written.notes.append(
            Plan.Note(.displayName(live: live, declared: wanted), about: unit.address.description))
    }

    private mutating func refuseFailed(_ unit: Unit, _ spec: ClusterSpec, _ live: ObservedCluster) {
        let known = siteIdentities.clusters[spec.name].map { _ in unit.address }
        refuse(
            unit,
            Refusal(
                .identity, subject: unit.address.description, .site(.provisioningFailed(id: live.id, known: known)),
                origin: ManifestOrigin("Cluster", spec.name, "metadata.name")))
    }

    // MARK: Registries

    /// The registry of an environment appears with its governance package or its first cluster: what needs it waits
    /// for those when this plan creates them, and else for somebody who does.
    private mutating func planRegistry(of spec: EnvironmentSpec) {
        let environment = ResourceAddress(.environment, spec.name)
        var unit = Unit(ResourceAddress(.registry, spec.name), after: [environment], labels: spec.metadata.labels)
        guard case .absent? = observation.registries[spec.name] else { return put(unit) }
        let clusters = workspace.clusters.values.filter { $0.environment == spec.name && $0.type.isCloud }
            .map { ResourceAddress(.cluster, $0.name) }.sorted()
        let makers = [environment] + clusters
        guard makers.contains(where: isCreated) else {
            let reason = "the Schema Registry of \(spec.name), which appears with the environment's first cluster"
            return makers.contains(where: isHeld) ? put(unit, after: makers) : wait(unit, for: reason)
        }
        unit.dependencies = makers.filter { isCreated($0) || $0 == environment }
        unit.steps = [Step("await", unit.address, .cloud(.awaitRegistry(EnvironmentReference(environment: spec.name))))]
        put(unit)
    }

    private mutating func put(_ unit: Unit, after dependencies: [ResourceAddress]) {
        var unit = unit
        unit.dependencies = dependencies
        put(unit)
    }

    private func isCreated(_ address: ResourceAddress) -> Bool {
        written.units[address]?.change?.effect == .create
    }

    /// Whether this plan does anything to it.
    private func isMaking(_ address: ResourceAddress) -> Bool {
        !(written.units[address]?.steps.isEmpty ?? true)
    }

    private func isHeld(_ address: ResourceAddress) -> Bool {
        written.units[address]?.hold != nil
    }

    /// A site that no list tells of: what is known from before goes on, a change of the site itself waits.
    private mutating func leaveUnlisted(
        _ unit: Unit, _ policy: ManagementPolicy, fields: [String: String], isKnown: Bool, waitsFor silence: String
    ) {
        guard policy == .manage else {
            return isKnown ? put(unit) : wait(unit, for: "\(unit.address.name), \(silence)")
        }
        if isKnown, facts.ownedRow(of: unit.address) == nil {
            var unit = unit
            unit.isThere = true
            return hold(unit, .adopt, waitsFor: silence)
        }
        leaveUnseen(unit, fields: fields, waitsFor: silence)
    }

    /// A site that answers itself exists, whatever the control plane lists for this key.
    private mutating func noteUnlisted(_ unit: Unit) {
        written.notes.append(Plan.Note(.unlisted, about: unit.address.description))
        put(unit)
    }

    /// A site that is only observed is not owned, or not any more.
    private mutating func observeOnly(_ unit: Unit) {
        var unit = unit
        unit.isThere = true
        if recorded.owned[unit.address] != nil {
            unit.change = Change(.release, unit.address, reason: .leaving(.observed))
            unit.steps = [Step("release", unit.address, .ledger(.release), ledger: .disown)]
        }
        put(unit)
    }

    // MARK: Refusals

    private mutating func refuseMissing(
        _ unit: Unit, _ kind: String, _ name: String, id: String?, displayName: String
    ) {
        refuse(
            unit,
            Refusal(
                .identity, subject: unit.address.description,
                .identity(.missing(unit.address, id: id, displayName: displayName)),
                origin: ManifestOrigin(kind, name, "metadata.name")))
    }
}

extension Facts {
    /// A key of another organization than the connection expects: nothing it shows is what the manifests mean.
    fileprivate func foreignOrganization(
        _ connection: String, _ snapshot: ControlPlaneSnapshot, _ address: ResourceAddress
    ) -> Refusal? {
        guard case .confluentCloud(let cloud)? = workspace.connections[connection]?.system,
            let expected = cloud.organization, let organization = snapshot.organization, organization != expected
        else { return nil }
        return Refusal(
            .identity, subject: address.description,
            .identity(.organization(connection: connection, expected: expected, found: organization)),
            origin: ManifestOrigin("Connection", connection, "spec.confluentCloud.organization"))
    }

    /// What work on a site waits for whose own answer does not prove that it is gone.
    fileprivate func waitsFor(_ address: ResourceAddress, _ gap: ListGap) -> String {
        guard case .denied = gap else { return "\(address), \(gap.silence)" }
        return "\(address), \(gap.silence): it was deleted, or this key lost its role on it; if it was deleted: "
            + "\(AdvisedCommand(.forget, address))"
    }

    /// Whether an id of a manifest names nothing that was ever seen: the list is whole, and its own answer shows nothing.
    fileprivate func isMissing(
        _ id: String?, _ gap: ListGap, in list: ControlPlaneList, _ snapshot: ControlPlaneSnapshot, isKnown: Bool
    ) -> Bool {
        guard id != nil, !isKnown, snapshot.gaps[list] == nil, case .denied = gap else { return false }
        return true
    }

    // MARK: What the lists do not say

    /// Id under which a site was last seen.
    func rememberedID(of address: ResourceAddress) -> String? {
        address.kind == .cluster
            ? recorded.sites.clusters[address.name]?.id : recorded.sites.environments[address.name]?.id
    }

    fileprivate func environmentIsKnown(_ spec: EnvironmentSpec) -> Bool {
        recorded.sites.environments[spec.name] != nil || observation.sites.environments[spec.name] != nil
    }

    fileprivate func clusterIsKnown(_ spec: ClusterSpec) -> Bool {
        recorded.sites.clusters[spec.name] != nil || observation.sites.clusters[spec.name] != nil
    }

    fileprivate func silence(of connection: String) -> String {
        "its control plane \(connection), \(observation.controlPlanes[connection]?.silence ?? "not observed")"
    }
}

/// The plan for environments, clusters and registries.
struct SitePlan {
    let draft: Draft
    /// Those that this plan makes or changes.
    private let made: Set<ResourceAddress>

    fileprivate init(draft: Draft) {
        self.draft = draft
        made = Set(draft.units.filter { !$0.value.steps.isEmpty }.keys)
    }

    /// Whether this plan does anything to a site.
    func isMaking(_ address: ResourceAddress) -> Bool { made.contains(address) }
}
