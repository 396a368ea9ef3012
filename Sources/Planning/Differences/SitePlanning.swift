import Domain

/// Environments, clusters and the registries that come with them.
extension Planner {
    mutating func planSites() {
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
        guard let snapshot = observation.controlPlanes[connection]?.snapshot else {
            return leaveUnlisted(
                unit, spec.managementPolicy, fields: spec.managedFields, isKnown: environmentIsKnown(spec), connection)
        }
        if let refusal = foreignOrganization(connection, snapshot, unit.address) { return refuse(unit, refusal) }
        switch snapshot.match(spec, ownedID: ownedID(unit.address)) {
        case .ambiguous(let ids): refuseAmbiguous(unit, "Environment", spec.name, ids)
        case .misplaced: put(unit)
        case .absent: createOrRefuse(unit, spec)
        case .found(let live): settle(unit, spec, live: live)
        }
    }

    /// A key of another organization than the connection expects: nothing it shows is what the manifests mean.
    private func foreignOrganization(
        _ connection: String, _ snapshot: ControlPlaneSnapshot, _ address: ResourceAddress
    ) -> Refusal? {
        guard case .confluentCloud(let cloud)? = workspace.connections[connection]?.system,
            let expected = cloud.organization, let organization = snapshot.organization, organization != expected
        else { return nil }
        return Refusal(
            .identity, subject: address.description,
            message: "the Cloud API key of connection \(connection) belongs to organization \(organization), not "
                + expected,
            wayOut: "use a key of that organization, or correct `confluentCloud.organization`",
            origin: ManifestOrigin("Connection", connection, "spec.confluentCloud.organization"))
    }

    private mutating func createOrRefuse(_ unit: Unit, _ spec: EnvironmentSpec) {
        guard spec.managementPolicy == .manage, spec.id == nil else {
            guard observation.registries[spec.name]?.snapshot == nil else { return noteUnlisted(unit) }
            return refuseMissing(unit, "Environment", spec.name, id: spec.id, displayName: spec.displayName)
        }
        let creation = EnvironmentCreation(
            environment: spec.name, displayName: spec.displayName, governance: spec.governance)
        create(unit, fields: spec.managedFields, shown: spec.managedFields.asDifferences) { effect in
            Step("create", unit.address, .createEnvironment(creation), ledger: effect)
        }
    }

    private mutating func settle(_ unit: Unit, _ spec: EnvironmentSpec, live: ObservedEnvironment) {
        guard spec.managementPolicy == .manage else { return observeOnly(unit) }
        if spec.governance == .essentials, live.governance == .advanced, !options.adoptOnly {
            return refuseImmutable(
                unit, "Environment", spec.name, "spec.streamGovernance.package",
                "the governance package of \(spec.name) is ADVANCED and cannot go back to ESSENTIALS",
                wayOut: "write `package: ADVANCED`")
        }
        let differences = spec.managedFields.differences(fromLive: live.fields)
        let changed = Set(differences.map(\.field))
        if changed.contains("displayName"), spec.id == nil { expectRename(ofRegistryIn: spec.name) }
        let update = EnvironmentUpdate(
            environment: spec.name, displayName: changed.contains("displayName") ? spec.displayName : nil,
            governance: changed.contains("streamGovernance.package") ? spec.governance : nil)
        settle(unit, differences: differences, fields: spec.managedFields, live: live.fields, nativeID: live.id) {
            [Step("update", unit.address, .updateEnvironment(update), ledger: $0)]
        }
    }

    // MARK: Clusters

    private mutating func plan(_ spec: ClusterSpec) {
        var unit = Unit(
            .init(.cluster, spec.name), labels: spec.metadata.labels,
            ownership: .init(policy: spec.deletionPolicy, spec.metadata))
        if let refusal = strangerBehindEndpoint(of: spec) { return refuse(unit, refusal) }
        guard let environment = spec.environment.flatMap({ workspace.environments[$0] }),
            let connection = environment.connection, spec.type.isCloud
        else { return put(unit) }
        unit.dependencies = [ResourceAddress(.environment, environment.name)]
        guard let snapshot = observation.controlPlanes[connection]?.snapshot else {
            return leaveUnlisted(
                unit, spec.managementPolicy, fields: spec.managedFields, isKnown: clusterIsKnown(spec), connection)
        }
        let environmentID = snapshot.match(environment, ownedID: ownedID(unit.dependencies[0])).found?.id
        switch snapshot.match(spec, environmentID: environmentID, ownedID: ownedID(unit.address)) {
        case .ambiguous(let ids): refuseAmbiguous(unit, "Cluster", spec.name, ids)
        case .misplaced(let cluster, let reason):
            refuse(
                unit,
                Refusal(
                    .identity, subject: unit.address.description,
                    message: "\(cluster.id) is not in environment \(environment.name): \(reason)",
                    wayOut: "correct `environment` or `id`", origin: ManifestOrigin("Cluster", spec.name, "spec.id")))
        case .absent: createOrRefuse(unit, spec)
        case .found(let live): settle(unit, spec, live: live)
        }
    }

    /// Another cluster behind the endpoint than the one the manifest names.
    private func strangerBehindEndpoint(of spec: ClusterSpec) -> Refusal? {
        guard let id = spec.id, let answered = observation.clusters[spec.name]?.snapshot?.clusterID, answered != id
        else {
            return nil
        }
        return Refusal(
            .identity, subject: "cluster/\(spec.name)",
            message: "the cluster behind the endpoint of \(spec.name) is \(answered), not \(id)",
            wayOut: "correct `id`, or the endpoint", origin: ManifestOrigin("Cluster", spec.name, "spec.id"))
    }

    private mutating func createOrRefuse(_ unit: Unit, _ spec: ClusterSpec) {
        guard spec.managementPolicy == .manage, spec.id == nil, let creation = ClusterCreation(spec) else {
            guard observation.clusters[spec.name]?.snapshot == nil else { return noteUnlisted(unit) }
            return refuseMissing(unit, "Cluster", spec.name, id: spec.id, displayName: spec.displayName)
        }
        create(unit, fields: spec.managedFields, shown: spec.managedFields.asDifferences) { effect in
            Step("create", unit.address, .createCluster(creation), ledger: effect)
        }
    }

    private mutating func settle(_ unit: Unit, _ spec: ClusterSpec, live: ObservedCluster) {
        if live.phase == .failed { return refuseFailed(unit, spec, live) }
        expectRename(of: spec.name)
        if let refusal = unknownAccessPoint(of: spec, live) ?? misdescribed(spec, live), !options.adoptOnly {
            var unit = unit
            unit.isThere = true
            return refuse(unit, refusal)
        }
        guard spec.managementPolicy == .manage else { return observeOnly(unit) }
        let differences = spec.managedFields.differences(fromLive: live.fields)
        if let fixed = differences.first(where: { !$0.isChangeable }), !options.adoptOnly {
            return refuseImmutable(
                unit, "Cluster", spec.name, "spec.\(fixed.field)",
                "\(fixed.field) of \(spec.name) is \(fixed.from ?? "unset") and cannot become \(fixed.to ?? "unset")",
                wayOut: "write the live value, or declare another Cluster")
        }
        if live.phase != .provisioned, !differences.isEmpty {
            return hold(unit, waitsFor: "\(spec.name) is not provisioned yet")
        }
        settle(unit, differences: differences, fields: spec.managedFields, live: live.fields, nativeID: live.id) {
            [Step("update", unit.address, .updateCluster(spec.update(for: differences)), ledger: $0)]
        }
    }

    /// A site that is found only by the id the ledger owns was not asked: its lists can be read once it carries the
    /// name the manifest gives it.
    private mutating func expectRename(of cluster: String) {
        guard case .absent? = observation.clusters[cluster] else { return }
        observation.clusters[cluster] = .broken(reason: "it is asked once it is renamed")
    }

    private mutating func expectRename(ofRegistryIn environment: String) {
        guard case .absent? = observation.registries[environment] else { return }
        observation.registries[environment] = .broken(reason: "it is asked once its environment is renamed")
    }

    private mutating func refuseFailed(_ unit: Unit, _ spec: ClusterSpec, _ live: ObservedCluster) {
        refuse(
            unit,
            Refusal(
                .identity, subject: unit.address.description, message: "provisioning of \(live.id) has failed",
                wayOut: "delete \(live.id) in Confluent Cloud by hand; the next apply creates the cluster anew",
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
        unit.steps = [Step("await", unit.address, .awaitRegistry(environment: spec.name))]
        put(unit)
    }

    private mutating func put(_ unit: Unit, after dependencies: [ResourceAddress]) {
        var unit = unit
        unit.dependencies = dependencies
        put(unit)
    }

    private func isCreated(_ address: ResourceAddress) -> Bool {
        units[address]?.change?.effect == .create
    }

    /// Whether this plan does anything to it.
    func isMaking(_ address: ResourceAddress) -> Bool {
        !(units[address]?.steps.isEmpty ?? true)
    }

    private func isHeld(_ address: ResourceAddress) -> Bool {
        units[address]?.hold != nil
    }

    /// Nobody waits for a registry that no work needs.
    mutating func dropIdleWaits() {
        let waits = workspace.environments.keys.map { ResourceAddress(.registry, $0) }.filter { isMaking($0) }
        guard !waits.isEmpty else { return }
        let needed = Set(
            units.values.lazy.filter { !$0.steps.isEmpty }.flatMap(\.dependencies).filter { $0.kind == .registry })
        for address in waits where !needed.contains(address) { units[address]?.steps = [] }
    }

    // MARK: What the lists do not say

    /// Id of the object that the ledger owns under an address.
    private func ownedID(_ address: ResourceAddress) -> String? {
        guard let owned = recorded.owned[address], owned.isConfirmed else { return nil }
        return owned.nativeID ?? rememberedID(of: address)
    }

    /// Id under which a site was last seen.
    func rememberedID(of address: ResourceAddress) -> String? {
        address.kind == .cluster
            ? recorded.sites.clusters[address.name]?.id : recorded.sites.environments[address.name]?.id
    }

    private func environmentIsKnown(_ spec: EnvironmentSpec) -> Bool {
        recorded.sites.environments[spec.name] != nil || observation.sites.environments[spec.name] != nil
    }

    private func clusterIsKnown(_ spec: ClusterSpec) -> Bool {
        recorded.sites.clusters[spec.name] != nil || observation.sites.clusters[spec.name] != nil
    }

    /// A site whose control plane is silent: what is known from before goes on, a change of the site itself waits.
    private mutating func leaveUnlisted(
        _ unit: Unit, _ policy: ManagementPolicy, fields: [String: String], isKnown: Bool, _ connection: String
    ) {
        let silence =
            "its control plane \(connection), \(observation.controlPlanes[connection]?.silence ?? "not observed")"
        guard policy == .manage else {
            return isKnown ? put(unit) : wait(unit, for: "\(unit.address.name), \(silence)")
        }
        if isKnown, ownedRow(of: unit.address) == nil {
            var unit = unit
            unit.isThere = true
            return hold(unit, .adopt, waitsFor: silence)
        }
        leaveUnseen(unit, fields: fields, waitsFor: silence)
    }

    /// A site that answers itself exists, whatever the control plane lists for this key.
    private mutating func noteUnlisted(_ unit: Unit) {
        notes.append(
            Plan.Note(
                "the control plane does not list it, but it answers: its Cloud API key may not see it",
                about: unit.address.description))
        put(unit)
    }

    /// A site that is only observed is not owned, or not any more.
    private mutating func observeOnly(_ unit: Unit) {
        var unit = unit
        unit.isThere = true
        if recorded.owned[unit.address] != nil {
            unit.change = Change(.release, unit.address, reason: "managementPolicy is Observe; it stays as it is")
            unit.steps = [Step("release", unit.address, .release, ledger: .disown)]
        }
        put(unit)
    }

    // MARK: Refusals

    private mutating func refuseMissing(
        _ unit: Unit, _ kind: String, _ name: String, id: String?, displayName: String
    ) {
        let isManaged = id != nil
        refuse(
            unit,
            Refusal(
                .identity, subject: unit.address.description,
                message: "there is no \(kind.lowercased()) with "
                    + (id.map { "id \($0)" } ?? "display name '\(displayName)'"),
                wayOut: isManaged
                    ? "correct `id`, or remove it and set `managementPolicy: Manage` to let Spillway create it"
                    : "correct `displayName`, or set `managementPolicy: Manage` to let Spillway create it",
                origin: ManifestOrigin(kind, name, "metadata.name")))
    }

    private mutating func refuseAmbiguous(_ unit: Unit, _ kind: String, _ name: String, _ ids: [String]) {
        refuse(
            unit,
            Refusal(
                .identity, subject: unit.address.description,
                message: "\(ids.count) live objects carry this display name: \(ids.joined(separator: ", "))",
                wayOut: "add `id`", origin: ManifestOrigin(kind, name, "metadata.name")))
    }

    mutating func refuseImmutable(
        _ unit: Unit, _ kind: String, _ name: String, _ field: String, _ message: String, wayOut: String
    ) {
        refuse(
            unit,
            Refusal(
                .immutable, subject: unit.address.description, message: message, wayOut: wayOut,
                origin: ManifestOrigin(kind, name, field)))
    }

    mutating func refuseImmutable(
        _ unit: Unit, _ owner: LinkOwner, _ field: String, _ message: String, wayOut: String
    ) {
        refuse(
            unit,
            Refusal(
                .immutable, subject: unit.address.description, message: message, wayOut: wayOut,
                origin: owner.origin(field)), owner: owner)
    }
}
