package import Domain

/// What a rehearsal measured, phase by phase, against the group's objectives.
///
/// Spans are in milliseconds; moments are the machine's clock.
package struct DrillReport: Hashable, Sendable, Codable {
    /// What the applications of the rehearsal did.
    package struct Load: Hashable, Sendable, Codable {
        /// Topics that were written and read.
        package var topics: Int
        /// Applications that write, one per topic.
        package var producers: Int
        /// Applications that read.
        package var consumers: Int
        /// Records a second to each topic.
        package var recordsPerSecond: Int
        /// Bindings through which they found their cluster.
        package var bindings: [String]

        package init(topics: Int, producers: Int, consumers: Int, recordsPerSecond: Int, bindings: [String]) {
            self.topics = topics
            self.producers = producers
            self.consumers = consumers
            self.recordsPerSecond = recordsPerSecond
            self.bindings = bindings
        }
    }

    /// One step of an apply.
    package struct Step: Hashable, Sendable, Codable {
        /// Its id in the journal.
        package var id: String
        /// From the start of its apply to its own.
        package var beganAfterMilliseconds: Int64
        /// How long it took; absent when it did not end.
        package var tookMilliseconds: Int64?
        /// `succeeded`, `failed`, `skipped` or `interrupted`.
        package var result: String?

        package init(id: String, beganAfterMilliseconds: Int64, tookMilliseconds: Int64?, result: String?) {
            self.id = id
            self.beganAfterMilliseconds = beganAfterMilliseconds
            self.tookMilliseconds = tookMilliseconds
            self.result = result
        }
    }

    package struct Apply: Hashable, Sendable, Codable {
        /// From its start, which is before it plans, to its end.
        package var milliseconds: Int64
        package var exitCode: Int
        /// Its steps, in the order they began.
        package var steps: [Step]

        package init(milliseconds: Int64, exitCode: Int, steps: [Step]) {
            self.milliseconds = milliseconds
            self.exitCode = exitCode
            self.steps = steps
        }
    }

    /// How long the clients were without a cluster: until the last writer was acknowledged by the new primary.
    package struct Recovery: Hashable, Sendable, Codable {
        /// Since the start of the apply that moved them.
        package var sinceApplyMilliseconds: Int64
        /// The longest time between a writer's last acknowledgement by the old primary and its first by the new one.
        package var sinceLastContactMilliseconds: Int64

        /// How long the clients were without a cluster.
        package init(sinceApplyMilliseconds: Int64, sinceLastContactMilliseconds: Int64) {
            self.sinceApplyMilliseconds = sinceApplyMilliseconds
            self.sinceLastContactMilliseconds = sinceLastContactMilliseconds
        }
    }

    /// What the applications saw in one phase.
    package struct Records: Hashable, Sendable, Codable {
        /// Records that were acknowledged.
        package var acknowledged: Int64
        /// Acknowledged records that no cluster holds which clients can reach.
        package var lost: Int64
        /// Records that consumers had seen before.
        package var duplicates: Int64
        /// Records that consumers have passed and never saw.
        package var gaps: Int64
        /// Age of the oldest lost record when the primary was lost; absent when none was lost, or nothing was.
        package var oldestLostMilliseconds: Int64?

        package init(acknowledged: Int64, lost: Int64, duplicates: Int64, gaps: Int64) {
            self.acknowledged = acknowledged
            self.lost = lost
            self.duplicates = duplicates
            self.gaps = gaps
        }
    }

    /// An objective with what was measured.
    package struct Check: Hashable, Sendable, Codable {
        package enum Objective: String, Hashable, Sendable, Codable, CaseIterable {
            /// `objectives.rto`, in milliseconds.
            case recoveryTime = "rto"
            /// `objectives.rpo.records`.
            case recordsLost = "rpo.records"
            /// `objectives.rpo.age`, in milliseconds.
            case age = "rpo.age"
        }

        package var objective: Objective
        package var measured: Int64
        /// What the group allows.
        package var limit: Int64
        package var isMet: Bool

        /// An objective with what was measured; the limit itself is met.
        package init(_ objective: Objective, measured: Int64, limit: Int64) {
            self.objective = objective
            self.measured = measured
            self.limit = limit
            isMet = measured <= limit
        }
    }

    /// A schema that was registered while the primary was lost.
    package struct Schemas: Hashable, Sendable, Codable {
        package var subject: String
        /// The lost member whose registry was looked at; absent before it came back.
        package var wasExpectedOn: String?
        /// That member, when its registry holds the schema with the same id.
        package var isOn: String?

        package init(subject: String) {
            self.subject = subject
        }
    }

    /// A part of the rehearsal.
    package struct Phase: Hashable, Sendable, Codable {
        /// What is rehearsed.
        package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case setUp
            case failover
            case failForward
            case switchOver
            case switchBack
        }

        /// What is rehearsed.
        package var kind: Kind
        /// Primary at its beginning.
        package var from: String
        /// Primary at its end.
        package var to: String
        /// Why it was left out; absent when it was not.
        package var skipped: String?
        /// How long it took, with waiting for the applications.
        package var milliseconds: Int64 = 0
        package var applies: [Apply] = []
        /// How long clients were without a cluster, where they moved.
        package var recovery: Recovery?
        /// What the applications saw.
        package var records: Records?
        /// What became of the schema that was registered during the outage.
        package var schemas: Schemas?
        /// Objectives that hold for it.
        package var checks: [Check] = []

        /// A part of the rehearsal of which nothing was measured yet.
        package init(_ kind: Kind, from: String, to: String, skipped: String? = nil) {
            self.kind = kind
            self.from = from
            self.to = to
            self.skipped = skipped
        }
    }

    /// How a rehearsal ended.
    package enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
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
    package var workspace: String
    /// Group that declares the primary.
    package var group: String
    /// When it began.
    @RFC3339 package var startedAt: Timestamp
    /// How long it took.
    package var milliseconds: Int64 = 0
    /// The seed that chose the moment of the loss; absent when none was given.
    package var seed: UInt64?
    /// What the applications did; absent when none was started.
    package var load: Load?
    /// Its parts, in their order.
    package var phases: [Phase] = []
    /// How the rehearsal differs from the workspace, and what it does not tell.
    package var notes: [String] = []
    /// Why it could not be carried through; absent when it was.
    package var failure: String?
    /// How it ended.
    package private(set) var verdict = Verdict.unjudged

    package init(workspace: String, group: String, startedAt: Timestamp) {
        self.workspace = workspace
        self.group = group
        self.startedAt = startedAt
    }

    /// Judges what was measured.
    package mutating func conclude(at moment: Timestamp) {
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
