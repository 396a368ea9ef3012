package import SimulatorCore

/// A topic with its partitions; logs take memory only once something was written to one of them.
package final class Topic {
    package let name: String
    package let id: Identifier
    let replicationFactor: Int
    let isInternal: Bool
    package private(set) var partitionCount: Int
    /// Explicitly set configs by name.
    var configs: [String: String]
    /// When a deletion was asked for; the topic stays visible until it has settled.
    package var deletionRequested: Milliseconds?
    /// Whether the topic is gone, while mirrors of it still point here.
    var isDeleted = false
    /// The row that makes this topic a read-only mirror.
    package var liveMirror: Mirror?
    /// Mirrors elsewhere that copy this topic.
    var followers: [Mirror] = []
    /// The origin number of what producers append here, once they did.
    package var origin: UInt32?
    private var logs: [PartitionLog] = []

    init(
        name: String, id: Identifier, partitionCount: Int, replicationFactor: Int, configs: [String: String] = [:],
        isInternal: Bool = false
    ) {
        self.name = name
        self.id = id
        self.partitionCount = partitionCount
        self.replicationFactor = replicationFactor
        self.configs = configs
        self.isInternal = isInternal
    }

    package func log(_ partition: Int) -> PartitionLog {
        partition < logs.count ? logs[partition] : PartitionLog()
    }

    package func end(_ partition: Int) -> Int64 {
        partition < logs.count ? logs[partition].end : 0
    }

    /// Changes one partition's log in place.
    func change<Result>(_ partition: Int, _ body: (inout PartitionLog) -> Result) -> Result {
        if logs.count < partitionCount {
            logs.append(contentsOf: repeatElement(PartitionLog(), count: partitionCount - logs.count))
        }
        return body(&logs[partition])
    }

    func expand(to count: Int) {
        partitionCount = max(partitionCount, count)
    }

    /// Whether anything was ever written.
    var isEmpty: Bool {
        logs.allSatisfy { $0.end == $0.start }
    }

    /// Makes a topic like this one; who mirrors it is told afterwards.
    func copied() -> Topic {
        let copy = Topic(
            name: name, id: id, partitionCount: partitionCount, replicationFactor: replicationFactor, configs: configs,
            isInternal: isInternal)
        copy.deletionRequested = deletionRequested
        copy.isDeleted = isDeleted
        copy.origin = origin
        copy.logs = logs
        return copy
    }

    /// Drops the segments of a deleted topic.
    func release() {
        logs = []
        liveMirror = nil
        followers = []
    }
}
