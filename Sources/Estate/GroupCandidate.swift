import Domain

/// Links from one cluster to one or several standbys that carry the same topics, with their exporters.
struct GroupCandidate {
    /// One standby.
    struct Leg {
        let link: FoundLink
        let reading: LinkReading
        let exporter: FoundExporter

        var topics: Set<String> { Set(link.mirrors.map(\.sourceTopic)) }
    }

    var legs: [Leg]

    init(_ leg: Leg) {
        legs = [leg]
    }

    var members: [String] { [legs[0].link.source] + legs.map(\.link.destination) }

    /// What the exporters are called but for their destinations.
    var exporterName: String { legs.count == 1 ? legs[0].exporter.observed.name : legs[0].exporter.baseName }

    /// Whether a further standby goes by the same settings.
    func takes(_ leg: Leg) -> Bool {
        let first = legs[0]
        return first.link.source == leg.link.source && !members.contains(leg.link.destination)
            && first.topics == leg.topics && first.reading.settings == leg.reading.settings
            && first.exporter.settings == leg.exporter.settings && first.exporter.baseName == leg.exporter.baseName
    }

    /// What it shares with a group that is one already, or with a link that is none.
    func obstacle(beside others: ArraySlice<GroupCandidate>, _ plain: [FoundLink]) -> GroupObstacle? {
        let first = legs[0]
        for link in plain where !Set(members).isDisjoint(with: [link.source, link.destination]) {
            let mirrored = Set((link.mirrors + link.reverse).map(\.sourceTopic))
            if !mirrored.isDisjoint(with: first.topics) { return .mirroredBy(link: link.name) }
        }
        for other in others where !Set(members).isDisjoint(with: other.members) {
            if !first.topics.isDisjoint(with: other.legs[0].topics) { return .topicsOf(group: other.exporterName) }
            if first.exporter.settings.shareSchemas(with: other.legs[0].exporter.settings) {
                return .schemasOf(group: other.exporterName)
            }
        }
        return nil
    }
}

extension GroupCandidate.Leg {
    /// Why it does something else than a group would.
    func obstacle(in estate: Estate) -> GroupObstacle? {
        if link.mirrors.isEmpty { return .noMirrors }
        if !link.reverse.isEmpty { return .bothWays }
        if let prefix = link.prefix { return .prefix(prefix) }
        if reading.autoCreate != nil { return .autoCreate }
        if reading.differing.contains("consumer.offset.sync.enable") { return .offsetSync }
        if exporter.contextType != .none { return .contextType(exporter.contextType) }
        let registry = estate.environments.first { $0.name == exporter.destination }?.registry
        switch registry?.isStandby(for: exporter.settings.subjects) {
        case nil: return .modeUnknown(environment: exporter.destination)
        case false?: return .standbyTakesSchemas(environment: exporter.destination)
        case true?: return nil
        }
    }
}

extension SchemaSettings {
    /// Whether both reach into one context.
    fileprivate func shareSchemas(with other: SchemaSettings) -> Bool {
        guard let mine = RegistryContext.reached(bySubjects: subjects),
            let others = RegistryContext.reached(bySubjects: other.subjects)
        else { return true }
        return !Set(mine).isDisjoint(with: others)
    }
}
