/// What kind of live object an address names.
package enum ResourceKind: String, Codable, Sendable, CaseIterable, Comparable {
    case environment
    case cluster
    /// The Schema Registry of an environment; it comes with the environment's first cluster.
    case registry
    case topic
    case link
    case mirror
    case compatibility
    case mode
    case exporter
    /// The entries that keep writers of a failover group from a cluster: `fence/<cluster>/<group>`.
    case fence
    /// A failover group, for the steps of its moves.
    case group
    case binding
    /// A restart hook: `<binding>/<number>`.
    case hook

    /// Whether an environment's registry holds it, and not a cluster.
    package var isInRegistry: Bool {
        switch self {
        case .compatibility, .mode, .exporter: true
        case .environment, .cluster, .registry, .topic, .link, .mirror, .fence, .group, .binding, .hook: false
        }
    }

    /// The order in which kinds are shown: where things live first, clients last.
    package static func < (left: ResourceKind, right: ResourceKind) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// The name of one live object, in the words of the manifests: `topic/west/orders`, `link/east/payments-west-east`.
///
/// `place` is the manifest name of the cluster or environment that holds the object, absent for environments, clusters
/// and bindings. Addresses are what `--target` and `state forget` take, and the key of the ledger's `owned` rows.
package struct ResourceAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The kind of object.
    package let kind: ResourceKind
    /// Manifest name of the cluster or environment that holds it.
    package let place: String?
    /// Its name there; for a binding `<binding>/<target>`.
    package let name: String

    /// An address of an object that lives in a place.
    package init(_ kind: ResourceKind, in place: String, _ name: String) {
        self.kind = kind
        self.place = place
        self.name = name
    }

    /// An address of an object that has no place: an environment, a cluster, a binding.
    package init(_ kind: ResourceKind, _ name: String) {
        self.kind = kind
        self.place = nil
        self.name = name
    }

    /// Reads the textual form; `nil` when the kind is unknown or a part is missing.
    package init?(_ text: some StringProtocol) {
        guard let slash = text.firstIndex(of: "/"), let kind = ResourceKind(rawValue: String(text[..<slash])) else {
            return nil
        }
        let rest = text[text.index(after: slash)...]
        guard !rest.isEmpty else { return nil }
        switch kind {
        case .environment, .cluster, .registry, .group, .binding, .hook:
            self.init(kind, String(rest))
        case .topic, .link, .mirror, .compatibility, .mode, .exporter, .fence:
            guard let second = rest.firstIndex(of: "/") else { return nil }
            let name = rest[rest.index(after: second)...]
            guard second != rest.startIndex, !name.isEmpty else { return nil }
            self.init(kind, in: String(rest[..<second]), String(name))
        }
    }

    /// The textual form.
    package var description: String {
        place.map { "\(kind.rawValue)/\($0)/\(name)" } ?? "\(kind.rawValue)/\(name)"
    }

    /// By kind, then place, then name, so that lists of addresses read from infrastructure to clients.
    package static func < (left: ResourceAddress, right: ResourceAddress) -> Bool {
        if left.kind != right.kind { return left.kind < right.kind }
        if left.place != right.place { return (left.place ?? "") < (right.place ?? "") }
        return left.name < right.name
    }
}

extension ResourceAddress: Codable {
    /// Reads the stored form.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let address = ResourceAddress(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not an address")
        }
        self = address
    }

    /// Writes the stored form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
