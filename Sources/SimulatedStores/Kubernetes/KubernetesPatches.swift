import SimulatorCore

/// The ways to change an object by a patch, but for server-side apply.
enum KubernetesPatch {
    /// JSON merge patch (RFC 7386).
    static func merged(_ target: JSON, _ patch: JSON) -> JSON {
        guard let members = patch.members else { return patch }
        var result = target.members == nil ? [:] : target
        for member in members {
            if member.value == .null {
                result.set(nil, at: [member.name])
            } else {
                result.set(merged(result[member.name] ?? .null, member.value), at: [member.name])
            }
        }
        return result
    }

    /// The members that tell items of a list apart, by the name of the list.
    private static let mergeKeys = [
        "containers": "name", "initContainers": "name", "env": "name", "volumes": "name", "volumeMounts": "mountPath",
        "ports": "containerPort", "imagePullSecrets": "name", "conditions": "type",
    ]

    /// Strategic merge patch: lists of things with a name are merged item by item.
    static func strategicallyMerged(_ target: JSON, _ patch: JSON) -> JSON {
        guard let members = patch.members else { return patch }
        if patch["$patch"]?.string == "replace" {
            var replacement = patch
            replacement.set(nil, at: ["$patch"])
            return replacement
        }
        var result = target.members == nil ? [:] : target
        for member in members where !member.name.hasPrefix("$") {
            let name = member.name
            if member.value == .null {
                result.set(nil, at: [name])
            } else if let items = member.value.array, let key = mergeKeys[name] {
                result.set(.array(mergedItems(result[name]?.array ?? [], items, by: key)), at: [name])
            } else {
                result.set(strategicallyMerged(result[name] ?? .null, member.value), at: [name])
            }
        }
        return result
    }

    private static func mergedItems(_ target: [JSON], _ patch: [JSON], by key: String) -> [JSON] {
        if patch.contains(where: { $0["$patch"]?.string == "replace" }) {
            return patch.filter { $0["$patch"] == nil }
        }
        var result = target
        for item in patch {
            let index = result.firstIndex { $0[key] != nil && $0[key] == item[key] }
            if item["$patch"]?.string == "delete" {
                if let index { result.remove(at: index) }
            } else if let index {
                result[index] = strategicallyMerged(result[index], item)
            } else {
                result.append(item)
            }
        }
        return result
    }

    /// JSON Patch (RFC 6902), its operations on members of objects and items of lists: add, replace, remove, test.
    static func applied(_ operations: JSON, to target: JSON) throws(KubernetesRefusal) -> JSON {
        guard let operations = operations.array else { throw .bad("a JSON patch is a list of operations") }
        var result = target
        for operation in operations {
            guard let name = operation["op"]?.string, let pointer = operation["path"]?.string, pointer.hasPrefix("/")
            else { throw .bad("an operation needs `op` and `path`") }
            let path = pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
                String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
            }
            let isDone = try result.carryOut(name, operation["value"], at: path[...])
            guard isDone else {
                throw KubernetesRefusal(
                    code: 422, reason: "Invalid",
                    message: "the server rejected our request due to an error in our request: \(name) \(pointer)")
            }
        }
        return result
    }
}

extension JSON {
    /// Carries an operation of a JSON patch out; returns `false` when its place is not there or its test fails.
    fileprivate mutating func carryOut(
        _ operation: String, _ value: JSON?, at path: ArraySlice<String>
    ) throws(KubernetesRefusal) -> Bool {
        guard let name = path.first else { return false }
        let isLast = path.count == 1
        if var items = array {
            let index = name == "-" ? items.count : Int(name) ?? -1
            guard index >= 0, index <= items.count else { return false }
            if isLast, operation == "add" {
                items.insert(value ?? .null, at: index)
            } else {
                guard index < items.count else { return false }
                if isLast {
                    switch operation {
                    case "replace": items[index] = value ?? .null
                    case "remove": items.remove(at: index)
                    case "test": return items[index].isSame(as: value ?? .null)
                    default: throw .unmodelled("the operation '\(operation)' of JSON patches")
                    }
                } else {
                    guard try items[index].carryOut(operation, value, at: path.dropFirst()) else { return false }
                }
            }
            self = .array(items)
            return true
        }
        guard members != nil else { return false }
        guard isLast else {
            guard var child = self[name], try child.carryOut(operation, value, at: path.dropFirst()) else {
                return false
            }
            set(child, at: [name])
            return true
        }
        switch operation {
        case "add": set(value ?? .null, at: [name])
        case "replace", "remove":
            guard self[name] != nil else { return false }
            if operation == "remove" { set(nil, at: [name]) } else { set(value ?? .null, at: [name]) }
        case "test": return self[name]?.isSame(as: value ?? .null) ?? false
        default: throw .unmodelled("the operation '\(operation)' of JSON patches")
        }
        return true
    }
}
