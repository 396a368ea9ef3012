package import SimulatorCore

/// A stand-in for Vault: KV engines of both versions, tokens and logins, and as much of `sys/` as clients ask for
/// (Vault API documentation, *KV secrets engine*, *Auth methods*, *System backend*).
package struct SimulatedVault: SimulatedStore {
    /// Engines by mount. `secret` and `kv1` are there from the start.
    private var engines: [String: VaultEngine] = ["secret": VaultEngine(version: 2), "kv1": VaultEngine(version: 1)]
    /// Ends of the tokens that logins have made.
    private var tokens: [String: Milliseconds] = [:]

    package init() {}

    /// Milliseconds a login's token lives.
    private static let lease: Milliseconds = 3_600_000

    package mutating func respond(to request: Request, in stage: inout some Surroundings) -> Response {
        guard request.path.first == "v1" else { return .vaultErrors(404) }
        let path = Array(request.path.dropFirst())
        if let answer = withoutToken(request, path, &stage) { return answer }
        guard let token = request.vaultToken else {
            return .vaultErrors(request.method == "GET" ? 403 : 400, "missing client token")
        }
        guard accepts(token, at: stage.now) else { return .vaultErrors(403, "permission denied") }
        switch path.first {
        case "sys"?: return system(request, Array(path.dropFirst()), &stage)
        case "auth"? where path.dropFirst().first == "token": return ownToken(token, request, path.last ?? "", &stage)
        default: return secrets(request, path, &stage)
        }
    }

    package func values(at place: String) -> [String: String]? {
        guard let (mount, rest) = engine(for: place.split(separator: "/").map(String.init)) else { return nil }
        return engines[mount]?.fields(of: rest.joined(separator: "/")).map { fields in
            Dictionary(
                fields.compactMap { field in field.value.string.map { (BindingText.normal(field.name), $0) } },
                uniquingKeysWith: { $1 })
        }
    }

    // MARK: Tokens and logins

    /// The token of the simulator's key lives for ever; those of logins end.
    private func accepts(_ token: String, at now: Milliseconds) -> Bool {
        token == Credentials.everywhere.secret || tokens[token].map { $0 > now } ?? false
    }

    private mutating func withoutToken(
        _ request: Request, _ path: [String], _ stage: inout some Surroundings
    ) -> Response? {
        switch (path.first, path.dropFirst().first) {
        case ("sys"?, "health"?):
            return .json([
                "initialized": true, "sealed": false, "standby": false, "performance_standby": false,
                "version": "1.17.0+simulated", "cluster_name": "simulator", "server_time_utc": JSON(stage.now / 1_000),
            ])
        case ("sys"?, "init"?) where request.method == "GET": return .json(["initialized": true])
        case ("sys"?, "seal-status"?):
            return .json([
                "type": "shamir", "initialized": true, "sealed": false, "t": 1, "n": 1, "progress": 0,
                "version": "1.17.0+simulated",
            ])
        case ("auth"?, _) where path.last == "login" && path.count >= 3: return login(request, path, &stage)
        default: return nil
        }
    }

    /// The role id is the simulator's key, and the secret id, or the JWT, its secret; any role is known.
    private mutating func login(_ request: Request, _ path: [String], _ stage: inout some Surroundings) -> Response {
        let (body, everywhere) = (request.json, Credentials.everywhere)
        let isKnown: Bool
        switch path[1] {
        case "approle":
            isKnown =
                body?["role_id"]?.string == everywhere.key && body?["secret_id"]?.string == everywhere.secret
            if !isKnown { return .vaultErrors(400, "invalid role or secret ID") }
        case "jwt", "kubernetes":
            isKnown = body?["role"]?.string?.isEmpty == false && body?["jwt"]?.string == everywhere.secret
            if !isKnown { return .vaultErrors(path[1] == "jwt" ? 400 : 403, "error validating token") }
        default: return .vaultErrors(403, "permission denied")
        }
        let token = "hvs.\(stage.random.word(24))"
        tokens[token] = stage.now + Self.lease
        return .vault(nil, auth: authentication(token, stage), &stage)
    }

    private func authentication(_ token: String, _ stage: some Surroundings) -> JSON {
        let left = tokens[token].map { max(0, $0 - stage.now) / 1_000 } ?? 0
        return [
            "client_token": .string(token), "accessor": "accessor", "policies": ["default"],
            "token_policies": ["default"], "metadata": [:], "lease_duration": JSON(left),
            "renewable": .bool(tokens[token] != nil), "entity_id": "", "token_type": "service", "orphan": true,
        ]
    }

    private mutating func ownToken(
        _ token: String, _ request: Request, _ verb: String, _ stage: inout some Surroundings
    ) -> Response {
        switch verb {
        case "lookup-self":
            let left = tokens[token].map { max(0, $0 - stage.now) / 1_000 } ?? 0
            return .vault(
                [
                    "id": .string(token), "accessor": "accessor", "policies": ["default"], "ttl": JSON(left),
                    "renewable": .bool(tokens[token] != nil), "type": "service", "display_name": "token",
                ], &stage)
        case "renew-self":
            if tokens[token] != nil { tokens[token] = stage.now + Self.lease }
            return .vault(nil, auth: authentication(token, stage), &stage)
        case "revoke-self":
            tokens[token] = nil
            return .empty()
        default: return .unmodelled("Vault's auth/token/\(verb)")
        }
    }

    // MARK: System

    private mutating func system(_ request: Request, _ path: [String], _ stage: inout some Surroundings) -> Response {
        switch path.first {
        case "mounts"? where path.count == 1 && request.method == "GET":
            let mounts = engines.sorted { $0.key < $1.key }.map {
                JSON.Member(name: "\($0.key)/", value: $0.value.mount)
            }
            return .vault(.object(mounts), &stage)
        case "mounts"? where request.method == "POST":
            let name = path.dropFirst().joined(separator: "/")
            guard request.json?["type"]?.string == "kv" else { return .unmodelled("engines that are not KV") }
            guard engines[name] == nil else { return .vaultErrors(400, "path is already in use at \(name)/") }
            engines[name] = VaultEngine(version: request.json?["options"]?["version"]?.string == "2" ? 2 : 1)
            return .empty()
        case "mounts"? where request.method == "DELETE":
            engines[path.dropFirst().joined(separator: "/")] = nil
            return .empty()
        case "internal"? where path.dropFirst().starts(with: ["ui", "mounts"]):
            guard let (mount, _) = engine(for: Array(path.dropFirst(3))), let engine = engines[mount] else {
                return .vaultErrors(
                    403, "preflight capability check returned 403, please ensure client's policies grant access to path"
                )
            }
            var details = engine.mount
            details.append("path", .string("\(mount)/"))
            return .vault(details, &stage)
        default: return .unmodelled("Vault's sys/\(path.joined(separator: "/"))")
        }
    }

    // MARK: Secrets

    /// The engine with the longest mount that a path begins with, and the rest of the path.
    private func engine(for path: [String]) -> (mount: String, rest: [String])? {
        for length in stride(from: path.count, to: 0, by: -1) {
            let mount = path[..<length].joined(separator: "/")
            if engines[mount] != nil { return (mount, Array(path[length...])) }
        }
        return nil
    }

    private mutating func secrets(_ request: Request, _ path: [String], _ stage: inout some Surroundings) -> Response {
        guard let (mount, rest) = engine(for: path), var engine = engines[mount] else {
            return .vaultErrors(404, "no handler for route \"\(path.joined(separator: "/"))\". route entry not found.")
        }
        defer { engines[mount] = engine }
        return engine.respond(to: request, rest, &stage)
    }
}

extension Request {
    /// `X-Vault-Token`, or the bearer token of `Authorization`.
    fileprivate var vaultToken: String? {
        if let token = headers["x-vault-token"], !token.isEmpty { return token }
        guard let field = headers["authorization"], field.lowercased().hasPrefix("bearer ") else { return nil }
        return String(field.dropFirst("bearer ".count))
    }
}

extension Response {
    /// Vault's envelope.
    static func vault(_ data: JSON?, auth: JSON? = nil, status: Int = 200, _ stage: inout some Surroundings) -> Response
    {
        .json(
            [
                "request_id": .string(stage.random.word(32, from: "0123456789abcdef")), "lease_id": "",
                "renewable": false, "lease_duration": 0, "data": data ?? .null, "wrap_info": nil, "warnings": nil,
                "auth": auth ?? .null, "mount_type": "kv",
            ], status: status)
    }

    /// What is wrong, in Vault's form.
    static func vaultErrors(_ status: Int, _ errors: String...) -> Response {
        .json(["errors": .array(errors.map(JSON.string))], status: status)
    }
}
