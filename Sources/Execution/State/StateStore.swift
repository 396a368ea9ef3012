package import Domain
package import Planning

/// The ledger (decisions and ownership) and the journal (what runs did), behind one lock.
///
/// Implementations pass one conformance suite. Every write of a run is conditional on the run still holding the lock.
package protocol StateStore: Sendable {
    /// Where the state is kept, in words, for messages.
    var location: String { get }
    /// Reads the ledger; an empty one when nothing was written yet. Takes no lock and creates nothing.
    func recorded() async throws(StateStoreError) -> Recorded
    /// The key of secret fingerprints; `nil` when the store does not exist yet.
    func fingerprintKey() async throws(StateStoreError) -> Secret?
    /// Writes the caches (`site`, `lag`), without a lock; does nothing when the store does not exist yet.
    func remember(sites: KnownSites, lag: [String: Recorded.Lag]) async throws(StateStoreError)
    /// Adds readings of lag to their history, without a lock, and drops the oldest beyond what is kept.
    ///
    /// - Throws: ``StateStoreError/unusable(location:reason:)`` when nothing can be kept there: a status that was asked
    ///   to record must not look as if it had.
    func record(lag: [String: Recorded.Lag]) async throws(StateStoreError)
    /// Takes the lock and starts a run, creating the store when it does not exist.
    ///
    /// - Throws: ``StateStoreError/locked(by:)`` when it is held after `timeout`.
    func begin(_ run: RunHeader, lockTimeout: Duration) async throws(StateStoreError) -> any RunSession
    /// Past runs, the newest first.
    func runs() async throws(StateStoreError) -> [RunRecord]
    /// One run with its steps; `nil` when there is none of that id.
    func run(_ id: String) async throws(StateStoreError) -> RunRecord?
    /// Breaks the lock of a run that is known to be dead.
    ///
    /// - Returns: Whether that run held the lock.
    func unlock(run id: String) async throws(StateStoreError) -> Bool
}

extension StateStore {
    /// Refuses, where a kind of state keeps no history.
    package func record(lag: [String: Recorded.Lag]) async throws(StateStoreError) {
        throw .unusable(location: location, reason: "this kind of state keeps no history of lag")
    }
}

/// A run that holds the lock.
package protocol RunSession: Sendable {
    var runID: String { get }
    var ledgerID: String { get }
    /// Whether the lock is still held, and will be for that long; no effectful call is sent otherwise.
    func holds(for duration: Duration) async -> Bool
    /// Makes intents durable, together with the `creating` rows of steps that create. Returns when they are on disk.
    func intend(_ steps: [Step]) async throws(StateStoreError)
    /// Makes outcomes durable, together with what the ledger learns from those that succeeded.
    func conclude(_ outcomes: [StepOutcome]) async throws(StateStoreError)
    /// Writes the caches (`site`, `lag`).
    func remember(sites: KnownSites, lag: [String: Recorded.Lag]) async throws(StateStoreError)
    /// Gives up what is owned and known under an address; the live object stays as it is.
    ///
    /// - Returns: Whether there was anything.
    func forget(_ address: ResourceAddress) async throws(StateStoreError) -> Bool
    /// Writes what is owned under an address, as somebody decided it.
    func own(_ address: ResourceAddress, as owned: Recorded.Owned) async throws(StateStoreError)
    /// Ends the run and releases the lock.
    func end(exitCode: Int, summary: String) async throws(StateStoreError)
}

/// What is known when a run starts.
package struct RunHeader: Hashable, Sendable, Codable {
    /// Id: sortable by time.
    package let id: String
    package let startedAt: Timestamp
    /// Host and process that run it.
    package let host: String
    /// Process id.
    package let process: Int32
    /// `apply`, `apply plan.json`, ….
    package let command: String
    package let planDigest: String
    /// Who approved it, as given.
    package let approver: String?
    /// Change or job it belongs to, as given.
    package let reference: String?
    /// Revision of the manifests, as given.
    package let revision: String?

    package init(
        id: String, startedAt: Timestamp, host: String, process: Int32, command: String, planDigest: String,
        approver: String? = nil, reference: String? = nil, revision: String? = nil
    ) {
        self.id = id
        self.startedAt = startedAt
        self.host = host
        self.process = process
        self.command = command
        self.planDigest = planDigest
        self.approver = approver
        self.reference = reference
        self.revision = revision
    }
}

/// How one step ended.
package struct StepOutcome: Hashable, Sendable {
    package enum Result: Hashable, Sendable, Codable {
        case succeeded
        case failed(StepFailure)
        /// Not run because a step it depends on failed or was skipped; the root failure's step.
        case skipped(because: Step.ID)
        /// Not run because the run was interrupted.
        case interrupted
        /// Begun, and given up because the run was interrupted: whether it has its effect is not known.
        case open(StepFailure)
    }

    package let step: Step
    package let result: Result
    /// When it began; `nil` when it never did.
    package let startedAt: Timestamp?
    package let endedAt: Timestamp

    package init(step: Step, result: Result, startedAt: Timestamp?, endedAt: Timestamp) {
        self.step = step
        self.result = result
        self.startedAt = startedAt
        self.endedAt = endedAt
    }
}

/// A run in the journal.
package struct RunRecord: Hashable, Sendable, Codable {
    package struct StepRecord: Hashable, Sendable, Codable {
        package let id: Step.ID
        /// When its intent became durable.
        package let intendedAt: Timestamp
        /// When its outcome became durable; `nil` = unknown, the run was killed.
        package let endedAt: Timestamp?
        /// `succeeded`, `failed`, `skipped`, `interrupted`, `open`; `nil` = unknown.
        package let result: String?
        /// Failure message.
        package let message: String?
        /// When it began; `nil` when it never did, or is not known to have.
        package let startedAt: Timestamp?
        /// Kind of the failure, as in ``StepFailure/Kind``.
        package let failure: String?
        /// The endpoint that failed.
        package let endpoint: String?

        package init(
            id: Step.ID, intendedAt: Timestamp, endedAt: Timestamp?, result: String?, message: String?,
            startedAt: Timestamp? = nil, failure: String? = nil, endpoint: String? = nil
        ) {
            self.id = id
            self.intendedAt = intendedAt
            self.endedAt = endedAt
            self.result = result
            self.message = message
            self.startedAt = startedAt
            self.failure = failure
            self.endpoint = endpoint
        }
    }

    /// Its head.
    package let header: RunHeader
    /// When it ended; `nil` = unknown: running, or killed.
    package let endedAt: Timestamp?
    package let exitCode: Int?
    /// Last line.
    package let summary: String?
    /// Steps, in the order of their intents; empty in lists.
    package let steps: [StepRecord]

    package init(header: RunHeader, endedAt: Timestamp?, exitCode: Int?, summary: String?, steps: [StepRecord]) {
        self.header = header
        self.endedAt = endedAt
        self.exitCode = exitCode
        self.summary = summary
        self.steps = steps
    }
}

/// Why a state store did not do what it was asked.
package enum StateStoreError: Error, Hashable, Sendable {
    /// Who has the lock.
    package struct Owner: Hashable, Sendable, Codable {
        package let runID: String
        package let host: String
        /// Process id.
        package let process: Int32
        package let since: Timestamp

        package init(runID: String, host: String, process: Int32, since: Timestamp) {
            self.runID = runID
            self.host = host
            self.process = process
            self.since = since
        }
    }

    /// Another run holds the lock.
    case locked(by: Owner)
    /// The lock was broken or lost while the run went on.
    case lockLost
    /// The service that keeps the state gives no answer that can be used, now.
    case silent(location: String, reason: String)
    /// The state cannot be read or written.
    case unusable(location: String, reason: String)
    /// The state belongs to another workspace.
    case foreign(location: String, workspace: String)
    /// The state is of a newer format.
    case tooNew(location: String, format: Int)
    /// The ledger is somewhere else now.
    case moved(location: String, to: String)
    /// The state does not exist, and may not be created here.
    case missing(location: String)
}
