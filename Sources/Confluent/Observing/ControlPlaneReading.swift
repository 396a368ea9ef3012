import Domain
import Transport

/// Reads a control plane: the environments, and clusters and registries of those that the workspace names, or that left
/// its manifests. A list that is refused or cannot be read hides only what it lists, and what a list leaves out although
/// it was known is asked for by its id.
struct ControlPlaneReading: Sendable {
    let api: ControlPlaneAPI
    let connection: String
    let workspace: Workspace
    let known: KnownObjects

    func read() async -> Result<ControlPlaneSnapshot, TransportFailure> {
        async let organization = outcome { try await self.organization() }
        let ids = known.environments.sorted()
        let environments = await part(of: .environments, ids) {
            try await api.seenEnvironments()
        } one: { id in
            try await api.environment(id)
        }
        if let failure = environments.failure, failure.isOfEverything { return .failure(failure) }
        var snapshot = ControlPlaneSnapshot(environments: environments.objects.sorted { $0.id < $1.id })
        snapshot.learn(environments)
        let isAnyRead = await readContents(into: &snapshot)
        if let failure = environments.failure, !isAnyRead { return .failure(failure) }
        switch await organization {
        case .success(let id): snapshot.organization = id
        case .failure(let failure): return .failure(failure)
        }
        return .success(snapshot)
    }

    /// Asked only when the manifest expects a certain one.
    private func organization() async throws(TransportFailure) -> String? {
        guard case .confluentCloud(let spec)? = workspace.connections[connection]?.system, spec.organization != nil
        else { return nil }
        return try await api.organizations().first
    }

    private func isNamed(_ environment: ObservedEnvironment) -> Bool {
        workspace.environments.values.contains { spec in
            spec.connection == connection && spec.id == nil && spec.displayName == environment.displayName
        }
    }

    // MARK: Inside environments

    /// Reads what is in the environments that count.
    ///
    /// - Returns: Whether any list of those could be read.
    private func readContents(into snapshot: inout ControlPlaneSnapshot) async -> Bool {
        let shown = snapshot.environments.filter { isNamed($0) || known.environments.contains($0.id) }.map(\.id)
        let hidden = known.environments.filter { id in
            if case .untold? = snapshot.answers[id] { true } else { false }
        }
        let names = Dictionary(snapshot.environments.map { ($0.id, $0.displayName) }) { first, _ in first }
        let read = await withTaskGroup(of: Contents.self) { group in
            for id in Set(shown).union(hidden) { group.addTask { await contents(of: id, named: names[id]) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for inside in read {
            snapshot.learn(inside.clusters)
            snapshot.learn(inside.registries)
            snapshot.clusters += inside.clusters.objects
            snapshot.registries += inside.registries.objects
            if snapshot.gaps[.clusters(environment: inside.environmentID)] == nil {
                snapshot.listedEnvironments.insert(inside.environmentID)
            }
        }
        snapshot.clusters.sort { $0.id < $1.id }
        snapshot.registries.sort { $0.id < $1.id }
        return read.contains { $0.clusters.failure == nil || $0.registries.failure == nil }
    }

    private struct Contents: Sendable {
        let environmentID: String
        let clusters: ListPart<ObservedCluster>
        let registries: ListPart<ObservedRegistry>
    }

    private func contents(of environmentID: String, named name: String?) async -> Contents {
        async let registries = part(
            of: .registries(environment: environmentID), known.registries(in: environmentID)
        ) {
            try await api.seenRegistries(in: environmentID)
        } one: { id in
            try await api.registry(id, in: environmentID)
        }
        let clusters = await part(
            of: .clusters(environment: environmentID), known.clusters(in: environmentID, named: name)
        ) {
            try await api.seenClusters(in: environmentID)
        } one: { id in
            try await api.cluster(id, in: environmentID)
        }
        return Contents(environmentID: environmentID, clusters: clusters, registries: await registries)
    }

    // MARK: One list

    /// Reads a list, and asks for what it leaves out.
    private func part<Object: ListedObject>(
        of list: ControlPlaneList, _ known: [String],
        all: @escaping @Sendable () async throws -> SeenRows<Object>,
        one: @escaping @Sendable (String) async throws -> Object
    ) async -> ListPart<Object> {
        var part = ListPart<Object>(list: list)
        switch await outcome(all) {
        case .success(let rows):
            part.objects = rows.items
            if rows.unreadable > 0 {
                part.gap = .broken(reason: "rows that cannot be read: \(rows.unreadable) of its list")
            }
        case .failure(let failure):
            part.failure = failure
            part.gap = ListGap(failure)
            guard !failure.isOfEverything else { return part }
        }
        let missing = known.filter { id in !part.objects.contains { $0.id == id } }
        let answers = await withTaskGroup(of: (String, Result<Object, TransportFailure>).self) { group in
            for id in missing { group.addTask { (id, await outcome { try await one(id) }) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (id, answer) in answers { part.learn(answer, of: id) }
        return part
    }
}

/// An object that lists of a control plane have as a row.
protocol ListedObject: Sendable {
    var id: String { get }
}

extension ObservedEnvironment: ListedObject {}
extension ObservedCluster: ListedObject {}
extension ObservedRegistry: ListedObject {}

/// What one list, and its objects by themselves, have told.
struct ListPart<Object: ListedObject>: Sendable {
    let list: ControlPlaneList
    var objects: [Object] = []
    /// Why the list told nothing.
    var failure: TransportFailure?
    /// Why it tells less than there is.
    var gap: ListGap?
    private(set) var answers: [String: OwnAnswer] = [:]

    init(list: ControlPlaneList) {
        self.list = list
    }

    mutating func learn(_ answer: Result<Object, TransportFailure>, of id: String) {
        switch answer {
        case .success(let object) where object.id == id:
            objects.append(object)
            answers[id] = .shown
            if gap == nil { gap = .broken(reason: "its list leaves out \(id), which is there when it is asked for") }
        case .success(let object): doubt(id, .broken(reason: "asked for \(id), it shows \(object.id)"))
        case .failure(let failure) where failure.status == 404: answers[id] = .gone
        case .failure(let failure): doubt(id, ListGap(failure).about(id))
        }
    }

    /// A denied object may be gone, which is how the service says it of clusters; every other answer leaves the list with
    /// a hole.
    private mutating func doubt(_ id: String, _ reason: ListGap) {
        answers[id] = .untold(reason)
        if case .denied = reason { return }
        if gap == nil { gap = reason }
    }
}

extension ControlPlaneSnapshot {
    fileprivate mutating func learn<Object>(_ part: ListPart<Object>) {
        gaps[part.list] = part.gap
        answers.merge(part.answers) { $1 }
    }
}

extension ListGap {
    fileprivate init(_ failure: TransportFailure) {
        switch failure.cause {
        case .denied: self = .denied(reason: failure.sentence)
        case .unreachable, .timeout, .interrupted, .cancelled, .withoutCredentials:
            self = .unreachable(reason: failure.sentence)
        case .status, .untrusted, .notJSON, .identity, .malformed, .tooLarge: self = .broken(reason: failure.sentence)
        }
    }

    /// The same, told of one object.
    fileprivate func about(_ id: String) -> ListGap {
        switch self {
        case .denied(let reason): .denied(reason: "\(id) is not listed, and when it is asked for: \(reason)")
        case .broken(let reason): .broken(reason: "\(id) is not listed, and when it is asked for: \(reason)")
        case .unreachable(let reason): .unreachable(reason: "\(id) is not listed, and when it is asked for: \(reason)")
        }
    }
}

extension TransportFailure {
    /// Whether it says something of the whole server, and not of the one call.
    fileprivate var isOfEverything: Bool {
        switch cause {
        case .unreachable, .untrusted, .timeout, .interrupted, .cancelled, .withoutCredentials, .identity: true
        case .denied(let status, _, _): status == 401
        case .status(let status, _, _): status >= 500 || status == 429
        case .notJSON, .malformed, .tooLarge: false
        }
    }
}
