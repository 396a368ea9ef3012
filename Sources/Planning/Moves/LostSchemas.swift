import Domain

/// Schemas that only a registry which was left holds: a failover has lost them, and their names and ids will be given
/// again by the registry that serves. They must never mean something else on the other side.
extension GroupPhase {
    /// Versions that stand alone at the destination of a route are looked for until the move is closed, and go under
    /// the consent that destroys the copies beside them. Without one somebody has to decide.
    ///
    /// - Returns: What the exporter has to wait for.
    mutating func planLostSchemas(_ route: SchemaRoute, _ situation: FamilySituation) -> [ResourceAddress] {
        guard situation.moves.serving != nil || situation.isMovedByLostLedger, facts.isOpen(route, situation),
            let alone = loneSchemas(on: route.destination, beside: route.source, route.settings.subjects),
            !alone.all.isEmpty
        else { return [] }
        guard route.members.contains(where: { isDiscarded(alone, of: $0, situation) }) else {
            decide(alone, route, situation)
            return []
        }
        let address = situation.family.address(of: .schemasReconciled(environment: route.destination))
        let modes = route.contexts.map { ResourceAddress(.mode, in: route.destination, $0.description) }
        // READONLY takes no deletions: they go once the registry imports.
        var unit = Unit(address, after: modes, labels: route.owner.labels, ownership: route.owner.ownership)
        unit.change = Change(
            .delete, address,
            differences: alone.all.sorted().map { .init("\($0.subject) v\($0.version)", from: "id \($0.id)", to: nil) },
            reason: .lostSchemas(source: route.source), group: route.owner.group)
        let deletion = SchemaDeletion(environment: route.destination, versions: alone.all.sorted(by: >))
        unit.steps = [Step("delete", address, .registry(.deleteSchemas(deletion)))]
        put(unit)
        return [address]
    }

    /// What destroying a member's copies would lose of schemas; `nil` = nothing, or nothing is known.
    mutating func schemaCost(of member: String, _ situation: FamilySituation) -> CopyCost? {
        guard let place = facts.environment(of: member), let alone = loneSchemas(of: member, situation) else {
            return nil
        }
        return .schemas(alone.all.sorted(), on: place)
    }

    /// Schemas that the consent to destroy a member's copies names beside them.
    mutating func schemasLost(of member: String, _ situation: FamilySituation) -> Set<String> {
        loneSchemas(of: member, situation)?.names ?? []
    }

    private mutating func loneSchemas(of member: String, _ situation: FamilySituation) -> LoneSchemas? {
        guard let place = facts.environment(of: member), let source = facts.environment(of: situation.source),
            place != source,
            observation.registries[place]?.snapshot != nil, observation.registries[source]?.snapshot != nil
        else { return nil }
        let subjects = Set(situation.family.groups.compactMap(\.schemas).flatMap(\.subjects)).sorted()
        guard !subjects.isEmpty, let alone = loneSchemas(on: place, beside: source, subjects), !alone.all.isEmpty
        else { return nil }
        return alone
    }

    /// Versions that one registry holds and another does not, softly deleted ones among them: their names and ids stay
    /// taken. `nil` while one of the two was not read.
    mutating func loneSchemas(on place: String, beside other: String, _ subjects: [String]) -> LoneSchemas? {
        let here = answer(to: .schemas(environment: place, subjects: subjects, includingDeleted: true))
        let there = answer(to: .schemas(environment: other, subjects: subjects, includingDeleted: true))
        guard case .schemas(let held)? = here, case .schemas(let others)? = there else { return nil }
        return LoneSchemas(held, beside: others)
    }

    /// Whether a consent names the schemas: that of the copies beside them, or one of their own.
    private mutating func isDiscarded(
        _ alone: LoneSchemas, of member: String, _ situation: FamilySituation
    ) -> Bool {
        let given = Set(situation.moves.discards?[member] ?? [])
            .union(consents.topics[member] ?? [])
        if alone.names.isSubset(of: given) { return true }
        let token = situation.token(for: member, alone.names)
        consents.tokens.insert(token)
        return situation.family.leader.discard.contains(token)
    }

    private mutating func decide(_ alone: LoneSchemas, _ route: SchemaRoute, _ situation: FamilySituation) {
        guard let member = route.members.min() else { return }
        let token = situation.token(for: member, alone.names)
        written.decisions.append(
            NeededDecision(
                group: situation.family.name, member: member, topics: [],
                .schemas(
                    alone.all.sorted(), on: route.destination, besides: route.source, colliding: alone.colliding.count),
                token: token))
        let address = situation.family.address(of: .schemasReconciled(environment: route.destination))
        wait(
            Unit(address, labels: route.owner.labels, ownership: route.owner.ownership),
            for: "schemas that only \(route.destination) holds")
    }
}

extension Facts {
    // MARK: Parts

    /// Whether names and ids of the time before the move may still stand in the way.
    fileprivate func isOpen(_ route: SchemaRoute, _ situation: FamilySituation) -> Bool {
        guard let snapshot = observation.registries[route.destination]?.snapshot else { return false }
        let exporter = observation.registries[route.source]?.snapshot?.exporters.first { $0.name == route.exporter }
        return situation.openMove != nil || route.members.contains { situation.moves.demoted[$0] != nil }
            || route.contexts.contains { snapshot.modes[$0] != .import } || exporter?.trouble != nil
    }
}

/// Versions that one registry holds and another does not.
struct LoneSchemas {
    let all: Set<SchemaVersionID>
    /// Those whose name or id means something else at the other one.
    let colliding: Set<SchemaVersionID>
    /// What a consent names.
    var names: Set<String> { Set(all.map { "schema \($0.words)" }) }

    init(_ held: Set<SchemaVersionID>, beside others: Set<SchemaVersionID>) {
        all = held.subtracting(others)
        let names = Set(others.map { Number(subject: $0.subject, number: $0.version) })
        let ids = Set(others.map { Number(subject: $0.context, number: $0.id) })
        colliding = all.filter { version in
            names.contains(Number(subject: version.subject, number: version.version))
                || ids.contains(Number(subject: version.context, number: version.id))
        }
    }

    private struct Number: Hashable {
        let subject: String
        let number: Int
    }
}

extension SchemaVersionID {
    /// For messages: `orders-value version 2 (id 100003)`.
    package var words: String { "\(subject) version \(version) (id \(id))" }

    /// `.ctx` of `:.ctx:subject`; empty for the default context: ids are unique in it.
    fileprivate var context: String {
        guard subject.hasPrefix(":"), let end = subject.dropFirst().firstIndex(of: ":") else { return "" }
        return String(subject[..<end])
    }
}
