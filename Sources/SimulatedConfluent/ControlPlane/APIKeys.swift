import SimulatorCore

/// An API key as iam v2 has it. Its secret is kept by the key ring only.
package struct APIKey: Sendable {
    /// The resource of keys for the control plane itself.
    package static let cloud = "cloud"

    package let id: String
    let sequence: Int
    package var displayName: String
    package var description: String
    let owner: String
    /// `lkc-…`, `lsrc-…`, or ``cloud``.
    package let resource: String
    /// When it starts to be accepted.
    let activates: Milliseconds
    var isActive = false
    var metadata: ObjectMetadata
}

extension ControlPlaneEstate {
    func listKeys(_ request: Request) throws(ControlPlaneRefusal) -> Response {
        let owner = request.query("spec.owner")
        let resource = request.query("spec.resource")
        let shown = keys.values.filter { key in
            (owner == nil || key.owner == owner) && (resource == nil || key.resource == resource)
        }
        return try Pagination(request).response(
            Array(shown), sequence: \.sequence, kind: "ApiKeyList", version: "iam/v2", request: request, base: baseURL
        ) { json($0) }
    }

    private func key(_ id: String) throws(ControlPlaneRefusal) -> APIKey {
        guard let key = keys[id] else { throw .forbidden("The API key \(id)") }
        return key
    }

    func showKey(_ id: String) throws(ControlPlaneRefusal) -> Response {
        .json(json(try key(id)))
    }

    /// Makes a key; only this answer holds its secret.
    mutating func createKey(
        _ body: JSON, in stage: inout Stage
    ) throws(ControlPlaneRefusal) -> Response {
        let spec = body["spec"] ?? [:]
        guard let owner = spec["owner"]?["id"]?.string, !owner.isEmpty else {
            throw .invalid("/spec/owner/id", "The property '/spec/owner/id' is required")
        }
        guard !owner.hasPrefix("sa-") || accounts[owner] != nil else { throw .serviceAccountNotFound(owner) }
        let resource = spec["resource"]?["id"]?.string ?? APIKey.cloud
        let delay = try activationDelay(for: resource)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        let id = stage.random.word(16, from: alphabet)
        let secret = stage.random.word(64, from: alphabet.lowercased() + alphabet + "+/")
        let key = APIKey(
            id: id, sequence: nextSequence(), displayName: spec["display_name"]?.string ?? "",
            description: spec["description"]?.string ?? "", owner: owner, resource: resource,
            activates: stage.now + delay, metadata: ObjectMetadata(created: stage.now))
        keys[id] = key
        ring.add(id, KeyRing.Grant(secret: secret, resource: resource, owner: owner, activeFrom: key.activates))
        return .json(json(key, secret: secret), status: 202).located(at: baseURL + "/iam/v2/api-keys/\(id)")
    }

    private func activationDelay(for resource: String) throws(ControlPlaneRefusal) -> Milliseconds {
        if resource == APIKey.cloud { return pace.cloudKey }
        if clusters[resource] != nil { return pace.kafkaKey }
        if registries[resource] != nil { return pace.registryKey }
        guard !resource.hasPrefix("lkc-"), !resource.hasPrefix("lsrc-") else {
            throw .forbidden("The resource \(resource)")
        }
        throw .unmodelled("API keys for the resource \(resource)")
    }

    mutating func updateKey(
        _ id: String, _ body: JSON, at time: Milliseconds
    ) throws(ControlPlaneRefusal) -> Response {
        var key = try key(id)
        if let name = body["spec"]?["display_name"]?.string { key.displayName = name }
        if let text = body["spec"]?["description"]?.string { key.description = text }
        key.metadata.updated = time
        keys[id] = key
        return .json(json(key))
    }

    mutating func deleteKey(_ id: String) throws(ControlPlaneRefusal) -> Response {
        _ = try key(id)
        removeKeys { $0.id == id }
        return .empty()
    }

    mutating func removeKeys(where isDoomed: (APIKey) -> Bool) {
        for key in keys.values.filter(isDoomed).sorted(by: { $0.sequence < $1.sequence }) {
            keys[key.id] = nil
            ring.remove(key.id)
            report(.keyDeleted(id: key.id))
        }
    }

    private func json(_ key: APIKey, secret: String = "") -> JSON {
        [
            "api_version": "iam/v2", "kind": "ApiKey", "id": .string(key.id),
            "metadata": key.metadata.json(
                path: "/iam/v2/api-keys/\(key.id)", name: organizationName + "/api-key=\(key.id)", base: baseURL),
            "spec": [
                "secret": .string(secret), "display_name": .string(key.displayName),
                "description": .string(key.description), "owner": owner(of: key), "resource": resource(of: key),
            ],
        ]
    }

    private func owner(of key: APIKey) -> JSON {
        let isAccount = key.owner.hasPrefix("sa-")
        let collection = isAccount ? "service-accounts" : "users"
        return [
            "api_version": "iam/v2", "id": .string(key.owner), "kind": isAccount ? "ServiceAccount" : "User",
            "related": .string(baseURL + "/iam/v2/\(collection)/\(key.owner)"),
            "resource_name": .string(organizationName + "/\(isAccount ? "service-account" : "user")=\(key.owner)"),
        ]
    }

    private func resource(of key: APIKey) -> JSON {
        if let cluster = clusters[key.resource] {
            return reference(
                to: cluster.id, in: cluster.environment, version: "cmk/v2", name: resourceName(of: cluster))
        }
        if let registry = registries[key.resource] {
            return reference(
                to: registry.id, in: registry.environment, version: "srcm/v3", name: resourceName(of: registry))
        }
        return [
            "api_version": "iam/v2", "id": .string(key.resource), "kind": "Cloud",
            "related": .string(baseURL + "/cloud"), "resource_name": .string(organizationName + "/cloud"),
        ]
    }

    private func reference(to id: String, in environment: String, version: String, name: String) -> JSON {
        [
            "api_version": .string(version), "id": .string(id), "kind": "Cluster",
            "environment": .string(environment),
            "related": .string(baseURL + "/\(version)/clusters/\(id)?environment=\(environment)"),
            "resource_name": .string(name),
        ]
    }
}
