import Domain
import Execution
import Foundation
import Planning
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Bindings

@Suite("Restarts of Kubernetes workloads")
struct KubernetesRestartTests {
    @Test(
        "every kind of workload is restarted once for a generation, and waited for",
        arguments: [RestartHook.WorkloadKind.deployment, .statefulSet, .daemonSet])
    func restarts(kind: RestartHook.WorkloadKind) async throws {
        try await KubernetesRig.with { rig, folder in
            let workload = Workload(kind: kind, rig: rig, folder: folder)
            try await workload.make()
            let waits = Mutex(0)
            try await workload.restart(generation: 4, beginsWaiting: { waits.withLock { $0 += 1 } })
            #expect(waits.withLock { $0 } == 1)
            let first = try await workload.object()
            let annotations = first["spec"]["template"]["metadata"]["annotations"]
            #expect(annotations["spillway/generation"].string == "checkout=4")
            #expect(annotations["kubectl.kubernetes.io/restartedAt"].string?.hasSuffix("Z") == true)
            #expect(first["metadata"]["generation"].int == 2)
            #expect(first["status"]["observedGeneration"].int == 2)
            let updated = kind == .daemonSet ? "updatedNumberScheduled" : "updatedReplicas"
            #expect(first["status"][updated].int == 2)
            try await workload.restart(generation: 4)
            #expect(try await workload.object()["metadata"]["generation"].int == 2, "it is only waited for")
            try await workload.restart(generation: 1, binding: "reporting")
            try await workload.restart(generation: 5)
            let last = try await workload.object()
            #expect(last["metadata"]["generation"].int == 4)
            #expect(
                last["spec"]["template"]["metadata"]["annotations"]["spillway/generation"].string
                    == "checkout=5 reporting=1")
        }
    }

    @Test("a hook that is run again restarts again, although it has announced this content")
    func repeats() async throws {
        try await KubernetesRig.with { rig, folder in
            let workload = Workload(kind: .deployment, rig: rig, folder: folder)
            try await workload.make()
            try await workload.restart(generation: 4)
            let stamp = "kubectl.kubernetes.io/restartedAt"
            try await workload.annotateTemplate(stamp, "2020-01-01T00:00:00Z")
            try await workload.restart(generation: 4, isRepeated: true)
            let annotations = try await workload.object()["spec"]["template"]["metadata"]["annotations"]
            #expect(annotations[stamp].string != "2020-01-01T00:00:00Z")
            #expect(annotations["spillway/generation"].string == "checkout=4")
        }
    }

    @Test("a standby that sleeps at 0 is woken, and not scaled again when it is only waited for")
    func wakes() async throws {
        try await KubernetesRig.with { rig, folder in
            let workload = Workload(kind: .deployment, rig: rig, folder: folder, replicas: 3)
            try await workload.make(replicas: 0)
            try await workload.restart(generation: 1)
            #expect(try await workload.object()["status"]["availableReplicas"].int == 3)
            _ = try await rig.send(
                "PATCH", "/apis/apps/v1/namespaces/shop/deployments/checkout/scale", #"{"spec": {"replicas": 5}}"#,
                mediaType: "application/merge-patch+json")
            try await workload.restart(generation: 1)
            #expect(try await workload.object()["spec"]["replicas"].int == 5)
        }
    }

    @Test("a rollout that does not end is told with what was last seen, and one Kubernetes gave up with its words")
    func stuck() async throws {
        try await KubernetesRig.with { rig, folder in
            let workload = Workload(kind: .deployment, rig: rig, folder: folder)
            try await workload.make(annotations: ["simulator.spillway/pod-milliseconds": "10"])
            try await workload.restart(generation: 1)
            try await workload.annotate("simulator.spillway/rollout", "stuck")
            let news = Mutex<[String]>([])
            let late = await workload.failure(generation: 2, within: .seconds(6)) { text in
                news.withLock { $0.append(text) }
            }
            #expect(
                news.withLock { $0 }.filter { $0 == "Deployment shop/checkout: 0 of 2 pods updated" }.count == 1,
                "it is told how far the rollout is, once while nothing changes")
            #expect(late?.kind == .timeout)
            #expect(late?.message.contains("Deployment shop/checkout") == true)
            #expect(late?.message.contains("last seen: 0 of 2 pods updated") == true, "\(String(describing: late))")
            _ = try await rig.send(
                "PATCH", "/apis/apps/v1/namespaces/shop/deployments/checkout",
                #"{"spec": {"progressDeadlineSeconds": 1}}"#, mediaType: "application/merge-patch+json")
            let failed = await workload.failure(generation: 2, within: .seconds(60))
            #expect(failed?.kind == .rejected)
            #expect(failed?.message.contains("has timed out progressing") == true, "\(String(describing: failed))")
        }
    }

    @Test(
        "a rollout that does not tell how far it is, is not over",
        arguments: [
            (RestartHook.WorkloadKind.deployment, "{}"), (.statefulSet, "{}"), (.daemonSet, "{}"),
            (.deployment, #"{"observedGeneration": 2}"#),
            (.statefulSet, #"{"observedGeneration": 2, "readyReplicas": 2, "updatedReplicas": 2}"#),
            (.daemonSet, #"{"observedGeneration": 2, "updatedNumberScheduled": 2, "numberAvailable": 2}"#),
            (.deployment, #"{"observedGeneration": 1, "updatedReplicas": 2, "availableReplicas": 2}"#),
        ])
    func silentRollout(kind: RestartHook.WorkloadKind, status: String) throws {
        let text = """
            {"metadata": {"resourceVersion": "7", "generation": 2},
             "spec": {"replicas": 2, "template": {}}, "status": \(status)}
            """
        let workload = try JSONDecoder().decode(KubernetesWorkload.self, from: Data(text.utf8))
        guard case .waiting = workload.verdict(kind) else {
            Issue.record("\(kind) with \(status) counts as rolled out, or as failed")
            return
        }
    }

    @Test("what cannot be restarted is refused with a way out")
    func refused() async throws {
        try await KubernetesRig.with { rig, folder in
            let set = Workload(kind: .statefulSet, rig: rig, folder: folder)
            let missing = await set.failure(generation: 1)
            #expect(
                missing?.message.hasPrefix("StatefulSet shop/checkout: GET /apis/apps/v1/") == true,
                "\(String(describing: missing))")
            #expect(missing?.message.contains("/statefulsets/checkout: HTTP 404") == true)
            try await set.make(spec: ["updateStrategy": ["type": "OnDelete"]])
            #expect(await set.failure(generation: 1)?.message.contains("OnDelete") == true)
            #expect(try await set.object()["metadata"]["generation"].int == 1)
            let deployment = Workload(kind: .deployment, rig: rig, folder: folder)
            try await deployment.make(spec: ["paused": true])
            #expect(await deployment.failure(generation: 1)?.message.contains("kubectl rollout resume") == true)
        }
    }
}

/// A workload of a simulated cluster and the hook that restarts it.
private struct Workload: Sendable {
    let kind: RestartHook.WorkloadKind
    let rig: KubernetesRig
    let folder: ScratchFolder
    var replicas: Int?

    private var resource: String { "\(kind.rawValue.lowercased())s" }
    private var path: String { "/apis/apps/v1/namespaces/shop/\(resource)" }

    func make(
        replicas: Int = 2, annotations: [String: String] = [:], spec: [String: any Sendable] = [:]
    ) async throws {
        let labels = ["app": "checkout"]
        var whole: [String: any Sendable] = [
            "selector": ["matchLabels": labels],
            "template": [
                "metadata": ["labels": labels],
                "spec": ["containers": [["name": "main", "image": "checkout:1"]]] as [String: any Sendable],
            ] as [String: any Sendable],
        ]
        if kind != .daemonSet { whole["replicas"] = replicas }
        whole.merge(spec) { $1 }
        let body: [String: any Sendable] = [
            "metadata": ["name": "checkout", "annotations": annotations] as [String: any Sendable], "spec": whole,
        ]
        let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
        try #require(try await rig.send("POST", path, text).status == 201)
    }

    func annotate(_ name: String, _ value: String) async throws {
        _ = try await rig.send(
            "PATCH", "\(path)/checkout", #"{"metadata": {"annotations": {"\#(name)": "\#(value)"}}}"#,
            mediaType: "application/merge-patch+json")
    }

    func annotateTemplate(_ name: String, _ value: String) async throws {
        let template = #"{"metadata": {"annotations": {"\#(name)": "\#(value)"}}}"#
        _ = try await rig.send(
            "PATCH", "\(path)/checkout", #"{"spec": {"template": \#(template)}}"#,
            mediaType: "application/merge-patch+json")
    }

    func object() async throws -> JSONValue {
        try await rig.object(resource, "checkout")
    }

    func restart(
        generation: Int, binding: String = "checkout", within limit: Duration = .seconds(30), isRepeated: Bool = false,
        tell: @escaping @Sendable (String) async -> Void = { _ in },
        beginsWaiting: @escaping @Sendable () async -> Void = {}
    ) async throws(StepFailure) {
        var workspace = rig.workspace()
        let hook = RestartHook(
            timeout: limit,
            action: .kubernetes(
                connection: "k8s", namespace: "shop", kind: kind, name: "checkout", replicas: replicas))
        workspace.clientBindings["checkout"]?.restart = [hook]
        workspace.clientBindings["reporting"] = workspace.clientBindings["checkout"]
        let connections = connected(workspace, in: folder, environment: rig.environment)
        let hooks = RestartHooks(
            workspace: workspace, folder: folder.path, secrets: connections.secrets, sites: SiteDirectory(sites),
            transport: await connections.transport, connections: connections, tell: tell)
        let call = HookCall(
            binding: binding, hookIndex: 0, cluster: "west", group: "payments", generation: generation,
            isRepeated: isRepeated)
        try await hooks.perform(
            Step("hook", ResourceAddress(.binding, binding), .hook(.runHook(call))), beginsWaiting: beginsWaiting)
    }

    func failure(
        generation: Int, within limit: Duration = .seconds(30),
        tell: @escaping @Sendable (String) async -> Void = { _ in }
    ) async -> StepFailure? {
        do throws(StepFailure) {
            try await restart(generation: generation, within: limit, tell: tell)
            return nil
        } catch {
            return error
        }
    }
}
