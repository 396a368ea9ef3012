extension KafkaEstate {
    /// Why a mirror's direction cannot be reversed; `nil` when it can.
    func objectionToReversal(of mirror: Mirror, in stage: Stage) -> (code: Int, message: String)? {
        let topic = mirror.topic.name
        guard mirror.link.mode == "BIDIRECTIONAL", mirror.link.prefix.isEmpty else {
            return (400, "Topic '\(topic)' cannot be reversed: its link is not bidirectional, or has a prefix")
        }
        guard mirror.status == .active else {
            return (400, "Topic '\(topic)' cannot be reversed in state \(mirror.status.rawValue)")
        }
        guard let partner = partner(of: mirror.link), connection(of: mirror.link, in: stage) == .connected,
            connection(of: partner, in: stage) == .connected
        else { return (400, "Topic '\(topic)' cannot be reversed because the remote cluster cannot be reached") }
        guard let source = mirror.source, !source.isDeleted, source.liveMirror == nil else {
            return (400, "Topic '\(topic)' cannot be reversed because its source is no ordinary topic")
        }
        return nil
    }

    /// Begins to swap a mirror and its source: from now on neither takes records, until the mirror has caught up.
    func reverse(_ mirror: Mirror, by ending: Mirror.Ending, in stage: inout Stage) {
        guard let source = mirror.source, let partner = partner(of: mirror.link) else { return }
        mirror.ending = ending
        change(mirror, to: .pendingSynchronize, in: &stage)
        let row = Mirror(
            link: partner, topic: source, sourceName: mirror.topic.name, status: .pendingMirror, at: stage.now)
        row.source = mirror.topic
        source.liveMirror = row
        partner.insert(row)
        recordRow(partner.cluster.id, source.name, partner.name, .pendingMirror, in: &stage)
        markForFetch(mirror, in: &stage)
    }

    /// Ends a reversal: the mirror has stopped, and its former source begins to follow it.
    func finishReversal(of mirror: Mirror, by ending: Mirror.Ending, in stage: inout Stage) {
        guard let row = mirror.source?.liveMirror, row.source === mirror.topic else { return }
        mirror.topic.followers.append(row)
        if ending == .reverseAndPause {
            row.isPausedByTopic = true
            change(row, to: .paused, in: &stage)
        } else {
            agenda.add(.start(row), at: stage.now + timing.mirrorStart)
        }
    }

    // MARK: Truncate and restore

    /// What truncating a former source back to where its mirror stopped would cost, or why it cannot be done.
    func restoration(
        of name: String, on link: Link, in stage: Stage
    ) -> Result<Restoration, KafkaRefusal> {
        func refused(_ reason: String) -> Result<Restoration, KafkaRefusal> {
            .failure(KafkaRefusal(400, 400, "Topic '\(name)' cannot be restored: \(reason)"))
        }
        guard link.mode == "BIDIRECTIONAL", link.prefix.isEmpty else {
            return refused("the link is not bidirectional, or has a prefix")
        }
        guard let topic = link.cluster.topics[name] else {
            return .failure(KafkaRefusal(404, 40403, "Topic '\(name)' does not exist"))
        }
        guard topic.liveMirror == nil else { return refused("it is a mirror already") }
        guard let partner = partner(of: link), connection(of: link, in: stage) == .connected else {
            return refused("the remote cluster cannot be reached")
        }
        guard let row = partner.mirrors[name], row.status == .stopped else {
            return refused("the remote topic has no stopped mirror on this link")
        }
        guard row.source === topic, !row.topic.isDeleted else { return refused("a topic was made again since") }
        let groups = link.cluster.groups.filter {
            $0.value.isInUse && $0.value.offsets.keys.contains { $0.topic == name }
        }
        guard groups.isEmpty else { return refused("consumer groups are active on it") }
        let ends = (0..<topic.partitionCount).map { partition in
            partition < row.stopOffsets.count ? row.stopOffsets[partition] : 0
        }
        return .success(Restoration(topic: topic, source: row.topic, ends: ends))
    }

    /// Begins to make a former source the mirror of what took its place.
    func restore(_ restoration: Restoration, on link: Link, in stage: inout Stage) {
        let row = Mirror(
            link: link, topic: restoration.topic, sourceName: restoration.source.name,
            status: .pendingSetupForRestore, at: stage.now)
        row.source = restoration.source
        row.restoreEnds = restoration.ends
        restoration.topic.liveMirror = row
        restoration.source.followers.append(row)
        link.insert(row)
        recordRow(link.cluster.id, row.topic.name, link.name, .pendingSetupForRestore, in: &stage)
        agenda.add(.restore(row), at: stage.now + timing.restore)
    }

    /// The next step of a restoration; without a connection it waits where it is.
    func continueRestoring(_ row: Mirror, in stage: inout Stage) {
        guard row.link.mirrors[row.topic.name] === row, connection(of: row.link, in: stage) == .connected else {
            return
        }
        switch row.status {
        case .pendingSetupForRestore:
            change(row, to: .pendingRestore, in: &stage)
            agenda.add(.restore(row), at: stage.now + timing.restore)
        case .pendingRestore:
            for (partition, end) in row.restoreEnds.enumerated() where row.topic.end(partition) > end {
                _ = row.topic.change(partition) { $0.truncate(to: end) }
                stage.record(
                    Event(
                        .truncate(
                            cluster: row.link.cluster.id, topic: row.topic.name, partition: partition, end: end),
                        by: .link(row.link.name)),
                    at: stage.now)
            }
            change(row, to: .active, in: &stage)
        default: break
        }
    }
}

/// A former source and where its log is to be cut.
struct Restoration {
    var topic: Topic
    var source: Topic
    /// Per partition, the offset the log will end at, if it is longer.
    var ends: [Int64]

    /// Per partition, the records that go.
    var losses: [Int64] {
        ends.enumerated().map { partition, end in max(0, topic.end(partition) - end) }
    }

    var total: JSON {
        JSON(losses.reduce(0, +))
    }

    var byPartition: JSON {
        .array(
            ends.indices.map {
                [
                    "partition_id": JSON($0), "offset_truncated_to": JSON(min(ends[$0], topic.end($0))),
                    "messages_truncated": JSON(losses[$0]),
                ]
            })
    }
}
