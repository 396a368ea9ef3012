/// Writes lists of topic configs. Nearly all entries of a cluster differ in their topic's name only, so they are kept as
/// text around that name.
final class ConfigListWriter {
    /// The text of one entry, cut where the topic's name goes.
    private typealias Pieces = [[UInt8]]

    private struct Key: Hashable {
        var base: String
        var kind: Cluster.Kind
    }

    private struct Templates {
        /// Entries nobody set, in the order of lists: first as they can be changed, then as they cannot.
        var open: [Pieces] = []
        var locked: [Pieces] = []
        var names: [String] = []
        var positions: [String: Int] = [:]
    }

    private static let mark = "\u{1}"
    private var templates: [Key: Templates] = [:]

    /// A list of all entries of some topics.
    func list(of topics: [Topic], at path: String, on cluster: Cluster) -> Response {
        let templates = templates(for: cluster)
        var body: [UInt8] = []
        body.reserveCapacity(200 + topics.count * 17_000)
        body.append(contentsOf: "{\"kind\":\"KafkaTopicConfigList\",\"metadata\":{\"self\":".utf8)
        JSON.write("\(cluster.base)/\(path)", to: &body)
        body.append(contentsOf: ",\"next\":null},\"data\":[".utf8)
        var locks: [String: [Bool]] = [:]
        for topic in topics {
            let link = topic.liveMirror?.link
            let locked = link.map { locks[$0.name] ?? lockedPositions($0, templates) } ?? []
            if let link { locks[link.name] = locked }
            write(topic, templates, locked, on: cluster, to: &body)
        }
        if body.last == UInt8(ascii: ",") { body.removeLast() }
        body.append(contentsOf: "]}".utf8)
        return Response(status: 200, headers: [("content-type", "application/json")], body: body)
    }

    /// Which entries of a link's mirrors cannot be changed.
    private func lockedPositions(_ link: Link, _ templates: Templates) -> [Bool] {
        let synced = link.syncedConfigs
        return templates.names.map(synced.contains)
    }

    /// Appends all entries of a topic, each with a comma behind it.
    private func write(
        _ topic: Topic, _ templates: Templates, _ locked: [Bool], on cluster: Cluster, to body: inout [UInt8]
    ) {
        let name = Array(topic.name.utf8)
        let own = Set(topic.configs.keys.compactMap { templates.positions[$0] })
        for position in templates.names.indices {
            let isLocked = !locked.isEmpty && locked[position]
            if !own.isEmpty, own.contains(position) {
                let config = templates.names[position]
                entry(config, of: topic.name, topic.configs[config], isLocked, on: cluster).write(to: &body)
            } else {
                let pieces = isLocked ? templates.locked[position] : templates.open[position]
                for (index, piece) in pieces.enumerated() {
                    if index > 0 { body.append(contentsOf: name) }
                    body.append(contentsOf: piece)
                }
            }
            body.append(UInt8(ascii: ","))
        }
        guard own.count < topic.configs.count else { return }
        for (config, value) in topic.configs.sorted(by: { $0.key < $1.key }) where templates.positions[config] == nil {
            entry(config, of: topic.name, value, false, on: cluster).write(to: &body)
            body.append(UInt8(ascii: ","))
        }
    }

    /// One entry; `nil` for a name that is no config.
    func entry(_ config: String, of topic: Topic, on cluster: Cluster) -> JSON? {
        let isSetByCloud = cluster.kind.isCloud && TopicConfigTable.setByCloud.contains { $0.0 == config }
        guard TopicConfigTable.known[config] != nil || isSetByCloud else { return nil }
        let isLocked = topic.liveMirror?.link.syncedConfigs.contains(config) ?? false
        return entry(config, of: topic.name, topic.configs[config], isLocked, on: cluster)
    }

    private static let listedByDefault = TopicConfigTable.all.filter(\.isListed).map(\.name).sorted()
    private static let listedInCloud = listedByDefault + TopicConfigTable.setByCloud.map(\.0)

    private func templates(for cluster: Cluster) -> Templates {
        let key = Key(base: cluster.base, kind: cluster.kind)
        if let made = templates[key] { return made }
        var made = Templates()
        made.names = cluster.kind.isCloud ? Self.listedInCloud : Self.listedByDefault
        for (position, config) in made.names.enumerated() {
            made.positions[config] = position
            made.open.append(pieces(entry(config, of: Self.mark, nil, false, on: cluster)))
            made.locked.append(pieces(entry(config, of: Self.mark, nil, true, on: cluster)))
        }
        templates[key] = made
        return made
    }

    /// Cuts an entry's text at the mark, which is written as an escape.
    private func pieces(_ entry: JSON) -> Pieces {
        let mark = Array("\\u0001".utf8)
        var pieces: Pieces = [[]]
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

    private func entry(
        _ config: String, of topic: String, _ value: String?, _ isLocked: Bool, on cluster: Cluster
    ) -> JSON {
        let known = TopicConfigTable.known[config]
        let chain = synonyms(config, value, on: cluster)
        let effective = chain.first
        let isReadOnly = isLocked || cluster.kind.isCloud && known?.isEditableInCloud == false
        return [
            "kind": "KafkaTopicConfig",
            "metadata": [
                "self": .string("\(cluster.base)/topics/\(topic)/configs/\(config)"),
                "resource_name": .string("crn:///kafka=\(cluster.id)/topic=\(topic)/config=\(config)"),
            ],
            "cluster_id": .string(cluster.id), "topic_name": .string(topic), "name": .string(config),
            "value": .string(effective?.value ?? known?.defaultValue ?? ""), "is_read_only": JSON(isReadOnly),
            "is_sensitive": false, "source": .string(effective?.source ?? "DEFAULT_CONFIG"),
            "synonyms": .array(
                chain.filter { $0.name != nil }.map {
                    ["name": JSON($0.name), "value": .string($0.value), "source": .string($0.source)]
                }),
            "is_default": JSON(effective?.source ?? "DEFAULT_CONFIG" == "DEFAULT_CONFIG"),
        ]
    }

    /// The chain of overrides, the effective one first; a default without a broker config has no name.
    private func synonyms(
        _ config: String, _ value: String?, on cluster: Cluster
    ) -> [(name: String?, value: String, source: String)] {
        let known = TopicConfigTable.known[config]
        var chain: [(name: String?, value: String, source: String)] = []
        let ofService = cluster.kind.isCloud ? TopicConfigTable.setByCloud.first { $0.0 == config }?.1 : nil
        if let value = value ?? ofService { chain.append((config, value, "DYNAMIC_TOPIC_CONFIG")) }
        if ofService != nil { return chain }
        if cluster.kind.isCloud, let value = known?.cloudValue {
            chain.append((known?.brokerName, value, "STATIC_BROKER_CONFIG"))
        }
        if let known { chain.append((known.brokerName, known.defaultValue, "DEFAULT_CONFIG")) }
        return chain
    }
}
