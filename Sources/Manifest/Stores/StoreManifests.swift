import Domain

/// A place of a binding as manifests write it.
protocol ManifestPlace: StorePlace {
    /// Its fields, below the store's word.
    static var manifestFields: [Field] { get }
    /// Which of them may stand together, below the store's word.
    static var choices: [Choice] { get }

    /// Finds names and keys that the store refuses when it is written.
    func check(_ rules: StoreKeyRules, _ findings: inout Findings)
    /// Places of its keys, where each key of a binding is a place of its own.
    func places(ofKeysOf binding: ClientBindingSpec) -> [String]
}

extension ManifestPlace {
    static var choices: [Choice] { [] }

    func check(_ rules: StoreKeyRules, _ findings: inout Findings) {}

    func places(ofKeysOf binding: ClientBindingSpec) -> [String] { [] }
}

/// A system as Connection manifests write it.
protocol ManifestSystem: ConnectedSystem {
    /// Its fields, below the type's word.
    static var manifestFields: [Field] { get }
    /// Which of them may stand together.
    static var choices: [Choice] { get }
    /// Which of them need others.
    static var dependencies: [Dependency] { get }

    /// Reads fields that were checked; `nil` when a required one is missing.
    init?(decoding fields: Fields)

    /// The system as one of any type.
    var system: ConnectionSpec.System { get }
}

extension ManifestSystem {
    static var choices: [Choice] { [] }
    static var dependencies: [Dependency] { [] }
}

/// Every kind of store, and every system, in the order of the reference.
enum StoreManifests {
    static let places: [any ManifestPlace.Type] = [
        FilePlace.self, ConsulPlace.self, VaultPlace.self, KubernetesPlace.self, AWSSecretPlace.self,
        AWSParameterPlace.self, EtcdPlace.self,
    ]
    static let systems: [any ManifestSystem.Type] = [
        ConfluentCloudSpec.self, ConsulSpec.self, VaultSpec.self, KubernetesSpec.self, AWSSpec.self, EtcdSpec.self,
    ]
}

extension Table {
    static let publishTarget = Table(
        name: "PublishTarget",
        doc: "One store. Only the named keys are touched; generation and primary go beside them (comment, "
            + "annotation, custom metadata, tag), never among them.",
        fields: StoreManifests.places.flatMap { place in place.manifestFields.map { $0.below(place.word) } },
        choices: [.exactlyOne(StoreManifests.places.map { $0.word })]
            + StoreManifests.places.flatMap { place in place.choices.map { $0.below(place.word) } })

    static let connection = Table(
        name: "Connection",
        doc: "How to reach a control plane, a store, or an API server. Vault: exactly one of `token`, `jwt`, "
            + "`appRole`, `kubernetes`.",
        fields: StoreManifests.systems.flatMap { system in system.manifestFields.map { $0.below(system.path) } },
        choices: [.exactlyOne(StoreManifests.systems.map { $0.type.rawValue }, at: "spec")]
            + StoreManifests.systems.flatMap { system in system.choices.map { $0.below(system.path) } },
        dependencies: StoreManifests.systems.flatMap { system in system.dependencies.map { $0.below(system.path) } })
}

extension ManifestSystem {
    fileprivate static var path: String { "spec.\(type.rawValue)" }
}

extension Field {
    fileprivate func below(_ parent: String) -> Field { Field("\(parent).\(path)", type, defaultValue, change, doc) }
}

extension Choice {
    fileprivate func below(_ parent: String) -> Choice { Choice(path: parent, form: form, fields: fields) }
}

extension Dependency {
    fileprivate func below(_ parent: String) -> Dependency { Dependency(field, needs: needs, at: parent) }
}

extension PublishTarget {
    init?(decoding target: Fields) {
        guard let entry = target.mapping?.entries.first else { return nil }
        self.init(entry.key, fields: target.map(entry.key) ?? [:])
    }

    var manifest: any ManifestPlace {
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

extension ConnectionSpec: ManifestDecodable {
    init?(decoding document: Node) {
        let spec = Fields(document["spec"])
        guard let metadata = Metadata(decoding: document), let word = spec.mapping?.entries.first?.key,
            let type = StoreManifests.systems.first(where: { $0.type.rawValue == word }),
            let settings = type.init(decoding: spec[word])
        else { return nil }
        self.init(metadata: metadata, system: settings.system)
    }

    var type: ConnectionType { Swift.type(of: system.settings).type }
}
