import Domain
package import Execution
import Foundation
import Transport

/// Shared objects in a namespace of Kubernetes: a Secret each, and a Lease for the lock.
///
/// Objects are written whole: POST makes what was not there, PUT replaces the version that was read. A version is the
/// object's `resourceVersion` and its `uid`: a PUT of a Lease that was removed would make it again without the latter.
struct KubernetesObjects: SharedObjects {
    let server: KubernetesServer
    let namespace: String
    let prefix: String

    var location: String { "kubernetes:\(namespace)/\(prefix)" }
    /// Kubernetes refuses a Secret of more than 1 MiB (*Secrets: Restrictions*).
    let largestObject = 900_000

    func read(_ name: SharedObjectName) async throws(StepFailure) -> SharedObject? {
        let place = try place(of: name)
        switch place.form {
        case .secret: return try await read(StateSecret.self, at: place)
        case .lease: return try await read(StateLease.self, at: place)
        }
    }

    func write(
        _ bytes: [UInt8], to name: SharedObjectName, over seen: SharedObject.Seen
    ) async throws(StepFailure) -> SharedObject.Version? {
        let place = try place(of: name)
        let version: KubernetesVersion?
        switch seen {
        case .absent: version = nil
        case .version(let text): version = try KubernetesVersion(text)
        }
        let metadata = StateMetadata(place, version)
        switch place.form {
        case .secret:
            return try await send(
                StateSecret(metadata: metadata, bytes: bytes), holding: bytes, to: place, over: version)
        case .lease:
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw StepFailure(.rejected, "\(place.words): what is to be written is no text")
            }
            return try await send(StateLease(metadata: metadata, text: text), holding: bytes, to: place, over: version)
        }
    }

    func remove(_ name: SharedObjectName) async throws(StepFailure) {
        let place = try place(of: name)
        try await Deeds.recorded { () async throws(StepFailure) in
            let endpoint = try await server.endpoint()
            do throws(TransportFailure) {
                var call = HTTPCall(.delete, place.path)
                call.holdsSecrets = true
                _ = try await endpoint.send(call)
            } catch {
                if !place.saysAbsent(error) { throw place.failure(error, "delete") }
            }
        }
    }

    private func place(of name: SharedObjectName) throws(StepFailure) -> StatePlace {
        let place = StatePlace(
            form: name == .lock ? .lease : .secret, namespace: namespace, prefix: prefix,
            name: "\(prefix)-\(StatePlace.escaped(name))")
        guard place.name.utf8.count <= StatePlace.longestName else {
            throw StepFailure(
                .rejected,
                "\(place.words): a name of Kubernetes has at most \(StatePlace.longestName) characters, and this one "
                    + "has \(place.name.utf8.count)")
        }
        return place
    }

    private func read<Object: StateObject>(
        _ type: Object.Type, at place: StatePlace
    ) async throws(StepFailure) -> SharedObject? {
        let endpoint = try await server.endpoint()
        let object: Object
        do throws(TransportFailure) {
            var call = HTTPCall(.get, place.path)
            call.holdsSecrets = true
            object = try await endpoint.send(call, as: type)
        } catch {
            if place.saysAbsent(error) { return nil }
            throw place.failure(error, "get")
        }
        guard object.metadata.labels?[StateMetadata.label] == prefix, let bytes = object.bytes else {
            throw StepFailure(
                .rejected,
                "\(place.words) is not an object of the state \(prefix); remove it, or choose another prefix",
                endpoint: endpoint.base)
        }
        return SharedObject(bytes: bytes, version: try object.metadata.version(place))
    }

    /// A call that is sent again after a lost answer would be told that somebody else was faster, so that it is not.
    private func send<Object: StateObject>(
        _ object: Object, holding bytes: [UInt8], to place: StatePlace, over version: KubernetesVersion?
    ) async throws(StepFailure) -> SharedObject.Version? {
        try await Deeds.recorded { () async throws(StepFailure) in
            let endpoint = try await server.endpoint()
            let path = (version == nil ? place.collection : place.path).querying("fieldManager", server.fieldManager)
            do {
                var call = try HTTPCall(version == nil ? .post : .put, path).json(object)
                call.isRepeatable = false
                call.holdsSecrets = true
                return try await endpoint.send(call, as: Object.self).metadata.version(place)
            } catch let error as TransportFailure {
                if place.says(error, isNotAsSeen: version) { return nil }
                throw place.failure(error.withoutEcho(of: bytes), version == nil ? "create" : "update")
            } catch let error as StepFailure {
                throw error
            } catch {
                throw StepFailure(.rejected, "\(place.words): its content has no JSON form")
            }
        }
    }
}

extension Connections {
    /// Shared objects in Kubernetes.
    ///
    /// - Parameters:
    ///   - connection: Connection of type kubernetes.
    ///   - namespace: Namespace of all of them.
    ///   - prefix: What their names begin with, before a `-`; a DNS label.
    package func kubernetesObjects(
        of connection: String, in namespace: String, under prefix: String
    ) throws(StepFailure) -> any SharedObjects {
        KubernetesObjects(server: try kubernetesServer(connection), namespace: namespace, prefix: prefix)
            .bounded(by: connection, of: self)
    }
}

extension TransportFailure {
    /// Bytes in a row that are not there by chance.
    private static let telling = 16

    /// The failure without the service's words, when these repeat some of what was sent. Only failures are looked
    /// through: a whole ledger among the secrets that are removed from all text would make that slow.
    fileprivate func withoutEcho(of bytes: [UInt8]) -> TransportFailure {
        let words = Array(message.utf8)
        guard words.count >= Self.telling else { return self }
        let rows = Set((0...(words.count - Self.telling)).map { words[$0..<($0 + Self.telling)] })
        let echoes = [bytes, Array(Data(bytes).base64EncodedData())].contains { sent in
            sent.count >= Self.telling
                && (0...(sent.count - Self.telling)).contains { rows.contains(sent[$0..<($0 + Self.telling)]) }
        }
        guard echoes else { return self }
        let bare: Cause =
            switch cause {
            case .denied(let status, let code, _): .denied(status: status, code: code, message: "")
            case .status(let status, let code, _): .status(status, code: code, message: "")
            default: cause
            }
        return TransportFailure(bare, endpoint: endpoint, call: call)
    }
}
