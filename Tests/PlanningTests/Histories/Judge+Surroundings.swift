import Domain
import Planning

/// What must hold of everything around moves: links and exporters that go on by themselves, topics outside of groups,
/// hooks, registries.
extension Judge {
    // MARK: Links and exporters

    /// After a move was published, nothing flows by itself from the side that was left.
    mutating func checkInert(_ actor: Event.Actor, _ topic: String, on site: String, _ text: String) {
        guard case .link(let from, let to) = actor, to == site else { return }
        for family in facts.values where isPublished(family, from: from, to: to) {
            guard family.topics.subtracting(left[family.name] ?? []).contains(topic) else { continue }
            find("P10", "link from \(from) \(text) on \(to), where \(family.name) is published")
        }
    }

    /// The same for schemas.
    mutating func checkInert(_ actor: Event.Actor, _ environment: String, _ held: Set<SchemaVersionID>) {
        guard case .exporter(let from, let to) = actor, to == environment else { return }
        for family in facts.values where !family.contexts.isEmpty {
            guard let move = moves[family.name], family.environments[move.from] == from,
                family.environments[move.to] == to, isPublished(family, from: move.from, to: move.to)
            else { continue }
            let new = held.subtracting(seen.schemas[environment] ?? []).count
            if new > 0 { find("P10", "exporter from \(from) writes \(new) schemas into \(to), which is in use") }
        }
    }

    /// Whether clients were sent to a side by the last move, which left another one, and its links could be made quiet.
    private func isPublished(_ family: FamilyFacts, from: String, to: String) -> Bool {
        guard let move = moves[family.name], move.from == from, move.to == to, !unquieted.contains(family.name),
            firstPublished.contains("\(family.name) \(move.epoch)")
        else { return false }
        return holder(of: family) == to
    }

    /// A committed offset of a client is not taken back by a link.
    mutating func checkCommit(_ commit: World.Commit, _ offset: Int, on site: String, by actor: Event.Actor) {
        switch actor {
        case .client: commits[site, default: [:]][commit] = offset
        case .link(let from, let to) where to == site:
            guard let family = facts.values.first(where: { $0.topics.contains(commit.topic) }),
                isPublished(family, from: from, to: to), !(left[family.name] ?? []).contains(commit.topic),
                let committed = commits[site]?[commit], committed > offset
            else { return }
            find("P12", "\(commit.group) goes back from \(committed) to \(offset) in \(commit.topic) on \(site)")
        default: break
        }
    }

    /// What a move switched off on links that somebody else made is on again when the move was taken back.
    mutating func checkLinksAreBack(_ move: Move, _ family: FamilyFacts) {
        let features = ["acl.sync.enable", "acl.filters", "auto.create.mirror.topics.enable"]
        guard !silent.contains(.cluster(move.to)) else { return }
        let others = facts.keys.filter { $0 != family.name }
        for (name, before) in move.links where !others.contains(where: { name.hasPrefix("\($0)-") }) {
            guard let now = seen.sites[move.to]?.links[name] else { continue }
            for feature in features where before[feature] != now[feature] {
                find("P13", "\(feature) of link \(name) is not what it was before a move that was given up")
            }
        }
    }

    // MARK: Topics outside of groups

    mutating func checkDeletion(of topic: String, on site: String) {
        guard let plain, !facts.values.contains(where: { $0.topics.contains(topic) }) else { return }
        let address = ResourceAddress(.topic, in: site, topic)
        let row = ownedBefore[address]
        deletions += 1
        var reasons: [String] = []
        if row == nil { reasons.append("which the ledger did not own before") }
        if row.map({ $0.deletionPolicy != .delete }) ?? false { reasons.append("whose policy is Retain") }
        if row?.applied["metadata.protect"] == "true" { reasons.append("which is protected") }
        if plain.declared.contains(address) { reasons.append("which a manifest names") }
        if !plain.listed.contains(address) { reasons.append("which the plan did not show") }
        if deletions > plain.maxDeletions { reasons.append("the \(deletions)th where \(plain.maxDeletions) may be") }
        if !reasons.isEmpty { find("P3a", "a run deleted \(address), \(reasons.joined(separator: ", "))") }
    }

    // MARK: Hooks

    /// A hook announces what was published, and never something older than it did.
    mutating func checkHook(_ hook: ResourceAddress, _ generation: Int, by actor: Event.Actor) {
        // What was under way when a run lost its lock may come late.
        guard !isOvertaken(actor) else { return }
        let binding = hook.name.prefix { $0 != "/" }
        let published = seen.stores.filter { $0.key.name.hasPrefix("\(binding)/") }.values.compactMap(\.generation)
        if let greatest = published.max(), greatest < generation {
            find("W12", "\(hook) announces generation \(generation), which is not published")
        }
        if let before = announced[hook], before > generation { find("W12", "\(hook) goes back to \(generation)") }
        announced[hook] = generation
    }

    // MARK: Registries and calls

    /// Schemas are deleted one by one: those that stand in the way of what is in use, and, with the copies beside them,
    /// those that a failover lost, whose names and ids are given again.
    mutating func checkSchemas(_ versions: [SchemaVersionID], of environment: String, _ step: Step) {
        let own = seen.schemas[environment] ?? []
        let others = seen.schemas.filter { $0.key != environment }.values
        for version in versions {
            let isAlone = !others.contains { $0.contains(version) }
            let collides = others.contains { held in
                held.contains {
                    $0.id == version.id || ($0.subject == version.subject && $0.version == version.version)
                }
            }
            let isGivenUp = facts.values.contains { family in
                family.environments.contains { member, place in
                    place == environment && family.discard.contains { $0.hasPrefix("\(member)@") }
                }
            }
            if own.contains(version), !isAlone || !(collides || isGivenUp) {
                find("P15", "\(step.id) deletes \(version.subject) v\(version.version), which is in nobody's way")
            }
        }
    }

    /// Mirrors of one link are ended by one call.
    mutating func countEnding(_ step: Step, by actor: Event.Actor) {
        guard case .move(.endMirrors(let verb, let mirrors)) = step.action else { return }
        let key = "\(mirrors.cluster)/\(mirrors.link) \(verb) by \(actor)"
        promotions[key, default: 0] += 1
        if promotions[key] == 2 { find("P8", "mirrors of \(key) are ended by more than one call") }
    }
}
