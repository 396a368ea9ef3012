/// Every Kafka cluster of the world and what moves between them.
///
/// Time passes by an agenda: a change puts the work that follows from it there, and nothing is done for what is still.
final class KafkaEstate {
    /// Work that is due at a known time.
    enum Work {
        case link(Link, LinkWork)
        case start(Mirror)
        case stop(Mirror)
        case restore(Mirror)
        case deleteTopic(Cluster, Topic)
        case deleteLink(Link)
    }

    private(set) var clusters: [String: Cluster] = [:]
    var agenda = Agenda<Work>()
    var origins = Origins()
    let timing: KafkaTiming
    /// What was produced over REST, by where it was appended first.
    var payloads = PayloadStore()
    /// The API keys that clients and links may use.
    var keys = KeyRing()
    let configLists = ConfigListWriter()

    init(timing: KafkaTiming = KafkaTiming()) {
        self.timing = timing
    }

    var sortedClusters: [Cluster] {
        clusters.values.sorted { $0.id < $1.id }
    }

    func insert(_ cluster: Cluster) {
        clusters[cluster.id] = cluster
    }

    /// Removes a cluster and everything on it; links to it lose their other end.
    func removeCluster(_ id: String, in stage: inout Stage) {
        guard let cluster = clusters.removeValue(forKey: id) else { return }
        for link in cluster.sortedLinks { remove(link, in: &stage) }
        for topic in cluster.sortedTopics { remove(topic, from: cluster, in: &stage) }
        refreshLinks(in: &stage)
    }

    /// The cluster behind a bootstrap address.
    func cluster(bootstrap: String) -> Cluster? {
        let addresses = bootstrap.split(separator: ",").map { address in
            address.drop { $0 == " " }
        }
        return clusters.values.first { cluster in addresses.contains { $0 == cluster.bootstrap } }
    }

    /// Does everything that is due until `time`, each thing at its own time.
    func advance(to time: Milliseconds, in stage: inout Stage) {
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
        case .start(let mirror): start(mirror, in: &stage)
        case .stop(let mirror): finishStopping(mirror, in: &stage)
        case .restore(let mirror): continueRestoring(mirror, in: &stage)
        case .deleteTopic(let cluster, let topic): remove(topic, from: cluster, in: &stage)
        case .deleteLink(let link): remove(link, in: &stage)
        }
    }

    private func perform(_ work: LinkWork, of link: Link, in stage: inout Stage) {
        switch work {
        case .fetch: fetch(link, in: &stage)
        case .timeout: noteTimeout(of: link, in: &stage)
        case .task(let task): run(task, of: link, in: &stage)
        }
    }

    /// Puts a link's work on the agenda unless it is there.
    func schedule(_ work: LinkWork, of link: Link, at time: Milliseconds) {
        guard link.scheduled.insert(work).inserted else { return }
        agenda.add(.link(link, work), at: time)
    }
}
