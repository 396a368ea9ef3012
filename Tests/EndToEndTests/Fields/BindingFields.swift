import SimulatorServer
import TestSupport

extension FieldChapters {
    /// What applications read, in every kind of store that the simulator has, and files.
    static let bindings = FieldChapter(
        name: "ClientBinding", estate: Sites.estate(),
        documents: { stage in
            let groups = [("payments", "west"), ("bills", "west"), ("orders", "east")].map { name, primary in
                Documents.of(
                    "FailoverGroup", name, ["primary": .text(primary), "members": ["west", "east"]])
            }
            return Sites.documents(stage, of: ["west", "east"]) + groups
                + [
                    binding("group", ["uses": []]), binding("pinned", [:]), binding("spread", ["cluster": "west"]),
                    binding("twice", ["cluster": "west"]),
                    binding("app", ["cluster": "west", "credentials": ["west": [:]]]),
                    binding("file", ["cluster": "west", "secrets": ["password": "${credentials.kafka.apiSecret}"]])
                        .with(["west": ["kafka": Sites.pair]], at: ["spec", "credentials"]),
                ] + stores(stage) + secretReaders
        },
        entries: bindingEntries + credentialEntries + fileEntries + consulEntries + vaultEntries,
        environment: ["APP_A": "app-a", "APP_B": "app-b", "APP_SECRET": "app-secret"],
        files: ["secrets/a": "file-a\n", "secrets/b": "file-b\n"],
        words: { stage in
            var words: [String: String] = [:]
            for (name, kind) in [
                ("consul-1", "consul"), ("consul-2", "consul"), ("vault-1", "vault"), ("vault-2", "vault"),
            ] {
                words[name] = try await stage.store(kind, named: name)
            }
            for vault in ["vault-1", "vault-2"] {
                try await stage.http.vault(
                    "POST", "\(words[vault] ?? "")/v1/sys/mounts/other",
                    #"{"type": "kv", "options": {"version": "2"}}"#,
                    stage.endpoints.credentials.secret)
                try await stage.http.vault(
                    "POST", "\(words[vault] ?? "")/v1/secret/data/clients/a",
                    #"{"data": {"one": "value-1", "two": "value-2"}}"#, stage.endpoints.credentials.secret)
            }
            return words
        })

    private static func binding(_ name: String, _ spec: JSONValue) -> JSONValue {
        let usual: JSONValue = ["publish": [["file": ["path": .text("out/\(name).properties")]]]]
        return Documents.of("ClientBinding", name, spec.members.reduce(usual) { $0.with($1.value, at: [$1.key]) })
    }

    private static func stores(_ stage: Stage) -> [JSONValue] {
        let token: JSONValue = ["env": "KAFKA_SECRET"]
        let connections = ["consul-1", "consul-2", "vault-1", "vault-2"].map { name in
            Documents.of(
                "Connection", name,
                [
                    name.hasPrefix("consul") ? "consul" : "vault": ["endpoint": .text("<\(name)>"), "token": token]
                ])
        }
        let secrets: JSONValue = ["cluster": "west", "secrets": ["password": "${credentials.kafka.apiSecret}"]]
        let signed = secrets.with(["west": ["kafka": Sites.pair]], at: ["credentials"])
        return connections + [
            binding("consul", ["cluster": "west"]).with([["consul": [:]]], at: ["spec", "publish"]),
            binding("keys", ["cluster": "west"]).with(
                [["consul": ["connection": "consul-1", "key": "apps/keys"]]], at: ["spec", "publish"]),
            binding("vault", signed).with([["vault": [:]]], at: ["spec", "publish"]),
        ]
    }

    // MARK: What is published

    private static func published(_ binding: String, _ key: String) -> FieldEntry.Wire {
        { stage in
            let text = (try? stage.read("out/\(binding).properties")) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(key)=") }
            return line.map { .text(String($0.dropFirst(key.count + 1))) } ?? .null
        }
    }

    /// The site whose brokers are published.
    private static func site(_ binding: String) -> FieldEntry.Wire {
        { stage in
            let servers = try await published(binding, "bootstrap.servers")(stage).string ?? ""
            return .text(servers.contains("us-west-2") ? "west" : servers.contains("us-east-1") ? "east" : servers)
        }
    }

    private static let bindingEntries = [
        FieldEntry(
            "ClientBinding spec.failoverGroup", of: "ClientBinding/group", set: .shows("payments", "west"),
            changed: .shows("bills", "west"), removed: .refused(nil, by: "missing-choice"),
            never: [.refused("nobody", by: "dangling-reference")], wire: site("group")),
        FieldEntry(
            "ClientBinding spec.uses", of: "ClientBinding/group", set: .shows(["bills"], "west"),
            changed: .shows(["payments"], "west"), removed: .shows(nil, "west"),
            never: [.refused(["orders"], by: "uses-other-primary")], wire: site("group")),
        FieldEntry(
            "ClientBinding spec.cluster", of: "ClientBinding/pinned", set: .shows("west", "west"),
            changed: .shows("east", "east"), removed: .refused(nil, by: "missing-choice"), wire: site("pinned")),
        FieldEntry(
            "ClientBinding spec.properties", of: "ClientBinding/spread",
            set: .shows(["client.id": "one"], "one"), changed: .shows(["client.id": "two"], "two"),
            removed: .shows(nil, .null),
            never: [.refused(["client.id": "${nothing}"], by: "unknown-binding-reference")],
            wire: published("spread", "client.id")),
        FieldEntry(
            "ClientBinding spec.publish", of: "ClientBinding/twice",
            set: .shows([["file": ["path": "out/twice.properties"]]], [true, false]),
            changed: .shows(
                [["file": ["path": "out/twice.properties"]], ["file": ["path": "out/more.properties"]]], [true, true]),
            removed: .refused(nil, by: "missing-field"),
            wire: places(file("out/twice.properties"), file("out/more.properties"))),
        FieldEntry(
            "ClientBinding spec.secrets", of: "ClientBinding/app",
            set: .shows(["password": "${credentials.kafka.apiKey}"], "app-a"),
            changed: .shows(["password": "<${credentials.kafka.apiKey}>"], "<app-b>"), removed: .shows(nil, .null),
            wire: published("app", "password")),
        FieldEntry(
            "ClientBinding spec.publish", of: "ClientBinding/app",
            set: .shows([["file": ["path": "out/app.properties", "contents": "All"]]], "app-a"),
            changed: .shows([["file": ["path": "out/app.properties", "contents": "All"]]], "<app-b>"),
            removed: .refused(nil, by: "missing-field"), wire: published("app", "password")),
    ]

    private static let credentialEntries = [
        FieldEntry(
            "BindingCredentials kafka", of: "ClientBinding/app", at: "spec.credentials.west.kafka",
            set: .shows(["apiKey": ["env": "APP_A"], "apiSecret": ["env": "APP_SECRET"]], "app-a"),
            changed: .shows(["apiKey": ["env": "APP_B"], "apiSecret": ["env": "APP_SECRET"]], "<app-b>"),
            removed: .refused(nil, by: "reference-without-value"), wire: published("app", "password")),
        secret(
            "BindingCredentials schemaRegistry", "registry", at: "", .shows(signed("APP_A"), "app-a"),
            .shows(signed("APP_B"), "app-b")),
        secret(
            "ClientBinding spec.credentials", "whole", at: nil,
            .shows(["west": ["schemaRegistry": signed("APP_A")]], "app-a"),
            .shows(["west": ["schemaRegistry": signed("APP_B")]], "app-b")),
        secret(
            "SecretRef env", "env", at: "apiSecret.env", .shows("APP_A", "app-a"), .shows("APP_B", "app-b"),
            removed: "missing-companion"),
        secret(
            "SecretRef file", "text", at: "apiSecret.file", .shows("secrets/a", "file-a"),
            .shows("secrets/b", "file-b"),
            removed: "missing-companion"),
        secret(
            "SecretRef firstOf", "first", at: "apiSecret.firstOf",
            .shows([["env": "NOBODY"], ["env": "APP_A"]], "app-a"),
            .shows([["file": "secrets/nothing"], ["env": "APP_B"], ["env": "APP_A"]], "app-b"),
            removed: "missing-companion"),
        secret(
            "SecretRef vault.field", "kept", at: "apiSecret.vault.field", .shows("one", "value-1"),
            .shows("two", "value-2"), removed: "missing-field"),
    ]

    private static func signed(_ secret: String) -> JSONValue {
        ["apiKey": ["env": "APP_SECRET"], "apiSecret": ["env": .text(secret)]]
    }

    /// A secret of the registry that is published.
    private static func secret(
        _ field: String, _ binding: String, at path: String?, _ set: FieldEntry.Step, _ changed: FieldEntry.Step,
        removed: String = "reference-without-value"
    ) -> FieldEntry {
        let credentials = "spec.credentials"
        let place = path.map { "\(credentials).west.schemaRegistry\($0.isEmpty ? "" : ".")\($0)" } ?? credentials
        return FieldEntry(
            field, of: "ClientBinding/\(binding)", at: place, set: set, changed: changed,
            removed: .refused(nil, by: removed), wire: published(binding, "password"))
    }

    private static let secretReaders = [
        ("registry", nil), ("whole", nil), ("env", [:]), ("text", [:]), ("first", [:]),
        ("kept", ["vault": ["connection": "vault-1", "path": "clients/a"]]),
    ].map { (name: String, secret: JSONValue?) -> JSONValue in
        var document = binding(
            name,
            [
                "cluster": "west", "secrets": ["password": "${credentials.schemaRegistry.apiSecret}"],
                "publish": [["file": ["path": .text("out/\(name).properties"), "contents": "All"]]],
            ])
        if let secret {
            document = document.with(
                ["apiKey": ["env": "APP_SECRET"], "apiSecret": secret],
                at: ["spec", "credentials", "west", "schemaRegistry"])
        }
        return document
    }

    // MARK: Where

    /// Which of two places hold something.
    private static func places(_ first: @escaping FieldEntry.Wire, _ second: @escaping FieldEntry.Wire)
        -> FieldEntry.Wire
    {
        { stage in .list([.bool(try await first(stage) != .null), .bool(try await second(stage) != .null)]) }
    }

    private static func file(_ path: String) -> FieldEntry.Wire {
        { stage in (try? stage.read(path)).map { .text($0) } ?? .null }
    }

    private static let fileEntries = [
        FieldEntry(
            "PublishTarget file.path", of: "ClientBinding/file", at: "spec.publish.0.file.path",
            set: .shows("out/file.a", [true, false]), changed: .shows("out/file.b", [false, true]),
            removed: .refused(nil, by: "missing-field"), never: [.refused("../file", by: "path-escapes")],
            wire: places(file("out/file.a"), file("out/file.b"))),
        FieldEntry(
            "PublishTarget file.format", of: "ClientBinding/file", at: "spec.publish.0.file.format",
            set: .shows("JSON", "JSON"), changed: .shows("YAML", "YAML"), removed: .shows(nil, "Properties")
        ) { stage in
            let text = ["a", "b"].compactMap { try? stage.read("out/file.\($0)") }.first ?? ""
            return text.hasPrefix("{") ? "JSON" : text.contains("password: ") ? "YAML" : "Properties"
        },
        FieldEntry(
            "PublishTarget file.contents", of: "ClientBinding/file", at: "spec.publish.0.file.contents",
            set: .shows("All", [true, true]), changed: .shows("Secrets", [false, true]),
            removed: .refused(nil, by: "secrets-without-store")
        ) { stage in
            let text = ["a", "b"].compactMap { try? stage.read("out/file.\($0)") }.joined()
            return [.bool(text.contains("bootstrap.servers")), .bool(text.contains("simulator-secret"))]
        },
    ]

    private static func consul(_ store: String, _ key: String) -> FieldEntry.Wire {
        { stage in
            let url = try await stage.store("consul", named: store)
            let answer = try await stage.http.answer(
                "GET", "\(url)/v1/kv/\(key)?raw", headers: ["x-consul-token": stage.endpoints.credentials.secret])
            // A document may be shared: without keys it is nobody's.
            let isEmpty = answer.body.filter { !$0.isWhitespace } == "{}"
            return answer.status == 200 && !isEmpty ? .text(answer.body) : .null
        }
    }

    private static let consulEntries = [
        FieldEntry(
            "PublishTarget consul.key", of: "ClientBinding/consul", at: "spec.publish.0.consul.key",
            set: .shows("apps/a", [true, false]), changed: .shows("apps/b", [false, true]),
            removed: .refused(nil, by: "missing-field"),
            wire: places(consul("consul-1", "apps/a"), consul("consul-2", "apps/b"))),
        FieldEntry(
            "PublishTarget consul.connection", of: "ClientBinding/consul", at: "spec.publish.0.consul.connection",
            set: .shows("consul-1", [true, false]), changed: .shows("consul-2", [false, true]),
            removed: .refused(nil, by: "missing-field"),
            wire: places(consul("consul-1", "apps/a"), consul("consul-2", "apps/b"))),
        FieldEntry(
            "PublishTarget consul.format", of: "ClientBinding/keys", at: "spec.publish.0.consul.format",
            set: .shows("Keys", true), changed: .refused("JSON", by: "Immutable"),
            removed: .refused(nil, by: "Immutable")
        ) { .bool(try await consul("consul-1", "apps/keys/bootstrap.servers")($0) != .null) },
    ]

    private static func vault(_ store: String, _ path: String) -> FieldEntry.Wire {
        { stage in
            let url = try await stage.store("vault", named: store)
            let answer = try await stage.http.answer(
                "GET", "\(url)/v1/\(path)", headers: ["x-vault-token": stage.endpoints.credentials.secret])
            guard answer.status == 200 else { return .null }
            let data = try JSONValue(parsing: answer.body)["data"]["data"]
            return data.keys.isEmpty ? .null : data
        }
    }

    private static let vaultPlaces = places(
        vault("vault-1", "other/data/apps/a"), vault("vault-2", "secret/data/apps/b"))

    private static let vaultEntries = [
        FieldEntry(
            "PublishTarget vault.connection", of: "ClientBinding/vault", at: "spec.publish.0.vault.connection",
            set: .shows("vault-1", [true, false]), changed: .shows("vault-2", [false, true]),
            removed: .refused(nil, by: "missing-field"), wire: vaultPlaces),
        FieldEntry(
            "PublishTarget vault.mount", of: "ClientBinding/vault", at: "spec.publish.0.vault.mount",
            set: .shows("other", [true, false]), changed: .shows("secret", [false, true]),
            removed: .shows(nil, [false, true]), wire: vaultPlaces),
        FieldEntry(
            "PublishTarget vault.path", of: "ClientBinding/vault", at: "spec.publish.0.vault.path",
            set: .shows("apps/a", [true, false]), changed: .shows("apps/b", [false, true]),
            removed: .refused(nil, by: "missing-field"), wire: vaultPlaces),
        FieldEntry(
            "PublishTarget vault.contents", of: "ClientBinding/vault", at: "spec.publish.0.vault.contents",
            set: .shows("All", ["bootstrap.servers", "password", "schema.registry.url"]),
            changed: .shows("Secrets", ["password"]), removed: .shows(nil, ["password"])
        ) { stage in
            let first = try await vault("vault-1", "other/data/apps/a")(stage)
            let data = first == .null ? try await vault("vault-2", "secret/data/apps/b")(stage) : first
            return .list(data.keys.map { .text($0) })
        },
    ]
}
