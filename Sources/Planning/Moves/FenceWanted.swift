import Domain

/// The entries that keep a family's writers from a member.
struct FenceWanted {
    /// Entries.
    let bindings: Set<ACLBinding>
    /// Whether every group of the family declares how its writers are stopped.
    let isDeclared: Bool
    /// Whether everybody is denied writes to every topic.
    let isComplete: Bool
    /// How long the source's offsets have to stand still.
    let quiet: Duration
    /// Whether registries of fenced members are READONLY.
    let coversRegistry: Bool

    init(_ family: GroupFamily, topics: [String: Set<String>]) {
        var bindings: Set<ACLBinding> = []
        for group in family.groups {
            for topic in topics[group.name] ?? [] {
                for principal in group.fence?.denyWrites ?? [] {
                    bindings.insert(.denyWrites(to: topic, by: principal))
                }
            }
        }
        self.bindings = bindings
        isDeclared = family.groups.allSatisfy { $0.fence != nil }
        isComplete = family.groups.allSatisfy { $0.fence?.denyWrites.contains("User:*") ?? false }
        quiet = family.groups.compactMap { $0.fence?.quiet }.max() ?? .zero
        coversRegistry = family.groups.contains { $0.fence?.registry ?? false }
    }
}

extension Facts {
    /// The fence of a family around some topics; each group's principals are kept from its own topics.
    func fence(of family: GroupFamily, around topics: Set<String>) -> FenceWanted {
        var byGroup: [String: Set<String>] = [:]
        for group in family.groups {
            let own = FamilyTopics(
                declared: declaredNames([group]), selectors: [group.topics].compactMap(\.self))
            byGroup[group.name] = family.groups.count == 1 ? topics : topics.filter { own.contains($0) }
        }
        return FenceWanted(family, topics: byGroup)
    }

    /// Entries of a fence that a member lacks, and those it had before Spillway.
    func missing(_ fence: FenceWanted, on member: String, _ moves: RecordedMoves) -> (
        write: Set<ACLBinding>, existed: Set<ACLBinding>
    ) {
        let there = observation.clusters[member]?.snapshot?.denials ?? []
        let ours = moves.fences[member]?.written ?? []
        let existed = fence.bindings.intersection(there).subtracting(ours)
        return (fence.bindings.subtracting(there), existed)
    }

    /// Entries of the declared fence that stand on a member which does not serve, when the move that made it so was made
    /// by a ledger that is lost: they are taken for its fence, and the plan says so.
    func inherited(_ fence: FenceWanted, on member: String, _ situation: FamilySituation) -> Set<ACLBinding> {
        guard situation.isMovedByLostLedger, member != situation.source else { return [] }
        return fence.bindings.intersection(observation.clusters[member]?.snapshot?.denials ?? [])
    }
}
