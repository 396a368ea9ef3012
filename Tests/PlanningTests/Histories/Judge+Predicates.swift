import Domain
import Planning

/// What must hold of moves.
extension Judge {
    func isWritable(_ topic: String, on site: String) -> Bool {
        guard let seen = seen.sites[site], seen.topics.contains(topic) else { return false }
        return seen.rows[topic].map { $0 == .stopped } ?? true
    }

    func isDenied(_ topic: String, to principal: String, on site: String) -> Bool {
        let denials = seen.sites[site]?.denials ?? []
        return [principal, "User:*"].contains { denials.contains(.denyWrites(to: topic, by: $0)) }
    }

    mutating func publish(_ store: ResourceAddress, _ content: StoreSnapshot.Bookkeeping) {
        let before = seen.stores[store]
        let facts = facts
        let holders = facts.mapValues { holder(of: $0) }
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
        if let holder = holders[family.name] ?? nil, holder != site { checkRecords(site, family, heldBy: holder) }
        if firstPublished.insert("\(family.name) \(epoch)").inserted { checkNothingLost(site, family, epoch) }
    }

    mutating func checkReady(_ site: String, _ family: FamilyFacts, _ epoch: Int) {
        for topic in family.topics.subtracting(left[family.name] ?? []).sorted() {
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

    mutating func checkOneWriter(_ site: String, _ family: FamilyFacts) {
        for other in family.members where other != site && lineage.contains("\(family.name)@\(other)") {
            for topic in family.topics.sorted() where isWritable(topic, on: other) {
                if family.isFenceDeclared, family.fenced.allSatisfy({ isDenied(topic, to: $0, on: other) }) { continue }
                let isUndeclared = !family.isFenceDeclared || family.fenced.isEmpty
                let isExcused = isUndeclared || excused.contains(other) || fencing.contains(other)
                let move = moves[family.name]
                if move?.kind != .switchover, isExcused { continue }
                // A side that was left before: it is fenced in the same run, where it answers and a fence is declared.
                if let move, move.from != other, isExcused { continue }
                find("P2", "\(family.name) is published at \(site), and \(topic) is writable on \(other)")
            }
        }
    }

    mutating func checkNothingLost(_ site: String, _ family: FamilyFacts, _ epoch: Int) {
        guard let move = moves[family.name], move.epoch == epoch, move.to == site, move.kind == .switchover,
            family.isBidirectional || (move.isProvable && family.isFenceComplete)
        else { return }
        for topic in family.topics.subtracting(left[family.name] ?? []).sorted() {
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

    /// Clients are not sent to a side that lacks records of a topic they had, unless somebody consented to lose them.
    private mutating func checkRecords(_ site: String, _ family: FamilyFacts, heldBy holder: String) {
        let move = moves[family.name].flatMap { $0.from == holder && $0.to == site ? $0 : nil }
        guard move?.kind != .failover, !family.consents.contains(holder) else { return }
        let held = move?.atOpening ?? keptBefore[holder] ?? [:]
        for topic in family.topics.subtracting(left[family.name] ?? []).sorted() {
            let lacking = (held[topic] ?? []).subtracting(seen.sites[site]?.records[topic] ?? [])
            guard !lacking.isEmpty else { continue }
            find(
                "P18",
                "\(family.name) is published at \(site), which lacks \(lacking.count) records of \(topic) that "
                    + "\(holder) holds, and nobody consented")
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

    mutating func checkLoss(of records: [Int], _ topic: String, on site: String) {
        guard let family = facts.values.first(where: { $0.topics.contains(topic) }) else { return }
        if holder(of: family) == site { find("P3", "a run destroyed \(topic) on \(site), where clients are sent") }
        if let holder = holder(of: family), !isWritable(topic, on: holder) {
            find("P3", "a run destroyed \(topic) on \(site) while \(holder) cannot be written to")
        }
        let elsewhere = seen.sites.filter { $0.key != site }.values.reduce(into: Set<Int>()) {
            $0.formUnion($1.records[topic] ?? [])
        }
        let lost = acknowledged.intersection(records).subtracting(elsewhere)
        guard !lost.isEmpty else { return }
        let isNamed = family.discard.contains { token in
            token.hasPrefix("\(site)@") && topicsOfTokens[token]?.contains(topic) ?? false
        }
        if !isNamed {
            find(
                "P3",
                "a run destroyed \(lost.count) records of \(topic) that only \(site) held, without a token that "
                    + "names it")
        }
        if family.reprotect == .manual {
            find("P3", "a run destroyed \(lost.count) records of \(topic) on \(site) although `reprotect` is Manual")
        }
    }

    mutating func check(_ step: Step, didFail: Bool) {
        if case .move(.fence(let entries)) = step.action, didFail { excused.insert(entries.cluster) }
        let topics = facts.values.reduce(into: Set<String>()) { $0.formUnion($1.topics) }
        var named: [String] = []
        switch step.action {
        case .move(.endMirrors(_, let mirrors)), .move(.restoreMirrors(let mirrors)): named = mirrors.topics
        // Other topics that are deleted are judged by what the ledger owned.
        case .kafka(.deleteTopic(let reference)): named = topics.contains(reference.topic) ? [reference.topic] : []
        case .move(.unfence(let entries)):
            if !existing.isDisjoint(with: entries.bindings) {
                find("P15", "\(step.id) removes entries that people made")
            }
            named = entries.bindings.map(\.resourceName)
        case .move(.fence(let entries)): named = entries.bindings.map(\.resourceName)
        case .move(.detachLink(let reference)):
            let isMember = facts.values.contains { $0.members.contains(reference.cluster) }
            if isMember,
                !facts.values.contains(where: { $0.detached.contains("\(reference.cluster)/\(reference.link)") })
            {
                find("P15", "\(step.id) deletes a link by force, which nobody asked for")
            }
        case .registry(.deleteSchemas(let deletion)): checkSchemas(deletion.versions, of: deletion.environment, step)
        case .kafka(.alterLink) where didFail && step.address.kind == .group: unquieted.insert(step.address.name)
        case .registry(.setRegistryMode(let setting))
        where setting.mode == .import && !setting.force && step.address.kind == .group:
            find("P15", "\(step.id) imports without force")
        default: break
        }
        for topic in named where !topics.contains(topic) { find("P15", "\(step.id) names \(topic)") }
    }

    /// Two registries never write into each other.
    mutating func checkRegistries() {
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

    /// Exporters run from the registry of the side that serves, and an id means one schema wherever it exists.
    private mutating func checkSchemasAtRest(_ family: FamilyFacts) {
        guard !family.contexts.isEmpty, family.reprotect != .retire else { return }
        let source = family.environments[holder(of: family) ?? family.primary]
        let places = Set(family.environments.values)
        for environment in places.subtracting([source ?? ""]).sorted() {
            for (name, exporter) in seen.exporters[environment] ?? [:]
            where exporter.state != "PAUSED" && places.contains(exporter.destination) {
                find("P17", "at rest exporter \(name) runs from \(environment), and \(source ?? "nobody") serves")
            }
            for version in seen.schemas[environment] ?? [] {
                let other = (seen.schemas[source ?? ""] ?? []).first { $0.id == version.id }
                if let other, other.subject != version.subject {
                    find(
                        "P19",
                        "at rest id \(version.id) means \(version.subject) on \(environment), else \(other.subject)")
                }
            }
        }
    }

    /// What holds when there is nothing left to do and everything answers.
    mutating func checkRest(_ family: FamilyFacts) {
        checkSchemasAtRest(family)
        for member in family.members {
            for topic in family.topics.sorted() {
                let declared = Set(family.fenced.map { ACLBinding.denyWrites(to: topic, by: $0) }).subtracting(existing)
                let there = declared.intersection(seen.sites[member]?.denials ?? [])
                let isServing = holder(of: family).map { $0 == member } ?? (member == family.primary)
                if !there.isEmpty, isServing || !isWritable(topic, on: member) {
                    find("P11", "at rest \(topic) is fenced on \(member)\(isServing ? ", which serves" : "")")
                }
                let isStaleCopy =
                    !isServing && isWritable(topic, on: member) && lineage.contains("\(family.name)@\(member)")
                if isStaleCopy, there != declared, family.reprotect != .retire {
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
}
