import SimulatorCore

/// What one field manager owns of an object.
struct KubernetesOwner: Sendable {
    enum Operation: String, Sendable {
        case apply = "Apply"
        case update = "Update"
    }

    var manager: String
    var operation: Operation
    /// `scale`; `nil` for the object itself.
    var subresource: String?
    /// RFC 3339.
    package var time: String
    /// Paths of member names; lists are owned whole.
    var fields: Set<[String]>

    /// The entry of `metadata.managedFields`.
    package func json(_ apiVersion: String) -> JSON {
        var tree: JSON = [:]
        for path in fields.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            tree.set([:], at: path.map { "f:\($0)" })
        }
        var entry: JSON = [
            "manager": .string(manager), "operation": .string(operation.rawValue), "apiVersion": .string(apiVersion),
            "time": .string(time), "fieldsType": "FieldsV1", "fieldsV1": tree,
        ]
        if let subresource { entry.append("subresource", .string(subresource)) }
        return entry
    }
}

/// Field ownership as server-side apply has it: who owns which fields, and what happens when two want the same.
struct KubernetesOwnership: Sendable {
    private(set) var owners: [KubernetesOwner] = []

    /// The fields of an object that can be owned, with their values.
    static func fields(of object: JSON) -> [[String]: JSON] {
        var found: [[String]: JSON] = [:]
        for member in object.members ?? [] {
            switch member.name {
            case "apiVersion", "kind", "status": continue
            case "metadata":
                for part in member.value.members ?? []
                where ["labels", "annotations", "finalizers", "ownerReferences"].contains(part.name) {
                    collect(part.value, ["metadata", part.name], into: &found)
                }
            default: collect(member.value, [member.name], into: &found)
            }
        }
        return found
    }

    private static func collect(_ value: JSON, _ path: [String], into found: inout [[String]: JSON]) {
        guard let members = value.members, !members.isEmpty else {
            if value != .null { found[path] = value }
            return
        }
        for member in members { collect(member.value, path + [member.name], into: &found) }
    }

    /// `managedFields` of an object.
    package func json(_ apiVersion: String) -> JSON {
        .array(owners.map { $0.json(apiVersion) })
    }

    /// Notes what a caller changed by an update or a patch: the changed fields become its own, and nobody else's.
    mutating func update(
        from live: JSON?, to object: JSON, by manager: String, subresource: String?, at time: String
    ) {
        let before = live.map(Self.fields) ?? [:]
        let after = Self.fields(of: object)
        let changed = Set(
            after.filter { path, value in !(before[path]?.isSame(as: value) ?? false) }.keys)
        let removed = Set(before.keys.filter { after[$0] == nil })
        guard !changed.isEmpty || !removed.isEmpty else { return }
        for index in owners.indices { owners[index].fields.subtract(changed.union(removed)) }
        add(changed, to: manager, .update, subresource, at: time)
        owners.removeAll { $0.fields.isEmpty }
    }

    /// Merges an applied configuration into an object.
    ///
    /// - Returns: The object afterwards.
    /// - Throws: A conflict for every field that another manager owns with another value, unless `force` is set.
    mutating func apply(
        _ configuration: JSON, to live: JSON, of key: KubernetesKey, by manager: String, force: Bool, at time: String
    ) throws(KubernetesRefusal) -> JSON {
        let wanted = Self.fields(of: configuration)
        let present = Self.fields(of: live)
        // An empty map asks for a map, and says nothing of its members.
        func isThere(_ path: [String], _ value: JSON) -> Bool {
            if value.members?.isEmpty == true, live.value(at: path)?.members != nil { return true }
            return present[path]?.isSame(as: value) ?? false
        }
        let differing = Set(wanted.filter { !isThere($0.key, $0.value) }.keys)
        if !force { try checkConflicts(differing, of: key, by: manager) }
        let isOwn = { (owner: KubernetesOwner) in owner.manager == manager && owner.operation == .apply }
        let former = owners.first(where: isOwn)?.fields ?? []
        for index in owners.indices where !isOwn(owners[index]) { owners[index].fields.subtract(differing) }
        var result = live
        let kept = owners.filter { !isOwn($0) }.reduce(into: Set(wanted.keys)) { $0.formUnion($1.fields) }
        for path in former.subtracting(kept) where result.value(at: path)?.members?.isEmpty ?? true {
            result.set(nil, at: path)
        }
        for path in differing.sorted(by: { $0.lexicographicallyPrecedes($1) }) { result.set(wanted[path], at: path) }
        owners.removeAll(where: isOwn)
        add(Set(wanted.keys), to: manager, .apply, nil, at: time)
        owners.removeAll { $0.fields.isEmpty }
        return result
    }

    private func checkConflicts(
        _ differing: Set<[String]>, of key: KubernetesKey, by manager: String
    ) throws(KubernetesRefusal) {
        var causes: [KubernetesRefusal.Cause] = []
        for owner in owners where owner.manager != manager || owner.operation != .apply {
            let scale = owner.subresource.map { " with subresource \"\($0)\"" } ?? ""
            let since = owner.operation == .update ? " at \(owner.time)" : ""
            for path in owner.fields.intersection(differing).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                causes.append(
                    .init(
                        reason: "FieldManagerConflict",
                        message: "conflict with \"\(owner.manager)\"\(scale) using \(key.resource.apiVersion)\(since)",
                        field: "." + path.joined(separator: ".")))
            }
        }
        guard let first = causes.first else { return }
        let message =
            causes.count == 1
            ? "Apply failed with 1 conflict: \(first.message): \(first.field)"
            : "Apply failed with \(causes.count) conflicts: "
                + causes.map { "\($0.message): \($0.field)" }.joined(separator: "\n")
        throw KubernetesRefusal(
            code: 409, reason: "Conflict", message: message, resource: key.resource, name: key.name, causes: causes)
    }

    private mutating func add(
        _ fields: Set<[String]>, to manager: String, _ operation: KubernetesOwner.Operation, _ subresource: String?,
        at time: String
    ) {
        let index = owners.firstIndex {
            $0.manager == manager && $0.operation == operation && $0.subresource == subresource
        }
        if let index {
            owners[index].fields.formUnion(fields)
            owners[index].time = time
        } else {
            owners.append(
                KubernetesOwner(
                    manager: manager, operation: operation, subresource: subresource, time: time, fields: fields))
        }
    }
}
