import SimulatorCore

/// A KV engine of Vault, of version 1 or 2.
struct VaultEngine: Sendable {
    /// One version of a secret.
    struct Version: Sendable {
        var fields: [JSON.Member]
        let created: Milliseconds
        var deleted: Milliseconds?
        var isDestroyed = false

        var isReadable: Bool { deleted == nil && !isDestroyed }
    }

    /// A secret with its versions from 1 on.
    struct Entry: Sendable {
        var versions: [Version] = []
        var custom: [JSON.Member] = []
        var requiresCheck = false
        var maximum: Int64 = 0
        let created: Milliseconds
        var updated: Milliseconds
    }

    private let version: Int
    private var entries: [String: Entry] = [:]

    init(version: Int) {
        self.version = version
    }

    /// What `sys/mounts` tells of it.
    var mount: JSON {
        [
            "type": "kv", "description": "", "options": ["version": .string(String(version))], "local": false,
            "seal_wrap": false, "config": ["default_lease_ttl": 0, "max_lease_ttl": 0, "force_no_cache": false],
        ]
    }

    /// The fields a reader finds at a path.
    func fields(of path: String) -> [JSON.Member]? {
        guard let last = entries[path]?.versions.last, last.isReadable else { return nil }
        return last.fields
    }

    package mutating func respond(to request: Request, _ path: [String], _ stage: inout some Surroundings) -> Response {
        if version == 1 { return respondPlainly(to: request, path.joined(separator: "/"), &stage) }
        let (kind, name) = (path.first ?? "", path.dropFirst().joined(separator: "/"))
        switch (kind, request.method) {
        case ("config", "GET"):
            return .vault(["cas_required": false, "delete_version_after": "0s", "max_versions": 0], &stage)
        case ("data", "GET"): return read(name, request, &stage)
        case ("data", "POST"), ("data", "PUT"): return write(name, request.json, isPatch: false, &stage)
        case ("data", "PATCH"): return write(name, request.json, isPatch: true, &stage)
        case ("data", "DELETE"):
            guard let last = entries[name]?.versions.indices.last else { return .empty() }
            entries[name]?.versions[last].deleted = stage.now
            return .empty()
        case ("delete", "POST"), ("delete", "PUT"):
            change(name, request.json) { $0.deleted = stage.now }
            return .empty()
        case ("undelete", "POST"), ("undelete", "PUT"):
            change(name, request.json) { $0.deleted = nil }
            return .empty()
        case ("destroy", "POST"), ("destroy", "PUT"):
            change(name, request.json) { version in
                version.isDestroyed = true
                version.fields = []
            }
            return .empty()
        case ("metadata", _): return respondAboutMetadata(name, request, &stage)
        default: return .unmodelled("\(request.method) of \(kind) in Vault's KV engine")
        }
    }

    // MARK: Version 1

    private mutating func respondPlainly(to request: Request, _ path: String, _ stage: inout some Surroundings)
        -> Response
    {
        switch request.method {
        case "GET" where request.flag("list"), "LIST": return list(below: path, &stage)
        case "GET":
            guard let fields = fields(of: path) else { return .vaultErrors(404) }
            return .vault(.object(fields), &stage)
        case "POST", "PUT":
            guard let fields = request.json?.members else { return .vaultErrors(400, "missing data fields") }
            entries[path] = Entry(
                versions: [Version(fields: fields, created: stage.now)], created: stage.now, updated: stage.now)
            return .empty()
        case "DELETE":
            entries[path] = nil
            return .empty()
        default: return .vaultErrors(405, "unsupported operation")
        }
    }

    // MARK: Data

    private func read(_ name: String, _ request: Request, _ stage: inout some Surroundings) -> Response {
        guard let entry = entries[name], !entry.versions.isEmpty else { return .vaultErrors(404) }
        let asked = request.query("version").flatMap(Int.init) ?? 0
        let number = asked == 0 ? entry.versions.count : asked
        guard entry.versions.indices.contains(number - 1) else { return .vaultErrors(404) }
        let version = entry.versions[number - 1]
        return .vault(
            [
                "data": version.isReadable ? .object(version.fields) : .null,
                "metadata": version.metadata(number, custom: entry.custom),
            ], status: version.isReadable ? 200 : 404, &stage)
    }

    private mutating func write(_ name: String, _ body: JSON?, isPatch: Bool, _ stage: inout some Surroundings)
        -> Response
    {
        guard let data = body?["data"]?.members else { return .vaultErrors(400, "no data provided") }
        let held = entries[name]
        let current = held?.versions.count ?? 0
        if isPatch, held?.versions.last?.isReadable != true { return .vaultErrors(404) }
        let expected = body?["options"]?["cas"]?.int
        if expected == nil, held?.requiresCheck == true {
            return .vaultErrors(400, "check-and-set parameter required for this call")
        }
        if let expected, expected != Int64(current), !stage.lies.contains(.storesWriteUnchecked) {
            return .vaultErrors(400, "check-and-set parameter did not match the current version")
        }
        var fields = data
        if isPatch {
            fields = held?.versions.last?.fields ?? []
            for change in data {
                fields.removeAll { $0.name == change.name }
                if change.value != .null { fields.append(change) }
            }
        }
        var entry = held ?? Entry(created: stage.now, updated: stage.now)
        entry.versions.append(Version(fields: fields, created: stage.now))
        entry.updated = stage.now
        entries[name] = entry
        let written = entry.versions.count
        return .vault(entry.versions[written - 1].metadata(written, custom: entry.custom), &stage)
    }

    private mutating func change(_ name: String, _ body: JSON?, _ change: (inout Version) -> Void) {
        for number in (body?["versions"]?.array ?? []).compactMap(\.int) {
            guard entries[name]?.versions.indices.contains(Int(number) - 1) == true else { continue }
            if var version = entries[name]?.versions[Int(number) - 1] {
                change(&version)
                entries[name]?.versions[Int(number) - 1] = version
            }
        }
    }

    // MARK: Metadata

    private mutating func respondAboutMetadata(
        _ name: String, _ request: Request, _ stage: inout some Surroundings
    ) -> Response {
        switch request.method {
        case "GET" where request.flag("list"), "LIST": return list(below: name, &stage)
        case "GET":
            guard let entry = entries[name] else { return .vaultErrors(404) }
            return .vault(entry.metadata, &stage)
        case "POST", "PUT", "PATCH":
            let isPatch = request.method == "PATCH"
            if isPatch, entries[name] == nil { return .vaultErrors(404) }
            var entry = entries[name] ?? Entry(created: stage.now, updated: stage.now)
            if let custom = request.json?["custom_metadata"]?.members {
                guard custom.allSatisfy({ $0.name.utf8.count <= 128 && ($0.value.string?.utf8.count ?? 0) <= 512 })
                else {
                    return .vaultErrors(400, "custom_metadata validation failed: length of key or value is too long")
                }
                if isPatch {
                    for change in custom {
                        entry.custom.removeAll { $0.name == change.name }
                        if change.value != .null { entry.custom.append(change) }
                    }
                } else {
                    entry.custom = custom
                }
                guard entry.custom.count <= 64 else {
                    return .vaultErrors(400, "custom_metadata validation failed: payload must contain at most 64 keys")
                }
            }
            if let requires = request.json?["cas_required"]?.bool { entry.requiresCheck = requires }
            if let maximum = request.json?["max_versions"]?.int { entry.maximum = maximum }
            entry.updated = stage.now
            entries[name] = entry
            return .empty()
        case "DELETE":
            entries[name] = nil
            return .empty()
        default: return .vaultErrors(405, "unsupported operation")
        }
    }

    private func list(below path: String, _ stage: inout some Surroundings) -> Response {
        let prefix = path.isEmpty ? "" : "\(path)/"
        var names: [String] = []
        for key in entries.keys.sorted() where key.hasPrefix(prefix) {
            let rest = key.dropFirst(prefix.count)
            let name = rest.firstIndex(of: "/").map { String(rest[...$0]) } ?? String(rest)
            if !name.isEmpty, names.last != name { names.append(name) }
        }
        guard !names.isEmpty else { return .vaultErrors(404) }
        return .vault(["keys": .array(names.map(JSON.string))], &stage)
    }
}

extension VaultEngine.Version {
    /// What is told of a version.
    func metadata(_ number: Int, custom: [JSON.Member]) -> JSON {
        [
            "created_time": .string(Timestamp.text(created)),
            "custom_metadata": custom.isEmpty ? .null : .object(custom),
            "deletion_time": .string(deleted.map(Timestamp.text) ?? ""), "destroyed": .bool(isDestroyed),
            "version": JSON(number),
        ]
    }
}

extension VaultEngine.Entry {
    /// What is told of a secret and all its versions.
    fileprivate var metadata: JSON {
        let all = versions.enumerated().map { index, version in
            JSON.Member(
                name: String(index + 1),
                value: [
                    "created_time": .string(Timestamp.text(version.created)),
                    "deletion_time": .string(version.deleted.map(Timestamp.text) ?? ""),
                    "destroyed": .bool(version.isDestroyed),
                ])
        }
        return [
            "cas_required": .bool(requiresCheck), "created_time": .string(Timestamp.text(created)),
            "current_version": JSON(versions.count), "custom_metadata": custom.isEmpty ? .null : .object(custom),
            "delete_version_after": "0s", "max_versions": JSON(maximum),
            "oldest_version": JSON(versions.isEmpty ? 0 : 1),
            "updated_time": .string(Timestamp.text(updated)), "versions": .object(all),
        ]
    }
}
