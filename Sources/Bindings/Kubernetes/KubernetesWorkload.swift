import Domain
import Transport

/// A Deployment, StatefulSet or DaemonSet, as far as its rollout is concerned (API `apps/v1`).
struct KubernetesWorkload: Sendable, Decodable {
    struct Metadata: Sendable, Decodable {
        var resourceVersion: String
        var generation: Int?
    }

    struct Template: Sendable, Decodable {
        struct Metadata: Sendable, Decodable {
            var annotations: [String: String]?
        }

        var metadata: Metadata?
    }

    struct UpdateStrategy: Sendable, Decodable {
        struct RollingUpdate: Sendable, Decodable {
            /// Of a StatefulSet: pods below this ordinal keep the old template.
            var partition: Int?
        }

        var type: String?
        var rollingUpdate: RollingUpdate?
    }

    struct Spec: Sendable, Decodable {
        var replicas: Int?
        var paused: Bool?
        var updateStrategy: UpdateStrategy?
        var template: Template
    }

    struct Condition: Sendable, Decodable {
        var type: String
        var status: String
        var reason: String?
        var message: ServiceText?
    }

    struct Status: Sendable, Decodable {
        var observedGeneration: Int?
        var replicas: Int?
        var updatedReplicas: Int?
        var availableReplicas: Int?
        var readyReplicas: Int?
        var currentRevision: String?
        var updateRevision: String?
        var desiredNumberScheduled: Int?
        var updatedNumberScheduled: Int?
        var numberAvailable: Int?
        var conditions: [Condition]?
    }

    var metadata: Metadata
    var spec: Spec
    var status: Status?

    /// Annotations of the pods it makes.
    var annotations: [String: String] { spec.template.metadata?.annotations ?? [:] }

    /// Whether its rollout is complete, by the rules of `kubectl rollout status`.
    func verdict(_ kind: RestartHook.WorkloadKind) -> PollVerdict<Void> {
        let status = status ?? Status()
        guard let generation = metadata.generation, let taken = status.observedGeneration, taken >= generation else {
            return .waiting("its change is not yet taken up")
        }
        return switch kind {
        case .deployment: deployment(status)
        case .statefulSet: statefulSet(status)
        case .daemonSet: daemonSet(status)
        }
    }

    private func deployment(_ status: Status) -> PollVerdict<Void> {
        let late = status.conditions?.first { $0.type == "Progressing" && $0.reason == "ProgressDeadlineExceeded" }
        if let late { return .failed("the rollout has failed: \(late.message?.text ?? "ProgressDeadlineExceeded")") }
        let wanted = spec.replicas ?? 1
        let updated = status.updatedReplicas ?? 0
        if updated < wanted { return .waiting("\(updated) of \(wanted) pods updated") }
        if let all = status.replicas, all > updated { return .waiting("\(all - updated) old pods still there") }
        let available = status.availableReplicas ?? 0
        if available < updated { return .waiting("\(available) of \(updated) updated pods available") }
        return .reached(())
    }

    private func statefulSet(_ status: Status) -> PollVerdict<Void> {
        let wanted = spec.replicas ?? 1
        let ready = status.readyReplicas ?? 0
        let updated = status.updatedReplicas ?? 0
        let partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0
        if partition > 0 {
            let moving = max(0, wanted - partition)
            if updated < moving { return .waiting("\(updated) of \(moving) pods updated") }
        } else if status.updateRevision == nil || status.updateRevision != status.currentRevision {
            return .waiting("\(updated) of \(wanted) pods updated")
        }
        if ready < wanted { return .waiting("\(ready) of \(wanted) pods ready") }
        return .reached(())
    }

    private func daemonSet(_ status: Status) -> PollVerdict<Void> {
        guard let wanted = status.desiredNumberScheduled else { return .waiting("how many pods it wants is not told") }
        let updated = status.updatedNumberScheduled ?? 0
        if updated < wanted { return .waiting("\(updated) of \(wanted) pods updated") }
        let available = status.numberAvailable ?? 0
        if available < wanted { return .waiting("\(available) of \(wanted) updated pods available") }
        return .reached(())
    }
}
