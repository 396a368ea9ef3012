import Domain
import Execution
import Planning

/// When primaries changed in a run, and when the last of their clients was told.
struct MoveTimes {
    /// A family of groups that another member serves since.
    struct Served: Hashable {
        let family: String
        let at: Timestamp
    }

    let served: [Served]
    /// When the last store was published that this run published to, after a primary had changed; `nil` when a store
    /// was not published, or there was none.
    let clientsMovedAt: Timestamp?
    /// Stores that name the new primary since this run, and those it was to publish to.
    let stores: (published: Int, planned: Int)

    /// Times of a run that has just ended.
    ///
    /// - Parameter groups: Groups whose clients count; `nil` = every group's.
    init(_ report: RunReport, of families: Set<String>? = nil, groups: Set<String>? = nil) {
        served = report.outcomes.compactMap { outcome in
            guard outcome.result == .succeeded, case .move(let family, .served) = outcome.step.ledger,
                families?.contains(family) ?? true
            else { return nil }
            return Served(family: family, at: outcome.endedAt)
        }
        let publications = report.outcomes.filter { outcome in
            guard case .binding(.publish(let publication)) = outcome.step.action, let group = publication.group else {
                return false
            }
            return groups?.contains(group) ?? true
        }
        let ends = publications.filter { $0.result == .succeeded }.map(\.endedAt)
        stores = (ends.count, publications.count)
        clientsMovedAt = served.isEmpty || ends.count < publications.count ? nil : ends.max()
    }

    /// Times of a run in the journal, which knows steps by their ids: what was published after the first primary had
    /// changed counts.
    init(_ run: RunRecord) {
        let served = run.steps.compactMap { step -> Served? in
            let parts = step.id.description.split(separator: "#", maxSplits: 1)
            guard step.result == "succeeded", let end = step.endedAt, parts.count == 2, parts[1] == "served",
                let address = ResourceAddress(parts[0]), address.kind == .group
            else { return nil }
            return Served(family: address.name, at: end)
        }
        let first = served.map(\.at).min()
        let publications = run.steps.filter { step in
            guard let first, step.id.description.hasPrefix("binding/"), step.id.description.hasSuffix("#publish")
            else { return false }
            return step.intendedAt >= first
        }
        let ends = publications.compactMap { $0.result == "succeeded" ? $0.endedAt : nil }
        self.served = served
        stores = (ends.count, publications.count)
        clientsMovedAt = ends.count < publications.count ? nil : ends.max()
    }
}

extension MoveTimes {
    /// How far the durable moment of a change of primary and the end of its step can be apart.
    private static let tolerance: Duration = .seconds(5)

    /// What the ledger remembers of these changes of primary.
    func made(of moves: [String: RecordedMoves]) -> [RecordedMoves.Made] {
        served.compactMap { served in
            moves[served.family]?.made?.last { made in
                let apart = made.servedAt.since(served.at)
                return apart < Self.tolerance && apart > .zero - Self.tolerance
            }
        }
    }
}

/// Times of moves as runs and events write them.
struct MoveTimesForm: Encodable {
    struct Served: Encodable {
        let family: String
        let servedAt: RFC3339
    }

    let moves: [Served]?
    let clientsMovedAt: RFC3339?
    let clientsMovedAfterMilliseconds: Int64?

    init(_ times: MoveTimes, since start: Timestamp) {
        moves =
            times.served.isEmpty
            ? nil : times.served.map { Served(family: $0.family, servedAt: RFC3339(wrappedValue: $0.at)) }
        clientsMovedAt = times.clientsMovedAt.map(RFC3339.init)
        clientsMovedAfterMilliseconds = times.clientsMovedAt.map { $0.milliseconds.minus(start.milliseconds) }
    }
}
