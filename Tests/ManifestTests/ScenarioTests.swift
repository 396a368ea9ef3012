import Diagnostics
import Domain
import FoundationEssentials
import Manifest
import Testing

@Suite("Whole workspaces")
struct ScenarioTests {
    static let folder =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        + "/Fixtures"

    private func load(_ name: String) -> LoadResult {
        WorkspaceLoader(version: "1.0.0").load("\(Self.folder)/\(name)")
    }

    private func workspace(_ name: String) throws -> Workspace {
        try #require(load(name).loaded).workspace
    }

    @Test(
        "Validates without errors",
        arguments: [
            ("steady-state", []), ("failover", []), ("platform-mtls", []), ("migration", []), ("aggregation", []),
            ("brownfield", []), ("bidirectional", []),
            ("third-region", ["hook-never-runs", "reference-without-value", "reference-without-value"]),
            ("overlays/prod", ["link-credentials-missing", "link-credentials-missing", "schemas-not-moved"]),
            ("overlays/staging", ["link-credentials-missing", "link-credentials-missing", "schemas-not-moved"]),
            (
                "standby",
                [
                    "link-credentials-missing", "link-credentials-missing", "nothing-to-publish", "nothing-to-publish",
                    "schemas-not-moved",
                ]
            ),
        ] as [(String, [String])])
    func validates(name: String, warnings: [String]) {
        let result = load(name)
        #expect(result.loaded != nil)
        #expect(result.diagnostics.allSatisfy { $0.severity == .warning })
        #expect(result.diagnostics.map(\.code).sorted() == warnings)
    }

    @Test("List defaults lie under every item, and the item wins")
    func lists() throws {
        let workspace = try workspace("steady-state")
        let audit = try #require(workspace.topics["trades.audit"])
        #expect(audit.home == .failoverGroup("trades"))
        #expect(audit.partitions == 12)
        #expect(
            audit.configs == ["min.insync.replicas": "2", "retention.ms": "30d", "cleanup.policy": "delete"])
        #expect(workspace.topics["trades.fx-rates"]?.partitions == 3)
        #expect(workspace.topics.count == 12)
        #expect(workspace.environments["prod-north"]?.schemaRegistry.compatibility == .backward)
        #expect(workspace.environments["prod-north"]?.governance == .advanced)
    }

    @Test("The typed manifests carry what was written, and defaults where nothing was")
    func typedValues() throws {
        let workspace = try workspace("steady-state")
        #expect(
            workspace.spec.state
                == .s3(S3State(connection: "state", bucket: "exchange-spillway-state", key: "spillway/trades-prod")))
        #expect(workspace.spec.policy.quietPeriod == .seconds(600))
        #expect(workspace.spec.timeouts.connect == .seconds(3))
        let group = try #require(workspace.failoverGroups["trades"])
        #expect(group.placement == .declared(primary: "north", members: ["north", "south"]))
        #expect(group.link.names == ["north-south": "north-south"])
        #expect(group.link.consumerOffsetSync?.interval == .seconds(10))
        #expect(group.link.consumerOffsetSync?.includeGroups == ["*"])
        #expect(group.fence?.denyWrites == ["User:sa-bkg001", "User:sa-clr001"])
        #expect(group.objectives.age == .seconds(60))
        let cluster = try #require(workspace.clusters["north"])
        #expect(cluster.displayName == "north")
        #expect(cluster.managementPolicy == .observe)
        let key = SecretReference.vault(
            connection: "vault", mount: "secret", path: "spillway/link", field: "kafka_north_key")
        #expect(cluster.linkCredentials?.references.first == key)
        let binding = try #require(workspace.clientBindings["clearing"])
        #expect(binding.properties["vault.path"] == "kafka/clearing/${cluster.name}")
        guard case .http(let call) = try #require(binding.restart.first).action else {
            Issue.record("the hook of clearing is an HTTP call")
            return
        }
        #expect(call.headers == ["Authorization": .secret(.environment("AWX_AUTH"))])
        #expect(call.expectStatus == [201])
    }

    @Test("A failover commit is a change of the primary with its consents")
    func failover() throws {
        let group = try #require(workspace("failover").failoverGroups["trades"])
        #expect(group.placement == .declared(primary: "south", members: ["north", "south"]))
        #expect(group.failover?.from == "north")
        #expect(group.failover?.overrides == [.stores])
        #expect(group.discard == ["north@7-a3f1"])
        #expect(group.canary == "trades.canary")
    }

    @Test("Certificates are the sign-in of a Confluent Platform workspace")
    func certificates() throws {
        let workspace = try workspace("platform-mtls")
        let credentials = try #require(workspace.clusters["dc1"]?.credentials)
        #expect(credentials.signIn == .certificate)
        #expect(credentials.tls?.key == .file("spillway.key"))
        #expect(workspace.failoverGroups["core"]?.link.mode == .bidirectional)
        let target = workspace.clientBindings["booking"]?.publish
        #expect(target == [.file(FilePlace(path: "out/booking.properties", format: .properties, contents: .all))])
    }

    @Test("Patches change one object each, in overlays of one base")
    func overlays() throws {
        let production = try workspace("overlays/prod")
        let staging = try workspace("overlays/staging")
        #expect(production.clusters["north"]?.id == "lkc-n00001")
        #expect(production.clusters["north"]?.type == .enterprise)
        #expect(staging.clusters["north"]?.type == .dedicated)
        #expect(production.clientBindings["batch"] != nil)
        #expect(staging.clientBindings["batch"] == nil)
        guard case .confluentCloud(let cloud) = staging.connections["confluent"]?.system else {
            Issue.record("the connection leads to Confluent Cloud")
            return
        }
        #expect(cloud.organization == "00000000-0000-4000-8000-00000000057a")
        #expect(cloud.apiKey == .environment("CC_KEY"))
    }

    @Test("A patch that replaces a list replaces all of it")
    func patchedLists() throws {
        let group = try #require(workspace("third-region").failoverGroups["trades"])
        #expect(group.placement == .declared(primary: "south", members: ["south", "middle"]))
        #expect(group.reprotect == .recreate)
    }

    @Test("Spans lead to the file in which a field was written last")
    func spans() throws {
        let loaded = try #require(load("third-region").loaded)
        let primary = try #require(loaded.span(of: .failoverGroup, "trades", field: "spec.primary"))
        #expect(primary.path.hasSuffix("third-region/patch.yaml"))
        #expect(primary.start == SourcePosition(line: 5, column: 12))
        let member = try #require(loaded.span(of: .failoverGroup, "trades", field: "spec.members[1]"))
        #expect(member.start == SourcePosition(line: 6, column: 20))
        let canary = try #require(loaded.span(of: .failoverGroup, "trades", field: "spec.canary"))
        #expect(canary.path.hasSuffix("steady-state/manifests/group.yaml"))
        let absent = try #require(loaded.span(of: .failoverGroup, "trades", field: "spec.schemas.paused"))
        #expect(absent.path.hasSuffix("steady-state/manifests/group.yaml"))
        #expect(loaded.span(of: .failoverGroup, "nobody") == nil)
    }

    @Test(
        "Expanded manifests, loaded again, are the same manifests",
        arguments: ["steady-state", "third-region", "overlays/staging", "standby", "platform-mtls"])
    func expansion(name: String) throws {
        let loaded = try #require(load(name).loaded)
        let text = loaded.expandedYAML()
        #expect(text == loaded.expandedYAML())
        let reloaded = try #require(
            WorkspaceLoader(files: MemoryFiles(["spillway.yaml": text]), version: "1.0.0").load(".").loaded)
        var expected = loaded.workspace
        expected.spec.bases = []
        expected.spec.manifests = []
        expected.spec.patches = []
        #expect(reloaded.workspace == expected)
    }
}
