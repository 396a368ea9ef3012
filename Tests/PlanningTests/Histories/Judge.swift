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
        var wasDowngraded = false
        var isPast = false
        /// What clients were told is kept at the old side, by topic, since the move began.
        var kept: [String: Set<Int>] = [:]
    }

    var findings: [Finding] = []
    private(set) var seen = Appearance()
    /// Records that a client got an answer for.
    private(set) var acknowledged: Set<Int> = []
    private(set) var facts: [String: FamilyFacts] = [:]
    private(set) var moves: [String: Move] = [:]
    private var decisions: [NeededDecision] = []
    private var silent: Set<World.Endpoint> = []
    /// Members that did not answer at some time of the current run, or at which a fence failed.
    private var excused: Set<String> = []
    /// Members that were ever published, or whose mirrors a run ended: their copies are no strangers.
    private(set) var lineage: Set<String> = []
    private var published: Set<String> = []
    /// Endpoints that did not answer at some time of the current run.
    /// Members that the current run fences: in a failover nothing waits for it.
    private var fencing: Set<String> = []
    private var changedRegistries = false
    private var unheard: Set<World.Endpoint> = []
    private var named: [String: String] = [:]
    private var firstPublished: Set<String> = []

    mutating func see(_ event: Event) {
        switch event.what {
        case .began(let families, let steps, let needed): begin(families, steps, needed)
        case .ended(let isKilled, let isUndone): end(isKilled: isKilled, isUndone: isUndone)
        case .called(let step, let didFail): check(step, didFail: didFail)
        case .learned(let family, let event): learn(event, family)
        case .appended(let site, let topic, let record): append(record, site, topic)
        case .copied(let site, let topic, let records):
            seen.sites[site, default: .init()].records[topic, default: []] += records
        case .dropped(let site, let topic, let records):
            if case .run = event.actor { checkLoss(of: records, topic, on: site) }
            let lost = Set(records)
            seen.sites[site]?.records[topic]?.removeAll { lost.contains($0) }
        case .topic(let site, let topic, let exists):
            if exists {
                seen.sites[site, default: .init()].topics.insert(topic)
            } else {
                seen.sites[site]?.topics.remove(topic)
            }
        case .row(let site, let topic, let status): seen.sites[site, default: .init()].rows[topic] = status
        case .entry(let site, let entry, let exists):
            if exists {
                seen.sites[site, default: .init()].denials.insert(entry)
            } else {
                seen.sites[site]?.denials.remove(entry)
            }
        case .mode(let environment, let context, let mode):
            seen.modes[environment, default: [:]][context] = mode
            if case .run = event.actor { changedRegistries = true }
        case .exporter(let environment, let name, let destination, let state):
            seen.exporters[environment, default: [:]][name] = state.map { .init(destination: destination, state: $0) }
            if case .run = event.actor { changedRegistries = true }
        case .schemas(let environment, let held): seen.schemas[environment] = held
        case .published(let store, let content): publish(store, content)
        case .reach(let endpoint, let answers):
            if answers { silent.remove(endpoint) } else { silent.insert(endpoint) }
            if !answers { unheard.insert(endpoint) }
            if !answers, case .cluster(let name) = endpoint { excused.insert(name) }
        case .ledgerChanged:
            lineage = lineage.intersection(published)
            moves = [:]
        }
    }

    mutating func find(_ predicate: String, _ text: String) {
        findings.append(Finding(predicate: predicate, text: text))
    }

    // MARK: Runs

    private mutating func begin(_ families: [FamilyFacts], _ steps: [Step], _ needed: [NeededDecision]) {
        facts = families.reduce(into: [:]) { $0[$1.name] = $1 }
        decisions = needed
        excused = []
        unheard = silent
        changedRegistries = false
        for case .cluster(let name) in silent { excused.insert(name) }
        fencing = []
        for case .fence(let entries) in steps.map(\.action) { fencing.insert(entries.cluster) }
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
            let left = Set(entries).intersection(seen.sites[move.from]?.denials ?? []).subtracting(existing)
            if !left.isEmpty { find("P13", "\(move.from) stays fenced after a move that was given up") }
            if let environment = family.environments[move.from], !silent.contains(.registry(environment)),
                family.contexts.contains(where: { seen.modes[environment]?[$0] == .readOnly })
            {
                find("P13", "registry of \(environment) stays READONLY after a move that was given up")
            }
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
            moves[family] = Move(
                kind: move.kind, from: move.from, to: move.to, epoch: move.epoch, isProvable: move.hasCompleteFence,
                kept: kept)
            lineage.insert("\(family)@\(move.from)")
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

    // MARK: Predicates

    func isWritable(_ topic: String, on site: String) -> Bool {
        guard let seen = seen.sites[site], seen.topics.contains(topic) else { return false }
        return seen.rows[topic].map { $0 == .stopped } ?? true
    }

    private func isDenied(_ topic: String, to principal: String, on site: String) -> Bool {
        let denials = seen.sites[site]?.denials ?? []
        return [principal, "User:*"].contains { denials.contains(.denyWrites(to: topic, by: $0)) }
    }

    private mutating func publish(_ store: ResourceAddress, _ content: StoreSnapshot.Bookkeeping) {
        let before = seen.stores[store]
        seen.stores[store] = content
        guard let family = facts.values.first(where: { $0.bindings.contains(String(store.name.prefix { $0 != "/" })) }),
            let site = content.primary, let epoch = content.epoch
        else { return }
        if let held = before?.epoch, held > epoch { find("P2b", "\(store) went from epoch \(held) back to \(epoch)") }
        let name = "\(store.name) \(epoch)"
        if let other = named[name], other != site {
            find("P2b", "epoch \(epoch) of \(store) names \(other) and \(site)")
        }
        named[name] = site
        lineage.insert("\(family.name)@\(site)")
        published.insert("\(family.name)@\(site)")
        checkReady(site, family, epoch)
        checkOneWriter(site, family)
        if firstPublished.insert("\(family.name) \(epoch)").inserted { checkNothingLost(site, family, epoch) }
    }

    private mutating func checkReady(_ site: String, _ family: FamilyFacts, _ epoch: Int) {
        for topic in family.topics.subtracting(family.left).sorted() {
            if !isWritable(topic, on: site) {
                find("P1", "\(family.name) is published at \(site) in epoch \(epoch), where \(topic) is not writable")
            }
            for principal in ["User:app", "User:batch"] where isDenied(topic, to: principal, on: site) {
                guard !existing.contains(.denyWrites(to: topic, by: principal)) else { continue }
                find("P1", "\(family.name) is published at \(site), where \(principal) may not write \(topic)")
            }
        }
        guard let environment = family.environments[site] else { return }
        for context in family.contexts where seen.modes[environment]?[context] ?? .readWrite != .readWrite {
            find("P1", "\(family.name) is published at \(site), whose registry is not READWRITE")
        }
    }

    private mutating func checkOneWriter(_ site: String, _ family: FamilyFacts) {
        for other in family.members where other != site && lineage.contains("\(family.name)@\(other)") {
            for topic in family.topics.subtracting(family.left).sorted() where isWritable(topic, on: other) {
                if family.isFenceDeclared, family.fenced.allSatisfy({ isDenied(topic, to: $0, on: other) }) { continue }
                let isExcused =
                    !family.isFenceDeclared || family.fenced.isEmpty || excused.contains(other)
                    || fencing.contains(other)
                if moves[family.name]?.kind == .failover, isExcused { continue }
                if moves[family.name] == nil, isExcused { continue }
                find("P2", "\(family.name) is published at \(site), and \(topic) is writable on \(other)")
            }
        }
    }

    private mutating func checkNothingLost(_ site: String, _ family: FamilyFacts, _ epoch: Int) {
        guard let move = moves[family.name], move.epoch == epoch, move.to == site, move.kind == .switchover,
            family.isBidirectional || (move.isProvable && family.isFenceComplete)
        else { return }
        for topic in family.topics.subtracting(family.left).sorted() {
            let lost = (move.kept[topic] ?? []).subtracting(seen.sites[site]?.records[topic] ?? [])
            if !lost.isEmpty {
                find("P3b", "\(lost.count) records of \(topic) on \(move.from) are not on \(site) after a switchover")
            }
        }
        if let one = family.environments[move.from], let other = family.environments[site], !family.contexts.isEmpty,
            one != other, !(seen.schemas[one] ?? []).isSubset(of: seen.schemas[other] ?? [])
        {
            find("P17", "\(other) lacks schemas of \(one) after a switchover")
        }
    }

    /// Entries of a member that no people made for themselves.
    func mayBeRemoved(on site: String) -> Set<ACLBinding> {
        (seen.sites[site]?.denials ?? []).subtracting(existing)
    }

    /// The member that clients were sent to last.
    func holder(of family: FamilyFacts) -> String? {
        seen.stores.filter { family.bindings.contains(String($0.key.name.prefix { $0 != "/" })) }
            .values.max { ($0.epoch ?? 0) < ($1.epoch ?? 0) }?.primary
    }

    private mutating func checkLoss(of records: [Int], _ topic: String, on site: String) {
        guard let family = facts.values.first(where: { $0.topics.contains(topic) }) else {
            return find("P15", "a run destroyed records of \(topic), which is in no group")
        }
        if holder(of: family) == site { find("P3", "a run destroyed \(topic) on \(site), where clients are sent") }
        if let holder = holder(of: family), !isWritable(topic, on: holder) {
            find("P3", "a run destroyed \(topic) on \(site) while \(holder) cannot be written to")
        }
        let elsewhere = seen.sites.filter { $0.key != site }.values.reduce(into: Set<Int>()) {
            $0.formUnion($1.records[topic] ?? [])
        }
        let lost = acknowledged.intersection(records).subtracting(elsewhere)
        guard !lost.isEmpty else { return }
        if !family.discard.contains(where: { $0.hasPrefix("\(site)@") }) {
            find("P3", "a run destroyed \(lost.count) records of \(topic) that only \(site) held, without a token")
        }
        if family.reprotect == .manual {
            find("P3", "a run destroyed \(lost.count) records of \(topic) on \(site) although `reprotect` is Manual")
        }
    }

    private mutating func check(_ step: Step, didFail: Bool) {
        if case .fence(let entries) = step.action, didFail { excused.insert(entries.cluster) }
        let topics = facts.values.reduce(into: Set<String>()) { $0.formUnion($1.topics) }
        var named: [String] = []
        switch step.action {
        case .endMirrors(_, let mirrors), .restoreMirrors(let mirrors): named = mirrors.topics
        case .deleteTopic(_, let topic): named = [topic]
        case .unfence(let entries):
            if !existing.isDisjoint(with: entries.bindings) {
                find("P15", "\(step.id) removes entries that people made")
            }
            named = entries.bindings.map(\.resourceName)
        case .fence(let entries): named = entries.bindings.map(\.resourceName)
        case .detachLink: find("P15", "\(step.id) detaches a link")
        case .setRegistryMode(_, _, .import, let force) where !force && step.address.kind == .group:
            find("P15", "\(step.id) imports without force")
        default: break
        }
        for topic in named where !topics.contains(topic) { find("P15", "\(step.id) names \(topic)") }
    }

    /// Two registries never write into each other.
    private mutating func checkRegistries() {
        for (source, exporters) in seen.exporters {
            for (name, exporter) in exporters where exporter.state != "PAUSED" {
                let destination = exporter.destination
                let back = (seen.exporters[destination] ?? [:]).values.contains {
                    $0.destination == source && $0.state != "PAUSED"
                }
                let hasSilence = [source, destination].contains { unheard.contains(.registry($0)) }
                if back, source < destination, !hasSilence {
                    find("P17", "exporters run both ways between \(source) and \(destination)")
                }
                let modes = [source, destination].map { seen.modes[$0]?[RegistryContext("")] ?? .readWrite }
                if modes == [.readWrite, .readWrite], !hasSilence {
                    find("P17", "\(source) and \(destination) are READWRITE while exporter \(name) runs")
                }
            }
        }
    }

    // MARK: At rest

    /// What holds when there is nothing left to do and everything answers.
    mutating func checkRest(_ family: FamilyFacts) {
        for member in family.members {
            for topic in family.topics.sorted() {
                let declared = Set(family.fenced.map { ACLBinding.denyWrites(to: topic, by: $0) }).subtracting(existing)
                let there = declared.intersection(seen.sites[member]?.denials ?? [])
                let isServing = holder(of: family).map { $0 == member } ?? (member == family.primary)
                if !there.isEmpty, isServing || !isWritable(topic, on: member) {
                    find("P11", "at rest \(topic) is fenced on \(member)\(isServing ? ", which serves" : "")")
                }
                let isFormer =
                    !isServing && isWritable(topic, on: member) && lineage.contains("\(family.name)@\(member)")
                if isFormer, there != declared, family.reprotect != .retire {
                    find("P11", "at rest \(topic) is a former copy on \(member) without its fence")
                }
            }
        }
        for (site, kept) in Dictionary(grouping: existingBySite, by: \.site) {
            for entry in kept where !(seen.sites[site]?.denials.contains(entry.entry) ?? false) {
                find("P11", "an entry that people made is gone from \(site)")
            }
        }
    }

    var existingBySite: [(site: String, entry: ACLBinding)] = []
}
