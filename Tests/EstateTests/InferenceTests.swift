import Domain
import Estate
import Testing

/// What becomes of parts of an estate that no manifest can say.
@Suite struct InferenceTests {
    /// West and east, with links that east holds.
    private static func estate(
        _ links: [ObservedLink] = [], mirrors: [ObservedMirror] = [], onWest: [ObservedLink] = [],
        exporters: [ObservedExporter] = []
    ) -> Estate {
        var estate = Estate()
        for (name, id) in [("east", "lkc-e"), ("west", "lkc-w")] {
            var environment = Estate.Environment(name: "env-\(name)", id: "env-\(id)", displayName: name)
            environment.registryEndpoint = "https://sr-\(name)"
            environment.registry = RegistrySnapshot(
                modes: [.standard: name == "east" ? .import : .readWrite], exporters: name == "west" ? exporters : [])
            estate.environments.append(environment)
            var spec = ClusterSpec(metadata: Metadata(name: name), type: .dedicated)
            spec.id = id
            spec.environment = environment.name
            var cluster = Estate.Cluster(spec)
            cluster.kafka = KafkaSnapshot(
                clusterID: id, links: name == "east" ? links : onWest, mirrors: name == "east" ? mirrors : [])
            estate.clusters.append(cluster)
        }
        return estate
    }

    private static func infer(_ estate: Estate) -> Inference {
        Inference(estate, into: WorkspaceSpec(metadata: Metadata(name: "estate")))
    }

    private static func link(
        _ name: String = "copy", from remote: String? = "lkc-w", mode: LinkHalf.Mode = .destination,
        configs: [String: String] = [:]
    ) -> ObservedLink {
        ObservedLink(name: name, remoteClusterID: remote, mode: mode, configs: configs)
    }

    private static func mirror(_ topic: String, _ status: MirrorStatus = .active, of link: String = "copy")
        -> ObservedMirror
    {
        ObservedMirror(link: link, topic: topic, sourceTopic: topic, status: status)
    }

    @Test("links that lead elsewhere, lack a half, or have an unknown mode are told and not written")
    func strangeLinks() {
        let inferred = Self.infer(
            Self.estate([
                Self.link("away", from: "lkc-x"), Self.link("nowhere", from: nil),
                Self.link("half", mode: .bidirectional),
                Self.link("dialled", configs: ["connection.mode": "INBOUND"]),
                Self.link("new", mode: .other("TRIANGULAR")),
            ]))
        #expect(inferred.workspace.clusterLinks.isEmpty)
        #expect(
            inferred.remarks == [
                .linkToElsewhere(link: "away", cluster: "east", remote: "lkc-x"),
                .linkToElsewhere(link: "nowhere", cluster: "east", remote: nil),
                .halfOfLink(link: "half", cluster: "east"), .halfOfLink(link: "dialled", cluster: "east"),
                .linkMode(link: "new", cluster: "east", mode: "TRIANGULAR"),
            ])
    }

    @Test("configs and filters that no manifest can say are told, and the others written")
    func configs() throws {
        let inferred = Self.infer(
            Self.estate([
                Self.link(
                    configs: [
                        "new.feature": "on", "topic.config.sync.ms": "7000", "acl.sync.enable": "true",
                        "acl.filters": "not json", "consumer.offset.sync.enable": "true",
                        "consumer.offset.group.filters": """
                        {"groupFilters": [{"name": "a", "patternType": "PREFIXED", "filterType": "INCLUDE"},
                        {"name": "b", "patternType": "LITERAL", "filterType": "EXCLUDE"},
                        {"name": "c", "patternType": "SUFFIXED", "filterType": "INCLUDE"},
                        {"name": "d", "patternType": "LITERAL", "filterType": "MAYBE"}]}
                        """,
                    ])
            ]))
        let link = try #require(inferred.workspace.clusterLinks["copy"])
        #expect(link.settings.configs == ["topic.config.sync.ms": "7000"])
        #expect(link.settings.aclSync == nil)
        #expect(link.settings.consumerOffsetSync?.includeGroups == ["a*"])
        #expect(link.settings.consumerOffsetSync?.excludeGroups == ["b"])
        #expect(
            inferred.remarks == [
                .linkConfigs(
                    link: "copy", cluster: "east",
                    names: ["acl.filters", "consumer.offset.group.filters", "new.feature"])
            ])
    }

    @Test("filters of ACLs are written as they are, and others than ALLOW are not")
    func aclFilters() {
        func sync(_ permission: String) -> ACLSyncSpec? {
            let filters = """
                {"aclFilters": [{"resourceFilter": {"resourceType": "topic", "name": "a", "patternType": "literal"},
                "accessFilter": {"operation": "read", "permissionType": "\(permission)", "principal": "User:sa-1"}}]}
                """
            let configs = ["acl.sync.enable": "true", "acl.sync.ms": "9000", "acl.filters": filters]
            return Self.infer(Self.estate([Self.link(configs: configs)])).workspace.clusterLinks["copy"]?.settings
                .aclSync
        }
        #expect(
            sync("allow")
                == ACLSyncSpec(
                    enabled: true, interval: .seconds(9),
                    filters: [
                        .init(
                            resourceType: "TOPIC", resourceName: "a", patternType: "LITERAL", principal: "User:sa-1",
                            operation: "READ")
                    ]))
        #expect(sync("deny") == nil)
    }

    @Test("halves that do not do the same say only what both do")
    func halves() throws {
        let inferred = Self.infer(
            Self.estate(
                [
                    Self.link(
                        "both", mode: .bidirectional,
                        configs: ["consumer.offset.sync.enable": "true", "topic.config.sync.ms": "1"])
                ],
                mirrors: [Self.mirror("a", of: "both")],
                onWest: [Self.link("both", from: "lkc-e", mode: .bidirectional)]))
        let link = try #require(inferred.workspace.clusterLinks["both"])
        #expect(link.settings.mode == .bidirectional)
        #expect(link.settings.configs.isEmpty && link.settings.consumerOffsetSync == nil)
        #expect(
            inferred.remarks == [
                .halvesDiffer(
                    link: "both", between: ["west", "east"],
                    configs: ["consumer.offset.sync.enable", "topic.config.sync.ms"])
            ])
    }

    @Test("mirrors that have failed are told; those that wait for their source stay")
    func mirrors() {
        let inferred = Self.infer(
            Self.estate(
                [Self.link()],
                mirrors: [Self.mirror("a"), Self.mirror("b", .failed), Self.mirror("c", .sourceUnavailable)]))
        #expect(inferred.workspace.clusterLinks["copy"]?.mirrorTopics?.include == ["a", "c"])
        #expect(inferred.remarks == [.mirrors(cluster: "east", link: "copy", status: .failed, topics: ["b"])])
    }

    @Test("exporters to elsewhere, or of an unknown context type, are told and not written")
    func exporters() {
        let inferred = Self.infer(
            Self.estate(exporters: [
                ObservedExporter(
                    name: "away", contextType: ExporterContextType.none, subjects: ["*"],
                    destinationURL: "https://sr-x",
                    state: .running),
                ObservedExporter(
                    name: "odd", contextType: nil, subjects: ["*"], destinationURL: "https://SR-east/", state: .running),
                ObservedExporter(
                    name: "own", contextType: .custom, context: ".hub", subjects: [], destinationURL: "https://sr-east",
                    state: .paused),
            ]))
        #expect(inferred.workspace.schemaLinks.keys.sorted() == ["own"])
        let own = inferred.workspace.schemaLinks["own"]
        #expect(own?.context == "hub" && own?.settings.paused == true && own?.destinationMode == .unmanaged)
        #expect(
            inferred.remarks == [
                .exporterToElsewhere(exporter: "away", environment: "env-west", url: "https://sr-x"),
                .exporterContext(exporter: "odd", environment: "env-west"),
            ])
    }

    @Test("names that no cluster holds beside each other, and configs that cannot be said, are told")
    func topics() throws {
        var estate = Self.estate()
        var kafka = try #require(estate.clusters[1].kafka)
        for name in ["a.b", "a_b", "c"] { kafka.topics[name] = ObservedTopic(partitions: 1, replicationFactor: 3) }
        kafka.configs["c"] = ["compression.type": "zstd", "retention.ms": "5", "confluent.new": "1"]
        estate.clusters[1].kafka = kafka
        let inferred = Self.infer(estate)
        #expect(inferred.workspace.topics.keys.sorted() == ["a.b", "c"])
        #expect(inferred.workspace.topics["c"]?.configs == ["retention.ms": "5"])
        #expect(
            inferred.remarks == [
                .topicNames(cluster: "west", topics: ["a_b"]),
                .topicConfigs(cluster: "west", name: "compression.type", topics: ["c"]),
                .topicConfigs(cluster: "west", name: "confluent.new", topics: ["c"]),
            ])
    }
}
