import Foundation
import SimulatorServer
import Testing
import TestSupport

/// Manifests as JSON, which YAML holds.
struct Documents {
    private var documents: [String: JSONValue] = [:]
    private var order: [String] = []

    init(_ documents: [JSONValue]) {
        for document in documents {
            let name = "\(document["kind"].string ?? "")/\(document["metadata"]["name"].string ?? "")"
            self.documents[name] = document
            order.append(name)
        }
    }

    /// Writes a field, or takes it away.
    mutating func write(_ value: JSONValue?, to path: String, of document: String) throws {
        let whole = try #require(documents[document], "there is no \(document)")
        documents[document] = whole.with(value, at: path.split(separator: ".").map(String.init)[...])
    }

    mutating func take(_ step: FieldEntry.Step, of entry: FieldEntry) throws {
        try write(step.written, to: entry.path, of: entry.document)
    }

    /// The text of all that are no workspace.
    var manifests: String {
        get throws { try text { !$0.hasPrefix("Workspace/") } }
    }

    /// The text of the workspace.
    var workspace: String {
        get throws { try text { $0.hasPrefix("Workspace/") } }
    }

    private func text(_ isMeant: (String) -> Bool) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys, .prettyPrinted]
        return try order.filter(isMeant).map { name in
            String(decoding: try encoder.encode(documents[name]), as: UTF8.self) + "\n"
        }.joined(separator: "---\n")
    }

    /// A document.
    static func of(_ kind: String, _ name: String, _ spec: JSONValue) -> JSONValue {
        ["apiVersion": "spillway/v1", "kind": .text(kind), "metadata": ["name": .text(name)], "spec": spec]
    }
}

extension JSONValue {
    /// This value with another one at a path; numbers are places in lists.
    func with(_ value: JSONValue?, at path: ArraySlice<String>) -> JSONValue {
        guard let first = path.first else { return value ?? .null }
        if let index = Int(first), case .list(var items) = self, items.indices.contains(index) {
            items[index] = items[index].with(value, at: path.dropFirst())
            return .list(items)
        }
        var members = members
        if path.count == 1 {
            members[first] = value
        } else {
            let inner = self[first].with(value, at: path.dropFirst())
            members[first] = inner.members.isEmpty && inner.array.isEmpty && value == nil ? nil : inner
        }
        return .object(members)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, Encodable
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(Double(value)) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let items): try container.encode(items)
        case .object(let members): try container.encode(members)
        }
    }
}
