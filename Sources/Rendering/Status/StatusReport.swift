package import Domain
package import Planning

/// What `status` tells: readiness of every group, and what was not seen.
package struct StatusReport: Hashable, Sendable, Codable {
    /// A failover group as it stands.
    package struct Group: Hashable, Sendable, Codable {
        package var name: String
        /// Primary as declared.
        package var primary: String
        /// Members, the primary included.
        package var members: [Member]
        /// Number of its topics.
        package var topics: Int
        /// Whether a standby could take over everything that clients were promised, by what was seen now.
        package var isProtected: Bool
        /// Why it is not protected, and what else is not as it should be.
        package var findings: [String]
        /// Records behind, when known.
        package var lag: Lag?
        /// Schema exporters of the group.
        package var exporters: [Exporter]
        /// Who holds the data by evidence, with what moves left behind; absent when the evidence contradicts itself.
        package var standing: StandingForm?
        /// Whether each standby could take over now; absent when nobody holds its data.
        package var takeovers: [Takeover]?
        /// How old the records can be that would be lost; absent when nothing is declared or recorded about it.
        package var age: Age?
        /// Why it is not known now how far the copies are behind; absent when it is.
        package var lagDoubts: [String]?
        /// What was known before its holder fell silent; absent while that answers.
        package var lastKnown: LastKnown?

        package init(
            name: String, primary: String, members: [Member], topics: Int, isProtected: Bool, findings: [String] = [],
            lag: Lag? = nil, exporters: [Exporter] = [], standing: StandingForm? = nil
        ) {
            self.name = name
            self.primary = primary
            self.members = members
            self.topics = topics
            self.isProtected = isProtected
            self.findings = findings
            self.lag = lag
            self.exporters = exporters
            self.standing = standing
        }

        /// The finding that its place is not known.
        static func unclear(_ invocation: Invocation) -> String {
            "who holds its data is not clear: \(invocation.command("plan")) says why"
        }

        /// A group as a plan found it.
        ///
        /// - Parameters:
        ///   - state: What the plan says of it.
        ///   - members: Members, the primary included.
        ///   - lag: Records behind, when known.
        ///   - exporters: Its schema exporters.
        package init(_ state: Plan.GroupState, members: [Member], lag: Lag?, exporters: [Exporter]) {
            self.init(
                name: state.name, primary: state.primary, members: members, topics: state.topics,
                isProtected: state.isProtected,
                findings: state.findings + (state.standing == nil ? [Self.unclear(.bare)] : []),
                lag: lag, exporters: exporters,
                standing: state.standing.map(StandingForm.init))
        }
    }

    /// A member of a group.
    package struct Member: Hashable, Sendable, Codable {
        package var cluster: String
        /// Why it could not be seen; `nil` when it answered.
        package var silence: String?
        /// Number of mirror topics of the group by status word.
        package var mirrors: [String: Int]
        /// Links by which it mirrors the primary, with their state.
        package var links: [Link]

        package init(cluster: String, silence: String? = nil, mirrors: [String: Int] = [:], links: [Link] = []) {
            self.cluster = cluster
            self.silence = silence
            self.mirrors = mirrors
            self.links = links
        }
    }

    /// A cluster link.
    package struct Link: Hashable, Sendable, Codable {
        /// Name on the wire.
        package var name: String
        /// `ACTIVE`, ….
        package var state: String
        /// What is wrong with it or its tasks.
        package var errors: [String]

        package init(name: String, state: String, errors: [String] = []) {
            self.name = name
            self.state = state
            self.errors = errors
        }
    }

    /// Records behind.
    package struct Lag: Hashable, Sendable, Codable {
        /// Over all partitions.
        package var records: Int64
        /// On the worst partition.
        package var worst: Int64
        /// `topic[partition]` of the worst.
        package var worstPartition: String?
        /// When it was read.
        @RFC3339 package var asOf: Timestamp
        /// Whether it comes from the ledger, because it could not be read now.
        package var isRemembered: Bool

        package init(_ lag: Recorded.Lag, isRemembered: Bool = false) {
            self.records = lag.records
            self.worst = lag.worst
            self.worstPartition = lag.worstPartition
            self._asOf = RFC3339(wrappedValue: lag.asOf)
            self.isRemembered = isRemembered
        }
    }

    /// A schema exporter.
    package struct Exporter: Hashable, Sendable, Codable {
        /// Environment whose registry holds it.
        package var environment: String
        package var name: String
        /// `RUNNING`, `PAUSED`, …; `nil` when the registry was not seen.
        package var state: String?
        /// What it reports as its failure.
        package var trace: String?

        package init(environment: String, name: String, state: String?, trace: String? = nil) {
            self.environment = environment
            self.name = name
            self.state = state
            self.trace = trace
        }
    }

    /// One target of a client binding.
    package struct Binding: Hashable, Sendable, Codable {
        /// Binding.
        package var name: String
        /// Where it is published, in words.
        package var place: String
        /// Cluster the published content points at; `nil` when nothing is published.
        package var pointsAt: String?
        /// Cluster it should point at.
        package var shouldPointAt: String
        /// Generation that is published.
        package var generation: Int?
        /// Why the store could not be seen; `nil` when it answered.
        package var silence: String?

        package init(
            name: String, place: String, pointsAt: String?, shouldPointAt: String, generation: Int? = nil,
            silence: String? = nil
        ) {
            self.name = name
            self.place = place
            self.pointsAt = pointsAt
            self.shouldPointAt = shouldPointAt
            self.generation = generation
            self.silence = silence
        }
    }

    /// A run, for the last line about the ledger.
    package struct Run: Hashable, Sendable, Codable {
        package var id: String
        @RFC3339 package var startedAt: Timestamp
        /// Exit code; `nil` when it is running or was killed.
        package var exitCode: Int?

        package init(id: String, startedAt: Timestamp, exitCode: Int?) {
            self.id = id
            self._startedAt = RFC3339(wrappedValue: startedAt)
            self.exitCode = exitCode
        }
    }

    package var workspace: String
    @RFC3339 package var observedAt: Timestamp
    /// What the endpoints told.
    package var sites: [Plan.Site]
    package var groups: [Group]
    /// Work on groups that somebody has to consent to.
    package var decisions: [NeededDecision]?
    /// Targets of client bindings.
    package var bindings: [Binding]
    /// Where the ledger is, in words.
    package var ledger: String
    /// Id of the ledger; `nil` when there is none yet.
    package var ledgerID: String?
    /// Why the ledger cannot be read, and the way out; `nil` = it was read.
    package var ledgerSilence: String?
    /// The last run; `nil` when there was none.
    package var lastRun: Run?

    /// What `status` tells.
    package init(
        workspace: String, observedAt: Timestamp, sites: [Plan.Site], groups: [Group], bindings: [Binding],
        ledger: String, ledgerID: String?, lastRun: Run? = nil, decisions: [NeededDecision] = []
    ) {
        self.workspace = workspace
        self._observedAt = RFC3339(wrappedValue: observedAt)
        self.sites = sites
        self.groups = groups
        self.bindings = bindings
        self.ledger = ledger
        self.ledgerID = ledgerID
        self.lastRun = lastRun
        self.decisions = decisions.isEmpty ? nil : decisions
    }
}
