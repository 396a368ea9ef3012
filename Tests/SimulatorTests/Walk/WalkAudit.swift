import Synchronization

@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

/// Judges a world after each step by rules of its own: what a walk must never find broken.
final class WalkAudit: Sendable {
    struct Partition: Hashable, Sendable {
        var cluster: String
        var topic: String
        var topicID: Identifier
        var partition: Int
    }

    struct Row: Hashable, Sendable {
        var cluster: String
        var topic: String
        var link: String
    }

    struct SchemaID: Hashable, Sendable {
        var registry: String
        var context: String
        var id: Int
    }

    struct Memory: Sendable {
        /// Events looked at already.
        var seen = 0
        var logs: [Partition: PartitionLog] = [:]
        var rows: [Row: String] = [:]
        var schemas: [SchemaID: SchemaContent] = [:]
        /// Modes by registry and scope, as the event log tells them.
        var modes: [String: [String: String]] = [:]
        /// What was reached, so that a walk that reaches nothing is found out.
        var reached: Set<String> = []
    }

    let memory = Mutex(Memory())

    var reached: Set<String> {
        memory.withLock { $0.reached }
    }

    // MARK: Answers

    /// Statuses that scripted faults of walks use.
    static let spoiltStatuses = 597...599

    /// What is wrong with an answer; `nil` when nothing is.
    static func fault(of response: Response) -> String? {
        if spoiltStatuses.contains(response.status) { return nil }
        let type = response.headers.first { $0.name == "content-type" }?.value ?? ""
        if response.status >= 500 {
            let code = (try? JSON(parsing: response.body))?["error_code"]?.int
            guard response.status == 501 || response.status == 500 && code == 50_003 else {
                return "answer: \(response.status) \(text(response))"
            }
        }
        if response.body.isEmpty || type.hasPrefix("text/html") { return nil }
        if type.isEmpty { return "answer: a body without a content type: \(text(response))" }
        if (try? JSON.sequence(parsing: response.body)) == nil, !isSchemaText(response, type) {
            return "answer: not JSON: \(text(response))"
        }
        return nil
    }

    private static func isSchemaText(_ response: Response, _ type: String) -> Bool {
        type.hasPrefix("application/vnd.schemaregistry") && response.status == 200
    }

    private static func text(_ response: Response) -> String {
        String(decoding: response.body.prefix(200), as: UTF8.self)
    }
}

extension World {
    /// What the last step broke; empty when all is well.
    func violations(by audit: WalkAudit) -> [String] {
        audit.memory.withLock { memory in
            let events = stage.log.slice(from: memory.seen, limit: nil).map(\.entry.event)
            memory.seen = stage.log.count
            var found: [String] = []
            auditRows(events, &memory, &found)
            auditLogs(events, &memory, &found)
            auditSchemas(events, &memory, &found)
            return found
        }
    }

    // MARK: Rows

    /// Statuses move along the documented transitions only, and rows and topics agree on who is a mirror.
    private func auditRows(_ events: [Event], _ memory: inout WalkAudit.Memory, _ found: inout [String]) {
        for event in events {
            guard case .row(let cluster, let topic, let link, let status) = event.effect else { continue }
            let row = WalkAudit.Row(cluster: cluster, topic: topic, link: link)
            if !RowTransitions.allow(from: memory.rows[row], to: status) {
                found.append("row \(row): \(memory.rows[row] ?? "none") → \(status ?? "none")")
            }
            memory.rows[row] = status
            memory.reached.insert("row \(status ?? "none")")
        }
        for cluster in kafka.sortedClusters {
            for link in cluster.sortedLinks {
                for mirror in link.sortedMirrors {
                    let row = WalkAudit.Row(cluster: cluster.id, topic: mirror.topic.name, link: link.name)
                    if memory.rows[row] != mirror.status.rawValue {
                        found.append("row \(row): is \(mirror.status.rawValue), and no event said so")
                    }
                    if mirror.isLive != (mirror.topic.liveMirror === mirror) {
                        found.append("row \(row): topic and row disagree on who is a mirror")
                    }
                }
            }
        }
    }

    // MARK: Logs

    /// Ends move back by truncation and deletion only; nothing acknowledged changes; a mirror continues its source.
    private func auditLogs(_ events: [Event], _ memory: inout WalkAudit.Memory, _ found: inout [String]) {
        var touched: [String: Set<String>] = [:]
        var cuts: [WalkAudit.Row: Int64] = [:]
        for event in events {
            switch event.effect {
            case .append(let cluster, let topic, _, _, _), .copy(let cluster, let topic, _, _, _):
                touched[cluster, default: []].insert(topic)
            case .truncate(let cluster, let topic, let partition, let end):
                touched[cluster, default: []].insert(topic)
                let place = WalkAudit.Row(cluster: cluster, topic: topic, link: String(partition))
                cuts[place] = min(end, cuts[place] ?? end)
                memory.reached.insert("truncate")
            case .commit(let cluster, let group, let topic, let partition, let offset, true):
                guard let end = kafka.clusters[cluster]?.topics[topic]?.end(partition), offset > end else { break }
                found.append("commit: group \(group) was synced to \(offset), past \(end) of \(topic)/\(partition)")
            default: break
            }
        }
        for cluster in kafka.sortedClusters {
            for topic in cluster.sortedTopics where !topic.isInternal {
                let isTouched = touched[cluster.id]?.contains(topic.name) == true
                for partition in 0..<topic.partitionCount where isTouched || topic.end(partition) > 0 {
                    let cut = cuts[WalkAudit.Row(cluster: cluster.id, topic: topic.name, link: String(partition))]
                    audit(topic, partition, on: cluster, isTouched: isTouched, cut: cut, &memory, &found)
                }
                if isTouched { auditPrefix(of: topic, on: cluster, &found) }
                if isTouched {
                    for follower in topic.followers {
                        auditPrefix(of: follower.topic, on: follower.link.cluster, &found)
                    }
                }
            }
        }
    }

    private func audit(
        _ topic: Topic, _ partition: Int, on cluster: Cluster, isTouched: Bool, cut: Int64?,
        _ memory: inout WalkAudit.Memory, _ found: inout [String]
    ) {
        let key = WalkAudit.Partition(cluster: cluster.id, topic: topic.name, topicID: topic.id, partition: partition)
        let log = topic.log(partition)
        guard let before = memory.logs[key] else {
            memory.logs[key] = log
            return
        }
        guard isTouched else {
            if before.end != log.end {
                found.append("log \(cluster.id)/\(topic.name)/\(partition): changed without an event")
            }
            return
        }
        let kept = min(before.end, cut ?? before.end)
        if log.end < kept {
            found.append("log \(cluster.id)/\(topic.name)/\(partition): \(before.end) fell to \(log.end)")
        }
        let (old, new) = (
            before.slice(from: before.start, limit: kept - before.start),
            log.slice(from: before.start, limit: kept - before.start)
        )
        if !Self.areEqual(old, new) {
            found.append("log \(cluster.id)/\(topic.name)/\(partition): records below \(kept) changed")
        }
        memory.logs[key] = log
    }

    /// Whether two lists of segments hold the same records, acknowledged alike, however they are divided.
    private static func areEqual(_ left: [Segment], _ right: [Segment]) -> Bool {
        func joined(_ segments: [Segment]) -> PartitionLog {
            var log = PartitionLog()
            for segment in segments { log.append(segment) }
            return log
        }
        return joined(left).segments == joined(right).segments
    }

    private func auditPrefix(of topic: Topic, on cluster: Cluster, _ found: inout [String]) {
        guard let mirror = topic.liveMirror, let source = mirror.source, !source.isDeleted, !mirror.sourceWasCut,
            ![.failed, .pendingMirror, .pendingSetupForRestore, .pendingRestore].contains(mirror.status)
        else { return }
        for partition in 0..<topic.partitionCount {
            let log = topic.log(partition)
            let common = log.commonEnd(with: source.log(partition))
            if common < log.end {
                found.append(
                    "mirror \(cluster.id)/\(topic.name)/\(partition): ends at \(log.end), is its source up to \(common)"
                )
            }
        }
    }
}

/// Which statuses a row may go to: the exits of the documented state machine, with the states a link gives its mirrors.
enum RowTransitions {
    private static let ofLink: Set<String> = ["ACTIVE", "LINK_PAUSED", "SOURCE_UNAVAILABLE", "LINK_FAILED"]

    private static let exits: [String: Set<String>] = [
        "PENDING_MIRROR": ["ACTIVE", "FAILED", "PAUSED"],
        "ACTIVE": ofLink.union(["PAUSED", "FAILED", "PENDING_STOPPED", "PENDING_SYNCHRONIZE"]),
        "PAUSED": ["ACTIVE", "PENDING_STOPPED"],
        "LINK_PAUSED": ofLink.union(["PENDING_STOPPED"]),
        "SOURCE_UNAVAILABLE": ofLink.union(["PAUSED", "PENDING_STOPPED"]),
        "LINK_FAILED": ofLink.union(["PENDING_STOPPED"]),
        "FAILED": ["PENDING_STOPPED"],
        "PENDING_STOPPED": ["STOPPED"],
        "PENDING_SYNCHRONIZE": ["STOPPED"],
        "PENDING_SETUP_FOR_RESTORE": ["PENDING_RESTORE"],
        "PENDING_RESTORE": ["ACTIVE"],
        // A new row takes the place of one that is history.
        "STOPPED": ["PENDING_MIRROR", "PENDING_SETUP_FOR_RESTORE"],
    ]

    static func allow(from old: String?, to new: String?) -> Bool {
        guard let new else { return old != nil }
        guard let old else { return ["PENDING_MIRROR", "PENDING_SETUP_FOR_RESTORE"].contains(new) }
        return exits[old]?.contains(new) == true
    }
}
