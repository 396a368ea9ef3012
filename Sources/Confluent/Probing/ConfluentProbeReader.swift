package import Domain
package import Execution
package import Planning
package import Transport

/// Asks clusters and registries, all at once and each within its own time of silence.
///
/// Verbs are checked with `validate_only`: the service answers as it would, and changes nothing (Kafka REST v3,
/// *Cluster Linking: mirror actions*).
package struct ConfluentProbeReader: ProbeReader {
    let workspace: Workspace
    let directory: SiteDirectory
    let endpoints: EndpointFactory
    let pacing: Pacing

    /// A reader of probes.
    ///
    /// - Parameters:
    ///   - workspace: What the manifests declare: credentials, timeouts.
    ///   - secrets: Resolves credentials, per endpoint, when it is asked.
    ///   - directory: Where sites are.
    ///   - transport: Sends the calls.
    ///   - pacing: How time passes between two reads of offsets.
    package init(
        workspace: Workspace, secrets: any SecretResolver, directory: SiteDirectory, transport: HTTPTransport,
        pacing: Pacing = .realTime
    ) {
        self.workspace = workspace
        self.directory = directory
        self.endpoints = EndpointFactory(workspace: workspace, secrets: secrets, transport: transport)
        self.pacing = pacing
    }

    /// Asks all questions at once. An endpoint that is silent for `unreachableAfter` is not waited for any longer.
    package func answer(_ probes: [Probe]) async -> [Probe: ProbeAnswer] {
        let round = ProbeRound()
        return await withTaskGroup(of: (Probe, ProbeAnswer).self) { group in
            for probe in Set(probes) {
                group.addTask { (probe, await answer(probe, round)) }
            }
            var answers: [Probe: ProbeAnswer] = [:]
            for await (probe, answer) in group { answers[probe] = answer }
            return answers
        }
    }

    private func answer(_ probe: Probe, _ round: ProbeRound) async -> ProbeAnswer {
        switch probe {
        case .promotion(let promotion, let mirrors): await refusals(of: promotion, mirrors)
        case .truncation(let mirrors): await truncation(mirrors)
        case .ends(let cluster, let topics): await ends(of: topics, on: cluster)
        case .readers(let cluster, let topics): await readers(of: topics, on: cluster)
        case .schemas(let environment, let subjects, let includingDeleted):
            await schemas(.init(environment, subjects, includingDeleted: includingDeleted), round)
        case .missingSchemas(let comparison, let format): await missing(comparison, renameFormat: format, round)
        case .movement(let mirrors, let source): await movement(mirrors, source: source)
        case .signIn(let binding, let cluster): await signIn(of: binding, at: cluster, round)
        case .topicCreation(let creation):
            await verdict(on: creation.cluster) { try await $0.createTopic(creation, isCheck: true) }
        case .topicAlteration(let cluster, let topic, let changes):
            await verdict(on: cluster) { try await $0.alterTopicConfigs(topic, changes, isCheck: true) }
        }
    }

    // MARK: Checks of verbs

    private func refusals(of promotion: MirrorPromotion, _ mirrors: LinkedMirrors) async -> ProbeAnswer {
        let result = await kafka(mirrors.cluster) { api in
            try await api.act(promotion.action, on: mirrors.topics, link: mirrors.link, isCheck: true)
        }
        switch result {
        case .success(let items): return .refusals(items.refusals(of: mirrors.topics))
        case .failure(let failure): return .unanswered(failure.silence(isCheck: true))
        }
    }

    private func truncation(_ mirrors: LinkedMirrors) async -> ProbeAnswer {
        let result = await kafka(mirrors.cluster) { api in
            try await api.act(.restore, on: mirrors.topics, link: mirrors.link, isCheck: true)
        }
        switch result {
        case .success(let items):
            let refused = items.refusals(of: mirrors.topics)
            var records: [String: Int64?] = [:]
            for item in items {
                guard let topic = item.topic, refused[topic] == nil else { continue }
                records.updateValue(item.recordsTruncated, forKey: topic)
            }
            return .truncation(records, refused: refused)
        case .failure(let failure): return .unanswered(failure.silence(isCheck: true))
        }
    }

    /// A refusal of what was asked for is one of the service's own words; a check that is not allowed says nothing.
    private func verdict(
        on cluster: String, _ check: @escaping @Sendable (KafkaAPI) async throws -> Void
    ) async -> ProbeAnswer {
        switch await kafka(cluster, check) {
        case .success: return .verdict(refused: nil)
        case .failure(let failure) where failure.saysAlreadyThere: return .verdict(refused: nil)
        case .failure(let failure):
            guard let status = failure.status, status == 400 || status == 422 else {
                return .unanswered(failure.silence(isCheck: true))
            }
            return .verdict(refused: failure.message)
        }
    }

    // MARK: Reads

    /// Groups that are asked for their lags at most: one call each.
    private static let largestNumberOfGroups = 200

    private func ends(of topics: [String], on cluster: String) async -> ProbeAnswer {
        let wanted = Set(topics)
        let result = await kafka(cluster) { api in
            let groups = try await api.consumerGroups().map(\.id).sorted().prefix(Self.largestNumberOfGroups)
            return try await withThrowingTaskGroup(of: [ConsumerLagWire].self) { group in
                for name in groups { group.addTask { try await api.lags(of: name) } }
                var ends: [String: [Int: Int64]] = [:]
                for try await lags in group {
                    for lag in lags where wanted.contains(lag.topic) {
                        ends[lag.topic, default: [:]][lag.partition] = max(
                            lag.end, ends[lag.topic]?[lag.partition] ?? 0)
                    }
                }
                return ends
            }
        }
        switch result {
        case .success(let ends): return .ends(ends)
        case .failure(let failure): return .unanswered(failure.silence())
        }
    }

    /// A group whose topics the cluster does not tell may read any of them.
    private func readers(of topics: [String], on cluster: String) async -> ProbeAnswer {
        let wanted = Set(topics)
        let result = await kafka(cluster) { api in
            let groups = try await api.consumerGroups().filter(\.isInUse).map(\.id).sorted()
            let known = groups.prefix(Self.largestNumberOfGroups)
            let readers = try await together(Array(known)) { name -> String? in
                guard case .success(let lags) = await outcome({ try await api.lags(of: name) }) else { return name }
                return lags.contains { wanted.contains($0.topic) } ? name : nil
            }
            return readers.compactMap(\.self) + groups.dropFirst(known.count)
        }
        switch result {
        case .success(let groups): return .readers(groups)
        case .failure(let failure): return .unanswered(failure.silence())
        }
    }

    /// Signs in as an application: a service that knows the credentials and allows little answers 403, which is no
    /// refusal of the sign-in.
    private func signIn(of binding: String, at cluster: String, _ round: ProbeRound) async -> ProbeAnswer {
        guard let own = workspace.clientBindings[binding]?.credentials[cluster],
            let site = await directory.cluster(cluster)
        else { return .unanswered("\(binding) has no credentials for \(cluster)") }
        var refused: [String] = []
        if let credentials = own.kafka, credentials.signsInOverHTTP, let base = site.restEndpoint {
            let failure = await round.signIns.value(of: .init(place: "cluster \(cluster)", credentials: credentials)) {
                await within(base) {
                    try await endpoints.kafka(at: base, as: credentials)
                } _: { endpoint in
                    try await KafkaAPI(endpoint: endpoint, clusterID: site.id).ownID()
                }.failure
            }
            if let failure {
                guard let status = failure.status else { return .unanswered(failure.silence()) }
                if status == 401 { refused.append("the cluster refuses its credentials (\(failure.reason))") }
            }
        }
        if let credentials = own.schemaRegistry, credentials.signsInOverHTTP,
            let environment = workspace.clusters[cluster]?.environment,
            let registry = await directory.environment(environment), let base = registry.registryEndpoint
        {
            let failure = await round.signIns.value(
                of: .init(place: "registry \(environment)", credentials: credentials)
            ) {
                await within(base) {
                    try await endpoints.registry(at: base, as: credentials, registryID: registry.registryID)
                } _: { endpoint in
                    try await SchemaRegistryAPI(endpoint: endpoint).mode(of: .standard)
                }.failure
            }
            if let failure {
                guard let status = failure.status else { return .unanswered(failure.silence()) }
                if status == 401 { refused.append("the Schema Registry refuses its credentials (\(failure.reason))") }
            }
        }
        return .signIn(refused: refused)
    }

    // MARK: Parts

    func kafka<Value: Sendable>(
        _ cluster: String, within limit: Duration? = nil, _ ask: @escaping @Sendable (KafkaAPI) async throws -> Value
    ) async -> Result<Value, TransportFailure> {
        guard let site = await directory.cluster(cluster), let base = site.restEndpoint else {
            let reason = "the REST endpoint of cluster \(cluster) is not known"
            return .failure(TransportFailure(.unreachable(reason), endpoint: cluster, call: "asking"))
        }
        return await within(base, limit) {
            try await endpoints.kafka(cluster, at: base)
        } _: { endpoint in
            try await ask(KafkaAPI(endpoint: endpoint, clusterID: site.id))
        }
    }

    func within<Value: Sendable>(
        _ base: String, _ limit: Duration? = nil, connect: @escaping @Sendable () async throws -> HTTPEndpoint,
        _ ask: @escaping @Sendable (HTTPEndpoint) async throws -> Value
    ) async -> Result<Value, TransportFailure> {
        await within(base, limit, watch: ProgressWatch(), connect: connect, ask)
    }

    /// What is told of an endpoint beside a failure.
    func reach<Value: Sendable>(
        _ base: String, connect: @escaping @Sendable () async throws -> HTTPEndpoint,
        _ ask: @escaping @Sendable (HTTPEndpoint) async throws -> Value
    ) async -> Reach<Value> {
        let watch = ProgressWatch()
        switch await within(base, nil, watch: watch, connect: connect, ask) {
        case .success(let value): return .reachable(value)
        case .failure(let failure): return Reach(failure, seenBy: watch)
        }
    }

    func within<Value: Sendable>(
        _ base: String, _ limit: Duration?, watch: ProgressWatch,
        connect: @escaping @Sendable () async throws -> HTTPEndpoint,
        _ ask: @escaping @Sendable (HTTPEndpoint) async throws -> Value
    ) async -> Result<Value, TransportFailure> {
        let limit =
            limit ?? endpoints.silences.patience(with: base, atMost: workspace.spec.timeouts.unreachableAfter)
        return await withSilenceLimit(limit, endpoint: base, watch: watch) {
            await outcome {
                var endpoint = try await connect()
                endpoint.watch = watch
                endpoint.overall = limit
                endpoint.request = limit
                return try await ask(endpoint)
            }
        }
    }
}

extension Reach {
    /// Why there is no snapshot, in the endpoint's own words.
    var reason: String {
        switch self {
        case .unreachable(let reason, _), .denied(let reason, _), .broken(let reason, _), .throttled(let reason),
            .wrong(let reason), .beingMade(let reason):
            reason
        case .reachable, .withoutCredentials, .stranger, .absent, .unmanaged: silence ?? ""
        }
    }
}

extension TransportFailure {
    /// Why a question has no answer, in words.
    ///
    /// - Parameter isCheck: Whether the question was what a verb would answer, which may need more rights than reading.
    func silence(isCheck: Bool = false) -> String {
        switch cause {
        case .denied(403, _, _) where isCheck: "server check not permitted"
        case .denied: "denied: \(sentence)"
        case .unreachable, .timeout, .interrupted: "unreachable: \(sentence)"
        case .withoutCredentials: "waits for credentials: \(reason)"
        case .status(429, _, _): "throttled: \(sentence)"
        case .status, .untrusted, .notJSON, .malformed, .identity, .tooLarge: "broken: \(sentence)"
        case .cancelled: reason
        }
    }
}

extension Result where Failure == TransportFailure {
    /// Why there is no value.
    fileprivate var failure: TransportFailure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
