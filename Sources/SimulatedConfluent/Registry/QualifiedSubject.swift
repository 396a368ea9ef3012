import SimulatorCore

/// A subject with the context it lives in; an empty name stands for the context itself.
///
/// `orders` is in the default context `.`; `:.dr:orders` is in `.dr`; `:.dr:` is the context `.dr`.
package struct QualifiedSubject: Hashable, Sendable {
    static let defaultContext = "."
    /// The pseudo-context above all contexts, for modes and configs only.
    static let globalContext = ".__GLOBAL"
    /// Ends what exporters of every context do to each other in a circle: each puts its context before the last one.
    static let longestContext = 255
    /// The prefix that stands for every context in lists and in exporter patterns.
    static let everyContext = ":*:"

    var context: String
    package var name: String

    init(context: String, name: String) {
        self.context = context
        self.name = name
    }

    /// Reads a name as it stands in a path or body; an unqualified one belongs to `base`.
    init(_ text: String, within base: String = QualifiedSubject.defaultContext) {
        guard text.hasPrefix(":.") else {
            self.init(context: base, name: text)
            return
        }
        let rest = text.dropFirst()
        guard let colon = rest.firstIndex(of: ":") else {
            self.init(context: String(rest), name: "")
            return
        }
        self.init(context: String(rest[..<colon]), name: String(rest[rest.index(after: colon)...]))
    }

    /// The shortest spelling: unqualified in the default context.
    var text: String {
        context == Self.defaultContext && !name.isEmpty ? name : ":\(context):\(name)"
    }

    var isContext: Bool { name.isEmpty }

    /// The context this subject belongs to, as a scope of modes and configs.
    var ownContext: QualifiedSubject { QualifiedSubject(context: context, name: "") }

    static let registryWide = QualifiedSubject(context: defaultContext, name: "")
    static let global = QualifiedSubject(context: globalContext, name: "")

    /// Whether a schema may be registered under this name.
    var isValidForSchemas: Bool {
        let reserved = ["__GLOBAL", "__EMPTY"]
        return !name.isEmpty && !reserved.contains(name) && context != Self.globalContext && isWellFormed
    }

    var isWellFormed: Bool {
        hasNoControlCharacters && context.utf8.count <= Self.longestContext
    }

    var hasNoControlCharacters: Bool {
        (context + name).unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }
}

extension QualifiedSubject: Comparable {
    package static func < (left: QualifiedSubject, right: QualifiedSubject) -> Bool {
        left.context == right.context ? left.name < right.name : left.context < right.context
    }
}
