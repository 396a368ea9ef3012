/// Compatibility level of a Schema Registry scope, as on the wire.
package enum CompatibilityLevel: String, Hashable, Sendable, Codable, CaseIterable {
    case backward = "BACKWARD"
    case backwardTransitive = "BACKWARD_TRANSITIVE"
    case forward = "FORWARD"
    case forwardTransitive = "FORWARD_TRANSITIVE"
    case full = "FULL"
    case fullTransitive = "FULL_TRANSITIVE"
    case none = "NONE"
}

/// Mode of a Schema Registry scope.
package enum RegistryMode: WireWord {
    case readWrite
    case readOnly
    case `import`
    /// Writes go to the other registry.
    case forward
    case other(String)

    /// The words this version knows.
    package static let known: [String: RegistryMode] = [
        "READWRITE": .readWrite, "READONLY": .readOnly, "IMPORT": .import, "FORWARD": .forward,
    ]

    /// The word it does not know.
    package var unknown: String? {
        if case .other(let word) = self { word } else { nil }
    }
}

/// What a schema exporter is doing.
package enum ExporterState: WireWord {
    case starting
    case running
    case paused
    case other(String)

    /// The words this version knows.
    package static let known: [String: ExporterState] = [
        "STARTING": .starting, "RUNNING": .running, "PAUSED": .paused,
    ]

    /// The word it does not know.
    package var unknown: String? {
        if case .other(let word) = self { word } else { nil }
    }
}

extension ExporterState {
    /// Reads the wire's word, where there is one.
    package init(wire: String?) {
        self.init(wire: wire ?? "UNKNOWN")
    }
}

/// Where an exporter's schemas land at the destination.
package enum ExporterContextType: String, Hashable, Sendable, Codable, CaseIterable {
    /// A context named after the source registry.
    case auto = "AUTO"
    /// The context named in the definition.
    case custom = "CUSTOM"
    /// The same contexts as at the source.
    case none = "NONE"
}

/// A part of a registry that has one mode and one set of ids: the default context, or a named one.
package struct RegistryContext: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// Name without the leading dot; empty for the default context.
    package let name: String

    /// A context by its name, with or without the leading dot.
    package init(_ name: some StringProtocol) {
        self.name = String(name.hasPrefix(".") ? name.dropFirst() : name[...])
    }

    /// The default context.
    package static let standard = RegistryContext("")

    /// The form of paths and subject prefixes: `:.name:`, or empty for the default context.
    package var qualifier: String {
        name.isEmpty ? "" : ":.\(name):"
    }

    /// The form for people: `.` for the default context, `.name` otherwise.
    package var description: String { ".\(name)" }

    /// By name, the default context first.
    package static func < (left: RegistryContext, right: RegistryContext) -> Bool {
        left.name < right.name
    }

    /// The contexts a list of exporter subjects reaches: `*`, `orders*` → default; `:.ctx:*` → that context;
    /// `:*:` → `nil`, every context.
    package static func reached(bySubjects subjects: [String]) -> [RegistryContext]? {
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
