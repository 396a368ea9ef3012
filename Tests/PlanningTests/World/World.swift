import Domain
import Planning

/// The live systems and the ledger in memory: what a plan is made from, and what its steps act on.
struct World {
    struct Environment: Equatable {
        var id: String
        var displayName: String
        var governance: GovernancePackage?
        var registry: RegistrySnapshot?
    }

    struct Cluster {
        var listed: ObservedCluster
        var topics: [String: ObservedTopic] = [:]
        var configs: [String: [String: String]] = [:]
        var links: [String: ObservedLink] = [:]
        var mirrors: [ObservedMirror] = []
        /// Records by topic, as numbers that tell them apart.
        var records: [String: [Int]] = [:]
        var denials: Set<ACLBinding> = []
        /// Entries that allow something.
        var allowances: Set<ACLBinding> = []
        /// Topics whose mirrors tell no position, as after a change of leaders.
        var forgotten: Set<String> = []
        /// Committed offsets, as the number of records read.
        var commits: [Commit: Int] = [:]
    }

    /// Where a consumer group keeps its place.
    struct Commit: Hashable {
        let group: String
        let topic: String
    }

    enum Endpoint: Hashable {
        case controlPlane
        case cluster(String)
        case registry(String)
        case store(ResourceAddress)
    }

    enum Silence: CaseIterable {
        case unreachable
        case denied
        case broken
        case throttled
        case withoutCredentials
    }

    /// A step that no careful operator would have sent.
    struct Violation: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// Something that a real service refuses for a good reason: no mistake of the plan.
    struct Refused: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// By id.
    var environments: [String: Environment] = [:]
    /// By id.
    var clusters: [String: Cluster] = [:]
    var stores: [ResourceAddress: StoreSnapshot] = [:]
    var withdrawn: [Withdrawal] = []
    var ledger = Recorded(ledgerID: "ledger-1")
    /// Endpoints that do not answer Spillway; clients and links may still reach them.
    var silent: [Endpoint: Silence] = [:]
    /// Clusters, by id, that nobody reaches.
    var dead: Set<String> = []
    /// Ids of environments and clusters that lists leave out, with what asking for them tells; `nil` = nobody asks.
    var hidden: [String: OwnAnswer?] = [:]
    /// Topics that the lists of a cluster leave out although they are there, by the cluster's id.
    var omitted: [String: Set<String>] = [:]
    /// Whether lists are taken at their word, although an object that they leave out says itself that it is there.
    var believesLists = false
    /// Versions by the id of the environment.
    var schemas: [String: Set<SchemaVersionID>] = [:]
    /// Why the credentials of a binding are refused wherever it signs in, by binding.
    var refusedSignIns: [String: String] = [:]
    /// Generations that each hook announced.
    var announced: [ResourceAddress: [Int]] = [:]
    /// Hooks whose workload refuses to restart.
    var failingHooks: Set<ResourceAddress> = []
    /// Whether `promote` is refused while the mirror lags, as the service does.
    var checksLag = true
    /// Now.
    var time = Timestamp(milliseconds: 1_000_000_000)
    /// Addresses of what effectful steps acted on.
    var touched: [ResourceAddress] = []
    private var lastID = 0

    mutating func newID(_ prefix: String) -> String {
        lastID += 1
        return "\(prefix)-\(lastID)"
    }

    // MARK: Where manifests' names lead

    func environment(_ name: String, _ workspace: Workspace) -> Environment? {
        guard let spec = workspace.environments[name] else { return nil }
        let known = SiteIdentities(workspace, ledger).environments[name]
        if let environment = known.flatMap({ environments[$0] }) { return environment }
        return environments.values.first { $0.id == spec.id || (spec.id == nil && $0.displayName == spec.displayName) }
    }

    func cluster(_ name: String, _ workspace: Workspace) -> Cluster? {
        guard let spec = workspace.clusters[name] else { return nil }
        guard spec.type.isCloud else { return spec.id.flatMap { clusters[$0] } }
        let known = SiteIdentities(workspace, ledger).clusters[name]
        if let cluster = known.flatMap({ clusters[$0] }) { return cluster }
        let environment = spec.environment.flatMap { self.environment($0, workspace)?.id }
        return clusters.values.first { cluster in
            cluster.listed.environmentID == environment
                && (cluster.listed.id == spec.id || (spec.id == nil && cluster.listed.displayName == spec.displayName))
        }
    }

    mutating func addEnvironment(_ spec: EnvironmentSpec) {
        let id = spec.id ?? newID("env")
        environments[id] = Environment(
            id: id, displayName: spec.displayName, governance: spec.governance,
            registry: spec.governance == nil ? nil : RegistrySnapshot(compatibility: .backward))
    }

    mutating func addCluster(_ spec: ClusterSpec, in environmentID: String) {
        let id = spec.id ?? newID("lkc")
        clusters[id] = Cluster(
            listed: ObservedCluster(
                id: id, environmentID: environmentID, displayName: spec.displayName, kind: spec.type.rawValue,
                cloud: spec.cloud ?? "AWS", region: spec.region ?? "r", availability: spec.availability ?? .multiZone,
                cku: spec.cku, maxEcku: spec.maxEcku, deletionProtection: spec.deletionProtection,
                network: spec.network,
                byok: spec.byok, phase: .provisioned,
                accessPoints: [AccessPoint(id: "PUBLIC", bootstrapServers: "\(id):9092", restEndpoint: "https://\(id)")]
            ))
        if environments[environmentID]?.registry == nil {
            environments[environmentID]?.registry = RegistrySnapshot(compatibility: .backward)
        }
    }

    /// Environments and clusters as the manifests describe them.
    mutating func addSites(of workspace: Workspace) {
        for spec in workspace.environments.values.sorted(by: { $0.name < $1.name })
        where environment(spec.name, workspace) == nil { addEnvironment(spec) }
        for spec in workspace.clusters.values.sorted(by: { $0.name < $1.name })
        where cluster(spec.name, workspace) == nil {
            addCluster(spec, in: spec.environment.flatMap { environment($0, workspace)?.id } ?? "")
        }
    }

    /// Changes the cluster a manifest names.
    mutating func change(_ name: String, _ workspace: Workspace, _ edit: (inout Cluster) -> Void) {
        guard let id = cluster(name, workspace)?.listed.id, var cluster = clusters[id] else { return }
        edit(&cluster)
        clusters[id] = cluster
    }

    /// Changes the registry of the environment a manifest names.
    mutating func changeRegistry(_ name: String, _ workspace: Workspace, _ edit: (inout RegistrySnapshot) -> Void) {
        guard let id = environment(name, workspace)?.id, var registry = environments[id]?.registry else { return }
        edit(&registry)
        environments[id]?.registry = registry
    }
}
