import SimulatorCore

/// Whether default values are of the types they stand for, by the table of Avro's *Complex Types*.
struct AvroDefaults {
    /// Named types that are known so far.
    let definitions: [String: AvroType]

    /// Whether a value can stand for a type; of a union, for any of its branches.
    func suits(_ value: JSON, _ type: AvroType) -> Bool {
        switch type {
        case .primitive(let primitive): suits(value, primitive)
        case .array(let items): value.array?.allSatisfy { suits($0, items) } ?? false
        case .map(let values): value.members?.allSatisfy { suits($0.value, values) } ?? false
        case .union(let branches): branches.contains { suits(value, $0) }
        case .record(let record): suits(value, record)
        case .enumeration(let enumeration): value.string.map(enumeration.symbols.contains) ?? false
        case .fixed(let fixed): value.string?.unicodeScalars.count == fixed.size
        case .named(let name): definitions[name].map { suits(value, $0) } ?? true
        }
    }

    private func suits(_ value: JSON, _ primitive: AvroType.Primitive) -> Bool {
        switch primitive {
        case .null: value == .null
        case .boolean: value.bool != nil
        case .int: value.int.map { Int32(exactly: $0) != nil } ?? false
        case .long: value.int != nil
        case .float, .double: value.number != nil
        case .bytes, .string: value.string != nil
        }
    }

    private func suits(_ value: JSON, _ record: AvroType.Record) -> Bool {
        guard value.members != nil else { return false }
        return record.fields.allSatisfy { field in
            value[field.name].map { suits($0, field.type) } ?? field.hasDefault
        }
    }
}
