import Domain

/// Which topics links and groups take.
extension PlanningPhase {
    /// Topics that selectors take and manifests declare, as far as the source tells; while it is silent, what its
    /// mirrors and the ledger know.
    mutating func select(
        _ selectors: [TopicSelector], declared: Set<String>, from source: String, mirroredOn destinations: [String],
        _ owner: LinkOwner
    ) -> Set<String> {
        let topics = facts.selected(
            by: selectors, declared: declared, from: source, mirroredOn: destinations,
            besides: written.claims.plannedMirrors[source] ?? [])
        written.claims.mirroredTopics.append((source, topics, owner))
        if observation.clusters[source]?.snapshot == nil, workspace.clusters[source]?.type == .apacheKafka {
            noteUnresolved(selectors, source, owner)
        }
        return topics
    }

    private mutating func noteUnresolved(_ selectors: [TopicSelector], _ source: String, _ owner: LinkOwner) {
        let globs = selectors.filter { !$0.autoCreate }.flatMap(\.include).filter { !Glob($0).isLiteral }
        guard !globs.isEmpty else { return }
        written.notes.append(
            Plan.Note(.unlistedTopics(source: source, patterns: globs.sorted()), about: owner.description))
    }
}

extension Facts {
    /// - Parameter mirrors: Mirrors that this plan makes on the source: what selects them, as declared topics, need not wait
    ///   for the next.
    func selected(
        by selectors: [TopicSelector], declared: Set<String>, from source: String, mirroredOn destinations: [String],
        besides mirrors: Set<String> = []
    ) -> Set<String> {
        var topics = declared
        let coming = (index.declaredTopics[source] ?? []).union(mirrors)
        let live = observation.clusters[source]?.snapshot?.topics
        for selector in selectors {
            topics.formUnion(selector.select(from: coming) { _ in false })
            if let live {
                topics.formUnion(selector.select(from: live.keys) { live[$0]?.isInternal ?? false })
            } else {
                let candidates = remembered(from: source, on: destinations).union(literals(of: selector, on: source))
                topics.formUnion(selector.select(from: candidates) { _ in false })
            }
        }
        return topics
    }

    /// Names that need no list to be found; on a cluster that does not exist yet there is nothing to find.
    fileprivate func literals(of selector: TopicSelector, on source: String) -> [String] {
        if case .absent? = observation.clusters[source] { return [] }
        return selector.include.filter { Glob($0).isLiteral } + selector.allowInternal
    }

    fileprivate func remembered(from source: String, on destinations: [String]) -> Set<String> {
        var topics: Set<String> = []
        for destination in destinations {
            let links = linkNames(from: source, on: destination)
            let rows = (index.mirrors[destination] ?? [:]).values.filter { links.contains($0.link) }
            topics.formUnion(rows.map(\.sourceTopic))
            topics.formUnion(index.recordedMirrors[destination]?[source] ?? [])
        }
        return topics
    }

    /// Live links on a cluster that read from another one.
    func linkNames(from source: String, on cluster: String) -> Set<String> {
        guard let sourceID = id(ofCluster: source) else { return [] }
        let links = observation.clusters[cluster]?.snapshot?.links ?? []
        return Set(links.filter { $0.remoteClusterID == sourceID }.map(\.name))
    }
}
