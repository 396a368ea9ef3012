package import SimulatorCore

/// Creating, changing and deleting objects.
extension SimulatedKubernetes {
    mutating func create(
        _ resource: KubernetesResource, in namespace: String, _ request: Request, _ stage: inout some Surroundings
    ) throws(KubernetesRefusal) -> Response {
        let object = try body(request)
        guard let name = object.value(at: ["metadata", "name"])?.string, !name.isEmpty else {
            throw .unmodelled("generated names")
        }
        let key = KubernetesKey(resource: resource, namespace: namespace, name: name)
        try checkNamespace(of: key)
        guard objects[key] == nil else { throw .alreadyExists(key) }
        if object.value(at: ["metadata", "resourceVersion"])?.string.map({ !$0.isEmpty }) ?? false {
            throw .bad("resourceVersion should not be set on objects to be created")
        }
        return try made(object, key, request, &stage)
    }

    private mutating func made(
        _ sent: JSON, _ key: KubernetesKey, _ request: Request, _ stage: inout some Surroundings
    ) throws(KubernetesRefusal) -> Response {
        let object = try admitted(sent, key)
        if isDryRun(request) { return .json(object, status: 201) }
        var owners = KubernetesOwnership()
        owners.update(
            from: nil, to: object, by: manager(request), subresource: nil, at: Self.time(stage.now))
        ownership[key] = owners
        return .json(commit(object, key, over: nil, uid: Self.uid(&stage.random), at: stage.now), status: 201)
    }

    mutating func replace(
        _ key: KubernetesKey, _ request: Request, _ stage: inout some Surroundings
    ) throws(KubernetesRefusal) -> Response {
        let live = objects[key]
        guard live != nil || key.resource.isMadeByReplacing else { throw .notFound(key) }
        let sent = try body(request)
        let uid = live?.value(at: ["metadata", "uid"])?.string ?? ""
        if let wanted = sent.value(at: ["metadata", "uid"])?.string, !wanted.isEmpty, wanted != uid {
            throw .otherObject(key, wanted: wanted, found: uid)
        }
        guard let live else {
            try checkNamespace(of: key)
            try checkNames(sent, key)
            return try made(sent, key, request, &stage)
        }
        if key.resource.isMadeByReplacing, sent.value(at: ["metadata", "resourceVersion"])?.string ?? "" == "" {
            throw .invalid(key, "metadata.resourceVersion", "Invalid value: 0: must be specified for an update")
        }
        return .json(try update(key, from: live, to: sent, request, stage))
    }

    mutating func patch(
        _ key: KubernetesKey, _ request: Request, _ stage: inout some Surroundings
    ) throws(KubernetesRefusal) -> Response {
        let type = request.headers["content-type", default: ""].prefix { $0 != ";" }
        if type == "application/apply-patch+yaml" { return try apply(key, request, &stage) }
        guard let live = objects[key] else { throw .notFound(key) }
        guard let patch = request.json else { throw .bad("the patch is no JSON") }
        let result: JSON
        switch type {
        case "application/merge-patch+json": result = KubernetesPatch.merged(live, patch)
        case "application/strategic-merge-patch+json": result = KubernetesPatch.strategicallyMerged(live, patch)
        case "application/json-patch+json": result = try KubernetesPatch.applied(patch, to: live)
        default:
            throw KubernetesRefusal(
                code: 415, reason: "UnsupportedMediaType",
                message: "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json-patch+json, application/merge-patch+json, "
                    + "application/strategic-merge-patch+json, application/apply-patch+yaml")
        }
        return .json(try update(key, from: live, to: result, request, stage))
    }

    mutating func scale(
        _ key: KubernetesKey, _ request: Request, _ stage: some Surroundings
    ) throws(KubernetesRefusal) -> Response {
        guard let live = objects[key] else { throw .notFound(key) }
        guard let sent = request.json else { throw .bad("the body is no JSON") }
        let wanted =
            request.method == "PUT" ? sent : KubernetesPatch.merged(scaleObject(live, key), sent)
        guard let replicas = wanted.value(at: ["spec", "replicas"])?.int, replicas >= 0 else {
            throw .invalid(key, "spec.replicas", "Invalid value: must be greater than or equal to 0")
        }
        var object = live
        object.set(.int(replicas), at: ["spec", "replicas"])
        if let version = wanted.value(at: ["metadata", "resourceVersion"])?.string {
            object.set(.string(version), at: ["metadata", "resourceVersion"])
        }
        let changed = try update(key, from: live, to: object, request, stage, subresource: "scale")
        return .json(scaleObject(changed, key))
    }

    /// The `Scale` of a workload (API `autoscaling/v1`).
    func scaleObject(_ object: JSON, _ key: KubernetesKey) -> JSON {
        var metadata: JSON = ["name": .string(key.name), "namespace": .string(key.namespace)]
        for name in ["uid", "resourceVersion", "creationTimestamp"] {
            if let value = object.value(at: ["metadata", name]) { metadata.append(name, value) }
        }
        let selector = (object.value(at: ["spec", "selector", "matchLabels"])?.members ?? [])
            .map { "\($0.name)=\($0.value.string ?? "")" }.joined(separator: ",")
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
            "spec": ["replicas": object.value(at: ["spec", "replicas"]) ?? 0],
            "status": [
                "replicas": object.value(at: ["status", "replicas"]) ?? 0, "selector": .string(selector),
            ],
        ]
    }

    mutating func delete(_ key: KubernetesKey, _ request: Request) throws(KubernetesRefusal) -> Response {
        guard let object = objects[key] else { throw .notFound(key) }
        if let wanted = request.json?.value(at: ["preconditions", "resourceVersion"])?.string,
            wanted != object.value(at: ["metadata", "resourceVersion"])?.string
        {
            throw .modified(key)
        }
        if !isDryRun(request) {
            let inside = key.resource == .namespaces ? objects.keys.filter { $0.namespace == key.name } : []
            for gone in inside.sorted() + [key] {
                if let object = objects[gone] { store(object, gone, "DELETED") }
                ownership[gone] = nil
                rollouts[gone] = nil
            }
        }
        return .json([
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
            "details": [
                "name": .string(key.name), "kind": .string(key.resource.rawValue),
                "uid": object.value(at: ["metadata", "uid"]) ?? "",
            ],
        ])
    }

    // MARK: Apply

    private mutating func apply(
        _ key: KubernetesKey, _ request: Request, _ stage: inout some Surroundings
    ) throws(KubernetesRefusal) -> Response {
        guard let manager = request.query("fieldManager"), !manager.isEmpty else {
            throw KubernetesRefusal(
                code: 422, reason: "Invalid",
                message:
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"
            )
        }
        let configuration = try body(request)
        guard configuration["apiVersion"]?.string == key.resource.apiVersion,
            configuration["kind"]?.string == key.resource.kind
        else { throw .bad("apiVersion and kind must be those of the resource") }
        if configuration.value(at: ["metadata", "managedFields"])?.array?.isEmpty == false {
            throw .bad("metadata.managedFields must be nil")
        }
        try checkNamespace(of: key)
        let live = objects[key]
        let wanted = configuration.value(at: ["metadata", "resourceVersion"])?.string ?? ""
        if !wanted.isEmpty, wanted != live?.value(at: ["metadata", "resourceVersion"])?.string {
            throw .modified(key)
        }
        try checkNames(configuration, key)
        var owners = ownership[key] ?? KubernetesOwnership()
        let start: JSON =
            live ?? [
                "apiVersion": .string(key.resource.apiVersion), "kind": .string(key.resource.kind),
                "metadata": ["name": .string(key.name)],
            ]
        let merged = try owners.apply(
            configuration, to: start, of: key, by: manager, force: request.flag("force"), at: Self.time(stage.now))
        let object = try admitted(merged, key)
        try checkImmutable(object, live, key)
        let status = live == nil ? 201 : 200
        if isDryRun(request) { return .json(object, status: status) }
        ownership[key] = owners
        let uid = live == nil ? Self.uid(&stage.random) : ""
        return .json(commit(object, key, over: live, uid: uid, at: stage.now), status: status)
    }

    // MARK: Rules of every change

    private mutating func update(
        _ key: KubernetesKey, from live: JSON, to sent: JSON, _ request: Request, _ stage: some Surroundings,
        subresource: String? = nil
    ) throws(KubernetesRefusal) -> JSON {
        let wanted = sent.value(at: ["metadata", "resourceVersion"])?.string ?? ""
        if !wanted.isEmpty, wanted != live.value(at: ["metadata", "resourceVersion"])?.string { throw .modified(key) }
        try checkNames(sent, key)
        let object = try admitted(sent, key)
        try checkImmutable(object, live, key)
        if isDryRun(request) { return object }
        ownership[key, default: KubernetesOwnership()].update(
            from: live, to: object, by: manager(request), subresource: subresource, at: Self.time(stage.now))
        return commit(object, key, over: live, uid: "", at: stage.now)
    }

    /// Stores an object if it differs from what is there.
    @discardableResult
    package mutating func commit(
        _ sent: JSON, _ key: KubernetesKey, over live: JSON?, uid: String, at now: Milliseconds
    ) -> JSON {
        var object = sent
        if key.resource.isNamespaced { object.set(.string(key.namespace), at: ["metadata", "namespace"]) }
        let kept = live?["metadata"] ?? ["uid": .string(uid), "creationTimestamp": .string(Self.time(now))]
        for name in ["uid", "creationTimestamp", "resourceVersion", "generation"] {
            object.set(kept[name], at: ["metadata", name])
        }
        object.set(live?["status"], at: ["status"])
        if key.resource == .namespaces { object.set(["phase": "Active"], at: ["status"]) }
        object.set(nil, at: ["metadata", "managedFields"])
        var former = live ?? [:]
        former.set(nil, at: ["metadata", "managedFields"])
        let isSame = live != nil && former.isSame(as: object)
        if let owners = ownership[key] {
            object.set(owners.json(key.resource.apiVersion), at: ["metadata", "managedFields"])
        }
        if isSame, let live, Self.ownersAreSame(live, object) { return live }
        if key.resource.isWorkload { object = followed(object, key, over: live, at: now) }
        store(object, key, live == nil ? "ADDED" : "MODIFIED")
        return objects[key] ?? object
    }

    /// Whether two versions are owned alike, the times apart.
    private static func ownersAreSame(_ left: JSON, _ right: JSON) -> Bool {
        func owners(_ object: JSON) -> JSON {
            .array(
                (object.value(at: ["metadata", "managedFields"])?.array ?? []).map { entry in
                    var entry = entry
                    entry.set(nil, at: ["time"])
                    return entry
                })
        }
        return owners(left).isSame(as: owners(right))
    }

    /// Notes what a change of a workload means for its pods.
    private mutating func followed(
        _ object: JSON, _ key: KubernetesKey, over live: JSON?, at now: Milliseconds
    ) -> JSON {
        var object = object
        let isChanged = live.map { !($0["spec"] ?? [:]).isSame(as: object["spec"] ?? [:]) } ?? true
        let generation = (live?.value(at: ["metadata", "generation"])?.int ?? 0) + (isChanged ? 1 : 0)
        object.set(.int(generation), at: ["metadata", "generation"])
        guard let live, let rollout = rollouts[key] else {
            rollouts[key] = KubernetesRollout(began: now, old: 0, fresh: 0, revision: 1, formerRevision: 1)
            return object
        }
        guard isChanged else { return object }
        let pods = rollout.pods(of: live, key.resource, at: now)
        let template = ["spec", "template"]
        let isNew = !(live.value(at: template) ?? [:]).isSame(as: object.value(at: template) ?? [:])
        rollouts[key] = KubernetesRollout(
            began: now, old: isNew ? pods.total : pods.old, fresh: isNew ? 0 : pods.updated,
            revision: rollout.revision + (isNew ? 1 : 0),
            formerRevision: isNew && pods.isComplete ? rollout.revision : rollout.formerRevision)
        return object
    }

    private func body(_ request: Request) throws(KubernetesRefusal) -> JSON {
        if request.headers["content-type"] == KubernetesProtobuf.mediaType {
            guard let object = KubernetesProtobuf.object(request.body) else {
                throw KubernetesRefusal(
                    code: 415, reason: "UnsupportedMediaType",
                    message: "The simulator reads this kind of object as JSON only.")
            }
            return object
        }
        guard let object = request.json, object.members != nil else {
            throw .unmodelled("bodies other than JSON objects")
        }
        return object
    }

    private func isDryRun(_ request: Request) -> Bool { request.query("dryRun") == "All" }

    /// The field manager of an update: as named, else the program's name.
    private func manager(_ request: Request) -> String {
        if let named = request.query("fieldManager"), !named.isEmpty { return named }
        let agent = request.headers["user-agent", default: "unknown"].prefix { $0 != "/" }
        return agent.isEmpty ? "unknown" : String(agent)
    }

    package static func time(_ now: Milliseconds) -> String { "\(Timestamp.text(now).prefix(19))Z" }

    private static func uid(_ random: inout SeededGenerator) -> String {
        let digits = "0123456789abcdef"
        return [8, 4, 4, 4, 12].map { random.word($0, from: digits) }.joined(separator: "-")
    }
}
