/// A place in a store of one kind, where a binding is published.
///
/// A kind of store is a type of its own: its fields, how it is told from other places, and what goes in by default. The
/// fields are the same in manifests, in rows of the ledger and in plan documents.
package protocol StorePlace: Hashable, Sendable, Codable {
    /// What the store is called in manifests, in rows of the ledger and in plan documents, for ever.
    static var word: String { get }
    /// How a place of it begins in words: `aws secret`.
    static var label: String { get }
    /// The system, in a sentence; `nil` for files, which stand in none.
    static var system: String? { get }

    /// Reads the fields that a manifest, a row or a document has; those that are absent have their defaults.
    ///
    /// - Returns: `nil` when a field is missing that has no default, or has a word that is not known.
    init?(fields: [String: String])

    /// The fields by their names in manifests.
    var fields: [String: String] { get }
    /// Where in the store, in words: `secret/apps/checkout`.
    var location: String { get }
    /// What tells a single place from others of its system: ways to write the same place have the same identity.
    var identity: String { get }
    /// What of the binding goes in.
    var contents: PublishedContents { get }
    /// How its content is written there, where that can be chosen.
    var format: String? { get }
    /// The single places it writes to.
    var parts: [PublishTarget] { get }
    /// The place as one of any kind.
    var target: PublishTarget { get }
}

extension StorePlace {
    /// Nothing to choose.
    package var format: String? { nil }
    package var parts: [PublishTarget] { [target] }
    /// As it is written.
    package var identity: String { location }

    /// Reads what ``encode(to:)`` wrote.
    ///
    /// - Throws: `DecodingError` when the fields are none of such a place.
    package init(from decoder: any Decoder) throws {
        let fields = try [String: String](from: decoder)
        guard let place = Self(fields: fields) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no place of \(Self.word)"))
        }
        self = place
    }

    /// Writes the fields, each under its name.
    package func encode(to encoder: any Encoder) throws { try fields.encode(to: encoder) }
}

/// One store a binding is published to. Only the named keys are touched.
package enum PublishTarget: Hashable, Sendable {
    case file(FilePlace)
    case consul(ConsulPlace)
    case vault(VaultPlace)
    case kubernetes(KubernetesPlace)
    case awsSecretsManager(AWSSecretPlace)
    case awsParameterStore(AWSParameterPlace)
    case etcd(EtcdPlace)

    package static let kinds: [any StorePlace.Type] = [
        FilePlace.self, ConsulPlace.self, VaultPlace.self, KubernetesPlace.self, AWSSecretPlace.self,
        AWSParameterPlace.self, EtcdPlace.self,
    ]

    /// The place, of whatever kind.
    package var store: any StorePlace {
        switch self {
        case .file(let place): place
        case .consul(let place): place
        case .vault(let place): place
        case .kubernetes(let place): place
        case .awsSecretsManager(let place): place
        case .awsParameterStore(let place): place
        case .etcd(let place): place
        }
    }
}

extension PublishTarget {
    /// Reads the fields of a place.
    ///
    /// - Parameter word: What its store is called.
    /// - Returns: `nil` for a store that is not known, and for fields that are none of such a place.
    package init?(_ word: String, fields: [String: String]) {
        guard let target = Self.kinds.first(where: { $0.word == word })?.init(fields: fields)?.target else {
            return nil
        }
        self = target
    }

    /// What identifies the place written to, in words: `file out/checkout.properties`.
    package var place: String { words(through: connection) }

    /// The place with another name for the system that it is in.
    package func words(through system: String?, at location: String? = nil) -> String {
        "\(type(of: store).label) \(system.map { "\($0): " } ?? "")\(location ?? store.location)"
    }

    /// The connection it needs; `nil` for files.
    package var connection: String? { store.fields["connection"] }

    /// What of the binding goes in.
    package var contents: PublishedContents { store.contents }

    /// How its content is written there, where that can be chosen.
    package var format: String? { store.format }

    /// The single places it writes to: a ConfigMap and the Secret beside it are two.
    package var parts: [PublishTarget] { store.parts }

    /// What tells a single place from others, by whatever name its connection goes. Where a connection does not say
    /// where it leads, every one leads to the same place: what may be in use is never taken for left.
    package func identity(in workspace: Workspace) -> [String] {
        [type(of: store).word, connection.flatMap { workspace.connections[$0]?.destination } ?? "", store.identity]
    }
}

extension PublishTarget: Codable {
    private struct Word: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads what ``encode(to:)`` wrote.
    ///
    /// - Throws: `DecodingError` for stores that are not known.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Word.self)
        guard let key = container.allKeys.first,
            let target = Self(key.stringValue, fields: try container.decode([String: String].self, forKey: key))
        else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no place of a known store"))
        }
        self = target
    }

    /// Writes the fields below the store's word.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Word.self)
        try container.encode(store.fields, forKey: Word(stringValue: type(of: store).word))
    }
}

/// What of a binding goes into a store.
package enum PublishedContents: String, Hashable, Sendable, Codable, CaseIterable {
    case properties = "Properties"
    case secrets = "Secrets"
    case all = "All"

    /// Whether plain properties are written.
    package var includesProperties: Bool { self != .secrets }
    /// Whether secrets are written.
    package var includesSecrets: Bool { self != .properties }
}

extension [String: String] {
    /// A word among those of a field; the default where the field is absent, `nil` where its word is not known.
    func word<Word: RawRepresentable<String>>(_ field: String, or absent: Word) -> Word? {
        guard let text = self[field] else { return absent }
        return Word(rawValue: text)
    }
}

extension String {
    /// A path whose parts are the same however it is written.
    var normalizedPath: String {
        var parts: [Substring] = []
        for part in split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
