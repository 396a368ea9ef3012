import Diagnostics
import OrderedCollections

/// What is known about a kind, a structure or a field: what `explain` shows.
package struct Explanation: Hashable, Sendable {
    /// A field of the explained thing.
    package struct Entry: Hashable, Sendable {
        /// Path from the explained thing: `rpo.records`.
        package let path: String
        /// Type in words: `ref(Cluster)`, `[glob]`.
        package let type: String
        /// Default in words; `nil` = absent.
        package let defaultValue: String?
        /// Whether it must be written.
        package let isRequired: Bool
        /// What a change means, in words; `nil` = it may change freely.
        package let change: String?
        /// One sentence.
        package let doc: String
    }

    /// What is explained: `FailoverGroup.spec.failover`.
    package let subject: String
    /// The field itself, when one is explained.
    package let field: Entry?
    /// One sentence about the kind or structure.
    package let doc: String?
    /// Fields below, in the order of the tables.
    package let fields: [Entry]
    /// Which fields exclude or need each other, in words.
    package let rules: [String]
}

/// Why there is nothing to explain.
package struct UnknownSubject: Error, Hashable, Sendable {
    /// The part that is unknown.
    package let word: String
    /// Where it was looked for: `FailoverGroup.spec`; `nil` among the kinds.
    package let place: String?
    /// A near word.
    package let suggestion: String?
    package let known: [String]
}

extension Explanation {
    /// Explains a kind (`Topic`), a structure (`Credentials`) or a field (`FailoverGroup.spec.failover`,
    /// `FailoverGroup.failover`).
    package init(of subject: String) throws(UnknownSubject) {
        var steps = subject.split(separator: ".").map { String($0.prefix { $0 != "[" }) }
        let first = steps.isEmpty ? "" : steps.removeFirst()
        guard let (shape, doc) = Self.root(first) else {
            let known =
                ManifestKind.allCases.map(\.rawValue) + [ManifestKind.list] + StructureName.allCases.map(\.rawValue)
            throw UnknownSubject(
                word: first, place: nil, suggestion: Suggestion.nearest(to: first, among: known), known: known)
        }
        var walk = Walk(shape: shape, field: nil, doc: doc, path: [first])
        for step in steps { try walk.enter(step) }
        self.init(
            subject: walk.path.joined(separator: "."), field: walk.field.map { Entry($0, path: walk.path.last ?? "") },
            doc: walk.doc, fields: walk.shape.map { Self.entries(of: $0, below: "") } ?? [],
            rules: walk.shape.map(Self.rules) ?? [])
    }

    private static func root(_ name: String) -> (Shape, String)? {
        if let kind = ManifestKind(rawValue: name) { return (Shape.document(kind), Table.of(kind).doc) }
        if name == ManifestKind.list { return (Shape.list, Table.list.doc) }
        return StructureName(rawValue: name).map { (Shape.structure($0), Table.of($0).doc) }
    }

    private static func entries(of shape: Shape, below prefix: String) -> [Entry] {
        shape.members.values.flatMap { member -> [Entry] in
            let own = member.field.map { [Entry($0, path: prefix + member.name)] } ?? []
            guard case .mapping(let inner) = member.value, member.field == nil else { return own }
            return own + entries(of: inner, below: prefix + member.name + ".")
        }
    }

    private static func rules(of shape: Shape) -> [String] {
        let own = shape.choices.map(\.inWords) + shape.dependencies.map { "`\($0.field)` needs `\($0.needs)`" }
        return own
            + shape.members.values.flatMap { member -> [String] in
                guard case .mapping(let inner) = member.value else { return [] }
                return rules(of: inner)
            }
    }

    private struct Walk {
        var shape: Shape?
        var field: Field?
        var doc: String?
        var path: [String]

        mutating func enter(_ step: String) throws(UnknownSubject) {
            if path.count == 1, shape?.members[step] == nil, case .mapping(let spec)? = shape?.members["spec"]?.value,
                spec.members[step] != nil
            {
                path.append("spec")
                shape = spec
            }
            guard let member = shape?.members[step] else {
                let known = shape.map { Array($0.members.keys) } ?? []
                throw UnknownSubject(
                    word: step, place: path.joined(separator: "."),
                    suggestion: Suggestion.nearest(to: step, among: known), known: known)
            }
            path.append(step)
            field = member.field
            doc = nil
            switch member.value {
            case .mapping(let inner): shape = inner
            case .leaf(let type):
                let structure = type.structure
                shape = structure.map(Shape.structure)
                doc = structure.map { Table.of($0).doc }
            }
        }
    }
}

extension FieldType {
    /// The structure at the bottom of lists and mappings.
    var structure: StructureName? {
        switch self {
        case .structure(let name): name
        case .secret, .textOrSecret: .secretReference
        case .list(let inner), .map(let inner), .mapByName(_, let inner): inner.structure
        default: nil
        }
    }
}

extension Explanation.Entry {
    init(_ field: Field, path: String) {
        self.init(
            path: path, type: field.type.inWords, defaultValue: field.defaultInWords,
            isRequired: field.defaultValue == .required, change: field.change.inWords, doc: field.doc)
    }
}

extension Field {
    /// The default as the reference shows it; `nil` for required and absent.
    var defaultInWords: String? {
        switch defaultValue {
        case .required, .absent: nil
        case .value(let text), .described(let text): text
        }
    }
}

extension Field.Change {
    /// The effect of a change in words; `nil` when there is nothing to say.
    var inWords: String? {
        switch self {
        case .yes: nil
        case .no: "cannot be changed later"
        case .grow: "may only grow"
        case .replace: "a change deletes and creates the object, which needs consent"
        }
    }
}

extension Choice {
    var inWords: String {
        let names = listed(fields, "or")
        switch form {
        case .exactlyOne: return "exactly one of \(names)"
        case .atMostOne: return "at most one of \(names)"
        case .atLeastOne: return "at least one of \(names)"
        case .signIn:
            return
                "exactly one of \(names); `tls` counts when it has a `certificate`, and may stand beside "
                + "another form without"
        }
    }
}
