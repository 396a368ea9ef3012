import Domain
import Execution
import FoundationEssentials
import Planning
import Synchronization
import Transport

/// A restart hook that restarts, and optionally scales, a workload of a Kubernetes cluster.
///
/// Its pods are replaced as by `kubectl rollout restart`: their template gets a new annotation. A second one,
/// `spillway/generation`, says for which content of which bindings that was done, so that a run that is repeated only
/// waits.
struct KubernetesRestart {
    let connection: String
    let namespace: String
    let kind: RestartHook.WorkloadKind
    let name: String
    let replicas: Int?
    let connections: Connections
    /// Told how far the rollout is, whenever that has changed.
    var tell: @Sendable (String) async -> Void = { _ in }
    var pacing = Pacing.realTime
    var now: @Sendable () -> Timestamp = { .now }

    private static let restartedAt = "kubectl.kubernetes.io/restartedAt"
    private static let attempts = 5

    private struct Change: Encodable {
        struct Metadata: Encodable {
            let resourceVersion: String
        }

        struct Template: Encodable {
            struct Metadata: Encodable {
                let annotations: [String: String]
            }

            let metadata: Metadata
        }

        struct Spec: Encodable {
            let replicas: Int?
            let template: Template
        }

        let metadata: Metadata
        let spec: Spec
    }

    /// Restarts the workload and waits until its rollout is complete.
    ///
    /// - Parameter beginsWaiting: Called when the restart is asked for and only waited for.
    /// - Throws: `timeout` with what was last seen, `rejected` when Kubernetes gives the rollout up or the workload
    ///   cannot be restarted this way.
    func run(
        _ call: HookCall, within limit: Duration, beginsWaiting: @escaping @Sendable () async -> Void = {}
    ) async throws(StepFailure) {
        let started = pacing.elapsed()
        let server = try await connections.kubernetesServer(connection)
        try await restart(call, at: server, within: limit)
        await beginsWaiting()
        let remaining = limit - (pacing.elapsed() - started)
        try await waitForRollout(at: server, atMost: max(remaining, .zero), of: limit)
    }

    // MARK: Restarting

    private func restart(
        _ call: HookCall, at server: KubernetesServer, within limit: Duration
    ) async throws(StepFailure) {
        let stamp = now().rfc3339InSeconds
        var hasAsked = false
        for _ in 1...Self.attempts {
            var endpoint = try await server.endpoint()
            endpoint.overall = min(endpoint.overall ?? limit, limit)
            let workload: KubernetesWorkload
            do throws(TransportFailure) {
                workload = try await endpoint.get(path, as: KubernetesWorkload.self)
            } catch {
                throw failure(error)
            }
            var done = RestartedGenerations(workload.annotations[RestartedGenerations.annotation])
            // A hook that is run again restarts again; what this very run has asked for is there when its answer was lost.
            let isOwn = hasAsked && workload.annotations[Self.restartedAt] == stamp
            if done[call.binding] == call.generation, isOwn || call.isRepeated != true { return }
            try checkCanBeRestarted(workload)
            done[call.binding] = call.generation
            hasAsked = true
            if try await change(workload, done, stamp, by: server.fieldManager, at: endpoint) { return }
        }
        throw StepFailure(.conflict, "\(words) changes whenever it is about to be restarted")
    }

    private func change(
        _ workload: KubernetesWorkload, _ done: RestartedGenerations, _ stamp: String, by fieldManager: String,
        at endpoint: HTTPEndpoint
    ) async throws(StepFailure) -> Bool {
        let annotations = [
            Self.restartedAt: stamp, RestartedGenerations.annotation: done.text,
        ]
        let body = Change(
            metadata: .init(resourceVersion: workload.metadata.resourceVersion),
            spec: .init(replicas: replicas, template: .init(metadata: .init(annotations: annotations))))
        do {
            let call = try HTTPCall(.patch, path.querying("fieldManager", fieldManager))
                .json(body, mediaType: "application/merge-patch+json").repeatable()
            _ = try await endpoint.send(call)
            return true
        } catch let error as TransportFailure {
            if error.status == 409 { return false }
            throw failure(error)
        } catch {
            throw StepFailure(.rejected, "\(words): the change has no JSON form")
        }
    }

    private func checkCanBeRestarted(_ workload: KubernetesWorkload) throws(StepFailure) {
        if workload.spec.updateStrategy?.type == "OnDelete" {
            throw StepFailure(
                .rejected,
                "\(words) has the update strategy OnDelete: its pods are only replaced when somebody deletes them; use "
                    + "RollingUpdate, or a `command` hook that deletes them")
        }
        if workload.spec.paused == true {
            throw StepFailure(
                .rejected, "\(words) is paused, so that no rollout starts; resume it with `kubectl rollout resume`")
        }
    }

    // MARK: Waiting

    private func waitForRollout(
        at server: KubernetesServer, atMost remaining: Duration, of limit: Duration
    ) async throws(StepFailure) {
        let (path, kind, words, tell) = (path, kind, words, tell)
        let lastTold = Mutex("")
        let base = try await server.endpoint().base
        let poller = ListPoller<KubernetesWorkload>(pacing: pacing) {
            do throws(StepFailure) {
                let endpoint = try await server.endpoint()
                do throws(TransportFailure) {
                    let workload = try await endpoint.get(path, as: KubernetesWorkload.self)
                    if case .waiting(let seen) = workload.verdict(kind) {
                        let isNews = lastTold.withLock { last in
                            defer { last = seen }
                            return last != seen
                        }
                        if isNews { await tell("\(words): \(seen)") }
                    }
                    return .success(workload)
                } catch {
                    return .failure(error)
                }
            } catch {
                return .failure(TransportFailure(.unreachable(error.message), endpoint: base, call: "signing in"))
            }
        }
        do throws(PollFailure) {
            try await poller.wait(atMost: remaining) { $0.verdict(kind) }
        } catch {
            let failure = StepFailure(error, waitingFor: "the rollout of \(words)", limit: limit, endpoint: base)
            throw failure.message.contains(name)
                ? failure : failure.saying("\(words): \(failure.message)")
        }
    }

    // MARK: Names

    private var path: RequestPath {
        let path = RequestPath("/apis/apps/v1/namespaces").appending(namespace)
        return switch kind {
        case .deployment: path.with("/deployments").appending(name)
        case .statefulSet: path.with("/statefulsets").appending(name)
        case .daemonSet: path.with("/daemonsets").appending(name)
        }
    }

    /// `Deployment shop/checkout`.
    private var words: String {
        let kind =
            switch kind {
            case .deployment: "Deployment"
            case .statefulSet: "StatefulSet"
            case .daemonSet: "DaemonSet"
            }
        return "\(kind) \(namespace)/\(name)"
    }

    private func failure(_ error: TransportFailure) -> StepFailure {
        let failure = StepFailure(error)
        return failure.saying("\(words): \(failure.message)")
    }
}

/// For which content of which bindings the pods of a workload were restarted: `checkout=4 reporting=7`.
struct RestartedGenerations: Sendable {
    /// The annotation of the pods' template.
    static let annotation = "spillway/generation"

    private var generations: [String: Int] = [:]

    /// What an annotation says; parts that are something else are dropped.
    init(_ annotation: String?) {
        for part in (annotation ?? "").split(separator: " ") {
            let sides = part.split(separator: "=")
            if sides.count == 2, let generation = Int(sides[1]) { generations[String(sides[0])] = generation }
        }
    }

    subscript(binding: String) -> Int? {
        get { generations[binding] }
        set { generations[binding] = newValue }
    }

    /// The annotation, bindings in order.
    var text: String {
        generations.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
}
