import Domain
import Execution
import Transport

/// A ConfigMap for the properties and a Secret for the secrets of a binding, written by server-side apply.
///
/// Every binding is a field manager of its own, `spillway-checkout`, so that bindings in one object keep each other's
/// keys: a manager that applies again gives up what it no longer lists. The bookkeeping is an annotation per binding.
struct KubernetesBindingStore: BindingStore {
    /// The objects as they were read.
    struct Version: Sendable {
        /// In the order they are written: the Secret first, so that endpoints never change before credentials.
        var objects: [(place: KubernetesObjectPlace, object: KubernetesObject?)]
    }

    let place: String
    let configMap: KubernetesObjectPlace?
    let secret: KubernetesObjectPlace?

    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Version> {
        var values: [String: Secret] = [:]
        var objects: [(place: KubernetesObjectPlace, object: KubernetesObject?)] = []
        var books: [StoreSnapshot.Bookkeeping?] = []
        let annotation = BindingAnnotation(keys.binding)
        for place in [secret, configMap].compactMap(\.self) {
            let object = try await place.read()
            objects.append((place, object))
            let wanted = self.keys(of: place.kind, keys)
            for (key, value) in object?.data ?? [:] where wanted.contains(key) {
                values[key] = place.kind.value(value)
            }
            if let object {
                books.append(try annotation.bookkeeping(in: object, place))
            } else {
                books.append(nil)
            }
        }
        // After a run that ended between the two objects the newer one decides who may write.
        let newest = books.compactMap(\.self).max { left, right in
            (left.epoch ?? -1, left.generation) < (right.epoch ?? -1, right.generation)
        }
        return StoreReading(
            values: values, bookkeeping: newest, isExposed: newest != nil && books.contains { $0 != newest },
            version: Version(objects: objects))
    }

    func write(
        _ content: StoreContent, over reading: StoreReading<Version>
    ) async throws(StepFailure) -> Bool {
        for (place, object) in reading.version.objects {
            let values = place.kind == .secret ? content.secrets : content.properties.mapValues(Secret.init)
            let writing = KubernetesWriting(
                place: place, binding: content.binding, values: values, dropped: content.dropped,
                // A key that was a property may be somebody else's in the Secret.
                contested: place.kind == .secret && configMap != nil ? [] : content.dropped,
                bookkeeping: content.bookkeeping, mayTakeBack: reading.isAsPlanned)
            guard try await writing.perform(over: object) else { return false }
        }
        return true
    }

    private func keys(of kind: KubernetesKind, _ keys: StoreKeys) -> Set<String> {
        let plain = keys.plain.union(keys.dropped)
        return kind == .secret ? keys.secret.union(configMap == nil ? plain : []) : plain
    }
}

extension Connections {
    func store(for place: KubernetesPlace) async throws(StepFailure) -> any BindingStore {
        let server = try kubernetesServer(place.connection)
        func object(_ kind: KubernetesKind, _ name: String?) -> KubernetesObjectPlace? {
            name.map { KubernetesObjectPlace(kind: kind, namespace: place.namespace, name: $0, server: server) }
        }
        return KubernetesBindingStore(
            place: place.target.place, configMap: object(.configMap, place.configMap),
            secret: object(.secret, place.secret))
    }
}

extension Connections {
    /// A key of a Secret.
    ///
    /// - Throws: Why it cannot be read: no such Secret, no such key, or not UTF-8.
    func kubernetesSecret(
        _ connection: String, namespace: String, secret: String, key: String
    ) async throws(StepFailure) -> Secret {
        let place = KubernetesObjectPlace(
            kind: .secret, namespace: namespace, name: secret, server: try kubernetesServer(connection))
        guard let object = try await place.read() else {
            throw StepFailure(.withoutCredentials, "\(place.words) does not exist")
        }
        guard let stored = object.data?[key] else {
            throw StepFailure(.withoutCredentials, "\(place.words) has no key '\(key)'")
        }
        guard let value = KubernetesKind.text(ofSecret: stored) else {
            throw StepFailure(.withoutCredentials, "key '\(key)' of \(place.words) is not UTF-8 text")
        }
        guard !value.isEmpty else {
            throw StepFailure(.withoutCredentials, "key '\(key)' of \(place.words) is empty")
        }
        return Secret(value)
    }
}
