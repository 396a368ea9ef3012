import SimulatorCore

extension Registry {
    /// Answers what is under `/schemas`.
    func schemas(_ call: RegistryCall) throws(RegistryRefusal) -> Response {
        guard call.method == "GET" else { throw .methodNotAllowed }
        switch (call.path.count, call.path.dropFirst().first) {
        case (1, _): return listSchemas(call)
        case (2, "types"): return RegistryCall.answer(["AVRO", "JSON", "PROTOBUF"])
        case (3...4, "ids"): return try schema(call)
        default: throw .notFound
        }
    }

    private func listSchemas(_ call: RegistryCall) -> Response {
        let prefix = call.request.query("subjectPrefix") ?? ""
        let filter = DeletedFilter(call.request)
        let isLatestOnly = call.request.flag("latestOnly")
        var places: [RegistryPlace] = []
        for subject in subjects(withPrefix: prefix, within: call.context) {
            let shown = versions(of: subject).filter { filter.admits(isDeleted: $0.isDeleted) }
            for version in isLatestOnly ? shown.suffix(1) : shown[...] {
                places.append(RegistryPlace(subject: subject, version: version.number))
            }
        }
        let schemas = call.page(places).compactMap { place -> JSON? in
            guard let version = version(place.version, of: place.subject),
                let content = content(id: version.id, in: place.subject.context)
            else { return nil }
            return json(of: version, content, under: place.subject, call)
        }
        return RegistryCall.answer(.array(schemas))
    }

    /// A schema by its id, looked for where the `subject` hint points.
    private func schema(_ call: RegistryCall) throws(RegistryRefusal) -> Response {
        guard let id = Int(call.path[2]) else { throw .notFound }
        let hint = call.subject(call.request.query("subject") ?? "")
        guard let context = context(ofID: id, near: hint), let schema = contexts[context]?.schemas[id] else {
            throw .schemaNotFound(id: id)
        }
        guard call.path.count == 4 else {
            return RegistryCall.answer(json(of: schema.content, usedAt: schema.places, in: context, call))
        }
        let places = places(schema.places, in: context, call)
        switch call.path[3] {
        case "schema": return .text(schema.content.text, type: RegistryCall.mediaType)
        case "subjects":
            let names = Set(places.map(\.subject)).sorted().map(\.text)
            return RegistryCall.answer(JSON(call.page(names)))
        case "versions":
            let versions = places.map { place -> JSON in
                ["subject": .string(place.subject.text), "version": JSON(place.version)]
            }
            return RegistryCall.answer(.array(Array(call.page(versions))))
        default: throw .notFound
        }
    }

    /// The context an id is looked up in: the hint's, if the hinted subject uses the id there or names no subject; else
    /// the first other context where that subject uses it; else the default context.
    private func context(ofID id: Int, near hint: QualifiedSubject) -> String? {
        let uses = { (context: String) in
            contexts[context]?.schemas[id]?.places.contains { $0.subject == hint.name } ?? false
        }
        if hint.isContext { return contexts[hint.context]?.schemas[id] == nil ? nil : hint.context }
        if uses(hint.context) { return hint.context }
        guard hint.context == QualifiedSubject.defaultContext else { return nil }
        return contexts.keys.sorted().first(where: uses) ?? hint.context
    }

    private func json(
        of content: SchemaContent, usedAt places: Set<SchemaPlace>, in context: String, _ call: RegistryCall
    ) -> JSON {
        var value: JSON = [:]
        if call.acceptsUnknownProperties,
            let place = places.min(by: { ($0.subject, $0.version) < ($1.subject, $1.version) })
        {
            value.append("subject", .string(QualifiedSubject(context: context, name: place.subject).text))
            value.append("version", JSON(place.version))
        }
        for member in content.members(showsType: call.acceptsUnknownProperties) {
            value.append(member.name, member.value)
        }
        return value
    }

    private func places(_ places: Set<SchemaPlace>, in context: String, _ call: RegistryCall) -> [RegistryPlace] {
        let includesDeleted = call.request.flag("deleted")
        return places.sorted { ($0.subject, $0.version) < ($1.subject, $1.version) }.compactMap { place in
            let subject = QualifiedSubject(context: context, name: place.subject)
            guard let version = version(place.version, of: subject), includesDeleted || !version.isDeleted else {
                return nil
            }
            return RegistryPlace(subject: subject, version: place.version)
        }
    }

    /// Answers what is under `/compatibility`.
    func compatibility(_ call: RegistryCall) throws(RegistryRefusal) -> Response {
        guard (4...5).contains(call.path.count), call.path[1] == "subjects", call.path[3] == "versions" else {
            throw .notFound
        }
        guard call.method == "POST" else { throw .methodNotAllowed }
        let subject = call.subject(call.path[2])
        let content = try canonical(SchemaSubmission(call.request.json), in: subject.context)
        let failures: [String]
        if call.path.count == 5 {
            failures = try incompatibilities(of: content, with: call.path[4], of: subject)
        } else {
            failures = try incompatibilities(of: content, under: subject)
        }
        var value: JSON = ["is_compatible": JSON(failures.isEmpty)]
        if call.request.flag("verbose") { value.append("messages", JSON(failures)) }
        return RegistryCall.answer(value)
    }

    private func incompatibilities(
        of content: SchemaContent, with text: String, of subject: QualifiedSubject
    ) throws(RegistryRefusal) -> [String] {
        let selector = try VersionSelector(text)
        guard let version = selector.select(from: versions(of: subject), includingDeleted: false) else {
            if selector == .latest { return [] }
            guard hasVersions(subject, includingDeleted: false) else { throw .subjectNotFound(subject) }
            throw .versionNotFound(text)
        }
        let level = effectiveCompatibility(of: subject)
        return try incompatibilities(of: content, with: [version], of: subject, level: level)
    }
}
