import Domain

/// The manifest a link, its mirrors, an exporter or a mode come from.
struct LinkOwner: Hashable {
    let kind: String
    let name: String
    /// The family it derives from; `nil` for a manifest of its own.
    let group: String?
    let metadata: Metadata
    let deletionPolicy: DeletionPolicy

    init(_ family: GroupFamily) {
        self.init(kind: "FailoverGroup", name: family.name, group: family.name, metadata: family.leader.metadata)
    }

    /// A group of a family that has settings of its own.
    init(_ group: FailoverGroupSpec, of family: GroupFamily) {
        self.init(kind: "FailoverGroup", name: group.name, group: family.name, metadata: group.metadata)
    }

    init(_ link: ClusterLinkSpec) {
        self.init(
            kind: "ClusterLink", name: link.name, group: nil, metadata: link.metadata,
            deletionPolicy: link.deletionPolicy)
    }

    init(_ link: SchemaLinkSpec) {
        self.init(
            kind: "SchemaLink", name: link.name, group: nil, metadata: link.metadata,
            deletionPolicy: link.deletionPolicy)
    }

    private init(
        kind: String, name: String, group: String?, metadata: Metadata, deletionPolicy: DeletionPolicy = .retain
    ) {
        self.kind = kind
        self.name = name
        self.group = group
        self.metadata = metadata
        self.deletionPolicy = deletionPolicy
    }

    /// `FailoverGroup payments`; what derives from a family carries the family's name.
    var description: String { group.map(Self.name(ofFamily:)) ?? "\(kind) \(name)" }

    /// How a family is named as the owner of what derives from it.
    static func name(ofFamily family: String) -> String { "FailoverGroup \(family)" }

    var labels: [String: String] { metadata.labels }

    /// How the link or exporter itself is owned.
    var ownership: Unit.Ownership {
        .init(policy: deletionPolicy, isDerived: group != nil, protect: metadata.protect, declaredBy: description)
    }

    /// How what a link carries is owned: it is never deleted because a manifest left.
    var derivedOwnership: Unit.Ownership {
        .init(policy: .retain, isDerived: true, protect: metadata.protect, declaredBy: description)
    }

    func origin(_ field: String) -> ManifestOrigin {
        ManifestOrigin(kind, name, field)
    }
}
