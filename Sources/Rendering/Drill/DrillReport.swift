public import Domain

/// What a rehearsal measured, phase by phase, against the group's objectives.
///
/// Spans are in milliseconds; moments are the machine's clock.
public struct DrillReport: Hashable, Sendable, Codable {
    /// What the applications of the rehearsal did.
    public struct Load: Hashable, Sendable, Codable {
        /// Topics that were written and read.
        public var topics: Int
        /// Applications that write, one per topic.
        public var producers: Int
        /// Applications that read.
        public var consumers: Int
        /// Records a second to each topic.
        public var recordsPerSecond: Int
        /// Bindings through which they found their cluster.
        public var bindings: [String]

        /// What the applications did.
        public init(topics: Int, producers: Int, consumers: Int, recordsPerSecond: Int, bindings: [String]) {
            self.topics = topics
            self.producers = producers
            self.consumers = consumers
            self.recordsPerSecond = recordsPerSecond
            self.bindings = bindings
        }
    }

    /// One step of an apply.
    public struct Step: Hashable, Sendable, Codable {
        /// Its id in the journal.
        public var id: String
        /// From the start of its apply to its own.
        public var beganAfterMilliseconds: Int64
        /// How long it took; absent when it did not end.
        public var tookMilliseconds: Int64?
        /// `succeeded`, `failed`, `skipped` or `interrupted`.
        public var result: String?

        /// One step of an apply.
        public init(id: String, beganAfterMilliseconds: Int64, tookMilliseconds: Int64?, result: String?) {
            self.id = id
            self.beganAfterMilliseconds = beganAfterMilliseconds
            self.tookMilliseconds = tookMilliseconds
            self.result = result
        }
    }

    /// One apply.
    public struct Apply: Hashable, Sendable, Codable {
        /// From its start, which is before it plans, to its end.
        public var milliseconds: Int64
        /// Its exit code.
        public var exitCode: Int
        /// Its steps, in the order they began.
        public var steps: [Step]

        /// One apply.
        public init(milliseconds: Int64, exitCode: Int, steps: [Step]) {
            self.milliseconds = milliseconds
            self.exitCode = exitCode
            self.steps = steps
        }
    }

    /// How long the clients were without a cluster: until the last writer was acknowledged by the new primary.
    public struct Recovery: Hashable, Sendable, Codable {
        /// Since the start of the apply that moved them.
        public var sinceApplyMilliseconds: Int64
        /// The longest time between a writer's last acknowledgement by the old primary and its first by the new one.
        public var sinceLastContactMilliseconds: Int64

        /// How long the clients were without a cluster.
        public init(sinceApplyMilliseconds: Int64, sinceLastContactMilliseconds: Int64) {
            self.sinceApplyMilliseconds = sinceApplyMilliseconds
            self.sinceLastContactMilliseconds = sinceLastContactMilliseconds
        }
    }

    /// What the applications saw in one phase.
    public struct Records: Hashable, Sendable, Codable {
        /// Records that were acknowledged.
        public var acknowledged: Int64
        /// Acknowledged records that no cluster holds which clients can reach.
        public var lost: Int64
        /// Records that consumers had seen before.
        public var duplicates: Int64
        /// Records that consumers have passed and never saw.
        public var gaps: Int64
        /// Age of the oldest lost record when the primary was lost; absent when none was lost, or nothing was.
        public var oldestLostMilliseconds: Int64?

        /// What the applications saw.
        public init(acknowledged: Int64, lost: Int64, duplicates: Int64, gaps: Int64) {
            self.acknowledged = acknowledged
            self.lost = lost
            self.duplicates = duplicates
            self.gaps = gaps
        }
    }

    /// An objective with what was measured.
    public struct Check: Hashable, Sendable, Codable {
        /// Which objective.
        public enum Objective: String, Hashable, Sendable, Codable, CaseIterable {
            /// `objectives.rto`, in milliseconds.
            case recoveryTime = "rto"
            /// `objectives.rpo.records`.
            case recordsLost = "rpo.records"
            /// `objectives.rpo.age`, in milliseconds.
            case age = "rpo.age"
        }

        /// Which objective.
        public var objective: Objective
        /// What was measured.
        public var measured: Int64
        /// What the group allows.
        public var limit: Int64
        /// Whether it was met.
        public var isMet: Bool

        /// An objective with what was measured; the limit itself is met.
        public init(_ objective: Objective, measured: Int64, limit: Int64) {
            self.objective = objective
            self.measured = measured
            self.limit = limit
            isMet = measured <= limit
        }
    }

    /// A schema that was registered while the primary was lost.
    public struct Schemas: Hashable, Sendable, Codable {
        /// Subject.
        public var subject: String
        /// The lost member whose registry was looked at; absent before it came back.
        public var wasExpectedOn: String?
        /// That member, when its registry holds the schema with the same id.
        public var isOn: String?

        /// A schema that was registered.
        public init(subject: String) {
            self.subject = subject
        }
    }

    /// A part of the rehearsal.
    public struct Phase: Hashable, Sendable, Codable {
        /// What is rehearsed.
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case setUp
            case failover
            case failForward
            case switchOver
            case switchBack
        }

        /// What is rehearsed.
        public var kind: Kind
        /// Primary at its beginning.
        public var from: String
        /// Primary at its end.
        public var to: String
        /// Why it was left out; absent when it was not.
        public var skipped: String?
        /// How long it took, with waiting for the applications.
        public var milliseconds: Int64 = 0
        /// Its applies.
        public var applies: [Apply] = []
        /// How long clients were without a cluster, where they moved.
        public var recovery: Recovery?
        /// What the applications saw.
        public var records: Records?
        /// What became of the schema that was registered during the outage.
        public var schemas: Schemas?
        /// Objectives that hold for it.
        public var checks: [Check] = []

        /// A part of the rehearsal of which nothing was measured yet.
        public init(_ kind: Kind, from: String, to: String, skipped: String? = nil) {
            self.kind = kind
            self.from = from
            self.to = to
            self.skipped = skipped
        }
    }

    /// How a rehearsal ended.
    public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
        /// Every objective was met.
        case met
        /// An objective was missed.
        case missed
        /// It was carried through, and the group declares no objective.
        case unjudged
        /// It could not be carried through.
        case failed
    }

    /// Workspace that was rehearsed.
    public var workspace: String
    /// Group that declares the primary.
    public var group: String
    /// When it began.
    @RFC3339 public var startedAt: Timestamp
    /// How long it took.
    public var milliseconds: Int64 = 0
    /// The seed that chose the moment of the loss; absent when none was given.
    public var seed: UInt64?
    /// What the applications did; absent when none was started.
    public var load: Load?
    /// Its parts, in their order.
    public var phases: [Phase] = []
    /// How the rehearsal differs from the workspace, and what it does not tell.
    public var notes: [String] = []
    /// Why it could not be carried through; absent when it was.
    public var failure: String?
    /// How it ended.
    public private(set) var verdict = Verdict.unjudged

    /// A rehearsal that has just begun.
    public init(workspace: String, group: String, startedAt: Timestamp) {
        self.workspace = workspace
        self.group = group
        self.startedAt = startedAt
    }

    /// Judges what was measured.
    public mutating func conclude(at moment: Timestamp) {
        milliseconds = moment.milliseconds.minus(startedAt.milliseconds)
        let checks = phases.flatMap(\.checks)
        if failure != nil {
            verdict = .failed
        } else if checks.isEmpty {
            verdict = .unjudged
        } else {
            verdict = checks.allSatisfy(\.isMet) ? .met : .missed
        }
    }
}
