import SimulatorCore

extension KafkaEstate {
    /// Puts a mirror among those its link fetches for next.
    func markForFetch(_ mirror: Mirror, in stage: inout Stage) {
        mirror.link.waitingForFetch.insert(mirror.topic.name)
        schedule(.fetch, of: mirror.link, at: stage.now + timing.fetch)
    }

    /// One round of a link's fetchers; what is left waits for the next round or for the connection to return.
    func fetch(_ link: Link, in stage: inout Stage) {
        guard !link.isPaused, connection(of: link, in: stage) == .connected else { return }
        for name in link.waitingForFetch.sorted() {
            guard let mirror = link.mirrors[name], mirror.fetches else {
                link.waitingForFetch.remove(name)
                continue
            }
            if fetch(mirror, in: &stage) { link.waitingForFetch.remove(name) }
        }
        if !link.waitingForFetch.isEmpty {
            schedule(.fetch, of: link, at: stage.now + timing.fetch)
        }
    }

    /// Copies what a mirror lacks, up to the limit of one fetch; returns whether it has caught up.
    private func fetch(_ mirror: Mirror, in stage: inout Stage) -> Bool {
        guard let source = mirror.source, sourceIsIntact(mirror, in: &stage) else { return true }
        mirror.topic.expand(to: source.partitionCount)
        var hasCaughtUp = true
        var copied = false
        for partition in 0..<source.partitionCount {
            let missing = source.end(partition) - mirror.topic.end(partition)
            if missing > 0 {
                copy(partition, of: mirror, from: source, in: &stage)
                copied = true
            }
            let end = mirror.topic.end(partition)
            mirror.note(partition: partition, fetched: end, sourceEnd: source.end(partition))
            hasCaughtUp = hasCaughtUp && end >= source.end(partition)
        }
        if copied {
            for follower in mirror.topic.followers { markForFetch(follower, in: &stage) }
            wake(.consumerOffsetSync, of: mirror.link, in: &stage)
        }
        if hasCaughtUp, mirror.status != .active {
            schedule(.stop, of: mirror, at: stage.now + timing.mirrorStop)
        }
        return hasCaughtUp
    }

    private func copy(_ partition: Int, of mirror: Mirror, from source: Topic, in stage: inout Stage) {
        let offset = mirror.topic.end(partition)
        let segments = source.log(partition).slice(from: offset, limit: timing.recordsPerFetch)
        mirror.topic.change(partition) { log in
            for segment in segments { log.append(segment) }
        }
        let records = segments.map { segment in
            let origin = origins[segment.origin]
            return Event.Records(
                origin: origin.cluster, topic: origin.topic, offset: segment.originOffset, count: segment.length)
        }
        stage.record(
            Event(
                .copy(
                    cluster: mirror.link.cluster.id, topic: mirror.topic.name, partition: partition,
                    link: mirror.link.name, records: records),
                by: .link(mirror.link.name)),
            at: stage.now)
    }

    /// Whether the source is still the topic the mirror began with. An ACTIVE mirror of another one fails; one that is
    /// on its way elsewhere stays where it is.
    private func sourceIsIntact(_ mirror: Mirror, in stage: inout Stage) -> Bool {
        guard let fault = faultOfSource(of: mirror) else { return true }
        guard mirror.status == .active else { return false }
        mirror.failure = fault
        change(mirror, to: .failed, in: &stage)
        return false
    }

    /// Why a mirror cannot go on with its source; `nil` when it can.
    func faultOfSource(of mirror: Mirror) -> String? {
        guard let source = mirror.source else { return "SOURCE_TOPIC_MAY_BE_DELETED" }
        if source.isDeleted {
            let successor = clusters[mirror.link.remoteID]?.topics[mirror.sourceName]
            return successor == nil ? "SOURCE_TOPIC_MAY_BE_DELETED" : "SOURCE_TOPIC_ID_CHANGED"
        }
        if mirror.sourceWasCut { return "UNEXPECTED_TRUNCATION" }
        return source.partitionCount < mirror.topic.partitionCount ? "SOURCE_PARTITIONS_DECREASED" : nil
    }

    /// Whether a row is still the one its link holds: links and topics go while work for their rows is due.
    func isCurrent(_ mirror: Mirror) -> Bool {
        mirror.link.mirrors[mirror.topic.name] === mirror
            && clusters[mirror.link.cluster.id]?.links[mirror.link.name] === mirror.link
    }

    func change(_ mirror: Mirror, to status: MirrorStatus, in stage: inout Stage) {
        mirror.become(status, at: stage.now)
        recordRow(mirror.link.cluster.id, mirror.topic.name, mirror.link.name, status, in: &stage)
        if status == .active { markForFetch(mirror, in: &stage) }
    }

    /// A new mirror becomes ACTIVE when its link gets through to the source and is not paused.
    package func start(_ mirror: Mirror, in stage: inout Stage) {
        guard isCurrent(mirror), mirror.status == .pendingMirror, !mirror.link.isPaused,
            mirror.source?.liveMirror?.status != .pendingSynchronize,
            connection(of: mirror.link, in: stage) == .connected,
            !isStuck(mirror, retrying: .start, in: &stage)
        else { return }
        change(mirror, to: .active, in: &stage)
    }

    /// Makes a mirror writable: an ordinary topic whose row stays as history.
    func finishStopping(_ mirror: Mirror, in stage: inout Stage) {
        guard isCurrent(mirror), mirror.status == .pendingStopped || mirror.status == .pendingSynchronize,
            let ending = mirror.ending, !isStuck(mirror, retrying: .stop, in: &stage)
        else { return }
        if ending.copiesAll, !skipsCatchingUp(mirror, in: stage) {
            guard connection(of: mirror.link, in: stage) == .connected, hasCaughtUp(mirror) else {
                return markForFetch(mirror, in: &stage)
            }
            guard mirror.status != .pendingSynchronize || counterpart(of: mirror) != nil else { return }
            copyConfigs(to: mirror, in: &stage)
            if !stage.lies.contains(.promoteWithoutFinalSync) {
                syncOffsets(of: mirror.link, onlyTopic: mirror.topic.name, in: &stage)
            }
        }
        mirror.topic.liveMirror = nil
        mirror.source?.followers.removeAll { $0 === mirror }
        mirror.ending = nil
        mirror.notePositionsAtStop()
        change(mirror, to: .stopped, in: &stage)
        finishReversal(of: mirror, by: ending, in: &stage)
    }

    /// Whether a lie lets a mirror stop although records are missing.
    func skipsCatchingUp(_ mirror: Mirror, in stage: Stage) -> Bool {
        stage.lies.contains(.promoteIgnoresLag)
            || stage.lies.contains(.promoteWithoutSource) && connection(of: mirror.link, in: stage) != .connected
    }

    private func hasCaughtUp(_ mirror: Mirror) -> Bool {
        guard let source = mirror.source, faultOfSource(of: mirror) == nil else { return false }
        return (0..<source.partitionCount).allSatisfy { mirror.topic.end($0) >= source.end($0) }
    }
}

extension Mirror {
    /// Whether its link's fetchers copy for it.
    var fetches: Bool {
        status == .active || status == .pendingSynchronize || status == .pendingStopped && ending == .promote
    }
}
