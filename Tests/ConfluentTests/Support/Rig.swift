import Confluent
import Domain
import Execution
import Planning
import SimulatorServer
import Testing
import Transport

/// A workspace of two regions against a running simulator: `west`, the source, and `east`, which mirrors it.
struct Rig: Sendable {
    let simulator: SimulatorEndpoints
    let transport: HTTPTransport
    let directory = SiteDirectory(KnownSites())
    var workspace: Workspace
    var secrets = FixedSecrets()
    var pacing = Pacing.realTime

    /// Runs a body against a simulator of its own.
    static func with<Result: Sendable>(
        _ settings: HTTPTransport.Settings = HTTPTransport.Settings(), clock: SimulatorConfiguration.Clock = .real,
        _ body: @escaping @Sendable (Rig) async throws -> Result
    ) async throws -> Result {
        let quick = SimulatorConfiguration.Provisioning(kafka: 60, registry: 60, key: 0)
        return try await Simulator.withRunning(SimulatorConfiguration(clock: clock, provisioning: quick)) {
            simulator in
            var patient = settings
            patient.connect = .seconds(30)
            let transport = HTTPTransport(settings: patient)
            do {
                let rig = Rig(
                    simulator: simulator, transport: transport, workspace: Estate.workspace(simulator.controlPlane))
                let result = try await body(rig)
                await transport.shutdown()
                return result
            } catch {
                await transport.shutdown()
                throw error
            }
        }
    }

    var performer: ConfluentPerformer {
        ConfluentPerformer(
            workspace: workspace, secrets: secrets, directory: directory, transport: transport, pacing: pacing)
    }

    /// Performs actions one after another.
    func perform(_ actions: StepAction...) async throws {
        let performer = performer
        for action in actions {
            try await performer.perform(Step("test", ResourceAddress(.cluster, "test"), action))
        }
    }

    /// Observes everything the workspace asks for.
    func observe(recorded: Recorded = Recorded()) async -> Observation {
        let observer = ConfluentObserver(secrets: secrets, transport: transport, stores: NoStores())
        return await observer.observe(
            ObservationScope(workspace, recorded: recorded), of: workspace, recorded: recorded)
    }

    /// What the ledger would remember after an observation.
    func remembered() async -> Recorded {
        Recorded(sites: await directory.known)
    }

    /// Creates both environments with a cluster and a registry each.
    func buildRegions() async throws {
        for site in Estate.sites {
            guard let spec = workspace.clusters[site], let creation = ClusterCreation(spec) else { continue }
            try await perform(
                .cloud(
                    .createEnvironment(
                        EnvironmentCreation(environment: site, displayName: "\(site)-display", governance: .advanced))),
                .cloud(.createCluster(creation)), .cloud(.awaitRegistry(EnvironmentReference(environment: site))))
        }
    }

    /// Calls the simulator's admin API.
    func administer(_ method: HTTPCall.Method, _ path: RequestPath, _ json: String) async throws {
        guard let endpoint = HTTPEndpoint(simulator.admin, transport: transport) else { return }
        // What a test makes happen while a step waits is no deed of the step.
        var call = HTTPCall(method, path).having(.none)
        call.body = HTTPCall.Body(Array(json.utf8), mediaType: "application/json")
        _ = try await endpoint.send(call)
    }

    func setRegion(_ region: String, _ state: String) async throws {
        try await administer(.put, RequestPath("/regions").appending(region), #"{"state": "\#(state)"}"#)
    }
}

/// Manifests of the rig.
enum Estate {
    static let sites = ["west", "east"]

    static let key = Credentials.SignIn.apiKey(key: .environment("KEY"), secret: .environment("SECRET"))

    static func workspace(_ controlPlane: String) -> Workspace {
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "test")))
        // Tests run side by side on machines with few cores.
        workspace.spec.timeouts.unreachableAfter = .seconds(60)
        workspace.connections["cloud"] = ConnectionSpec(
            metadata: Metadata(name: "cloud"),
            system: .confluentCloud(
                ConfluentCloudSpec(
                    endpoint: controlPlane, apiKey: .environment("KEY"), apiSecret: .environment("SECRET"))))
        for site in sites {
            workspace.environments[site] = environment(site)
            workspace.clusters[site] = cluster(site)
        }
        return workspace
    }

    private static func environment(_ site: String) -> EnvironmentSpec {
        var environment = EnvironmentSpec(metadata: Metadata(name: site))
        environment.connection = "cloud"
        environment.displayName = "\(site)-display"
        environment.managementPolicy = .manage
        environment.governance = .advanced
        environment.schemaRegistry.credentials = Credentials(signIn: key)
        environment.schemaRegistry.linkCredentials = Credentials(signIn: key)
        return environment
    }

    private static func cluster(_ site: String) -> ClusterSpec {
        var cluster = ClusterSpec(metadata: Metadata(name: site), type: .dedicated)
        cluster.environment = site
        cluster.managementPolicy = .manage
        cluster.cloud = "AWS"
        cluster.region = site
        cluster.availability = .singleZone
        cluster.cku = 1
        cluster.credentials = Credentials(signIn: key)
        cluster.linkCredentials = Credentials(signIn: key)
        return cluster
    }

    static func topic(
        _ name: String, on cluster: String = "west", partitions: Int = 3, configs: [ConfigChange] = []
    ) -> StepAction {
        .kafka(
            .createTopic(
                TopicCreation(
                    cluster: cluster, topic: name, partitions: partitions, replicationFactor: nil, configs: configs)))
    }

    static func link(_ name: String = "west-east", configs: [ConfigChange] = []) -> StepAction {
        .kafka(
            .createLink(
                LinkCreation(
                    cluster: "east", link: name, remote: "west", half: .destination, configs: configs, validates: true))
        )
    }

    static func mirror(_ topic: String, link: String = "west-east") -> StepAction {
        .kafka(.createMirror(MirrorCreation(cluster: "east", link: link, topic: topic, source: topic)))
    }

    static func exporter(_ name: String = "to-east", subjects: [String] = ["*"], paused: Bool = false)
        -> ExporterDefinition
    {
        var settings = SchemaSettings(subjects: subjects)
        settings.paused = paused
        return ExporterDefinition(
            environment: "west", exporter: name, destination: "east", contextType: .none, context: nil,
            settings: settings)
    }
}

/// Secrets by the name of their environment variable.
struct FixedSecrets: SecretResolver {
    var values = ["KEY": "SIMULATOR", "SECRET": "simulator-secret"]

    func resolve(_ reference: SecretReference) async throws(UnresolvedSecret) -> Secret {
        guard case .environment(let name) = reference, let value = values[name] else {
            throw UnresolvedSecret(reference: reference, reason: "\(reference) is not set")
        }
        return Secret(value)
    }
}

/// No binding stores.
struct NoStores: StoreObserver {
    func observe(_ binding: ClientBindingSpec, targetIndex: Int) async -> Reach<StoreSnapshot> {
        .unmanaged
    }

    func observe(_ place: PlaceLeft) async -> Reach<StoreSnapshot> { .unmanaged }
}

extension Rig {
    /// Puts both regions there at once, with the ids `env-west`, `lkc-west`, `lsrc-west` and so on.
    func seedRegions(topics: String = "[]") async throws {
        let environments = Estate.sites.map { site in
            #"{"id":"env-\#(site)","display_name":"\#(site)-display","#
                + #""registry":{"id":"lsrc-\#(site)","region":"\#(site)"}}"#
        }
        let clusters = Estate.sites.map { site in
            #"{"id":"lkc-\#(site)","environment":"env-\#(site)","region":"\#(site)","kind":"Dedicated","#
                + #""display_name":"\#(site)","topics":\#(site == "west" ? topics : "[]")}"#
        }
        let estate =
            #"{"environments":[\#(environments.joined(separator: ","))],"#
            + #""clusters":[\#(clusters.joined(separator: ","))]}"#
        try await administer(.post, RequestPath("/estate"), estate)
    }

    /// Spoils answers of an endpoint: `control`, `east`, `east/kafka`, ….
    func spoil(_ endpoint: String, path: String = "/", _ effect: String) async throws {
        let fault = #"{"endpoint":"\#(endpoint)","path":"\#(path)",\#(effect)}"#
        try await administer(.post, RequestPath("/faults"), fault)
    }

    /// The rig with another time of silence.
    func patient(for limit: Duration) -> Rig {
        var rig = self
        rig.workspace.spec.timeouts.unreachableAfter = limit
        return rig
    }
}

extension Rig {
    /// How a step fails; records an issue when it does not.
    func failure(of action: StepAction, sourceLocation: SourceLocation = #_sourceLocation) async -> StepFailure? {
        do throws(StepFailure) {
            try await performer.perform(Step("test", ResourceAddress(.cluster, "test"), action))
            Issue.record("the step succeeded", sourceLocation: sourceLocation)
            return nil
        } catch {
            return error
        }
    }

    /// The rig with seeded regions that it knows already.
    static func seeded(
        topics: String = "[]", _ body: @escaping @Sendable (Rig) async throws -> Void
    ) async throws {
        try await Rig.with { rig in
            try await rig.seedAndLearn(topics: topics)
            try await body(rig)
        }
    }

    /// Seeds both regions, and learns where they are.
    func seedAndLearn(topics: String) async throws {
        try await seedRegions(topics: topics)
        let sites = await observe().sites
        for (name, site) in sites.clusters { await directory.learn(site, named: name) }
        for (name, site) in sites.environments { await directory.learn(site, named: name) }
    }

    /// What a cluster shows.
    func kafka(_ name: String) async throws -> KafkaSnapshot {
        try #require(await observe().clusters[name]?.snapshot)
    }

    /// What a registry shows.
    func registry(_ name: String) async throws -> RegistrySnapshot {
        try #require(await observe().registries[name]?.snapshot)
    }

    /// The rig with topics whose configs are observed.
    func managing(_ topics: [String], on cluster: String = "west") -> Rig {
        var rig = self
        for topic in topics {
            rig.workspace.topics[topic] = Estate.topicSpec(topic, on: cluster, configs: ["retention.ms": "1"])
        }
        return rig
    }
}

extension [String: String] {
    /// Configs of a topic without those that the service sets by itself.
    var withoutNoise: [String: String] { filter { !TopicConfigs.isSetByService($0.key) } }
}
