import Foundation
import SimulatorServer
import TestSupport

extension FieldChapters {
    /// Connections and references to secrets, as a server hears them that writes down what it is asked: a plan asks
    /// everything that is declared. Each system has a path of its own there.
    static let connections = FieldChapter(
        name: "Connection", estate: Sites.estate(),
        documents: { stage in
            Sites.documents(stage, of: ["west"]) + systems + readers + [
                Documents.of("Environment", "own", [:]),
                Documents.of(
                    "Cluster", "oauth",
                    [
                        "environment": "own", "type": "ConfluentPlatform", "id": "AAAAAAAAAAAAAAAAAAAAAA",
                        "restEndpoint": "<recorder>/kafka", "bootstrapServers": "broker:9092",
                        "credentials": ["oauth": [:]],
                    ]),
                Documents.of("Topic", "asked", ["cluster": "oauth"]),
            ]
        },
        entries: consulConnection + vaultConnection + vaultLogins + otherConnections + references + oauth,
        environment: [
            "TOKEN_A": "token-a", "TOKEN_B": "token-b", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "aws",
            "AWS_REGION": "eu-central-1", "SPILLWAY_SERVICE_ACCOUNT_TOKEN": "service-account",
        ],
        files: ["service-account": "the-jwt\n", "secret-a": "from-a\n", "secret-b": "from-b\n"], mode: .planned)

    // MARK: Documents

    private static let tokenA: JSONValue = ["env": "TOKEN_A"]
    private static let tokenB: JSONValue = ["env": "TOKEN_B"]

    private static let systems: [JSONValue] = [
        Documents.of("Connection", "consul", ["consul": [:]]),
        Documents.of("Connection", "vault", ["vault": ["endpoint": "<recorder>/vault"]]),
        Documents.of("Connection", "jwt", ["vault": ["endpoint": "<recorder>/jwt"]]),
        Documents.of("Connection", "role", ["vault": ["endpoint": "<recorder>/role"]]),
        Documents.of("Connection", "pod", ["vault": ["endpoint": "<recorder>/pod"]]),
        Documents.of("Connection", "moved", ["vault": ["token": tokenA]]),
        Documents.of("Connection", "aws", ["aws": ["endpoint": "<recorder>/aws"]]),
        Documents.of("Connection", "etcd", ["etcd": ["endpoints": ["<recorder>/etcd"]]]),
        Documents.of("Connection", "etcds", ["etcd": [:]]),
    ]

    /// Bindings that make a plan read from each.
    private static let readers: [JSONValue] =
        [
            reader("consul", to: ["consul": ["connection": "consul", "key": "apps/a"]]),
            reader("etcd", to: ["etcd": ["connection": "etcd", "key": "/apps/a"]]),
            reader("etcds", to: ["etcd": ["connection": "etcds", "key": "/apps/a"]]),
            reader("aws", to: ["awsSecretsManager": ["connection": "aws", "name": "published", "contents": "All"]]),
            reader("moved", to: ["vault": ["connection": "moved", "path": "apps/a", "contents": "All"]]),
            reader("references", to: ["vault": ["connection": "vault", "path": "apps/a", "contents": "All"]])
                .with(["password": "${credentials.kafka.apiSecret}"], at: ["spec", "secrets"])
                .with(
                    ["kafka": ["apiKey": ["env": "TOKEN_A"], "apiSecret": ["vault": ["field": "one"]]]],
                    at: ["spec", "credentials", "west"]),
            reader("amazon", to: ["vault": ["connection": "vault", "path": "apps/b", "contents": "All"]])
                .with(["password": "${credentials.kafka.apiSecret}"], at: ["spec", "secrets"])
                .with(
                    [
                        "kafka": [
                            "apiKey": ["env": "TOKEN_A"], "apiSecret": ["awsSecretsManager": ["connection": "aws"]],
                        ]
                    ],
                    at: ["spec", "credentials", "west"]),
        ]
        + ["jwt", "role", "pod"].map {
            reader($0, to: ["vault": ["connection": .text($0), "path": "apps/a", "contents": "All"]])
        }

    private static func reader(_ name: String, to place: JSONValue) -> JSONValue {
        Documents.of("ClientBinding", name, ["cluster": "west", "publish": [place]])
    }

    // MARK: What was heard

    /// The last request to a path.
    private static func last(_ path: String, _ part: @escaping @Sendable (LocalServer.Seen) -> JSONValue)
        -> FieldEntry.Wire
    {
        { stage in (stage.recorder?.seen.last { $0.target.hasPrefix(path) }).map(part) ?? .null }
    }

    private static func header(_ name: String, to path: String) -> FieldEntry.Wire {
        last(path) { $0.headers[name].map { .text($0) } ?? .null }
    }

    private static func field(_ name: String, to path: String) -> FieldEntry.Wire {
        last(path) { (try? JSONValue(parsing: $0.body))?[name] ?? .null }
    }

    private static func query(_ name: String, to path: String) -> FieldEntry.Wire {
        last(path) { seen in
            let items = URLComponents(string: seen.target)?.queryItems
            return (items?.first { $0.name == name }?.value).map { .text($0) } ?? .null
        }
    }

    /// A field of a form.
    private static func form(_ name: String, to path: String) -> FieldEntry.Wire {
        last(path) { seen in
            let items = URLComponents(string: "?" + seen.body.replacingOccurrences(of: "+", with: "%20"))?.queryItems
            return (items?.first { $0.name == name }?.value).map { .text($0) } ?? .null
        }
    }

    private static func target(_ path: String) -> FieldEntry.Wire {
        last(path) { seen in
            let target = String(seen.target.prefix { $0 != "?" })
            return .text(target.replacingOccurrences(of: ".spillway", with: ""))
        }
    }

    // MARK: Entries

    private static let required = FieldEntry.Step.refused(nil, by: "missing-field")

    private static let consulConnection = [
        FieldEntry(
            "Connection spec.consul.endpoint", of: "Connection/consul",
            set: .shows("<recorder>/consul", "/consul/v1/kv/apps/a"),
            changed: .shows("<recorder>/consul/b", "/consul/b/v1/kv/apps/a"), removed: required, wire: target("/consul")
        ),
        FieldEntry(
            "Connection spec.consul.token", of: "Connection/consul", set: .shows(tokenA, "Bearer token-a"),
            changed: .shows(tokenB, "Bearer token-b"), removed: .shows(nil, .null),
            wire: header("authorization", to: "/consul")),
        FieldEntry(
            "Connection spec.consul.datacenter", of: "Connection/consul", set: .shows("dc1", "dc1"),
            changed: .shows("dc2", "dc2"), removed: .shows(nil, .null), wire: query("dc", to: "/consul")),
        FieldEntry(
            "Connection spec.consul.namespace", of: "Connection/consul", set: .shows("one", "one"),
            changed: .shows("two", "two"), removed: .shows(nil, .null), wire: query("ns", to: "/consul")),
    ]

    private static let vaultConnection = [
        FieldEntry(
            "Connection spec.vault.endpoint", of: "Connection/moved",
            set: .shows("<recorder>/moved", "/moved/v1/secret/data/apps/a"),
            changed: .shows("<recorder>/moved/b", "/moved/b/v1/secret/data/apps/a"), removed: required,
            wire: last("/moved") { .text($0.target.replacingOccurrences(of: "/metadata/", with: "/data/")) }),
        FieldEntry(
            "Connection spec.vault.namespace", of: "Connection/vault", set: .shows("one", "one"),
            changed: .shows("two", "two"), removed: .shows(nil, .null), wire: header("x-vault-namespace", to: "/vault")),
        FieldEntry(
            "Connection spec.vault.token", of: "Connection/vault", set: .shows(tokenA, "token-a"),
            changed: .shows(tokenB, "token-b"), removed: .refused(nil, by: "missing-choice"),
            wire: header("x-vault-token", to: "/vault")),
    ]

    private static let vaultLogins = [
        FieldEntry(
            "Connection spec.vault.jwt.role", of: "Connection/jwt", set: .shows("one", "one"),
            changed: .shows("two", "two"), removed: required, wire: field("role", to: "/jwt/v1/auth/")),
        FieldEntry(
            "Connection spec.vault.jwt.token", of: "Connection/jwt", set: .shows(tokenA, "token-a"),
            changed: .shows(tokenB, "token-b"), removed: required, wire: field("jwt", to: "/jwt/v1/auth/")),
        FieldEntry(
            "Connection spec.vault.jwt.mount", of: "Connection/jwt", set: .shows("github", "/jwt/v1/auth/github/login"),
            changed: .shows("gitlab", "/jwt/v1/auth/gitlab/login"), removed: .shows(nil, "/jwt/v1/auth/jwt/login"),
            wire: target("/jwt/v1/auth/")),
        FieldEntry(
            "Connection spec.vault.appRole.roleId", of: "Connection/role", set: .shows(tokenA, "token-a"),
            changed: .shows(tokenB, "token-b"), removed: required, wire: field("role_id", to: "/role/v1/auth/")),
        FieldEntry(
            "Connection spec.vault.appRole.secretId", of: "Connection/role", set: .shows(tokenA, "token-a"),
            changed: .shows(tokenB, "token-b"), removed: required, wire: field("secret_id", to: "/role/v1/auth/")),
        FieldEntry(
            "Connection spec.vault.appRole.mount", of: "Connection/role", set: .shows("ci", "/role/v1/auth/ci/login"),
            changed: .shows("cd", "/role/v1/auth/cd/login"), removed: .shows(nil, "/role/v1/auth/approle/login"),
            wire: target("/role/v1/auth/")),
        FieldEntry(
            "Connection spec.vault.kubernetes.role", of: "Connection/pod", set: .shows("one", "one"),
            changed: .shows("two", "two"), removed: required, wire: field("role", to: "/pod/v1/auth/")),
        FieldEntry(
            "Connection spec.vault.kubernetes.mount", of: "Connection/pod", set: .shows("k1", "/pod/v1/auth/k1/login"),
            changed: .shows("k2", "/pod/v1/auth/k2/login"), removed: .shows(nil, "/pod/v1/auth/kubernetes/login"),
            wire: target("/pod/v1/auth/")),
    ]

    private static let otherConnections = [
        FieldEntry(
            "Connection spec.etcd.endpoints", of: "Connection/etcds",
            set: .shows(["<recorder>/etcds"], "/etcds/v3/kv/txn"),
            changed: .shows(["<recorder>/etcds/b"], "/etcds/b/v3/kv/txn"), removed: .refused(nil, by: "missing-choice"),
            wire: target("/etcds")),
        FieldEntry(
            "Connection spec.etcd.username", of: "Connection/etcd", set: .shows(tokenA, "token-a"),
            changed: .shows(tokenB, "token-b"), removed: .refused(nil, by: "missing-companion"),
            wire: field("name", to: "/etcd/v3/auth/authenticate")),
        FieldEntry(
            "Connection spec.etcd.password", of: "Connection/etcd", set: .shows(tokenA, "token-a"),
            changed: .shows(tokenB, "token-b"), removed: .refused(nil, by: "missing-companion"),
            wire: field("password", to: "/etcd/v3/auth/authenticate")),
        FieldEntry(
            "Connection spec.aws.region", of: "Connection/aws", set: .shows("eu-west-1", "eu-west-1"),
            changed: .shows("eu-west-2", "eu-west-2"), removed: .shows(nil, "eu-central-1"),
            wire: last("/aws") { seen in
                .text(seen.headers["authorization"]?.split(separator: "/").dropFirst(2).first.map(String.init) ?? "")
            }),
        FieldEntry(
            "Connection spec.aws.roleArn", of: "Connection/aws", set: .shows("arn:aws:iam::1:role/a", "role/a"),
            changed: .shows("arn:aws:iam::1:role/b", "role/b"), removed: .shows(nil, "role/b")
        ) { stage in
            let asked = stage.recorder?.seen.last { $0.body.contains("AssumeRole") || $0.target.contains("AssumeRole") }
            let text = (asked.map { $0.target + $0.body } ?? "").removingPercentEncoding ?? ""
            return .text(text.contains("role/a") ? "role/a" : text.contains("role/b") ? "role/b" : text)
        },
    ]

    private static let references = [
        reference("vault.connection", .shows("vault", "token-a"), .shows("vault", "token-b"), required) {
            try await header("x-vault-token", to: "/vault/v1/")($0)
        },
        reference("vault.mount", .shows("kv", "kv"), .shows("kw", "kw"), .shows(nil, "secret")) { stage in
            try await secretPath(stage, 0)
        },
        reference("vault.path", .shows("clients/a", "clients/a"), .shows("clients/b", "clients/b"), required) { stage in
            try await secretPath(stage, 1)
        },
        FieldEntry(
            "SecretRef awsSecretsManager.name", of: "ClientBinding/amazon",
            at: "spec.credentials.west.kafka.apiSecret.awsSecretsManager.name", set: .shows("one", "one"),
            changed: .shows("two", "two"), removed: required
        ) { stage in
            let bodies = (stage.recorder?.seen ?? []).filter { $0.target.hasPrefix("/aws") }
                .compactMap { (try? JSONValue(parsing: $0.body))?["SecretId"].string }
            return bodies.last { $0 != "published" }.map { .text($0) } ?? .null
        },
    ]

    private static func reference(
        _ field: String, _ set: FieldEntry.Step, _ changed: FieldEntry.Step, _ removed: FieldEntry.Step,
        _ wire: @escaping FieldEntry.Wire
    ) -> FieldEntry {
        FieldEntry(
            "SecretRef \(field)", of: "ClientBinding/references",
            at: "spec.credentials.west.kafka.apiSecret.\(field)", set: set, changed: changed, removed: removed,
            wire: wire)
    }

    /// Mount or path of the secret that was read last.
    private static func secretPath(_ stage: Stage, _ index: Int) async throws -> JSONValue {
        let paths = (stage.recorder?.seen ?? []).map(\.target)
            .filter { $0.hasPrefix("/vault/v1/") && $0.contains("/data/clients/") }
        guard let parts = paths.last?.dropFirst("/vault/v1/".count).components(separatedBy: "/data/") else {
            return .null
        }
        return parts.indices.contains(index) ? .text(parts[index]) : .null
    }

    private static let oauth = [
        signIn(
            "tokenEndpoint", .shows("<recorder>/token/a?p=1", "/token/a"), .shows("<recorder>/token/b?p=1", "/token/b"),
            required, target("/token")),
        signIn(
            "clientId", .shows(tokenA, "token-a"), .shows(tokenB, "token-b"), required, form("client_id", to: "/token")),
        signIn(
            "clientSecret", .shows(tokenA, "token-a"), .shows(tokenB, "token-b"), required,
            form("client_secret", to: "/token")),
        signIn("scope", .shows("one", "one"), .shows("two", "two"), .shows(nil, .null), form("scope", to: "/token")),
        signIn(
            "identityPool", .shows("pool-1", "pool-1"), .shows("pool-2", "pool-2"), .shows(nil, .null),
            header("confluent-identity-pool-id", to: "/kafka")),
    ]

    private static func signIn(
        _ field: String, _ set: FieldEntry.Step, _ changed: FieldEntry.Step, _ removed: FieldEntry.Step,
        _ wire: @escaping FieldEntry.Wire
    ) -> FieldEntry {
        FieldEntry(
            "Credentials oauth.\(field)", of: "Cluster/oauth", at: "spec.credentials.oauth.\(field)", set: set,
            changed: changed, removed: removed, wire: wire)
    }

    // MARK: The server

    /// As much of an answer as lets the caller go on.
    @Sendable static func answer(_ number: Int, _ seen: LocalServer.Seen) -> LocalServer.Answer? {
        let path = seen.target.prefix { $0 != "?" }
        if path.hasPrefix("/hooks") { return LocalServer.Answer() }
        if path.hasPrefix("/token") {
            return .json(#"{"access_token": "issued", "token_type": "Bearer", "expires_in": 300}"#)
        }
        if path.hasSuffix("/login") { return .json(#"{"auth": {"client_token": "issued", "lease_duration": 3600}}"#) }
        if path.contains("/internal/ui/mounts/") {
            return .json(#"{"data": {"type": "kv", "options": {"version": "2"}}}"#)
        }
        if path.contains("/data/clients/") {
            return .json(
                #"{"data": {"data": {"one": "value-1", "two": "value-2"}, "metadata": {"version": 1}}}"#)
        }
        if path.hasSuffix("/auth/authenticate") { return .json(#"{"token": "issued"}"#) }
        if path.hasPrefix("/etcd") { return .json(#"{"header": {"revision": "1"}}"#) }
        if path.hasPrefix("/aws") { return amazon(seen) }
        return .json(#"{"errors": []}"#, status: 404)
    }

    private static func amazon(_ seen: LocalServer.Seen) -> LocalServer.Answer {
        if (seen.target + seen.body).contains("AssumeRole") {
            return LocalServer.Answer(
                body: """
                    <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKID2</AccessKeyId>\
                    <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
                    <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
                    """)
        }
        if seen.body.contains("published") {
            return .json(#"{"__type": "ResourceNotFoundException"}"#, status: 400)
        }
        return .json(#"{"SecretString": "{\"one\": \"value-1\", \"two\": \"value-2\"}", "VersionId": "1"}"#)
    }
}
