package import SimulatorCore

/// A stand-in for a Kubernetes API server: namespaces, ConfigMaps, Secrets, Deployments, StatefulSets, DaemonSets and
/// Leases with everything a client does to them, server-side apply with field ownership among it. Rollouts happen by
/// themselves; pods are only counted.
///
/// Callers sign in with the bearer token or the password of the simulator's credentials, or with a client certificate
/// where the store is served with authorities for them.
package struct SimulatedKubernetes: SimulatedStore {
    /// One change, as watchers are told of it.
    struct Change: Sendable {
        var version: Int64
        var type: String
        package var key: KubernetesKey
        var object: JSON
    }

    var objects: [KubernetesKey: JSON] = [:]
    var ownership: [KubernetesKey: KubernetesOwnership] = [:]
    var rollouts: [KubernetesKey: KubernetesRollout] = [:]
    var version: Int64 = 1
    private(set) var changes: [Change] = []
    /// Whether a client certificate, which the connection has checked then, is a sign-in.
    let trustsCertificates: Bool

    /// Changes that are remembered for watchers.
    private static let remembered = 10_000

    package init(trustsCertificates: Bool = false) {
        self.trustsCertificates = trustsCertificates
    }

    package mutating func respond(to request: Request, in stage: inout some Surroundings) -> Response {
        ensureDefaults(stage)
        advance(to: stage.now)
        do throws(KubernetesRefusal) {
            return try answer(request, &stage)
        } catch {
            return error.response
        }
    }

    /// The values an application reads from `namespace/name`, or `configmaps/namespace/name`, or
    /// `secrets/namespace/name`: the ConfigMap and the Secret of that name together when no kind is given.
    package func values(at place: String) -> [String: String]? {
        var parts = place.split(separator: "/").map(String.init)
        var resources: [KubernetesResource] = [.configmaps, .secrets]
        if parts.count == 3, let resource = KubernetesResource(rawValue: parts.removeFirst()) { resources = [resource] }
        guard parts.count == 2 else { return nil }
        var values: [String: String]?
        for resource in resources {
            let key = KubernetesKey(resource: resource, namespace: parts[0], name: parts[1])
            guard let object = objects[key] else { continue }
            for member in object["data"]?.members ?? [] {
                guard let text = member.value.string else { continue }
                let value =
                    resource == .secrets ? String(decoding: Base64.decode(text) ?? [], as: UTF8.self) : text
                values = (values ?? [:]).merging([member.name: value]) { $1 }
            }
            if values == nil { values = [:] }
        }
        return values
    }

    // MARK: Requests

    private mutating func answer(_ request: Request, _ stage: inout some Surroundings) throws(KubernetesRefusal)
        -> Response
    {
        if let discovered = KubernetesDiscovery.answer(request, trusted: isTrusted(request)) {
            return try discovered.get()
        }
        guard isTrusted(request) else { throw .unauthorized }
        guard let target = KubernetesTarget(request.path) else {
            throw request.path.first == "api" || request.path.first == "apis"
                ? .unmodelled("/\(request.path.joined(separator: "/"))") : .noSuchPath
        }
        switch request.method {
        case "GET": return try read(target, request, stage)
        case "POST":
            guard target.name == nil, let namespace = target.namespace else { throw .unmodelled("POST here") }
            return try create(target.resource, in: namespace, request, &stage)
        case "PUT", "PATCH":
            guard let key = target.key else { throw .unmodelled("\(request.method) of collections") }
            if target.subresource == "scale", key.resource.hasScale { return try scale(key, request, stage) }
            guard target.subresource == nil else { throw .unmodelled("changes of \(target.subresource ?? "")") }
            return request.method == "PUT" ? try replace(key, request, &stage) : try patch(key, request, &stage)
        case "DELETE":
            guard let key = target.key, target.subresource == nil else { throw .unmodelled("DELETE of collections") }
            return try delete(key, request)
        default: throw .unmodelled(request.method)
        }
    }

    private func isTrusted(_ request: Request) -> Bool {
        if request.credentials == .everywhere { return true }
        guard let field = request.headers["authorization"] else { return trustsCertificates }
        return field == "Bearer \(Credentials.everywhere.secret)"
    }

    private func read(
        _ target: KubernetesTarget, _ request: Request, _ stage: some Surroundings
    ) throws(KubernetesRefusal) -> Response {
        if let key = target.key {
            guard let object = objects[key] else { throw .notFound(key) }
            switch target.subresource {
            case nil, "status": return .json(object)
            case "scale" where key.resource.hasScale: return .json(scaleObject(object, key))
            default: throw .unmodelled("the subresource '\(target.subresource ?? "")'")
            }
        }
        let filter = try KubernetesFilter(target, request)
        if request.flag("watch") || request.query("watch") == "1" { return try watch(filter, request, stage) }
        let items = objects.filter { filter.takes($0.key, $0.value) }.sorted { $0.key < $1.key }.map(\.value)
        return .json([
            "kind": .string("\(target.resource.kind)List"), "apiVersion": .string(target.resource.apiVersion),
            "metadata": ["resourceVersion": .string(String(version))], "items": .array(items),
        ])
    }

    private func watch(
        _ filter: KubernetesFilter, _ request: Request, _ stage: some Surroundings
    ) throws(KubernetesRefusal) -> Response {
        guard !request.flag("sendInitialEvents") else {
            throw KubernetesRefusal(
                code: 422, reason: "Invalid",
                message: "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList "
                    + "feature gate is enabled")
        }
        let seconds = request.query("timeoutSeconds").flatMap(Milliseconds.init) ?? 1_800
        var cursor = KubernetesWatch(filter: filter, version: version, endsAt: stage.now + seconds * 1_000)
        var response = Response(status: 200, headers: [("content-type", "application/json")])
        if let from = request.query("resourceVersion").flatMap(Int64.init), from > 0 {
            cursor.version = from
        } else {
            for (key, object) in objects.sorted(by: { $0.key < $1.key }) where filter.takes(key, object) {
                response.body += KubernetesWatch.line("ADDED", object)
            }
        }
        response.watch = cursor
        return response
    }

    // MARK: Changes

    /// The namespaces that every cluster has.
    private mutating func ensureDefaults(_ stage: some Surroundings) {
        guard objects.isEmpty else { return }
        for name in ["default", "kube-system"] {
            let key = KubernetesKey(resource: .namespaces, namespace: "", name: name)
            commit(
                ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]], key, over: nil,
                uid: "00000000-0000-4000-8000-\(name == "default" ? "000000000001" : "000000000002")", at: stage.now)
        }
    }

    /// Lets rollouts go on.
    package mutating func advance(to now: Milliseconds) {
        for (key, rollout) in rollouts.sorted(by: { $0.key < $1.key }) {
            guard var object = objects[key] else { continue }
            let status = rollout.status(of: object, key, at: now)
            guard object["status"]?.isSame(as: status) != true else { continue }
            object.set(status, at: ["status"])
            store(object, key, "MODIFIED")
        }
    }

    /// Stores an object as a new version, and tells those who watch.
    mutating func store(_ object: JSON, _ key: KubernetesKey, _ type: String) {
        version += 1
        var object = object
        object.set(.string(String(version)), at: ["metadata", "resourceVersion"])
        if type == "DELETED" { objects.removeValue(forKey: key) } else { objects[key] = object }
        changes.append(Change(version: version, type: type, key: key, object: object))
        if changes.count > Self.remembered { changes.removeFirst(changes.count - Self.remembered) }
    }

    /// The lines a watcher has not seen yet, and where it goes on; `nil` when it is over.
    package mutating func news(for watch: any Watch, at now: Milliseconds) -> (lines: [UInt8], next: (any Watch)?) {
        advance(to: now)
        guard let watch = watch as? KubernetesWatch else { return ([], nil) }
        var lines: [UInt8] = []
        for change in changes
        where change.version > watch.version && watch.filter.takes(change.key, change.object) {
            lines += KubernetesWatch.line(change.type, change.object)
        }
        var next = watch
        next.version = max(version, watch.version)
        return (lines, now < watch.endsAt ? next : nil)
    }
}
