import SimulatorCore

/// How far the pods of a workload have come since it was last changed.
struct KubernetesRollout: Sendable {
    /// When it was last changed.
    var began: Milliseconds
    /// Pods of older templates at that time.
    var old: Int
    /// Pods of this template at that time.
    var fresh: Int
    /// Number of the template, from 1.
    var revision: Int
    /// The revision every pod had before.
    var formerRevision: Int

    /// How long the controller takes to notice a change.
    static let lag: Milliseconds = 20
    /// How long one pod takes, unless the annotation says otherwise.
    static let podTime: Milliseconds = 300
    /// Nodes a DaemonSet has a pod on each.
    static let nodes = 2
    /// Annotation of a workload: `stuck` lets no new pod become ready.
    static let annotation = "simulator.spillway/rollout"
    /// Annotation of a workload: milliseconds each of its pods takes.
    static let podTimeAnnotation = "simulator.spillway/pod-milliseconds"

    /// Pods at one moment.
    struct Pods: Sendable {
        var wanted: Int
        var updated: Int
        var old: Int

        var total: Int { updated + old }
        var isComplete: Bool { updated == wanted && old == 0 }
    }

    /// Pods at a time.
    func pods(of object: JSON, _ resource: KubernetesResource, at now: Milliseconds) -> Pods {
        let wanted = Self.wanted(object, resource)
        let annotations = object.value(at: ["metadata", "annotations"])
        let time = annotations?[Self.podTimeAnnotation]?.string.flatMap(Milliseconds.init) ?? Self.podTime
        let isHeld =
            annotations?[Self.annotation]?.string == "stuck"
            || object.value(at: ["spec", "updateStrategy", "type"])?.string == "OnDelete" && old > 0
            || object.value(at: ["spec", "paused"])?.bool == true && revision != formerRevision
        let progress = isHeld ? 0 : Int(max(0, now - began - Self.lag) / max(1, time))
        let updated = min(wanted, fresh + progress)
        let left = isHeld ? min(old, wanted) : max(0, min(old - progress, wanted - updated))
        return Pods(wanted: wanted, updated: updated, old: left)
    }

    static func wanted(_ object: JSON, _ resource: KubernetesResource) -> Int {
        resource == .daemonsets ? nodes : Int(object.value(at: ["spec", "replicas"])?.int ?? 1)
    }

    /// The `status` of a workload at a time.
    func status(of object: JSON, _ key: KubernetesKey, at now: Milliseconds) -> JSON {
        let generation = object.value(at: ["metadata", "generation"])?.int ?? 1
        let isObserved = now - began >= Self.lag
        guard isObserved else {
            return object["status"] ?? ["observedGeneration": .int(generation - 1)]
        }
        let pods = pods(of: object, key.resource, at: now)
        switch key.resource {
        case .daemonsets:
            return [
                "observedGeneration": .int(generation), "currentNumberScheduled": JSON(pods.total),
                "desiredNumberScheduled": JSON(pods.wanted), "numberAvailable": JSON(pods.total),
                "numberReady": JSON(pods.total), "numberMisscheduled": 0,
                "updatedNumberScheduled": JSON(pods.updated),
            ]
        case .statefulsets:
            return [
                "observedGeneration": .int(generation), "replicas": JSON(pods.total),
                "readyReplicas": JSON(pods.total), "availableReplicas": JSON(pods.total),
                "currentReplicas": JSON(pods.isComplete ? pods.updated : pods.old),
                "updatedReplicas": JSON(pods.updated),
                "currentRevision": .string("\(key.name)-\(pods.isComplete ? revision : formerRevision)"),
                "updateRevision": .string("\(key.name)-\(revision)"), "collisionCount": 0,
            ]
        default:
            return deployment(object, key, generation, pods, at: now)
        }
    }

    private func deployment(
        _ object: JSON, _ key: KubernetesKey, _ generation: Int64, _ pods: Pods, at now: Milliseconds
    ) -> JSON {
        let deadline = (object.value(at: ["spec", "progressDeadlineSeconds"])?.int ?? 600) * 1_000
        let isLate = !pods.isComplete && pods.updated == fresh && now - began > deadline
        let replicaSet = "ReplicaSet \"\(key.name)-\(revision)\""
        let progressing: JSON =
            isLate
            ? [
                "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
                "message": .string("\(replicaSet) has timed out progressing."),
            ]
            : [
                "type": "Progressing", "status": "True",
                "reason": pods.isComplete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                "message": .string(
                    "\(replicaSet) \(pods.isComplete ? "has successfully progressed." : "is progressing.")"),
            ]
        let isAvailable = pods.total >= pods.wanted
        let available: JSON = [
            "type": "Available", "status": isAvailable ? "True" : "False",
            "reason": isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            "message": .string("Deployment \(isAvailable ? "has" : "does not have") minimum availability."),
        ]
        var status: JSON = [
            "observedGeneration": .int(generation), "replicas": JSON(pods.total), "updatedReplicas": JSON(pods.updated),
            "readyReplicas": JSON(pods.total), "availableReplicas": JSON(pods.total),
        ]
        if pods.total < pods.wanted { status.append("unavailableReplicas", JSON(pods.wanted - pods.total)) }
        status.append("conditions", [available, progressing])
        return status
    }
}
