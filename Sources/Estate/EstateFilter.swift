package import Domain

/// Which part of an estate is imported: globs of addresses as plans write them, `topic/west/payments.*`, `cluster/dev-*`.
package struct EstateFilter: Sendable {
    /// A pattern that names no kind that can be chosen.
    package struct Malformed: Error, Hashable, Sendable {
        package let pattern: String
    }

    /// What can be chosen; mirrors go with their source topics, and everything with the site it is in.
    package static let kinds: [ResourceKind] = [.environment, .cluster, .topic, .link, .exporter]

    private struct Pattern: Sendable {
        let text: String
        let kind: ResourceKind
        let glob: Glob
    }

    private var include: [Pattern] = []
    private var exclude: [Pattern] = []

    /// Everything.
    package init() {}

    /// - Throws: ``Malformed``.
    package init(include: [String], exclude: [String]) throws(Malformed) {
        for text in include { self.include.append(try Self.pattern(text)) }
        for text in exclude { self.exclude.append(try Self.pattern(text)) }
    }

    private static func pattern(_ text: String) throws(Malformed) -> Pattern {
        guard let kind = kinds.first(where: { text.hasPrefix("\($0.rawValue)/") }) else {
            throw Malformed(pattern: text)
        }
        return Pattern(text: text, kind: kind, glob: Glob(text))
    }

    /// Whether an object is imported: no `exclude` names it, and an `include` does where one names its kind.
    package func takes(_ address: ResourceAddress) -> Bool {
        let text = address.description
        guard !exclude.contains(where: { $0.glob.matches(text) }) else { return false }
        let ofKind = include.filter { $0.kind == address.kind }
        return ofKind.isEmpty || ofKind.contains { $0.glob.matches(text) }
    }

    /// Patterns that name nothing among these objects.
    package func unmatched(among addresses: [ResourceAddress]) -> [String] {
        let texts = addresses.map(\.description)
        return (include + exclude).filter { pattern in !texts.contains { pattern.glob.matches($0) } }.map(\.text)
    }
}

extension Estate {
    /// Addresses of everything that can be chosen.
    package var addresses: [ResourceAddress] {
        environments.map { ResourceAddress(.environment, $0.name) }
            + clusters.map { ResourceAddress(.cluster, $0.name) }
            + clusters.flatMap { cluster -> [ResourceAddress] in
                (cluster.kafka?.topics.keys.map { ResourceAddress(.topic, in: cluster.name, $0) } ?? [])
                    + (cluster.kafka?.links.map { ResourceAddress(.link, in: cluster.name, $0.name) } ?? [])
            }
            + environments.flatMap { environment in
                environment.registry?.exporters.map { ResourceAddress(.exporter, in: environment.name, $0.name) } ?? []
            }
    }

    /// The part that a filter takes.
    package func filtered(_ filter: EstateFilter) -> Estate {
        var part = self
        part.environments.removeAll { !filter.takes(ResourceAddress(.environment, $0.name)) }
        let kept = Set(part.environments.map(\.name))
        part.clusters.removeAll { cluster in
            !filter.takes(ResourceAddress(.cluster, cluster.name))
                || cluster.spec.environment.map { !kept.contains($0) } ?? false
        }
        for index in part.environments.indices {
            let name = part.environments[index].name
            part.environments[index].registry?.exporters.removeAll {
                !filter.takes(ResourceAddress(.exporter, in: name, $0.name))
            }
        }
        for index in part.clusters.indices { part.clusters[index].filter(filter, in: self) }
        return part
    }
}

extension Estate.Cluster {
    fileprivate mutating func filter(_ filter: EstateFilter, in estate: Estate) {
        guard var kafka else { return }
        self.kafka = nil
        let sources = Dictionary(
            kafka.links.map { link in
                (link.name, estate.clusters.first { $0.id != nil && $0.id == link.remoteClusterID }?.name)
            }, uniquingKeysWith: { first, _ in first })
        kafka.links.removeAll { !filter.takes(ResourceAddress(.link, in: name, $0.name)) }
        let links = Set(kafka.links.map(\.name))
        let gone = Set(
            kafka.mirrors.lazy.filter { mirror in
                guard mirror.status != .stopped else { return false }
                let source = sources[mirror.link] ?? nil
                return !links.contains(mirror.link)
                    || source.map { !filter.takes(ResourceAddress(.topic, in: $0, mirror.sourceTopic)) } ?? false
            }.map(\.topic))
        kafka.mirrors.removeAll { gone.contains($0.topic) }
        kafka.topics = kafka.topics.filter { topic, _ in
            !gone.contains(topic) && filter.takes(ResourceAddress(.topic, in: name, topic))
        }
        self.kafka = kafka
    }
}
