import Domain
import Planning
import Transport

/// Reads a cluster's lists, all at once.
struct KafkaReading: Sendable {
    let endpoint: HTTPEndpoint
    /// `nil` = whatever cluster answers.
    let id: String?
    let type: ClusterType
    let configs: ObservationScope.TopicConfigs
    let readsDenials: Bool
    let owned: OwnedOnCluster

    /// Lists lag behind what was just written: so often are they read before they count as wrong.
    private static let readings = 3

    private enum List: Sendable {
        case id
        case topics
        case configs
        case links
        case mirrors
        case denials
    }

    /// One part of the snapshot.
    private enum Part: Sendable {
        case id(String)
        case topics([String: ObservedTopic])
        case configs([String: [String: String]])
        case links([ObservedLink])
        case mirrors([ObservedMirror])
        case denials(Set<ACLBinding>?)
    }

    func read() async -> Result<KafkaSnapshot, TransportFailure> {
        do throws(TransportFailure) {
            let id = if let id { id } else { try await onlyCluster() }
            return .success(try await wholeSnapshot(of: KafkaAPI(endpoint: endpoint, clusterID: id)))
        } catch {
            guard error.status == 404, let id, let stranger = await strangerInstead(of: id) else {
                return .failure(error)
            }
            return .failure(stranger)
        }
    }

    /// The lists, once they leave out nothing that is owned and there.
    private func wholeSnapshot(of api: KafkaAPI) async throws(TransportFailure) -> KafkaSnapshot {
        var omitted = ""
        for reading in 1...Self.readings {
            let snapshot = try await snapshot(of: api)
            guard let omission = try await owned.omission(in: snapshot, api) else { return snapshot }
            omitted = omission
            guard reading < Self.readings else { break }
            do { try await Task.sleep(for: .milliseconds(400)) } catch { break }
        }
        throw failure(.malformed("its lists leave out \(omitted), which is there when it is asked for"))
    }

    private func snapshot(of api: KafkaAPI) async throws(TransportFailure) -> KafkaSnapshot {
        var snapshot = KafkaSnapshot(clusterID: api.clusterID)
        for part in try await together(lists, { try await part($0, api) }) {
            switch part {
            case .id(let id): try verify(id, api)
            case .topics(let topics): snapshot.topics = topics
            case .configs(let configs): snapshot.configs = configs
            case .links(let links): snapshot.links = links
            case .mirrors(let mirrors): snapshot.mirrors = mirrors
            case .denials(let denials): snapshot.denials = denials
            }
        }
        return snapshot
    }

    private var lists: [List] {
        [.id, .topics, .configs] + (type.canHoldLinks ? [.links, .mirrors] : []) + (readsDenials ? [.denials] : [])
    }

    private func part(_ list: List, _ api: KafkaAPI) async throws(TransportFailure) -> Part {
        switch list {
        case .id: .id(try await api.ownID())
        case .topics: .topics(try await api.topics())
        case .configs: .configs(try await topicConfigs(api))
        case .links: .links(try await links(api))
        case .mirrors: .mirrors(try await api.mirrors())
        case .denials: .denials(try await denials(api))
        }
    }

    /// A key that may not read entries tells nothing, and a cluster without an authorizer has none; all else was told all
    /// the same.
    private func denials(_ api: KafkaAPI) async throws(TransportFailure) -> Set<ACLBinding>? {
        let read = await outcome { try await api.denials(inCloud: type.isCloud) }
        if case .failure(let failure) = read, let status = failure.status {
            if status == 403 { return nil }
            if [400, 404, 405].contains(status) { return [] }
        }
        return try read.get()
    }

    private func topicConfigs(_ api: KafkaAPI) async throws(TransportFailure) -> [String: [String: String]] {
        switch configs {
        case .none: return [:]
        case .all: return try await api.allTopicConfigs()
        case .of(let topics):
            let read = try await together(topics) { topic in
                (topic, try await outcome { try await api.topicConfigs(topic) }.unlessMissing())
            }
            return read.reduce(into: [:]) { configs, entry in configs[entry.0] = entry.1 }
        }
    }

    private func links(_ api: KafkaAPI) async throws(TransportFailure) -> [ObservedLink] {
        let names = try await api.links().compactMap(\.name).sorted()
        let links = try await together(names) { name in
            try await outcome {
                let configs = try await api.linkConfigs(name)
                return try await api.link(name).observed(configs: configs)
            }.unlessMissing()
        }
        return links.compactMap(\.self)
    }

    // MARK: Identity

    private func onlyCluster() async throws(TransportFailure) -> String {
        let ids = try await KafkaAPI.clusterIDs(behind: endpoint)
        guard let id = ids.first, ids.count == 1 else {
            throw failure(.malformed("\(ids.count) clusters are listed where one was expected"))
        }
        return id
    }

    private func verify(_ id: String, _ api: KafkaAPI) throws(TransportFailure) {
        guard id == api.clusterID else { throw failure(.identity(found: id, expected: api.clusterID)) }
    }

    /// When a cluster id is not known behind an endpoint: the id that is, as a failure; `nil` when it is not told.
    private func strangerInstead(of id: String) async -> TransportFailure? {
        guard let ids = try? await KafkaAPI.clusterIDs(behind: endpoint), let other = ids.first, !ids.contains(id)
        else { return nil }
        return failure(.identity(found: other, expected: id))
    }

    private func failure(_ cause: TransportFailure.Cause) -> TransportFailure {
        endpoint.failure(cause, HTTPCall(.get, "/v3/clusters"))
    }
}
