import Domain

/// What the ledger owns, under the names the manifests give the live objects now: ownership belongs to an object on a
/// site, not to the name of a manifest.
struct LiveOwnership {
    /// The ledger, with every row under its name of now.
    private(set) var recorded: Recorded
    /// Addresses of now, by those in the ledger, where they differ.
    private(set) var renamed: [ResourceAddress: ResourceAddress] = [:]
    /// Rows of objects on a site that its name does not mean any more.
    private(set) var strays: [ResourceAddress: Recorded.Owned] = [:]
    /// Manifests' names of now, by those the ledger remembers.
    private(set) var clusterNames: [String: String] = [:]
    private(set) var environmentNames: [String: String] = [:]

    private let ids: LiveIDs

    init(_ input: PlanInput) {
        ids = LiveIDs(input.workspace, input.observation.sites)
        recorded = input.recorded
        for (name, site) in input.recorded.sites.clusters {
            if let now = ids.renamedCluster(name, site.id) { clusterNames[name] = now }
        }
        for (name, site) in input.recorded.sites.environments {
            if let now = site.id.flatMap({ ids.renamedEnvironment(name, $0) }) { environmentNames[name] = now }
        }
        recorded.moves = input.recorded.moves.mapValues { [clusterNames] in $0.renaming(clusterNames) }
        for (address, row) in input.recorded.owned { place(row, at: address, input) }
        for (old, now) in clusterNames where recorded.sites.clusters[now] == nil {
            recorded.sites.clusters[now] = recorded.sites.clusters[old]
        }
        for (old, now) in environmentNames where recorded.sites.environments[now] == nil {
            recorded.sites.environments[now] = recorded.sites.environments[old]
        }
    }

    private mutating func place(_ row: Recorded.Owned, at address: ResourceAddress, _ input: PlanInput) {
        switch ids.whereabouts(of: row, at: address, input.recorded.sites) {
        case .unchanged:
            if hasRenames { recorded.owned[address] = renaming(row) }
        case .under(let now):
            renamed[address] = now
            recorded.owned[address] = nil
            if input.recorded.owned[now] == nil { recorded.owned[now] = renaming(row) }
        case .elsewhere:
            strays[address] = row
            recorded.owned[address] = nil
        }
    }

    private var hasRenames: Bool { !clusterNames.isEmpty || !environmentNames.isEmpty }

    /// The row with the names of now in its fields.
    private func renaming(_ row: Recorded.Owned) -> Recorded.Owned {
        guard hasRenames else { return row }
        var row = row
        for field in ["remote", "source"] {
            if let now = row.applied[field].flatMap({ clusterNames[$0] }) { row.applied[field] = now }
        }
        if let now = row.applied["destination"].flatMap({ environmentNames[$0] }) { row.applied["destination"] = now }
        return row
    }
}

/// Ids of the live sites that the manifests' names mean now, as far as they are known.
struct LiveIDs {
    private let workspace: Workspace
    private let clusters: [String: String]
    private let environments: [String: String]
    private let namesOfClusters: [String: [String]]
    private let namesOfEnvironments: [String: [String]]

    init(_ workspace: Workspace, _ sites: KnownSites) {
        self.workspace = workspace
        clusters = workspace.clusters.reduce(into: [:]) { ids, entry in
            ids[entry.key] = entry.value.id ?? sites.clusters[entry.key]?.id
        }
        environments = workspace.environments.reduce(into: [:]) { ids, entry in
            ids[entry.key] = entry.value.id ?? sites.environments[entry.key]?.id
        }
        namesOfClusters = Dictionary(grouping: clusters.keys) { [clusters] in clusters[$0] ?? "" }
        namesOfEnvironments = Dictionary(grouping: environments.keys) { [environments] in environments[$0] ?? "" }
    }

    /// Where a row's object is to be found now.
    enum Whereabouts {
        case unchanged
        case under(ResourceAddress)
        /// On a site that no manifest means under this name.
        case elsewhere
    }

    /// Id of the cluster or environment that holds an object of an address; `nil` when it is not known, and for what no
    /// site holds.
    func site(of address: ResourceAddress) -> String? {
        guard let place = address.place else { return nil }
        return address.kind.isInRegistry ? environments[place] : clusters[place]
    }

    /// Id of the environment that a manifest's name means.
    func environment(_ name: String) -> String? { environments[name] }

    func renamedCluster(_ name: String, _ id: String) -> String? {
        clusters[name] == id ? nil : only(namesOfClusters[id]).flatMap { workspace.clusters[name] == nil ? $0 : nil }
    }

    func renamedEnvironment(_ name: String, _ id: String) -> String? {
        environments[name] == id
            ? nil : only(namesOfEnvironments[id]).flatMap { workspace.environments[name] == nil ? $0 : nil }
    }

    func whereabouts(of row: Recorded.Owned, at address: ResourceAddress, _ seen: KnownSites) -> Whereabouts {
        switch (address.kind, address.place) {
        case (.environment, nil):
            guard let id = row.nativeID ?? seen.environments[address.name]?.id else { return .unchanged }
            return whereabouts(id, address.name, environments, namesOfEnvironments) { .init(.environment, $0) }
        case (.cluster, nil):
            guard let id = row.nativeID ?? seen.clusters[address.name]?.id else { return .unchanged }
            return whereabouts(id, address.name, clusters, namesOfClusters) { .init(.cluster, $0) }
        case (_, nil): return .unchanged
        case (let kind, let place?) where kind.isInRegistry:
            guard let id = row.siteID ?? seen.environments[place]?.id else { return .unchanged }
            return whereabouts(id, place, environments, namesOfEnvironments) { .init(kind, in: $0, address.name) }
        case (let kind, let place?):
            guard let id = row.siteID ?? seen.clusters[place]?.id else { return .unchanged }
            return whereabouts(id, place, clusters, namesOfClusters) { .init(kind, in: $0, address.name) }
        }
    }

    private func whereabouts(
        _ id: String, _ name: String, _ now: [String: String], _ names: [String: [String]],
        _ address: (String) -> ResourceAddress
    ) -> Whereabouts {
        if now[name] == id { return .unchanged }
        if let other = only(names[id]) { return .under(address(other)) }
        return now[name] == nil ? .unchanged : .elsewhere
    }

    private func only(_ names: [String]?) -> String? {
        names?.count == 1 ? names?.first : nil
    }
}
