package import Domain

/// A move that is refused.
package struct RefusedMove: Hashable, Sendable {
    package let kind: RecordedMoves.Kind
    /// The member that is left.
    package let from: String
    /// The member that would become primary.
    package let to: String

    package init(_ kind: RecordedMoves.Kind, from: String, to: String) {
        self.kind = kind
        self.from = from
        self.to = to
    }
}

/// What stands against a move, by what its gates look at.
package enum MoveReason: Hashable, Sendable {
    case members(MembersReason)
    case epoch(EpochReason)
    case candidate(CandidateReason)
    case clients(ClientsReason)
    case readiness(ReadinessReason)
    case loss(LossReason)
    /// Nothing keeps producers from writing to the side that is left; group `nil` = it is the only one.
    case unfenced(group: String?)
}

/// Whether members and stores answer, and which member has come furthest.
package enum MembersReason: Hashable, Sendable {
    /// The new side has no API to mirror what the old one holds.
    case apacheKafka
    case silent([SilentEndpoint], SilenceEnd)
    case stores([SilentEndpoint])
    /// The side that a failover leaves is there; hindrances are what a switchover would have to wait for.
    case alive(LifeSign, hindrances: [SilentEndpoint])
    /// Another standby has come further.
    case survivor(String, records: Int64)
}

/// What gives no usable answer.
package struct SilentEndpoint: Hashable, Sendable {
    package enum Endpoint: Hashable, Sendable {
        case cluster(String)
        /// By its environment.
        case registry(String)
        case store(ResourceAddress)
    }

    package let endpoint: Endpoint
    /// What is said of it; `nil` = it was not observed.
    package let silence: String?
}

/// What leads out of the silence of a move's members.
package enum SilenceEnd: Hashable, Sendable {
    /// The new side is silent: others could take its place.
    case another([String])
    /// A failover, for only the old side is in the way, which answers.
    case failoverFromAnswering
    /// The same, from one that is gone as far as can be told.
    case failoverFromGone
    /// The same, from one that may be there.
    case failoverFromUnclear
}

/// What shows that the member is there that a failover would leave.
package enum LifeSign: Hashable, Sendable {
    /// It answers, and so many mirrors follow it.
    case mirrors(Int)
    case answers
    case answersInPart
    case answersThrottled
    /// Records arrive from it.
    case records
}

/// Whether another move is in the way.
package enum EpochReason: Hashable, Sendable {
    case quietPeriod(age: Duration, period: Duration)
    case open(to: String, from: String, epoch: Int)
}

/// Whether topics of the member that becomes primary can serve.
package enum CandidateReason: Hashable, Sendable {
    /// Topics cannot; epoch = the greatest that is known, leaving = topics to leave behind, `nil` = no other would move.
    case topics([Promotions.Obstacle], CandidateRemedy, epoch: Int, leaving: [String]?)
    case everythingLeft([String])
    /// The server refuses to end mirrors.
    case rejected([RejectedTopic], leaving: [String]?)
    /// A link that is deleted by force carries mirrors of others.
    case foreignMirrors(link: String, [String])
}

/// A topic of which a server says why it would not do something.
package struct RejectedTopic: Hashable, Sendable {
    package let topic: String
    package let answer: String
}

/// What leads out of the state of topics.
package enum CandidateRemedy: CaseIterable, Sendable {
    case mirror, reconcile, follow, repair, wait
}

/// Whether clients would find what they need on the new side.
package enum ClientsReason: Hashable, Sendable {
    /// Its entries may not be read.
    case entriesUnseen
    /// Entries that nobody here may remove deny clients what they need.
    case denied([ACLBinding])
    /// It is not up, or topics take no writes there.
    case unhealthy(isProvisioned: Bool, unwritable: [String])
    /// Content of bindings has no value there.
    case unrendered([ClientProblem])
    /// Credentials cannot be read, or are refused.
    case credentials([ClientProblem])
    /// An application uses a group of another family, which stays apart.
    case split(application: String, group: String, OtherFamily)
}

/// What keeps clients of a binding from working.
package struct ClientProblem: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// In the words of who found it: the reader of secrets, the content, the server.
        case told(String)
        /// Nobody answered whether their sign-in works.
        case untried(silence: String)
    }

    package let binding: String
    package let cause: Cause

    init(_ binding: String, _ words: String) {
        self.init(binding: binding, cause: .told(words))
    }

    init(binding: String, cause: Cause) {
        self.binding = binding
        self.cause = cause
    }
}

/// What becomes of a family that does not follow.
package enum OtherFamily: Hashable, Sendable {
    case isRefused
    case stays(on: String)
    case moves(to: String)
    /// It would follow, and its own move is refused.
    case isHeld
}

/// Whether copies and schemas can be brought up to date before writers are stopped.
package enum ReadinessReason: Hashable, Sendable {
    case links([LinkProblem])
    /// Schemas would not arrive; missing = those in use that the new side lacks, as far as they are known.
    case exporter(ExporterProblem, missing: [SchemaVersionID], destination: String)
    /// Schemas mean something else on the other side.
    case colliding([SchemaVersionID], source: String, destination: String, hasMoved: Bool)
}

/// What is wrong with a link, or with what it carries.
package enum LinkProblem: Hashable, Sendable {
    case link(String, error: String)
    case task(String, link: String, errors: [String])
    /// How far the copy of a topic has come is not known.
    case position(topic: String, partition: Int)
}

/// Why an exporter does not bring the schemas of a group.
package enum ExporterProblem: Hashable, Sendable {
    case missing(source: String)
    case trouble(exporter: String, String)
    /// It is paused, as the manifest wants.
    case paused(exporter: String)
    case selection(exporter: String)
    /// A registry did not say which schemas it holds.
    case unread(place: String, silence: String)
}

/// Why more may be lost than a group allows.
package enum LossReason: Hashable, Sendable {
    case records([LossFact], allowed: Int, LossConsent)
    /// In time; bound `nil` = the records can be of any age.
    case age(bound: Duration?, allowed: Duration, LossConsent)
}

/// What may be lost.
package enum LossFact: Hashable, Sendable {
    /// Records that the new side lacked when it last knew.
    case behind(Int64)
    case absent([String])
    /// Writable topics of which it is not known what they lack.
    case unknown([Promotions.Obstacle])
    case doubts([TopicDoubt])
}

/// A topic of which it is not known what the new side lacks, by what its own mirror and link say. That the old side
/// is gone is no reason: then what is told is as old as the last contact.
package struct TopicDoubt: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// It has no position in a partition that holds records.
        case position(partition: Int)
        /// It has none in a partition that may hold some.
        case unplaced(partition: Int)
        case notFetching(MirrorStatus)
        case otherSource
        case link(problem: String)
        /// It tells no lag of some partitions.
        case incomplete
    }

    package let topic: String
    package let cause: Cause
}

/// How somebody consents to a loss.
package struct LossConsent: Hashable, Sendable {
    /// The group whose objective it is.
    package let group: String
    /// The group that leads its family.
    package let leader: String
    /// Gates that the manifest would then pass.
    package let overrides: [GateOverride]
}
