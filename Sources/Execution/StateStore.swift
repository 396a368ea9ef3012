public import Domain
public import Planning

/// The ledger (decisions and ownership) and the journal (what runs did), behind one lock.
///
/// Implementations pass one conformance suite. Every write of a run is conditional on the run still holding the lock.
public protocol StateStore: Sendable {
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
    /// Removes an `owned` row; the live object stays as it is. Takes the lock.
    ///
    /// - Returns: Whether there was such a row.
    func forget(_ address: ResourceAddress, lockTimeout: Duration) async throws(StateStoreError) -> Bool
    /// Breaks the lock of a run that is known to be dead.
    ///
    /// - Returns: Whether that run held the lock.
    func unlock(run id: String) async throws(StateStoreError) -> Bool
}

extension StateStore {
    /// Refuses, where a kind of state keeps no history.
    public func record(lag: [String: Recorded.Lag]) async throws(StateStoreError) {
        throw .unusable(location: location, reason: "this kind of state keeps no history of lag")
    }
}

/// A run that holds the lock.
public protocol RunSession: Sendable {
    /// Id of the run.
    var runID: String { get }
    /// Id of the ledger.
    var ledgerID: String { get }
    /// Whether the lock is still held, and will be for that long; no effectful call is sent otherwise.
    func holds(for duration: Duration) async -> Bool
    /// Makes intents durable, together with the `creating` rows of steps that create. Returns when they are on disk.
    func intend(_ steps: [Step]) async throws(StateStoreError)
    /// Makes outcomes durable, together with what the ledger learns from those that succeeded.
    func conclude(_ outcomes: [StepOutcome]) async throws(StateStoreError)
    /// Writes the caches (`site`, `lag`).
    func remember(sites: KnownSites, lag: [String: Recorded.Lag]) async throws(StateStoreError)
    /// Ends the run and releases the lock.
    func end(exitCode: Int, summary: String) async throws(StateStoreError)
}

/// What is known when a run starts.
public struct RunHeader: Hashable, Sendable, Codable {
    /// Id: sortable by time.
    public let id: String
    /// When it started.
    public let startedAt: Timestamp
    /// Host and process that run it.
    public let host: String
    /// Process id.
    public let process: Int32
    /// `apply`, `apply plan.json`, ….
    public let command: String
    /// Digest of the plan.
    public let planDigest: String
    /// Who approved it, as given.
    public let approver: String?
    /// Change or job it belongs to, as given.
    public let reference: String?
    /// Revision of the manifests, as given.
    public let revision: String?

    /// The head of a run.
    public init(
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
public struct StepOutcome: Hashable, Sendable, Codable {
    /// The result.
    public enum Result: Hashable, Sendable, Codable {
        case succeeded
        case failed(StepFailure)
        /// Not run because a step it depends on failed or was skipped; the root failure's step.
        case skipped(because: Step.ID)
        /// Not run because the run was interrupted.
        case interrupted
        /// Begun, and given up because the run was interrupted: whether it has its effect is not known.
        case open(StepFailure)
    }

    /// The step.
    public let step: Step
    /// The result.
    public let result: Result
    /// When it began; `nil` when it never did.
    public let startedAt: Timestamp?
    /// When it ended.
    public let endedAt: Timestamp

    /// How one step ended.
    public init(step: Step, result: Result, startedAt: Timestamp?, endedAt: Timestamp) {
        self.step = step
        self.result = result
        self.startedAt = startedAt
        self.endedAt = endedAt
    }
}

/// A run in the journal.
public struct RunRecord: Hashable, Sendable, Codable {
    /// One step of a run.
    public struct StepRecord: Hashable, Sendable, Codable {
        /// Step.
        public let id: Step.ID
        /// When its intent became durable.
        public let intendedAt: Timestamp
        /// When its outcome became durable; `nil` = unknown, the run was killed.
        public let endedAt: Timestamp?
        /// `succeeded`, `failed`, `skipped`, `interrupted`, `open`; `nil` = unknown.
        public let result: String?
        /// Failure message.
        public let message: String?

        /// One step of a run.
        public init(id: Step.ID, intendedAt: Timestamp, endedAt: Timestamp?, result: String?, message: String?) {
            self.id = id
            self.intendedAt = intendedAt
            self.endedAt = endedAt
            self.result = result
            self.message = message
        }
    }

    /// Its head.
    public let header: RunHeader
    /// When it ended; `nil` = unknown: running, or killed.
    public let endedAt: Timestamp?
    /// Exit code.
    public let exitCode: Int?
    /// Last line.
    public let summary: String?
    /// Steps, in the order of their intents; empty in lists.
    public let steps: [StepRecord]

    /// A run in the journal.
    public init(header: RunHeader, endedAt: Timestamp?, exitCode: Int?, summary: String?, steps: [StepRecord]) {
        self.header = header
        self.endedAt = endedAt
        self.exitCode = exitCode
        self.summary = summary
        self.steps = steps
    }
}

/// Why a state store did not do what it was asked.
public enum StateStoreError: Error, Hashable, Sendable {
    /// Who holds the lock.
    public struct Holder: Hashable, Sendable, Codable {
        /// Run.
        public let runID: String
        /// Host.
        public let host: String
        /// Process id.
        public let process: Int32
        /// Since when.
        public let since: Timestamp

        /// Who holds the lock.
        public init(runID: String, host: String, process: Int32, since: Timestamp) {
            self.runID = runID
            self.host = host
            self.process = process
            self.since = since
        }
    }

    /// Another run holds the lock.
    case locked(by: Holder)
    /// The lock was broken or lost while the run went on.
    case lockLost
    /// The state cannot be read or written.
    case unusable(location: String, reason: String)
    /// The state belongs to another workspace.
    case foreign(location: String, workspace: String)
    /// The state is of a newer format.
    case tooNew(location: String, format: Int)
    /// The state does not exist, and may not be created here.
    case missing(location: String)
}
