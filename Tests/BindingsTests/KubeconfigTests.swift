import Domain
import Execution
import Foundation
import SimulatorServer
import Testing

@testable import Bindings

@Suite("Kubeconfigs and service accounts")
struct KubeconfigTests {
    @Test("the token of a user, of a file, and the name and password of a user sign in")
    func signIns() async throws {
        try await KubernetesRig.with { rig, folder in
            try folder.write(rig.token + "\n", to: "kube/token", mode: 0o600)
            for user: [String: any Sendable] in [
                ["token": rig.token], ["tokenFile": "token"], ["username": "SIMULATOR", "password": rig.token],
            ] {
                var config = KubeconfigText(server: rig.url)
                config.user = user
                try folder.write(config.json, to: "kube/config")
                #expect(try await open(folder, ["KUBECONFIG": "kube/config"]) == nil, "\(user.keys)")
            }
        }
    }

    @Test("files of KUBECONFIG are merged: the first says which context, others fill in; missing ones are passed over")
    func merged() async throws {
        try await KubernetesRig.with { rig, folder in
            var first = KubeconfigText(server: "http://127.0.0.1:1")
            first.context = "first"
            var second = KubeconfigText(server: rig.url, token: rig.token)
            second.context = "second"
            try folder.write(first.json, to: "first")
            try folder.write(second.json, to: "second")
            let list = ["KUBECONFIG": "first:missing:second"]
            #expect(try await open(folder, list)?.kind == .unreachable)
            #expect(try await open(folder, list, context: "second") == nil)
            let home = ["HOME": folder.path]
            try folder.write(second.json, to: ".kube/config")
            #expect(try await open(folder, home) == nil)
            let unknown = try await open(folder, list, context: "third")
            #expect(unknown?.message.contains("no context 'third'; it has first, second") == true)
        }
    }

    @Test("in a pipeline the context has to be named")
    func pipeline() async throws {
        try await KubernetesRig.with { rig, folder in
            let environment = ["KUBECONFIG": "kubeconfig", "CI": "true"]
            let failure = try await open(folder, environment)
            #expect(
                failure?.message.contains("`context` is required when CI is set") == true,
                "\(String(describing: failure))")
            #expect(try await open(folder, environment, context: "main") == nil)
        }
    }

    @Test(
        "what cannot be used is refused by name",
        arguments: [
            (["insecure-skip-tls-verify": true], [:], "insecure-skip-tls-verify"),
            (["proxy-url": "http://127.0.0.1:1"], [:], "proxy-url"),
            ([:], ["auth-provider": ["name": "gcp"]], "auth-provider 'gcp'"), ([:], ["as": "admin"], "impersonates"),
            ([:], ["client-certificate-data": "%%"], "client-certificate of user 'main' is not base64"),
            ([:], ["tokenFile": "missing"], "does not exist"),
        ] as [([String: any Sendable], [String: any Sendable], String)])
    func refused(cluster: [String: any Sendable], user: [String: any Sendable], words: String) async throws {
        let folder = try ScratchFolder()
        var config = KubeconfigText(server: "http://127.0.0.1:1")
        config.cluster = cluster
        config.user = user
        try folder.write(config.json, to: "config")
        let failure = try await open(folder, ["KUBECONFIG": "config"])
        #expect(failure?.message.contains(words) == true, "\(String(describing: failure))")
        #expect(failure?.kind != .unreachable)
    }

    @Test("an exec plugin runs only where it is allowed, once for as long as its token is valid")
    func plugin() async throws {
        try await KubernetesRig.with { rig, folder in
            let answer = """
                {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                 "status": {"token": "\(rig.token)", "expirationTimestamp": "2999-01-01T00:00:00Z"}}
                """
            try folder.write(answer, to: "answer")
            let script = """
                #!/bin/sh
                echo "$KUBERNETES_EXEC_INFO" >> "$RUNS"
                [ "$1" = get-token ] && cat "$ANSWER"
                """
            try folder.write(script, to: "kube/plugin", mode: 0o700)
            var config = KubeconfigText(server: rig.url)
            let exec: [String: any Sendable] = [
                "apiVersion": "client.authentication.k8s.io/v1", "command": "./plugin", "args": ["get-token"],
                "env": [["name": "RUNS", "value": "\(folder.path)/runs"]],
            ]
            config.user = ["exec": exec]
            try folder.write(config.json, to: "kube/config")
            let environment = [
                "KUBECONFIG": "kube/config", "ANSWER": "\(folder.path)/answer", "PATH": "/usr/bin:/bin",
            ]
            let refused = try await open(folder, environment)
            #expect(refused?.message.contains("needs `allowExec: true`") == true)
            #expect(try !folder.names().contains("runs"))
            #expect(try await open(folder, environment, allowExec: true, times: 3) == nil)
            let runs = try folder.text(of: "runs").split(separator: "\n")
            #expect(runs.count == 1)
            let past = answer.replacingOccurrences(of: "2999", with: "1999")
            try folder.write(past, to: "answer")
            #expect(try await open(folder, environment, allowExec: true, times: 3) == nil)
            #expect(try folder.text(of: "runs").split(separator: "\n").count == 4, "what has expired is not used again")
            #expect(runs.first?.contains(#""kind":"ExecCredential""#) == true)
            try folder.write("#!/bin/sh\necho no luck >&2; echo \(rig.token); exit 3\n", to: "kube/plugin", mode: 0o700)
            let failed = try await open(folder, environment, allowExec: true)
            #expect(failed?.kind == .withoutCredentials)
            #expect(failed?.message.contains("no luck") == true)
            #expect(failed?.message.contains(rig.token) == false)
        }
    }

    @Test("in a pod the mounted service account is used, and its token is read anew")
    func inCluster() async throws {
        let folder = try ScratchFolder()
        let failure = try await open(folder, [:], inCluster: true)
        #expect(failure?.message.contains("KUBERNETES_SERVICE_HOST") == true)
    }

    /// Opens a connection and reads an object that is not there; what went wrong.
    private func open(
        _ folder: ScratchFolder, _ environment: [String: String], context: String? = nil, allowExec: Bool = false,
        inCluster: Bool = false, times: Int = 1
    ) async throws -> StepFailure? {
        var spec = KubernetesSpec()
        spec.context = context
        spec.allowExec = allowExec
        spec.inCluster = inCluster
        return await opening(spec, in: folder, environment, times: times)
    }
}

/// Opens a connection and reads an object that is not there; what went wrong before that.
func opening(
    _ spec: KubernetesSpec, in folder: ScratchFolder, _ environment: [String: String],
    surroundings: KubernetesSurroundings = KubernetesSurroundings(), times: Int = 1
) async -> StepFailure? {
    var workspace = checkoutWorkspace(publish: [])
    workspace.spec.timeouts.unreachableAfter = .seconds(30)
    workspace.connections["k8s"] = ConnectionSpec(metadata: Metadata(name: "k8s"), system: .kubernetes(spec))
    let connections = connected(workspace, in: folder, environment: environment, kubernetes: surroundings)
    do throws(StepFailure) {
        for _ in 1...times {
            let place = KubernetesObjectPlace(
                kind: .secret, namespace: "default", name: "none",
                server: try await connections.kubernetesServer("k8s"))
            if try await place.read() != nil { return StepFailure(.broken, "there is such a Secret") }
        }
        return nil
    } catch {
        return error
    }
}
