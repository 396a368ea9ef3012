import Crypto
import Domain
import Execution
import Transport

/// Members of a secret of AWS Secrets Manager that is a JSON object. Other members stay; bookkeeping is a tag for each
/// binding.
///
/// The service has no compare and swap: the version is looked at just before a new one is put. The tag is written
/// before the value, so that a run with an older epoch is refused from then on.
struct AWSSecretStore: BindingStore {
    /// A secret as it was read.
    struct Version: Sendable {
        /// Id of the current version; `nil` when there is no secret, or no value yet.
        var id: String?
        /// Whether the secret is there, with or without a value.
        var exists = false
        var document: Secret?
    }

    let service: AWSService
    let name: String
    let place: String

    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Version> {
        var version = Version()
        guard let description = try await described() else { return StoreReading(version: version) }
        version.exists = true
        if let value = try await value() {
            version.id = value["VersionId"].string
            version.document = value["SecretString"].string.map(Secret.init)
            guard version.document != nil else {
                throw StepFailure(.rejected, "\(place) is binary; Spillway publishes into JSON objects only")
            }
        }
        var reading = StoreReading(version: version)
        let document = try parsed(version)
        for key in keys.all { reading.values[key] = document.value(for: key).map(Secret.init) }
        let tag = description["Tags"].items.first { $0["Key"].string == Self.tag(of: keys.binding) }
        reading.bookkeeping = tag?["Value"].string.flatMap(StoreSnapshot.Bookkeeping.init(words:))
        return reading
    }

    func write(
        _ content: StoreContent, over reading: StoreReading<Version>
    ) async throws(StepFailure) -> Bool {
        let version = reading.version
        var document = try parsed(version)
        for key in content.dropped { document.remove(key) }
        for (key, secret) in content.values.sorted(by: { $0.key < $1.key }) {
            secret.reveal { document.set(key, to: $0) }
        }
        let text = Secret(document.text)
        let token = token(for: content, text, after: version.id)
        let tags = StoredJSON.list([
            .object([
                "Key": .text(Self.tag(of: content.binding)), "Value": .text(content.bookkeeping.words),
            ])
        ])
        guard version.exists else {
            return try await create(text, token, tags)
        }
        guard try await value()?["VersionId"].string == version.id else { return false }
        if reading.bookkeeping != content.bookkeeping {
            _ = try await call("TagResource", ["SecretId": .text(name), "Tags": tags])
        }
        let body: [String: StoredJSON] = [
            "SecretId": .text(name), "SecretString": .text(text.reveal { $0 }), "ClientRequestToken": .text(token),
        ]
        _ = try await call("PutSecretValue", body, hiding: [text] + Array(content.secrets.values))
        return true
    }

    // MARK: Calls

    private func create(
        _ text: Secret, _ token: String, _ tags: StoredJSON
    ) async throws(StepFailure) -> Bool {
        do throws(TransportFailure) {
            _ = try await service.call(
                "CreateSecret",
                [
                    "Name": .text(name), "SecretString": .text(text.reveal { $0 }),
                    "ClientRequestToken": .text(token), "Tags": tags,
                ], hiding: [text])
            return true
        } catch {
            if error.code == "ResourceExistsException" { return false }
            throw told(error)
        }
    }

    private func described() async throws(StepFailure) -> StoredJSON? {
        let description = try await read("DescribeSecret")
        if let deleted = description?["DeletedDate"], deleted != .null {
            throw StepFailure(.rejected, "\(place) is scheduled for deletion; restore it first")
        }
        return description
    }

    private func value() async throws(StepFailure) -> StoredJSON? {
        try await read("GetSecretValue", ["VersionStage": .text("AWSCURRENT")])
    }

    private func read(
        _ operation: String, _ more: [String: StoredJSON] = [:]
    ) async throws(StepFailure) -> StoredJSON? {
        do throws(TransportFailure) {
            return try await service.call(operation, more.merging(["SecretId": .text(name)]) { $1 })
        } catch {
            if error.code == "ResourceNotFoundException" { return nil }
            throw told(error)
        }
    }

    private func call(
        _ operation: String, _ body: [String: StoredJSON], hiding secrets: [Secret] = []
    ) async throws(StepFailure) -> StoredJSON {
        do throws(TransportFailure) {
            return try await service.call(operation, body, hiding: secrets)
        } catch {
            throw told(error)
        }
    }

    private func told(_ failure: TransportFailure) -> StepFailure {
        guard failure.code == "InvalidRequestException", failure.message.contains("deletion") else {
            return failure.awsFailure
        }
        return StepFailure(.rejected, "\(place) is scheduled for deletion; restore it first")
    }

    private func parsed(_ version: Version) throws(StepFailure) -> JSONDocument {
        let text = version.document?.reveal { $0 } ?? ""
        do throws(UneditableFile) {
            return try JSONDocument(text)
        } catch {
            throw StepFailure(.rejected, "\(place) \(error.reason); it was left as it is")
        }
    }

    private static func tag(of binding: String) -> String { "spillway/\(binding)" }

    /// An id that is equal for equal writes over the same version, in the form of a UUID: a put that is sent twice is
    /// one put.
    private func token(for content: StoreContent, _ text: Secret, after version: String?) -> String {
        var hash = SHA256()
        for part in [name, content.binding, content.bookkeeping.words, version ?? "none"] {
            hash.update(data: Array("\(part)\u{0}".utf8))
        }
        text.reveal { hash.update(data: Array($0.utf8)) }
        let digits = SignatureV4.hexadecimal(hash.finalize().prefix(16))
        var groups: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return groups.joined(separator: "-")
    }
}

/// Parameters below a path of AWS Systems Manager, one for each key: properties as `String`, secrets as `SecureString`.
/// Bookkeeping is one parameter for each binding below `PATH.spillway`, so that whoever reads the path gets data alone.
///
/// The service has no compare and swap: versions are looked at just before they are replaced.
struct AWSParameterStore: BindingStore {
    /// Parameters by name.
    typealias Version = [String: Parameter]

    struct Parameter: Sendable {
        let value: Secret
        let version: Int64
    }

    let service: AWSService
    let path: String
    let place: String

    /// Names that one call deletes at most.
    private static let largestBatch = 10

    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Version> {
        let parameters = try await parameters()
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
        try await put(beside(content.binding), Secret(content.bookkeeping.words), isSecret: false, over: now)
        for (key, secret) in content.secrets.sorted(by: { $0.key < $1.key }) {
            try await put("\(path)/\(key)", secret, isSecret: true, over: now)
        }
        for (key, value) in content.properties.sorted(by: { $0.key < $1.key }) {
            try await put("\(path)/\(key)", Secret(value), isSecret: false, over: now)
        }
        var dropped = content.dropped.map { "\(path)/\($0)" }.filter { now[$0] != nil }[...]
        while !dropped.isEmpty {
            let batch = dropped.prefix(Self.largestBatch)
            _ = try await call("DeleteParameters", ["Names": .list(batch.map(StoredJSON.text))])
            dropped = dropped.dropFirst(batch.count)
        }
        return true
    }

    // MARK: Calls

    private func parameters() async throws(StepFailure) -> Version {
        var found: Version = [:]
        for folder in [path, "\(path).spillway"] {
            var next: StoredJSON?
            repeat {
                var body: [String: StoredJSON] = [
                    "Path": .text(folder), "Recursive": .bool(false), "WithDecryption": .bool(true),
                ]
                body["NextToken"] = next
                let page = try await call("GetParametersByPath", body)
                for item in page["Parameters"].items {
                    guard let name = item["Name"].string, let value = item["Value"].string else { continue }
                    found[name] = Parameter(value: Secret(value), version: item["Version"].integer ?? 0)
                }
                next = page["NextToken"] == .null ? nil : page["NextToken"]
            } while next != nil
        }
        return found
    }

    private func put(
        _ name: String, _ value: Secret, isSecret: Bool, over held: Version
    ) async throws(StepFailure) {
        let isHeld = held[name].map { parameter in
            parameter.value.reveal { held in value.reveal { $0 == held } }
        }
        if isHeld == true { return }
        _ = try await call(
            "PutParameter",
            [
                "Name": .text(name), "Value": .text(value.reveal { $0 }),
                "Type": .text(isSecret ? "SecureString" : "String"), "Overwrite": .bool(true),
            ], hiding: isSecret ? [value] : [])
    }

    private func call(
        _ operation: String, _ body: [String: StoredJSON], hiding secrets: [Secret] = []
    ) async throws(StepFailure) -> StoredJSON {
        do throws(TransportFailure) {
            return try await service.call(operation, body, hiding: secrets)
        } catch {
            throw error.awsFailure
        }
    }

    private func beside(_ binding: String) -> String { "\(path).spillway/\(binding)" }

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

extension BindingStores {
    func awsSecretStore(_ connection: String, name: String) async throws(StepFailure) -> any BindingStore {
        AWSSecretStore(
            service: try await connections.secretsManager(connection), name: name,
            place: PublishTarget.awsSecretsManager(connection: connection, name: name, contents: .all).place)
    }

    func awsParameterStore(_ connection: String, path: String) async throws(StepFailure) -> any BindingStore {
        AWSParameterStore(
            service: try await connections.aws(connection, service: "ssm", target: "AmazonSSM"),
            path: "/" + path.split(separator: "/").joined(separator: "/"),
            place: PublishTarget.awsParameterStore(connection: connection, path: path, contents: .all).place)
    }
}

extension Connections {
    func secretsManager(_ connection: String) async throws(StepFailure) -> AWSService {
        try await aws(connection, service: "secretsmanager", target: "secretsmanager")
    }

    /// A secret of AWS Secrets Manager, whole or one field.
    ///
    /// - Throws: Why it cannot be read: `rejected` when the secret or the field is not there, or is no text.
    func awsSecret(_ connection: String, name: String, field: String?) async throws(StepFailure) -> Secret {
        let service = try await secretsManager(connection)
        let value: StoredJSON
        do throws(TransportFailure) {
            value = try await service.call("GetSecretValue", ["SecretId": .text(name)])
        } catch {
            if error.code == "ResourceNotFoundException" {
                throw StepFailure(.rejected, "there is no secret \(name) in AWS Secrets Manager, or it has no value")
            }
            throw error.awsFailure
        }
        guard let text = value["SecretString"].string else {
            throw StepFailure(.rejected, "the secret \(name) is binary")
        }
        guard let field else { return Secret(text) }
        guard let members = StoredJSON(parsing: text), case .object(let fields) = members else {
            throw StepFailure(.rejected, "the secret \(name) is no JSON object, so it has no field '\(field)'")
        }
        guard let part = fields[field] else {
            throw StepFailure(.rejected, "the secret \(name) has no field '\(field)'")
        }
        guard let scalar = part.scalar else {
            throw StepFailure(.rejected, "the field '\(field)' of the secret \(name) is no text")
        }
        return scalar
    }
}
