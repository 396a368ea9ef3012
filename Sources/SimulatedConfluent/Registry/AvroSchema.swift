import SimulatorCore

/// An Avro type; named types are kept once and pointed to by their full names.
indirect enum AvroType: Sendable, Equatable {
    case primitive(Primitive)
    case array(AvroType)
    case map(AvroType)
    case union([AvroType])
    case record(Record)
    case enumeration(Enumeration)
    case fixed(Fixed)
    case named(String)

    enum Primitive: String, Sendable {
        case null, boolean, int, long, float, double, bytes, string
    }

    struct Field: Sendable, Equatable {
        package var name: String
        var aliases: [String]
        var type: AvroType
        var hasDefault: Bool
    }

    struct Record: Sendable, Equatable {
        package var name: String
        var aliases: [String]
        var fields: [Field]
    }

    struct Enumeration: Sendable, Equatable {
        package var name: String
        var aliases: [String]
        var symbols: [String]
        var hasDefault: Bool
    }

    struct Fixed: Sendable, Equatable {
        package var name: String
        var aliases: [String]
        var size: Int
    }
}

/// A parsed Avro schema with every named type it defines or uses.
struct AvroSchema: Sendable, Equatable {
    var root: AvroType
    var definitions: [String: AvroType]
    /// Compact JSON with attributes in the order Avro writes them, so that white space and order make no new schema.
    var canonicalText: String

    /// Parses a schema.
    ///
    /// - Parameter dependencies: named types that referenced schemas define.
    /// - Throws: 42201 with what is wrong.
    init(text: String, dependencies: [String: AvroType] = [:]) throws(RegistryRefusal) {
        guard let value = JSON(text: text) else { throw .invalidSchema("the schema is no JSON") }
        var parser = AvroParser(definitions: dependencies)
        root = try parser.type(value, namespace: "")
        definitions = parser.definitions
        canonicalText = String(decoding: Self.ordered(value).bytes, as: UTF8.self)
    }

    func resolve(_ type: AvroType) -> AvroType {
        guard case .named(let name) = type, let definition = definitions[name] else { return type }
        return definition
    }

    private static let typeOrder = ["type", "name", "namespace", "doc", "fields", "symbols", "items", "values", "size"]
    private static let fieldOrder = ["name", "type", "doc", "default", "order", "aliases"]

    private static func ordered(_ value: JSON) -> JSON {
        switch value {
        case .array(let branches): return .array(branches.map(ordered))
        case .object(let members):
            let nested = members.map { member in
                switch member.name {
                case "type", "items", "values": JSON.Member(name: member.name, value: ordered(member.value))
                case "fields": JSON.Member(name: member.name, value: fields(member.value))
                default: member
                }
            }
            if nested.count == 1, nested[0].name == "type", nested[0].value.string != nil { return nested[0].value }
            return .object(sorted(nested, by: typeOrder))
        default: return value
        }
    }

    private static func fields(_ value: JSON) -> JSON {
        .array(
            (value.array ?? []).map { field in
                let members = (field.members ?? []).map { member in
                    member.name == "type" ? JSON.Member(name: "type", value: ordered(member.value)) : member
                }
                return .object(sorted(members, by: fieldOrder))
            })
    }

    private static func sorted(_ members: [JSON.Member], by order: [String]) -> [JSON.Member] {
        let known = order.compactMap { name in members.first { $0.name == name } }
        let rest = members.filter { !order.contains($0.name) }.sorted { $0.name < $1.name }
        return known + rest
    }
}
