import SimulatorCore

/// The keys of a Consul, in their order.
struct ConsulKeys: Sendable {
    struct Entry: Sendable, Equatable {
        package var value: [UInt8]
        var flags: UInt64
        let createIndex: UInt64
        var modifyIndex: UInt64

        package func json(key: String) -> JSON {
            [
                "LockIndex": 0, "Key": .string(key), "Flags": JSON(flags),
                "Value": value.isEmpty ? nil : .string(Base64.encode(value)), "CreateIndex": JSON(createIndex),
                "ModifyIndex": JSON(modifyIndex),
            ]
        }
    }

    /// Result of one operation of a transaction.
    enum Outcome {
        case done([JSON])
        case failed(String)
    }

    /// What operations of transactions do.
    static let verbs: Set<String> = [
        "set", "cas", "delete", "delete-cas", "delete-tree", "get", "get-or-empty", "get-tree", "check-index",
        "check-not-exists",
    ]
    /// Bytes of a value (`kv_max_value_size`).
    static let largestValue = 512 << 10
    /// Operations of a transaction (Consul HTTP API, *Txn*).
    static let largestTransaction = 128

    private var entries: [String: Entry] = [:]
    /// Index of the last change.
    private(set) var index: UInt64 = 1
    /// Whether changes share one index: those of one transaction do.
    private var isTransaction = false

    package subscript(key: String) -> Entry? { entries[key] }

    /// Keys that begin with a prefix, in order.
    func below(_ prefix: String) -> [(key: String, entry: Entry)] {
        entries.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Names of keys below a prefix, up to the next separator.
    func names(below prefix: String, separator: String?) -> [String] {
        var names: [String] = []
        for (key, _) in below(prefix) {
            var name = key
            if let separator, !separator.isEmpty, let end = key.dropFirst(prefix.count).firstRange(of: separator) {
                name = String(key[..<end.upperBound])
            }
            if names.last != name { names.append(name) }
        }
        return names
    }

    /// Gives what follows one index.
    mutating func begin() {
        index += 1
        isTransaction = true
    }

    /// Gives every further change an index of its own again; a transaction that changed nothing takes none.
    package mutating func end(over before: ConsulKeys) {
        isTransaction = false
        if entries == before.entries { index = before.index }
    }

    /// Sets a key; what is there already keeps its index.
    mutating func set(_ key: String, to value: [UInt8], flags: UInt64) {
        let held = entries[key]
        if let held, held.value == value, held.flags == flags { return }
        advance()
        entries[key] = Entry(
            value: value, flags: flags, createIndex: held?.createIndex ?? index, modifyIndex: index)
    }

    package mutating func remove(_ key: String) {
        guard entries[key] != nil else { return }
        advance()
        entries[key] = nil
    }

    package mutating func remove(below prefix: String) {
        let kept = entries.filter { !$0.key.hasPrefix(prefix) }
        guard kept.count < entries.count else { return }
        advance()
        entries = kept
    }

    private mutating func advance() {
        if !isTransaction { index += 1 }
    }

    /// Carries one operation of a transaction out. Values are told by the verbs that get them only.
    mutating func carryOut(_ call: JSON, checked: Bool = true) -> Outcome {
        let key = call["Key"]?.string ?? ""
        let expected = call["Index"]?.int.map { UInt64(clamping: $0) } ?? 0
        let held = entries[key]
        let value = call["Value"]?.string.flatMap(Base64.decode) ?? []
        let flags = call["Flags"]?.int.map { UInt64(clamping: $0) } ?? 0
        switch call["Verb"]?.string ?? "" {
        case "set": set(key, to: value, flags: flags)
        case "cas":
            guard !checked || (held?.modifyIndex ?? 0) == expected else {
                return .failed("failed to set key \"\(key)\", index is stale")
            }
            set(key, to: value, flags: flags)
        case "delete": remove(key)
        case "delete-cas":
            if let held, held.modifyIndex != expected {
                return .failed("failed to delete key \"\(key)\", index is stale")
            }
            remove(key)
        case "delete-tree": remove(below: key)
        case "get":
            guard let held else { return .failed("key \"\(key)\" doesn't exist") }
            return .done([held.json(key: key)])
        case "get-or-empty":
            let nothing = Entry(value: [], flags: flags, createIndex: 0, modifyIndex: 0)
            return .done([(held ?? nothing).json(key: key)])
        case "get-tree": return .done(below(key).map { $0.entry.json(key: $0.key) })
        case "check-index":
            guard let held else { return .failed("failed to check index, key \"\(key)\" doesn't exist") }
            guard held.modifyIndex == expected else {
                return .failed(
                    "failed index check for key \"\(key)\", current modify index \(held.modifyIndex) != \(expected)")
            }
        case "check-not-exists":
            return held == nil ? .done([]) : .failed("key \"\(key)\" exists")
        case let verb: return .failed("unknown KV verb \"\(verb)\"")
        }
        guard var now = entries[key] else { return .done([]) }
        now.value = []
        return .done([now.json(key: key)])
    }
}
