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

/// Mode of a Schema Registry scope.
public enum RegistryMode: WireWord {
    case readWrite
    case readOnly
    case `import`
    /// Writes go to the other registry.
    case forward
    case other(String)

    /// The words this version knows.
    public static let known: [String: RegistryMode] = [
        "READWRITE": .readWrite, "READONLY": .readOnly, "IMPORT": .import, "FORWARD": .forward,
    ]

    /// The word it does not know.
    public var unknown: String? {
        if case .other(let word) = self { word } else { nil }
    }
}

/// What a schema exporter is doing.
public enum ExporterState: WireWord {
    case starting
    case running
    case paused
    case other(String)

    /// The words this version knows.
    public static let known: [String: ExporterState] = [
        "STARTING": .starting, "RUNNING": .running, "PAUSED": .paused,
    ]

    /// The word it does not know.
    public var unknown: String? {
        if case .other(let word) = self { word } else { nil }
    }
}

extension ExporterState {
    /// Reads the wire's word, where there is one.
    public init(wire: String?) {
        self.init(wire: wire ?? "UNKNOWN")
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
