import Domain
import Execution
import Foundation
import Logging
import Planning
import Transport

@testable import Bindings

/// A workspace folder of one test, removed with it.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("bindings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String, mode: Int = 0o644) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
    }

    func text(of name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return (attributes[.posixPermissions] as? Int ?? 0) & 0o777
    }

    func names(in folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }
}

/// A workspace with two clusters, a group and one binding that follows it.
func checkoutWorkspace(publish: [PublishTarget], secrets: [String: String] = [:]) -> Workspace {
    var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "shop")))
    for name in ["west", "east"] {
        var cluster = ClusterSpec(metadata: Metadata(name: name), type: .dedicated)
        cluster.environment = "prod-\(name)"
        workspace.clusters[name] = cluster
        workspace.environments["prod-\(name)"] = EnvironmentSpec(metadata: Metadata(name: "prod-\(name)"))
    }
    workspace.failoverGroups["payments"] = FailoverGroupSpec(
        metadata: Metadata(name: "payments"), placement: .declared(primary: "west", members: ["west", "east"]))
    var binding = ClientBindingSpec(metadata: Metadata(name: "checkout"), target: .failoverGroup("payments"))
    binding.publish = publish
    binding.secrets = secrets
    binding.properties["client.id"] = "checkout-${group.name}-${cluster.name}"
    for name in ["west", "east"] {
        binding.credentials[name] = ClientBindingSpec.SiteCredentials(
            kafka: Credentials(
                signIn: .apiKey(key: .environment("\(name)_KEY"), secret: .environment("\(name)_SECRET"))))
    }
    workspace.clientBindings["checkout"] = binding
    return workspace
}

let sites = KnownSites(
    clusters: [
        "west": KnownSites.Cluster(
            id: "lkc-w", bootstrapServers: "SASL_SSL://link-west:9092",
            clientBootstrapServers: "SASL_SSL://west:9092,SASL_SSL://west:9093"),
        "east": KnownSites.Cluster(id: "lkc-e", bootstrapServers: "SASL_SSL://east:9092"),
    ],
    environments: [
        "prod-west": KnownSites.Environment(registryEndpoint: "https://sr-west"),
        "prod-east": KnownSites.Environment(registryEndpoint: "https://sr-east"),
    ])

/// Environment variables with the credentials of the application at both sites.
let applicationSecrets = [
    "west_KEY": "WKEY", "west_SECRET": "w=s#e\\cret \"quoted\"", "east_KEY": "EKEY", "east_SECRET": "esecret",
]

let signIn = [
    "sasl.username": "${credentials.kafka.apiKey}",
    "sasl.jaas": "key=\"${credentials.kafka.apiKey}\" secret=${credentials.kafka.apiSecret} $${literal}",
]

let fingerprinter = Fingerprinter(key: Secret("a key of these tests"))

func fingerprint(_ text: String) -> Fingerprint {
    fingerprinter.fingerprint(Secret(text))
}

/// One publication of the binding.
func publication(
    to cluster: String = "west", target: Int = 0, epoch: Int? = 0, generation: Int = 1, dropped: [String] = [],
    successorOf: String? = nil
) -> Step {
    Step(
        "publish", ResourceAddress(.binding, "checkout/\(target)"),
        .binding(
            .publish(
                Publication(
                    binding: "checkout", targetIndex: target, cluster: cluster, group: "payments", epoch: epoch,
                    generation: generation, dropped: dropped, successorOf: successorOf))))
}

func performer(
    _ workspace: Workspace, in folder: ScratchFolder, ledger: String = "led1",
    environment: [String: String] = applicationSecrets, sites: KnownSites = sites, seen: [Int: StoreSnapshot] = [:],
    publications: [ResourceAddress: LastPublication] = [:]
) -> BindingPerformer {
    let connections = connected(workspace, in: folder, environment: environment)
    return BindingPerformer(
        workspace: workspace, folder: folder.path, connections: connections, secrets: connections.secrets,
        sites: SiteDirectory(sites), ledgerID: ledger,
        seen: Dictionary(
            uniqueKeysWithValues: seen.map { (ResourceAddress(.binding, "checkout/\($0)"), .reachable($1)) }),
        publications: publications, fingerprinter: fingerprinter)
}

/// The connections of a workspace.
func connected(
    _ workspace: Workspace, in folder: ScratchFolder, environment: [String: String] = applicationSecrets,
    kubernetes: KubernetesSurroundings = KubernetesSurroundings()
) -> Connections {
    Connections(
        of: workspace, folder: folder.path, environment: environment, transport: sharedTransport,
        silences: RememberedSilence(), kubernetes: kubernetes)
}

/// Closed with the process.
private let sharedTransport = HTTPTransport(settings: HTTPTransport.Settings(), logger: Logger(label: "tests"))
