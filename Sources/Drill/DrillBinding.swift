import Domain

/// How an application reads a binding: under which keys it finds its cluster and how to sign in there.
struct DrillBinding {
    let name: String
    /// The published files, relative to the folder of the rehearsal.
    let files: [String]
    /// Keys as the simulator's applications name them.
    let keys: [String: String]
    /// Whether a hook restarts the applications that follow it.
    let isRestarted: Bool

    /// How applications read a binding; `nil` when it does not say where the brokers are, or how to sign in.
    init?(_ binding: ClientBindingSpec) {
        var keys: [String: String] = [:]
        if binding.publish.contains(where: \.contents.includesProperties) { Self.note(binding.properties, in: &keys) }
        if binding.publish.contains(where: \.contents.includesSecrets) { Self.note(binding.secrets, in: &keys) }
        guard keys["bootstrap"] != nil, keys["jaas"] != nil || keys["username"] != nil && keys["password"] != nil else {
            return nil
        }
        name = binding.name
        files = binding.publish.compactMap { if case .file(let file) = $0 { file.path } else { nil } }
        self.keys = keys
        isRestarted = !binding.restart.isEmpty
    }

    private static func note(_ texts: [String: String], in keys: inout [String: String]) {
        for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
            guard let template = try? BindingTemplate(text) else { continue }
            let references = Set(template.references)
            let isAlone = template.segments.count == 1
            if isAlone, references == [.clusterBootstrapServers] {
                keys["bootstrap"] = key
            } else if isAlone, !references.isDisjoint(with: userNames) {
                keys["username"] = key
            } else if isAlone, !references.isDisjoint(with: passwords) {
                keys["password"] = key
            } else if !references.isDisjoint(with: userNames), !references.isDisjoint(with: passwords) {
                keys["jaas"] = key
            }
        }
    }

    private static let userNames: Set<BindingTemplate.Reference> = [
        .credential(.kafka, .apiKey), .credential(.kafka, .username),
    ]
    private static let passwords: Set<BindingTemplate.Reference> = [
        .credential(.kafka, .apiSecret), .credential(.kafka, .password),
    ]
}

/// An application of a rehearsal, as `POST /_sim/workload` takes it.
struct DrillClient: Encodable {
    struct Binding: Encodable {
        let files: [String]
    }

    /// When it reads its binding.
    enum Read: Encodable {
        case start
        case poll(milliseconds: Int)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .start: try container.encode("start")
            case .poll(let milliseconds): try container.encode(["pollMs": milliseconds])
            }
        }
    }

    struct Production: Encodable {
        let topic: String
        let perSecond: Int
    }

    struct Consumption: Encodable {
        let group: String
        let topics: [String]
        let sessionTimeoutMs: Int
    }

    let name: String
    let group: String
    let binding: Binding
    let keys: [String: String]
    let read: Read
    var produce: [Production] = []
    var consume: Consumption?

    /// Whether it writes.
    var isWriter: Bool { !produce.isEmpty }

    init(_ name: String, following binding: DrillBinding, in folder: String) {
        self.name = name
        group = binding.name
        self.binding = Binding(files: binding.files.map { "\(folder)/\($0)" })
        keys = binding.keys
        read = binding.isRestarted ? .start : .poll(milliseconds: DrillLoad.rereadMilliseconds)
    }
}
