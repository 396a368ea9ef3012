import SimulatorCore

extension Registry {
    /// The mode that governs a subject: its own, its context's, that of `:.__GLOBAL:`, else READWRITE.
    ///
    /// A custom context does not inherit the mode of the default context, except READONLY_OVERRIDE, which beats all.
    func effectiveMode(of scope: QualifiedSubject) -> RegistryMode {
        if modes[.registryWide] == .readOnlyOverride || modes[.global] == .readOnlyOverride { return .readOnlyOverride }
        return modes[scope] ?? modes[scope.ownContext] ?? modes[.global] ?? .readWrite
    }

    /// The mode as a GET shows it.
    ///
    /// - Throws: 40409 when the scope has none of its own and no fallback was asked for.
    func shownMode(of scope: QualifiedSubject, withFallback: Bool) throws(RegistryRefusal) -> RegistryMode {
        if withFallback { return effectiveMode(of: scope) }
        if let mode = modes[scope] { return mode }
        guard scope == .registryWide || scope == .global else { throw .modeNotConfigured(scope) }
        return .readWrite
    }

    /// Changes the mode of a scope.
    ///
    /// Unless forced, IMPORT needs a scope without active subjects and removes its soft-deleted ones for good; the whole
    /// registry is the scope of `/mode`, `:.:` and `:.__GLOBAL:`, although the mode then holds for less.
    ///
    /// - Throws: 42204, 42205, 42206, 501 for FORWARD.
    mutating func setMode(
        _ name: String?, of scope: QualifiedSubject, isForced: Bool, at time: Milliseconds
    ) throws(RegistryRefusal) {
        guard scope.isWellFormed else { throw .invalidSubject(scope) }
        let upper = name?.uppercased() ?? ""
        if upper == "FORWARD", scope == .global { throw .unmodelled("mode FORWARD") }
        guard let mode = RegistryMode(rawValue: upper) else { throw .invalidMode }
        guard modesAreMutable else { throw .notPermitted("Mode changes are not allowed") }
        if mode == .importing, effectiveMode(of: scope) != .importing, !isForced, !lies.contains(.importOverSubjects) {
            try clearForImport(scope, at: time)
        }
        touch(context: scope.context)
        guard modes.updateValue(mode, forKey: scope) != mode else { return }
        pendingEffects.append(.mode(registry: id, scope: scope.text, mode: mode.rawValue))
    }

    private mutating func clearForImport(_ scope: QualifiedSubject, at time: Milliseconds) throws(RegistryRefusal) {
        let subjects = matching(scope)
        guard !subjects.contains(where: { hasVersions($0, includingDeleted: false) }) else {
            throw .notPermitted("Cannot import since found existing subjects")
        }
        for subject in subjects {
            for version in versions(of: subject) { try checkReferences(to: version.number, of: subject) }
        }
        for subject in subjects {
            for version in versions(of: subject) { erase(version, of: subject, at: time) }
        }
    }

    private func matching(_ scope: QualifiedSubject) -> [QualifiedSubject] {
        if scope == .registryWide || scope == .global {
            return subjects(withPrefix: QualifiedSubject.everyContext, within: scope.context)
        }
        guard scope.isContext else { return hasVersions(scope, includingDeleted: true) ? [scope] : [] }
        return subjects(withPrefix: "", within: scope.context)
    }

    /// Removes the mode of a scope.
    ///
    /// - Returns: the mode that was there.
    /// - Throws: 40401 when the scope had none.
    mutating func removeMode(of scope: QualifiedSubject) throws(RegistryRefusal) -> RegistryMode {
        guard modesAreMutable else { throw .notPermitted("Mode changes are not allowed") }
        guard let mode = modes.removeValue(forKey: scope) else {
            guard scope == .registryWide || scope == .global else { throw .subjectNotFound(scope) }
            return .readWrite
        }
        pendingEffects.append(.mode(registry: id, scope: scope.text, mode: nil))
        return mode
    }
}

extension Registry {
    /// The compatibility level that governs a subject; scopes are those of modes, the default is BACKWARD.
    func effectiveCompatibility(of scope: QualifiedSubject) -> CompatibilityLevel {
        configs[scope] ?? configs[scope.ownContext] ?? configs[.global] ?? .backward
    }

    /// The level as a GET shows it.
    ///
    /// - Throws: 40408 when the scope has none of its own and no fallback was asked for.
    func shownCompatibility(
        of scope: QualifiedSubject, withFallback: Bool
    ) throws(RegistryRefusal) -> CompatibilityLevel {
        if withFallback { return effectiveCompatibility(of: scope) }
        if let level = configs[scope] { return level }
        guard scope == .registryWide || scope == .global else { throw .compatibilityNotConfigured(scope) }
        return .backward
    }

    /// Changes the level of a scope.
    ///
    /// - Throws: 42203, 42205, 501 for settings beside the level.
    mutating func setConfig(_ body: JSON?, of scope: QualifiedSubject, at time: Milliseconds) throws(RegistryRefusal) {
        guard let members = body?.members else { throw .badRequest }
        for member in members where member.name != "compatibility" && ![.null, false].contains(member.value) {
            throw .unmodelled("the config setting \(member.name)")
        }
        let name = body?["compatibility"]?.string?.uppercased()
        guard let level = name.flatMap(CompatibilityLevel.init(rawValue:)) else { throw .invalidCompatibility }
        try setCompatibility(level, of: scope, at: time)
    }

    mutating func setCompatibility(
        _ level: CompatibilityLevel, of scope: QualifiedSubject, at time: Milliseconds
    ) throws(RegistryRefusal) {
        guard scope.isWellFormed else { throw .invalidSubject(scope) }
        try checkWrites(to: scope)
        touch(context: scope.context)
        guard configs.updateValue(level, forKey: scope) != level else { return }
        if !scope.isContext { log.append(LogEntry(time: time, change: .config(scope))) }
    }

    /// Removes the level of a scope.
    ///
    /// - Returns: the level that was there.
    /// - Throws: 40401 when the scope had none, 42205.
    mutating func removeConfig(of scope: QualifiedSubject) throws(RegistryRefusal) -> CompatibilityLevel {
        try checkWrites(to: scope)
        if let level = configs.removeValue(forKey: scope) { return level }
        guard scope == .registryWide || scope == .global else { throw .subjectNotFound(scope) }
        return .backward
    }
}
