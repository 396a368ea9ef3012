/// A stand-in for Consul: its key-value store with transactions (Consul HTTP API, *KV Store*, *Txn*), and as much of the
/// agent as clients ask for.
struct SimulatedConsul: SimulatedStore {
    private var store = ConsulKeys()

    mutating func respond(to request: Request, in stage: inout Stage) -> Response {
        guard request.path.first == "v1" else { return .consulText(404, "") }
        if let refusal = refusal(of: request) { return refusal }
        switch (request.method, request.path.dropFirst().first, request.path.count) {
        case ("GET", "kv"?, _): return read(request)
        case ("PUT", "kv"?, 3...): return write(request)
        case ("DELETE", "kv"?, _): return delete(request)
        case ("PUT", "txn"?, 2): return transact(request)
        case ("GET", "status"?, 3) where request.path[2] == "leader": return .json("127.0.0.1:8300")
        case ("GET", "status"?, 3) where request.path[2] == "peers": return .json(["127.0.0.1:8300"])
        case ("GET", "agent"?, 3) where request.path[2] == "self":
            return .json(["Config": ["Datacenter": "dc1", "NodeName": "simulator", "Server": true]])
        case ("GET", "catalog"?, 3) where request.path[2] == "datacenters": return .json(["dc1"])
        default: return .unmodelled("Consul's \(request.method) /\(request.path.joined(separator: "/"))")
        }
    }

    func values(at place: String) -> [String: String]? {
        if let entry = store[place] {
            return BindingText.values(entry.value, .json) ?? BindingText.values(entry.value, .properties)
        }
        let entries = store.below("\(place)/")
        guard !entries.isEmpty else { return nil }
        return Dictionary(
            entries.map { key, entry in
                (
                    BindingText.normal(String(key.dropFirst(place.count + 1))),
                    String(decoding: entry.value, as: UTF8.self)
                )
            }, uniquingKeysWith: { $1 })
    }

    // MARK: Who may ask

    /// Tokens are secrets of the simulator's key; everything but the leader's address needs one.
    private func refusal(of request: Request) -> Response? {
        if request.path.dropFirst().first == "status" { return nil }
        let bearer = request.headers["authorization"].flatMap { field in
            field.lowercased().hasPrefix("bearer ") ? String(field.dropFirst("bearer ".count)) : nil
        }
        guard let token = request.headers["x-consul-token"] ?? bearer ?? request.query("token"), !token.isEmpty else {
            return .consulText(
                403, "Permission denied: anonymous token lacks permission on \"\(request.consulKey)\"")
        }
        return token == Credentials.everywhere.secret ? nil : .consulText(403, "ACL not found")
    }

    // MARK: One key

    private func read(_ request: Request) -> Response {
        let key = request.consulKey
        if request.has("keys") {
            let names = store.names(below: key, separator: request.query("separator"))
            return indexed(names.isEmpty ? .consulText(404, "") : .json(.array(names.map(JSON.string))))
        }
        if request.has("recurse") {
            let entries = store.below(key)
            return indexed(
                entries.isEmpty
                    ? .consulText(404, "") : .json(.array(entries.map { $1.json(key: $0) })))
        }
        guard let entry = store[key] else { return indexed(.consulText(404, "")) }
        if request.has("raw") {
            return indexed(
                Response(status: 200, headers: [("content-type", "application/octet-stream")], body: entry.value))
        }
        return indexed(.json([entry.json(key: key)]))
    }

    /// Answers carry the index of the store; a blocking query is answered at once, which clients have to allow for
    /// (Consul HTTP API, *Blocking queries*).
    private func indexed(_ response: Response) -> Response {
        var response = response
        response.headers += [
            ("x-consul-index", String(store.index)), ("x-consul-knownleader", "true"), ("x-consul-lastcontact", "0"),
        ]
        return response
    }

    private mutating func write(_ request: Request) -> Response {
        if request.has("acquire") || request.has("release") { return .unmodelled("Consul's sessions") }
        let key = request.consulKey
        guard request.body.count <= ConsulKeys.largestValue else {
            return .consulText(413, "Value for key \"\(key)\" is too large (\(request.body.count) > 524288 bytes)")
        }
        if let text = request.query("cas") {
            guard let expected = UInt64(text) else { return .consulText(400, "Invalid cas value") }
            guard (store[key]?.modifyIndex ?? 0) == expected else { return .json(false) }
        }
        store.set(key, to: request.body, flags: request.query("flags").flatMap(UInt64.init) ?? 0)
        return .json(true)
    }

    private mutating func delete(_ request: Request) -> Response {
        let key = request.consulKey
        if request.has("recurse") {
            store.remove(below: key)
            return .json(true)
        }
        if let text = request.query("cas") {
            guard let expected = UInt64(text), expected > 0 else { return .consulText(400, "Invalid cas value") }
            guard store[key]?.modifyIndex == expected else { return .json(false) }
        }
        store.remove(key)
        return .json(true)
    }

    // MARK: Transactions

    private mutating func transact(_ request: Request) -> Response {
        guard let operations = request.json?.array else {
            return .consulText(400, "Failed to parse body: it is no list of operations")
        }
        guard operations.count <= ConsulKeys.largestTransaction else {
            return .consulText(
                413, "Transaction contains too many operations (\(operations.count) > \(ConsulKeys.largestTransaction))"
            )
        }
        var draft = store
        draft.begin()
        var results: [JSON] = []
        var errors: [JSON] = []
        for (number, operation) in operations.enumerated() {
            guard let call = operation["KV"], let verb = call["Verb"]?.string, let key = call["Key"]?.string else {
                return .unmodelled("operations of Consul's transactions that are not KV")
            }
            switch draft.carryOut(verb, key, call) {
            case .done(let result): if let result { results.append(["KV": result]) }
            case .failed(let what): errors.append(["OpIndex": JSON(number), "What": .string(what)])
            case .unknown: return .unmodelled("the verb '\(verb)' of Consul's transactions")
            }
        }
        guard errors.isEmpty else {
            return .json(["Results": nil, "Errors": .array(errors)], status: 409)
        }
        draft.end()
        store = draft
        return .json(["Results": .array(results), "Errors": nil])
    }
}

/// The keys of a Consul, in their order.
struct ConsulKeys: Sendable {
    struct Entry: Sendable {
        var value: [UInt8]
        var flags: UInt64
        let createIndex: UInt64
        var modifyIndex: UInt64

        func json(key: String) -> JSON {
            [
                "LockIndex": 0, "Key": .string(key), "Flags": JSON(flags),
                "Value": value.isEmpty ? nil : .string(Base64.encode(value)), "CreateIndex": JSON(createIndex),
                "ModifyIndex": JSON(modifyIndex),
            ]
        }
    }

    /// Result of one operation of a transaction.
    enum Outcome {
        case done(JSON?)
        case failed(String)
        case unknown
    }

    /// Bytes of a value (`kv_max_value_size`).
    static let largestValue = 512 << 10
    /// Operations of a transaction (`maxTxnOps`).
    static let largestTransaction = 128

    private var entries: [String: Entry] = [:]
    /// Index of the last change.
    private(set) var index: UInt64 = 1
    /// Whether changes share one index: those of one transaction do.
    private var isTransaction = false

    subscript(key: String) -> Entry? { entries[key] }

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

    /// Gives every further change an index of its own again.
    mutating func end() {
        isTransaction = false
    }

    mutating func set(_ key: String, to value: [UInt8], flags: UInt64) {
        advance()
        let created = entries[key]?.createIndex ?? index
        entries[key] = Entry(value: value, flags: flags, createIndex: created, modifyIndex: index)
    }

    mutating func remove(_ key: String) {
        guard entries[key] != nil else { return }
        advance()
        entries[key] = nil
    }

    mutating func remove(below prefix: String) {
        advance()
        entries = entries.filter { !$0.key.hasPrefix(prefix) }
    }

    private mutating func advance() {
        if !isTransaction { index += 1 }
    }

    mutating func carryOut(_ verb: String, _ key: String, _ call: JSON) -> Outcome {
        let expected = call["Index"]?.int.map { UInt64(clamping: $0) } ?? 0
        let held = entries[key]
        let value = call["Value"]?.string.map { Base64.decode($0) ?? [] } ?? []
        let flags = call["Flags"]?.int.map { UInt64(clamping: $0) } ?? 0
        switch verb {
        case "set":
            set(key, to: value, flags: flags)
        case "cas":
            guard (held?.modifyIndex ?? 0) == expected else {
                return .failed("failed to set key \"\(key)\", index is stale")
            }
            set(key, to: value, flags: flags)
        case "delete": remove(key)
        case "delete-cas":
            guard held?.modifyIndex == expected else {
                return .failed("failed to delete key \"\(key)\", index is stale")
            }
            remove(key)
        case "delete-tree": remove(below: key)
        case "get":
            guard let held else { return .failed("key \"\(key)\" doesn't exist") }
            return .done(held.json(key: key))
        case "get-or-empty": return .done(held?.json(key: key) ?? ["Key": .string(key), "Value": nil])
        case "get-tree":
            return .done(below(key).first.map { $0.entry.json(key: $0.key) })
        case "check-index":
            guard held?.modifyIndex == expected else {
                return .failed("key \"\(key)\" index is stale")
            }
        case "check-not-exists":
            guard held == nil else { return .failed("key \"\(key)\" exists") }
        default: return .unknown
        }
        guard let now = entries[key] else { return .done(nil) }
        var result = now.json(key: key)
        if verb != "check-index", case .object(let members) = result {
            result = .object(members.map { $0.name == "Value" ? JSON.Member(name: "Value", value: nil) : $0 })
        }
        return .done(result)
    }
}

extension Request {
    /// The key a request to `/v1/kv/…` names.
    fileprivate var consulKey: String {
        let key = path.dropFirst(2).joined(separator: "/")
        return endsInSlash && !key.isEmpty ? key + "/" : key
    }

    /// Whether a query item is there, with or without a value.
    fileprivate func has(_ name: String) -> Bool { query(name) != nil }
}

extension Response {
    /// Plain text, as Consul tells what is wrong.
    fileprivate static func consulText(_ status: Int, _ text: String) -> Response {
        Response(status: status, headers: [("content-type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }
}
