import Domain

/// Where the clusters of a rehearsal lie, and what of them is there before the first apply: everything the workspace
/// only observes.
struct DrillEstate {
    /// Region of every cluster, by name.
    let regions: [String: String]
    /// Clusters whose region is not the declared one.
    let displaced: [String]
    /// Ids of environments that are there before, by name.
    let environments: [String: String]
    /// Ids of clusters that are there before, by name.
    let clusters: [String: String]
    /// Ids of the registries of self-managed sites, by environment.
    let registries: [String: String]
    private let workspace: Workspace

    /// The estate of a workspace.
    ///
    /// - Parameter members: Members of the group: each is given a region of its own, so that one can be lost.
    init(of workspace: Workspace, members: [String]) {
        self.workspace = workspace
        var regions: [String: String] = [:]
        var taken: Set<String> = []
        let names = members + workspace.clusters.keys.filter { !members.contains($0) }.sorted()
        for name in names {
            let declared = workspace.clusters[name]?.region
            let isFree = declared.map { !members.contains(name) || taken.insert($0).inserted } ?? false
            regions[name] = isFree ? declared : "drill-\(name)"
        }
        self.regions = regions
        displaced = members.filter { name in
            workspace.clusters[name]?.region.map { $0 != regions[name] } ?? false
        }
        let seeded = workspace.clusters.values.filter(\.isThereBefore)
        clusters = Dictionary(uniqueKeysWithValues: seeded.map { ($0.name, $0.id ?? Self.id("lkc", $0.name)) })
        let hosts = Set(seeded.compactMap(\.environment))
        environments = Dictionary(
            uniqueKeysWithValues: workspace.environments.values
                .filter { $0.connection != nil }
                .filter { $0.managementPolicy == .observe || $0.id != nil || hosts.contains($0.name) }
                .map { ($0.name, $0.id ?? Self.id("env", $0.name)) })
        registries = Dictionary(
            uniqueKeysWithValues: workspace.environments.values.filter { $0.connection == nil }
                .map { ($0.name, Self.id("lsrc", $0.name)) })
    }

    private static func id(_ prefix: String, _ name: String) -> String {
        "\(prefix)-drill-\(name.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" })"
    }

    /// Region of an environment's registry: that of its first cluster.
    func region(ofEnvironment name: String) -> String {
        let cluster = workspace.clusters.values.filter { $0.environment == name }.map(\.name).min()
        return cluster.flatMap { regions[$0] } ?? "drill-\(name)"
    }

    // MARK: What the simulator takes

    /// The body of `POST /_sim/estate`.
    var body: SimulatedEstate {
        SimulatedEstate(
            environments: environments.sorted { $0.key < $1.key }.compactMap(environment),
            registries: registries.sorted { $0.key < $1.key }.map { name, id in
                SimulatedEstate.Registry(id: id, region: region(ofEnvironment: name))
            },
            clusters: clusters.sorted { $0.key < $1.key }.compactMap(cluster))
    }

    private func environment(_ name: String, _ id: String) -> SimulatedEstate.Environment? {
        guard let spec = workspace.environments[name] else { return nil }
        return SimulatedEstate.Environment(
            id: id, displayName: spec.displayName, package: (spec.governance ?? .advanced).rawValue,
            registry: .init(id: Self.id("lsrc", name), region: region(ofEnvironment: name)))
    }

    private func cluster(_ name: String, _ id: String) -> SimulatedEstate.Cluster? {
        guard let spec = workspace.clusters[name], let region = regions[name] else { return nil }
        return SimulatedEstate.Cluster(
            id: id, kind: spec.type.rawValue, region: region, displayName: spec.displayName,
            environment: spec.environment.flatMap { environments[$0] }, cloud: spec.cloud,
            availability: spec.availability?.rawValue, cku: spec.cku)
    }
}

extension ClusterSpec {
    /// Whether it is there before the first apply.
    fileprivate var isThereBefore: Bool {
        managementPolicy == .observe || id != nil || !type.isCloud
    }
}

/// What `POST /_sim/estate` takes.
struct SimulatedEstate: Encodable {
    struct Registry: Encodable {
        let id: String
        let region: String
    }

    struct Environment: Encodable {
        let id: String
        let displayName: String
        let package: String
        let registry: Registry
    }

    struct Cluster: Encodable {
        let id: String
        let kind: String
        let region: String
        let displayName: String
        let environment: String?
        let cloud: String?
        let availability: String?
        let cku: Int?
    }

    struct Key: Encodable {
        let id: String
        let secret: String
        let resource: String
        let owner: String
    }

    var environments: [Environment] = []
    var registries: [Registry] = []
    var keys: [Key] = []
    var clusters: [Cluster] = []
}

extension SimulatedEstate.Environment {
    private enum CodingKeys: String, CodingKey {
        case id
        case displayName = "display_name"
        case package
        case registry
    }
}

extension SimulatedEstate.Cluster {
    private enum CodingKeys: String, CodingKey {
        case id
        case kind
        case region
        case displayName = "display_name"
        case environment
        case cloud
        case availability
        case cku
    }
}
