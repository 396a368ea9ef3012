/// What the ledger remembers of the moves of one family of groups: decisions, never facts that can be observed.
///
/// It changes only by ``MoveEvent``s, each of which is durable before the calls that rely on it are sent.
public struct RecordedMoves: Sendable, Hashable, Codable {
    /// How a move treats the side it leaves.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Both sides answer; nothing is lost.
        case switchover = "Switchover"
        /// The survivor goes on alone; what was not replicated is lost.
        case failover = "Failover"
    }

    /// Flags a move was given: they hold until it ends, so that the runs that finish it need not be given them again.
    public struct Flags: Sendable, Hashable, Codable {
        /// Gates that were passed by override, sorted.
        public var overrides: [GateOverride]
        /// Topics that are left behind on purpose, sorted.
        public var left: [String]
        /// Links (`member/link`) that it may delete by force, sorted.
        public var detached: [String]
        /// Copies (`member@epoch`) that it takes although they stopped following, sorted.
        public var adopted: [String]

        /// Flags, in any order.
        public init(
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
    public enum Proof: String, Sendable, Hashable, Codable, CaseIterable {
        /// Everything in it is on the new primary too.
        case lossless
        /// It may hold records nobody else has.
        case diverged
    }

    /// One move of a family, from its first durable intent to its end.
    public struct Move: Sendable, Hashable, Codable {
        /// Epoch: one more than the greatest that was known.
        public var epoch: Int
        /// The member that is left.
        public var from: String
        /// The member that becomes primary.
        public var to: String
        /// Kind; a switchover can be downgraded to a failover.
        public var kind: Kind
        /// When the intent became durable.
        public var openedAt: Timestamp?
        /// Incident of the consent that was used.
        public var incident: String?
        /// Gates that were passed by override.
        public var overrides: [GateOverride]
        /// Topics that were left behind on purpose.
        public var left: Set<String>
        /// Whether everybody is denied writes at the side that is left, so that its copies can be shown to be lossless.
        public var hasCompleteFence: Bool
        /// Whether the first call that cannot be undone may have been sent.
        public var isPast: Bool
        /// Last fetched source offset of every partition, by member and topic, before the move.
        public var snapshot: [String: [String: [Int64]]]
        /// When the member that is left last answered, where it was silent at the start.
        public var lastContact: Timestamp?
        /// Links (`member/link`) that it may delete by force; `nil` = none.
        public var detached: Set<String>?
        /// Copies (`member@epoch`) that it takes although they stopped following; `nil` = none.
        public var adopted: Set<String>?

        /// A move.
        public init(
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
    public struct Demotion: Sendable, Hashable, Codable {
        /// The epoch that demoted it.
        public var epoch: Int
        /// Id of the ledger that was published with that epoch.
        public var ledger: String
        /// What its copies can be shown to be.
        public var proof: Proof
        /// How far the new primary had followed it, by topic and partition (−1 = unknown), when its copies diverged.
        public var fetched: [String: [Int64]]?
        /// Records the new primary was behind it when that was last known: what it lost at least.
        public var lastKnownLag: Int64?
        /// Topics that the epoch moved away from it, sorted: what became stale by it, and nothing else; `nil` in rows of
        /// earlier versions, which did not tell.
        public var topics: [String]?

        /// A demotion.
        public init(epoch: Int, ledger: String, proof: Proof) {
            self.epoch = epoch
            self.ledger = ledger
            self.proof = proof
        }
    }

    /// Records that only the copies on a side that was left hold, as far as it was measured.
    public struct Divergence: Sendable, Hashable, Codable {
        /// Records.
        public var records: Int64
        /// Whether there may be more: not every partition could be measured.
        public var isLowerBound: Bool

        /// A divergence.
        public init(records: Int64, isLowerBound: Bool) {
            self.records = records
            self.isLowerBound = isLowerBound
        }
    }

    /// Which side serves, by decision.
    public struct Serving: Sendable, Hashable, Codable {
        /// Epoch that made it so.
        public var epoch: Int
        /// The member.
        public var site: String
        /// When it became durable.
        public var since: Timestamp

        /// A side that serves.
        public init(epoch: Int, site: String, since: Timestamp) {
            self.epoch = epoch
            self.site = site
            self.since = since
        }
    }

    /// A move that was made: what runs tell of it afterwards.
    public struct Made: Sendable, Hashable, Codable {
        /// Its epoch.
        public var epoch: Int
        /// Kind.
        public var kind: Kind
        /// The member that was left.
        public var from: String
        /// The member that serves since.
        public var to: String
        /// When the member that was left last answered, where it was silent; a lower bound of when it was lost.
        public var lastContact: Timestamp?
        /// When the new primary became durable.
        public var servedAt: Timestamp

        /// Moves of a family that are kept.
        static let kept = 20

        /// A move that was made.
        public init(
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
    public struct Fence: Sendable, Hashable, Codable {
        /// Entries Spillway wrote.
        public var written: Set<ACLBinding>
        /// Entries that were there before; they are never removed.
        public var existed: Set<ACLBinding>

        /// A fence.
        public init(written: Set<ACLBinding> = [], existed: Set<ACLBinding> = []) {
            self.written = written
            self.existed = existed
        }
    }

    /// A consent that was used.
    public struct Consent: Sendable, Hashable, Codable {
        /// `failover.from`.
        public var from: String
        /// `failover.incident`.
        public var incident: String

        /// A consent that was used.
        public init(from: String, incident: String) {
            self.from = from
            self.incident = incident
        }
    }

    /// Greatest epoch this ledger has given.
    public var epoch: Int
    /// The move that is under way.
    public var open: Move?
    /// The member that serves; `nil` = no move was ever finished.
    public var serving: Serving?
    /// Members that hold writable copies and do not serve.
    public var demoted: [String: Demotion]
    /// Fences by member.
    public var fences: [String: Fence]
    /// Values that were switched off on adopted links, by `cluster/link` and config.
    public var synced: [String: [String: String]]
    /// Consents that were used.
    public var spent: Set<Consent>
    /// Discard tokens that were used.
    public var discarded: Set<String>
    /// Topics of members whose copies may be destroyed by a consent that was used, until the member follows with all of
    /// them; sorted.
    public var discards: [String: [String]]?
    /// What was measured to be lost by discard tokens that were used.
    public var divergences: [String: Divergence]?
    /// Former members that were given up although something of theirs was unfinished; they are watched.
    public var abandoned: Set<String>?
    /// The newest moves that were made, the newest last.
    public var made: [Made]?

    /// A family that never moved.
    public init() {
        epoch = 0
        demoted = [:]
        fences = [:]
        synced = [:]
        spent = []
        discarded = []
    }
}

/// What the ledger learns of a move. Each event is one durable write, idempotent when repeated.
public enum MoveEvent: Sendable, Hashable, Codable {
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
