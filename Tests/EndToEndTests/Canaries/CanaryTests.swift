import Foundation
import SimulatorServer
import Testing
import TestSupport
import TextForms

@testable import StateStores

/// Secrets of every kind are planted, much goes wrong, and then everything that was shown, kept or published is searched.
@Suite("No secret is where it is not meant to be")
struct CanaryTests {
    @Test(
        "not while sites are made, keys rotate, a group moves and fails over, and servers repeat what they were told",
        .enabled(if: EtcdServer.isInstalled))
    func story() async throws {
        try await Stage.with { stage in
            let etcd = try await EtcdServer.start()
            defer { etcd.stop() }
            try await LocalServer.with({ _, seen in
                // A hook's server that repeats what it was sent.
                .json(#"{"message": "refused \#(seen.headers["x-token"] ?? "")"}"#, status: 500)
            }) { hooks in
                var story = try await CanaryStory(stage, etcd, hooks)
                try await story.make()
                try await story.rotate()
                try await story.move()
                try await story.look()
                try await story.failOver()
                try await story.look()
                try await story.search()
            }
        }
    }
}

/// The story, and what the binary said in it.
struct CanaryStory {
    private static let planted = Aviary(canaries: [
        Canary(name: "key of everything", secret: "simulator-secret", user: "SIMULATOR", beginning: 11),
        Canary(name: "client of west", secret: #"cW3st"qZ/+9é$x&=tail"#, user: "WESTKEY"),
        Canary(name: "client of east", secret: #"cEa5t"qZ/+8é$x&=tail"#, user: "EASTKEY"),
        Canary(name: "link", secret: "l1nkQ/+Zr7&=first", user: "LINKKEY"),
        Canary(name: "link, rotated", secret: "r0tat/+Zr7&=second", user: "LINKKEY2"),
        Canary(name: "key of plans", secret: #"pl4nK"ey/+6&=tail"#),
        Canary(name: "header of hooks", secret: #"h00kT"ok/+5&=tail"#),
        Canary(name: "password of etcd", secret: #"etcdP"as/+4&=tail"#, user: "spillway"),
        Canary(name: "unused", secret: "awsS3crt/+3&=tail-of-a-key"),
    ])
    private static let clients: Set<String> = ["client of west", "client of east"]

    private let aviary = CanaryStory.planted
    private var stage: Stage
    private let etcd: EtcdServer
    private let hooks: LocalServer
    private let vault: String
    private let consul: String
    private var run = 0

    private static func secret(_ name: String) throws -> String {
        try #require(planted.canaries.first { $0.name == name }?.secret)
    }

    init(_ stage: Stage, _ etcd: EtcdServer, _ hooks: LocalServer) async throws {
        self.stage = stage
        self.etcd = etcd
        self.hooks = hooks
        try await etcd.requireUsers(password: try Self.secret("password of etcd"), below: "/spillway/")
        vault = try await stage.store("vault", named: "vault")
        consul = try await stage.store("consul", named: "consul")
        self.stage.spillway.environment.merge([
            "CHECKOUT_WEST_SECRET": try Self.secret("client of west"),
            "CHECKOUT_EAST_SECRET": try Self.secret("client of east"), "LINK_KEY": "LINKKEY",
            "LINK_SECRET": try Self.secret("link"), "PLAN_KEY": try Self.secret("key of plans"),
            "HOOK_TOKEN": try Self.secret("header of hooks"), "ETCD_PASSWORD": try Self.secret("password of etcd"),
            "ETCD_USER": "spillway", "STORE_TOKEN": stage.endpoints.credentials.secret,
            "AWS_ACCESS_KEY_ID": "AKIACANARY", "AWS_SECRET_ACCESS_KEY": try Self.secret("unused"),
        ]) { $1 }
        try write()
    }

    private func write() throws {
        try stage.edit("spillway.yaml", "policy: {", "policy: {quietPeriod: 0s, allowCommands: true, ")
        try stage.edit(
            "spillway.yaml", "unreachableAfter: 5s", "unreachableAfter: 12s, drain: 5s, transition: 30s")
        try stage.edit(
            "spillway.yaml", "spec:\n",
            "spec:\n  planKey: {env: PLAN_KEY}\n  state: {etcd: {connection: etcd}, snapshot: kept/snapshot.json}\n")
        try stage.edit(
            "manifests/group.yaml", #"fence: {denyWrites: ["User:*"]}"#,
            "fence: {denyWrites: [\"User:*\"], quiet: 500ms}")
        try stage.edit(
            "manifests/group.yaml", "members: [west, east]",
            "members: [west, east]\n  reprotect: Recreate\n  canary: payments.canary\n")
        try stage.edit(
            "manifests/clients.yaml", "    - file: {path: out/reporting.json, format: JSON}\n",
            """
                - file: {path: out/reporting.json, format: JSON}
                - consul: {connection: consul, key: apps/reporting}
              restart:
                - command: [sh, -c, "\(Self.look)"]
                - http: {url: "\(hooks.url)/restart", headers: {X-Token: {env: HOOK_TOKEN}}}

            """)
        try stage.edit(
            "manifests/clients.yaml",
            "    - file: {path: out/checkout.properties, format: Properties, contents: All}\n",
            """
                - file: {path: out/checkout.properties, format: Properties, contents: All}
                - vault: {connection: vault, path: apps/checkout}

            """)
        try stage.append(
            "manifests/clients.yaml",
            """
            ---
            apiVersion: spillway/v1
            kind: List
            defaults: {kind: Connection}
            items:
              - {metadata: {name: vault}, spec: {vault: {endpoint: "\(vault)", token: {env: STORE_TOKEN}}}}
              - {metadata: {name: consul}, spec: {consul: {endpoint: "\(consul)", token: {env: STORE_TOKEN}}}}
              - metadata: {name: etcd}
                spec: {etcd: {endpoints: ["\(etcd.url)"], username: {env: ETCD_USER}, password: {env: ETCD_PASSWORD}}}

            """)
    }

    /// What a hook sees of its own environment, and of every command line there is.
    private static let look =
        "cat /proc/self/environ >> seen-environment; cat /proc/[0-9]*/cmdline >> seen-commands; echo asked >> seen-count"

    // MARK: Chapters

    /// Everything is made, after a server has refused and said why.
    mutating func make() async throws {
        try await spoil("POST", "/kafka/v3/clusters", count: 3)
        try await spoil("POST", "/org/v3/environments", count: 1)
        #expect(try await told("apply", "--auto-approve", "--init-state").code != 0)
        try await calm()
        _ = try await told("apply", "--auto-approve", "--init-state")
        try await seedKeys()
        _ = try await told("apply", "--auto-approve")
    }

    /// A link's key is another one from now on; that fails, and is done again. So is a client's.
    mutating func rotate() async throws {
        let credentials = "linkCredentials: {apiKey: {env: LINK_KEY}, apiSecret: {env: LINK_SECRET}}"
        try stage.edit(
            "manifests/sites.yaml", "{environment: prod-west, region: us-west-2}",
            "{environment: prod-west, region: us-west-2, \(credentials)}")
        _ = try await told("plan")
        _ = try await told("apply", "--auto-approve")
        stage.spillway.environment["LINK_KEY"] = "LINKKEY2"
        stage.spillway.environment["LINK_SECRET"] = try Self.secret("link, rotated")
        for method in ["PUT", "POST"] {
            try await spoil(method, "/kafka/v3/clusters", count: 5, telling: "link, rotated")
        }
        let failed = try await told("apply", "--auto-approve")
        #expect(failed.code == 7 && (failed.output + failed.diagnostics).contains("marker: refused"), "\(failed)")
        try await calm()
        _ = try await told("apply", "--auto-approve")
        let plan = try await told("plan", "--detailed-exitcode")
        #expect(plan.code == 0 || plan.output.contains("hook"), "\(plan.output)\(plan.diagnostics)")
    }

    /// The group moves, at the second attempt.
    mutating func move() async throws {
        try stage.setPrimary("east", from: "west")
        _ = try await told("plan", "--out", "kept/move.plan")
        _ = try await told("show", "kept/move.plan")
        try await spoil("PUT", "/apps", count: 1)
        try await spoil("POST", "/kafka/v3/clusters", count: 1)
        let flags = ["apply", "--auto-approve", "--confirm-primary", "payments=east"]
        _ = try await told(flags)
        try await calm()
        _ = try await told(flags)
        _ = try await told("apply", "--auto-approve")
        #expect(try stage.read("out/checkout.properties").contains("primary=east"))
    }

    /// The region that serves goes dark, and the other one takes over; what still answers repeats what it is told.
    mutating func failOver() async throws {
        try await stage.set("us-east-1", "down")
        try stage.declare("failover: {from: east, incident: INC-7}")
        try stage.setPrimary("west", from: "east")
        try await spoil("POST", "/kafka/v3/clusters", count: 1)
        let flags = ["apply", "--auto-approve", "--confirm-primary", "payments=west"]
        _ = try await told(flags)
        try await calm()
        _ = try await told(flags)
        #expect(try stage.read("out/checkout.properties").contains("primary=west"))
        try await stage.set("us-east-1", "up")
        _ = try await told("apply", "--auto-approve")
    }

    /// Everything that shows something.
    mutating func look() async throws {
        for command in [
            ["status"], ["status", "-o", "json"], ["plan"], ["plan", "-o", "json"], ["plan", "-o", "markdown"],
            ["drift"],
            ["plan", "--out", "kept/saved.plan"], ["show", "kept/saved.plan"], ["runs"], ["state", "list"],
            ["state", "export", "--out", "kept/ledger.json", "--with-key"], ["state", "export"],
            ["validate", "-o", "json"],
        ] {
            _ = try await told(command)
        }
        let runs = try JSONValue(parsing: try await told("runs", "-o", "json").output)
        let ids = (runs["runs"].array + runs.array).compactMap { $0["id"].string }
        #expect(!ids.isEmpty, "\(runs)")
        for id in ids { _ = try await told("runs", "show", id) }
    }

    /// Every place there is.
    mutating func search() async throws {
        #expect(hooks.seen.contains { $0.headers["x-token"] == (try? Self.secret("header of hooks")) })
        #expect(try stage.read("seen-environment").contains("SPILLWAY_BINDING=reporting"))
        #expect(try stage.read("seen-commands").contains("--auto-approve"))
        try await searchStores()
        _ = try await told("state", "migrate", "--to", "sqlite:kept/moved.db", "--yes")
        let files = try aviary.expectNone(below: stage.folder, but: ["out/checkout.properties": Self.clients])
        for file in [
            "kept/snapshot.json", "kept/saved.plan", "kept/move.plan", "kept/ledger.json", "kept/moved.db",
            "out/reporting.json", "seen-environment", "seen-commands",
        ] {
            #expect(files.contains(file), "\(file) was not searched")
        }
        #expect(try stage.read("out/checkout.properties").contains("cW3st"), "what is looked for can be found")
    }

    private func searchStores() async throws {
        let token = ["x-vault-token": stage.endpoints.credentials.secret]
        let secret = try await stage.http.text("GET", "\(vault)/v1/secret/data/apps/checkout", nil, headers: token)
        aviary.expectNone(in: secret, of: "the secret in Vault", but: Self.clients)
        #expect(secret.contains("cW3st"))
        let metadata = try await stage.http.text(
            "GET", "\(vault)/v1/secret/metadata/apps/checkout", nil, headers: token)
        aviary.expectNone(in: metadata, of: "the metadata in Vault")
        let published = try await stage.http.text(
            "GET", "\(consul)/v1/kv/apps/?recurse", nil, headers: ["x-consul-token": stage.endpoints.credentials.secret]
        )
        let values = try JSONValue(parsing: published).array.compactMap { $0["Value"].base64 }
        #expect(!values.isEmpty)
        aviary.expectNone(in: published + values.joined(), of: "Consul")
        var inflated = 0
        for object in try await etcd.everything() {
            aviary.expectNone(in: object.key, of: "a key of etcd")
            aviary.expectNone(in: object.value, of: "etcd \(object.key)")
            guard let document = try? Deflated.decode(JSONTree.self, from: Array(object.value)) else { continue }
            inflated += 1
            aviary.expectNone(in: try JSONEncoder().encode(document), of: "etcd \(object.key), inflated")
        }
        #expect(inflated > 1)
    }

    // MARK: Pieces

    /// Runs a command line, says everything there is to say, and looks through it at once.
    private mutating func told(_ arguments: String...) async throws -> Spillway.Outcome {
        try await told(arguments)
    }

    private mutating func told(_ arguments: [String]) async throws -> Spillway.Outcome {
        run += 1
        let outcome = try await stage.spillway.start(arguments + ["-v"]).outcome()
        let words = "\(run): \(arguments.joined(separator: " "))"
        #expect(outcome.code != 64 && outcome.code < 128, "\(words): \(outcome.diagnostics)")
        aviary.expectNone(in: outcome.output, of: "what `\(words)` printed")
        aviary.expectNone(in: outcome.diagnostics, of: "what `\(words)` said")
        return outcome
    }

    /// Lets some calls fail, with what was sent in what is said of it.
    ///
    /// - Parameter more: Canaries that the server is told beside the key of everything.
    private func spoil(_ method: String, _ path: String, count: Int, telling more: String...) async throws {
        let message = JSONValue.text("marker: refused \(aviary.chatter(of: Set(more + ["key of everything"])))")
        let fault: JSONValue = [
            "effect": "status", "status": 400, "method": .text(method), "path": .text(path),
            "count": .number(Double(count)),
            "body": ["error_code": 40002, "message": message, "errors": [["code": "marker", "detail": message]]],
        ]
        try await stage.http.send(
            "POST", "\(stage.endpoints.admin)/faults", String(decoding: try JSONEncoder().encode(fault), as: UTF8.self))
    }

    private func calm() async throws {
        try await stage.http.send("DELETE", "\(stage.endpoints.admin)/faults", nil)
    }

    /// Lets applications and links sign in.
    private func seedKeys() async throws {
        let (west, east) = (try await stage.clusterID("west"), try await stage.clusterID("east"))
        let keys = try [
            ("WESTKEY", "client of west", west), ("EASTKEY", "client of east", east), ("LINKKEY", "link", west),
            ("LINKKEY2", "link, rotated", west),
        ].map { id, name, cluster -> JSONValue in
            [
                "id": .text(id), "secret": .text(try Self.secret(name)), "resource": .text(cluster),
                "owner": "sa-checkout",
            ]
        }
        try await stage.http.send(
            "POST", "\(stage.endpoints.admin)/estate",
            String(decoding: try JSONEncoder().encode(["keys": JSONValue.list(keys)] as JSONValue), as: UTF8.self))
    }
}
