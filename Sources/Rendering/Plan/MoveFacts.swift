import Domain
import Planning

extension Plan {
    /// Changes but those that are shown as moves.
    var changesBesideMoves: [Change] {
        guard !moves.isEmpty else { return changes }
        let moved = Set(moves.map { ResourceAddress(.group, $0.family) })
        return changes.filter { !moved.contains($0.address) }
    }

    /// Whether the member that a move leaves gave no answer when the plan was made.
    func isLeavingSilence(_ move: Move) -> Bool {
        sites.contains { $0.kind == .kafka && $0.name == move.from && $0.answer == .silent }
    }
}

extension Plan.Move {
    /// One thing to know before consenting.
    struct Fact {
        let label: String
        let lines: [String]
    }

    /// `Switchover of payments: west → east`.
    var title: String { "\(kind.rawValue) of \(family): \(from) → \(to)" }

    /// What is known about the move.
    ///
    /// - Parameter isSourceSilent: Whether the side that is left gave no answer.
    func facts(isSourceSilent: Bool) -> [Fact] {
        var facts: [Fact] = []
        func add(_ label: String, _ lines: String...) { facts.append(Fact(label: label, lines: lines)) }
        if isContinued { add("continues", "what an earlier run began") }
        if bringsTheRest { add("brings", "what an earlier move left on \(from); clients are sent to \(to) already") }
        if groups.count > 1 { add("groups", Words.list(groups)) }
        add("holds the data", "\(from): \(evidence)")
        add("topics", topicWords)
        if !left.isEmpty { add("left behind", Words.few(left, limit: 8)) }
        add("last known lag", isSourceSilent ? [lagWords, bound] : [lagWords])
        if !unknownLag.isEmpty { add("lag not known", Words.few(unknownLag, limit: 8)) }
        if let words = objectiveWords { add("objectives", words) }
        if let words = expectedWords { add("expected", words) }
        if !unmoved.isEmpty { add("clients left", unmoved.map { unmovedWords($0) }) }
        if let incident { add("incident", incident) }
        if !overrides.isEmpty {
            add("overridden", "\(Words.list(overrides.map(\.rawValue))), on purpose")
        }
        return facts

        func add(_ label: String, _ lines: [String]) { facts.append(Fact(label: label, lines: lines)) }
    }

    private var bound: String { "a lower bound: what \(from) took after that is not known here" }

    private var topicWords: String {
        var words = MirrorPromotion.allCases.compactMap { promotion in
            topics[promotion.rawValue].map { "\(Words.number($0)) to \(promotion.verbForms.plain)" }
        }
        if let done = topics["done"] { words.append("\(Words.number(done)) writable already") }
        return words.isEmpty ? "none" : words.joined(separator: ", ")
    }

    private var lagWords: String {
        guard let lag else { return "not known" }
        let worst = lag.records > 0 ? lag.worstPartition.map { ", worst \($0) with \(Words.number(lag.worst))" } : nil
        return "\(Words.count(lag.records, "record"))\(worst ?? ""), as of \(lag.asOf.words)"
    }

    private func unmovedWords(_ clients: UnmovedClients) -> String {
        "\(clients.binding): what reads \(clients.place) stays on \(from) (waits for \(clients.waitsFor))"
    }

    /// `clients moved after about 45 s, as the steps let expect`.
    private var expectedWords: String? {
        guard let expected else { return nil }
        let words = "clients moved after about \(Words.span(milliseconds: expected.wholeMilliseconds)), by its steps"
        guard let objective = objectives.recoveryTime, expected > objective else { return words }
        return words + ": more than the objective allows"
    }

    private var objectiveWords: String? {
        var words: [String] = []
        if let records = objectives.recordsLost {
            words.append(records == 0 ? "no record lost" : "at most \(Words.count(records, "record")) lost")
        }
        if let age = objectives.age {
            words.append("nothing lost that is older than \(Words.span(milliseconds: age.wholeMilliseconds))")
        }
        if let time = objectives.recoveryTime {
            words.append("clients moved within \(Words.span(milliseconds: time.wholeMilliseconds))")
        }
        return words.isEmpty ? nil : words.joined(separator: " · ")
    }
}
