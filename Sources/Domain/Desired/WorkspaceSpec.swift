/// What is loaded, where state is kept, guardrails and timeouts.
public struct WorkspaceSpec: Hashable, Sendable, Codable {
    /// Where the ledger and the journal are kept.
    public enum StateLocation: Hashable, Sendable, Codable {
        /// A local SQLite file, relative to the workspace file.
        case sqlite(path: String)
        /// An etcd cluster.
        case etcd(connection: String, prefix: String)
        /// An S3 bucket.
        case s3(connection: String, bucket: String, key: String)
    }

    /// Guardrails.
    public struct Policy: Hashable, Sendable, Codable {
        /// Objects one apply may delete because they left the manifests.
        public var maxDeletions = 0
        /// Lowest replication factor a Topic may declare.
        public var minReplicationFactor: Int?
        /// Lowest `min.insync.replicas` a Topic may declare.
        public var minInSyncReplicas: Int?
        /// Topics that re-protection deletes or truncates at a time.
        public var wave = 25
        /// Time between two changes of primary of one group.
        public var quietPeriod: Duration = .seconds(600)
        /// Allows `restart.command`.
        public var allowCommands = false

        /// The default guardrails.
        public init() {}
    }

    /// Deadlines.
    public struct Timeouts: Hashable, Sendable, Codable {
        /// One connection attempt.
        public var connect: Duration = .seconds(3)
        /// One request.
        public var request: Duration = .seconds(30)
        /// Silence after which an endpoint counts as unreachable.
        public var unreachableAfter: Duration = .seconds(10)
        /// Fence to lag 0 in a switchover.
        public var drain: Duration = .seconds(300)
        /// One asynchronous verb.
        public var transition: Duration = .seconds(900)
        /// Deleting, recreating and catching up of one member.
        public var reprotect: Duration = .seconds(6 * 3600)
        /// A new environment or cluster.
        public var provision: Duration = .seconds(2 * 3600)
        /// One restart hook.
        public var restart: Duration = .seconds(600)

        /// The default deadlines.
        public init() {}
    }

    /// Header.
    public var metadata: Metadata
    /// Versions of Spillway that may read this workspace.
    public var requiredVersion: String?
    /// Folders whose manifests are loaded first.
    public var bases: [String] = []
    /// Files or folders.
    public var manifests: [String] = ["."]
    /// Partial documents.
    public var patches: [String] = []
    /// Where state is kept.
    public var state: StateLocation = .sqlite(path: ".spillway/state.db")
    /// Secret-free copy of the ledger written after every run.
    public var snapshot: String?
    /// Key of the HMAC over secrets; `nil` = random, kept in the store.
    public var fingerprintKey: SecretReference?
    /// Guardrails.
    public var policy = Policy()
    /// Deadlines.
    public var timeouts = Timeouts()
    /// Requests in flight per endpoint.
    public var requestsPerEndpoint = 16

    /// A workspace with defaults.
    public init(metadata: Metadata) {
        self.metadata = metadata
    }
}
