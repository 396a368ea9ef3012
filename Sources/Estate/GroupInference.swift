import Domain

/// Finds links and exporters that together do what a failover group does.
struct GroupInference {
    private(set) var groups: [String: FailoverGroupSpec] = [:]
    /// Links that groups have.
    private(set) var links: Set<FoundLink.Key> = []
    /// Exporters that groups have.
    private(set) var exporters: Set<FoundExporter.Key> = []
    /// Groups by topic, by the cluster that clients write it on.
    private(set) var topics: [String: [String: String]] = [:]
    private(set) var remarks: [Remark] = []
    private var taken = TakenNames()

    /// No group at all.
    init() {}

    init(_ links: [FoundLink], _ exporters: [FoundExporter], in estate: Estate) {
        for link in links {
            let from = estate.environment(ofCluster: link.source)?.name
            let to = estate.environment(ofCluster: link.destination)?.name
            let between = exporters.filter {
                $0.source == from && $0.destination == to && !self.exporters.contains($0.key)
            }
            guard from != to, let exporter = between.first else { continue }
            let reading = LinkReading(link)
            if let obstacle = obstacle(link, reading, exporter, in: estate) {
                remarks.append(.noGroup(link: link.name, exporter: exporter.observed.name, obstacle))
            } else {
                add(link, reading, exporter)
            }
        }
    }

    private func obstacle(
        _ link: FoundLink, _ reading: LinkReading, _ exporter: FoundExporter, in estate: Estate
    ) -> GroupObstacle? {
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
        case true?: break
        }
        let homes = topics[link.source] ?? [:]
        return link.mirrors.lazy.compactMap { homes[$0.sourceTopic] }.first.map { .topicsOf(group: $0) }
    }

    private mutating func add(_ link: FoundLink, _ reading: LinkReading, _ exporter: FoundExporter) {
        let name = taken.name(exporter.observed.name, or: ["\(link.source)-\(link.destination)"])
        var group = FailoverGroupSpec(
            metadata: Metadata(name: name),
            placement: .declared(primary: link.source, members: [link.source, link.destination]))
        group.link = reading.settings
        group.link.consumerOffsetSync = reading.settings.consumerOffsetSync ?? OffsetSyncSpec(enabled: false)
        let ends = [link.source, link.destination]
        group.link.names = [(link.mode == .bidirectional ? ends.sorted() : ends).joined(separator: "-"): link.name]
        group.schemas = exporter.settings
        if exporter.observed.name != name { group.schemas?.exporterName = exporter.observed.name }
        groups[name] = group
        links.insert(link.key)
        exporters.insert(exporter.key)
        for mirror in link.mirrors { topics[link.source, default: [:]][mirror.sourceTopic] = name }
    }
}

extension FoundLink {
    /// What tells links apart.
    struct Key: Hashable {
        let name: String
        let ends: Set<String>
    }

    var key: Key { Key(name: name, ends: [source, destination]) }
}

extension FoundExporter {
    /// What tells exporters apart.
    struct Key: Hashable {
        let name: String
        let source: String
    }

    var key: Key { Key(name: observed.name, source: source) }
}
