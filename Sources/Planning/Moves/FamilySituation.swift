import Domain

/// What the evidence says about a family: who holds its data, and which move is on.
struct FamilySituation {
    let family: GroupFamily
    /// The member whose copies clients use; `nil` when nothing exists yet.
    let holder: String?
    /// Why, in words.
    let evidence: String
    /// What the ledger remembers; nothing where it is older than what was published.
    let moves: RecordedMoves
    /// Greatest epoch that any ledger or store knows.
    let epoch: Int
    /// The epoch in which the holder serves; less than ``epoch`` when a later move was given up.
    let servingEpoch: Int
    /// The ledger that was published with it.
    let epochLedger: String
    /// Whether a store knows a later epoch than the ledger, which therefore counts as lost for this family.
    var isLedgerStale = false

    /// The move that is under way towards the declared primary.
    var openMove: RecordedMoves.Move? { moves.open }

    /// The member that holds the data, or will.
    var source: String { holder ?? family.primary }

    /// Whether copies have to move before the declared primary can serve.
    var isMoving: Bool {
        guard let holder else { return false }
        return holder != family.primary
    }

    /// Whether the last move was made by a ledger that is lost: stores know a later epoch than this one has ever begun.
    var isMovedByLostLedger: Bool { moves.epoch < epoch }

    /// The token that consents to destroying a member's copies of some topics, and of no others.
    func token(for member: String, _ topics: Set<String>) -> String {
        let demotion = moves.demoted[member]
        return moves.token(
            for: topics, on: member, epoch: demotion?.epoch ?? epoch, ledger: demotion?.ledger ?? epochLedger)
    }
}

/// Why a family cannot be worked on.
struct FamilyObstacle: Error {
    var gate = Refusal.Gate.holder
    let reason: FamilyReason
    var field = "spec.primary"
}

extension Facts {
    /// Reads the evidence.
    func situation(of family: GroupFamily) -> Result<FamilySituation, FamilyObstacle> {
        let recordedMoves = recorded.moves[family.name] ?? RecordedMoves()
        let published = publications(of: family)
        if let obstacle = contradiction(in: published, recordedMoves, family) {
            return .failure(obstacle)
        }
        let latest = published.max { $0.epoch < $1.epoch }
        let isStale = isLost(recordedMoves, to: latest)
        let moves = isStale ? recordedMoves.withoutStanding : recordedMoves
        let epoch = max(recordedMoves.epoch, latest?.epoch ?? 0)
        // A ledger that owns nothing yet is made with the run that uses the token: it has the same name before and after.
        let own = recorded.owned.isEmpty ? "new" : recorded.ledgerID ?? "new"
        let ledger = latest.flatMap { $0.epoch == epoch ? $0.ledger : nil } ?? own
        func found(
            _ holder: String?, _ evidence: String, since servingEpoch: Int = 0
        ) -> Result<FamilySituation, FamilyObstacle> {
            .success(
                FamilySituation(
                    family: family, holder: holder, evidence: evidence, moves: moves, epoch: epoch,
                    servingEpoch: servingEpoch,
                    epochLedger: ledger, isLedgerStale: isStale && recordedMoves.epoch > 0))
        }
        if let serving = moves.serving, serving.epoch >= latest?.epoch ?? 0 {
            return found(
                serving.site, "the ledger says that it serves since epoch \(serving.epoch)", since: serving.epoch)
        }
        if let latest {
            return found(
                latest.site, "binding \(latest.binding) sends clients there (epoch \(latest.epoch))",
                since: latest.epoch)
        }
        switch holderByCopies(of: family) {
        case .member(let member, let evidence): return found(member, evidence)
        case .nobody: return found(nil, "nothing of it exists yet")
        case .sources(let several):
            return .failure(
                FamilyObstacle(reason: .manySources(several, members: family.members, epoch: epoch)))
        case .holders(let several):
            return .failure(
                FamilyObstacle(reason: .manyHolders(several, members: family.members, epoch: epoch)))
        }
    }

    /// Whether the ledger counts as lost for a family: a store knows a later epoch, or the same one by another ledger
    /// that sends clients elsewhere, after this one gave up its claim to the store.
    fileprivate func isLost(_ moves: RecordedMoves, to latest: PublishedEpoch?) -> Bool {
        guard let latest, latest.epoch >= moves.epoch else { return false }
        guard latest.epoch == moves.epoch else { return true }
        let own = moves.serving?.epoch == latest.epoch ? moves.serving?.site : moves.open?.to
        return latest.epoch > 0 && latest.ledger != nil && latest.ledger != recorded.ledgerID && own != latest.site
            && !moves.demoted.values.contains { $0.ledger == latest.ledger }
    }

    // MARK: Bindings

    func publications(of family: GroupFamily) -> [PublishedEpoch] {
        family.groups.flatMap { index.bindingsOfGroups[$0.name] ?? [] }.flatMap { binding in
            binding.addresses.compactMap { address in
                guard let seen = observation.stores[address]?.snapshot?.bookkeeping, let site = seen.primary else {
                    return nil
                }
                return PublishedEpoch(
                    binding: binding.name, site: ownership.clusterNames[site] ?? site, epoch: seen.epoch ?? 0,
                    ledger: seen.ledger, address: address)
            }
        }
    }

    fileprivate func contradiction(
        in published: [PublishedEpoch], _ moves: RecordedMoves, _ family: GroupFamily
    ) -> FamilyObstacle? {
        guard let greatest = published.map(\.epoch).max() else { return nil }
        let latest = published.filter { $0.epoch == greatest }
        let sites = Set(latest.map(\.site)).sorted()
        if sites.count > 1, greatest > 0 || moves.serving != nil || moves.open == nil {
            return FamilyObstacle(reason: .manyPublished(sites, epoch: greatest))
        }
        if let site = sites.first, !family.members.contains(site) {
            return FamilyObstacle(
                reason: .publishedOutside(binding: latest[0].binding, site: site), field: "spec.members")
        }
        return foreign(latest, greatest, moves)
    }

    /// The epoch of our own row, published by another ledger.
    fileprivate func foreign(_ latest: [PublishedEpoch], _ epoch: Int, _ moves: RecordedMoves) -> FamilyObstacle? {
        let isOurs = epoch > 0 ? moves.epoch == epoch : false
        for publication in latest {
            // Without a row it was given up, and a row may say that it was taken over as another ledger left it.
            guard let applied = recorded.owned[publication.address]?.applied else { continue }
            let wrote = applied["epoch"] == String(epoch)
            guard isOurs || (epoch == 0 && wrote), let ledger = publication.ledger, ledger != recorded.ledgerID,
                applied[Recorded.Owned.publishedByMark] != ledger,
                !(isOurs && moves.demoted.values.contains { $0.ledger == ledger })
            else { continue }
            return FamilyObstacle(
                gate: .ownership,
                reason: .publishedByOther(publication.address, own: recorded.ledgerID, other: ledger))
        }
        return nil
    }

    // MARK: Copies

    fileprivate func holderByCopies(of family: GroupFamily) -> HolderByCopies {
        let sources = sourcesOfLiveRows(of: family)
        if sources.count == 1, let source = sources.first {
            return .member(source, "the mirrors of its topics read from there")
        }
        if sources.count > 1 {
            return sources.contains(family.primary)
                ? .member(family.primary, "mirrors of its topics read from there")
                : .sources(sources.sorted())
        }
        if let survivor = survivorOfAManualFailover(of: family) {
            return .member(survivor, "its mirrors were made ordinary topics there, by hand")
        }
        let writable = family.members.filter { !writableTopics(of: family, on: $0).isEmpty }
        if writable.contains(family.primary) { return .member(family.primary, "it holds its topics") }
        guard isSeenEmpty(family.primary) else { return .nobody }
        switch writable.count {
        case 0: return .nobody
        case 1: return .member(writable[0], "it alone holds its topics, and not as mirrors")
        default: return .holders(writable)
        }
    }

    fileprivate func isSeenEmpty(_ member: String) -> Bool {
        switch observation.clusters[member] {
        case .reachable?, .absent?: true
        default: false
        }
    }

    fileprivate func sourcesOfLiveRows(of family: GroupFamily) -> Set<String> {
        var sources: Set<String> = []
        for member in family.members {
            for row in (index.mirrors[member] ?? [:]).values where row.isLive && topics(of: family).contains(row.topic)
            {
                if let source = self.member(family, atTheOtherEndOf: row.link, on: member) { sources.insert(source) }
            }
        }
        return sources
    }

    /// The one member that holds STOPPED mirrors of another member and is no mirror itself.
    fileprivate func survivorOfAManualFailover(of family: GroupFamily) -> String? {
        let candidates = family.members.filter { member in
            (index.mirrors[member] ?? [:]).values.contains { row in
                !row.isLive && topics(of: family).contains(row.topic)
                    && self.member(family, atTheOtherEndOf: row.link, on: member) != nil
            }
        }
        return candidates.count == 1 ? candidates[0] : nil
    }

    func writableTopics(of family: GroupFamily, on member: String) -> Set<String> {
        guard let snapshot = observation.clusters[member]?.snapshot else { return [] }
        let rows = index.mirrors[member] ?? [:]
        let wanted = topics(of: family)
        return Set(
            snapshot.topics.lazy.filter { name, topic in
                wanted.contains(name, isInternal: topic.isInternal) && !(rows[name]?.isLive ?? false)
            }.map(\.key))
    }

    func topics(of family: GroupFamily) -> FamilyTopics {
        familyTopics[family.name] ?? FamilyTopics(declared: [], selectors: [])
    }

    /// The member a link of a cluster reads from.
    func member(_ family: GroupFamily, atTheOtherEndOf link: String, on cluster: String) -> String? {
        guard let live = observation.clusters[cluster]?.snapshot?.links.first(where: { $0.name == link }),
            let remote = live.remoteClusterID
        else { return nil }
        return family.members.first { $0 != cluster && self.id(ofCluster: $0) == remote }
    }
}

/// What a readable store of an unpinned binding says.
struct PublishedEpoch {
    let binding: String
    let site: String
    let epoch: Int
    let ledger: String?
    let address: ResourceAddress
}

private enum HolderByCopies {
    case member(String, String)
    case nobody
    /// Live mirrors read from each of them.
    case sources([String])
    /// Each of them holds topics, and mirrors none of the others.
    case holders([String])
}

extension RecordedMoves {
    /// What is left of a ledger that does not know who serves: the entries it wrote itself, which nobody else takes down.
    fileprivate var withoutStanding: RecordedMoves {
        var moves = RecordedMoves()
        moves.fences = fences
        return moves
    }
}
