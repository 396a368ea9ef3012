/// A group with every group that follows it: they share links and move as one.
package struct GroupFamily: Hashable, Sendable {
    /// The group that declares `primary`.
    package let leader: FailoverGroupSpec
    /// Every group of the family, the leader first, then by name.
    package let groups: [FailoverGroupSpec]
    /// Declared primary.
    package let primary: String
    /// Declared members.
    package let members: [String]

    /// Name of the family: the leader's.
    package var name: String { leader.name }
    /// Members besides the primary.
    package var secondaries: [String] { members.filter { $0 != primary } }

    /// The families of a workspace, by name of the leader. Groups that follow nothing known are left out; validation
    /// reports them.
    package static func all(in workspace: Workspace) -> [GroupFamily] {
        var followers: [String: [FailoverGroupSpec]] = [:]
        for group in workspace.failoverGroups.values {
            if let leader = leader(of: group, in: workspace) { followers[leader.name, default: []].append(group) }
        }
        return followers.compactMap { name, groups -> GroupFamily? in
            guard let leader = workspace.failoverGroups[name],
                case .declared(let primary, let members) = leader.placement
            else { return nil }
            let others = groups.filter { $0.name != name }.sorted { $0.name < $1.name }
            return GroupFamily(leader: leader, groups: [leader] + others, primary: primary, members: members)
        }.sorted { $0.name < $1.name }
    }

    private static func leader(of group: FailoverGroupSpec, in workspace: Workspace) -> FailoverGroupSpec? {
        var current = group
        var seen: Set<String> = []
        while case .follows(let next) = current.placement {
            guard seen.insert(current.name).inserted, let leader = workspace.failoverGroups[next] else { return nil }
            current = leader
        }
        return current
    }

    /// The link settings the family shares: the leader's, with the followers' group lists united.
    package var linkSettings: LinkSettings {
        var settings = leader.link
        for follower in groups.dropFirst() {
            settings.names.merge(follower.link.names) { own, _ in own }
            guard let sync = follower.link.consumerOffsetSync, sync.enabled else { continue }
            guard var own = settings.consumerOffsetSync, own.enabled else {
                settings.consumerOffsetSync = sync
                continue
            }
            own.includeGroups = Set(own.includeGroups).union(sync.includeGroups).sorted()
            own.excludeGroups = Set(own.excludeGroups).union(sync.excludeGroups).sorted()
            settings.consumerOffsetSync = own
        }
        return settings
    }

    /// Wire name of the link between two members, unless an existing one is found.
    package func linkName(from source: String, to destination: String) -> String {
        let settings = linkSettings
        let ends = settings.mode == .bidirectional ? [source, destination].sorted() : [source, destination]
        let pair = ends.joined(separator: "-")
        return settings.names[pair] ?? "\(name)-\(pair)"
    }

    /// The desired halves of the links from the primary to every other member.
    package var links: [DesiredLink] {
        let settings = linkSettings
        let selector = unitedSelector
        return secondaries.flatMap { secondary in
            DesiredLink.halves(
                named: linkName(from: primary, to: secondary), from: primary, to: secondary, settings: settings,
                selector: selector, declaration: .failoverGroup(name))
        }
    }

    /// The topics the link itself creates mirrors of: those of the groups that ask for it, and no others.
    private var unitedSelector: TopicSelector? {
        let selectors = groups.compactMap(\.topics).filter(\.autoCreate)
        guard var united = selectors.first else { return nil }
        for selector in selectors.dropFirst() {
            united.include = Set(united.include).union(selector.include).sorted()
            united.exclude = Set(united.exclude).union(selector.exclude).sorted()
        }
        return united
    }
}
