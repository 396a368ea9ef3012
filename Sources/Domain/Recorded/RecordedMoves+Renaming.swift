extension RecordedMoves {
    /// The same moves with the names that some members have now.
    ///
    /// - Parameter names: Names of now, by those that were recorded; a name that is missing stays.
    package func renaming(_ names: [String: String]) -> RecordedMoves {
        guard !names.isEmpty else { return self }
        var moves = self
        moves.open = open?.renaming(names)
        if let serving { moves.serving?.site = names.renamed(serving.site) }
        moves.demoted = names.renamed(demoted)
        moves.fences = names.renamed(fences)
        moves.synced = Dictionary(synced.map { (names.renamed($0, upTo: "/"), $1) }) { $1 }
        moves.spent = Set(spent.map { Consent(from: names.renamed($0.from), incident: $0.incident) })
        moves.discarded = Set(discarded.map { names.renamed($0, upTo: "@") })
        moves.divergences = divergences.map { known in
            Dictionary(known.map { (names.renamed($0, upTo: "@"), $1) }) { $1 }
        }
        moves.abandoned = abandoned.map { Set($0.map(names.renamed)) }
        moves.made = made?.map { made in
            var made = made
            (made.from, made.to) = (names.renamed(made.from), names.renamed(made.to))
            return made
        }
        return moves
    }
}

extension RecordedMoves.Move {
    fileprivate func renaming(_ names: [String: String]) -> RecordedMoves.Move {
        var move = self
        (move.from, move.to) = (names.renamed(from), names.renamed(to))
        move.snapshot = names.renamed(snapshot)
        move.detached = detached.map { Set($0.map { names.renamed($0, upTo: "/") }) }
        move.adopted = adopted.map { Set($0.map { names.renamed($0, upTo: "@") }) }
        return move
    }
}

extension [String: String] {
    fileprivate func renamed(_ name: String) -> String { self[name] ?? name }

    fileprivate func renamed<Fact>(_ byMember: [String: Fact]) -> [String: Fact] {
        Dictionary<String, Fact>(byMember.map { (renamed($0), $1) }) { $1 }
    }

    /// A text that begins with a name, up to a border.
    fileprivate func renamed(_ text: String, upTo border: Character) -> String {
        guard let end = text.firstIndex(of: border) else { return renamed(text) }
        return renamed(String(text[..<end])) + text[end...]
    }
}
