import SimulatorCore

extension Registry {
    /// Deletes one version, softly or for good.
    ///
    /// - Returns: the number of the version.
    /// - Throws: 40401, 40402, 40406, 40407, 42202, 42205, 42206.
    mutating func deleteVersion(
        _ text: String, of subject: QualifiedSubject, permanently: Bool, at time: Milliseconds
    ) throws(RegistryRefusal) -> Int {
        let selector = try VersionSelector(text)
        guard hasVersions(subject, includingDeleted: true) else { throw .subjectNotFound(subject) }
        guard let version = selector.select(from: versions(of: subject), includingDeleted: true) else {
            throw .versionNotFound(text)
        }
        if !permanently, version.isDeleted { throw .versionSoftDeleted(subject, version.number) }
        try checkWrites(to: subject)
        try checkReferences(to: version.number, of: subject)
        if permanently, !version.isDeleted, !lies.contains(.hardDeleteAtOnce) {
            throw .versionNotSoftDeleted(subject, version.number)
        }
        if permanently {
            erase(version, of: subject, at: time)
        } else {
            softDelete(version, of: subject, at: time)
        }
        return version.number
    }

    /// Deletes all versions of a subject, softly or for good.
    ///
    /// - Returns: the numbers of the versions.
    /// - Throws: 40401, 40404, 40405, 42205, 42206.
    mutating func deleteSubject(
        _ subject: QualifiedSubject, permanently: Bool, at time: Milliseconds
    ) throws(RegistryRefusal) -> [Int] {
        guard hasVersions(subject, includingDeleted: true) else { throw .subjectNotFound(subject) }
        if !permanently, !hasVersions(subject, includingDeleted: false) { throw .subjectSoftDeleted(subject) }
        try checkWrites(to: subject)
        let doomed = versions(of: subject).filter { permanently || !$0.isDeleted }
        for version in doomed {
            try checkReferences(to: version.number, of: subject)
            if permanently, !version.isDeleted, !lies.contains(.hardDeleteAtOnce) {
                throw .subjectNotSoftDeleted(subject)
            }
        }
        for version in doomed {
            if permanently {
                erase(version, of: subject, at: time)
            } else {
                softDelete(version, of: subject, at: time)
            }
        }
        return doomed.map(\.number)
    }

    func checkWrites(to subject: QualifiedSubject) throws(RegistryRefusal) {
        if effectiveMode(of: subject).refusesWrites, !lies.contains(.modesNotEnforced) {
            throw .mode(subject, "in read-only mode")
        }
    }

    func checkReferences(to version: Int, of subject: QualifiedSubject) throws(RegistryRefusal) {
        let place = RegistryPlace(subject: subject, version: version)
        guard lies.contains(.referencesUnchecked) || referrers[place]?.isEmpty ?? true else {
            throw .referenceExists(subject, version)
        }
    }

    private mutating func softDelete(_ version: SchemaVersion, of subject: QualifiedSubject, at time: Milliseconds) {
        guard let position = versions(of: subject).firstIndex(of: version) else { return }
        contexts[subject.context]?.subjects[subject.name]?[position].isDeleted = true
        forgetReferences(from: version, of: subject)
        log.append(LogEntry(time: time, change: .version(subject, version.number)))
        note(version, of: subject, isPresent: false)
        if !hasVersions(subject, includingDeleted: false) { forgetSettings(of: subject) }
    }

    /// Removes a version for good and frees its id when nothing else holds it.
    mutating func erase(
        _ version: SchemaVersion, of subject: QualifiedSubject, at time: Milliseconds, isReplaced: Bool = false
    ) {
        forgetReferences(from: version, of: subject)
        contexts[subject.context]?.remove(version, from: subject.name)
        if !isReplaced { log.append(LogEntry(time: time, change: .version(subject, version.number))) }
        note(version, of: subject, isPresent: false)
        if !isReplaced, !hasVersions(subject, includingDeleted: true) { forgetSettings(of: subject) }
    }

    private mutating func forgetReferences(from version: SchemaVersion, of subject: QualifiedSubject) {
        guard let content = content(id: version.id, in: subject.context) else { return }
        let place = RegistryPlace(subject: subject, version: version.number)
        for reference in content.references {
            referrers[target(of: reference, in: subject.context)]?.remove(place)
        }
    }

    /// A subject without active versions has neither mode nor config of its own.
    private mutating func forgetSettings(of subject: QualifiedSubject) {
        configs[subject] = nil
        guard modes.removeValue(forKey: subject) != nil else { return }
        pendingEffects.append(.mode(registry: id, scope: subject.text, mode: nil))
    }
}

extension RegistryContext {
    fileprivate mutating func remove(_ version: SchemaVersion, from name: String) {
        subjects[name]?.removeAll { $0.number == version.number }
        if subjects[name]?.isEmpty == true { subjects[name] = nil }
        schemas[version.id]?.places.remove(SchemaPlace(subject: name, version: version.number))
        guard let schema = schemas[version.id], schema.places.isEmpty else { return }
        schemas[version.id] = nil
        if ids[schema.content] == version.id { ids[schema.content] = nil }
    }
}

/// The version a path names: a number or `latest`.
enum VersionSelector: Equatable {
    case latest
    case number(Int)

    init(_ text: String) throws(RegistryRefusal) {
        if text == "latest" || text == "-1" {
            self = .latest
        } else if let number = Int32(text), number > 0 {
            self = .number(Int(number))
        } else {
            throw .invalidVersion(text)
        }
    }

    func select(from versions: [SchemaVersion], includingDeleted: Bool) -> SchemaVersion? {
        switch self {
        case .latest: versions.last { !$0.isDeleted }
        case .number(let number): versions.first { $0.number == number && (includingDeleted || !$0.isDeleted) }
        }
    }
}
