import SimulatorCore

/// Writes lists of topic configs. Nearly all entries of a cluster differ in their topic's name only, so they are kept as
/// text around that name. Long lists are written while they are sent.
final class ConfigListWriter {
    /// How many topics a piece of a long list holds.
    private static let topicsPerPiece = 250
    private static let mark = "\u{1}"
    private var templates: [Key: ConfigTemplates] = [:]

    private struct Key: Hashable {
        var base: String
        package var kind: Cluster.Kind
    }

    /// A list of all entries of some topics.
    func list(of topics: [Topic], at path: String, on cluster: Cluster) -> Response {
        let templates = templates(for: cluster)
        var locks: [String: [Bool]] = [:]
        let rows = topics.map { topic -> ConfigListPieces.Row in
            guard let link = topic.liveMirror?.link else {
                return ConfigListPieces.Row(topic: topic.name, configs: topic.configs, locked: [])
            }
            let locked = locks[link.name] ?? lockedPositions(link, templates)
            locks[link.name] = locked
            return ConfigListPieces.Row(topic: topic.name, configs: topic.configs, locked: locked)
        }
        let pieces = ConfigListPieces(rows: rows, templates: templates, entries: ConfigEntryWriter(cluster))
        var response = Response(status: 200, headers: [("content-type", "application/json")])
        response.body.append(contentsOf: "{\"kind\":\"KafkaTopicConfigList\",\"metadata\":{\"self\":".utf8)
        JSON.write("\(cluster.base)/\(path)", to: &response.body)
        response.body.append(contentsOf: ",\"next\":null},\"data\":[".utf8)
        let each = Self.topicsPerPiece
        let count = (rows.count + each - 1) / each
        response.rest = BodyPieces(count: count + 1) { index in
            index < count
                ? pieces.text(of: index * each..<min((index + 1) * each, rows.count)) : Array("]}".utf8)
        }
        return count > 1 ? response : response.gathered
    }

    /// Which entries of a link's mirrors cannot be changed.
    private func lockedPositions(_ link: Link, _ templates: ConfigTemplates) -> [Bool] {
        let synced = link.syncedConfigs
        return templates.names.map(synced.contains)
    }

    /// One entry; `nil` for a name that is no config.
    func entry(_ config: String, of topic: Topic, on cluster: Cluster) -> JSON? {
        let isSetByCloud = cluster.kind.isCloud && TopicConfigTable.setByCloud.contains { $0.0 == config }
        guard TopicConfigTable.known[config] != nil || isSetByCloud else { return nil }
        let isLocked = topic.liveMirror?.link.syncedConfigs.contains(config) ?? false
        return ConfigEntryWriter(cluster).entry(config, of: topic.name, topic.configs[config], isLocked: isLocked)
    }

    private static let listedByDefault = TopicConfigTable.all.filter(\.isListed).map(\.name).sorted()
    private static let listedInCloud = listedByDefault + TopicConfigTable.setByCloud.map(\.0)

    private func templates(for cluster: Cluster) -> ConfigTemplates {
        let key = Key(base: cluster.base, kind: cluster.kind)
        if let made = templates[key] { return made }
        let entries = ConfigEntryWriter(cluster)
        var made = ConfigTemplates()
        made.names = cluster.kind.isCloud ? Self.listedInCloud : Self.listedByDefault
        for (position, config) in made.names.enumerated() {
            made.positions[config] = position
            made.open.append(cut(entries.entry(config, of: Self.mark, nil, isLocked: false)))
            made.locked.append(cut(entries.entry(config, of: Self.mark, nil, isLocked: true)))
        }
        templates[key] = made
        return made
    }

    /// Cuts an entry's text at the mark, which is written as an escape.
    private func cut(_ entry: JSON) -> [[UInt8]] {
        let mark = Array("\\u0001".utf8)
        var pieces: [[UInt8]] = [[]]
        var rest = entry.bytes[...]
        while let byte = rest.first {
            if rest.starts(with: mark) {
                pieces.append([])
                rest = rest.dropFirst(mark.count)
            } else {
                pieces[pieces.count - 1].append(byte)
                rest = rest.dropFirst()
            }
        }
        return pieces
    }
}
