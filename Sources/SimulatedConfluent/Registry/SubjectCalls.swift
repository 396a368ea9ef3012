package import SimulatorCore

extension Registry {
    /// Answers what is under `/subjects`.
    mutating func subjects(_ call: RegistryCall, at time: Milliseconds) throws(RegistryRefusal) -> Response {
        guard call.path.count > 1 else {
            guard call.method == "GET" else { throw .methodNotAllowed }
            return listSubjects(call)
        }
        let subject = call.subject(call.path[1])
        guard subject.hasNoControlCharacters else { throw .invalidSubject(subject) }
        let isPermanent = call.request.flag("permanent")
        switch (call.method, call.path.count) {
        case ("POST", 2): return try lookUp(call, under: subject)
        case ("DELETE", 2):
            let numbers = try deleteSubject(subject, permanently: isPermanent, at: time)
            return RegistryCall.answer(.array(numbers.map { JSON($0) }))
        case ("GET", 3) where call.path[2] == "metadata": return try latestWithMetadata(call, of: subject)
        case ("GET", 3) where call.path[2] == "versions": return try listVersions(call, of: subject)
        case ("POST", 3) where call.path[2] == "versions": return try register(call, under: subject, at: time)
        case ("DELETE", 4) where call.path[2] == "versions":
            let number = try deleteVersion(call.path[3], of: subject, permanently: isPermanent, at: time)
            return RegistryCall.answer(JSON(number))
        case ("GET", 4...) where call.path[2] == "versions": return try show(call, of: subject)
        case (_, 2): throw .methodNotAllowed
        case (_, 3...4) where call.path[2] == "versions": throw .methodNotAllowed
        default: throw .notFound
        }
    }

    private func listSubjects(_ call: RegistryCall) -> Response {
        let prefix = call.request.query("subjectPrefix") ?? (call.isPinned ? "" : QualifiedSubject.everyContext)
        let filter = DeletedFilter(call.request)
        let subjects = subjects(withPrefix: prefix, within: call.context).filter { subject in
            filter.admits(isDeleted: !hasVersions(subject, includingDeleted: false))
        }
        return RegistryCall.answer(JSON(call.page(subjects.map(\.text).sorted())))
    }

    private func lookUp(_ call: RegistryCall, under subject: QualifiedSubject) throws(RegistryRefusal) -> Response {
        let includesDeleted = call.request.flag("deleted")
        let submission = try SchemaSubmission(call.request.json)
        guard hasVersions(subject, includingDeleted: includesDeleted) else { throw .subjectNotFound(subject) }
        let content = try canonical(submission, in: subject.context)
        guard let id = contexts[subject.context]?.ids[content],
            let version = versions(of: subject).last(where: { $0.id == id && (includesDeleted || !$0.isDeleted) })
        else { throw .schemaNotFound }
        return RegistryCall.answer(json(of: version, content, under: subject, call))
    }

    private func listVersions(_ call: RegistryCall, of subject: QualifiedSubject) throws(RegistryRefusal) -> Response {
        let filter = DeletedFilter(call.request)
        guard hasVersions(subject, includingDeleted: filter != .active) else { throw .subjectNotFound(subject) }
        let numbers = versions(of: subject).filter { filter.admits(isDeleted: $0.isDeleted) }.map { JSON($0.number) }
        return RegistryCall.answer(.array(Array(call.page(numbers))))
    }

    private mutating func register(
        _ call: RegistryCall, under subject: QualifiedSubject, at time: Milliseconds
    ) throws(RegistryRefusal) -> Response {
        let version = try register(try SchemaSubmission(call.request.json), under: subject, at: time)
        guard call.acceptsUnknownProperties, let content = content(id: version.id, in: subject.context) else {
            return RegistryCall.answer(["id": JSON(version.id)])
        }
        var value: JSON = ["id": JSON(version.id), "version": JSON(version.number)]
        for member in content.members(showsType: true) { value.append(member.name, member.value) }
        value.append("ts", JSON(version.time))
        return RegistryCall.answer(value)
    }

    private func latestWithMetadata(
        _ call: RegistryCall, of subject: QualifiedSubject
    ) throws(RegistryRefusal) -> Response {
        let includesDeleted = call.request.flag("deleted")
        let keys = call.request.query.filter { $0.name == "key" }.map(\.value)
        let values = call.request.query.filter { $0.name == "value" }.map(\.value)
        guard hasVersions(subject, includingDeleted: includesDeleted) else { throw .subjectNotFound(subject) }
        for version in versions(of: subject).reversed() where includesDeleted || !version.isDeleted {
            guard let content = content(id: version.id, in: subject.context) else { continue }
            let properties = content.metadata.flatMap(JSON.init(text:))?["properties"]
            guard let properties, zip(keys, values).allSatisfy({ properties[$0]?.string == $1 }) else { continue }
            return RegistryCall.answer(json(of: version, content, under: subject, call))
        }
        throw .schemaNotFound
    }

    /// One version: the object, its text, or who refers to it.
    private func show(_ call: RegistryCall, of subject: QualifiedSubject) throws(RegistryRefusal) -> Response {
        let selector = try VersionSelector(call.path[3])
        let isReferenceList = call.path.count == 5 && call.path[4] == "referencedby"
        let includesDeleted = call.request.flag("deleted") || isReferenceList
        guard let version = selector.select(from: versions(of: subject), includingDeleted: includesDeleted),
            let content = content(id: version.id, in: subject.context)
        else {
            guard hasVersions(subject, includingDeleted: includesDeleted) else { throw .subjectNotFound(subject) }
            throw .versionNotFound(call.path[3])
        }
        if call.path.count == 4 { return RegistryCall.answer(json(of: version, content, under: subject, call)) }
        if isReferenceList {
            return RegistryCall.answer(.array(Array(call.page(referringIDs(to: version, of: subject)))))
        }
        guard call.path.count == 5, call.path[4] == "schema" else { throw .notFound }
        return .text(content.text, type: RegistryCall.mediaType)
    }

    private func referringIDs(to version: SchemaVersion, of subject: QualifiedSubject) -> [JSON] {
        let places = referrers[RegistryPlace(subject: subject, version: version.number)] ?? []
        return Set(places.compactMap { self.version($0.version, of: $0.subject)?.id }).sorted().map { JSON($0) }
    }

    /// A version as the `Schema` object of the API.
    package func json(
        of version: SchemaVersion, _ content: SchemaContent, under subject: QualifiedSubject, _ call: RegistryCall
    ) -> JSON {
        var value: JSON = [
            "subject": .string(subject.text), "version": JSON(version.number), "id": JSON(version.id),
        ]
        for member in content.members(showsType: call.acceptsUnknownProperties) {
            value.append(member.name, member.value)
        }
        if call.acceptsUnknownProperties {
            value.append("ts", JSON(version.time))
            value.append("deleted", JSON(version.isDeleted))
        }
        return value
    }
}

/// Which versions a list shows.
enum DeletedFilter: Equatable {
    case active
    case all
    case deletedOnly

    init(_ request: Request) {
        self = request.flag("deletedOnly") ? .deletedOnly : request.flag("deleted") ? .all : .active
    }

    func admits(isDeleted: Bool) -> Bool {
        switch self {
        case .active: !isDeleted
        case .all: true
        case .deletedOnly: isDeleted
        }
    }
}

extension Response {
    /// A body that is text as it stands.
    static func text(_ text: String, type: String) -> Response {
        Response(status: 200, headers: [("content-type", type)], body: Array(text.utf8))
    }
}
