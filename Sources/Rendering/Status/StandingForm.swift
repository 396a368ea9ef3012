package import Domain
package import Planning

/// Where a group's data is, as status reports and plan documents write it.
package struct StandingForm: Hashable, Sendable, Codable {
    /// A move that began and has not ended.
    package struct OpenMove: Hashable, Sendable, Codable {
        package var epoch: Int
        package var kind: RecordedMoves.Kind
        /// The member that is left.
        package var from: String
        /// The member that becomes primary.
        package var to: String
        /// When it began.
        package var openedAt: RFC3339?
        /// Incident of the consent that was used.
        package var incident: String?
        /// Whether the point of no return was passed.
        package var isPast: Bool
    }

    /// The member whose copies clients use.
    package var holder: String?
    /// How that is known.
    package var evidence: String
    /// Greatest epoch that the ledger or a store knows; 0 = never moved.
    package var epoch: Int
    /// Since when the holder serves, as far as the ledger knows.
    package var servesSince: RFC3339?
    /// The move that has not ended.
    package var open: OpenMove?
    /// Members that served before and have not returned, with the token that consents to destroying their copies.
    package var demoted: [Plan.Standing.Demoted]
    /// Members from which writers are kept.
    package var fences: [Plan.Standing.Fence]

    package init(_ standing: Plan.Standing) {
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
