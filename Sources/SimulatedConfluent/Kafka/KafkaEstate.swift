package import SimulatorCore

/// Every Kafka cluster of the world and what moves between them.
///
/// Time passes by an agenda: a change puts the work that follows from it there, and nothing is done for what is still.
package final class KafkaEstate {
    /// Work that is due at a known time.
    package enum Work {
        case link(Link, LinkWork)
        case mirror(Mirror, Mirror.Step)
        case deleteTopic(Cluster, Topic)
        case deleteLink(Link)
        case acl(Cluster, LateAcl)
    }

    package private(set) var clusters: [String: Cluster] = [:]
    package var agenda = Agenda<Work>()
    package var origins = Origins()
    let timing: KafkaTiming
    /// What was produced over REST, by where it was appended first.
    package var payloads = PayloadStore()
    /// The API keys that clients and links may use.
    package var keys = KeyRing()
    let configLists = ConfigListWriter()

    package init(timing: KafkaTiming = KafkaTiming()) {
        self.timing = timing
    }

    package var sortedClusters: [Cluster] {
        clusters.values.sorted { $0.id < $1.id }
    }

    /// Makes an estate like this one that shares nothing with it.
    package func copied() -> KafkaEstate {
        let copy = KafkaEstate(timing: timing)
        let copier = EstateCopier()
        copy.clusters = clusters.mapValues(copier.copy)
        copy.agenda = agenda.map(copier.copy)
        copier.finish()
        copy.origins = origins
        copy.payloads = payloads
        copy.keys = keys
        return copy
    }

    package func insert(_ cluster: Cluster) {
        clusters[cluster.id] = cluster
        cluster.readers = sortedClusters.flatMap(\.sortedLinks).filter { $0.receives && $0.remoteID == cluster.id }
    }

    /// Removes a cluster and everything on it; links to it lose their other end.
    package func removeCluster(_ id: String, in stage: inout Stage) {
        guard let cluster = clusters.removeValue(forKey: id) else { return }
        for link in cluster.sortedLinks { remove(link, in: &stage) }
        for topic in cluster.sortedTopics { remove(topic, from: cluster, in: &stage) }
        refreshLinks(in: &stage)
    }

    /// The cluster behind a bootstrap address.
    package func cluster(bootstrap: String) -> Cluster? {
        let addresses = bootstrap.split(separator: ",").map { address in
            address.drop { $0 == " " }
        }
        return clusters.values.first { cluster in addresses.contains { $0 == cluster.bootstrap } }
    }

    /// Does everything that is due until `time`, each thing at its own time.
    package func advance(to time: Milliseconds, in stage: inout Stage) {
        while let (due, work) = agenda.take(until: time) {
            stage.now = max(stage.now, due)
            perform(work, in: &stage)
        }
        stage.now = max(stage.now, time)
    }

    private func perform(_ work: Work, in stage: inout Stage) {
        switch work {
        case .link(let link, let work):
            link.scheduled.remove(work)
            guard clusters[link.cluster.id]?.links[link.name] === link else { return }
            perform(work, of: link, in: &stage)
        case .mirror(let mirror, let step):
            mirror.scheduled.remove(step)
            perform(step, of: mirror, in: &stage)
        case .deleteTopic(let cluster, let topic): remove(topic, from: cluster, in: &stage)
        case .deleteLink(let link): remove(link, in: &stage)
        case .acl(let cluster, let change): settle(change, on: cluster, in: &stage)
        }
    }

    private func perform(_ step: Mirror.Step, of mirror: Mirror, in stage: inout Stage) {
        switch step {
        case .start: start(mirror, in: &stage)
        case .stop: finishStopping(mirror, in: &stage)
        case .restore: continueRestoring(mirror, in: &stage)
        }
    }

    private func perform(_ work: LinkWork, of link: Link, in stage: inout Stage) {
        switch work {
        case .fetch: fetch(link, in: &stage)
        case .timeout: noteTimeout(of: link, in: &stage)
        case .task(let task): run(task, of: link, in: &stage)
        }
    }

    /// Puts a mirror's next step on the agenda unless it is there.
    func schedule(_ step: Mirror.Step, of mirror: Mirror, at time: Milliseconds) {
        guard mirror.scheduled.insert(step).inserted else { return }
        agenda.add(.mirror(mirror, step), at: time)
    }

    /// Puts a link's work on the agenda unless it is there.
    func schedule(_ work: LinkWork, of link: Link, at time: Milliseconds) {
        guard link.scheduled.insert(work).inserted else { return }
        agenda.add(.link(link, work), at: time)
    }
}
