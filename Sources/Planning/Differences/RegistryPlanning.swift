import Domain

/// Schema exporters: those of SchemaLink manifests and those derived from groups.
struct SchemaPhase: PlanningPhase {
    let facts: Facts
    var written: Draft

    /// The plan for SchemaLink manifests and what environments say of their registries, after what groups claim.
    static func plan(_ facts: Facts, _ claims: Claims) -> Draft {
        var phase = SchemaPhase(facts: facts, written: Draft(claims))
        phase.planSchemaLinks()
        phase.planCompatibility()
        return phase.written
    }

    private mutating func planSchemaLinks() {
        for spec in workspace.schemaLinks.values.sorted(by: { $0.name < $1.name }) {
            let definition = ExporterDefinition(
                environment: spec.source, exporter: spec.exporterName, destination: spec.destination,
                contextType: spec.contextType, context: spec.context, settings: spec.settings)
            let contexts = spec.destinationMode == .import ? facts.destinationContexts(of: spec) : []
            plan(definition, importing: contexts, LinkOwner(spec))
        }
    }
}

extension Facts {
    /// Contexts at the destination that a link fills, as far as they are known.
    fileprivate func destinationContexts(of spec: SchemaLinkSpec) -> [RegistryContext] {
        spec.contextType == .none
            ? contexts(reachedBy: spec.settings.subjects, in: [spec.source, spec.destination])
            : spec.destinationContexts
    }

    fileprivate func credentials(of definition: ExporterDefinition) -> [Credentials] {
        [workspace.environments[definition.destination]?.schemaRegistry.linkCredentials].compactMap(\.self)
    }

    /// Fields that say what is copied: an exporter that has gone by what they name now does not go back by itself.
    fileprivate static let selection: Set<String> = ["subjects", "subjectRenameFormat", "kekRenameFormat"]

    /// Whether something is to be copied that the exporter has gone by, or copied under another name.
    fileprivate static func selectsMore(_ difference: Change.FieldDifference) -> Bool {
        guard difference.field == "subjects", let from = difference.from, let to = difference.to else {
            return selection.contains(difference.field)
        }
        return !Set(to.split(separator: ",")).isSubset(of: from.split(separator: ","))
    }

    /// Fields an earlier run wrote, or may have written, without seeing what came of it: live they are as wanted, and
    /// the ledger does not say so.
    fileprivate func unprovenFields(
        of address: ResourceAddress, _ definition: ExporterDefinition, _ fields: [String: String]
    ) -> [Change.FieldDifference] {
        guard !definition.paused, let owned = recorded.owned[address] else { return [] }
        let state = Change.FieldDifference("state", from: nil, to: "RUNNING")
        guard owned.isConfirmed else { return [state] }
        let written = Self.selection.sorted().compactMap { name in
            owned.applied[name].flatMap {
                $0 == fields[name] ? nil : Change.FieldDifference(name, from: $0, to: fields[name])
            }
        }
        return written + (owned.isUnproven ? [state] : [])
    }

    /// Only its state differs: pause or resume. Anything else: the definition is written again.
    fileprivate static func step(
        for differences: [Change.FieldDifference], _ definition: ExporterDefinition, _ address: ResourceAddress,
        _ effect: Step.LedgerEffect, startsOver: Bool
    ) -> Step {
        if startsOver { return Step("update", address, .registry(.restartExporter(definition)), ledger: effect) }
        guard differences.map(\.field) == ["state"] else {
            return Step("update", address, .registry(.updateExporter(definition)), ledger: effect)
        }
        let exporter = ExporterReference(environment: definition.environment, exporter: definition.exporter)
        return definition.paused
            ? Step("pause", address, .registry(.pauseExporter(exporter)), ledger: effect)
            : Step("resume", address, .registry(.resumeExporter(exporter)), ledger: effect)
    }

    /// The environment a live exporter writes to, in the manifests' words: by its URL.
    func destinationName(of exporter: ObservedExporter, expected: String) -> String {
        guard let url = exporter.destinationURL.map(Self.endpoint) else { return expected }
        let known = observation.sites.environments.compactMapValues { $0.registryEndpoint.map(Self.endpoint) }
        guard let expectedURL = known[expected], expectedURL != url else { return expected }
        return known.filter { $0.value == url }.keys.min() ?? url
    }

    /// A URL by meaning: without trailing slashes, host in lower case.
    static func endpoint(_ url: String) -> String {
        var url = url[...]
        while url.hasSuffix("/") { url.removeLast() }
        return url.lowercased()
    }
}

extension PlanningPhase {
    /// Plans an exporter with the modes of the contexts it fills.
    ///
    /// - Parameter before: What has to be done before the destination imports.
    mutating func plan(
        _ definition: ExporterDefinition, importing contexts: [RegistryContext], _ owner: LinkOwner,
        after before: [ResourceAddress] = []
    ) {
        var unit = Unit(
            ResourceAddress(.exporter, in: definition.environment, definition.exporter),
            after: [
                ResourceAddress(.registry, definition.environment), ResourceAddress(.registry, definition.destination),
            ],
            labels: owner.labels, ownership: owner.ownership)
        for context in contexts {
            let mode = planMode(
                .import, of: context, in: definition.destination, filledBy: definition, owner, after: before)
            unit.dependencies.append(mode)
        }
        var fields = definition.fields
        if let fingerprint = secrets.fingerprint(of: facts.credentials(of: definition)) {
            fields["credentials"] = fingerprint
        }
        switch observation.registries[definition.environment] {
        case .absent?: create(definition, unit, fields, owner)
        case .reachable(let snapshot)?:
            guard let live = snapshot.exporters.first(where: { $0.name == definition.exporter }) else {
                return create(definition, unit, fields, owner)
            }
            settle(definition, unit, live, fields, owner)
        case .unmanaged?, nil:
            refuse(
                unit,
                Refusal(
                    .unsupported, subject: unit.address.description,
                    .registry(.exporterWithoutCredentials(environment: definition.environment)),
                    origin: owner.origin(owner.group == nil ? "spec.source" : "spec.schemas")), owner: owner)
        case .some(let silent):
            let name = "registry of \(definition.environment)"
            leaveUnseen(unit, fields: fields, waitsFor: silent.silence(of: name) ?? name)
        }
    }

    private mutating func create(
        _ definition: ExporterDefinition, _ unit: Unit, _ fields: [String: String], _ owner: LinkOwner
    ) {
        if let reason = secrets.obstacle(to: facts.credentials(of: definition)) {
            return hold(unit, .create, waitsFor: "credentials: \(reason)")
        }
        create(unit, fields: fields, shown: fields.asDifferences, group: owner.group) { effect in
            Step("create", unit.address, .registry(.createExporter(definition)), ledger: effect)
        }
    }

    private mutating func settle(
        _ definition: ExporterDefinition, _ unit: Unit, _ live: ObservedExporter, _ fields: [String: String],
        _ owner: LinkOwner
    ) {
        let fields = facts.remembering("credentials", of: unit.address, in: fields)
        var liveFields = live.fields(destination: facts.destinationName(of: live, expected: definition.destination))
        for hidden in ["credentials", "kekRenameFormat"] {
            liveFields[hidden] = recorded.owned[unit.address]?.applied[hidden] ?? fields[hidden]
        }
        let differences = fields.differences(fromLive: liveFields)
        // What lands in another context differs in its name, too: the type says which edit leads back.
        if let fixed = ["contextType", "context", "destination"].lazy
            .compactMap({ field in differences.first { $0.field == field } }).first, !options.adoptOnly
        {
            let reason = RegistryReason.immutable(
                exporter: definition.exporter, fixed, isOwned: recorded.owned[unit.address] != nil)
            return refuse(
                unit,
                Refusal(
                    .immutable, subject: unit.address.description, .registry(reason),
                    origin: owner.origin(owner.group == nil ? "spec.\(fixed.field)" : "spec.schemas")),
                owner: owner)
        }
        if let trouble = live.trouble, !definition.paused {
            written.notes.append(
                Plan.Note(.troubledExporter(live.name, trouble: trouble), about: unit.address.description))
        }
        let unproven = facts.unprovenFields(of: unit.address, definition, fields)
        let startsOver = (differences + unproven).contains(where: Facts.selectsMore)
        let shown =
            differences.isEmpty && !unproven.isEmpty
            ? [.init("state", from: "not seen to have caught up", to: "RUNNING")] : differences
        settle(unit, differences: shown, fields: fields, live: liveFields, group: owner.group) { effect in
            [Facts.step(for: shown, definition, unit.address, effect, startsOver: startsOver)]
        }
    }
}

extension ExporterDefinition {
    /// The fields Spillway manages of an exporter.
    var fields: [String: String] {
        var fields = [
            "contextType": contextType.rawValue, "subjects": Set(subjects).sorted().joined(separator: ","),
            "subjectRenameFormat": subjectRenameFormat, "kekRenameFormat": kekRenameFormat,
            "destination": destination, "state": paused ? "PAUSED" : "RUNNING",
        ]
        if contextType == .custom { fields["context"] = RegistryContext(context ?? "").name }
        return fields
    }
}

extension ExporterDefinition {
    /// The subjects of a source that land in one context of the destination, under the names they get there.
    func subjects(filling context: RegistryContext, from source: RegistrySnapshot) -> Set<String> {
        var filled: Set<String> = []
        for (origin, names) in source.subjects where destinationContext(of: origin) == context {
            let globs = subjects.compactMap { Self.pattern($0, in: origin) }.map { Glob($0) }
            for name in names where globs.contains(where: { $0.matches(name) }) { filled.insert(renamed(name)) }
        }
        return filled
    }

    private func destinationContext(of origin: RegistryContext) -> RegistryContext? {
        switch contextType {
        case .none: origin
        case .custom: RegistryContext(context ?? "")
        case .auto: nil
        }
    }

    /// The part of a subject pattern behind its context; `nil` when it means another context.
    private static func pattern(_ subject: String, in origin: RegistryContext) -> String? {
        guard subject.hasPrefix(":") else { return origin == .standard ? subject : nil }
        let rest = subject.dropFirst()
        guard let end = rest.firstIndex(of: ":") else { return nil }
        let pattern = String(rest[rest.index(after: end)...])
        guard rest[..<end] == "*" || RegistryContext(rest[..<end]) == origin else { return nil }
        return pattern.isEmpty ? "*" : pattern
    }

    private func renamed(_ subject: String) -> String {
        subjectRenameFormat.replacing("${subject}", with: subject)
    }
}

extension ObservedExporter {
    /// The same fields as the registry tells them; an exporter that is starting counts as running, one that reports a
    /// failure does not.
    func fields(destination: String) -> [String: String] {
        var fields = [
            "subjects": Set(subjects).sorted().joined(separator: ","), "destination": destination,
            "subjectRenameFormat": subjectRenameFormat.flatMap { $0.isEmpty ? nil : $0 } ?? "${subject}",
            "state": state == .paused ? "PAUSED" : trouble == nil ? "RUNNING" : "FAILING",
        ]
        fields["contextType"] = contextType?.rawValue
        if contextType == .custom { fields["context"] = RegistryContext(context ?? "").name }
        return fields
    }
}
