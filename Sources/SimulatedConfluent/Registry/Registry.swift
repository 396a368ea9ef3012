package import SimulatorCore

enum RegistryMode: String, Sendable {
    case readWrite = "READWRITE"
    case readOnly = "READONLY"
    case readOnlyOverride = "READONLY_OVERRIDE"
    case importing = "IMPORT"

    var refusesWrites: Bool { self == .readOnly || self == .readOnlyOverride }
}

enum CompatibilityLevel: String, Sendable {
    case backward = "BACKWARD"
    case backwardTransitive = "BACKWARD_TRANSITIVE"
    case forward = "FORWARD"
    case forwardTransitive = "FORWARD_TRANSITIVE"
    case full = "FULL"
    case fullTransitive = "FULL_TRANSITIVE"
    case none = "NONE"

    var isTransitive: Bool { rawValue.hasSuffix("_TRANSITIVE") }
    var readsOldWithNew: Bool { rawValue.hasPrefix("BACKWARD") || rawValue.hasPrefix("FULL") }
    var readsNewWithOld: Bool { rawValue.hasPrefix("FORWARD") || rawValue.hasPrefix("FULL") }
}

/// One version of a subject.
package struct SchemaVersion: Sendable, Equatable {
    var number: Int
    package var id: Int
    var isDeleted: Bool
    /// When it was registered here.
    package var time: Milliseconds
}

/// Where a schema is registered inside a context.
struct SchemaPlace: Hashable, Sendable {
    var subject: String
    var version: Int
}

/// An independent scope of subjects and ids.
struct RegistryContext: Sendable {
    /// The versions of each subject, in ascending order, soft-deleted ones included.
    var subjects: [String: [SchemaVersion]] = [:]
    /// What each id stands for and where it is used.
    var schemas: [Int: (content: SchemaContent, places: Set<SchemaPlace>)] = [:]
    /// The id that a content was last registered with.
    var ids: [SchemaContent: Int] = [:]
    var highestID: Int
}

/// One Schema Registry: what it holds and the log its exporters read.
package struct Registry: Sendable {
    /// A change that exporters look at, by what it changed; they read the present state of it.
    package struct LogEntry: Sendable {
        enum Change: Sendable {
            case version(QualifiedSubject, Int)
            case config(QualifiedSubject)
        }
        package var time: Milliseconds
        var change: Change
    }

    package let id: String
    package let environment: String
    /// The region whose fate this registry shares.
    package let site: String
    /// The id before the first one that is assigned.
    let idsAfter: Int
    /// Whether its servers are up; while they are down its exporters rest and others cannot write to it.
    var isRunning = true
    /// Checks that are left out on purpose.
    var lies: Set<Lie> = []
    /// Whether modes may be changed at all (`mode.mutability` of the server).
    var modesAreMutable = true
    var contexts: [String: RegistryContext]
    var modes: [QualifiedSubject: RegistryMode] = [:]
    var configs: [QualifiedSubject: CompatibilityLevel] = [:]
    /// Active versions that refer to a place, for 42206 and `referencedby`.
    var referrers: [RegistryPlace: Set<RegistryPlace>] = [:]
    package var log: [LogEntry] = []
    var exporters: [String: SchemaExporter] = [:]
    /// Effects of the request or tick at hand, in order; taken by the estate.
    var pendingEffects: [Event.Effect] = []

    init(id: String, environment: String, site: String, idsAfter: Int = 100_000) {
        self.id = id
        self.environment = environment
        self.site = site
        self.idsAfter = idsAfter
        contexts = [QualifiedSubject.defaultContext: RegistryContext(highestID: idsAfter)]
    }
}

/// A version of a subject anywhere in a registry.
struct RegistryPlace: Hashable, Sendable {
    var subject: QualifiedSubject
    var version: Int
}

extension Registry {
    func versions(of subject: QualifiedSubject) -> [SchemaVersion] {
        contexts[subject.context]?.subjects[subject.name] ?? []
    }

    func hasVersions(_ subject: QualifiedSubject, includingDeleted: Bool) -> Bool {
        let versions = versions(of: subject)
        return includingDeleted ? !versions.isEmpty : versions.contains { !$0.isDeleted }
    }

    func version(_ number: Int, of subject: QualifiedSubject) -> SchemaVersion? {
        versions(of: subject).first { $0.number == number }
    }

    func latest(of subject: QualifiedSubject) -> SchemaVersion? {
        versions(of: subject).last { !$0.isDeleted }
    }

    func content(id: Int, in context: String) -> SchemaContent? {
        contexts[context]?.schemas[id]?.content
    }

    /// Makes sure that a context exists; contexts come into being with the first thing in them.
    mutating func touch(context: String) {
        guard contexts[context] == nil, context != QualifiedSubject.globalContext else { return }
        contexts[context] = RegistryContext(highestID: idsAfter)
    }

    /// The subjects that a list prefix selects: `:*:` and what follows it in every context, else one context.
    func subjects(withPrefix prefix: String, within base: String) -> [QualifiedSubject] {
        let selected: [String]
        let namePrefix: String
        if prefix.hasPrefix(QualifiedSubject.everyContext) {
            selected = Array(contexts.keys)
            namePrefix = String(prefix.dropFirst(QualifiedSubject.everyContext.count))
        } else {
            let qualified = QualifiedSubject(prefix, within: base)
            selected = [qualified.context]
            namePrefix = qualified.name
        }
        var subjects: [QualifiedSubject] = []
        for context in selected {
            for name in (contexts[context]?.subjects ?? [:]).keys where name.hasPrefix(namePrefix) {
                subjects.append(QualifiedSubject(context: context, name: name))
            }
        }
        return subjects.sorted()
    }
}
