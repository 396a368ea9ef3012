import SimulatorCore

extension Registry {
    /// Registers a schema under a subject.
    ///
    /// The order of checks is the public server's: an identical schema that is there already is answered in every mode;
    /// only then the mode, the compatibility, the version and the id are checked.
    ///
    /// - Returns: the version that now holds the schema.
    /// - Throws: 42201, 42205, 42208, 40901, or 501 for a compatibility check that is not modelled.
    @discardableResult
    mutating func register(
        _ submission: SchemaSubmission, under subject: QualifiedSubject, at time: Milliseconds
    ) throws(RegistryRefusal) -> SchemaVersion {
        guard subject.isValidForSchemas, subject.hasNoControlCharacters else { throw .invalidSubject(subject) }
        var submission = submission
        if !submission.text.isEmpty, submission.version == nil,
            let existing = existing(try canonical(submission, in: subject.context), under: subject, id: submission.id)
        {
            return existing
        }
        let mode = effectiveMode(of: subject)
        try checkRegistration(of: submission, under: subject, in: mode)
        if mode != .importing { try inheritFromPrevious(&submission, under: subject) }
        let content = try canonical(submission, in: subject.context)
        if submission.version == nil, let existing = existing(content, under: subject, id: submission.id) {
            return existing
        }
        if mode != .importing, !lies.contains(.compatibilityUnchecked) {
            let failures = try incompatibilities(of: content, under: subject)
            guard failures.isEmpty else { throw .incompatible(subject, failures) }
        }
        let number = try versionNumber(for: submission, under: subject, in: mode)
        let id = try schemaID(for: content, given: submission.id, in: subject.context)
        if let present = version(number, of: subject), present.id == id, !present.isDeleted { return present }
        return store(content, id: id, number: number, under: subject, at: time)
    }

    private func existing(
        _ content: SchemaContent, under subject: QualifiedSubject, id: Int?
    ) -> SchemaVersion? {
        guard let known = contexts[subject.context]?.ids[content], id == nil || id == known else { return nil }
        return versions(of: subject).last { $0.id == known && !$0.isDeleted }
    }

    private func checkRegistration(
        of submission: SchemaSubmission, under subject: QualifiedSubject, in mode: RegistryMode
    ) throws(RegistryRefusal) {
        if lies.contains(.modesNotEnforced) { return }
        if mode.refusesWrites { throw .mode(subject, "in read-only mode") }
        if submission.id != nil {
            guard mode == .importing else { throw .mode(subject, "not in import mode") }
        } else {
            guard mode == .readWrite else { throw .mode(subject, "not in read-write mode") }
        }
    }

    /// Fills an empty text, metadata and rule set from the latest version, as the server does.
    private func inheritFromPrevious(
        _ submission: inout SchemaSubmission, under subject: QualifiedSubject
    ) throws(RegistryRefusal) {
        let previous = latest(of: subject).flatMap { content(id: $0.id, in: subject.context) }
        if submission.text.isEmpty {
            guard let previous else { throw .invalidSchema("Empty schema") }
            submission.text = previous.text
            submission.type = previous.type
            submission.references = previous.references
        }
        submission.metadata = submission.metadata ?? previous?.metadata
        submission.ruleSet = submission.ruleSet ?? previous?.ruleSet
    }

    private func versionNumber(
        for submission: SchemaSubmission, under subject: QualifiedSubject, in mode: RegistryMode
    ) throws(RegistryRefusal) -> Int {
        let next = (versions(of: subject).last?.number ?? 0) + 1
        guard let given = submission.version else { return next }
        guard given == next || mode == .importing else {
            throw RegistryRefusal(42201, "Version is not one more than previous version")
        }
        return given
    }

    private func schemaID(
        for content: SchemaContent, given: Int?, in context: String
    ) throws(RegistryRefusal) -> Int {
        guard let id = given ?? contexts[context]?.ids[content] else {
            return (contexts[context]?.highestID ?? idsAfter) + 1
        }
        if let bound = contexts[context]?.schemas[id], bound.content != content, !lies.contains(.idCollisionsAccepted) {
            throw .notPermitted("Overwrite new schema with id \(id) is not permitted.")
        }
        return id
    }

    private mutating func store(
        _ content: SchemaContent, id: Int, number: Int, under subject: QualifiedSubject, at time: Milliseconds
    ) -> SchemaVersion {
        touch(context: subject.context)
        for old in versions(of: subject) where old.number == number {
            erase(old, of: subject, at: time, isReplaced: true)
        }
        let version = SchemaVersion(number: number, id: id, isDeleted: false, time: time)
        contexts[subject.context]?.insert(version, content: content, under: subject.name)
        let place = RegistryPlace(subject: subject, version: number)
        for reference in content.references {
            referrers[target(of: reference, in: subject.context), default: []].insert(place)
        }
        log.append(LogEntry(time: time, change: .version(subject, number)))
        note(version, of: subject, isPresent: true)
        for old in versions(of: subject) where old.isDeleted && old.id == id && old.number < number {
            erase(old, of: subject, at: time)
        }
        return version
    }

    /// The place that a reference made in a context points to.
    func target(of reference: SchemaReference, in context: String) -> RegistryPlace {
        let subject = QualifiedSubject(reference.subject, within: context)
        let version = reference.version == -1 ? latest(of: subject)?.number ?? -1 : reference.version
        return RegistryPlace(subject: subject, version: version)
    }

    mutating func note(_ version: SchemaVersion, of subject: QualifiedSubject, isPresent: Bool) {
        pendingEffects.append(
            .schema(
                registry: id, context: subject.context, subject: subject.name, version: version.number,
                id: version.id, isPresent: isPresent))
    }
}

extension RegistryContext {
    fileprivate mutating func insert(_ version: SchemaVersion, content: SchemaContent, under name: String) {
        var versions = subjects.removeValue(forKey: name) ?? []
        let position = versions.lastIndex { $0.number < version.number }.map { $0 + 1 } ?? 0
        versions.insert(version, at: position)
        subjects[name] = versions
        var places = schemas[version.id]?.places ?? []
        places.insert(SchemaPlace(subject: name, version: version.number))
        schemas[version.id] = (content, places)
        ids[content] = version.id
        highestID = max(highestID, version.id)
    }
}
