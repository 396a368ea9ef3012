import Domain
import Execution
import Testing

@testable import Bindings

/// A store under test: how Spillway is told of it, and how somebody else reads and writes it with plain calls.
protocol StoreRig: Sendable {
    /// Where the binding `checkout` is published, under ``contents``.
    var target: PublishTarget { get }
    /// Connections the target needs.
    var connections: [ConnectionSpec] { get }
    /// Environment variables that the connections' secrets are read from.
    var environment: [String: String] { get }
    /// The same connections with credentials that the store refuses; `nil` when it has none.
    var deniedEnvironment: [String: String]? { get }

    /// Whether a write over something newer is refused by the store itself.
    var comparesAndSwaps: Bool { get }
    /// Whether it can be cut off.
    var canBeCutOff: Bool { get }

    /// What an application finds, by key.
    func values() async throws -> [String: String]
    /// Somebody else sets a key, of ours or not.
    func set(_ key: String, to value: String) async throws
    /// Somebody else deletes the whole place.
    func wipe() async throws
    /// The store's own version of the place, to see whether something was written.
    func version() async throws -> String
    /// Cuts the store off, or brings it back.
    func setReachable(_ isReachable: Bool) async throws
}

extension StoreRig {
    var connections: [ConnectionSpec] { [] }
    var environment: [String: String] { [:] }
    var deniedEnvironment: [String: String]? { nil }
    var comparesAndSwaps: Bool { true }
    var canBeCutOff: Bool { true }

    /// A workspace whose binding is published here.
    func workspace() -> Workspace {
        var workspace = checkoutWorkspace(publish: [target], secrets: target.contents.includesSecrets ? signIn : [:])
        if !target.contents.includesProperties { workspace.clientBindings["checkout"]?.properties = [:] }
        for connection in connections { workspace.connections[connection.metadata.name] = connection }
        workspace.spec.timeouts.unreachableAfter = .seconds(30)
        return workspace
    }

    /// What the binding's place looks like now.
    func observation() async throws -> Reach<StoreSnapshot> {
        let workspace = workspace()
        let folder = try ScratchFolder()
        let connections = connected(
            workspace, in: folder, environment: applicationSecrets.merging(environment) { $1 })
        let binding = try #require(workspace.clientBindings["checkout"])
        return await BindingStoreObserver(folder: folder.path, connections: connections, fingerprinter: fingerprinter)
            .observe(binding, targetIndex: 0)
    }

    /// A plain or secret key of the binding, and its values at the two sites.
    var sample: (key: String, west: String, east: String) {
        target.contents.includesProperties
            ? ("bootstrap.servers", "west:9092,west:9093", "east:9092") : ("sasl.username", "WKEY", "EKEY")
    }
}

/// A store with something that happens right before it is written.
struct Interposed<Base: BindingStore>: BindingStore {
    let base: Base
    let beforeWriting: @Sendable () async throws(StepFailure) -> Void

    var place: String { base.place }

    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Base.Version> {
        try await base.read(keys)
    }

    func write(
        _ content: StoreContent, over reading: StoreReading<Base.Version>
    ) async throws(StepFailure) -> Bool {
        try await beforeWriting()
        return try await base.write(content, over: reading)
    }
}
