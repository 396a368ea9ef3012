/// What is loaded, where state is kept, guardrails and timeouts.
package struct WorkspaceSpec: Hashable, Sendable, Codable {
    /// Where the ledger and the journal are kept.
    package enum StateLocation: Hashable, Sendable, Codable {
        /// A local SQLite file, relative to the workspace file.
        case sqlite(path: String)
        /// An etcd cluster.
        case etcd(connection: String, prefix: String)
        /// An S3 bucket.
        case s3(S3State)
        /// Secrets and a Lease in a namespace of Kubernetes.
        case kubernetes(connection: String, namespace: String, prefix: String)
    }

    /// Guardrails.
    package struct Policy: Hashable, Sendable, Codable {
        /// Objects one apply may delete because they left the manifests.
        package var maxDeletions = 0
        /// Lowest replication factor a Topic may declare.
        package var minReplicationFactor: Int?
        /// Lowest `min.insync.replicas` a Topic may declare.
        package var minInSyncReplicas: Int?
        /// Topics that re-protection deletes or truncates at a time.
        package var wave = 25
        /// Time between two changes of primary of one group.
        package var quietPeriod: Duration = .seconds(600)
        /// Allows `restart.command`.
        package var allowCommands = false

        /// The default guardrails.
        package init() {}
    }

    /// Deadlines.
    package struct Timeouts: Hashable, Sendable, Codable {
        /// One connection attempt.
        package var connect: Duration = .seconds(3)
        package var request: Duration = .seconds(30)
        /// Silence after which an endpoint counts as unreachable.
        package var unreachableAfter: Duration = .seconds(10)
        /// Fence to lag 0 in a switchover.
        package var drain: Duration = .seconds(300)
        /// One asynchronous verb.
        package var transition: Duration = .seconds(900)
        /// Deleting, recreating and catching up of one member.
        package var reprotect: Duration = .seconds(6 * 3600)
        /// A new environment or cluster.
        package var provision: Duration = .seconds(2 * 3600)
        /// One restart hook.
        package var restart: Duration = .seconds(600)

        /// The default deadlines.
        package init() {}
    }

    /// Header.
    package var metadata: Metadata
    /// Versions of Spillway that may read this workspace.
    package var requiredVersion: String?
    /// Folders whose manifests are loaded first.
    package var bases: [String] = []
    /// Files or folders.
    package var manifests: [String] = ["."]
    /// Partial documents.
    package var patches: [String] = []
    /// Where state is kept.
    package var state: StateLocation = .sqlite(path: ".spillway/state.db")
    /// Secret-free copy of the ledger written after every run.
    package var snapshot: String?
    /// Key of the HMAC over secrets; `nil` = random, kept in the store.
    package var fingerprintKey: SecretReference?
    /// What saved plans are signed with; `nil` = they are not.
    package var planKey: SecretReference?
    /// Guardrails.
    package var policy = Policy()
    /// Deadlines.
    package var timeouts = Timeouts()
    /// Requests in flight per endpoint.
    package var requestsPerEndpoint = 16

    /// A workspace with defaults.
    package init(metadata: Metadata) {
        self.metadata = metadata
    }
}
