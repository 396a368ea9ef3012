import Domain

/// Which exporters are a family's, wherever they run, and what each is called: what the ledger says comes before names,
/// so that neither another name of the group nor another number of members leaves one behind.
extension Facts {
    /// The family's exporters that a registry holds.
    func exporters(of family: GroupFamily, on environment: String) -> [ObservedExporter] {
        let live = observation.registries[environment]?.snapshot?.exporters ?? []
        return live.filter { isOwn($0, on: environment, family) }.sorted { $0.name < $1.name }
    }

    /// The environments whose registries may hold exporters of a family: its members', and those of members that left.
    func registries(of family: GroupFamily) -> Set<String> {
        let recorded = index.recordedExporters.filter { environment, rows in
            rows.contains { isOwn($0.value, at: $0.key, family) }
        }
        return memberRegistries(of: family).union(recorded.keys)
    }

    /// The name of a group's exporter into a registry: that of the one which is there, by the ledger or by where it
    /// leads; a new one is called like the group, and like its destination too where that name is given.
    func exporterName(
        of group: FailoverGroupSpec, _ settings: SchemaSettings, _ family: GroupFamily, from source: String,
        to destination: String, isOnly: Bool
    ) -> String {
        let base = settings.exporterName ?? group.name
        let names = [base, "\(base)-\(destination)"]
        let rows = (index.recordedExporters[source] ?? [:]).filter { isOwn($0.value, at: $0.key, family) }
        let there = rows.filter { address, row in
            row.applied["destination"] == destination
                && (names.contains(address.name)
                    || settings.exporterName == nil && isInherited(row, at: address, family))
        }.map(\.key.name)
        if let name = names.first(where: there.contains) ?? there.min() { return name }
        let live = observation.registries[source]?.snapshot?.exporters ?? []
        if let name = names.first(where: { name in live.contains { $0.name == name && leads($0, to: destination) } }) {
            return name
        }
        return isOnly && !rows.contains { $0.key.name == base } ? base : names[1]
    }

    /// What the ledger owns of a group that is in the manifests under another name now.
    func inheritedExporters(of family: GroupFamily) -> [ResourceAddress] {
        index.recordedExporters.values.flatMap { rows in
            rows.filter { isInherited($0.value, at: $0.key, family) }.map(\.key)
        }
    }

    // MARK: Whose it is

    private func isOwn(_ exporter: ObservedExporter, on environment: String, _ family: GroupFamily) -> Bool {
        let address = ResourceAddress(.exporter, in: environment, exporter.name)
        if let row = recorded.owned[address] { return isOwn(row, at: address, family) }
        guard isNamed(exporter.name, family) else { return false }
        // Nobody's by the ledger, which may be lost: the holder's is the family's where it leads to another member, as a
        // plan would adopt it; elsewhere one of a family that never moved is somebody else's.
        let isBetweenMembers = registries(of: family).contains { $0 != environment && leads(exporter, to: $0) }
        if hasMoved(LinkOwner(family)) { return isBetweenMembers || exporter.destinationURL == nil }
        return isBetweenMembers && environment == situations[family.name].flatMap { self.environment(of: $0.source) }
    }

    private func isOwn(_ row: Recorded.Owned, at address: ResourceAddress, _ family: GroupFamily) -> Bool {
        guard row.isDerived, let declaredBy = row.declaredBy else {
            return isNamed(address.name, family) && row.isDerived
        }
        return declaredBy == LinkOwner(family).description || isInherited(row, at: address, family)
    }

    /// Whether an exporter came from a group that no manifest names any more, and runs between two of this family's
    /// registries: of which one group only may copy schemas.
    private func isInherited(_ row: Recorded.Owned, at address: ResourceAddress, _ family: GroupFamily) -> Bool {
        guard row.isDerived, let declaredBy = row.declaredBy, let source = address.place,
            let destination = row.applied["destination"], family.groups.contains(where: { $0.schemas != nil }),
            !families.contains(where: { LinkOwner($0).description == declaredBy })
        else { return false }
        return memberRegistries(of: family).isSuperset(of: [source, destination])
    }

    private func memberRegistries(of family: GroupFamily) -> Set<String> {
        Set(family.members.compactMap { environment(of: $0) })
    }

    private func isNamed(_ name: String, _ family: GroupFamily) -> Bool {
        family.groups.contains { group in
            guard let settings = group.schemas else { return false }
            let base = settings.exporterName ?? group.name
            return name == base || workspace.environments.keys.contains { name == "\(base)-\($0)" }
        }
    }

    /// Whether an exporter writes to the registry of an environment.
    private func leads(_ exporter: ObservedExporter, to environment: String) -> Bool {
        guard let url = observation.sites.environments[environment]?.registryEndpoint else { return false }
        return exporter.destinationURL.map { Self.endpoint($0) == Self.endpoint(url) } ?? false
    }
}
