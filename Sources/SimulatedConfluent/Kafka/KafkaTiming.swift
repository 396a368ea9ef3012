import SimulatorCore

/// How long the Kafka side takes for what it does by itself, in milliseconds.
package struct KafkaTiming: Sendable {
    /// From an append at a source to the fetch that copies it.
    var fetch: Milliseconds = 100
    /// Records one fetch copies of one partition at most.
    var recordsPerFetch: Int64 = 100_000
    /// From the creation of a mirror to ACTIVE.
    var mirrorStart: Milliseconds = 300
    /// From a failover, or a promotion that has caught up, to STOPPED.
    var mirrorStop: Milliseconds = 300
    /// Of each of the two stages of a restoration.
    var restore: Milliseconds = 1_000
    /// From the request to delete a topic until it is gone.
    var topicDeletion: Milliseconds = 300
    /// From the request to delete a link until it is gone.
    var linkDeletion: Milliseconds = 300
    /// During which a new link is not found by requests that use it.
    var linkResolution: Milliseconds = 300
    /// Between two tries of what is stuck on purpose.
    var retry: Milliseconds = 1_000
    /// Between two looks for new topics to mirror.
    var autoCreate: Milliseconds = 5_000
}
