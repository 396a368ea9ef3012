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

    /// Applies with every token that is asked for until there is nothing to do.
    ///
    /// - Returns: How many applies it took; `nil` when `most` were not enough.
    mutating func rest(atMost most: Int, takingWaysOut: Bool = false) -> Int? {
        for count in 0...most {
            heal()
            let plan = plan()
            guard plan.hasWork else {
                for fact in facts() { judge.checkRest(fact) }
                return count
            }
            if !plan.decisions.isEmpty { perform(.giveTokens) }
            if takingWaysOut, !plan.refusals.isEmpty { perform(.takeWaysOut) }
            if count < most { apply() }
        }
        return nil
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
