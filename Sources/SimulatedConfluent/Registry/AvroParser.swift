import SimulatorCore

/// Reads Avro's JSON form and checks what its specification demands of names, fields, symbols and unions.
struct AvroParser {
    private(set) var definitions: [String: AvroType]
    private var defined: Set<String> = []

    init(definitions: [String: AvroType]) {
        self.definitions = definitions
    }

    mutating func type(_ value: JSON, namespace: String) throws(RegistryRefusal) -> AvroType {
        switch value {
        case .string(let name): return try reference(to: name, namespace: namespace)
        case .array(let branches): return try union(branches, namespace: namespace)
        case .object: return try complex(value, namespace: namespace)
        default: throw .invalidSchema("No type: \(String(decoding: value.bytes, as: UTF8.self))")
        }
    }

    private func reference(to name: String, namespace: String) throws(RegistryRefusal) -> AvroType {
        if let primitive = AvroType.Primitive(rawValue: name) { return .primitive(primitive) }
        for candidate in [fullName(name, namespace: namespace), name] where definitions[candidate] != nil {
            return .named(candidate)
        }
        throw .invalidSchema("Undefined name: \"\(name)\"")
    }

    private mutating func union(_ values: [JSON], namespace: String) throws(RegistryRefusal) -> AvroType {
        var branches: [AvroType] = []
        for value in values {
            let branch = try type(value, namespace: namespace)
            if case .union = branch { throw .invalidSchema("Nested union") }
            guard !branches.contains(where: { Self.kind(of: $0) == Self.kind(of: branch) }) else {
                throw .invalidSchema("Duplicate in union: \(Self.kind(of: branch))")
            }
            branches.append(branch)
        }
        return .union(branches)
    }

    private static func kind(of type: AvroType) -> String {
        switch type {
        case .primitive(let primitive): primitive.rawValue
        case .array: "array"
        case .map: "map"
        case .union: "union"
        case .record(let record): record.name
        case .enumeration(let enumeration): enumeration.name
        case .fixed(let fixed): fixed.name
        case .named(let name): name
        }
    }

    private mutating func complex(_ value: JSON, namespace: String) throws(RegistryRefusal) -> AvroType {
        guard let kind = value["type"] else { throw .invalidSchema("No type in an object") }
        guard let name = kind.string else { return try type(kind, namespace: namespace) }
        switch name {
        case "array": return .array(try type(value["items"] ?? .null, namespace: namespace))
        case "map": return .map(try type(value["values"] ?? .null, namespace: namespace))
        case "record", "error": return try record(value, namespace: namespace)
        case "enum": return try enumeration(value, namespace: namespace)
        case "fixed": return try fixed(value, namespace: namespace)
        default: return try reference(to: name, namespace: namespace)
        }
    }

    private mutating func record(_ value: JSON, namespace: String) throws(RegistryRefusal) -> AvroType {
        let name = try define(value, namespace: namespace)
        var record = AvroType.Record(name: name, aliases: aliases(value, of: name), fields: [])
        definitions[name] = .record(record)
        guard let fields = value["fields"]?.array else { throw .invalidSchema("Record has no fields: \(name)") }
        for field in fields {
            let parsed = try self.field(field, namespace: Self.namespace(of: name))
            guard !record.fields.contains(where: { $0.name == parsed.name }) else {
                throw .invalidSchema("Duplicate field \(parsed.name) in record \(name)")
            }
            record.fields.append(parsed)
        }
        definitions[name] = .record(record)
        return .named(name)
    }

    private mutating func field(_ value: JSON, namespace: String) throws(RegistryRefusal) -> AvroType.Field {
        guard let name = value["name"]?.string, Self.isName(name) else { throw .invalidSchema("Illegal field name") }
        guard let type = value["type"] else { throw .invalidSchema("No field type: \(name)") }
        let parsed = try self.type(type, namespace: namespace)
        if let standard = value["default"], !AvroDefaults(definitions: definitions).suits(standard, parsed) {
            throw .unmodelled("the default of \(name), which is not of the field's type")
        }
        return AvroType.Field(
            name: name, aliases: value["aliases"]?.array?.compactMap(\.string) ?? [], type: parsed,
            hasDefault: value["default"] != nil)
    }

    private mutating func enumeration(_ value: JSON, namespace: String) throws(RegistryRefusal) -> AvroType {
        let name = try define(value, namespace: namespace)
        guard let symbols = value["symbols"]?.array?.compactMap(\.string) else {
            throw .invalidSchema("Enum has no symbols: \(name)")
        }
        guard Set(symbols).count == symbols.count, symbols.allSatisfy(Self.isName) else {
            throw .invalidSchema("Illegal or duplicate symbol in enum \(name)")
        }
        if let standard = value["default"], !(standard.string.map(symbols.contains) ?? false) {
            throw .unmodelled("the default of \(name), which is none of its symbols")
        }
        definitions[name] = .enumeration(
            AvroType.Enumeration(
                name: name, aliases: aliases(value, of: name), symbols: symbols, hasDefault: value["default"] != nil))
        return .named(name)
    }

    private mutating func fixed(_ value: JSON, namespace: String) throws(RegistryRefusal) -> AvroType {
        let name = try define(value, namespace: namespace)
        guard let size = value["size"]?.int, size >= 0 else { throw .invalidSchema("Invalid or no size: \(name)") }
        definitions[name] = .fixed(
            AvroType.Fixed(name: name, aliases: aliases(value, of: name), size: Int(size)))
        return .named(name)
    }

    private mutating func define(_ value: JSON, namespace: String) throws(RegistryRefusal) -> String {
        guard let short = value["name"]?.string else { throw .invalidSchema("No name in a named type") }
        let name = fullName(short, namespace: value["namespace"]?.string ?? namespace)
        guard name.split(separator: ".", omittingEmptySubsequences: false).map(String.init).allSatisfy(Self.isName)
        else { throw .invalidSchema("Illegal name: \(name)") }
        guard defined.insert(name).inserted else { throw .invalidSchema("Can't redefine: \(name)") }
        return name
    }

    private func aliases(_ value: JSON, of name: String) -> [String] {
        let namespace = Self.namespace(of: name)
        return (value["aliases"]?.array ?? []).compactMap(\.string).map { fullName($0, namespace: namespace) }
    }

    private func fullName(_ name: String, namespace: String) -> String {
        name.contains(".") || namespace.isEmpty ? name : "\(namespace).\(name)"
    }

    private static func namespace(of name: String) -> String {
        name.lastIndex(of: ".").map { String(name[..<$0]) } ?? ""
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { unit in
            switch unit {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
