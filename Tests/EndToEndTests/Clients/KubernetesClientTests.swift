import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Clients of Kubernetes against the simulator")
struct KubernetesClientTests {
    @Test("kubectl works unchanged", .enabled(if: Kubectl.isInstalled))
    func kubectl() async throws {
        try await Self.withCluster { kubectl in
            func run(_ arguments: String, input: String = "") async throws -> String {
                let outcome = try await kubectl(
                    arguments.split(separator: " ").map(String.init), input: input)
                #expect(outcome.code == 0, "kubectl \(arguments): \(outcome.output)")
                return outcome.output
            }
            #expect(try await run("create namespace shop") == "namespace/shop created\n")
            _ = try await run("create configmap settings --from-literal=a=1")
            _ = try await run("create secret generic credentials --from-literal=password=hunter2")
            _ = try await run(#"patch configmap settings -p {"data":{"b":"2"}}"#)
            _ = try await run(#"patch configmap settings --type=merge -p {"data":{"c":"3"}}"#)
            _ = try await run(#"patch configmap settings --type=json -p [{"op":"remove","path":"/data/a"}]"#)
            _ = try await run("annotate configmap settings owner=checkout")
            _ = try await run("label configmap settings app=checkout")
            #expect(try await run("get configmap settings -o jsonpath={.data}") == #"{"b":"2","c":"3"}"#)
            #expect(try await run("get configmaps -l app=checkout -o name") == "configmap/settings\n")
            #expect(
                try await run("get secret credentials -o jsonpath={.data.password}") == "aHVudGVyMg==")
            _ = try await run("apply --server-side -f -", input: Kubectl.deployment)
            #expect(try await run("rollout status deployment/checkout").contains("successfully rolled out"))
            _ = try await run("rollout restart deployment/checkout")
            #expect(try await run("rollout status deployment/checkout").contains("successfully rolled out"))
            _ = try await run("scale deployment/checkout --replicas=3")
            #expect(try await run("get deployment checkout -o jsonpath={.spec.replicas}") == "3")
            let conflict = try await kubectl(
                ["apply", "--server-side", "--field-manager=other", "-f", "-"],
                input: Kubectl.deployment.replacingOccurrences(of: "replicas: 2", with: "replicas: 5"))
            #expect(conflict.code == 1)
            #expect(conflict.output.contains(".spec.replicas"), "\(conflict.output)")
            let lease = """
                apiVersion: coordination.k8s.io/v1
                kind: Lease
                metadata: {name: lock}
                spec: {holderIdentity: run-1, leaseDurationSeconds: 30, renewTime: "2026-11-23T12:03:07.250000Z"}
                """
            #expect(try await run("apply -f -", input: lease) == "lease.coordination.k8s.io/lock created\n")
            #expect(try await run("get lease lock -o jsonpath={.spec.holderIdentity}") == "run-1")
            _ = try await run("delete configmap settings")
            #expect(try await kubectl(["get", "configmap", "settings"]).output.contains("NotFound"))
        }
    }

    @Test("the Python client works unchanged", .enabled(if: PythonEnvironment.isMade))
    func python() async throws {
        try await Self.withCluster { kubectl in
            let outcome = try await PythonEnvironment.run("kubernetes_client.py", kubectl.kubeconfig.path)
            #expect(outcome.code == 0, "\(outcome.output)")
        }
    }

    @Test(
        "what the binary publishes is what kubectl reads, and the deployment is restarted for it",
        .enabled(if: Kubectl.isInstalled))
    func publishing() async throws {
        try await Stage.with(stores: [Self.store]) { stage in
            let kubectl = try Self.kubectl(stage.endpoints, in: stage.folder.appendingPathComponent("kube"))
            try #require(try await kubectl(["create", "namespace", "shop"]).code == 0)
            try #require(try await kubectl(["apply", "-f", "-"], input: Kubectl.deployment).code == 0)
            try stage.edit(
                "manifests/clients.yaml",
                "    - file: {path: out/checkout.properties, format: Properties, contents: All}",
                """
                    - kubernetes: {connection: k8s, namespace: shop, configMap: settings, secret: credentials}
                  restart:
                    - kubernetes: {connection: k8s, namespace: shop, deployment: checkout, replicas: 3}
                """)
            try stage.edit(
                "manifests/clients.yaml", "# What two applications",
                """
                apiVersion: spillway/v1
                kind: Connection
                metadata: {name: k8s}
                spec:
                  kubernetes: {kubeconfig: kube/kubeconfig, context: sim}
                ---
                # What two applications
                """)
            try await stage.apply()
            let settings = try await kubectl(["get", "configmap", "settings", "-o", "jsonpath={.data}"]).output
            #expect(settings.contains(#""sasl.mechanism":"PLAIN""#), "\(settings)")
            let key = try await kubectl(
                ["get", "secret", "credentials", "-o", #"jsonpath={.data.sasl\.username}"#]
            ).output
            #expect(Data(base64Encoded: key) == Data("WESTKEY".utf8))
            let rollout = try await kubectl(
                [
                    "get", "deployment", "checkout", "-o",
                    "jsonpath={.status.updatedReplicas} {.spec.template.metadata.annotations.spillway/generation}",
                ]
            ).output
            #expect(rollout == "3 checkout=1")
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)

            let edit = #"{"data":{"sasl.mechanism":"SCRAM-SHA-256"}}"#
            #expect(try await kubectl(["patch", "configmap", "settings", "-p", edit]).code == 0)
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 2)
            try await stage.apply()
            #expect(
                try await kubectl(["get", "configmap", "settings", "-o", "jsonpath={.data}"]).output == settings)
        }
    }

    private static let store = SimulatedStoreConfiguration(
        .kubernetes, name: "k8s", tls: .init(certificate: TestAuthority.server, key: TestAuthority.serverKey))

    private static func kubectl(_ endpoints: SimulatorEndpoints, in folder: URL) throws -> Kubectl {
        try Kubectl(
            server: try #require(endpoints.stores["k8s"]), token: endpoints.credentials.secret, in: folder)
    }

    private static func withCluster(_ body: @escaping @Sendable (Kubectl) async throws -> Void) async throws {
        try await Simulator.withRunning(SimulatorConfiguration(stores: [store])) { endpoints in
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kubectl-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            try await body(try kubectl(endpoints, in: folder))
        }
    }
}
