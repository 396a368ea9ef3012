import Domain
import Planning

/// Reads the events of a history, and finds what must never happen.
struct Judge {
    struct Finding: Hashable, CustomStringConvertible {
        let predicate: String
        let text: String
        var description: String { "\(predicate): \(text)" }
    }

    /// A move as the ledger's events tell it.
    struct Move {
        var kind: RecordedMoves.Kind
        let from: String
        let to: String
        let epoch: Int
        let isProvable: Bool
        /// Configs of the links on the new side, as they were before.
        var links: [String: [String: String]] = [:]
        var wasDowngraded = false
        var isPast = false
        /// What clients were told is kept at the old side, by topic, since the move began.
        var kept: [String: Set<Int>] = [:]
        /// The same when the move began.
        var atOpening: [String: Set<Int>] = [:]
    }

    var findings: [Finding] = []
    var seen = Appearance()
    /// Records that a client got an answer for.
    private(set) var acknowledged: Set<Int> = []
    private(set) var facts: [String: FamilyFacts] = [:]
    var moves: [String: Move] = [:]
    var decisions: [NeededDecision] = []
    /// The topics that each token named when it was given.
    var topicsOfTokens: [String: Set<String>] = [:]
    var silent: Set<World.Endpoint> = []
    /// Members that did not answer at some time of the current run, or at which a fence failed.
    var excused: Set<String> = []
    /// Members that were ever published, or whose mirrors a run ended: their copies are no strangers.
    var lineage: Set<String> = []
    var published: Set<String> = []
    /// Members that the current run fences: in a failover nothing waits for it.
    var fencing: Set<String> = []
    var changedRegistries = false
    /// Endpoints that did not answer at some time of the current run.
    var unheard: Set<World.Endpoint> = []
    var existingBySite: [(site: String, entry: ACLBinding)] = []
    var named: [String: String] = [:]
    var firstPublished: Set<String> = []
    /// Topics that were left behind on purpose, by family.
    private(set) var left: [String: Set<String>] = [:]
    /// Families of which a link into the new side could not be made quiet.
    var unquieted: Set<String> = []
    /// What clients committed where they are sent, since they are.
    var commits: [String: [World.Commit: Int]] = [:]
    private(set) var plain: PlainFacts?
    /// Rows of the ledger when the current run began.
    private(set) var ownedBefore: [ResourceAddress: Recorded.Owned] = [:]
    /// What clients were told is kept on each member, by topic, when the current run began.
    var keptBefore: [String: [String: Set<Int>]] = [:]
    /// Topics outside of groups that the current run deleted.
    var deletions = 0
    /// Calls that end mirrors, by run, link and verb.
    var promotions: [String: Int] = [:]
    /// Generations that each hook announced.
    var announced: [ResourceAddress: Int] = [:]
    /// Leases of runs, and calls that were sent.
    var leases = Leases()

    mutating func see(_ event: Event) {
        if case .run(let number) = event.actor { checkStale(number, event.what) }
        switch event.what {
        case .began(let families, let plain, let steps, let needed): begin(families, plain, steps, needed)
        case .ended(let isKilled, let isUndone):
            // Calls that were under way when a run lost its lock are put right by the next one.
            if !isOvertaken(event.actor) { end(isKilled: isKilled, isUndone: isUndone) }
        case .called(let step, let didFail):
            check(step, didFail: didFail)
            countEnding(step, by: event.actor)
        case .learned(let family, let event): learn(event, family)
        case .appended(let site, let topic, let record): append(record, site, topic)
        case .copied(let site, let topic, let records):
            seen.sites[site, default: .init()].records[topic, default: []] += records
            checkInert(event.actor, topic, on: site, "writes \(topic)")
        case .dropped(let site, let topic, let records):
            if case .run = event.actor { checkLoss(of: records, topic, on: site) }
            checkInert(event.actor, topic, on: site, "loses records of \(topic)")
            let lost = Set(records)
            seen.sites[site]?.records[topic]?.removeAll { lost.contains($0) }
        case .topic(let site, let topic, let exists):
            if exists {
                seen.sites[site, default: .init()].topics.insert(topic)
            } else {
                seen.sites[site]?.topics.remove(topic)
                if case .run = event.actor { checkDeletion(of: topic, on: site) }
            }
            checkInert(event.actor, topic, on: site, "makes or deletes \(topic)")
        case .row(let site, let topic, let status): seen.sites[site, default: .init()].rows[topic] = status
        case .entry(let site, let entry, let exists):
            if exists {
                seen.sites[site, default: .init()].denials.insert(entry)
            } else {
                seen.sites[site]?.denials.remove(entry)
            }
            checkInert(event.actor, entry.resourceName, on: site, "changes who may write \(entry.resourceName)")
        case .allowance(let site, let entry, let exists):
            if exists {
                seen.sites[site, default: .init()].allowances.insert(entry)
            } else {
                seen.sites[site]?.allowances.remove(entry)
            }
            checkInert(event.actor, entry.resourceName, on: site, "changes who may use \(entry.resourceName)")
        case .committed(let site, let commit, let offset):
            checkCommit(commit, offset, on: site, by: event.actor)
            seen.sites[site, default: .init()].commits[commit] = offset
        case .link(let site, let name, let configs): seen.sites[site, default: .init()].links[name] = configs
        case .hook(let hook, let generation): checkHook(hook, generation, by: event.actor)
        case .owned(let address, let row): seen.owned[address] = row
        case .locked(let run, let until): lock(run, until)
        case .sent(let run, let step, let time, let timeout): send(step, run, time, timeout)
        case .mode(let environment, let context, let mode):
            seen.modes[environment, default: [:]][context] = mode
            if case .run = event.actor { changedRegistries = true }
        case .exporter(let environment, let name, let destination, let state):
            seen.exporters[environment, default: [:]][name] = state.map { .init(destination: destination, state: $0) }
            if case .run = event.actor { changedRegistries = true }
        case .schemas(let environment, let held):
            checkInert(event.actor, environment, held)
            seen.schemas[environment] = held
        case .published(let store, let content): publish(store, content)
        case .reach(let endpoint, let answers):
            if answers { silent.remove(endpoint) } else { silent.insert(endpoint) }
            if !answers { unheard.insert(endpoint) }
            if !answers, case .cluster(let name) = endpoint { excused.insert(name) }
        case .ledgerChanged(let owned):
            seen.owned = owned
            lineage = lineage.intersection(published)
            moves = [:]
        }
    }

    mutating func find(_ predicate: String, _ text: String) {
        findings.append(Finding(predicate: predicate, text: text))
    }

    // MARK: Runs

    private mutating func begin(
        _ families: [FamilyFacts], _ plain: PlainFacts, _ steps: [Step], _ needed: [NeededDecision]
    ) {
        self.plain = plain
        ownedBefore = seen.owned
        keptBefore = seen.sites.mapValues { $0.records.mapValues(acknowledged.intersection) }
        deletions = 0
        for family in families { left[family.name, default: []].formUnion(family.left) }
        facts = families.reduce(into: [:]) { $0[$1.name] = $1 }
        decisions = needed
        excused = []
        unheard = silent
        changedRegistries = false
        for case .cluster(let name) in silent { excused.insert(name) }
        fencing = []
        for case .move(.fence(let entries)) in steps.map(\.action) { fencing.insert(entries.cluster) }
    }

    /// A run that ended before its point of no return, by itself, left nothing frozen.
    private mutating func end(isKilled: Bool, isUndone: Bool) {
        if !isKilled, changedRegistries { checkRegistries() }
        guard isUndone, !isKilled else { return }
        for family in facts.values {
            guard let move = moves[family.name], !move.isPast else { continue }
            guard !silent.contains(.cluster(move.from)), !excused.contains(move.from) else { continue }
            let entries = family.topics.flatMap { topic in
                family.fenced.map { ACLBinding.denyWrites(to: topic, by: $0) }
            }
            // What an earlier move left there stays fenced when bringing it is given up.
            let bringsTheRest = holder(of: family) == move.to
            let left =
                bringsTheRest
                ? [] : Set(entries).intersection(seen.sites[move.from]?.denials ?? []).subtracting(existing)
            if !left.isEmpty { find("P13", "\(move.from) stays fenced after a move that was given up") }
            if let environment = family.environments[move.from], !silent.contains(.registry(environment)),
                family.contexts.contains(where: { seen.modes[environment]?[$0] == .readOnly })
            {
                find("P13", "registry of \(environment) stays READONLY after a move that was given up")
            }
            checkLinksAreBack(move, family)
        }
    }

    /// Entries that people made.
    var existing: Set<ACLBinding> = []

    private mutating func learn(_ event: MoveEvent, _ family: String) {
        switch event {
        case .opened(let move):
            var kept: [String: Set<Int>] = [:]
            for (topic, records) in seen.sites[move.from]?.records ?? [:] {
                kept[topic] = acknowledged.intersection(records)
            }
            unquieted.remove(family)
            left[family] = move.left
            moves[family] = Move(
                kind: move.kind, from: move.from, to: move.to, epoch: move.epoch, isProvable: move.hasCompleteFence,
                links: seen.sites[move.to]?.links ?? [:], kept: kept, atOpening: kept)
            lineage.insert("\(family)@\(move.from)")
        case .amended(let flags): left[family, default: []].formUnion(flags.left)
        case .downgraded:
            moves[family]?.kind = .failover
            moves[family]?.wasDowngraded = true
        case .past:
            moves[family]?.isPast = true
            if let to = moves[family]?.to { lineage.insert("\(family)@\(to)") }
        default: break
        }
    }

    private mutating func append(_ record: Int, _ site: String, _ topic: String) {
        seen.sites[site, default: .init()].records[topic, default: []].append(record)
        acknowledged.insert(record)
        for name in moves.keys where moves[name]?.from == site { moves[name]?.kept[topic, default: []].insert(record) }
    }
}
