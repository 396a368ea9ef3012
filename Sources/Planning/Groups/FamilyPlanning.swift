import Domain

/// Failover groups: the holder has the topics, every other member mirrors them, and a changed `primary` is a move.
struct GroupPhase: PlanningPhase {
    let facts: Facts
    let sites: SitePlan
    let family: GroupFamily
    var written: Draft
    var result: GroupPlan
    /// Consents to destroy copies that this plan asks for or uses.
    var consents = UsedConsents()

    /// The plan for one family.
    ///
    /// - Parameter claims: What earlier phases want of objects that this one may want too.
    static func plan(_ facts: Facts, _ sites: SitePlan, _ family: GroupFamily, _ claims: Claims)
        -> (plan: GroupPlan, draft: Draft)
    {
        var phase = GroupPhase(
            facts: facts, sites: sites, family: family, written: Draft(claims), result: GroupPlan(family))
        phase.plan()
        phase.result.refusedGroups = phase.written.refusedGroups
        phase.result.toBeMade = Set(phase.written.units.keys.filter { phase.written.units[$0]?.isThere == false })
        return (phase.result, phase.written)
    }

    private mutating func plan() {
        let owner = LinkOwner(family)
        guard let situation = situations[family.name] else {
            if let obstacle = facts.obstacles[family.name] { refuse(family, obstacle, owner) }
            return
        }
        if let holder = situation.holder, !family.members.contains(holder) {
            return refuse(family, FamilyObstacle(reason: .holderOutside(holder), field: "spec.members"), owner)
        }
        planFormerMembers(situation, owner)
        if facts.isOnTheMove(situation) {
            planMove(facts.draft(situation), owner)
        } else if let rest = moveOfTheRest(situation, owner) {
            planMove(rest, owner)
        } else {
            planSettled(situation, owner)
        }
    }

    // MARK: Settled

    private mutating func planSettled(_ situation: FamilySituation, _ owner: LinkOwner) {
        let family = situation.family
        let selected = select(
            family.groups.compactMap(\.topics), declared: facts.declaredNames(family.groups), from: family.primary,
            mirroredOn: family.secondaries, owner)
        let behind = facts.topicsLeftBehind(by: situation)
        let topics = selected.subtracting(behind.keys)
        result.left = Set(behind.keys)
        result.stuck = facts.stuck(Set(behind.keys), on: family.primary)
        written.units.reserveCapacity(topics.count * family.members.count)
        sparePlacesOfTopics(of: family)
        for topic in facts.declaredTopics(family.groups) where behind[topic.topicName] == nil {
            plan(topic, on: family.primary, group: family.name)
        }
        handOverRows(of: topics, situation)
        var memberRoles: [String: MemberRole] = [:]
        for secondary in family.secondaries {
            let standing = standing(of: secondary, situation, topics)
            memberRoles[secondary] = standing
            planMember(secondary, standing, situation, topics, owner)
        }
        planFences(situation, topics, memberRoles, leftBehind: behind, owner)
        planSchemas(situation, memberRoles)
        noteInertConsents(situation, memberRoles)
        removeOldLinks(situation, memberRoles, owner)
        detachFormerMembers(situation, owner)
        restoreLinks(situation, owner)
        result.settled = SettledFamily(situation: situation, memberRoles: memberRoles)
        addStates(of: family)
    }

    private mutating func planMember(
        _ secondary: String, _ standing: MemberRole, _ situation: FamilySituation, _ topics: Set<String>,
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
        written.refusals.append(
            RefusedWork(
                refusal: Refusal(
                    obstacle.gate, subject: "FailoverGroup \(family.name)", .family(obstacle.reason),
                    origin: owner.origin(obstacle.field)),
                addresses: facts.refusedAddresses(of: family)))
        addStates(of: family)
    }

    /// Marks everything of a family as refused.
    mutating func spare(_ family: GroupFamily, _ owner: LinkOwner) {
        for topic in facts.declaredTopics(family.groups) {
            refuse(Unit(ResourceAddress(.topic, in: family.primary, topic.topicName), labels: topic.metadata.labels))
        }
        sparePlacesOfTopics(of: family)
        spareDerived(of: family)
        for group in family.groups { written.refusedGroups.insert(group.name) }
    }

    /// What the ledger owns of a family is not what left the manifests, wherever its topics are now.
    mutating func sparePlacesOfTopics(of family: GroupFamily) {
        let former = (recorded.moves[family.name]?.demoted ?? [:]).keys.filter { workspace.clusters[$0] != nil }
        for topic in facts.declaredNames(family.groups) {
            written.claims.spared.formUnion((family.members + former).map { ResourceAddress(.topic, in: $0, topic) })
        }
        if recorded.moves[family.name] != nil { spareDerived(of: family) }
    }

    mutating func spareDerived(of family: GroupFamily) {
        let owner = LinkOwner(family).description
        written.claims.spared.formUnion(recorded.owned.lazy.filter { $0.value.declaredBy == owner }.map(\.key))
        written.claims.spared.formUnion(facts.inheritedExporters(of: family))
    }
}

extension Facts {
    /// Whether copies have to change sides: the holder is not the primary, or the primary's own copies are mirrors, as
    /// after a reverse that never served.
    func isOnTheMove(_ situation: FamilySituation) -> Bool {
        if situation.isMoving { return true }
        guard situation.openMove != nil || topicsLeftBehind(by: situation).isEmpty else { return false }
        let left = situation.openMove?.left ?? []
        return !reversedTopics(of: situation).subtracting(left).isEmpty
    }

    /// Topics that are mirrors on the primary although it holds them: of a reversal that never served.
    fileprivate func reversedTopics(of situation: FamilySituation) -> Set<String> {
        let family = situation.family
        let isPast = situation.openMove?.isPast ?? false
        return Set(
            (index.mirrors[family.primary] ?? [:]).values.lazy.filter { row in
                guard row.isLive, self.topics(of: family).contains(row.topic),
                    let source = self.member(family, atTheOtherEndOf: row.link, on: family.primary)
                else { return false }
                guard !isPast else { return true }
                guard let other = self.index.mirrors[source]?[row.topic], !other.isLive else { return false }
                return self.member(family, atTheOtherEndOf: other.link, on: source) == family.primary
            }.map(\.topic))
    }

    func declaredTopics(_ groups: [FailoverGroupSpec]) -> [TopicSpec] {
        groups.flatMap { index.topicsOfGroups[$0.name] ?? [] }
    }

    func declaredNames(_ groups: [FailoverGroupSpec]) -> Set<String> {
        Set(declaredTopics(groups).map(\.topicName))
    }

    func refusedAddresses(of family: GroupFamily) -> [ResourceAddress] {
        let bindings = family.groups.flatMap { index.bindingsOfGroups[$0.name] ?? [] }
        return declaredNames(family.groups).map { ResourceAddress(.topic, in: family.primary, $0) }
            + bindings.flatMap(\.addresses)
    }
}

extension ClientBindingSpec {
    /// The addresses of its targets.
    var addresses: [ResourceAddress] {
        publish.indices.map { ResourceAddress(.binding, "\(name)/\($0)") }
    }
}
