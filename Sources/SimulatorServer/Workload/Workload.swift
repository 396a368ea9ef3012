import SimulatedConfluent
import SimulatorCore

/// The applications of the simulated world, and the records they were promised.
final class Workload {
    /// What is counted for the clients of one failover group together.
    struct GroupAccount {
        var acked: [RecordOrigin: OffsetRanges] = [:]
        var topics: Set<String> = []
        /// When somebody was last acknowledged, by cluster.
        var lastAcks: [String: Milliseconds] = [:]
        var moves: [WorkloadClient.Move] = []
        /// When the newest ranges were acknowledged, in their order.
        var times: [RecordOrigin: [(range: Range<Int64>, time: Milliseconds)]] = [:]

        /// Acknowledgements of a partition whose times are kept.
        static let keptTimes = 4_096
    }

    /// A consumer group on one cluster.
    struct Membership: Hashable {
        var cluster: String
        var group: String
    }

    var clients: [String: WorkloadClient] = [:]
    var accounts: [String: GroupAccount] = [:]
    /// Records each consumer group has seen, or had passed before it began.
    var seen: [String: [RecordOrigin: OffsetRanges]] = [:]
    /// Partitions a consumer group has begun to read.
    var begun: [String: Set<TopicPartition>] = [:]
    /// The members of consumer groups and until when their sessions last.
    var members: [Membership: [String: Milliseconds]] = [:]

    var sortedClients: [WorkloadClient] {
        clients.values.sorted { $0.description.name < $1.description.name }
    }

    func noteAck(
        _ range: Range<Int64>, _ origin: RecordOrigin, of topic: String, by client: WorkloadClient, on cluster: String,
        at time: Milliseconds
    ) {
        let move = client.note(Int64(range.count), on: cluster, at: time)
        var account = accounts.removeValue(forKey: client.description.group) ?? GroupAccount()
        account.acked[origin, default: OffsetRanges()].insert(range)
        account.topics.insert(topic)
        account.times[origin, default: []].append((range, time))
        if let count = account.times[origin]?.count, count > 2 * GroupAccount.keptTimes {
            account.times[origin]?.removeFirst(count - GroupAccount.keptTimes)
        }
        if var move, account.moves.last?.to != cluster {
            move.lastAckBefore = account.lastAcks[move.from] ?? move.lastAckBefore
            account.moves.append(move)
        }
        account.lastAcks[cluster] = time
        accounts[client.description.group] = account
    }

    /// Acknowledged records of a group that none of these clusters holds.
    func lost(of account: GroupAccount, on clusters: [Cluster]) -> Int64 {
        let held = held(of: account, on: clusters)
        return account.acked.reduce(0) { total, entry in
            let holding = held[entry.key] ?? OffsetRanges()
            return total + entry.value.ranges.reduce(0) { $0 + holding.missing(from: $1) }
        }
    }

    /// When the oldest of the acknowledged records that none of these clusters holds was acknowledged, as far back as
    /// times are kept; `nil` when none is lost.
    func oldestLoss(of account: GroupAccount, on clusters: [Cluster]) -> Milliseconds? {
        let held = held(of: account, on: clusters)
        return account.times.compactMap { origin, acknowledgements in
            let holding = held[origin] ?? OffsetRanges()
            return acknowledgements.first { holding.missing(from: $0.range) > 0 }?.time
        }.min()
    }

    private func held(of account: GroupAccount, on clusters: [Cluster]) -> [RecordOrigin: OffsetRanges] {
        var held: [RecordOrigin: OffsetRanges] = [:]
        for cluster in clusters {
            for topic in cluster.topics.values where account.topics.contains(where: topic.name.hasSuffix) {
                for partition in 0..<topic.partitionCount {
                    for segment in topic.log(partition).segments {
                        let origin = RecordOrigin(origin: segment.origin, partition: partition)
                        guard account.acked[origin] != nil else { continue }
                        held[origin, default: OffsetRanges()].insert(segment.origins)
                    }
                }
            }
        }
        return held
    }

    /// Records a consumer has passed without its group ever having seen them.
    func gaps(of client: WorkloadClient, on cluster: Cluster) -> Int64 {
        guard let group = client.description.consumption?.group else { return 0 }
        let seen = seen[group] ?? [:]
        var gaps: Int64 = 0
        for (place, position) in client.positions {
            guard let log = cluster.topics[place.topic]?.log(place.partition) else { continue }
            for segment in log.slice(from: log.start, limit: max(0, position - log.start)) {
                let origin = RecordOrigin(origin: segment.origin, partition: place.partition)
                gaps += (seen[origin] ?? OffsetRanges()).missing(from: segment.origins)
            }
        }
        return gaps
    }
}

extension Segment {
    /// The offsets its records were appended at first.
    var origins: Range<Int64> {
        originOffset..<(originOffset + length)
    }
}
