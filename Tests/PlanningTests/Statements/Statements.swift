import Domain
import Planning

/// What a world has to say to what a plan says of it.
struct Statements {
    let history: History

    init(_ history: History) {
        self.history = history
    }

    var workspace: Workspace { history.workspace }

    /// Groups that are called protected although no standby would get what is written next, or clients could not use
    /// it there.
    func untrueProtection(_ plan: Plan) -> [String] {
        plan.groups.filter(\.isProtected).compactMap { group in
            guard let family = family(of: group.name), let spec = workspace.failoverGroups[group.name] else {
                return nil
            }
            let holder = holder(of: family)
            let gaps = family.members.filter { $0 != holder }.map { gap(on: $0, of: spec, family, holder) }
            return gaps.contains(nil)
                ? nil : "\(group.name) is called protected: \(gaps.compactMap(\.self).joined(separator: "; "))"
        }
    }

    func family(of group: String) -> FamilyFacts? {
        guard let family = history.families.first(where: { $0.groups.contains { $0.name == group } }) else {
            return nil
        }
        return history.facts().first { $0.name == family.name }
    }

    /// The member whose copies are the group's data: where clients are sent, but for the moment between the point of no
    /// return and what tells them.
    func holder(of family: FamilyFacts) -> String {
        let sentTo = history.judge.holder(of: family) ?? family.primary
        guard let open = history.world.ledger.moves[family.name]?.open, open.isPast, open.from == sentTo else {
            return sentTo
        }
        let isWritable = family.topics.contains { world(history.world, has: $0, writableOn: sentTo) }
        return isWritable ? sentTo : open.to
    }

    private func world(_ world: World, has topic: String, writableOn site: String) -> Bool {
        world.cluster(site, workspace)?.isWritable(topic) ?? false
    }

    private func topics(of group: String) -> [String] {
        workspace.topics.values.filter { $0.home == .failoverGroup(group) }.map(\.topicName).sorted()
    }

    /// What keeps a standby from taking over; `nil` when nothing does.
    private func gap(
        on member: String, of group: FailoverGroupSpec, _ family: FamilyFacts, _ holder: String
    ) -> String? {
        guard let id = history.world.cluster(member, workspace)?.listed.id, !history.world.dead.contains(id) else {
            return "\(member) is not there"
        }
        let topics = topics(of: group.name)
        let next = Next(history.world, workspace, holder: holder, topics)
        var world = next.world
        for link in (world.clusters[id]?.links.keys ?? [:].keys).sorted() { world.sync(link, on: id) }
        guard let cluster = world.clusters[id] else { return "\(member) is not there" }
        let missing = next.topics.filter { !(cluster.records[$0] ?? []).contains(Next.record) }
        if !missing.isEmpty { return "what is written to \(missing) on \(holder) does not arrive at \(member)" }
        if group.link.consumerOffsetSync?.enabled ?? false {
            let lost = next.topics.filter { cluster.commits[Next.commit($0)] != Next.offset }
            if !lost.isEmpty { return "offsets of readers of \(lost) on \(holder) do not arrive at \(member)" }
        }
        let own = history.world.ledger.moves[family.name]?.fences[member]?.written ?? []
        let entries = history.world.clusters[id]?.denials ?? []
        for entry in entries.subtracting(own) where topics.contains(where: entry.deniesClients) {
            return "clients are denied by \(entry) on \(member)"
        }
        return group.schemas == nil ? nil : schemaGap(family.environments[holder], family.environments[member], world)
    }

    private func schemaGap(_ source: String?, _ destination: String?, _ start: World) -> String? {
        var world = start
        guard let source, let destination, source != destination,
            let from = world.environment(source, workspace)?.id, let to = world.environment(destination, workspace)?.id
        else { return nil }
        let behind = (world.schemas[from] ?? []).subtracting(world.schemas[to] ?? [])
        if !behind.isEmpty { return "\(destination) lacks \(behind.count) schemas of \(source)" }
        let next = SchemaVersionID(subject: "next", version: 1, id: Int.max)
        world.schemas[from, default: []].insert(next)
        for exporter in world.environments[from]?.registry?.exporters ?? [] { world.export(exporter, from: from) }
        return world.schemas[to]?.contains(next) ?? false
            ? nil : "a schema that \(source) takes does not arrive in \(destination)"
    }
}

/// A world in which clients have just written one more record to each topic, and read to its end.
private struct Next {
    static let record = Int.max
    static let offset = Int.max
    var world: World
    /// Topics that clients could write to.
    private(set) var topics: [String] = []

    static func commit(_ topic: String) -> World.Commit { World.Commit(group: "next", topic: topic) }

    init(_ world: World, _ workspace: Workspace, holder: String, _ topics: [String]) {
        self.world = world
        self.topics = topics.filter { world.cluster(holder, workspace)?.isWritable($0) ?? false }
        let written = self.topics
        self.world.change(holder, workspace) { cluster in
            for topic in written {
                cluster.records[topic, default: []].append(Self.record)
                cluster.commits[Self.commit(topic)] = Self.offset
            }
        }
    }
}

extension ACLBinding {
    /// Whether it keeps an application from reading or writing a topic.
    fileprivate func deniesClients(of topic: String) -> Bool {
        guard permission == "DENY", resourceType == "TOPIC", ["User:*", "User:app"].contains(principal),
            ["WRITE", "READ", "ALL", "DESCRIBE"].contains(operation)
        else { return false }
        return patternType == "PREFIXED"
            ? topic.hasPrefix(resourceName) : resourceName == "*" || resourceName == topic
    }
}
