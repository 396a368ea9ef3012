package import SimulatorCore

/// A stand-in for Consul: its key-value store with transactions (Consul HTTP API, *KV Store*, *Txn*), and as much of the
/// agent as clients ask for.
package struct SimulatedConsul: SimulatedStore {
    private var store = ConsulKeys()

    package init() {}

    package mutating func respond(to request: Request, in stage: inout some Surroundings) -> Response {
        guard request.path.first == "v1" else { return .consulText(404, "") }
        if let refusal = refusalOfParameters(request) ?? refusal(of: request) { return refusal }
        switch (request.method, request.path.dropFirst().first, request.path.count) {
        case ("GET", "kv"?, _): return read(request)
        case ("PUT", "kv"?, _): return write(request, checked: !stage.lies.contains(.storesWriteUnchecked))
        case ("DELETE", "kv"?, _): return delete(request)
        case (_, "kv"?, _): return .consulText(405, "method \(request.method) not allowed")
        case ("PUT", "txn"?, 2): return transact(request, checked: !stage.lies.contains(.storesWriteUnchecked))
        case ("GET", "status"?, 3) where request.path[2] == "leader": return .json("127.0.0.1:8300")
        case ("GET", "status"?, 3) where request.path[2] == "peers": return .json(["127.0.0.1:8300"])
        case ("GET", "agent"?, 3) where request.path[2] == "self":
            return .json(["Config": ["Datacenter": .string(Self.datacenter), "NodeName": "simulator", "Server": true]])
        case ("GET", "catalog"?, 3) where request.path[2] == "datacenters": return .json([.string(Self.datacenter)])
        default: return .unmodelled("Consul's \(request.method) /\(request.path.joined(separator: "/"))")
        }
    }

    package func values(at place: String) -> [String: String]? {
        let place = place.hasSuffix("/") ? String(place.dropLast()) : place
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

    /// Datacenters other than this one, and namespaces, which are an Enterprise feature.
    private func refusalOfParameters(_ request: Request) -> Response? {
        if request.query("ns").map({ !$0.isEmpty }) == true {
            return .consulText(
                400, "Invalid query parameter: \"ns\" - Namespaces are a Consul Enterprise feature")
        }
        if request.headers["x-consul-namespace"] != nil {
            return .consulText(
                400, "Invalid header: \"X-Consul-Namespace\" - Namespaces are a Consul Enterprise feature")
        }
        guard let datacenter = request.query("dc"), !datacenter.isEmpty, datacenter != Self.datacenter else {
            return nil
        }
        return .consulText(500, "No path to datacenter")
    }

    private static let datacenter = "dc1"

    // MARK: Who may ask

    /// Tokens are secrets of the simulator's key; everything but the leader's address needs one.
    private func refusal(of request: Request) -> Response? {
        if request.path.dropFirst().first == "status" { return nil }
        let bearer = request.headers["authorization"].flatMap { field in
            field.lowercased().hasPrefix("bearer ") ? String(field.dropFirst("bearer ".count)) : nil
        }
        let token = request.headers["x-consul-token"] ?? bearer ?? request.query("token") ?? ""
        if token == Credentials.everywhere.secret { return nil }
        guard token.isEmpty else { return .consulText(403, "ACL not found") }
        let permission = request.method == "GET" ? "key:read" : "key:write"
        if request.path.dropFirst().first == "txn", let operations = request.json?.array {
            return Self.rolledBack(
                operations.enumerated().map { number, operation in
                    (number, Self.denial(permission, operation["KV"]?["Key"]?.string ?? ""))
                })
        }
        guard request.path.dropFirst().first == "kv" else {
            return .consulText(403, Self.denial("\(request.path.dropFirst().first ?? ""):read", "simulator"))
        }
        return .consulText(403, Self.denial(permission, request.consulKey))
    }

    private static func denial(_ permission: String, _ key: String) -> String {
        "Permission denied: anonymous token lacks permission '\(permission)' on \"\(key)\". "
            + "The anonymous token is used implicitly when a request does not specify a token."
    }

    /// The answer to a transaction that was not carried out.
    private static func rolledBack(_ errors: [(number: Int, what: String)]) -> Response {
        .json(
            [
                "Results": nil,
                "Errors": .array(errors.map { ["OpIndex": JSON($0.number), "What": .string($0.what)] }),
            ], status: 409)
    }

    // MARK: One key

    private func read(_ request: Request) -> Response {
        let key = request.consulKey
        if request.has("keys") {
            let names = store.names(below: key, separator: request.query("separator"))
            return indexed(names.isEmpty && !key.isEmpty ? .consulText(404, "") : .json(JSON(names)), store.index)
        }
        if request.has("recurse") {
            let entries = store.below(key)
            return indexed(
                entries.isEmpty ? .consulText(404, "") : .json(.array(entries.map { $1.json(key: $0) })), store.index)
        }
        guard !key.isEmpty else { return .consulText(400, "Missing key name") }
        guard let entry = store[key] else { return indexed(.consulText(404, ""), store.index) }
        guard request.has("raw") else { return indexed(.json([entry.json(key: key)]), entry.modifyIndex) }
        let raw = Response(
            status: 200,
            headers: [
                ("content-type", "text/plain"), ("x-content-type-options", "nosniff"),
                ("content-security-policy", "sandbox"),
            ], body: entry.value)
        return indexed(raw, entry.modifyIndex)
    }

    /// Answers carry the index of what they tell; a blocking query is answered at once, which clients have to allow for
    /// (Consul HTTP API, *Blocking queries*).
    private func indexed(_ response: Response, _ index: UInt64) -> Response {
        var response = response
        response.headers += [
            ("x-consul-index", String(index)), ("x-consul-knownleader", "true"), ("x-consul-lastcontact", "0"),
        ]
        return response
    }

    private mutating func write(_ request: Request, checked: Bool) -> Response {
        let key = request.consulKey
        if let refusal = refusal(of: request, with: key, exclusive: ["cas", "acquire", "release"]) { return refusal }
        if request.has("acquire") || request.has("release") { return .unmodelled("Consul's sessions") }
        guard request.body.count <= ConsulKeys.largestValue else {
            return .consulText(
                413,
                "Request body(\(request.body.count) bytes) too large, max size: \(ConsulKeys.largestValue) bytes.")
        }
        var flags: UInt64 = 0
        if let text = request.query("flags") {
            guard let number = UInt64(text) else { return .consulText(500, Self.noNumber(text)) }
            guard number <= UInt64(Int64.max) else { return Self.unmodelledFlags }
            flags = number
        }
        if let text = request.query("cas") {
            guard let expected = UInt64(text) else { return .consulText(500, Self.noNumber(text)) }
            guard !checked || (store[key]?.modifyIndex ?? 0) == expected else { return .json(false) }
        }
        store.set(key, to: request.body, flags: flags)
        return .json(true)
    }

    private mutating func delete(_ request: Request) -> Response {
        let key = request.consulKey
        if let refusal = refusal(of: request, with: request.has("recurse") ? "-" : key, exclusive: ["recurse", "cas"]) {
            return refusal
        }
        if request.has("recurse") {
            store.remove(below: key)
            return .json(true)
        }
        if let text = request.query("cas") {
            guard let expected = UInt64(text) else { return .consulText(500, Self.noNumber(text)) }
            // A key that is not there counts as deleted.
            if let held = store[key], held.modifyIndex != expected { return .json(false) }
        }
        store.remove(key)
        return .json(true)
    }

    private func refusal(of request: Request, with key: String, exclusive: [String]) -> Response? {
        if key.isEmpty { return .consulText(400, "Missing key name") }
        guard exclusive.filter(request.has).count > 1 else { return nil }
        return .consulText(400, "Conflicting flags: \(exclusive.filter(request.has).joined(separator: "&"))")
    }

    private static let unmodelledFlags = Response.unmodelled("flags of Consul that need the 64th bit")

    private static func noNumber(_ text: String) -> String {
        "strconv.ParseUint: parsing \"\(text)\": invalid syntax"
    }

    // MARK: Transactions

    private mutating func transact(_ request: Request, checked: Bool) -> Response {
        guard let operations = request.json?.array else {
            return .consulText(400, "Failed to parse body: it is no list of operations")
        }
        guard request.body.count <= ConsulKeys.largestValue else {
            return .consulText(413, "Request body too large, max size: \(ConsulKeys.largestValue) bytes")
        }
        guard operations.count <= ConsulKeys.largestTransaction else {
            return .consulText(
                413, "Transaction contains too many operations (\(operations.count) > \(ConsulKeys.largestTransaction))"
            )
        }
        for operation in operations {
            guard let call = operation["KV"], let key = call["Key"]?.string, let verb = call["Verb"]?.string else {
                return .unmodelled("operations of Consul's transactions that are not KV")
            }
            guard ConsulKeys.verbs.contains(verb) else {
                return .unmodelled("the verb '\(verb)' of Consul's transactions")
            }
            if let flags = call["Flags"], flags != .null, flags.int == nil { return Self.unmodelledFlags }
            guard let value = call["Value"]?.string else { continue }
            guard let bytes = Base64.decode(value) else {
                return .consulText(400, "Failed to parse body: failed to decode value: illegal base64 data")
            }
            guard bytes.count <= ConsulKeys.largestValue else {
                return .consulText(
                    413,
                    "Value for key \"\(key)\" is too large (\(bytes.count) > \(ConsulKeys.largestValue) bytes)")
            }
        }
        var draft = store
        draft.begin()
        var results: [JSON] = []
        var errors: [(number: Int, what: String)] = []
        for (number, operation) in operations.enumerated() {
            switch draft.carryOut(operation["KV"] ?? [:], checked: checked) {
            case .done(let found): results += found.map { ["KV": $0] }
            case .failed(let what): errors.append((number, what))
            }
        }
        guard errors.isEmpty else { return Self.rolledBack(errors) }
        draft.end(over: store)
        store = draft
        return .json(["Results": .array(results), "Errors": nil])
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
