import Domain
import Execution
import Foundation
import Planning
import SimulatorServer
import Testing
import TestSupport

@testable import Bindings

@Suite("ConfigMaps and Secrets as stores of bindings")
struct KubernetesStoreTests {
    @Test(
        "a ConfigMap, a Secret, and both keep what every store keeps",
        arguments: [("settings", nil), (nil, "credentials"), ("settings", "credentials")] as [(String?, String?)])
    func conformance(configMap: String?, secret: String?) async throws {
        try await KubernetesRig.with { rig, folder in
            var rig = rig
            rig.configMap = configMap
            rig.secret = secret
            try await StoreConformance(rig, in: folder).check()
        }
    }

    @Test("the Secret is there before the ConfigMap, with bookkeeping in annotations")
    func annotations() async throws {
        try await KubernetesRig.with { rig, folder in
            let rig = rig
            try await performer(
                rig.workspace(), in: folder, environment: applicationSecrets.merging(rig.environment) { $1 }
            ).perform(publication(generation: 3))
            let secret = try await rig.object("secrets", "credentials")
            let configMap = try await rig.object("configmaps", "settings")
            #expect(secret["type"].string == "Opaque")
            let versions = [secret, configMap].compactMap { Int($0["metadata"]["resourceVersion"].string ?? "") }
            #expect(versions.count == 2 && versions[0] < versions[1])
            for object in [secret, configMap] {
                let text = object["metadata"]["annotations"]["binding.spillway/checkout"].string
                #expect(text == #"{"epoch":0,"generation":3,"ledger":"led1","primary":"west"}"#)
            }
            let managers = configMap["metadata"]["managedFields"].array.map { $0["manager"].string }
            #expect(managers == ["spillway-checkout"])
        }
    }

    @Test("two bindings in one ConfigMap keep each other's keys")
    func sharing() async throws {
        try await KubernetesRig.with { rig, folder in
            var rig = rig
            rig.secret = nil
            var workspace = rig.workspace()
            var other = try #require(workspace.clientBindings["checkout"])
            other.metadata.name = "reporting"
            other.properties = ["reporting.servers": "${cluster.bootstrapServers}"]
            workspace.clientBindings["reporting"] = other
            let performer = performer(
                workspace, in: folder, environment: applicationSecrets.merging(rig.environment) { $1 })
            try await performer.perform(publication(generation: 1))
            try await performer.perform(
                Step(
                    "publish", ResourceAddress(.binding, "reporting/0"),
                    .binding(
                        .publish(
                            Publication(
                                binding: "reporting", targetIndex: 0, cluster: "west", group: "payments", epoch: 0,
                                generation: 1)))))
            try await performer.perform(publication(to: "east", epoch: 1, generation: 2))
            let values = try await rig.values()
            #expect(values["reporting.servers"] == "west:9092,west:9093")
            #expect(values["bootstrap.servers"] == "east:9092")
        }
    }

    @Test("a key that another manager applies is a conflict that names it, and stays")
    func foreignManager() async throws {
        try await KubernetesRig.with { rig, folder in
            var rig = rig
            rig.secret = nil
            let workspace = rig.workspace()
            let environment = applicationSecrets.merging(rig.environment) { $1 }
            try await rig.apply(["bootstrap.servers": "theirs:9092"], as: "argocd")
            let binding = try #require(workspace.clientBindings["checkout"])
            let seen = await BindingStoreObserver(
                folder: folder.path, connections: connected(workspace, in: folder, environment: environment),
                fingerprinter: fingerprinter
            ).observe(binding, targetIndex: 0)
            do {
                try await performer(
                    workspace, in: folder, environment: environment, seen: [0: try #require(seen.snapshot)]
                ).perform(publication())
                Issue.record("it was overwritten")
            } catch let failure as StepFailure {
                #expect(failure.kind == .conflict)
                #expect(failure.message.contains("data.bootstrap.servers is kept by field manager 'argocd'"))
            }
            #expect(try await rig.values()["bootstrap.servers"] == "theirs:9092")
        }
    }

    @Test("a key that somebody set once is left alone when no plan has shown it")
    func unseenEdit() async throws {
        try await KubernetesRig.with { rig, folder in
            var rig = rig
            rig.secret = nil
            let performer = performer(
                rig.workspace(), in: folder, environment: applicationSecrets.merging(rig.environment) { $1 })
            try await performer.perform(publication(generation: 1))
            try await rig.set("bootstrap.servers", to: "by-hand:9092")
            do {
                try await performer.perform(publication(to: "east", epoch: 1, generation: 2))
                Issue.record("it was overwritten")
            } catch let failure as StepFailure {
                #expect(failure.kind == .conflict)
                #expect(failure.message.contains("plan again"), "\(failure.message)")
            }
            #expect(try await rig.values()["bootstrap.servers"] == "by-hand:9092")
        }
    }

    @Test("a dropped key goes also when somebody has edited it, if the plan saw that")
    func droppedAfterAnEdit() async throws {
        try await KubernetesRig.with { rig, folder in
            var rig = rig
            rig.secret = nil
            var workspace = rig.workspace()
            let environment = applicationSecrets.merging(rig.environment) { $1 }
            try await performer(workspace, in: folder, environment: environment).perform(publication(generation: 1))
            try await rig.set("client.id", to: "by hand")
            workspace.clientBindings["checkout"]?.properties["client.id"] = nil
            let binding = try #require(workspace.clientBindings["checkout"])
            let seen = await BindingStoreObserver(
                folder: folder.path, connections: connected(workspace, in: folder, environment: environment),
                fingerprinter: fingerprinter
            ).observe(binding, targetIndex: 0)
            try await performer(
                workspace, in: folder, environment: environment, seen: [0: try #require(seen.snapshot)]
            ).perform(publication(generation: 2, dropped: ["client.id"]))
            let values = try await rig.values()
            #expect(values["client.id"] == nil)
            #expect(values["bootstrap.servers"] == "west:9092,west:9093")
        }
    }

    @Test("a key that leaves the binding without being dropped stays")
    func left() async throws {
        try await KubernetesRig.with { rig, folder in
            var workspace = rig.workspace()
            let environment = applicationSecrets.merging(rig.environment) { $1 }
            try await performer(workspace, in: folder, environment: environment).perform(publication(generation: 1))
            workspace.clientBindings["checkout"]?.properties["client.id"] = nil
            workspace.clientBindings["checkout"]?.secrets["sasl.jaas"] = nil
            try await performer(workspace, in: folder, environment: environment).perform(publication(generation: 2))
            let values = try await rig.values()
            #expect(values["client.id"] == "checkout-payments-west")
            #expect(values["sasl.jaas"] != nil)
        }
    }

    @Test("of the two objects the one that is gone is written again")
    func oneOfTwo() async throws {
        try await KubernetesRig.with { rig, folder in
            let performer = performer(
                rig.workspace(), in: folder, environment: applicationSecrets.merging(rig.environment) { $1 })
            try await performer.perform(publication(generation: 1))
            let before = try await rig.values()
            _ = try await rig.send("DELETE", "/api/v1/namespaces/shop/configmaps/settings")
            try await performer.perform(publication(generation: 1))
            #expect(try await rig.values() == before)
        }
    }

    @Test("somebody who creates the object first loses nothing", arguments: [false, true])
    func creationRace(wantsTheSameKey: Bool) async throws {
        try await KubernetesRig.with { rig, folder in
            var rig = rig
            rig.secret = nil
            let raced = rig
            let environment = applicationSecrets.merging(rig.environment) { $1 }
            let workspace = rig.workspace()
            let stores = BindingStores(
                folder: folder.path, connections: connected(workspace, in: folder, environment: environment))
            let store = try #require(try await stores.store(for: rig.target) as? KubernetesBindingStore)
            let key = wantsTheSameKey ? "bootstrap.servers" : "their.own"
            let racing = Interposed(base: store) { () async throws(StepFailure) in
                do {
                    if try await raced.object("configmaps", "settings") == .null {
                        try await raced.set(key, to: "theirs")
                    }
                } catch { Issue.record("\(error)") }
            }
            guard case .binding(.publish(let publication)) = publication().action,
                let binding = workspace.clientBindings["checkout"]
            else { return }
            let content = try await performer(workspace, in: folder, environment: environment)
                .content(publication, of: binding, rig.target)
            do {
                try await BindingPublisher(seen: nil, fingerprinter: fingerprinter).publish(content, to: racing)
                #expect(!wantsTheSameKey)
                #expect(try await rig.values()["bootstrap.servers"] == "west:9092,west:9093")
            } catch let failure as StepFailure {
                #expect(wantsTheSameKey && failure.kind == .conflict, "\(failure)")
            }
            #expect(try await rig.values()[key] == "theirs")
        }
    }

    @Test("a namespace that is not there is told")
    func noNamespace() async throws {
        try await KubernetesRig.with { rig, folder in
            _ = try await rig.send("DELETE", "/api/v1/namespaces/shop")
            do {
                try await performer(
                    rig.workspace(), in: folder, environment: applicationSecrets.merging(rig.environment) { $1 }
                ).perform(publication())
                Issue.record("it was written")
            } catch let failure as StepFailure {
                #expect(failure.kind == .rejected)
                #expect(failure.message.contains(#"namespaces "shop" not found"#), "\(failure.message)")
            }
        }
    }

    @Test("secrets are read from Secrets, and told what is missing")
    func references() async throws {
        try await KubernetesRig.with { rig, folder in
            let workspace = rig.workspace()
            try await rig.set("password", to: "hunter2", in: ("secrets", "credentials"))
            let reader = connected(workspace, in: folder, environment: rig.environment).secrets
            func reference(_ secret: String, _ key: String) -> SecretReference {
                .kubernetes(connection: "k8s", namespace: "shop", secret: secret, key: key)
            }
            let password = try await reader.resolve(reference("credentials", "password"))
            #expect(password.reveal { $0 } == "hunter2")
            for (secret, key, reason) in [
                ("other", "password", "does not exist"), ("credentials", "x", "has no key 'x'"),
            ] {
                do throws(UnresolvedSecret) {
                    _ = try await reader.resolve(reference(secret, key))
                    Issue.record("it was read")
                } catch {
                    #expect(error.reason.contains(reason), "\(error.reason)")
                }
            }
        }
    }

    @Test("TLS with an authority of one's own and a client certificate; what is not trusted is not spoken to")
    func tls() async throws {
        let store = SimulatedStoreConfiguration(
            .kubernetes, name: "k8s",
            tls: .init(
                certificate: TestAuthority.server, key: TestAuthority.serverKey,
                clientAuthorities: TestAuthority.authority))
        try await Simulator.withRunning(SimulatorConfiguration(stores: [store])) { endpoints in
            let url = try #require(endpoints.stores["k8s"])
            let folder = try ScratchFolder()
            var config = KubeconfigText(server: url)
            config.cluster["certificate-authority-data"] = Data(TestAuthority.authority.utf8).base64EncodedString()
            config.user = [
                "client-certificate-data": Data(TestAuthority.client.utf8).base64EncodedString(),
                "client-key": "client.key",
            ]
            try folder.write(TestAuthority.clientKey, to: "kube/client.key", mode: 0o600)
            try folder.write(config.json, to: "kube/config")
            #expect(try await read(folder, "kube/config") == nil, "there is no such Secret, and the server said so")
            config.cluster["certificate-authority-data"] = nil
            try folder.write(config.json, to: "kube/untrusted")
            #expect(try await read(folder, "kube/untrusted")?.kind == .untrusted)
        }
    }

    /// Reads a Secret that is not there; what went wrong before that.
    private func read(_ folder: ScratchFolder, _ kubeconfig: String) async throws -> StepFailure? {
        var spec = KubernetesSpec()
        spec.kubeconfig = kubeconfig
        return await opening(spec, in: folder, [:])
    }

    @Test("in a pod the mounted service account signs in, and a token that was renewed is read anew")
    func inCluster() async throws {
        let store = SimulatedStoreConfiguration(
            .kubernetes, name: "k8s",
            tls: .init(certificate: TestAuthority.server, key: TestAuthority.serverKey))
        try await Simulator.withRunning(SimulatorConfiguration(stores: [store])) { endpoints in
            let url = try #require(endpoints.stores["k8s"])
            let port = try #require(url.split(separator: ":").last)
            let folder = try ScratchFolder()
            try folder.write(TestAuthority.authority, to: "account/ca.crt")
            try folder.write("expired\n", to: "account/token")
            var workspace = checkoutWorkspace(publish: [])
            var spec = KubernetesSpec()
            spec.inCluster = true
            workspace.connections["k8s"] = ConnectionSpec(metadata: Metadata(name: "k8s"), system: .kubernetes(spec))
            let connections = connected(
                workspace, in: folder,
                environment: ["KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": String(port)],
                kubernetes: KubernetesSurroundings(serviceAccount: "\(folder.path)/account"))
            let place = KubernetesObjectPlace(
                kind: .secret, namespace: "default", name: "none", server: try await connections.kubernetesServer("k8s")
            )
            await #expect(throws: StepFailure.self) { _ = try await place.read() }
            try folder.write("\(endpoints.credentials.secret)\n", to: "account/token")
            let found = try await place.read()
            #expect(found?.metadata.resourceVersion == nil)
        }
    }
}
