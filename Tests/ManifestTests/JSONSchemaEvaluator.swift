@testable import Manifest

/// The part of JSON Schema (2020-12) that the generated schemas use, evaluated on YAML nodes.
struct JSONSchemaEvaluator {
    let root: OrderedJSON

    func accepts(_ node: Node) -> Bool {
        accepts(node, root)
    }

    private func accepts(_ node: Node, _ schema: OrderedJSON) -> Bool {
        guard case .object(let members) = schema else { return schema == .boolean(true) }
        return members.allSatisfy { keyword($0.key, $0.value, node, schema) }
    }

    private func keyword(_ name: String, _ value: OrderedJSON, _ node: Node, _ schema: OrderedJSON) -> Bool {
        switch name {
        case "$schema", "$id", "$defs", "title", "description", "default", "then": return true
        case "$ref": return resolved(value).map { accepts(node, $0) } ?? false
        case "type": return types(value).contains { has(node, $0) }
        case "const": return OrderedJSON(node: node) == value
        case "enum": return OrderedJSON(node: node).map { array(value).contains($0) } ?? false
        case "oneOf": return array(value).filter { accepts(node, $0) }.count == 1
        case "anyOf": return array(value).contains { accepts(node, $0) }
        case "allOf": return array(value).allSatisfy { accepts(node, $0) }
        case "not": return !accepts(node, value)
        case "if": return !accepts(node, value) || (schema["then"].map { accepts(node, $0) } ?? true)
        case "pattern", "minLength": return text(node).map { accepts($0, name, value) } ?? true
        case "minimum":
            guard case .integer(let number)? = node.scalar?.resolved, case .number(let least) = value else {
                return true
            }
            return number >= least
        case "maximum":
            guard case .integer(let number)? = node.scalar?.resolved, case .number(let greatest) = value else {
                return true
            }
            return number <= greatest
        case "items": return node.sequence?.allSatisfy { accepts($0, value) } ?? true
        default: return mappingKeyword(name, value, node, schema)
        }
    }

    private func mappingKeyword(
        _ name: String, _ value: OrderedJSON, _ node: Node, _ schema: OrderedJSON
    ) -> Bool {
        guard let entries = node.mapping?.entries else { return true }
        let keys = entries.map(\.key)
        switch name {
        case "required": return array(value).allSatisfy { keys.contains(string($0)) }
        case "properties":
            return entries.allSatisfy { entry in value[entry.key].map { accepts(entry.value, $0) } ?? true }
        case "additionalProperties":
            return entries.allSatisfy { schema["properties"]?[$0.key] != nil || accepts($0.value, value) }
        case "propertyNames":
            return entries.allSatisfy { entry in
                let key = Node(content: .scalar(Scalar(text: entry.key, isPlain: false)), place: entry.keyPlace)
                return accepts(key, value)
            }
        case "dependentRequired":
            guard case .object(let needs) = value else { return false }
            return needs.allSatisfy { need in
                !keys.contains(need.key) || array(need.value).allSatisfy { keys.contains(string($0)) }
            }
        default: return false
        }
    }

    private func accepts(_ text: String, _ keyword: String, _ value: OrderedJSON) -> Bool {
        if case .number(let least) = value { return text.unicodeScalars.count >= least }
        guard let pattern = try? Regex(string(value)) else { return false }
        return (try? pattern.firstMatch(in: text)) ?? nil != nil
    }

    private func resolved(_ reference: OrderedJSON) -> OrderedJSON? {
        root["$defs"]?[String(string(reference).dropFirst("#/$defs/".count))]
    }

    private func has(_ node: Node, _ type: String) -> Bool {
        switch (type, node.content) {
        case ("object", .mapping), ("array", .sequence): return true
        case (_, .scalar(let scalar)):
            switch scalar.resolved {
            case .text: return type == "string"
            case .boolean: return type == "boolean"
            case .integer: return type == "integer" || type == "number"
            case .number: return type == "number"
            case .null: return type == "null"
            }
        default: return false
        }
    }

    private func text(_ node: Node) -> String? {
        node.scalar?.resolved == .text ? node.scalar?.text : nil
    }

    private func types(_ value: OrderedJSON) -> [String] {
        if case .array(let items) = value { items.map(string) } else { [string(value)] }
    }

    private func array(_ value: OrderedJSON) -> [OrderedJSON] {
        if case .array(let items) = value { items } else { [] }
    }

    private func string(_ value: OrderedJSON) -> String {
        if case .text(let text) = value { text } else { "" }
    }
}
