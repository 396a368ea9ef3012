import Confluent
import Domain
import Planning

extension ConfluentObserver {
    /// Reads what is on clusters that left the manifests and are to be deleted.
    func lookInto(_ clusters: [ClusterSpec], of workspace: Workspace) async -> [String: Reach<KafkaSnapshot>] {
        guard !clusters.isEmpty else { return [:] }
        var leaving = Workspace(spec: workspace.spec)
        leaving.connections = workspace.connections
        leaving.clusters = Dictionary(clusters.map { ($0.name, $0) }) { first, _ in first }
        let nothing = Recorded()
        return await observe(ObservationScope(leaving, recorded: nothing), of: leaving, recorded: nothing).clusters
    }
}

extension KnownSites {
    /// The sites with what Spillway signs in with, as references, for when a cluster has left the manifests.
    func withCredentials(of workspace: Workspace) -> KnownSites {
        var sites = self
        for (name, cluster) in workspace.clusters { sites.clusters[name]?.credentials = cluster.credentials }
        return sites
    }
}
