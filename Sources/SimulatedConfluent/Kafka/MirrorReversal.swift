import SimulatorCore

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
        guard let source = mirror.source, source.deletionRequested == nil, !source.isDeleted, source.liveMirror == nil
        else {
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
        if skipsCatchingUp(mirror, in: stage) { schedule(.stop, of: mirror, at: stage.now + timing.mirrorStop) }
    }

    /// The row on the other cluster that waits for a reversal to end; `nil` when that was given up.
    func counterpart(of mirror: Mirror) -> Mirror? {
        guard let row = mirror.source?.liveMirror, row.source === mirror.topic, row.status == .pendingMirror else {
            return nil
        }
        return row
    }

    /// The mirror goes before its reversal ended: what waits for it on the other cluster has nothing to follow.
    func abandonReversal(of mirror: Mirror, in stage: inout Stage) {
        guard mirror.status == .pendingSynchronize, let row = counterpart(of: mirror) else { return }
        row.failure = "ILLEGAL_STATE"
        change(row, to: .failed, in: &stage)
    }

    /// Ends a reversal: the mirror has stopped, and its former source begins to follow it.
    func finishReversal(of mirror: Mirror, by ending: Mirror.Ending, in stage: inout Stage) {
        guard ending == .reverseAndStart || ending == .reverseAndPause, let row = counterpart(of: mirror) else {
            return
        }
        mirror.topic.followers.append(row)
        if ending == .reverseAndPause {
            change(row, to: .paused, in: &stage)
        } else {
            schedule(.start, of: row, at: stage.now + timing.mirrorStart)
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
        guard topic.deletionRequested == nil else { return refused("it is being deleted") }
        guard topic.liveMirror == nil else { return refused("it is a mirror already") }
        guard let partner = partner(of: link), connection(of: link, in: stage) == .connected else {
            return refused("the remote cluster cannot be reached")
        }
        if stage.lies.contains(.restoreWithoutStoppedRow), let source = partner.cluster.topics[name] {
            return .success(Restoration(topic: topic, source: source, ends: commonEnds(of: topic, source)))
        }
        guard let row = partner.mirrors[name], row.status == .stopped else {
            return refused("the remote topic has no stopped mirror on this link")
        }
        guard row.source === topic, !row.topic.isDeleted, row.topic.deletionRequested == nil else {
            return refused("a topic was made again since")
        }
        guard stage.lies.contains(.restoreWithActiveGroups) || !isConsumed(topic, on: link.cluster) else {
            return refused("consumer groups are active on it")
        }
        let ends = (0..<topic.partitionCount).map { partition in
            let stop = partition < row.stopOffsets.count ? row.stopOffsets[partition] : 0
            return min(stop, topic.log(partition).commonEnd(with: row.topic.log(partition)))
        }
        return .success(Restoration(topic: topic, source: row.topic, ends: ends))
    }

    private func commonEnds(of topic: Topic, _ source: Topic) -> [Int64] {
        (0..<topic.partitionCount).map { topic.log($0).commonEnd(with: source.log($0)) }
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
        schedule(.restore, of: row, at: stage.now + timing.restore)
    }

    /// Whether groups with members read a topic.
    func isConsumed(_ topic: Topic, on cluster: Cluster) -> Bool {
        cluster.groups.values.contains { group in
            group.isInUse && group.offsets.keys.contains { $0.topic == topic.name }
        }
    }

    /// The next step of a restoration. Without a connection, or with consumers at work, it waits where it is; without
    /// its source it stays there.
    func continueRestoring(_ row: Mirror, in stage: inout Stage) {
        guard isCurrent(row), !row.link.isPaused, connection(of: row.link, in: stage) == .connected,
            row.source?.isDeleted == false
        else { return }
        guard !isStuck(row, retrying: .restore, in: &stage) else { return }
        guard stage.lies.contains(.restoreWithActiveGroups) || !isConsumed(row.topic, on: row.link.cluster) else {
            return schedule(.restore, of: row, at: stage.now + timing.restore)
        }
        switch row.status {
        case .pendingSetupForRestore:
            change(row, to: .pendingRestore, in: &stage)
            schedule(.restore, of: row, at: stage.now + timing.restore)
        case .pendingRestore:
            for (partition, end) in row.restoreEnds.enumerated() where row.topic.end(partition) > end {
                cut(partition, of: row, to: end, in: &stage)
            }
            change(row, to: .active, in: &stage)
        default: break
        }
    }

    private func cut(_ partition: Int, of row: Mirror, to end: Int64, in stage: inout Stage) {
        _ = row.topic.change(partition) { $0.truncate(to: end) }
        for follower in row.topic.followers where follower.isLive && follower.topic.end(partition) > end {
            follower.sourceWasCut = true
            markForFetch(follower, in: &stage)
        }
        stage.record(
            Event(
                .truncate(cluster: row.link.cluster.id, topic: row.topic.name, partition: partition, end: end),
                by: .link(row.link.name)),
            at: stage.now)
    }
}

/// A former source and where its log is to be cut.
struct Restoration {
    package var topic: Topic
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
