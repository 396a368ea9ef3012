/// Copies clusters and what is on them, which know each other in circles: each object once, whoever leads to it.
final class EstateCopier {
    private var clusters: [ObjectIdentifier: Cluster] = [:]
    private var links: [ObjectIdentifier: Link] = [:]
    private var topics: [ObjectIdentifier: Topic] = [:]
    private var mirrors: [ObjectIdentifier: Mirror] = [:]
    /// What is still to be told to copies of others.
    private var unfinished: [() -> Void] = []

    /// Tells every copy of the others.
    func finish() {
        while let next = unfinished.popLast() { next() }
    }

    func copy(_ cluster: Cluster) -> Cluster {
        if let known = clusters[ObjectIdentifier(cluster)] { return known }
        let copy = cluster.copiedShell()
        clusters[ObjectIdentifier(cluster)] = copy
        unfinished.append {
            for topic in cluster.topics.values { copy.insert(self.copy(topic)) }
            for link in cluster.links.values { copy.insert(self.copy(link)) }
            copy.readers = cluster.readers.map(self.copy)
        }
        return copy
    }

    func copy(_ link: Link) -> Link {
        if let known = links[ObjectIdentifier(link)] { return known }
        let copy = link.copiedShell(on: copy(link.cluster))
        links[ObjectIdentifier(link)] = copy
        unfinished.append {
            for mirror in link.mirrors.values { copy.insert(self.copy(mirror)) }
        }
        return copy
    }

    func copy(_ topic: Topic) -> Topic {
        if let known = topics[ObjectIdentifier(topic)] { return known }
        let copy = topic.copied()
        topics[ObjectIdentifier(topic)] = copy
        unfinished.append {
            copy.liveMirror = topic.liveMirror.map(self.copy)
            copy.followers = topic.followers.map(self.copy)
        }
        return copy
    }

    func copy(_ mirror: Mirror) -> Mirror {
        if let known = mirrors[ObjectIdentifier(mirror)] { return known }
        let copy = mirror.copied(link: copy(mirror.link), topic: copy(mirror.topic))
        mirrors[ObjectIdentifier(mirror)] = copy
        unfinished.append { copy.source = mirror.source.map(self.copy) }
        return copy
    }

    func copy(_ work: KafkaEstate.Work) -> KafkaEstate.Work {
        switch work {
        case .link(let link, let work): .link(copy(link), work)
        case .mirror(let mirror, let step): .mirror(copy(mirror), step)
        case .deleteTopic(let cluster, let topic): .deleteTopic(copy(cluster), copy(topic))
        case .deleteLink(let link): .deleteLink(copy(link))
        case .acl(let cluster, let change): .acl(copy(cluster), change)
        }
    }
}
