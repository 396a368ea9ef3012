import Domain

/// The registries of a family: the primary's is written to, every other one imports from it, and one that was left
/// stays fenced until its topics follow again.
extension Planner {
    mutating func planSchemas(_ situation: FamilySituation, _ standings: [String: MemberStanding]) {
        let family = situation.family
        guard let source = environment(of: family.primary) else { return }
        let destinations = Dictionary(grouping: family.secondaries) { environment(of: $0) ?? source }
            .filter { $0.key != source }.sorted { $0.key < $1.key }
        for group in family.groups {
            guard let settings = group.schemas else { continue }
            let owner = LinkOwner(group, of: family)
            let contexts = RegistryContext.reached(bySubjects: settings.subjects) ?? [.standard]
            for context in contexts { planMode(.readWrite, of: context, in: source, filledBy: nil, owner) }
            let base = settings.exporterName ?? group.name
            for (destination, members) in destinations {
                let route = SchemaRoute(
                    group: group, settings: settings, source: source, destination: destination, contexts: contexts,
                    exporter: destinations.count > 1 ? "\(base)-\(destination)" : base, members: members)
                plan(route, situation, standings, owner)
            }
        }
    }

    /// The way of a group's schemas from the primary's registry to another one.
    private struct SchemaRoute {
        let group: FailoverGroupSpec
        let settings: SchemaSettings
        let source: String
        let destination: String
        let contexts: [RegistryContext]
        let exporter: String
        let members: [String]
    }

    private mutating func plan(
        _ route: SchemaRoute, _ situation: FamilySituation, _ standings: [String: MemberStanding], _ owner: LinkOwner
    ) {
        let own = route.members.compactMap { standings[$0] }
        let reversed = reversedExporter(route, situation)
        let neverServed = route.members.allSatisfy { situation.moves.demoted[$0] == nil }
        if own.contains(where: \.isMirroring) || (own.contains(where: \.waitsForDecision) && neverServed) {
            var before = removeReversed(reversed, route, owner)
            for case .returns(let plan) in own {
                before += plan.topics.map { ResourceAddress(.mirror, in: plan.member, $0) }
            }
            let definition = ExporterDefinition(
                environment: route.source, exporter: route.exporter, destination: route.destination,
                contextType: .none, context: nil, settings: route.settings)
            plan(definition, importing: route.contexts, owner, after: before)
            let exporter = ResourceAddress(.exporter, in: route.source, route.exporter)
            let collisions = deleteCollisions(route, situation, owner)
            units[exporter]?.dependencies += collisions
        } else if own.contains(where: \.isRetired) {
            _ = removeReversed(reversed, route, owner)
        } else if own.contains(where: \.waitsForDecision) {
            pause(reversed, route, owner)
            fence(route, situation, owner)
        }
    }

    /// Whether a family's topics were primary on another member before: then what a registry holds is known.
    func hasMoved(_ owner: LinkOwner) -> Bool {
        guard let group = owner.group else { return false }
        return situations[group].map { $0.moves.serving != nil || $0.epoch > 0 } ?? false
    }

    // MARK: The exporter that ran the other way

    /// The exporter of an earlier primary's registry. One that this ledger does not own, of a group that never moved,
    /// is somebody else's.
    private func reversedExporter(_ route: SchemaRoute, _ situation: FamilySituation) -> ObservedExporter? {
        let hasMoved = situation.moves.serving != nil || situation.epoch > 0
        guard let snapshot = observation.registries[route.destination]?.snapshot,
            let sourceURL = observation.sites.environments[route.source]?.registryEndpoint
        else { return nil }
        return snapshot.exporters.first { exporter in
            let address = ResourceAddress(.exporter, in: route.destination, exporter.name)
            return (hasMoved || recorded.owned[address] != nil) && isExporter(exporter.name, of: situation.family)
                && (exporter.destinationURL.map { Self.endpoint($0) == Self.endpoint(sourceURL) } ?? true)
        }
    }

    private mutating func removeReversed(
        _ exporter: ObservedExporter?, _ route: SchemaRoute, _ owner: LinkOwner
    ) -> [ResourceAddress] {
        guard let exporter, !options.adoptOnly else { return [] }
        let address = ResourceAddress(.exporter, in: route.destination, exporter.name)
        var unit = Unit(address, labels: owner.labels, ownership: owner.ownership)
        unit.change = Change(
            .delete, address, reason: "schemas flow from \(route.source) now", group: owner.group)
        let pause = StepAction.pauseExporter(environment: route.destination, exporter: exporter.name)
        let delete = StepAction.deleteExporter(environment: route.destination, exporter: exporter.name)
        unit.steps =
            (exporter.state == "PAUSED" ? [] : [Step("pause", address, pause)])
            + [Step("delete", address, delete, ledger: .disown)]
        put(unit)
        return [address]
    }

    private mutating func pause(_ exporter: ObservedExporter?, _ route: SchemaRoute, _ owner: LinkOwner) {
        guard let exporter, exporter.state != "PAUSED" else { return }
        let address = ResourceAddress(.exporter, in: route.destination, exporter.name)
        var unit = Unit(address, labels: owner.labels, ownership: owner.ownership)
        unit.change = Change(
            .update, address, differences: [.init("state", from: exporter.state, to: "PAUSED")],
            reason: "\(route.source) is written to now", group: owner.group)
        unit.steps = [
            Step("pause", address, .pauseExporter(environment: route.destination, exporter: exporter.name))
        ]
        put(unit)
    }

    /// A registry that was left takes no schemas while its topics are fenced.
    private mutating func fence(_ route: SchemaRoute, _ situation: FamilySituation, _ owner: LinkOwner) {
        let isDemoted = route.members.contains { situation.moves.demoted[$0] != nil }
        guard isDemoted, route.group.fence?.registry ?? false else { return }
        for context in route.contexts {
            planMode(.readOnly, of: context, in: route.destination, filledBy: nil, owner)
        }
    }

    // MARK: Collisions

    /// Versions that only the registry that was left holds, and that stand in the way of what the primary's holds. They
    /// go once the registry imports: READONLY takes no deletions.
    private mutating func deleteCollisions(
        _ route: SchemaRoute, _ situation: FamilySituation, _ owner: LinkOwner
    ) -> [ResourceAddress] {
        guard situation.moves.serving != nil, let snapshot = observation.registries[route.destination]?.snapshot,
            route.contexts.contains(where: { snapshot.modes[$0] != .import })
        else { return [] }
        let subjects = route.settings.subjects
        guard case .schemas(let held)? = answer(to: .schemas(environment: route.destination, subjects: subjects)),
            case .schemas(let wanted)? = answer(to: .schemas(environment: route.source, subjects: subjects))
        else { return [] }
        let alone = held.subtracting(wanted)
        let names = Set(wanted.map { NumberedSubject(subject: $0.subject, number: $0.version) })
        let ids = Set(wanted.map { NumberedSubject(subject: $0.context, number: $0.id) })
        let colliding = alone.filter { version in
            names.contains(NumberedSubject(subject: version.subject, number: version.version))
                || ids.contains(NumberedSubject(subject: version.context, number: version.id))
        }.sorted(by: >)
        if !alone.isEmpty {
            notes.append(
                Plan.Note(
                    "\(route.destination) holds \(alone.count) schema versions that \(route.source) does not, "
                        + "\(colliding.count) of them under names or ids that are taken there",
                    about: owner.description))
        }
        guard !colliding.isEmpty else { return [] }
        let address = ResourceAddress(.group, "\(situation.family.name)/schemas-\(route.destination)")
        let modes = route.contexts.map { ResourceAddress(.mode, in: route.destination, $0.description) }
        var unit = Unit(address, after: modes, labels: owner.labels)
        unit.change = Change(
            .delete, address,
            differences: colliding.map { .init("\($0.subject) v\($0.version)", from: "id \($0.id)", to: nil) },
            reason: "ids or versions that mean another schema on \(route.source)", group: owner.group)
        unit.steps = [
            Step("delete", address, .deleteSchemas(environment: route.destination, versions: colliding))
        ]
        put(unit)
        return [address]
    }

    private struct NumberedSubject: Hashable {
        let subject: String
        let number: Int
    }
}

extension MemberStanding {
    var isRetired: Bool { if case .retired = self { true } else { false } }
    fileprivate var waitsForDecision: Bool { if case .waits = self { true } else { false } }
}

extension SchemaVersionID {
    /// `.ctx` of `:.ctx:subject`; empty for the default context: ids are unique in it.
    fileprivate var context: String {
        guard subject.hasPrefix(":"), let end = subject.dropFirst().firstIndex(of: ":") else { return "" }
        return String(subject[..<end])
    }
}
