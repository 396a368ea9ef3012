package import Domain

extension Plan {
    /// A change of primary that a plan makes, for people; the steps say how.
    package struct Move: Hashable, Sendable, Codable {
        /// The family: the group that declares `primary`.
        package let family: String
        /// Every group that moves with it.
        package let groups: [String]
        package let kind: RecordedMoves.Kind
        /// The member that is left.
        package let from: String
        /// The new primary.
        package let to: String
        /// Epoch of the move.
        package let epoch: Int
        /// How it is known that the old primary holds the data.
        package let evidence: String
        /// Whether an earlier run began it.
        package var isContinued = false
        /// Whether it brings what an earlier move left behind to the member that serves already.
        package var bringsTheRest = false
        /// Topics that move, by how their mirrors end; those that are writable already count as `done`.
        package var topics: [String: Int] = [:]
        /// Topics that stay behind on purpose.
        package var left: [String] = []
        /// Records behind as the new primary last knew: a lower bound while the source is silent.
        package var lag: Recorded.Lag?
        /// Topics of which it is not known how far they are behind.
        package var unknownLag: [String] = []
        /// Time from the start of an apply until clients are moved, as the steps let expect; `nil` when no client follows.
        package var expected: Duration?
        /// Incident of the consent that is used.
        package var incident: String?
        /// Gates that are passed by override.
        package var overrides: [GateOverride] = []
        /// What to know before consenting.
        package var warnings: [String] = []
        /// Places that clients read and that are not written with this move: what reads them stays where it is.
        package var unmoved: [UnmovedClients] = []
        /// What later applies do, once this is done.
        package var followedBy: [String] = []
        /// The strictest objectives of the groups that move.
        package var objectives = FailoverGroupSpec.Objectives()

        init(
            family: GroupFamily, kind: RecordedMoves.Kind, from: String, to: String, epoch: Int, evidence: String
        ) {
            self.init(
                family: family.name, groups: family.groups.map(\.name), kind: kind, from: from, to: to, epoch: epoch,
                evidence: evidence)
            objectives = .strictest(of: family.groups.map(\.objectives))
        }

        package init(
            family: String, groups: [String], kind: RecordedMoves.Kind, from: String, to: String, epoch: Int,
            evidence: String
        ) {
            self.family = family
            self.groups = groups
            self.kind = kind
            self.from = from
            self.to = to
            self.epoch = epoch
            self.evidence = evidence
        }
    }
}

/// Clients that a move leaves where they are, because the place they read cannot be written now.
package struct UnmovedClients: Hashable, Sendable, Codable {
    package let binding: String
    /// The place, in words.
    package let place: String
    /// What its publication waits for.
    package let waitsFor: String

    package init(binding: String, place: String, waitsFor: String) {
        self.binding = binding
        self.place = place
        self.waitsFor = waitsFor
    }
}

extension FailoverGroupSpec.Objectives {
    /// The strictest of some objectives, each by itself.
    static func strictest(of objectives: [Self]) -> Self {
        var strictest = Self()
        strictest.recordsLost = objectives.compactMap(\.recordsLost).min()
        strictest.age = objectives.compactMap(\.age).min()
        strictest.recoveryTime = objectives.compactMap(\.recoveryTime).min()
        return strictest
    }
}

/// Work that somebody has to consent to by an edit: it never runs by itself.
package struct NeededDecision: Hashable, Sendable {
    package let group: String
    /// The member whose copies it is about.
    package let member: String
    package let topics: [String]
    /// What there is to decide; Rendering makes of it the words, with the cost and the edit that consents.
    package let reason: DecisionReason
    /// What has to stand in `discard`; `nil` when nothing would be lost.
    package let token: String?

    package init(
        group: String, member: String, topics: [String], _ reason: DecisionReason, token: String? = nil
    ) {
        self.group = group
        self.member = member
        self.topics = topics
        self.reason = reason
        self.token = token
    }
}
