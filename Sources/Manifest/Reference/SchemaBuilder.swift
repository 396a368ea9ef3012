import Diagnostics
import OrderedCollections

/// Builds JSON Schema (2020-12) from the tables that check and decode manifests.
struct SchemaBuilder {
    static let dialect = "https://json-schema.org/draft/2020-12/schema"

    /// Whether a whole document is described, or a part of one in a List, which `defaults` and items complete.
    enum Completeness {
        case whole
        case partial
    }

    /// A structure referred to, which becomes one of the `$defs`.
    struct Use: Hashable {
        let name: StructureName
        let completeness: Completeness

        var key: String { completeness == .whole ? name.rawValue : SchemaBuilder.partialName(name.rawValue) }
    }

    private(set) var used: OrderedSet<Use> = []

    mutating func document(_ kind: ManifestKind) -> OrderedJSON {
        let shape = Shape.document(kind)
        return object(shape, description: Table.of(kind).doc, constants: ["kind": kind.rawValue])
    }

    /// Name of the definition of a part.
    static func partialName(_ name: String) -> String { "\(name)InList" }

    /// What may stand of a document of a kind in `defaults` or in an item of a List: the same fields, none of them
    /// required, and `null` to take away what `defaults` say.
    mutating func part(of kind: ManifestKind) -> OrderedJSON {
        object(
            Shape.document(kind), description: Table.of(kind).doc, constants: ["kind": kind.rawValue], .partial)
    }

    /// A `kind: List` document; its items may be partial, because `defaults` complete them. Their kind comes from
    /// themselves, else from `defaults`.
    mutating func list() -> OrderedJSON {
        let base = object(Shape.list, description: Table.list.doc, constants: ["kind": ManifestKind.list])
        guard case .object(let members) = base else { return base }
        let branches = ManifestKind.allCases.flatMap { kind -> [OrderedJSON] in
            let part = OrderedJSON.fields(["$ref": .text("#/$defs/\(Self.partialName(kind.rawValue))")])
            let isKind = OrderedJSON.fields(["kind": .fields(["const": .text(kind.rawValue)])])
            let named = OrderedJSON.fields(["properties": isKind, "required": .texts(["kind"])])
            func items(_ condition: OrderedJSON) -> OrderedJSON {
                .fields(["items": .fields(["if": condition, "then": part])])
            }
            return [
                .fields(["properties": .fields(["items": items(named)])]),
                .fields([
                    "if": .fields([
                        "properties": .fields(["defaults": named]), "required": .texts(["defaults"]),
                    ]),
                    "then": .fields([
                        "properties": .fields([
                            "defaults": part, "items": items(.fields(["properties": isKind])),
                        ])
                    ]),
                ]),
            ]
        }
        return .object(members + [.init(key: "allOf", value: .array(branches))])
    }

    /// Definitions of every structure used so far, and of those they use.
    mutating func definitions() -> [OrderedJSON.Member] {
        var members: [OrderedJSON.Member] = []
        var index = 0
        while index < used.count {
            let use = used[index]
            index += 1
            let schema = object(
                Shape.structure(use.name), description: Table.of(use.name).doc, use.completeness)
            members.append(OrderedJSON.Member(key: use.key, value: schema))
        }
        return members.sorted { $0.key < $1.key }
    }

    private mutating func object(
        _ shape: Shape, description: String?, constants: [String: String] = [:],
        _ completeness: Completeness = .whole
    ) -> OrderedJSON {
        var properties: [OrderedJSON.Member] = []
        var required: [String] = []
        for member in shape.members.values {
            let value: OrderedJSON
            if let constant = constants[member.name] {
                value = .fields(["const": .text(constant), "description": .text(member.field?.doc ?? "")])
            } else {
                value = schema(of: member, completeness)
            }
            properties.append(OrderedJSON.Member(key: member.name, value: value))
            if member.isRequired || member.mustBePresent { required.append(member.name) }
        }
        var members: [OrderedJSON.Member] = []
        if let description { members.append(.init(key: "description", value: .text(description))) }
        members.append(.init(key: "type", value: .text("object")))
        members.append(.init(key: "properties", value: .object(properties)))
        if completeness == .whole, !required.isEmpty { members.append(.init(key: "required", value: .texts(required))) }
        members.append(.init(key: "additionalProperties", value: .boolean(false)))
        guard completeness == .whole else { return .object(members) }
        members += Self.choices(shape)
        if !shape.dependencies.isEmpty {
            let needs = shape.dependencies.map { OrderedJSON.Member(key: $0.field, value: .texts([$0.needs])) }
            members.append(.init(key: "dependentRequired", value: .object(needs)))
        }
        return .object(members)
    }

    private mutating func schema(of member: Shape.Member, _ completeness: Completeness) -> OrderedJSON {
        let base: OrderedJSON
        switch member.value {
        case .mapping(let shape):
            base = nullable(object(shape, description: member.field?.doc, completeness), completeness)
        case .leaf(let type):
            let described =
                member.field.map { [OrderedJSON.Member(key: "description", value: .text($0.described))] } ?? []
            guard case .object(let members) = nullable(schema(of: type, completeness), completeness) else {
                return .object(described)
            }
            base = .object(described + members)
        }
        guard let value = member.field?.defaultDocument, case .object(let members) = base else { return base }
        return .object(members + [.init(key: "default", value: value)])
    }

    /// In a part of a document `null` takes a field away.
    private func nullable(_ schema: OrderedJSON, _ completeness: Completeness) -> OrderedJSON {
        guard completeness == .partial, schema != .object([]) else { return schema }
        return .fields(["anyOf": .array([schema, .fields(["type": .text("null")])])])
    }

    private mutating func schema(of type: FieldType, _ completeness: Completeness) -> OrderedJSON {
        switch type {
        case .text: return .fields(["type": .text("string")])
        case .string, .path: return .fields(["type": .text("string"), "minLength": .number(1)])
        case .boolean: return .fields(["type": .text("boolean")])
        case .integer(let minimum):
            return .fields([
                "type": .text("integer"), "minimum": .number(minimum), "maximum": .number(ValueForm.greatestInteger),
            ])
        case .name, .reference, .connection: return Self.pattern(ValueForm.namePattern)
        case .url: return Self.pattern(ValueForm.urlPattern)
        case .duration: return Self.pattern(ValueForm.durationPattern)
        case .size: return Self.pattern(ValueForm.sizePattern)
        case .glob: return Self.pattern(ValueForm.globPattern)
        case .pattern: return Self.pattern(ValueForm.groupPattern).adding(["minLength": .number(1)])
        case .scalar: return .fields(["type": .texts(["string", "number", "boolean"])])
        case .any: return .object([])
        case .enumeration(let words): return .fields(["enum": .texts(words)])
        case .constant(let word): return .fields(["const": .text(word)])
        case .secret: return reference(to: .secretReference, completeness)
        case .textOrSecret:
            return .fields([
                "anyOf": .array([.fields(["type": .text("string")]), reference(to: .secretReference, completeness)])
            ])
        case .structure(let name): return reference(to: name, completeness)
        case .list(let item): return .fields(["type": .text("array"), "items": schema(of: item, .whole)])
        case .map(let value):
            return .fields([
                "type": .text("object"),
                "additionalProperties": nullable(schema(of: value, completeness), completeness),
            ])
        case .mapByName(_, let value):
            return .fields([
                "type": .text("object"), "propertyNames": Self.pattern(ValueForm.namePattern),
                "additionalProperties": nullable(schema(of: value, completeness), completeness),
            ])
        }
    }

    private mutating func reference(to name: StructureName, _ completeness: Completeness) -> OrderedJSON {
        let use = Use(name: name, completeness: completeness)
        used.append(use)
        return .fields(["$ref": .text("#/$defs/\(use.key)")])
    }

    private static func pattern(_ pattern: String) -> OrderedJSON {
        .fields(["type": .text("string"), "pattern": .text(pattern)])
    }

    private static func choices(_ shape: Shape) -> [OrderedJSON.Member] {
        shape.choices.map { choice in
            let each = choice.fields.map { OrderedJSON.fields(["required": .texts([$0])]) }
            switch choice.form {
            case .exactlyOne: return .init(key: "oneOf", value: .array(each))
            case .atLeastOne: return .init(key: "anyOf", value: .array(each))
            case .atMostOne:
                let pairs = choice.fields.indices.flatMap { first in
                    choice.fields[(first + 1)...].map { second in
                        OrderedJSON.fields([
                            "not": .fields(["required": .texts([choice.fields[first], second])])
                        ])
                    }
                }
                return .init(key: "allOf", value: .array(pairs))
            case .signIn: return .init(key: "oneOf", value: .array(each.dropLast() + [signInByCertificate]))
            }
        }
    }

    private static let signInByCertificate = OrderedJSON.fields([
        "required": .texts(["tls"]),
        "properties": .fields(["tls": .fields(["required": .texts(["certificate"])])]),
    ])
}

extension Shape.Member {
    /// Whether a document without it would be refused although no row says "required".
    fileprivate var mustBePresent: Bool {
        guard case .mapping(let shape) = value else { return false }
        return isAlwaysChecked && shape.needsMembers
    }
}

extension Field {
    /// The sentence, with the default and the effect of a change where they say something.
    var described: String {
        var sentence = doc
        if case .described(let words) = defaultValue { sentence += " Default: \(words)." }
        switch change {
        case .yes: break
        case .no: sentence += " Cannot be changed later."
        case .grow: sentence += " May only grow."
        case .replace: sentence += " A change deletes and creates the object, which needs consent."
        }
        return sentence
    }

    /// The default as JSON, where it is a value.
    fileprivate var defaultDocument: OrderedJSON? {
        guard case .value(let yaml) = defaultValue else { return nil }
        if case .string = type { return .text(yaml) }
        var findings = Findings()
        let documents = YAMLReader().documents(of: Array(yaml.utf8), path: "default", into: &findings)
        return documents.first.flatMap(OrderedJSON.init(node:))
    }
}

extension OrderedJSON {
    /// A YAML value as JSON; `nil` for nothing and for numbers that are no integers.
    init?(node: Node) {
        switch node.content {
        case .mapping(let mapping):
            self = .object(
                mapping.entries.compactMap { entry in
                    OrderedJSON(node: entry.value).map { Member(key: entry.key, value: $0) }
                })
        case .sequence(let items): self = .array(items.compactMap(OrderedJSON.init(node:)))
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null, .number: return nil
            case .boolean(let value): self = .boolean(value)
            case .integer(let value): self = .number(value)
            case .text: self = .text(scalar.text)
            }
        }
    }
}
