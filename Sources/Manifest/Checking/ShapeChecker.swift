import Diagnostics
import Domain
import OrderedCollections

/// A place where a manifest names another.
struct Reference: Sendable {
    var kind: ManifestKind
    var name: String
    var place: Place
    /// Type the Connection must have.
    var connectionType: ConnectionType?
}

/// Compares one document with the shape of its kind and reports everything that does not fit.
struct ShapeChecker {
    let kind: String
    /// Names of other manifests found on the way, when they are well-formed.
    private(set) var references: [Reference] = []
    private var trail: [String] = []

    init(kind: String) {
        self.kind = kind
    }

    /// Checks a mapping. `anchor` is where missing fields are reported: its key, or its first line.
    mutating func check(_ node: Node, is shape: Shape, anchor: Place, _ findings: inout Findings) {
        guard let mapping = node.mapping else {
            wrongType(node, "a mapping", &findings)
            return
        }
        checkKnown(mapping, shape, conceals: shape.holdsSecrets, &findings)
        checkMissing(mapping, shape, anchor, &findings)
        checkChoices(mapping, shape, anchor, &findings)
        for dependency in shape.dependencies {
            check(dependency, mapping, &findings)
        }
    }

    private mutating func checkKnown(
        _ mapping: Mapping, _ shape: Shape, conceals: Bool, _ findings: inout Findings
    ) {
        for entry in mapping.entries {
            guard let member = shape.members[entry.key] else {
                reportUnknown(entry, shape, conceals: conceals, &findings)
                continue
            }
            trail.append(entry.key)
            defer { trail.removeLast() }
            if entry.value.isNull {
                reportEmpty(entry, member, &findings)
            } else {
                switch member.value {
                case .mapping(let inner): check(entry.value, is: inner, anchor: entry.keyPlace, &findings)
                case .leaf(let type): check(entry.value, is: type, anchor: entry.keyPlace, &findings)
                }
            }
        }
    }

    private func reportEmpty(_ entry: Mapping.Entry, _ member: Shape.Member, _ findings: inout Findings) {
        let advice = if case .mapping = member.value { ", or write `{}`" } else { "" }
        findings.error(
            "empty-value", "`\(field)` has no value", at: entry.keyPlace,
            help: "give it a value, or remove the line\(advice)")
    }

    private func reportUnknown(
        _ entry: Mapping.Entry, _ shape: Shape, conceals: Bool, _ findings: inout Findings
    ) {
        if conceals, entry.value.scalar != nil { findings.conceal(entry.value.place) }
        if let advice = shape.elsewhere[entry.key] {
            findings.error(
                "misplaced-field", "`\(entry.key)` has no meaning in \(owner)", at: entry.keyPlace, help: advice)
            return
        }
        let near = Suggestion.nearest(to: entry.key, among: shape.members.keys)
        let known = shape.members.keys.map { "`\($0)`" }.joined(separator: ", ")
        findings.error(
            "unknown-field", "unknown field `\(entry.key)` in \(owner)", at: entry.keyPlace,
            help: near.map { "did you mean `\($0)`?" } ?? "known here: \(known)")
    }

    private mutating func checkMissing(
        _ mapping: Mapping, _ shape: Shape, _ anchor: Place, _ findings: inout Findings
    ) {
        for member in shape.members.values where mapping.index(of: member.name) == nil {
            trail.append(member.name)
            defer { trail.removeLast() }
            if case .mapping(let inner) = member.value, member.isAlwaysChecked {
                let nothing = Node(content: .mapping(Mapping()), place: anchor)
                check(nothing, is: inner, anchor: anchor, &findings)
            } else if member.isRequired {
                findings.error(
                    "missing-field", "`\(field)` is missing in this \(kind)", at: anchor, help: member.field?.doc)
            }
        }
    }

    private func checkChoices(_ mapping: Mapping, _ shape: Shape, _ anchor: Place, _ findings: inout Findings) {
        for choice in shape.choices {
            let present =
                choice.form == .signIn
                ? SignIn.ways(in: mapping)
                : mapping.entries.filter { choice.fields.contains($0.key) }
            if present.isEmpty && choice.form != .atMostOne {
                let number = choice.form == .atLeastOne ? "at least one" : "exactly one"
                findings.error(
                    "missing-choice", "\(owner) needs \(number) of \(words(choice.fields))", at: anchor)
            } else if present.count > 1 && choice.form != .atLeastOne {
                findings.error(
                    "conflicting-fields",
                    "`\(present[1].key)` cannot stand beside `\(present[0].key)` in \(owner)",
                    at: present[1].keyPlace, notes: [("`\(present[0].key)` is here", present[0].keyPlace)],
                    help: "keep one of \(words(choice.fields))")
            }
        }
    }

    private func check(_ dependency: Dependency, _ mapping: Mapping, _ findings: inout Findings) {
        guard let entry = mapping.entry(dependency.field), mapping.index(of: dependency.needs) == nil else { return }
        findings.error(
            "missing-companion", "`\(entry.key)` needs `\(dependency.needs)` beside it in \(owner)",
            at: entry.keyPlace)
    }

    private func words(_ fields: [String]) -> String {
        fields.map { "`\($0)`" }.joined(separator: ", ")
    }

    /// Path of the value at hand: `spec.state.sqlite.path`.
    private var field: String {
        trail.reduce(into: "") { path, step in
            if !path.isEmpty && !step.hasPrefix("[") { path += "." }
            path += step
        }
    }

    private var owner: String {
        trail.isEmpty ? "this \(kind)" : "`\(field)`"
    }
}

extension ShapeChecker {
    /// Checks a value that is no table of fields by itself.
    private mutating func check(_ node: Node, is type: FieldType, anchor: Place, _ findings: inout Findings) {
        switch type {
        case .any: break
        case .structure(let name): check(node, is: Shape.structure(name), anchor: anchor, &findings)
        case .secret: checkSecret(node, anchor: anchor, &findings)
        case .textOrSecret:
            if node.mapping == nil {
                checkText(node, &findings)
            } else {
                checkSecret(node, anchor: anchor, &findings)
            }
        case .list(let item): checkItems(of: node, are: item, &findings)
        case .map(let value): checkValues(of: node, are: value, &findings)
        case .mapByName(let kind, let value):
            checkValues(of: node, are: value, &findings)
            for entry in node.mapping?.entries ?? [] {
                references.append(Reference(kind: kind, name: entry.key, place: entry.keyPlace))
            }
        case .reference(let kind):
            guard checkForm(node, .name, &findings), let name = node.scalar?.text else { return }
            references.append(Reference(kind: kind, name: name, place: node.place))
        case .connection(let system):
            guard checkForm(node, .name, &findings), let name = node.scalar?.text else { return }
            references.append(
                Reference(kind: .connection, name: name, place: node.place, connectionType: system))
        default: _ = checkForm(node, type, &findings)
        }
    }

    private mutating func checkItems(of node: Node, are type: FieldType, _ findings: inout Findings) {
        guard let items = node.sequence else {
            wrongType(node, "a list", &findings, help: node.scalar.map { "write `[\($0.text)]`" })
            return
        }
        for (index, item) in items.enumerated() {
            trail.append("[\(index)]")
            defer { trail.removeLast() }
            if item.isNull && type != .any {
                findings.error("empty-value", "`\(field)` has no value", at: item.place)
            } else {
                check(item, is: type, anchor: item.place, &findings)
            }
        }
    }

    private mutating func checkValues(of node: Node, are type: FieldType, _ findings: inout Findings) {
        guard let mapping = node.mapping else {
            wrongType(node, "a mapping", &findings)
            return
        }
        for entry in mapping.entries {
            trail.append(entry.key)
            defer { trail.removeLast() }
            if entry.value.isNull {
                findings.error(
                    "empty-value", "`\(field)` has no value", at: entry.keyPlace,
                    help: "give it a value (`\"\"` for empty text), or remove the line")
            } else {
                check(entry.value, is: type, anchor: entry.keyPlace, &findings)
            }
        }
    }

    private mutating func checkSecret(_ node: Node, anchor: Place, _ findings: inout Findings) {
        guard let mapping = node.mapping else {
            findings.conceal(node.place)
            findings.error(
                "literal-secret", "`\(field)` holds a secret itself; manifests hold only references to secrets",
                at: node.place,
                help: "put the secret into an environment variable and write `{env: \(variableName)}`, or use `file`, "
                    + "`vault`, `kubernetes`, `awsSecretsManager` or `firstOf`; change the secret if it was committed")
            return
        }
        let shape = Shape.secretReference
        checkKnown(mapping, shape, conceals: true, &findings)
        checkMissing(mapping, shape, anchor, &findings)
        checkChoices(mapping, shape, anchor, &findings)
    }

    /// `apiKey` → `API_KEY`.
    private var variableName: String {
        let name = trail.last { !$0.hasPrefix("[") } ?? "SECRET"
        return name.reduce(into: "") { result, character in
            if character.isUppercase && !result.isEmpty { result += "_" }
            result += character.isLetter || character.isNumber ? character.uppercased() : "_"
        }
    }
}

extension ShapeChecker {
    private func checkText(_ node: Node, _ findings: inout Findings) {
        _ = checkForm(node, .text, &findings)
    }

    private func wrongType(_ node: Node, _ wanted: String, _ findings: inout Findings, help: String? = nil) {
        findings.error("wrong-type", "\(owner) wants \(wanted), not \(node.kindInWords)", at: node.place, help: help)
    }

    /// Checks a scalar. `false` when it was reported.
    private func checkForm(_ node: Node, _ type: FieldType, _ findings: inout Findings) -> Bool {
        guard let scalar = node.scalar else {
            wrongType(node, type.wanted, &findings)
            return false
        }
        switch type {
        case .scalar: return true
        case .boolean:
            if case .boolean = scalar.resolved { return true }
            wrongType(node, type.wanted, &findings, help: booleanAdvice(scalar))
        case .integer(let minimum):
            guard case .integer(let value) = scalar.resolved else {
                wrongType(node, type.wanted, &findings, help: integerAdvice(scalar))
                return false
            }
            if value >= minimum, value <= ValueForm.greatestInteger { return true }
            findings.error(
                "out-of-range",
                "`\(field)` is \(value); "
                    + (value < minimum ? "the least is \(minimum)" : "the greatest is \(ValueForm.greatestInteger)"),
                at: node.place)
        case .enumeration(let words):
            if scalar.resolved == .text || !scalar.isPlain, words.contains(scalar.text) { return true }
            reportUnknownWord(scalar, words, node.place, &findings)
        case .constant(let word):
            if scalar.text == word { return true }
            findings.error(
                "unknown-version", "`\(field)` is `\(scalar.text)`; this Spillway reads `\(word)`", at: node.place)
        default:
            guard scalar.resolved == .text else {
                wrongType(node, type.wanted, &findings, help: textAdvice(scalar, type))
                return false
            }
            return checkTextForm(scalar.text, type, node.place, &findings)
        }
        return false
    }

    private func reportUnknownWord(
        _ scalar: Scalar, _ words: [String], _ place: Place, _ findings: inout Findings
    ) {
        let near = Suggestion.nearest(to: scalar.text, among: words)
        let list = words.map { "`\($0)`" }.joined(separator: ", ")
        findings.error(
            "unknown-value", "`\(scalar.text)` is no value of `\(field)`", at: place,
            help: near.map { "did you mean `\($0)`?" }
                ?? (words.count == 1 ? "only \(list) is allowed" : "one of \(list)"))
    }

    private func checkTextForm(
        _ text: String, _ type: FieldType, _ place: Place, _ findings: inout Findings
    ) -> Bool {
        switch type {
        case .text: return true
        case .url where ValueForm.authority(ofURL: text)?.contains("@") == true:
            findings.conceal(place)
            findings.error(
                "literal-secret", "the URL in `\(field)` carries a user name or password", at: place,
                help: "remove it from the URL; credentials are references to secrets")
            return false
        default:
            if type.accepts(text) { return true }
            let message = text.isEmpty ? "`\(field)` is empty" : "`\(text)` is not \(type.wanted)"
            findings.error(type.malformedCode, message, at: place, help: type.advice)
            return false
        }
    }

    private func booleanAdvice(_ scalar: Scalar) -> String? {
        switch scalar.text.lowercased() {
        case "yes", "on", "true": "write `true`"
        case "no", "off", "false": "write `false`"
        default: "write `true` or `false`"
        }
    }

    private func integerAdvice(_ scalar: Scalar) -> String? {
        if !scalar.isPlain, Int(scalar.text) != nil { return "remove the quotes" }
        let digits = scalar.text.filter { $0 != "_" && $0 != "," }
        return Int(digits).map { "write `\($0)`" }
    }

    private func textAdvice(_ scalar: Scalar, _ type: FieldType) -> String? {
        switch type {
        case .duration: "add a unit: `\(scalar.text)s`"
        case .size: "add a unit: `\(scalar.text)B`"
        default: "put it in quotes: `\"\(scalar.text)\"`"
        }
    }
}

/// The ways to sign in that stand in credentials.
enum SignIn {
    /// One entry per way; halves of a pair count as the way they belong to, and TLS only with a client certificate.
    static func ways(in mapping: Mapping) -> [Mapping.Entry] {
        let pairs = [["apiKey", "apiSecret"], ["username", "password"], ["oauth"]]
        var ways = pairs.compactMap { pair in pair.lazy.compactMap { mapping.entry($0) }.first }
        if let tls = mapping.entry("tls"), tls.value["certificate"] != nil || tls.value["key"] != nil {
            ways.append(tls)
        }
        return ways
    }
}
