import SimulatorCore

extension Registry {
    /// The content a submission stands for: parsed, canonical, with its references resolved in the context.
    ///
    /// - Throws: 42201 for a text that is no schema of its type or a reference to nothing.
    func canonical(_ submission: SchemaSubmission, in context: String) throws(RegistryRefusal) -> SchemaContent {
        let references = try resolved(submission.references, in: context)
        let text: String
        switch submission.type {
        case .avro:
            let parsed = try AvroSchema(text: submission.text, dependencies: definitions(of: references, in: context))
            text = parsed.canonicalText
        case .json:
            guard let value = JSON(text: submission.text), value.members != nil || value.bool != nil else {
                throw .invalidSchema("the schema is no JSON Schema")
            }
            text = String(decoding: value.bytes, as: UTF8.self)
        case .protobuf:
            guard !submission.text.allSatisfy(\.isWhitespace) else { throw .invalidSchema("Empty schema") }
            text = submission.text
        }
        return SchemaContent(
            type: submission.type, text: text, references: references, metadata: submission.metadata,
            ruleSet: submission.ruleSet)
    }

    /// References with `-1` replaced by the version that is the latest now.
    private func resolved(
        _ references: [SchemaReference], in context: String
    ) throws(RegistryRefusal) -> [SchemaReference] {
        var resolved: [SchemaReference] = []
        for reference in references {
            let place = target(of: reference, in: context)
            guard version(place.version, of: place.subject) != nil else {
                throw .invalidSchema(
                    "No schema reference found for subject \"\(reference.subject)\" and version \(reference.version)")
            }
            resolved.append(
                SchemaReference(name: reference.name, subject: reference.subject, version: place.version))
        }
        return resolved
    }

    /// The named Avro types that references bring in, those of their own references first.
    func definitions(
        of references: [SchemaReference], in context: String
    ) throws(RegistryRefusal) -> [String: AvroType] {
        var definitions: [String: AvroType] = [:]
        for reference in references {
            let place = target(of: reference, in: context)
            guard let version = version(place.version, of: place.subject),
                let content = content(id: version.id, in: place.subject.context), content.type == .avro
            else { continue }
            let inherited = try self.definitions(of: content.references, in: place.subject.context)
            definitions.merge(inherited) { known, _ in known }
            let parsed = try AvroSchema(text: content.text, dependencies: inherited)
            definitions.merge(parsed.definitions) { known, _ in known }
        }
        return definitions
    }

    /// The parsed form of a registered Avro schema.
    func avro(_ content: SchemaContent, in context: String) throws(RegistryRefusal) -> AvroSchema {
        try AvroSchema(text: content.text, dependencies: definitions(of: content.references, in: context))
    }
}
