import Domain
import Planning
import Transport

extension KafkaAPI {
    /// What a link is made of: the other cluster's id in the field its mode asks for, and all configs.
    struct NewLink: Sendable {
        let name: String
        let half: LinkHalf
        let remoteClusterID: String
        let configs: [ConfigChange]
        let validates: Bool
        /// Secrets in the configs.
        let secrets: [Secret]
    }

    /// Links this cluster holds, without configs and tasks.
    func links() async throws(TransportFailure) -> [LinkWire] {
        try await endpoint.items(linksPath, of: LinkWire.self).filter(\.isOwn)
    }

    func link(_ name: String) async throws(TransportFailure) -> LinkWire {
        try await endpoint.get(linkPath(name).querying("include_tasks", "true"), as: LinkWire.self)
    }

    func linkConfigs(_ name: String) async throws(TransportFailure) -> [LinkConfigWire] {
        try await endpoint.items(linkPath(name).with("/configs"), of: LinkConfigWire.self)
    }

    func createLink(_ link: NewLink) async throws(TransportFailure) {
        var body = KafkaBody.Link(configs: link.configs.map { KafkaBody.Config(name: $0.name, value: $0.value) })
        switch link.half {
        case .destination, .inboundDestination: body.sourceClusterID = link.remoteClusterID
        case .source: body.destinationClusterID = link.remoteClusterID
        case .bidirectional, .inboundBidirectional, .outboundBidirectional: body.remoteClusterID = link.remoteClusterID
        }
        let path = linksPath.querying("link_name", link.name)
            .querying("validate_link", link.validates ? "true" : "false")
        try await post(path, body, secrets: link.secrets)
    }

    /// Links take a batch with PUT, where topics take it with POST.
    func alterLink(_ name: String, _ changes: [ConfigChange], secrets: [Secret]) async throws(TransportFailure) {
        var call = HTTPCall(.put, linkPath(name).with("/configs:alter"))
        call.secrets = secrets
        _ = try await endpoint.send(try endpoint.encoding(Self.alteration(changes), into: call))
    }

    /// Asks for deletion, never by force: a link with live mirrors stays.
    func deleteLink(_ name: String) async throws(TransportFailure) {
        _ = try await endpoint.send(HTTPCall(.delete, linkPath(name)))
    }

    // MARK: Mirrors

    /// Mirror rows of all links, by topic and then link.
    func mirrors() async throws(TransportFailure) -> [ObservedMirror] {
        try await rows(path.with("/links/-/mirrors"), MirrorRows()).mirrors
            .map { mirror in
                var mirror = mirror
                mirror.error = mirror.error.map(endpoint.clean)
                return mirror
            }
            .sorted { ($0.topic, $0.link) < ($1.topic, $1.link) }
    }

    func createMirror(_ topic: String, of source: String, link: String) async throws(TransportFailure) {
        try await post(mirrorsPath(link), KafkaBody.Mirror(source: source, topic: topic))
    }

    /// Verbs on mirrors that are there already.
    enum MirrorVerb: Sendable {
        case pause
        case resume

        fileprivate var action: MirrorAction {
            switch self {
            case .pause: .pause
            case .resume: .resume
            }
        }
    }

    /// Asks for a change of many mirrors.
    ///
    /// - Returns: The topics that were refused, with the reason: the call as a whole answers 200 all the same.
    func change(
        _ topics: [String], _ verb: MirrorVerb, link: String
    ) async throws(TransportFailure) -> [String: String] {
        try await act(verb.action, on: topics, link: link).refusals(of: topics)
    }

    // MARK: Parts

    private var linksPath: RequestPath { path.with("/links") }

    func linkPath(_ name: String) -> RequestPath { linksPath.appending(name) }

    func mirrorsPath(_ link: String) -> RequestPath { linkPath(link).with("/mirrors") }
}
