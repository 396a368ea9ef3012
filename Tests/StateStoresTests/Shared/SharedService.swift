import Bindings
import Domain
import Execution
import Foundation
import Logging
import SimulatorServer
import StateStores
import TestSupport
import Testing
import Transport

/// A service that keeps shared objects, up for as long as the tests of a suite run.
struct SharedService: SuiteTrait, TestScoping {
    /// The service of the suite that runs.
    @TaskLocal private static var current: Place?

    /// Where a workspace finds a service.
    struct Place: Sendable {
        let connection: ConnectionSpec
        var environment: [String: String] = [:]
        var folder = "/nonexistent"
        let objects: @Sendable (Connections, _ name: String) async throws(StepFailure) -> any SharedObjects
    }

    private let run: @Sendable (@escaping @Sendable (Place) async throws -> Void) async throws -> Void

    func provideScope(
        for test: Test, testCase: Test.Case?, performing tests: @Sendable () async throws -> Void
    ) async throws {
        try await withoutActuallyEscaping(tests) { tests in
            try await run { place in try await Self.$current.withValue(place) { try await tests() } }
        }
    }

    /// Objects under a name of their own, as one more machine sees them.
    static func objects(named name: String) async throws -> any SharedObjects {
        let place = try #require(current)
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "shop")))
        workspace.spec.timeouts.unreachableAfter = .seconds(90)
        workspace.connections["shared"] = place.connection
        let connections = Connections(
            of: workspace, folder: place.folder, environment: place.environment, transport: sharedTransport,
            silences: RememberedSilence())
        return try await place.objects(connections, name)
    }

    /// A state of its own in the service that runs.
    static func state(clock: TestClock) async throws -> SharedStateStore {
        try await stores(clock: clock, count: 1)[0]
    }

    /// Runs a check on a state of its own, which two machines see.
    static func check(_ check: StateStoreConformance) async throws {
        let clock = TestClock()
        let stores = try await stores(clock: clock, count: 2)
        let turn = Turn()
        try await check.run(
            StorageUnderTest(open: { stores[turn.next() % stores.count] }, clock: clock, owner: stores))
    }

    /// Moves a ledger from a file to the service and back, or the other way round.
    static func move(_ direction: Direction) async throws {
        let (clock, folder) = (TestClock(), try ScratchFolder())
        let file = SQLiteStateStore(
            path: "\(folder.path)/state.db", workspace: "shop", mayCreate: true, clock: clock.stateClock,
            processes: TestProcesses())
        let shared = try await state(clock: clock)
        switch direction {
        case .fromFile: try await moveThereAndBack(file, shared)
        case .toFile: try await moveThereAndBack(shared, file)
        }
    }

    enum Direction: CaseIterable, Sendable {
        case fromFile
        case toFile
    }

    private static func stores(clock: TestClock, count: Int) async throws -> [SharedStateStore] {
        let name = UUID().uuidString.lowercased()
        var stores: [SharedStateStore] = []
        for _ in 0..<count {
            stores.append(
                SharedStateStore(
                    in: try await objects(named: name), workspace: "shop", mayCreate: true, lease: .seconds(60),
                    host: "here", clock: clock.stateClock, processes: TestProcesses()))
        }
        return stores
    }
}

// MARK: Kinds

extension SharedService {
    /// etcd with one member.
    static let etcd = SharedService { body in
        let server = try await EtcdServer.start()
        defer { server.stop() }
        try await body(place(of: EtcdSpec(endpoints: [server.url])))
    }

    /// etcd with three members, of which the one that is asked first has ended.
    static let etcdCluster = SharedService { body in
        let servers = try await EtcdServer.startCluster(of: 3)
        defer { for server in servers { server.stop() } }
        try await servers[0].setAwake(false)
        try await body(place(of: EtcdSpec(endpoints: servers.map(\.url))))
    }

    /// etcd that lets in nobody but users, over TLS.
    static let etcdWithUsers = SharedService { body in
        let server = try await EtcdServer.start(.server)
        defer { server.stop() }
        try await server.requireUsers()
        var place = place(
            of: EtcdSpec(
                endpoints: [server.url], username: .environment("ETCD_USER"), password: .environment("ETCD_PASSWORD"),
                tls: TLSSpec(ca: .environment("CA"))))
        place.environment = ["ETCD_USER": "spillway", "ETCD_PASSWORD": "s", "CA": TestAuthority.authority]
        try await body(place)
    }

    /// moto's S3.
    static let moto = SharedService { body in
        let server = try await MotoServer.start()
        defer { server.stop() }
        try await server.createBucket(PlayedS3.bucket)
        try await body(place(ofS3: server.url))
    }

    /// An S3 that is strict with signatures and conditions.
    static let playedS3 = SharedService { body in
        try await LocalServer.with(PlayedS3().answer) { try await body(place(ofS3: $0.url)) }
    }

    /// The simulator's Kubernetes.
    static let kubernetes = SharedService { body in
        let store = SimulatedStoreConfiguration(.kubernetes, name: "k8s")
        try await Simulator.withRunning(SimulatorConfiguration(stores: [store])) { endpoints in
            let (url, token) = (try #require(endpoints.stores["k8s"]), endpoints.credentials.secret)
            _ = try await PlainHTTP.send(
                "POST", "\(url)/api/v1/namespaces", #"{"metadata": {"name": "shop"}}"#,
                mediaType: "application/json", bearer: token)
            let folder = try ScratchFolder()
            let config = """
                {"apiVersion": "v1", "kind": "Config", "current-context": "main",
                 "clusters": [{"name": "main", "cluster": {"server": "\(url)"}}],
                 "users": [{"name": "main", "user": {"token": "\(token)"}}],
                 "contexts": [{"name": "main", "context": {"cluster": "main", "user": "main"}}]}
                """
            try Data(config.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/kubeconfig"))
            let connection = ConnectionSpec(metadata: Metadata(name: "shared"), system: .kubernetes(KubernetesSpec()))
            try await body(
                Place(connection: connection, environment: ["KUBECONFIG": "kubeconfig"], folder: folder.path) {
                    connections, name throws(StepFailure) in
                    try await connections.kubernetesObjects(of: "shared", in: "shop", under: name)
                })
        }
    }

    private static func place(of spec: EtcdSpec) -> Place {
        Place(connection: ConnectionSpec(metadata: Metadata(name: "shared"), system: .etcd(spec))) {
            connections, name throws(StepFailure) in
            try await connections.etcdObjects(of: "shared", under: "/apps/\(name)")
        }
    }

    private static func place(ofS3 url: String) -> Place {
        var spec = AWSSpec()
        spec.endpoint = url
        let environment = [
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG",
            "AWS_REGION": "eu-west-1",
        ]
        return Place(
            connection: ConnectionSpec(metadata: Metadata(name: "shared"), system: .aws(spec)),
            environment: environment
        ) { connections, name throws(StepFailure) in
            try await connections.s3Objects(of: "shared", in: PlayedS3.bucket, under: "spillway/\(name)")
        }
    }
}

/// Closed with the process.
private let sharedTransport = HTTPTransport(settings: HTTPTransport.Settings(), logger: Logger(label: "tests"))
