import Domain

/// The registries of a family: the primary's is written to, every other one imports from it, and one that was left
/// stays fenced until its topics follow again.
extension GroupPhase {
    mutating func planSchemas(_ situation: FamilySituation, _ memberRoles: [String: MemberRole]) {
        let family = situation.family
        guard let source = facts.environment(of: family.primary), family.groups.contains(where: { $0.schemas != nil })
        else {
            return
        }
        let destinations = Dictionary(grouping: family.secondaries) { facts.environment(of: $0) ?? source }
            .filter { $0.key != source }.sorted { $0.key < $1.key }
        let routes = family.groups.flatMap { group in
            destinations.map { destination, members in
                facts.route(of: group, from: source, to: destination, members, isOnly: destinations.count == 1, family)
            }
        }.compactMap(\.self)
        let ended = endOtherExporters(situation, memberRoles, keeping: Set(routes.map(\.exporter)), on: source)
        for group in family.groups {
            guard let settings = group.schemas else { continue }
            let reached = facts.contexts(reachedBy: settings.subjects, in: [source] + destinations.map(\.key))
            for context in reached {
                planMode(.readWrite, of: context, in: source, filledBy: nil, LinkOwner(group, of: family))
            }
        }
        for route in routes { plan(route, situation, memberRoles, after: ended[route.destination] ?? []) }
    }

    private mutating func plan(
        _ route: SchemaRoute, _ situation: FamilySituation, _ memberRoles: [String: MemberRole],
        after ended: [ResourceAddress]
    ) {
        let own = route.members.compactMap { memberRoles[$0] }
        if own.contains(where: \.isMirroring) || facts.hasOnlyUnservedWaiting(route.members, situation, memberRoles) {
            var before = ended
            for case .returns(let plan) in own {
                before += ReturnOrder.beforeLettingIn(plan)
            }
            let definition = ExporterDefinition(
                environment: route.source, exporter: route.exporter, destination: route.destination,
                contextType: .none, context: nil, settings: route.settings)
            plan(definition, importing: route.contexts, route.owner, after: before)
            let exporter = ResourceAddress(.exporter, in: route.source, route.exporter)
            let lost = planLostSchemas(route, situation)
            written.units[exporter]?.dependencies += lost
        } else if own.contains(where: \.waitsForDecision) {
            fence(route, situation)
        }
    }

    // MARK: Exporters that have to end

    /// Every exporter of the family but those that are kept: from registries that are not the primary's, and from the
    /// primary's to registries of no member.
    ///
    /// - Returns: What is deleted, by the environment that holds it.
    private mutating func endOtherExporters(
        _ situation: FamilySituation, _ memberRoles: [String: MemberRole], keeping kept: Set<String>,
        on source: String
    ) -> [String: [ResourceAddress]] {
        let family = situation.family
        guard !options.adoptOnly else { return [:] }
        var ended: [String: [ResourceAddress]] = [:]
        for environment in facts.registries(of: family).sorted() {
            for exporter in facts.exporters(of: family, on: environment) {
                if environment == source {
                    guard !kept.contains(exporter.name), facts.isOwned(exporter, on: environment) else { continue }
                    delete(exporter, on: environment, situation, .unusedExporter)
                    continue
                }
                switch facts.ending(ofExportersOn: environment, situation, memberRoles) {
                case .delete:
                    ended[environment, default: []].append(
                        delete(exporter, on: environment, situation, .otherSchemaSource(source)))
                case .pause: pause(exporter, on: environment, situation, .writtenRegistry(source))
                case nil: continue
                }
            }
        }
        return ended
    }

    @discardableResult
    private mutating func delete(
        _ exporter: ObservedExporter, on environment: String, _ situation: FamilySituation, _ reason: ChangeReason
    ) -> ResourceAddress {
        let owner = LinkOwner(situation.family)
        let address = ResourceAddress(.exporter, in: environment, exporter.name)
        var unit = Unit(address, labels: owner.labels, ownership: owner.ownership)
        unit.change = Change(.delete, address, reason: reason, group: owner.group)
        let reference = ExporterReference(environment: environment, exporter: exporter.name)
        unit.steps =
            (exporter.state == .paused ? [] : [Step("pause", address, .registry(.pauseExporter(reference)))])
            + [Step("delete", address, .registry(.deleteExporter(reference)), ledger: .disown)]
        put(unit)
        return address
    }

    private mutating func pause(
        _ exporter: ObservedExporter, on environment: String, _ situation: FamilySituation, _ reason: ChangeReason
    ) {
        let owner = LinkOwner(situation.family)
        let address = ResourceAddress(.exporter, in: environment, exporter.name)
        guard exporter.state != .paused else { return }
        var unit = Unit(address, labels: owner.labels, ownership: owner.ownership)
        unit.change = Change(
            .update, address, differences: [.init("state", from: exporter.state.description, to: "PAUSED")],
            reason: reason, group: owner.group)
        let reference = ExporterReference(environment: environment, exporter: exporter.name)
        unit.steps = [Step("pause", address, .registry(.pauseExporter(reference)))]
        put(unit)
    }

    /// A registry that was left takes no schemas while its topics are fenced.
    private mutating func fence(_ route: SchemaRoute, _ situation: FamilySituation) {
        let isDemoted = route.members.contains { situation.moves.demoted[$0] != nil }
        guard isDemoted, route.group.fence?.registry ?? false else { return }
        for context in route.contexts {
            planMode(.readOnly, of: context, in: route.destination, filledBy: nil, route.owner)
        }
    }
}

extension Facts {
    fileprivate func route(
        of group: FailoverGroupSpec, from source: String, to destination: String, _ members: [String], isOnly: Bool,
        _ family: GroupFamily
    ) -> SchemaRoute? {
        guard let settings = group.schemas else { return nil }
        return SchemaRoute(
            group: group, settings: settings, source: source, destination: destination,
            contexts: contexts(reachedBy: settings.subjects, in: [source, destination]),
            exporter: exporterName(of: group, settings, family, from: source, to: destination, isOnly: isOnly),
            members: members, owner: LinkOwner(group, of: family))
    }

    /// Whether members wait for a decision that never served: nothing was written to their registry but by exporters.
    fileprivate func hasOnlyUnservedWaiting(
        _ members: [String], _ situation: FamilySituation, _ memberRoles: [String: MemberRole]
    ) -> Bool {
        members.contains { memberRoles[$0]?.waitsForDecision ?? false }
            && members.allSatisfy { situation.moves.demoted[$0] == nil }
    }

    /// Whether a family's topics were primary on another member before: then what a registry holds is known.
    func hasMoved(_ owner: LinkOwner) -> Bool {
        guard let group = owner.group else { return false }
        return situations[group].map { $0.moves.serving != nil || $0.epoch > 0 } ?? false
    }

    /// What becomes of exporters on a registry that is not the primary's; `nil` = somebody has to decide first whether
    /// its member may leave.
    fileprivate func ending(
        ofExportersOn environment: String, _ situation: FamilySituation, _ memberRoles: [String: MemberRole]
    ) -> ExporterEnding? {
        let members = situation.family.members.filter { self.environment(of: $0) == environment }
        guard !members.isEmpty else {
            let isUnfinished = formerMembers(of: situation).contains { self.environment(of: $0) == environment }
            return isUnfinished ? nil : .delete
        }
        let own = members.compactMap { memberRoles[$0] }
        let isFree = own.contains { $0.isMirroring || $0.isRetired }
        return isFree || hasOnlyUnservedWaiting(members, situation, memberRoles) ? .delete : .pause
    }

    fileprivate func isOwned(_ exporter: ObservedExporter, on environment: String) -> Bool {
        recorded.owned[ResourceAddress(.exporter, in: environment, exporter.name)] != nil
    }
}

/// The way of a group's schemas from the primary's registry to another one.
struct SchemaRoute {
    let group: FailoverGroupSpec
    let settings: SchemaSettings
    let source: String
    let destination: String
    let contexts: [RegistryContext]
    let exporter: String
    let members: [String]
    let owner: LinkOwner
}

private enum ExporterEnding {
    case delete
    case pause
}

extension MemberRole {
    var isRetired: Bool { if case .retired = self { true } else { false } }
    fileprivate var waitsForDecision: Bool { if case .waits = self { true } else { false } }
}
