package import Domain
package import Planning

extension StatusReport {
    /// Whether a standby could take over now.
    package struct Takeover: Hashable, Sendable, Codable {
        /// A gate that would refuse.
        package struct Obstacle: Hashable, Sendable, Codable {
            package var gate: Refusal.Gate
            /// What stands against it.
            package var message: String
            /// What helps.
            package var wayOut: String
        }

        /// The member that would take over.
        package var member: String
        /// Whether nothing is known to stand against it.
        package var isPossible: Bool
        /// Gates that would refuse.
        package var obstacles: [Obstacle]
        /// Mirrors of which the server was asked whether it would end them.
        package var mirrorsAsked: Int
        /// Those that it would not, with what it says.
        package var mirrorsRefused: [String]
        /// Applications that could not work there, and why.
        package var clients: [String]
        /// What was not answered.
        package var notChecked: [String]
        /// Records that would be lost as the member last knew: a lower bound.
        package var lag: Lag?
        /// Number of topics of which that is not known.
        package var topicsOfUnknownLag: Int
        /// Time from the start of an apply until clients are moved, as the steps let expect.
        package var expectedMilliseconds: Int64?

        package init(_ outlook: Planning.Takeover.Outlook) {
            member = outlook.member
            isPossible = outlook.isPossible
            obstacles = outlook.refusals.inOrder.map { Obstacle(gate: $0.gate, message: $0.message, wayOut: $0.wayOut) }
            mirrorsAsked = outlook.mirrors
            mirrorsRefused = outlook.refused
            clients = outlook.clients
            notChecked = outlook.notChecked
            lag = outlook.lag.map { Lag($0) }
            topicsOfUnknownLag = outlook.unknownLag.count
            expectedMilliseconds = outlook.expected?.wholeMilliseconds
        }
    }

    /// How old the oldest record can be that would be lost, by readings of lag.
    package struct Age: Hashable, Sendable, Codable {
        /// The bound; `nil` = not known.
        package var boundMilliseconds: Int64?
        /// What the group allows; `nil` = it declares nothing.
        package var objectiveMilliseconds: Int64?
        /// Readings that were recorded.
        package var readings: Int
        /// When the oldest of them was made.
        package var since: RFC3339?
        /// Most records behind in any of them.
        package var greatestLag: Int64?

        package init(bound: Duration?, objective: Duration?, history: Recorded.LagHistory?) {
            boundMilliseconds = bound?.wholeMilliseconds
            objectiveMilliseconds = objective?.wholeMilliseconds
            readings = history?.readings ?? 0
            since = history.map { RFC3339(wrappedValue: $0.since) }
            greatestLag = history?.greatest
        }

        /// Whether the objective is met; `nil` when that is not known, or there is none.
        package var isMet: Bool? {
            guard let boundMilliseconds, let objectiveMilliseconds else { return nil }
            return boundMilliseconds <= objectiveMilliseconds
        }
    }

    /// Groups that no standby could take over now, by gates or by the server.
    package var withoutSuccessor: [String] {
        groups.filter { group in
            guard let takeovers = group.takeovers, !takeovers.isEmpty else { return false }
            return !takeovers.contains(where: \.isPossible)
        }.map(\.name)
    }

    /// Groups whose applications could work on no standby that can take over.
    package var withoutClients: [String] {
        groups.filter { group in
            let possible = (group.takeovers ?? []).filter(\.isPossible)
            return !possible.isEmpty && !possible.contains { $0.clients.isEmpty }
        }.map(\.name)
    }

    /// Whether something that was asked did not answer.
    package var isPartlyUnseen: Bool {
        sites.contains { $0.answer == .silent }
    }
}

extension StatusReport.Group {
    /// Whether everything that is known about taking over is as it should be.
    var takeoverRows: [(String, StyledText)] {
        (takeovers ?? []).flatMap(Self.rows) + (age.map { [("lost at most", Self.words(of: $0))] } ?? [])
    }

    private static func rows(of takeover: StatusReport.Takeover) -> [(String, StyledText)] {
        var rows: [(String, StyledText)] = [("takeover", verdict(on: takeover))]
        rows += takeover.obstacles.map { ("", "\("✗", .red) \($0.gate.rawValue): \($0.message)") }
        rows += takeover.mirrorsRefused.map { ("", "\("✗", .red) the server refuses \($0)") }
        rows += takeover.clients.map { ("", "\("✗", .red) clients: \($0)") }
        rows += takeover.notChecked.map { ("", "\("!", .yellow) not checked: \($0)") }
        return rows
    }

    private static func verdict(on takeover: StatusReport.Takeover) -> StyledText {
        guard takeover.isPossible else { return "\("✗", .red) \(takeover.member) could not take over now" }
        let accepted = Words.number(takeover.mirrorsAsked)
        var words = ["the server accepts \(accepted) of \(Words.count(takeover.mirrorsAsked, "mirror"))"]
        if !takeover.notChecked.isEmpty { words = [] }
        if let lag = takeover.lag {
            words.append("at least \(Words.count(lag.records, "record")) lost by what it knows")
        }
        if takeover.topicsOfUnknownLag > 0 {
            words.append("not known of \(Words.count(takeover.topicsOfUnknownLag, "topic"))")
        }
        if let expected = takeover.expectedMilliseconds {
            words.append("clients moved after about \(Words.span(milliseconds: expected))")
        }
        return "\("✓", .green) \(takeover.member) could take over now: \(words.joined(separator: ", "))"
    }

    private static func words(of age: StatusReport.Age) -> StyledText {
        guard let bound = age.boundMilliseconds else {
            return "age not known: no moment without lag is recorded; run status --record"
        }
        let words = "records of the last \(Words.span(milliseconds: bound)), by readings of lag"
        guard let isMet = age.isMet, let objective = age.objectiveMilliseconds else { return StyledText(words) }
        let limit = "the objective of \(Words.span(milliseconds: objective))"
        return isMet ? "\("✓", .green) \(words), within \(limit)" : "\("✗", .red) \(words), beyond \(limit)"
    }
}
