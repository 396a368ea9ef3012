import Foundation
import SimulatorServer
import Testing
import TestSupport

/// Where a workspace keeps its state, for tests that have to hold for every kind.
enum StateKind: String, CaseIterable, CustomTestStringConvertible {
    case sqlite
    case etcd
    case s3
    case kubernetes

    var testDescription: String { rawValue }

    /// The kind that a history of this number has.
    static func number(_ seed: UInt64) -> StateKind {
        allCases[Int(seed % UInt64(allCases.count))]
    }

    /// Whether the server that it needs is installed.
    var isHere: Bool {
        switch self {
        case .sqlite, .kubernetes: true
        case .etcd: EtcdServer.isInstalled
        case .s3: MotoServer.isInstalled
        }
    }

    private static let turnstile = Turnstile(atOnce: 8)

    /// Runs a test with the quickstart, whose state is kept there; a few tests at a time.
    func with(_ body: @escaping @Sendable (Stage) async throws -> Void) async throws {
        try await Self.turnstile.pass { try await onStage(body) }
    }

    private func onStage(_ body: @escaping @Sendable (Stage) async throws -> Void) async throws {
        let stores = self == .kubernetes ? [SimulatedStoreConfiguration(.kubernetes, name: "k8s")] : []
        try await Stage.with(stores: stores) { stage in
            var stage = stage
            switch self {
            case .sqlite: try await body(stage)
            case .etcd:
                let server = try await EtcdServer.start()
                defer { server.stop() }
                try stage.keepState(
                    "{etcd: {connection: state}}", behind: "{etcd: {endpoints: [\"\(server.url)\"]}}")
                try await body(stage)
            case .s3:
                let server = try await MotoServer.start()
                defer { server.stop() }
                _ = try await stage.http.answer("PUT", "\(server.url)/ledgers", headers: [:])
                stage.spillway.environment.merge(["AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "of-aws"]) {
                    $1
                }
                try stage.keepState(
                    "{s3: {connection: state, bucket: ledgers}}",
                    behind: "{aws: {region: us-east-1, endpoint: \"\(server.url)\"}}")
                try await body(stage)
            case .kubernetes:
                try await stage.prepareNamespace()
                try stage.keepState(
                    "{kubernetes: {connection: state, namespace: spillway}}",
                    behind: "{kubernetes: {kubeconfig: kube/kubeconfig, context: sim}}")
                try await body(stage)
            }
        }
    }
}

extension Stage {
    fileprivate mutating func keepState(_ place: String, behind connection: String) throws {
        try edit("spillway.yaml", "spec:\n", "spec:\n  state: \(place)\n")
        let manifest = """
            apiVersion: spillway/v1
            kind: Connection
            metadata: {name: state}
            spec: \(connection)

            """
        try manifest.write(
            to: folder.appendingPathComponent("manifests/state.yaml"), atomically: true, encoding: .utf8)
        firstFlags = ["--init-state"]
    }

    fileprivate func prepareNamespace() async throws {
        let url = try #require(endpoints.stores["k8s"])
        let token = endpoints.credentials.secret
        _ = try await http.text(
            "POST", "\(url)/api/v1/namespaces", #"{"metadata": {"name": "spillway"}}"#,
            headers: ["authorization": "Bearer \(token)"])
        let kubeconfig = """
            apiVersion: v1
            kind: Config
            clusters: [{name: sim, cluster: {server: "\(url)"}}]
            users: [{name: sim, user: {token: "\(token)"}}]
            contexts: [{name: sim, context: {cluster: sim, user: sim}}]
            current-context: sim

            """
        let kube = folder.appendingPathComponent("kube")
        try FileManager.default.createDirectory(at: kube, withIntermediateDirectories: true)
        try kubeconfig.write(to: kube.appendingPathComponent("kubeconfig"), atomically: true, encoding: .utf8)
    }
}
