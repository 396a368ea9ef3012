import SimulatorCore

extension Registry {
    /// Why a content may not become the next version of a subject, by the level in force; empty when it may.
    ///
    /// - Throws: 501 for JSON and Protobuf under any level but NONE, which are not evaluated.
    func incompatibilities(
        of content: SchemaContent, under subject: QualifiedSubject
    ) throws(RegistryRefusal) -> [String] {
        let level = effectiveCompatibility(of: subject)
        let active = versions(of: subject).filter { !$0.isDeleted }
        let compared = level.isTransitive ? active[...] : active.suffix(1)
        return try incompatibilities(of: content, with: compared, of: subject, level: level)
    }

    func incompatibilities(
        of content: SchemaContent, with versions: some Collection<SchemaVersion>, of subject: QualifiedSubject,
        level: CompatibilityLevel
    ) throws(RegistryRefusal) -> [String] {
        guard level != .none else { return [] }
        var failures: [String] = []
        for version in versions {
            guard let earlier = self.content(id: version.id, in: subject.context), earlier != content else { continue }
            failures += try Self.failures(between: content, and: earlier, level: level) {
                content throws(RegistryRefusal) in
                try avro(content, in: subject.context)
            }
        }
        if !failures.isEmpty { failures.append("{compatibility: '\(level.rawValue)'}") }
        return failures
    }

    private static func failures(
        between new: SchemaContent, and old: SchemaContent, level: CompatibilityLevel,
        parse: (SchemaContent) throws(RegistryRefusal) -> AvroSchema
    ) throws(RegistryRefusal) -> [String] {
        guard new.type == old.type else { return ["Incompatible because of different schema type"] }
        guard new.type == .avro else {
            throw .unmodelled("compatibility of \(new.type.rawValue) schemas; set the level NONE")
        }
        let (newer, older) = (try parse(new), try parse(old))
        var failures: [String] = []
        if level.readsOldWithNew { failures += AvroResolution.failures(reading: older, with: newer) }
        if level.readsNewWithOld { failures += AvroResolution.failures(reading: newer, with: older) }
        return failures
    }
}
