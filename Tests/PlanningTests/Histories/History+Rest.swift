import Domain
import Planning

/// How a history comes to rest.
extension History {
    /// Everything that was broken is whole again: what people would do before they ask why nothing converges.
    mutating func heal() {
        for site in families[0].members { perform(.revive(site)) }
        for endpoint in world.silent.keys.sorted(by: { "\($0)" < "\($1)" }) { perform(.hear(endpoint)) }
        perform(.replicate(.max))
        perform(.settle)
        perform(.settle)
    }

    /// Applies with every token that is asked for until there is nothing to do, and then nothing more happens.
    ///
    /// - Returns: How many applies it took; `nil` when `most` were not enough.
    mutating func rest(atMost most: Int, takingWaysOut: Bool = false) -> Int? {
        for count in 0...most {
            heal()
            let plan = plan()
            guard plan.hasWork else {
                for fact in facts() { judge.checkRest(fact) }
                checkStillness()
                return count
            }
            if !plan.decisions.isEmpty { perform(.giveTokens) }
            if takingWaysOut, !plan.refusals.isEmpty { perform(.takeWaysOut) }
            if count < most { apply(protects: true) }
        }
        return nil
    }

    /// Applies until no step is left, whatever waits for an answer or a decision, and then nothing more happens.
    ///
    /// - Returns: How many applies it took; `nil` when `most` were not enough.
    mutating func settleDown(atMost most: Int) -> Int? {
        for count in 0..<most {
            apply(protects: true)
            guard wasClean, let last = lastPlan, last.steps.isEmpty, last.ledgerRefresh.isEmpty else { continue }
            checkStillness()
            return count
        }
        return nil
    }

    /// Further applies of a world that is still change nothing.
    mutating func checkStillness() {
        let before = log.count
        apply()
        apply()
        for event in log[before...] {
            guard case .run = event.actor else { continue }
            switch event.what {
            case .began, .ended, .locked: continue
            case .called(let step, _): judge.find("P4", "\(step.id) is done again where there was nothing to do")
            default: judge.find("P4", "\(event.what) where there was nothing to do")
            }
            return
        }
    }

    /// What differs between the copies of the members now, and from what an undisturbed history kept.
    ///
    /// - Parameter whole: The undisturbed history, at rest.
    func differences(from whole: History, of before: Appearance) -> [String] {
        var differences: [String] = []
        for family in facts() {
            guard let holder = judge.holder(of: family), let own = seen.sites[holder] else { continue }
            for topic in family.topics.sorted() {
                let held = own.records[topic] ?? []
                for member in family.members where seen.sites[member]?.rows[topic] == .active {
                    guard seen.sites[member]?.records[topic] ?? [] != held else { continue }
                    differences.append("\(topic) on \(member) is no copy of that on \(holder)")
                }
                let known = Set(before.sites.values.flatMap { $0.records[topic] ?? [] })
                let kept = known.intersection(whole.seen.sites[holder]?.records[topic] ?? [])
                let lost = kept.subtracting(held)
                if !lost.isEmpty {
                    differences.append("\(topic) on \(holder) lacks \(lost.count) records of an undisturbed move")
                }
            }
        }
        return differences
    }

    /// What an interrupted move ends in, against what an undisturbed one does.
    mutating func compare(with whole: History, _ essence: [String], before: Appearance) {
        let others = self.essence.difference(from: essence).map { "\($0)" } + differences(from: whole, of: before)
        if !others.isEmpty { judge.find("P5", "ends otherwise: \(others)") }
    }

    /// What has to be the same however often a move was interrupted.
    var essence: [String] {
        let now = Appearance(world, names)
        var lines: [String] = []
        for (site, seen) in now.sites.sorted(by: { $0.key < $1.key }) {
            for topic in seen.topics.sorted() {
                let role = seen.rows[topic].map { $0 == .stopped ? "writable" : "\($0)" } ?? "writable"
                lines.append("\(site) \(topic) \(role)")
            }
            lines.append("\(site) denies \(seen.denials.map { "\($0)" }.sorted())")
        }
        lines += now.modes.flatMap { environment, modes in modes.map { "\(environment) \($0.key) \($0.value)" } }
            .sorted()
        lines += now.exporters.flatMap { environment, exporters in
            exporters.map { "\(environment) \($0.key) to \($0.value.destination) \($0.value.state)" }
        }.sorted()
        lines += now.stores.map { "\($0.key) \($0.value.primary ?? "-")" }.sorted()
        lines += workspace.failoverGroups.values.filter { !$0.discard.isEmpty }.map { "\($0.name) needs a token" }
            .sorted()
        for (family, moves) in world.ledger.moves.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "\(family) open \(moves.open?.to ?? "-") demoted \(moves.demoted.keys.sorted()) fences \(moves.fences.keys.sorted())"
            )
        }
        return lines
    }
}

extension Plan {
    /// Whether somebody or something still has to be waited for.
    var hasWork: Bool {
        hasSteps || !refusals.isEmpty || !deferred.isEmpty || !decisions.isEmpty || !ledgerRefresh.isEmpty
    }
}
