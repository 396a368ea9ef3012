/// Compatibility level of a Schema Registry scope, as on the wire.
public enum CompatibilityLevel: String, Hashable, Sendable, Codable, CaseIterable {
    case backward = "BACKWARD"
    case backwardTransitive = "BACKWARD_TRANSITIVE"
    case forward = "FORWARD"
    case forwardTransitive = "FORWARD_TRANSITIVE"
    case full = "FULL"
    case fullTransitive = "FULL_TRANSITIVE"
    case none = "NONE"
}

/// Mode of a Schema Registry scope; words this version does not know are kept.
public enum RegistryMode: Hashable, Sendable, Codable, CustomStringConvertible {
    case readWrite
    case readOnly
    case `import`
    case other(String)

    /// Reads the wire's word.
    public init(wire: String) {
        switch wire {
        case "READWRITE": self = .readWrite
        case "READONLY": self = .readOnly
        case "IMPORT": self = .import
        default: self = .other(wire)
        }
    }

    /// The wire's word.
    public var description: String {
        switch self {
        case .readWrite: "READWRITE"
        case .readOnly: "READONLY"
        case .import: "IMPORT"
        case .other(let word): word
        }
    }

    /// Reads the stored form.
    public init(from decoder: any Decoder) throws {
        self.init(wire: try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the stored form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What a schema exporter is doing; words this version does not know are kept.
public enum ExporterState: Hashable, Sendable, CustomStringConvertible {
    case starting
    case running
    case paused
    case other(String)

    /// Reads the wire's word.
    public init(wire: String?) {
        switch wire {
        case "STARTING": self = .starting
        case "RUNNING": self = .running
        case "PAUSED": self = .paused
        default: self = .other(wire ?? "UNKNOWN")
        }
    }

    /// The wire's word.
    public var description: String {
        switch self {
        case .starting: "STARTING"
        case .running: "RUNNING"
        case .paused: "PAUSED"
        case .other(let word): word
        }
    }
}

/// Where an exporter's schemas land at the destination.
public enum ExporterContextType: String, Hashable, Sendable, Codable, CaseIterable {
    /// A context named after the source registry.
    case auto = "AUTO"
    /// The context named in the definition.
    case custom = "CUSTOM"
    /// The same contexts as at the source.
    case none = "NONE"
}

/// A part of a registry that has one mode and one set of ids: the default context, or a named one.
public struct RegistryContext: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// Name without the leading dot; empty for the default context.
    public let name: String

    /// A context by its name, with or without the leading dot.
    public init(_ name: some StringProtocol) {
        self.name = String(name.hasPrefix(".") ? name.dropFirst() : name[...])
    }

    /// The default context.
    public static let standard = RegistryContext("")

    /// The form of paths and subject prefixes: `:.name:`, or empty for the default context.
    public var qualifier: String {
        name.isEmpty ? "" : ":.\(name):"
    }

    /// The form for people: `.` for the default context, `.name` otherwise.
    public var description: String { ".\(name)" }

    /// By name, the default context first.
    public static func < (left: RegistryContext, right: RegistryContext) -> Bool {
        left.name < right.name
    }

    /// The contexts a list of exporter subjects reaches: `*`, `orders*` → default; `:.ctx:*` → that context;
    /// `:*:` → `nil`, every context.
    public static func reached(bySubjects subjects: [String]) -> [RegistryContext]? {
        var contexts: Set<RegistryContext> = []
        for subject in subjects {
            guard subject.hasPrefix(":") else {
                contexts.insert(.standard)
                continue
            }
            let rest = subject.dropFirst()
            guard let end = rest.firstIndex(of: ":") else { continue }
            let name = rest[..<end]
            if name == "*" { return nil }
            contexts.insert(RegistryContext(name))
        }
        return contexts.sorted()
    }
}
