import SimulatorCore

enum SchemaType: String, Sendable, CaseIterable {
    case avro = "AVRO"
    case json = "JSON"
    case protobuf = "PROTOBUF"
}

/// A schema's use of another one.
struct SchemaReference: Hashable, Sendable {
    package var name: String
    var subject: String
    var version: Int

    package var json: JSON {
        ["name": .string(name), "subject": .string(subject), "version": JSON(version)]
    }
}

/// What makes two schemas the same one: everything but its id, subject and version.
package struct SchemaContent: Hashable, Sendable {
    var type: SchemaType
    /// The canonical text: Avro and JSON are stored compact, Protobuf as it came.
    var text: String
    var references: [SchemaReference] = []
    /// Metadata and rule set as compact JSON text; absent when none was given.
    var metadata: String?
    var ruleSet: String?

    /// The members of a schema object that describe the content.
    func members(showsType: Bool = false) -> [JSON.Member] {
        var members: [JSON.Member] = []
        if type != .avro || showsType { members.append(.init(name: "schemaType", value: .string(type.rawValue))) }
        if !references.isEmpty { members.append(.init(name: "references", value: .array(references.map(\.json)))) }
        if let metadata = metadata.flatMap(JSON.init(text:)) {
            members.append(.init(name: "metadata", value: metadata))
        }
        if let ruleSet = ruleSet.flatMap(JSON.init(text:)) { members.append(.init(name: "ruleSet", value: ruleSet)) }
        members.append(.init(name: "schema", value: .string(text)))
        return members
    }
}

/// A schema as a request or an exporter hands it in.
struct SchemaSubmission: Sendable {
    var type: SchemaType
    var text: String
    var references: [SchemaReference]
    var metadata: String?
    var ruleSet: String?
    package var id: Int?
    var version: Int?

    /// Reads a request body.
    ///
    /// - Throws: 400 for no object, 42201 for an unknown type or malformed references, 501 for inline tags.
    init(_ body: JSON?) throws(RegistryRefusal) {
        guard let body, body.members != nil else { throw .badRequest }
        let typeName = body["schemaType"]?.string ?? SchemaType.avro.rawValue
        guard let type = SchemaType(rawValue: typeName) else {
            throw RegistryRefusal(42201, "Invalid schema type \(typeName)")
        }
        for name in ["schemaTagsToAdd", "schemaTagsToRemove"] where body[name]?.array?.isEmpty == false {
            throw .unmodelled("inline schema tags")
        }
        self.type = type
        text = body["schema"]?.string ?? ""
        references = try Self.references(body["references"])
        metadata = Self.compact(body["metadata"])
        ruleSet = Self.compact(body["ruleSet"])
        id = body["id"]?.int.flatMap { $0 >= 0 ? Int($0) : nil }
        version = body["version"]?.int.flatMap { $0 > 0 ? Int($0) : nil }
    }

    /// A copy of a registered schema that keeps its id and version.
    init(copying content: SchemaContent, id: Int, version: Int) {
        type = content.type
        text = content.text
        references = content.references
        metadata = content.metadata
        ruleSet = content.ruleSet
        self.id = id
        self.version = version
    }

    private static func references(_ value: JSON?) throws(RegistryRefusal) -> [SchemaReference] {
        var references: [SchemaReference] = []
        for item in value?.array ?? [] {
            guard let name = item["name"]?.string, let subject = item["subject"]?.string,
                let version = item["version"]?.int
            else { throw .invalidSchema("a reference needs name, subject and version") }
            references.append(SchemaReference(name: name, subject: subject, version: Int(version)))
        }
        return references
    }

    private static func compact(_ value: JSON?) -> String? {
        guard let value, value != .null else { return nil }
        return String(decoding: value.bytes, as: UTF8.self)
    }
}
