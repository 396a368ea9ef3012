import Domain

/// What the parts of a topology are called in pictures.
extension Topology.Site {
    /// The lines below the name: where it is, what is on it.
    var details: [String] {
        var lines = [[environment, region].compactMap(\.self).joined(separator: " · ")]
        if let silence { lines.append("not seen: \(silence)") }
        if let writableTopics { lines.append("\(Words.count(writableTopics, "topic")) writable") }
        if let fencedTopics, fencedTopics > 0 { lines.append("\(Words.count(fencedTopics, "topic")) fenced") }
        if let registryMode { lines.append("registry \(registryMode)") }
        return lines.filter { !$0.isEmpty }
    }
}

extension Topology.Link {
    var label: String {
        let count = mirrors.map {
            idle == 0 ? Words.count($0, "mirror") : "\(Words.count($0, "mirror")), \(idle) not fetching"
        }
        return [name, count, isBidirectional ? "bidirectional" : nil].compactMap(\.self).joined(separator: " · ")
    }
}

extension Topology.Exporter {
    var label: String {
        ["exporter \(name)", state.map { "\($0)" }].compactMap(\.self).joined(separator: " · ")
    }
}

extension Topology {
    /// Groups that a site serves, and those it stands by for.
    func roles(of site: String) -> [String] {
        let primary = groups.filter { $0.primary == site }.map(\.name)
        let standby = groups.filter { $0.standbys.contains(site) }.map(\.name)
        return [
            primary.isEmpty ? nil : "primary of \(Words.few(primary))",
            standby.isEmpty ? nil : "standby of \(Words.few(standby))",
        ].compactMap(\.self)
    }

    /// Clusters by environment: exporters go between environments, and are drawn between one cluster of each.
    func site(of environment: String) -> String? { sites.first { $0.environment == environment }?.name }

    /// The whole picture in sentences, for those who do not see it.
    var description: String {
        let groups = groups.map { "\($0.name): primary \($0.primary), standby \(Words.list($0.standbys))" }
        let links = links.map { "link \($0.label) from \($0.source) to \($0.destination)" }
        let clients = clients.map { "\($0.name) is sent to \($0.site)" }
        return (groups + links + clients).joined(separator: "; ")
    }
}
