package import Domain
package import Planning

/// Why lags are not known, in words.
package enum LagWords {
    /// One sentence for each reason that is shared by topics.
    package static func sentences(_ doubts: [LagDoubt]) -> [String] {
        let grouped = doubts.grouped { LagDoubt(on: $0.member, $0.reason) }
        return grouped.map { doubt, doubts in
            let topics = doubts.compactMap(\.topic)
            return "\(doubt.member): " + (topics.isEmpty ? "" : "\(Words.few(topics)) ") + words(doubt.reason)
        }
    }

    private static func words(_ reason: LagDoubt.Reason) -> String {
        switch reason {
        case .memberUnseen(let silence): "was not seen: \(silence)"
        case .sourceUnseen(let silence): "the source was not seen: \(silence)"
        case .noMirror: "has no mirror"
        case .notFetching(let status): "is \(status)"
        case .otherSource: "follows another cluster than the one that serves"
        case .link(let problem): "is mirrored over a link that does not get through: \(problem)"
        case .position(let partition): "holds records in partition \(partition), and its position there is not known"
        case .unplaced(let partition):
            "has no position in partition \(partition), and nothing shows yet that the source is empty there"
        case .incomplete: "tells no lag of some partitions"
        }
    }
}

extension StatusReport {
    /// What was known of a group before its holder fell silent.
    package struct LastKnown: Hashable, Sendable, Codable {
        /// When it was last seen protected.
        package var protectedUntil: RFC3339?
        /// When the holder last answered.
        package var lastSeen: RFC3339?
        /// Who could go on without it, by a commit.
        package var succession: Plan.GroupState.Succession?

        package init(_ known: Plan.GroupState.LastKnown) {
            protectedUntil = known.protectedUntil.map(RFC3339.init)
            lastSeen = known.lastSeen.map(RFC3339.init)
            succession = known.succession
        }
    }
}

extension Plan.GroupState.Succession {
    /// The lines to commit and the commands to run.
    func lines(_ terminal: Terminal) -> [StyledText] {
        let (plan, command) = (terminal.invocation.command("plan"), NextCommand(terminal))
        return [
            "    to go on without \(from), and lose what was not replicated, commit in FailoverGroup \(family):",
            "        \("primary: \(to)", .bold)",
            "        \("failover: {from: \(from), incident: \"NUMBER\"}", .bold)",
            "    then: \(plan), and: \(command.apply([(group: family, member: to)]))",
        ]
    }
}

extension Plan.GroupState.LastKnown {
    /// What was known, after "NOT PROTECTED".
    var words: String {
        let until = protectedUntil.map { "was protected until \($0.words)" } ?? "was never seen protected"
        return until + (lastSeen.map { "; last seen \($0.words)" } ?? "; never seen")
    }
}

extension StatusReport.LastKnown {
    /// The same, of a report.
    var words: String {
        Plan.GroupState.LastKnown(
            protectedUntil: protectedUntil?.wrappedValue, lastSeen: lastSeen?.wrappedValue
        ).words
    }
}
