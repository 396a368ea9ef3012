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

    /// No group at all.
    init() {}

    init(_ links: [FoundLink], _ exporters: [FoundExporter], in estate: Estate) {
        var candidates: [GroupCandidate] = []
        for (link, exporter) in Self.pairs(links, exporters, in: estate) {
            let leg = GroupCandidate.Leg(link: link, reading: LinkReading(link), exporter: exporter)
            if let obstacle = leg.obstacle(in: estate) {
                tell(leg, obstacle)
            } else if let index = candidates.firstIndex(where: { $0.takes(leg) }) {
                candidates[index].legs.append(leg)
            } else {
                candidates.append(GroupCandidate(leg))
            }
        }
        rejectOverlaps(&candidates, links)
        var taken = TakenNames()
        for candidate in candidates { add(candidate, &taken) }
    }

    /// Links with the exporters that go the same way: those whose names belong together first, then the only ones left.
    private static func pairs(
        _ links: [FoundLink], _ exporters: [FoundExporter], in estate: Estate
    ) -> [(FoundLink, FoundExporter)] {
        var pairs: [FoundLink.Key: FoundExporter] = [:]
        var open: [FoundExporter.Key: FoundExporter] = Dictionary(
            exporters.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        func fitting(_ link: FoundLink) -> [FoundExporter] {
            let from = estate.environment(ofCluster: link.source)?.name
            let to = estate.environment(ofCluster: link.destination)?.name
            guard from != to else { return [] }
            return exporters.filter { open[$0.key] != nil && $0.source == from && $0.destination == to }
        }
        for link in links {
            let named = fitting(link).filter { exporter in
                let name = exporter.baseName
                return link.name == name || link.name.hasPrefix("\(name)-")
            }
            guard let exporter = named.max(by: { $0.baseName.count < $1.baseName.count }) else { continue }
            pairs[link.key] = exporter
            open[exporter.key] = nil
        }
        for link in links where pairs[link.key] == nil && !link.mirrors.isEmpty {
            let rivals = links.filter { other in
                pairs[other.key] == nil && !other.mirrors.isEmpty && other.source == link.source
                    && other.destination == link.destination
            }
            let left = fitting(link)
            guard rivals.count == 1, left.count == 1 else { continue }
            pairs[link.key] = left[0]
            open[left[0].key] = nil
        }
        return links.compactMap { link in pairs[link.key].map { (link, $0) } }
    }

    // MARK: What groups must not share

    /// A topic belongs to one group or one link, and a part of a registry to one group.
    private mutating func rejectOverlaps(_ candidates: inout [GroupCandidate], _ links: [FoundLink]) {
        var isStable = false
        while !isStable {
            let kept = Set(candidates.flatMap { $0.legs.map(\.link.key) })
            let plain = links.filter { !kept.contains($0.key) }
            isStable = true
            for (index, candidate) in candidates.enumerated().reversed() {
                guard let obstacle = candidate.obstacle(beside: candidates[..<index], plain) else { continue }
                for leg in candidate.legs { tell(leg, obstacle) }
                candidates.remove(at: index)
                isStable = false
            }
        }
    }

    private mutating func tell(_ leg: GroupCandidate.Leg, _ obstacle: GroupObstacle) {
        remarks.append(.noGroup(link: leg.link.name, exporter: leg.exporter.observed.name, obstacle))
    }

    // MARK: What becomes of them

    private mutating func add(_ candidate: GroupCandidate, _ taken: inout TakenNames) {
        let first = candidate.legs[0]
        let base = candidate.exporterName
        let name = taken.name(base, or: ["\(first.link.source)-\(first.link.destination)"])
        var group = FailoverGroupSpec(
            metadata: Metadata(name: name),
            placement: .declared(primary: first.link.source, members: candidate.members))
        group.link = first.reading.settings
        group.link.consumerOffsetSync = first.reading.settings.consumerOffsetSync ?? OffsetSyncSpec(enabled: false)
        for leg in candidate.legs {
            let ends = [leg.link.source, leg.link.destination]
            let pair = (leg.link.mode == .bidirectional ? ends.sorted() : ends).joined(separator: "-")
            group.link.names[pair] = leg.link.name
            links.insert(leg.link.key)
            exporters.insert(leg.exporter.key)
        }
        group.schemas = first.exporter.settings
        if base != name { group.schemas?.exporterName = base }
        groups[name] = group
        for topic in first.topics { topics[first.link.source, default: [:]][topic] = name }
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

    /// The name without the destination, where it ends in that: exporters of a group with several standbys do.
    var baseName: String {
        let suffix = "-\(destination)"
        return observed.name.hasSuffix(suffix) ? String(observed.name.dropLast(suffix.count)) : observed.name
    }
}
