public import Domain
public import Planning

/// Where a group's data is, as status reports and plan documents write it.
public struct StandingForm: Hashable, Sendable, Codable {
    /// A move that began and has not ended.
    public struct OpenMove: Hashable, Sendable, Codable {
        /// Its epoch.
        public var epoch: Int
        /// Kind.
        public var kind: RecordedMoves.Kind
        /// The member that is left.
        public var from: String
        /// The member that becomes primary.
        public var to: String
        /// When it began.
        public var openedAt: RFC3339?
        /// Incident of the consent that was used.
        public var incident: String?
        /// Whether the point of no return was passed.
        public var isPast: Bool
    }

    /// The member whose copies clients use.
    public var holder: String?
    /// How that is known.
    public var evidence: String
    /// Greatest epoch that the ledger or a store knows; 0 = never moved.
    public var epoch: Int
    /// Since when the holder serves, as far as the ledger knows.
    public var servesSince: RFC3339?
    /// The move that has not ended.
    public var open: OpenMove?
    /// Members that served before and have not returned, with the token that consents to destroying their copies.
    public var demoted: [Plan.Standing.Demoted]
    /// Members from which writers are kept.
    public var fences: [Plan.Standing.Fence]

    /// What the evidence says.
    public init(_ standing: Plan.Standing) {
        holder = standing.holder
        evidence = standing.evidence
        epoch = standing.epoch
        servesSince = standing.servesSince.map(RFC3339.init)
        open = standing.open.map { move in
            OpenMove(
                epoch: move.epoch, kind: move.kind, from: move.from, to: move.to,
                openedAt: move.openedAt.map(RFC3339.init), incident: move.incident, isPast: move.isPast)
        }
        demoted = standing.demoted
        fences = standing.fences
    }

    var standing: Plan.Standing {
        Plan.Standing(
            holder: holder, evidence: evidence, epoch: epoch, servesSince: servesSince?.wrappedValue,
            open: open.map { move in
                Plan.Standing.OpenMove(
                    epoch: move.epoch, kind: move.kind, from: move.from, to: move.to,
                    openedAt: move.openedAt?.wrappedValue, incident: move.incident, isPast: move.isPast)
            }, demoted: demoted, fences: fences)
    }
}
