/// What the ledger remembers of the moves of one family of groups: decisions, never facts that can be observed.
///
/// It changes only by ``MoveEvent``s, each of which is durable before the calls that rely on it are sent.
package struct RecordedMoves: Sendable, Hashable, Codable {
    /// How a move treats the side it leaves.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Both sides answer; nothing is lost.
        case switchover = "Switchover"
        /// The survivor goes on alone; what was not replicated is lost.
        case failover = "Failover"
    }

    /// Flags a move was given: they hold until it ends, so that the runs that finish it need not be given them again.
    package struct Flags: Sendable, Hashable, Codable {
        /// Gates that were passed by override, sorted.
        package var overrides: [GateOverride]
        /// Topics that are left behind on purpose, sorted.
        package var left: [String]
        /// Links (`member/link`) that it may delete by force, sorted.
        package var detached: [String]
        /// Copies (`member@epoch`) that it takes although they stopped following, sorted.
        package var adopted: [String]

        package init(
            overrides: Set<GateOverride> = [], left: Set<String> = [], detached: Set<String> = [],
            adopted: Set<String> = []
        ) {
            self.overrides = overrides.sorted { $0.rawValue < $1.rawValue }
            self.left = left.sorted()
            self.detached = detached.sorted()
            self.adopted = adopted.sorted()
        }
    }

    /// What a copy on a side that was left can be shown to be.
    package enum Proof: String, Sendable, Hashable, Codable, CaseIterable {
        /// Everything in it is on the new primary too.
        case lossless
        /// It may hold records nobody else has.
        case diverged
    }

    /// One move of a family, from its first durable intent to its end.
    package struct Move: Sendable, Hashable, Codable {
        /// Epoch: one more than the greatest that was known.
        package var epoch: Int
        /// The member that is left.
        package var from: String
        /// The member that becomes primary.
        package var to: String
        /// Kind; a switchover can be downgraded to a failover.
        package var kind: Kind
        /// When the intent became durable.
        package var openedAt: Timestamp?
        /// Incident of the consent that was used.
        package var incident: String?
        /// Gates that were passed by override.
        package var overrides: [GateOverride]
        /// Topics that were left behind on purpose.
        package var left: Set<String>
        /// Whether everybody is denied writes at the side that is left, so that its copies can be shown to be lossless.
        package var hasCompleteFence: Bool
        /// Whether the first call that cannot be undone may have been sent.
        package var isPast: Bool
        /// Last fetched source offset of every partition, by member and topic, before the move.
        package var snapshot: [String: [String: [Int64]]]
        /// When the member that is left last answered, where it was silent at the start.
        package var lastContact: Timestamp?
        /// Links (`member/link`) that it may delete by force; `nil` = none.
        package var detached: Set<String>?
        /// Copies (`member@epoch`) that it takes although they stopped following; `nil` = none.
        package var adopted: Set<String>?
        /// Whether writers were let in again at the side that is left, once it was past the point of no return and before
        /// the new side served: what it promoted lacks what they write; `nil` = no.
        package var letsWritersIn: Bool?

        package init(
            epoch: Int, from: String, to: String, kind: Kind, openedAt: Timestamp? = nil, incident: String? = nil,
            overrides: [GateOverride] = [], left: Set<String> = [], hasCompleteFence: Bool = false,
            isPast: Bool = false, snapshot: [String: [String: [Int64]]] = [:]
        ) {
            self.epoch = epoch
            self.from = from
            self.to = to
            self.kind = kind
            self.openedAt = openedAt
            self.incident = incident
            self.overrides = overrides
            self.left = left
            self.hasCompleteFence = hasCompleteFence
            self.isPast = isPast
            self.snapshot = snapshot
        }
    }

    /// A side that stopped being primary, or never became it, and holds writable copies.
    package struct Demotion: Sendable, Hashable, Codable {
        /// The epoch that demoted it.
        package var epoch: Int
        /// Id of the ledger that was published with that epoch.
        package var ledger: String
        /// What its copies can be shown to be.
        package var proof: Proof
        /// How far the new primary had followed it, by topic and partition (−1 = unknown), when its copies diverged.
        package var fetched: [String: [Int64]]?
        /// Records the new primary was behind it when that was last known: what it lost at least.
        package var lastKnownLag: Int64?
        /// Topics that the epoch moved away from it, sorted: what became stale by it, and nothing else; `nil` in rows of
        /// earlier versions, which did not tell.
        package var topics: [String]?

        package init(epoch: Int, ledger: String, proof: Proof) {
            self.epoch = epoch
            self.ledger = ledger
            self.proof = proof
        }
    }

    /// Records that only the copies on a side that was left hold, as far as it was measured.
    package struct Divergence: Sendable, Hashable, Codable {
        package var records: Int64
        /// Whether there may be more: not every partition could be measured.
        package var isLowerBound: Bool

        package init(records: Int64, isLowerBound: Bool) {
            self.records = records
            self.isLowerBound = isLowerBound
        }
    }

    /// Which side serves, by decision.
    package struct Serving: Sendable, Hashable, Codable {
        package var epoch: Int
        /// The member.
        package var site: String
        /// When it became durable.
        package var since: Timestamp

        package init(epoch: Int, site: String, since: Timestamp) {
            self.epoch = epoch
            self.site = site
            self.since = since
        }
    }

    /// A move that was made: what runs tell of it afterwards.
    package struct Made: Sendable, Hashable, Codable {
        package var epoch: Int
        package var kind: Kind
        /// The member that was left.
        package var from: String
        /// The member that serves since.
        package var to: String
        /// When the member that was left last answered, where it was silent; a lower bound of when it was lost.
        package var lastContact: Timestamp?
        /// When the new primary became durable.
        package var servedAt: Timestamp

        /// Moves of a family that are kept.
        static let kept = 20

        package init(
            epoch: Int, kind: Kind, from: String, to: String, lastContact: Timestamp? = nil, servedAt: Timestamp
        ) {
            self.epoch = epoch
            self.kind = kind
            self.from = from
            self.to = to
            self.lastContact = lastContact
            self.servedAt = servedAt
        }
    }

    /// Entries that keep writers from a side, and what was there before.
    package struct Fence: Sendable, Hashable, Codable {
        /// Entries Spillway wrote.
        package var written: Set<ACLBinding>
        /// Entries that were there before; they are never removed.
        package var existed: Set<ACLBinding>

        package init(written: Set<ACLBinding> = [], existed: Set<ACLBinding> = []) {
            self.written = written
            self.existed = existed
        }
    }

    /// A consent that was used.
    package struct Consent: Sendable, Hashable, Codable {
        /// `failover.from`.
        package var from: String
        /// `failover.incident`.
        package var incident: String

        package init(from: String, incident: String) {
            self.from = from
            self.incident = incident
        }
    }

    /// Greatest epoch this ledger has given.
    package var epoch: Int
    /// The move that is under way.
    package var open: Move?
    /// The member that serves; `nil` = no move was ever finished.
    package var serving: Serving?
    /// Members that hold writable copies and do not serve.
    package var demoted: [String: Demotion]
    /// Fences by member.
    package var fences: [String: Fence]
    /// Values that were switched off on adopted links, by `cluster/link` and config.
    package var synced: [String: [String: String]]
    /// Consents that were used.
    package var spent: Set<Consent>
    /// Discard tokens that were used.
    package var discarded: Set<String>
    /// Topics of members whose copies may be destroyed by a consent that was used, until the member follows with all of
    /// them; sorted.
    package var discards: [String: [String]]?
    /// What was measured to be lost by discard tokens that were used.
    package var divergences: [String: Divergence]?
    /// Former members that were given up although something of theirs was unfinished; they are watched.
    package var abandoned: Set<String>?
    /// The newest moves that were made, the newest last.
    package var made: [Made]?

    /// A family that never moved.
    package init() {
        epoch = 0
        demoted = [:]
        fences = [:]
        synced = [:]
        spent = []
        discarded = []
    }
}

/// What the ledger learns of a move. Each event is one durable write, idempotent when repeated.
package enum MoveEvent: Sendable, Hashable, Codable {
    /// A move begins.
    case opened(RecordedMoves.Move)
    /// A switchover goes on as a failover, by consent.
    case downgraded(incident: String)
    /// A move that is under way goes on under further flags.
    case amended(RecordedMoves.Flags)
    /// Entries are about to be written at a member.
    case fencing(member: String, RecordedMoves.Fence)
    /// A member's entries are gone, as read back: all, or those that are named.
    case unfenced(member: String, entries: [ACLBinding]? = nil)
    /// A config of an adopted link is about to be switched off.
    case switchingOff(link: String, configs: [String: String])
    /// A link has its configs back.
    case switchedOn(link: String)
    /// The first call that cannot be undone is about to be sent.
    case past
    /// The new side serves.
    case served(demoted: [String: RecordedMoves.Demotion])
    /// A consent to destroy copies is about to be used.
    case discarding(token: String, losing: RecordedMoves.Divergence? = nil, copies: DiscardedCopies? = nil)
    /// A former member is given up although something of its is unfinished.
    case abandoned(member: String)
    /// Every copy of a member follows again.
    case returned(member: String)
    /// The move has ended, or was given up before the point of no return.
    case closed(aborted: Bool)
}
