import Domain
import Execution
import TextForms
import Transport

/// Parameters below a path of AWS Systems Manager, one for each key: properties as `String`, secrets as `SecureString`.
/// Bookkeeping is one parameter for each binding below `PATH.spillway`, so that whoever reads the path gets data alone.
///
/// The service has no compare and swap: versions are looked at just before they are replaced, and the version that a put
/// brought tells whether something else wrote in between. A type never changes (PutParameter,
/// `HierarchyTypeMismatchException`).
struct AWSParameterStore: BindingStore {
    /// Parameters by name.
    typealias Version = [String: Parameter]

    struct Parameter: Sendable {
        let value: Secret
        let version: Int64
        let type: String
    }

    private enum Kind: String {
        case plain = "String"
        case secret = "SecureString"
    }

    let service: AWSService
    let path: String
    let place: String

    /// Names that one call deletes at most.
    private static let largestBatch = 10

    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Version> {
        let parameters = try await parameters()
        for key in keys.plain.sorted() { try check(.plain, key, parameters) }
        for key in keys.secret.sorted() { try check(.secret, key, parameters) }
        var reading = StoreReading(version: parameters)
        for key in keys.all { reading.values[key] = parameters["\(path)/\(key)"]?.value }
        reading.bookkeeping = parameters[beside(keys.binding)]?.value.reveal(StoreSnapshot.Bookkeeping.init(words:))
        return reading
    }

    func write(
        _ content: StoreContent, over reading: StoreReading<Version>
    ) async throws(StepFailure) -> Bool {
        try checkNames(content)
        let now = try await parameters()
        guard now.mapValues(\.version) == reading.version.mapValues(\.version) else { return false }
        // Beside the data first: a run with an older epoch is refused from here on, whatever happens next.
        var writes = [(name: beside(content.binding), value: Secret(content.bookkeeping.words), kind: Kind.plain)]
        writes += content.secrets.sorted { $0.key < $1.key }.map { ("\(path)/\($0.key)", $0.value, .secret) }
        writes += content.properties.sorted { $0.key < $1.key }.map { ("\(path)/\($0.key)", Secret($0.value), .plain) }
        for write in writes {
            guard try await put(write.name, write.value, write.kind, over: now[write.name]) else { return false }
        }
        var dropped = content.dropped.map { "\(path)/\($0)" }.filter { now[$0] != nil }[...]
        while !dropped.isEmpty {
            let batch = dropped.prefix(Self.largestBatch)
            _ = try await call("DeleteParameters", ["Names": .list(batch.map(JSONTree.text))])
            dropped = dropped.dropFirst(batch.count)
        }
        return true
    }

    // MARK: Calls

    private func parameters() async throws(StepFailure) -> Version {
        var found: Version = [:]
        for folder in [path, "\(path).spillway"] {
            var next: JSONTree?
            repeat {
                var body: [String: JSONTree] = [
                    "Path": .text(folder), "Recursive": .bool(false), "WithDecryption": .bool(true),
                ]
                body["NextToken"] = next
                let page = try await call("GetParametersByPath", body)
                guard case .list(let items) = page["Parameters"] else {
                    throw StepFailure(.broken, "AWS answered no list of parameters below \(folder)")
                }
                for item in items {
                    guard let name = item["Name"].string, let value = item["Value"].string,
                        let version = item["Version"].integer, let type = item["Type"].string
                    else { throw StepFailure(.broken, "AWS answered a parameter below \(folder) that cannot be read") }
                    found[name] = Parameter(value: Secret(value), version: version, type: type)
                }
                next = page["NextToken"] == .null ? nil : page["NextToken"]
            } while next != nil
        }
        return found
    }

    /// - Returns: Whether it was written; `false` when somebody made the parameter first.
    /// - Throws: `conflict` when the put went over something that was not there a moment before.
    private func put(
        _ name: String, _ value: Secret, _ kind: Kind, over held: Parameter?
    ) async throws(StepFailure) -> Bool {
        if let held, held.value.isSame(as: value) { return true }
        let body: [String: JSONTree] = [
            "Name": .text(name), "Value": .text(value.reveal { $0 }), "Type": .text(kind.rawValue),
            "Overwrite": .bool(held != nil),
        ]
        do throws(TransportFailure) {
            let answer = try await service.call("PutParameter", body, hiding: kind == .secret ? [value] : [])
            guard let held, answer["Version"].integer != held.version.plus(1) else { return true }
            if try await wasPut(name, value, asVersion: held.version.plus(1)) { return true }
        } catch {
            if error.code == "ParameterAlreadyExists" { return false }
            throw error.awsFailure
        }
        throw StepFailure(
            .conflict,
            "\(place) was written by something else at the same moment, at \(name); plan again to see what it holds"
        )
    }

    /// Whether a version that came between is our own put, whose answer was lost before it was sent again.
    private func wasPut(
        _ name: String, _ value: Secret, asVersion version: Int64
    ) async throws(TransportFailure) -> Bool {
        let between = try await service.call(
            "GetParameter", ["Name": .text("\(name):\(version)"), "WithDecryption": .bool(true)])
        return between["Parameter"]["Value"].string.map { Secret($0).isSame(as: value) } ?? false
    }

    private func call(
        _ operation: String, _ body: [String: JSONTree], hiding secrets: [Secret] = []
    ) async throws(StepFailure) -> JSONTree {
        do throws(TransportFailure) {
            return try await service.call(operation, body, hiding: secrets)
        } catch {
            throw error.awsFailure
        }
    }

    private func beside(_ binding: String) -> String { "\(path).spillway/\(binding)" }

    /// A value of the wrong type would be readable by those who may not, or unreadable for those who must, and no put
    /// changes it.
    private func check(_ kind: Kind, _ key: String, _ parameters: Version) throws(StepFailure) {
        guard let held = parameters["\(path)/\(key)"], held.type != kind.rawValue else { return }
        throw StepFailure(
            .rejected,
            "\(place): \(key) is a \(held.type) and has to be a \(kind.rawValue); no parameter changes its type: delete "
                + "\(path)/\(key), and it is made anew")
    }

    /// Names hold letters, digits, `.`, `-` and `_`; no value is empty.
    private func checkNames(_ content: StoreContent) throws(StepFailure) {
        for (key, value) in content.values.sorted(by: { $0.key < $1.key }) {
            let isName = key.utf8.allSatisfy { byte in
                byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
                    || [0x2D, 0x2E, 0x5F].contains(byte)
            }
            guard isName else {
                throw StepFailure(
                    .rejected,
                    "the key '\(key)' cannot be a parameter of \(place): names hold letters, digits, `.`, `-` and `_`")
            }
            guard value.reveal({ !$0.isEmpty }) else {
                throw StepFailure(.rejected, "the key '\(key)' has no value, and no parameter of \(place) can be empty")
            }
        }
    }
}

extension Connections {
    func store(for place: AWSSecretPlace) async throws(StepFailure) -> any BindingStore {
        AWSSecretStore(
            service: try await secretsManager(place.connection), name: place.name, place: place.target.place)
    }

    func store(for place: AWSParameterPlace) async throws(StepFailure) -> any BindingStore {
        AWSParameterStore(
            service: try await aws(place.connection, service: "ssm", target: "AmazonSSM"),
            path: "/" + place.path.split(separator: "/").joined(separator: "/"), place: place.target.place)
    }
}
