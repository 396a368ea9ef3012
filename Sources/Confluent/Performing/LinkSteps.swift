import Domain
import Execution
import Planning
import Transport

/// Steps on cluster links.
struct LinkSteps: Sendable {
    let context: StepContext

    func create(_ creation: LinkCreation) async throws(StepFailure) {
        let api = try await context.kafka(creation.cluster)
        let connection = try await connection(creation.half, creation.cluster, creation.remote)
        guard let remoteID = await remoteID(creation.remote) else {
            throw StepFailure(.unreachable, "the id of cluster \(creation.remote) is not known")
        }
        let modes = [
            ConfigChange("link.mode", creation.half.mode.description),
            ConfigChange("connection.mode", creation.half.connection.description),
        ]
        let derived = modes + connection.changes.map { ConfigChange($0.name, $0.value) }
        let names = Set(derived.map(\.name))
        let link = KafkaAPI.NewLink(
            name: creation.link, half: creation.half, remoteClusterID: remoteID,
            configs: derived + creation.configs.filter { !names.contains($0.name) }, validates: creation.validates,
            secrets: connection.secrets)
        let result = await context.settle(while: Self.isPassing) { try await api.createLink(link) }
        if case .failure(let failure) = result {
            guard failure.saysAlreadyThere else { throw StepFailure(failure) }
            try await context.find(refusedBy: failure) { try await api.hasLink(creation.link) }
            try await compare(creation, remoteID: remoteID, api)
        }
        let poller = await context.pollers.links(api)
        try await context.wait(
            for: "link \(creation.link) to be listed", in: poller, at: api.endpoint, atMost: context.transitionLimit
        ) { $0[creation.link] == nil ? .waiting("not listed") : .reached(()) }
        try await readBack(creation.configs, creation.link, api)
        if creation.half.dials {
            try await LinkSettling(context: context, api: api, link: creation.link).wait()
        }
    }

    func alter(_ alteration: LinkAlteration) async throws(StepFailure) {
        let api = try await context.kafka(alteration.cluster)
        let name = alteration.link
        if alteration.renewsConnection {
            try await renew(alteration, api)
        }
        for batch in alteration.batches { try await write(batch, name, api, secrets: []) }
        try await readBack(alteration.batches.flatMap(\.self), name, api)
        if alteration.renewsConnection, alteration.half.dials {
            try await LinkSettling(context: context, api: api, link: name).wait()
        }
    }

    /// Writes how the link signs in, and takes away what another way to sign in has left: an old password is not kept.
    private func renew(_ alteration: LinkAlteration, _ api: KafkaAPI) async throws(StepFailure) {
        let name = alteration.link
        let connection = try await connection(alteration.half, alteration.cluster, alteration.remote)
        let changes = connection.changes.map { ConfigChange($0.name, $0.value) }
        guard !changes.isEmpty else { return }
        let live = try await context.call { try await api.linkConfigs(name) }
        let wanted = Set(changes.map(\.name))
        let left = live.explicitNames.intersection(LinkConnection.signInConfigs).subtracting(wanted)
        try await write(
            changes + left.sorted().map { ConfigChange($0, nil) }, name, api, secrets: connection.secrets)
        guard !left.isEmpty else { return }
        let poller = context.pollers.alone { try await api.linkConfigs(name).explicitNames }
        try await context.wait(
            for: "the former credentials of link \(name) to be gone", in: poller, at: api.endpoint,
            atMost: context.transitionLimit
        ) { (names: Set<String>) -> PollVerdict<Void> in
            let still = names.intersection(left).sorted()
            return still.isEmpty ? .reached(()) : .waiting("\(still.joined(separator: ", ")) still set")
        }
    }

    func delete(_ link: String, on cluster: String) async throws(StepFailure) {
        let api = try await context.kafka(cluster)
        let result = await outcome { try await api.deleteLink(link) }
        if case .failure(let failure) = result, failure.status != 404 { throw StepFailure(failure) }
        let poller = await context.pollers.links(api)
        try await context.wait(
            for: "link \(link) to be gone", in: poller, at: api.endpoint, atMost: context.transitionLimit
        ) { $0[link] == nil ? .reached(()) : .waiting("still listed") }
    }

    // MARK: Parts

    private func connection(
        _ half: LinkHalf, _ local: String, _ remote: String
    ) async throws(StepFailure) -> LinkConnection.Configs {
        try await LinkConnection(context: context).configs(half, local: local, remote: remote)
    }

    private func remoteID(_ remote: String) async -> String? {
        await context.directory.cluster(remote)?.id ?? context.workspace.clusters[remote]?.id
    }

    /// A second half that comes before the first is known everywhere.
    private static func isPassing(_ failure: TransportFailure) -> Bool {
        failure.status == 404
            || (failure.status == 400 && failure.message.contains("does not have a link named"))
    }

    private func write(
        _ changes: [ConfigChange], _ link: String, _ api: KafkaAPI, secrets: [Secret]
    ) async throws(StepFailure) {
        guard !changes.isEmpty else { return }
        let result = await context.settle(while: { $0.status == 404 }) {
            try await api.alterLink(link, changes, secrets: secrets)
        }
        try await context.call { try result.get() }
    }

    private func readBack(_ changes: [ConfigChange], _ link: String, _ api: KafkaAPI) async throws(StepFailure) {
        let wanted = Self.lastValues(changes).filter { $0.value != nil }
        try await ReadBack(context: context, subject: "link \(link)", wanted: wanted).wait(at: api.endpoint) {
            try await api.linkConfigs(link).all
        }
    }

    /// The value each config ends with. The filters of a feature that ends switched off are left out: the service
    /// clears them.
    private static func lastValues(_ changes: [ConfigChange]) -> [String: String?] {
        var wanted: [String: String?] = [:]
        for change in changes { wanted[change.name] = .some(change.value) }
        for (enable, filters) in LinkFeature.filters where wanted[enable] == .some("false") {
            wanted[filters] = nil
        }
        return wanted
    }

    /// A link of that name that is there already, maybe from our own lost call, must be the one that was to be created.
    private func compare(_ creation: LinkCreation, remoteID: String, _ api: KafkaAPI) async throws(StepFailure) {
        let name = creation.link
        let found = try await context.call {
            (link: try await api.link(name), configs: try await api.linkConfigs(name))
        }
        let link = found.link.observed(configs: found.configs)
        let configs = found.configs.all
        var differences: [String] = []
        if link.remoteClusterID != remoteID {
            differences.append("remote cluster \(link.remoteClusterID ?? "unknown")")
        }
        if link.mode != creation.half.mode { differences.append("link.mode \(link.mode)") }
        for (config, value) in Self.lastValues(creation.configs)
        where value != nil && !ConfigValue.isEqual(value, configs[config], of: config) {
            differences.append("\(config) \(configs[config] ?? "unset")")
        }
        guard differences.isEmpty else {
            throw StepFailure(
                .rejected, "link \(name) is there already with \(differences.sorted().joined(separator: ", "))",
                endpoint: api.endpoint.base)
        }
    }
}

/// Features of a link that have a switch and filters.
enum LinkFeature {
    /// Filters by switch.
    static let filters = [
        "consumer.offset.sync.enable": "consumer.offset.group.filters",
        "acl.sync.enable": "acl.filters",
        "auto.create.mirror.topics.enable": "auto.create.mirror.topics.filters",
    ]
}
