import SimulatorCore

/// A row of a link: one topic that is, or was, its mirror.
package final class Mirror {
    /// How a mirror on its way to STOPPED gets there.
    enum Ending {
        /// Waits until everything was copied, then syncs offsets and configs once more.
        case promote
        /// Stops where it is.
        case failover
        /// Waits as a promotion does; then its source becomes the mirror.
        case reverseAndStart
        case reverseAndPause

        /// Whether everything has to be copied first.
        var copiesAll: Bool {
            self != .failover
        }
    }

    /// What a mirror puts on the agenda.
    package enum Step: Hashable {
        case start
        case stop
        case restore
    }

    let link: Link
    package let topic: Topic
    let sourceName: String
    /// The topic copied from, as it was when the mirror started: its id tells a recreated one.
    var source: Topic?
    private(set) var status: MirrorStatus
    private(set) var stateTime: Milliseconds
    var ending: Ending?
    /// Why the status is FAILED.
    var failure: String?
    /// Whether the source lost records that were copied already, so that it is no longer what this mirror continues.
    var sourceWasCut = false
    /// Steps that are on the agenda already.
    var scheduled: Set<Step> = []
    /// Per partition, the source offset fetched up to; empty until something was fetched.
    private var fetchOffsets: [Int64] = []
    /// Per partition, where the log ended when the mirror stopped.
    private(set) var stopOffsets: [Int64] = []
    /// Per partition, where a restoration cuts the log.
    var restoreEnds: [Int64] = []
    /// Per partition, the end of the source's log at the last fetch.
    private var sourceEnds: [Int64] = []

    init(link: Link, topic: Topic, sourceName: String, status: MirrorStatus, at time: Milliseconds) {
        self.link = link
        self.topic = topic
        self.sourceName = sourceName
        self.status = status
        stateTime = time
    }

    func become(_ status: MirrorStatus, at time: Milliseconds) {
        self.status = status
        stateTime = time
    }

    var isLive: Bool {
        status != .stopped
    }

    /// Remembers what a fetch of one partition saw.
    func note(partition: Int, fetched: Int64, sourceEnd: Int64) {
        if fetchOffsets.count < topic.partitionCount {
            let missing = topic.partitionCount - fetchOffsets.count
            fetchOffsets.append(contentsOf: repeatElement(-1, count: missing))
            sourceEnds.append(contentsOf: repeatElement(0, count: missing))
        }
        fetchOffsets[partition] = sourceEnd > 0 ? fetched : -1
        sourceEnds[partition] = sourceEnd
    }

    /// The source offset fetched up to; −1 when nothing was ever fetched, and once the mirror has stopped.
    func lastFetchOffset(_ partition: Int) -> Int64 {
        guard isLive, partition < fetchOffsets.count else { return -1 }
        return fetchOffsets[partition]
    }

    /// Records known to be missing, as of the last fetch: a dead source freezes it.
    func lag(_ partition: Int) -> Int64 {
        guard isLive, partition < sourceEnds.count else { return 0 }
        return max(0, sourceEnds[partition] - topic.end(partition))
    }

    /// Keeps where the log ends and forgets the fetch positions, as a stopped row does.
    func notePositionsAtStop() {
        stopOffsets = (0..<topic.partitionCount).map(topic.end)
        forgetPositions()
    }

    /// Knows nothing of the source until the next fetch, as after the link made a new connection.
    func forgetPositions() {
        fetchOffsets = []
        sourceEnds = []
    }

    /// Makes a mirror like this one, of other objects.
    func copied(link: Link, topic: Topic) -> Mirror {
        let copy = Mirror(link: link, topic: topic, sourceName: sourceName, status: status, at: stateTime)
        copy.ending = ending
        copy.failure = failure
        copy.sourceWasCut = sourceWasCut
        copy.scheduled = scheduled
        copy.fetchOffsets = fetchOffsets
        copy.stopOffsets = stopOffsets
        copy.restoreEnds = restoreEnds
        copy.sourceEnds = sourceEnds
        return copy
    }
}
