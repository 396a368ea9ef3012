import Domain

/// What registries say before writers are stopped: a switchover does not find out behind the fence what could be read
/// before it.
extension GroupPhase {
    /// Gates of a switchover about schemas.
    mutating func schemaReadiness(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast, let (source, destination) = facts.schemaRoute(of: draft) else { return [] }
        let subjects = facts.schemaSubjects(of: draft.family)
        for place in [source, destination] { _ = answer(to: facts.inUse(in: place, draft)) }
        let missing = facts.missingSchemas(draft)
        let unread = facts.unreadSchemas(in: [source, destination], subjects)
        let colliding = loneSchemas(on: destination, beside: source, subjects)?.colliding ?? []
        var findings: [GateFinding] = []
        let absent = missing?.sorted() ?? []
        for carrier in facts.carriers(of: draft, from: source, to: destination) {
            guard let problem = facts.problem(of: carrier, missing, from: source) ?? unread else { continue }
            findings.append(
                GateFinding(
                    gate: .readiness,
                    reason: .readiness(.exporter(problem, missing: absent, destination: destination)),
                    field: "spec.schemas", override: .readiness))
        }
        if !colliding.isEmpty {
            findings.append(
                GateFinding(
                    gate: .readiness,
                    reason: .readiness(
                        .colliding(
                            colliding.sorted(), source: source, destination: destination,
                            hasMoved: draft.situation.moves.serving != nil)),
                    field: "spec.schemas", override: .readiness))
        }
        return findings
    }

    /// Tells which schemas a move leaves behind under `--override Readiness`.
    mutating func noteSchemasLeftBehind(_ draft: MoveDraft, _ owner: LinkOwner) {
        guard draft.kind == .switchover, !draft.isPast, let missing = facts.missingSchemas(draft), !missing.isEmpty,
            facts.movesWithoutSchemas(draft), let (source, destination) = facts.schemaRoute(of: draft)
        else { return }
        written.notes.append(
            Plan.Note(
                .missingSchemas(missing.sorted(), source: source, destination: destination), about: owner.description))
    }
}

extension Facts {
    /// Whether a switchover goes on without schemas that cannot arrive, because somebody said so.
    func movesWithoutSchemas(_ draft: MoveDraft) -> Bool {
        guard draft.overrides.contains(.readiness), let (source, destination) = schemaRoute(of: draft) else {
            return false
        }
        let missing = missingSchemas(draft)
        if unreadSchemas(in: [source, destination], schemaSubjects(of: draft.family)) != nil { return true }
        return carriers(of: draft, from: source, to: destination).contains { carrier in
            problem(of: carrier, missing, from: source) != nil
        }
    }

    /// What keeps the schemas of registries from being known; `nil` while they were not asked.
    fileprivate func unreadSchemas(in places: [String], _ subjects: [String]) -> ExporterProblem? {
        for place in places {
            let asked = [false, true].map {
                Probe.schemas(environment: place, subjects: subjects, includingDeleted: $0)
            }
            for case .unanswered(let silence)? in asked.map({ answers[$0] }) {
                return .unread(place: place, silence: silence)
            }
        }
        return nil
    }

    /// Exporters that somebody paused, and that have to bring the new side up to date before writers are stopped.
    func pausedCarriers(_ draft: MoveDraft) -> [String] {
        guard let (source, destination) = schemaRoute(of: draft) else { return [] }
        return carriers(of: draft, from: source, to: destination)
            .filter { $0.live?.state == .paused && !$0.settings.paused }.map(\.name).sorted()
    }

    /// Versions in use that the new side lacks, as far as they are known.
    func missingSchemas(_ draft: MoveDraft) -> Set<SchemaVersionID>? {
        guard let (source, destination) = schemaRoute(of: draft) else { return nil }
        let asked = [source, destination].map { inUse(in: $0, draft) }
        guard case .schemas(let held)? = answers[asked[0]], case .schemas(let copied)? = answers[asked[1]] else {
            return nil
        }
        return held.subtracting(copied)
    }

    /// What has to be asked to know a move's schemas that are in use.
    fileprivate func inUse(in environment: String, _ draft: MoveDraft) -> Probe {
        .schemas(environment: environment, subjects: schemaSubjects(of: draft.family), includingDeleted: false)
    }

    func schemaSubjects(of family: GroupFamily) -> [String] {
        Set(family.groups.compactMap(\.schemas).flatMap(\.subjects)).sorted()
    }

    /// The registries between which a move's schemas are copied, where both were read.
    fileprivate func schemaRoute(of draft: MoveDraft) -> (source: String, destination: String)? {
        guard movesSchemas(draft),
            let source = environment(of: draft.holder), let destination = environment(of: draft.target),
            observation.registries[source]?.snapshot != nil, observation.registries[destination]?.snapshot != nil
        else { return nil }
        return (source, destination)
    }

    fileprivate func carriers(of draft: MoveDraft, from source: String, to destination: String) -> [Carrier] {
        let live = observation.registries[source]?.snapshot?.exporters ?? []
        let places = Set(draft.family.members.compactMap { environment(of: $0) }).subtracting([source])
        return draft.family.groups.compactMap { group in
            guard let settings = group.schemas else { return nil }
            let name = exporterName(
                of: group, settings, draft.family, from: source, to: destination, isOnly: places.count == 1)
            return Carrier(name: name, live: live.first { $0.name == name }, settings: settings)
        }
    }

    /// Why schemas would not arrive.
    fileprivate func problem(
        of carrier: Carrier, _ missing: Set<SchemaVersionID>?, from source: String
    ) -> ExporterProblem? {
        let isComplete = missing?.isEmpty ?? false
        guard let live = carrier.live else { return isComplete ? nil : .missing(source: source) }
        if let trouble = live.trouble { return .trouble(exporter: live.name, trouble) }
        guard !isComplete else { return nil }
        if live.state == .paused, carrier.settings.paused { return .paused(exporter: live.name) }
        return Set(live.subjects) == Set(carrier.settings.subjects) ? nil : .selection(exporter: live.name)
    }
}

/// The exporter of one group that a switchover counts on.
private struct Carrier {
    let name: String
    let live: ObservedExporter?
    let settings: SchemaSettings
}
