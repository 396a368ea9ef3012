import OrderedCollections
import SimulatorCore

extension KafkaEstate {
    /// Puts a task's next run on the agenda, one interval from now, if it is switched on.
    func wake(_ task: LinkTask, of link: Link, in stage: inout Stage) {
        if let config = task.enableConfig, !link.isOn(config) { return }
        schedule(.task(task), of: link, at: stage.now + interval(of: task, link))
    }

    func interval(of task: LinkTask, _ link: Link) -> Milliseconds {
        switch task {
        case .consumerOffsetSync: link.milliseconds("consumer.offset.sync.ms")
        case .aclSync: link.milliseconds("acl.sync.ms")
        case .topicConfigsSync: link.milliseconds("topic.config.sync.ms")
        case .autoCreateMirror: timing.autoCreate
        }
    }

    /// Runs a task once. Without a connection it waits until the link is refreshed.
    func run(_ task: LinkTask, of link: Link, in stage: inout Stage) {
        if let config = task.enableConfig, !link.isOn(config) { return }
        guard !link.isPaused, link.receives, connection(of: link, in: stage) == .connected,
            !lacksPartner(link, in: stage)
        else { return }
        guard injectedError(of: task, link, in: stage) == nil else { return wake(task, of: link, in: &stage) }
        link.taskErrors[task] = nil
        switch task {
        case .consumerOffsetSync: syncOffsets(of: link, in: &stage)
        case .aclSync: syncAcls(of: link, in: &stage)
        case .autoCreateMirror: createMirrors(of: link, in: &stage)
        case .topicConfigsSync:
            for name in link.waitingForConfigs.sorted() {
                if let mirror = link.mirrors[name], mirror.isLive { copyConfigs(to: mirror, in: &stage) }
            }
            link.waitingForConfigs = []
        }
    }

    /// Copies the explicitly set configs of the classes a link syncs.
    func copyConfigs(to mirror: Mirror, in stage: inout Stage) {
        guard let source = mirror.source, !source.isDeleted else { return }
        let names = mirror.link.syncedConfigs
        let changes = names.sorted()
            .filter { mirror.topic.configs[$0] != source.configs[$0] }
            .map { (name: $0, value: source.configs[$0]) }
        if !changes.isEmpty { change(changes, of: mirror.topic, in: &stage) }
    }

    /// Copies committed offsets of the filtered groups, never past what is mirrored, never into a group in use.
    func syncOffsets(of link: Link, onlyTopic topic: String? = nil, in stage: inout Stage) {
        guard link.isOn("consumer.offset.sync.enable"), let source = clusters[link.remoteID] else { return }
        let filter = SyncFilter(link.config("consumer.offset.group.filters"))
        for (name, group) in source.groups.sorted(by: { $0.key < $1.key }) where filter.matches(name) {
            let ownName = link.isOn("consumer.group.prefix.enable") ? link.prefix + name : name
            let offsets = offsetsToSync(group, of: link, onlyTopic: topic, in: stage)
            guard !offsets.isEmpty else { continue }
            if link.cluster.groups[ownName]?.isInUse == true, !stage.lies.contains(.offsetsSyncedIntoActiveGroups) {
                link.taskErrors[.consumerOffsetSync] = (
                    "CONSUMER_GROUP_IN_USE_ERROR",
                    "Offsets of group '\(ownName)' are not synced because it has active members."
                )
                wake(.consumerOffsetSync, of: link, in: &stage)
                continue
            }
            for (place, offset) in offsets {
                commit(offset, of: place, by: ownName, on: link.cluster, actor: .link(link.name), in: &stage)
            }
        }
    }

    private func offsetsToSync(
        _ group: ConsumerGroup, of link: Link, onlyTopic: String?, in stage: Stage
    ) -> [(TopicPartition, Int64)] {
        group.sortedOffsets.compactMap { place, offset in
            let name = link.prefix + place.topic
            guard onlyTopic == nil || onlyTopic == name, let mirror = link.mirrors[name],
                mirror.isLive || stage.lies.contains(.offsetsSyncedAfterStop), mirror.status != .pendingMirror,
                (0..<mirror.topic.partitionCount).contains(place.partition)
            else { return nil }
            let end = stage.lies.contains(.offsetsSyncedPastEnd) ? .max : mirror.topic.end(place.partition)
            return (TopicPartition(topic: name, partition: place.partition), min(offset, end))
        }
    }

    /// Commits an offset if it is another one than before, and wakes the links that sync it onwards.
    package func commit(
        _ offset: Int64, of place: TopicPartition, by group: String, on cluster: Cluster, actor: Event.Actor,
        in stage: inout Stage
    ) {
        guard cluster.groups[group]?.offsets[place] != offset else { return }
        cluster.groups[group, default: ConsumerGroup()].offsets[place] = offset
        var isSync = false
        if case .link = actor { isSync = true }
        stage.record(
            Event(
                .commit(
                    cluster: cluster.id, group: group, topic: place.topic, partition: place.partition, offset: offset,
                    isSync: isSync),
                by: actor),
            at: stage.now)
        for link in cluster.readers + (isSync ? [] : cluster.sortedLinks) {
            wake(.consumerOffsetSync, of: link, in: &stage)
        }
    }

    /// Makes the filtered ACLs of the destination equal to those of the source.
    private func syncAcls(of link: Link, in stage: inout Stage) {
        guard let source = clusters[link.remoteID] else { return }
        let filters = AclFilter.ofLink(link.config("acl.filters"))
        let selects: (AclBinding) -> Bool = { binding in filters.contains { $0.selects(binding) } }
        let wanted = source.acls.filter(selects)
        let surplus = link.cluster.acls.filter { selects($0) && !wanted.contains($0) }
        for binding in wanted { add(binding, to: link.cluster, by: .link(link.name), in: &stage) }
        for binding in surplus { remove(binding, from: link.cluster, by: .link(link.name), in: &stage) }
    }

    package func add(_ binding: AclBinding, to cluster: Cluster, by actor: Event.Actor, in stage: inout Stage) {
        guard cluster.acls.append(binding).inserted else { return }
        noteAcl(binding, on: cluster, isPresent: true, by: actor, in: &stage)
    }

    package func remove(_ binding: AclBinding, from cluster: Cluster, by actor: Event.Actor, in stage: inout Stage) {
        guard cluster.acls.remove(binding) != nil else { return }
        noteAcl(binding, on: cluster, isPresent: false, by: actor, in: &stage)
    }

    /// Mirrors every topic the filter names that is not there yet.
    private func createMirrors(of link: Link, in stage: inout Stage) {
        guard let source = clusters[link.remoteID] else { return }
        let filter = SyncFilter(link.config("auto.create.mirror.topics.filters"))
        for topic in source.sortedTopics where filter.matches(topic.name) && !topic.isInternal {
            let name = link.prefix + topic.name
            guard link.mirrors[name] == nil, topic.deletionRequested == nil, chains(topic, over: link) else { continue }
            if link.cluster.topics[name] != nil {
                link.taskErrors[.autoCreateMirror] = (
                    "TOPIC_EXISTS_ERROR", "Topic '\(name)' already exists and is no mirror of this link."
                )
            } else {
                createMirror(of: topic, named: name, on: link, configs: [:], in: &stage)
            }
        }
    }

    /// Makes the mirror topic and its row; it becomes ACTIVE a little later.
    func createMirror(
        of source: Topic, named name: String, on link: Link, configs: [String: String], in stage: inout Stage
    ) {
        let topic = createTopic(
            name, partitions: source.partitionCount, replicationFactor: source.replicationFactor, configs: configs,
            on: link.cluster, in: &stage)
        let isLatest = link.config("mirror.start.offset.spec") == "latest"
        for partition in 0..<source.partitionCount {
            let start = isLatest ? source.end(partition) : source.log(partition).start
            if start > 0 { topic.change(partition) { $0 = PartitionLog(start: start) } }
        }
        let mirror = Mirror(link: link, topic: topic, sourceName: source.name, status: .pendingMirror, at: stage.now)
        mirror.source = source
        topic.liveMirror = mirror
        source.followers.append(mirror)
        link.insert(mirror)
        recordRow(link.cluster.id, name, link.name, .pendingMirror, in: &stage)
        copyConfigs(to: mirror, in: &stage)
        schedule(.start, of: mirror, at: stage.now + timing.mirrorStart)
    }
}

extension Link {
    /// The topic configs this link copies.
    var syncedConfigs: Set<String> {
        MirrorConfigClasses.always.union(
            MirrorConfigClasses.included(config("topic.config.sync.include"))
                .intersection(MirrorConfigClasses.configurable))
    }
}
