import SimulatorCore

/// Whether data written with one Avro schema can be read with another, by the rules of Avro's *Schema Resolution*.
struct AvroResolution {
    let reader: AvroSchema
    let writer: AvroSchema
    private var assumed: Set<[String]> = []
    private var failures: [String] = []

    init(reader: AvroSchema, writer: AvroSchema) {
        self.reader = reader
        self.writer = writer
    }

    /// What stands in the way, empty when everything written can be read.
    static func failures(reading writer: AvroSchema, with reader: AvroSchema) -> [String] {
        var resolution = AvroResolution(reader: reader, writer: writer)
        resolution.check(reader.root, writer.root, path: "/")
        return resolution.failures
    }

    private mutating func fail(_ kind: String, _ path: String, _ description: String) {
        failures.append("{errorType:'\(kind)', description:'\(description)', path:'\(path)'}")
    }

    private mutating func check(_ readerType: AvroType, _ writerType: AvroType, path: String) {
        switch (reader.resolve(readerType), writer.resolve(writerType)) {
        case (let target, .union(let branches)):
            for (position, branch) in branches.enumerated() { check(target, branch, path: "\(path)\(position)/") }
        case (.union(let branches), let source):
            checkUnion(branches, source, path: path)
        case (.primitive(let target), .primitive(let source)):
            guard !Self.promotes(source, to: target) else { return }
            fail("TYPE_MISMATCH", path, "reader type \(target.rawValue) cannot read \(source.rawValue)")
        case (.array(let target), .array(let source)): check(target, source, path: path + "items/")
        case (.map(let target), .map(let source)): check(target, source, path: path + "values/")
        case (.record(let target), .record(let source)): check(target, source, path: path)
        case (.enumeration(let target), .enumeration(let source)): check(target, source, path: path)
        case (.fixed(let target), .fixed(let source)): check(target, source, path: path)
        default: fail("TYPE_MISMATCH", path, "reader and writer types differ")
        }
    }

    private mutating func checkUnion(_ branches: [AvroType], _ source: AvroType, path: String) {
        let known = failures
        for branch in branches {
            failures = []
            check(branch, source, path: path)
            if failures.isEmpty {
                failures = known
                return
            }
        }
        failures = known
        fail("MISSING_UNION_BRANCH", path, "no branch of the reader's union reads the writer's type")
    }

    private mutating func check(_ target: AvroType.Record, _ source: AvroType.Record, path: String) {
        guard assumed.insert([target.name, source.name]).inserted else { return }
        checkNames(target.name, target.aliases, source.name, path: path)
        let sources = Dictionary(source.fields.map { ($0.name, $0) }) { first, _ in first }
        for field in target.fields {
            let names = [field.name] + field.aliases
            if let match = names.lazy.compactMap({ sources[$0] }).first {
                check(field.type, match.type, path: path + "fields/\(field.name)/")
            } else if !field.hasDefault {
                fail(
                    "READER_FIELD_MISSING_DEFAULT_VALUE", path + "fields/\(field.name)",
                    "the reader's field \(field.name) has no default and the writer does not have it")
            }
        }
    }

    private mutating func check(_ target: AvroType.Enumeration, _ source: AvroType.Enumeration, path: String) {
        checkNames(target.name, target.aliases, source.name, path: path)
        let missing = source.symbols.filter { !target.symbols.contains($0) }
        guard !missing.isEmpty, !target.hasDefault else { return }
        fail("MISSING_ENUM_SYMBOLS", path + "symbols", "the reader lacks \(missing.joined(separator: ", "))")
    }

    private mutating func check(_ target: AvroType.Fixed, _ source: AvroType.Fixed, path: String) {
        checkNames(target.name, target.aliases, source.name, path: path)
        guard target.size != source.size else { return }
        fail("FIXED_SIZE_MISMATCH", path + "size", "expected \(source.size), found \(target.size)")
    }

    private mutating func checkNames(_ target: String, _ aliases: [String], _ source: String, path: String) {
        let short = { (name: String) in name.split(separator: ".").last }
        guard short(target) != short(source), !aliases.contains(source) else { return }
        fail("NAME_MISMATCH", path + "name", "expected \(source)")
    }

    private static func promotes(_ source: AvroType.Primitive, to target: AvroType.Primitive) -> Bool {
        switch (source, target) {
        case (.int, .long), (.int, .float), (.int, .double), (.long, .float), (.long, .double), (.float, .double),
            (.string, .bytes), (.bytes, .string):
            true
        default: source == target
        }
    }
}
