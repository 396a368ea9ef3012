import Crypto
import Domain
import Execution
import TextForms
import Transport

/// Members of a secret of AWS Secrets Manager that is a JSON object. Other members stay; bookkeeping is a tag for each
/// binding.
///
/// A new version is put beside the current one, and AWSCURRENT is moved to it from the version that was read: the service
/// refuses the move when AWSCURRENT is elsewhere by then (UpdateSecretVersionStage, `RemoveFromVersionId`). The tag
/// follows. A run that ends between the two leaves an older tag beside its data; the next apply writes both again.
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

    /// Reads the value before the tag: what a newer run writes in between makes the value older than the tag, and never
    /// the tag older than the value.
    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Version> {
        var version = Version()
        if let value = try await value() {
            version.id = value["VersionId"].string
            version.document = value["SecretString"].string.map(Secret.init)
            guard version.document != nil else {
                throw StepFailure(.rejected, "\(place) is binary; Spillway publishes into JSON objects only")
            }
        }
        guard let description = try await described() else { return StoreReading(version: Version()) }
        version.exists = true
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
        let new = Put(
            text: Secret(document.text), secrets: Array(content.secrets.values),
            token: token(for: content, Secret(document.text), after: version.id), label: Self.tag(of: content.binding))
        let tags = JSONTree.list([
            .object([
                "Key": .text(Self.tag(of: content.binding)), "Value": .text(content.bookkeeping.words),
            ])
        ])
        guard version.exists else { return try await create(new, tags) }
        if version.document?.isSame(as: new.text) != true {
            guard try await replace(version, by: new) else { return false }
        }
        _ = try await call("TagResource", ["SecretId": .text(name), "Tags": tags])
        return true
    }

    /// A version that is to be made.
    private struct Put {
        let text: Secret
        let secrets: [Secret]
        let token: String
        /// What the version is called as long as it is not current.
        let label: String
    }

    // MARK: Calls

    /// - Returns: Whether AWSCURRENT was still where it was read.
    private func replace(_ version: Version, by new: Put) async throws(StepFailure) -> Bool {
        var body: [String: JSONTree] = [
            "SecretId": .text(name), "SecretString": .text(new.text.reveal { $0 }),
            "ClientRequestToken": .text(new.token),
        ]
        // The first version is current whatever it is called.
        if version.id != nil { body["VersionStages"] = .list([.text(new.label)]) }
        _ = try await call("PutSecretValue", body, hiding: [new.text] + new.secrets)
        guard let old = version.id else { return true }
        do throws(TransportFailure) {
            _ = try await service.call(
                "UpdateSecretVersionStage",
                [
                    "SecretId": .text(name), "VersionStage": .text("AWSCURRENT"), "MoveToVersionId": .text(new.token),
                    "RemoveFromVersionId": .text(old),
                ])
            return true
        } catch {
            let current = try await value()?["VersionId"].string
            if error.code == "InvalidParameterException", current != old { return current == new.token }
            throw told(error)
        }
    }

    private func create(_ new: Put, _ tags: JSONTree) async throws(StepFailure) -> Bool {
        do throws(TransportFailure) {
            _ = try await service.call(
                "CreateSecret",
                [
                    "Name": .text(name), "SecretString": .text(new.text.reveal { $0 }),
                    "ClientRequestToken": .text(new.token), "Tags": tags,
                ], hiding: [new.text] + new.secrets)
            return true
        } catch {
            if error.code == "ResourceExistsException" { return false }
            throw told(error)
        }
    }

    private func described() async throws(StepFailure) -> JSONTree? {
        let description = try await read("DescribeSecret")
        if let deleted = description?["DeletedDate"], deleted != .null {
            throw StepFailure(.rejected, "\(place) is scheduled for deletion; restore it first")
        }
        return description
    }

    private func value() async throws(StepFailure) -> JSONTree? {
        try await read("GetSecretValue", ["VersionStage": .text("AWSCURRENT")])
    }

    private func read(
        _ operation: String, _ more: [String: JSONTree] = [:]
    ) async throws(StepFailure) -> JSONTree? {
        do throws(TransportFailure) {
            return try await service.call(operation, more.merging(["SecretId": .text(name)]) { $1 })
        } catch {
            if error.code == "ResourceNotFoundException" { return nil }
            throw told(error)
        }
    }

    private func call(
        _ operation: String, _ body: [String: JSONTree], hiding secrets: [Secret] = []
    ) async throws(StepFailure) -> JSONTree {
        do throws(TransportFailure) {
            return try await service.call(operation, body, hiding: secrets)
        } catch {
            throw told(error)
        }
    }

    private func told(_ failure: TransportFailure) -> StepFailure {
        guard failure.code == "InvalidRequestException", failure.message.contains("delet") else {
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
        let digits = Hexadecimal.text(hash.finalize().prefix(16))
        var groups: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return groups.joined(separator: "-")
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
        let value: JSONTree
        do throws(TransportFailure) {
            value = try await service.call(
                "GetSecretValue", ["SecretId": .text(name), "VersionStage": .text("AWSCURRENT")])
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
        guard let members = JSONTree(parsing: text), case .object(let fields) = members else {
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
