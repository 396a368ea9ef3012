import TestSupport
import FoundationEssentials

/// A check against the part of JSON Schema 2020-12 that the schemas of plans and events use; an unknown keyword is a
/// complaint, so that none is silently not checked.
struct JSONSchemaCheck {
    private let root: JSONValue

    init(schema text: String) throws {
        root = try JSONValue(parsing: text)
    }

    /// What is wrong with a document, each with its path; empty when it agrees with the schema.
    func complaints(about document: JSONValue) -> [String] {
        complaints(document, root, "$")
    }

    /// The words of an enumeration, for comparing with the code's.
    func words(at path: String...) -> Set<String> {
        Set(path.reduce(root) { $0[$1] }["enum"].array.compactMap(\.string))
    }

    private func complaints(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard case .object(let keywords) = schema else { return ["\(path): the schema is no object"] }
        return keywords.sorted { $0.key < $1.key }.flatMap { keyword, argument in
            complaints(value, keyword, argument, keywords, path)
        }
    }

    private func complaints(
        _ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: [String: JSONValue], _ path: String
    ) -> [String] {
        switch (keyword, argument) {
        case ("$schema", _), ("$id", _), ("$defs", _), ("title", _), ("description", _), ("then", _): return []
        case ("$ref", .text(let name)):
            guard let target = root["$defs"].members[String(name.dropFirst("#/$defs/".count))] else {
                return ["\(path): no \(name)"]
            }
            return complaints(value, target, path)
        case ("type", .text(let type)): return Self.has(value, type) ? [] : ["\(path) is no \(type)"]
        case ("const", _): return value == argument ? [] : ["\(path) is not \(argument)"]
        case ("enum", .list(let values)): return values.contains(value) ? [] : ["\(path) is none of the values"]
        case ("minimum", .number(let least)):
            guard case .number(let number) = value else { return [] }
            return number >= least ? [] : ["\(path) is less than \(least)"]
        case ("pattern", .text(let pattern)):
            guard case .text(let text) = value else { return [] }
            guard let regex = try? Regex(pattern) else { return ["\(path): bad pattern"] }
            return text.firstMatch(of: regex) == nil ? ["\(path) does not match \(pattern)"] : []
        case ("required", .list(let names)):
            return names.compactMap { name in
                guard case .text(let key) = name, value.members[key] == nil else { return nil }
                return "\(path).\(key) is missing"
            }
        case ("properties", .object(let properties)):
            return properties.sorted { $0.key < $1.key }.flatMap { key, part in
                value.members[key].map { complaints($0, part, "\(path).\(key)") } ?? []
            }
        case ("additionalProperties", _):
            guard case .object(let members) = value else { return [] }
            return members.flatMap { complaints($1, argument, "\(path).\($0)") }
        case ("items", _):
            guard case .list(let items) = value else { return [] }
            return items.enumerated().flatMap { complaints($1, argument, "\(path)[\($0)]") }
        case ("allOf", .list(let parts)): return parts.flatMap { complaints(value, $0, path) }
        case ("oneOf", .list(let parts)):
            let matching = parts.filter { complaints(value, $0, path).isEmpty }.count
            return matching == 1 ? [] : ["\(path) agrees with \(matching) of the forms"]
        case ("if", _):
            guard complaints(value, argument, path).isEmpty, let then = schema["then"] else { return [] }
            return complaints(value, then, path)
        default: return ["\(path): keyword \(keyword) is not checked"]
        }
    }

    private static func has(_ value: JSONValue, _ type: String) -> Bool {
        switch (value, type) {
        case (.object, "object"), (.list, "array"), (.text, "string"), (.bool, "boolean"): true
        case (.number(let number), "integer"): number == number.rounded()
        default: false
        }
    }
}
