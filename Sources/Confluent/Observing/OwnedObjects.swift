import Domain
import Transport

/// What the ledger owns on one cluster, by name: a list that leaves out one of them is believed only after its own 404.
struct OwnedOnCluster: Hashable, Sendable {
    struct Mirror: Hashable, Sendable {
        let link: String
        let topic: String
    }

    private(set) var topics: Set<String> = []
    private(set) var links: Set<String> = []
    private(set) var mirrors: Set<Mirror> = []

    init(_ cluster: String, id: String?, _ recorded: Recorded) {
        for (address, row) in recorded.owned where address.place == cluster && row.origin != .creating {
            guard row.siteID == nil || id == nil || row.siteID == id else { continue }
            switch address.kind {
            case .topic: topics.insert(address.name)
            case .link: links.insert(address.name)
            case .mirror: if let link = row.applied["link"] { mirrors.insert(Mirror(link: link, topic: address.name)) }
            default: continue
            }
        }
    }

    /// An object that is there although the lists leave it out; `nil` when they can be believed.
    func omission(in snapshot: KafkaSnapshot, _ api: KafkaAPI) async throws(TransportFailure) -> String? {
        let live = Set(snapshot.mirrors.map { Mirror(link: $0.link, topic: $0.topic) })
        let topics = topics.subtracting(snapshot.topics.keys).sorted()
        let links = links.subtracting(snapshot.links.map(\.name)).sorted()
        let mirrors = mirrors.subtracting(live).sorted { $0.topic < $1.topic }
        let questions = topics.map(Question.topic) + links.map(Question.link) + mirrors.map(Question.mirror)
        return try await together(questions) { try await $0.isThere(api) ? $0.words : nil }
            .lazy.compactMap(\.self).first
    }

    /// An object that is asked for by itself.
    private enum Question: Sendable {
        case topic(String)
        case link(String)
        case mirror(Mirror)

        func isThere(_ api: KafkaAPI) async throws(TransportFailure) -> Bool {
            switch self {
            case .topic(let name): try await api.hasTopic(name)
            case .link(let name): try await api.hasLink(name)
            case .mirror(let mirror): try await api.hasMirror(mirror.topic, on: mirror.link)
            }
        }

        var words: String {
            switch self {
            case .topic(let name): "topic \(name)"
            case .link(let name): "link \(name)"
            case .mirror(let mirror): "mirror \(mirror.topic)"
            }
        }
    }
}

extension KafkaAPI {
    /// Whether the answer of the object itself shows it.
    private func isThere<Object: Decodable & Sendable>(
        _ path: RequestPath, as type: Object.Type
    ) async throws(TransportFailure) -> Bool {
        try await outcome { try await endpoint.get(path, as: type) }.unlessMissing() != nil
    }

    func hasTopic(_ name: String) async throws(TransportFailure) -> Bool {
        try await isThere(topicPath(name), as: OwnTopicWire.self)
    }

    func hasLink(_ name: String) async throws(TransportFailure) -> Bool {
        try await isThere(linkPath(name), as: LinkWire.self)
    }

    func hasMirror(_ topic: String, on link: String) async throws(TransportFailure) -> Bool {
        try await isThere(mirrorsPath(link).appending(topic), as: OwnMirrorWire.self)
    }
}

private struct OwnTopicWire: Decodable, Sendable {
    let name: String

    enum CodingKeys: String, CodingKey {
        case name = "topic_name"
    }
}

private struct OwnMirrorWire: Decodable, Sendable {
    let name: String

    enum CodingKeys: String, CodingKey {
        case name = "mirror_topic_name"
    }
}
