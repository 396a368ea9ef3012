import Execution
import Foundation
import TextForms
import Transport

/// Where one shared object is kept.
struct StatePlace: Sendable {
    enum Form: String, Sendable {
        case secret = "Secret"
        case lease = "Lease"

        /// As rights name it.
        var resource: String { self == .secret ? "secrets" : "leases.coordination.k8s.io" }
    }

    let form: Form
    let namespace: String
    let prefix: String
    let name: String

    /// Kubernetes, *Names: DNS subdomain names*.
    static let longestName = 253

    /// The name with `--` for `/`, and `-` and two digits for every other byte that is no small letter and no digit:
    /// different names stay different, and a name of parts that are not empty ends in a letter or a digit.
    static func escaped(_ name: SharedObjectName) -> String {
        name.description.utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/"): text += "--"
            default: text += "-\(Hexadecimal.text([byte]))"
            }
        }
    }

    var collection: RequestPath {
        switch form {
        case .secret: KubernetesKind.secret.path(namespace)
        case .lease: RequestPath("/apis/coordination.k8s.io/v1/namespaces").appending(namespace).with("/leases")
        }
    }

    var path: RequestPath { collection.appending(name) }

    /// `Secret shop/spillway-shop-ledger`.
    var words: String { "\(form.rawValue) \(namespace)/\(name)" }

    /// Whether a write was refused because the object is not what the writer saw. A refusal with the same status that
    /// speaks of something else, of a quota that others use up, is none.
    func says(_ failure: TransportFailure, isNotAsSeen version: KubernetesVersion?) -> Bool {
        guard version != nil else { return failure.status == 409 && failure.code == "AlreadyExists" }
        return failure.status == 409 && failure.code == "Conflict" || saysAbsent(failure)
    }

    /// Whether the API server says that it has no such object: `secrets "spillway-shop-ledger" not found`. Another 404 is
    /// about the path or the namespace, or comes from something in between. The name may be one of the known secrets,
    /// and is not compared.
    func saysAbsent(_ failure: TransportFailure) -> Bool {
        failure.status == 404 && failure.code == "NotFound" && failure.message.hasPrefix("\(form.resource) ")
    }

    /// A failure of a call, in words that say what would have to be allowed or made.
    func failure(_ error: TransportFailure, _ verb: String) -> StepFailure {
        let failure = StepFailure(error)
        switch error.status {
        case 403:
            return failure.saying(
                "\(words): the verb \(verb) of \(form.resource) in namespace \(namespace) is not allowed: "
                    + failure.message)
        case 404 where error.message.contains("namespaces \""):
            return failure.saying("\(words): there is no namespace \(namespace): \(failure.message)")
        default: return failure.saying("\(words): \(failure.message)")
        }
    }
}

/// What tells one content of an object from another one.
struct KubernetesVersion: Sendable {
    let resourceVersion: String
    let uid: String

    init(resourceVersion: String, uid: String) {
        self.resourceVersion = resourceVersion
        self.uid = uid
    }

    /// - Throws: `rejected` when it is no version of an object of Kubernetes.
    init(_ version: SharedObject.Version) throws(StepFailure) {
        let parts = version.text.split(separator: " ").map(String.init)
        guard parts.count == 2 else {
            throw StepFailure(.rejected, "'\(version.text)' is no version of an object of Kubernetes")
        }
        self.init(resourceVersion: parts[0], uid: parts[1])
    }

    var version: SharedObject.Version { .init("\(resourceVersion) \(uid)") }
}

/// An object that holds bytes of the state.
protocol StateObject: Codable, Sendable {
    var metadata: StateMetadata { get }
    /// `nil` when it holds none.
    var bytes: [UInt8]? { get }
}

struct StateMetadata: Codable, Sendable {
    let name: String?
    let namespace: String?
    let labels: [String: String]?
    var annotations: [String: String]?
    let resourceVersion: String?
    let uid: String?

    /// Tells whose state an object is of.
    static let label = "spillway.dev/state"

    init(_ place: StatePlace, _ version: KubernetesVersion?) {
        name = place.name
        namespace = place.namespace
        labels = ["app.kubernetes.io/managed-by": "spillway", Self.label: place.prefix]
        resourceVersion = version?.resourceVersion
        uid = version?.uid
    }

    /// - Throws: `broken` when the service told none.
    func version(_ place: StatePlace) throws(StepFailure) -> SharedObject.Version {
        guard let resourceVersion, let uid else {
            throw StepFailure(.broken, "\(place.words) was answered without its resourceVersion and uid")
        }
        return KubernetesVersion(resourceVersion: resourceVersion, uid: uid).version
    }
}

/// A Secret with the bytes under one key.
struct StateSecret: StateObject {
    var apiVersion: String? = "v1"
    var kind: String? = "Secret"
    let metadata: StateMetadata
    var type: String? = "spillway.dev/state"
    let data: [String: Data]?

    private static let key = "content"

    init(metadata: StateMetadata, bytes: [UInt8]) {
        self.metadata = metadata
        data = [Self.key: Data(bytes)]
    }

    var bytes: [UInt8]? { data?[Self.key].map(Array.init) }
}

/// A Lease with the bytes in an annotation, and with what they say of the holder where `kubectl` shows it.
struct StateLease: StateObject {
    struct Spec: Codable, Sendable {
        var holderIdentity: String? = ""
        var leaseDurationSeconds: Int32?
        var acquireTime: String?
        var renewTime: String?
    }

    var apiVersion: String? = "coordination.k8s.io/v1"
    var kind: String? = "Lease"
    private(set) var metadata: StateMetadata
    let spec: Spec?

    private static let annotation = "spillway.dev/lock"

    init(metadata: StateMetadata, text: String) {
        self.metadata = metadata
        self.metadata.annotations = [Self.annotation: text]
        var spec = Spec()
        if case .object(let lock)? = JSONTree(parsing: text) {
            if case .text(let run)? = lock["run"] { spec.holderIdentity = run }
            if case .int(let seconds)? = lock["leaseSeconds"], seconds > 0 {
                spec.leaseDurationSeconds = Int32(exactly: seconds)
            }
            spec.acquireTime = Self.time(lock["since"])
            spec.renewTime = Self.time(lock["renewedAt"])
        }
        self.spec = spec
    }

    var bytes: [UInt8]? { metadata.annotations?[Self.annotation].map { Array($0.utf8) } }

    /// A `MicroTime`: exactly six digits of a second, and a year of four.
    private static func time(_ value: JSONTree?) -> String? {
        guard case .int(let milliseconds)? = value, (0..<253_402_300_800_000).contains(milliseconds) else { return nil }
        return "\(UTCMoment(milliseconds: milliseconds).text.dropLast())000Z"
    }
}
