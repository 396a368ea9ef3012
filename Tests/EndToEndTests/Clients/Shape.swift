import TestSupport
import Foundation

/// What a body must look like, written as JSON: texts name types (`string`, `integer`, `boolean`, `null`, `list`, alternatives
/// with `|`) or, after `=`, the very text; objects list all members that may be there, optional ones with `?`; an array
/// of one describes every item and wants at least one.
struct Shape {
    private let description: JSONValue

    init(_ text: String) throws {
        description = try JSONValue(parsing: text)
    }

    /// How a value differs, place by place; empty when it does not.
    func differences(of value: JSONValue) -> [String] {
        Self.differences(of: value, from: description, at: "$")
    }

    private static func differences(of value: JSONValue, from shape: JSONValue, at place: String) -> [String] {
        switch (shape, value) {
        case (.text(let types), _):
            return types.split(separator: "|").contains { isOfType(value, String($0)) }
                ? [] : ["\(place) is \(value) instead of \(types)"]
        case (.list(let shapes), .list(let items)):
            guard let shape = shapes.first, !items.isEmpty else { return items.isEmpty ? ["\(place) is empty"] : [] }
            return items.flatMap { differences(of: $0, from: shape, at: "\(place)[]") }
        case (.object(let shapes), .object(let members)):
            return differences(of: members, from: shapes, at: place)
        default: return ["\(place) is \(value)"]
        }
    }

    private static func differences(
        of members: [String: JSONValue], from shapes: [String: JSONValue], at place: String
    ) -> [String] {
        var differences: [String] = []
        for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
            let isOptional = name.hasSuffix("?")
            let name = isOptional ? String(name.dropLast()) : name
            if let member = members[name] {
                differences += Self.differences(of: member, from: shape, at: "\(place).\(name)")
            } else if !isOptional {
                differences.append("\(place).\(name) is missing")
            }
        }
        for name in members.keys.sorted() where shapes[name] == nil && shapes["\(name)?"] == nil {
            differences.append("\(place).\(name) is unknown")
        }
        return differences
    }

    private static func isOfType(_ value: JSONValue, _ type: String) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .number(let number): type == "integer" && number == number.rounded()
        case .text(let text): type == "string" || type == "=\(text)"
        case .list: type == "list"
        case .object: false
        }
    }
}
