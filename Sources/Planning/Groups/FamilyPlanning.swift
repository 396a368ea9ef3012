import Domain

/// Failover groups: the holder has the topics, every other member mirrors them, and a changed `primary` is a move.
extension Planner {
    mutating func planFamilies() {
        for family in families { plan(family) }
    }

    private mutating func plan(_ family: GroupFamily) {
        let owner = LinkOwner(family)
        switch situation(of: family) {
        case .failure(let obstacle): refuse(family, obstacle, owner)
        case .success(let situation):
            for group in family.groups { situations[group.name] = situation }
            if let holder = situation.holder, !family.members.contains(holder) {
                return refuse(family, Self.outsider(holder, family), owner)
            }
            planFormerMembers(situation, owner)
            if isOnTheMove(situation) {
                planMove(draft(situation), owner)
            } else if let rest = moveOfTheRest(situation, owner) {
                planMove(rest, owner)
            } else {
                planSettled(situation, owner)
            }
        }
    }

    /// Whether copies have to change sides: the holder is not the primary, or the primary's own copies are mirrors, as
    /// after a reverse that never served.
    func isOnTheMove(_ situation: FamilySituation) -> Bool {
        if situation.isMoving { return true }
        guard situation.openMove != nil || topicsLeftBehind(by: situation).isEmpty else { return false }
        let left = situation.openMove?.left ?? []
        return !reversedTopics(of: situation).subtracting(left).isEmpty
    }

    /// Topics that are mirrors on the primary although it holds them: of a reversal that never served.
    private func reversedTopics(of situation: FamilySituation) -> Set<String> {
        let family = situation.family
        let isPast = situation.openMove?.isPast ?? false
        return Set(
            (index.mirrors[family.primary] ?? [:]).values.lazy.filter { row in
                guard row.isLive, topics(of: family).contains(row.topic),
                    let source = member(family, atTheOtherEndOf: row.link, on: family.primary)
                else { return false }
                guard !isPast else { return true }
                guard let other = index.mirrors[source]?[row.topic], !other.isLive else { return false }
                return member(family, atTheOtherEndOf: other.link, on: source) == family.primary
            }.map(\.topic))
    }

    private static func outsider(_ holder: String, _ family: GroupFamily) -> FamilyObstacle {
        FamilyObstacle(
            message: "\(holder) holds its data, and is no member any more",
            wayOut: "put \(holder) back into `members`", field: "spec.members")
    }

    func declaredTopics(_ groups: [FailoverGroupSpec]) -> [TopicSpec] {
        groups.flatMap { index.topicsOfGroups[$0.name] ?? [] }
    }

    func declaredNames(_ groups: [FailoverGroupSpec]) -> Set<String> {
        Set(declaredTopics(groups).map(\.topicName))
    }

    // MARK: Settled

    private mutating func planSettled(_ situation: FamilySituation, _ owner: LinkOwner) {
        let family = situation.family
        let selected = select(
            family.groups.compactMap(\.topics), declared: declaredNames(family.groups), from: family.primary,
            mirroredOn: family.secondaries, owner)
        let behind = topicsLeftBehind(by: situation)
        let topics = selected.subtracting(behind.keys)
        if !behind.isEmpty { leftBehind[family.name] = Set(behind.keys) }
        sparePlacesOfTopics(of: family)
        for topic in declaredTopics(family.groups) where behind[topic.topicName] == nil {
            plan(topic, on: family.primary, group: family.name)
        }
        handOverRows(of: topics, situation)
        var standings: [String: MemberStanding] = [:]
        for secondary in family.secondaries {
            let standing = standing(of: secondary, situation, topics)
            standings[secondary] = standing
            planMember(secondary, standing, situation, topics, owner)
        }
        planFences(situation, topics, standings, leftBehind: behind, owner)
        planSchemas(situation, standings)
        noteInertConsents(situation, standings)
        removeOldLinks(situation, standings, owner)
        detachFormerMembers(situation, owner)
        restoreLinks(situation, owner)
        settledFamilies.append(SettledFamily(situation: situation, standings: standings))
        addStates(of: family)
    }

    private mutating func planMember(
        _ secondary: String, _ standing: MemberStanding, _ situation: FamilySituation, _ topics: Set<String>,
        _ owner: LinkOwner
    ) {
        let family = situation.family
        var returning: ReturnPlan?
        var topics = topics
        switch standing {
        case .follows: break
        case .returns(let plan):
            returning = plan
            topics.subtract(plan.undecided)
            if !plan.topics.isEmpty { confirm(plan, situation, owner) }
        case .dark(let silence): return hold(returnOf: secondary, situation, waitsFor: silence)
        case .waits, .retired: return spareDerived(of: family)
        }
        let wanted = (familyLinks[family.name] ?? []).filter { [$0.cluster, $0.remote].contains(secondary) }
        let halves = plan(wanted, owner)
        planMirrors(
            WantedMirrors(
                topics: topics, source: family.primary, cluster: secondary, halves: halves, prefix: nil, owner: owner,
                returning: returning))
        for topic in topics where situation.moves.serving != nil {
            inheritRow(at: ResourceAddress(.mirror, in: secondary, topic), topic, situation)
        }
    }

    // MARK: Refusals

    /// Refuses a family as a whole: nothing of it is touched, and nothing of it counts as having left the manifests.
    private mutating func refuse(_ family: GroupFamily, _ obstacle: FamilyObstacle, _ owner: LinkOwner) {
        spare(family, owner)
        refusals.append(
            RefusedWork(
                refusal: Refusal(
                    obstacle.gate, subject: "FailoverGroup \(family.name)", message: obstacle.message,
                    wayOut: obstacle.wayOut, origin: owner.origin(obstacle.field)),
                addresses: refusedAddresses(of: family)))
        addStates(of: family)
    }

    /// Marks everything of a family as refused.
    mutating func spare(_ family: GroupFamily, _ owner: LinkOwner) {
        for topic in declaredTopics(family.groups) {
            refuse(Unit(ResourceAddress(.topic, in: family.primary, topic.topicName), labels: topic.metadata.labels))
        }
        sparePlacesOfTopics(of: family)
        spareDerived(of: family)
        for group in family.groups { refusedGroups.insert(group.name) }
    }

    func refusedAddresses(of family: GroupFamily) -> [ResourceAddress] {
        let bindings = family.groups.flatMap { index.bindingsOfGroups[$0.name] ?? [] }
        return declaredNames(family.groups).map { ResourceAddress(.topic, in: family.primary, $0) }
            + bindings.flatMap(\.addresses)
    }

    /// What the ledger owns of a family is not what left the manifests, wherever its topics are now.
    mutating func sparePlacesOfTopics(of family: GroupFamily) {
        let former = (recorded.moves[family.name]?.demoted ?? [:]).keys.filter { workspace.clusters[$0] != nil }
        for topic in declaredNames(family.groups) {
            spared.formUnion((family.members + former).map { ResourceAddress(.topic, in: $0, topic) })
        }
        if recorded.moves[family.name] != nil { spareDerived(of: family) }
    }

    mutating func spareDerived(of family: GroupFamily) {
        let owner = LinkOwner(family).description
        spared.formUnion(recorded.owned.lazy.filter { $0.value.declaredBy == owner }.map(\.key))
        spared.formUnion(inheritedExporters(of: family))
    }
}

extension ClientBindingSpec {
    /// The addresses of its targets.
    var addresses: [ResourceAddress] {
        publish.indices.map { ResourceAddress(.binding, "\(name)/\($0)") }
    }
}
