package import Domain
import Execution

/// Reads what the stores of bindings hold.
package struct BindingStoreObserver: StoreObserver {
    private let stores: BindingStores
    private let publications: [ResourceAddress: LastPublication]
    private let connections: Connections
    private let fingerprinter: Fingerprinter

    /// An observer of one workspace's bindings.
    ///
    /// - Parameters:
    ///   - folder: Folder of the workspace file.
    ///   - connections: The way to stores that are not files.
    ///   - publications: What was last published to each target.
    ///   - fingerprinter: Makes fingerprints of the secrets that are read; they are forgotten at once.
    package init(
        folder: String, connections: Connections, publications: [ResourceAddress: LastPublication] = [:],
        fingerprinter: Fingerprinter
    ) {
        self.publications = publications
        stores = BindingStores(folder: folder, connections: connections)
        self.connections = connections
        self.fingerprinter = fingerprinter
    }

    /// Reads the keys a target names and the bookkeeping beside them; a place that is not there holds nothing.
    package func observe(_ binding: ClientBindingSpec, targetIndex: Int) async -> Reach<StoreSnapshot> {
        guard binding.publish.indices.contains(targetIndex) else { return .absent }
        let target = binding.publish[targetIndex]
        let former = publications[ResourceAddress(.binding, "\(binding.name)/\(targetIndex)")]
        return await observe(target, target.keys(of: binding), publishedBefore: former)
    }

    /// Reads the keys that were published there; a place that is not there holds nothing.
    package func observe(_ place: PlaceLeft) async -> Reach<StoreSnapshot> {
        let (plain, secret) = place.keys
        return await observe(
            place.target, StoreKeys(binding: place.binding, plain: plain, secret: secret), publishedBefore: nil)
    }

    private func observe(
        _ target: PublishTarget, _ keys: StoreKeys, publishedBefore former: LastPublication?
    ) async -> Reach<StoreSnapshot> {
        do throws(StepFailure) {
            let read: @Sendable () async throws(StepFailure) -> StoreSnapshot = { () async throws(StepFailure) in
                try await snapshot(of: try await stores.store(for: target, publishedBefore: former), keys)
            }
            guard let connection = target.connection else { return .reachable(try await read()) }
            return .reachable(try await connections.bounded(connection, read))
        } catch {
            return Reach(error)
        }
    }

    private func snapshot(
        of store: some BindingStore, _ keys: StoreKeys
    ) async throws(StepFailure) -> StoreSnapshot {
        let reading = try await store.read(keys)
        return StoreSnapshot(
            properties: reading.values.filter { keys.plain.contains($0.key) }.mapValues { $0.reveal { $0 } },
            secrets: reading.values.filter { keys.secret.contains($0.key) }.mapValues(fingerprinter.fingerprint),
            bookkeeping: reading.bookkeeping, formerFormat: reading.formerFormat)
    }
}

extension PublishTarget {
    /// The keys of a binding that go into this store. What is a secret under any of its names is never read as a plain
    /// value.
    func keys(of binding: ClientBindingSpec) -> StoreKeys {
        let secretNames = Set(binding.secrets.keys.map(name))
        let plain = Set(binding.properties.keys.filter { !secretNames.contains(name($0)) })
        return StoreKeys(
            binding: binding.name, plain: contents.includesProperties ? plain : [],
            secret: contents.includesSecrets ? Set(binding.secrets.keys) : [])
    }

    /// The name a key has in this store.
    private func name(_ key: String) -> String {
        if case .file(let file) = self { file.fileFormat.name(of: key) } else { key }
    }
}

extension Reach {
    /// What a store's failure says about it.
    fileprivate init(_ failure: StepFailure) {
        switch failure.kind {
        case .unreachable, .timeout, .interrupted: self = .unreachable(reason: failure.message)
        case .denied: self = .denied(reason: failure.message)
        case .throttled: self = .throttled(reason: failure.message)
        case .withoutCredentials, .untrusted: self = .wrong(reason: failure.message)
        case .rejected, .conflict, .broken: self = .broken(reason: failure.message)
        }
    }
}
