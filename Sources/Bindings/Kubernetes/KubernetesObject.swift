import Domain
import Execution
import FoundationEssentials
import Transport

/// A ConfigMap or a Secret, as far as bindings are concerned with it (API `v1`).
struct KubernetesObject: Sendable, Decodable {
    struct Metadata: Sendable, Decodable {
        var resourceVersion: String
        var annotations: [String: String]?
        var managedFields: [ManagedFields]?
    }

    var metadata: Metadata
    var data: [String: String]?

    /// What managers own of it.
    var owners: [ManagedFields] { metadata.managedFields ?? [] }
}

/// What one field manager owns of an object (server-side apply).
struct ManagedFields: Sendable, Decodable {
    /// A node of FieldsV1: `f:NAME` is a member, what has no members below is owned itself.
    struct Node: Sendable, Decodable {
        let members: [String: Node]

        init(from decoder: any Decoder) throws {
            members = try decoder.singleValueContainer().decode([String: Node].self)
        }
    }

    var manager: String?
    /// `Apply` or `Update`.
    var operation: String?
    var fieldsV1: Node?

    /// Whether a field is among them.
    func owns(_ path: String...) -> Bool {
        var node = fieldsV1
        for name in path { node = node?.members["f:\(name)"] }
        return node != nil
    }

    /// The keys of `data` among them.
    var dataKeys: [String] {
        (fieldsV1?.members["f:data"]?.members.keys.sorted() ?? [])
            .filter { $0.hasPrefix("f:") }.map { String($0.dropFirst(2)) }
    }
}

/// The two kinds that hold keys and values.
enum KubernetesKind: String, Sendable {
    case configMap = "ConfigMap"
    case secret = "Secret"

    /// How values stand in `data`.
    func stored(_ value: Secret) -> String {
        switch self {
        case .configMap: value.reveal { $0 }
        case .secret: value.reveal { Data($0.utf8).base64EncodedString() }
        }
    }

    /// What a value of `data` says; bytes that are no UTF-8 are replaced, so that they equal nothing.
    func value(_ stored: String) -> Secret {
        switch self {
        case .configMap: Secret(stored)
        case .secret: Secret(String(decoding: Data(base64Encoded: stored) ?? Data(), as: UTF8.self))
        }
    }

    /// The text of a value of a Secret's `data`; `nil` when it is no text.
    static func text(ofSecret stored: String) -> String? {
        Data(base64Encoded: stored).flatMap { String(validating: $0, as: UTF8.self) }
    }

    func path(_ namespace: String) -> RequestPath {
        let path = RequestPath("/api/v1/namespaces").appending(namespace)
        return switch self {
        case .configMap: path.with("/configmaps")
        case .secret: path.with("/secrets")
        }
    }
}

/// One ConfigMap or Secret by name.
struct KubernetesObjectPlace: Sendable {
    let kind: KubernetesKind
    let namespace: String
    let name: String
    let server: KubernetesServer

    /// What is there; `nil` when it is not.
    func read() async throws(StepFailure) -> KubernetesObject? {
        let endpoint = try await server.endpoint()
        do throws(TransportFailure) {
            return try await endpoint.get(kind.path(namespace).appending(name), as: KubernetesObject.self)
        } catch {
            if error.status == 404 { return nil }
            throw failure(error)
        }
    }

    /// Sends a change of the object.
    ///
    /// - Parameter secrets: What the body holds that no message may.
    /// - Returns: The object afterwards; `nil` when something else wrote since.
    func send(
        _ call: HTTPCall, _ body: some Encodable, mediaType: String = "application/json", secrets: [Secret]
    ) async throws(StepFailure) -> KubernetesObject? {
        let endpoint = try await server.endpoint()
        do {
            var call = try call.json(body, mediaType: mediaType).repeatable()
            call.secrets = secrets
            return try await endpoint.send(call, as: KubernetesObject.self)
        } catch let error as TransportFailure {
            if error.status == 404, call.method == .patch { return nil }
            guard error.status == 409 else { throw failure(error) }
            // Two conflicts share the status: an older resourceVersion, and a field that another manager owns.
            guard error.code == "FieldManagerConflict" else { return nil }
            throw StepFailure(.conflict, "\(words): \(error.message)", endpoint: error.endpoint)
        } catch let error as StepFailure {
            throw error
        } catch {
            throw StepFailure(.rejected, "\(words): its content has no JSON form")
        }
    }

    /// `ConfigMap shop/checkout`.
    var words: String { "\(kind.rawValue) \(namespace)/\(name)" }

    func failure(_ error: TransportFailure) -> StepFailure {
        let failure = StepFailure(error)
        return failure.saying("\(words): \(failure.message)")
    }
}
