import Domain
import Execution
import Planning

/// A restart hook that restarts, and optionally scales, a workload of a Kubernetes cluster.
struct KubernetesRestart {
    let connection: String
    let namespace: String
    let kind: RestartHook.WorkloadKind
    let name: String
    let replicas: Int?
    let connections: Connections

    /// Restarts the workload and waits until its rollout is complete.
    func run(_ call: HookCall, within limit: Duration) async throws(StepFailure) {
        throw StepFailure(.rejected, "restarts of Kubernetes workloads are not supported by this version")
    }
}
