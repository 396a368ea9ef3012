import SimulatedConfluent
import SimulatorCore

extension World {
    /// Puts a new, empty cluster in the place of each cluster of a region: same address, kind and users, other id.
    func renewClusters(in region: String) {
        for old in kafka.sortedClusters where old.site == region {
            let id = "lkc-\(stage.random.word(6))"
            let cluster = Cluster(
                id: id, displayName: old.displayName, kind: old.kind, site: region, bootstrap: old.bootstrap,
                restURL: old.restURL)
            kafka.removeCluster(old.id, in: &stage)
            regrant(from: old.id, to: id)
            register(cluster, insteadOf: old.id)
            add(cluster)
            if !cluster.kind.isCloud { createInternalTopics(on: cluster) }
        }
    }

    /// Keys of the old cluster open the new one.
    private func regrant(from old: String, to new: String) {
        for (key, grant) in controlPlane.ring.grants where grant.resource == old {
            var moved = grant
            moved.resource = new
            controlPlane.ring.add(key, moved)
        }
        follow()
    }

    private func register(_ cluster: Cluster, insteadOf old: String) {
        guard let known = controlPlane.clusters.removeValue(forKey: old) else { return }
        controlPlane.clusters[cluster.id] = CloudCluster(
            id: cluster.id, sequence: controlPlane.nextSequence(), environment: known.environment, cloud: known.cloud,
            region: known.region, displayName: known.displayName, availability: known.availability,
            config: known.config, isProtected: known.isProtected, metadata: ObjectMetadata(created: stage.now),
            endpoints: known.endpoints, currentCKU: known.currentCKU)
    }
}
