import Domain
import Execution
import Planning
import Transport

/// Steps on topics, links and mirrors.
struct KafkaPerformer: Sendable {
    /// Times a topic is named again after the service refused it.
    private static let attempts = 3

    let context: StepContext

    func perform(_ action: KafkaAction) async throws(StepFailure) {
        let links = LinkSteps(context: context)
        switch action {
        case .createTopic(let creation): try await create(creation)
        case .growTopic(let growth): try await growTopic(growth.topic, on: growth.cluster, to: growth.partitions)
        case .alterTopicConfigs(let alteration): try await alter(alteration)
        case .deleteTopic(let reference): try await deleteTopic(reference.topic, on: reference.cluster)
        case .createLink(let creation): try await links.create(creation)
        case .alterLink(let alteration): try await links.alter(alteration)
        case .deleteLink(let reference): try await links.delete(reference.link, on: reference.cluster)
        case .createMirror(let creation): try await create(creation)
        case .pauseMirrors(let mirrors): try await change(mirrors, .pause)
        case .resumeMirrors(let mirrors): try await change(mirrors, .resume)
        }
    }

    private func create(_ creation: TopicCreation) async throws(StepFailure) {
        let api = try await context.kafka(creation.cluster)
        let result = await outcome { try await api.createTopic(creation) }
        if case .failure(let failure) = result {
            guard failure.saysAlreadyThere else { throw StepFailure(failure) }
            try await context.find(refusedBy: failure) { try await api.hasTopic(creation.topic) }
            let topic = try await visible(creation.topic, api) { _ in true }
            return try await compare(topic, with: creation, api)
        }
        _ = try await visible(creation.topic, api) { _ in true }
        try await readBack(creation.configs, of: creation.topic, api)
    }

    private func growTopic(_ topic: String, on cluster: String, to partitions: Int) async throws(StepFailure) {
        let api = try await context.kafka(cluster)
        try await context.call { try await api.growTopic(topic, to: partitions) }
        _ = try await visible(topic, api) { $0.partitions >= partitions }
    }

    private func alter(_ alteration: TopicAlteration) async throws(StepFailure) {
        let api = try await context.kafka(alteration.cluster)
        let result = await context.settle(while: { $0.status == 404 }) {
            try await api.alterTopicConfigs(alteration.topic, alteration.changes)
        }
        try await context.call { try result.get() }
        try await readBack(alteration.changes, of: alteration.topic, api)
    }

    /// Waits until the topic's configs are what was written.
    private func readBack(_ changes: [ConfigChange], of topic: String, _ api: KafkaAPI) async throws(StepFailure) {
        let wanted = Dictionary(changes.map { ($0.name, $0.value) }) { $1 }
        try await ReadBack(context: context, subject: "topic \(topic)", wanted: wanted).wait(at: api.endpoint) {
            try await outcome { try await api.topicConfigs(topic) }.unlessMissing() ?? [:]
        }
    }

    private func deleteTopic(_ topic: String, on cluster: String) async throws(StepFailure) {
        let api = try await context.kafka(cluster)
        let result = await outcome { try await api.deleteTopic(topic) }
        if case .failure(let failure) = result, failure.status != 404 { throw StepFailure(failure) }
        let poller = await context.pollers.topics(api)
        try await context.wait(
            for: "topic \(topic) to be gone", in: poller, at: api.endpoint, atMost: context.transitionLimit
        ) { $0[topic] == nil ? .reached(()) : .waiting("still listed") }
    }

    /// Waits until the topic list shows the topic as wanted: a new topic is not visible at once.
    private func visible(
        _ topic: String, _ api: KafkaAPI, where isWanted: @escaping @Sendable (ObservedTopic) -> Bool
    ) async throws(StepFailure) -> ObservedTopic {
        let poller = await context.pollers.topics(api)
        return try await context.wait(
            for: "topic \(topic) to be listed", in: poller, at: api.endpoint, atMost: context.transitionLimit
        ) { (topics: [String: ObservedTopic]) -> PollVerdict<ObservedTopic> in
            guard let found = topics[topic] else { return .waiting("not listed") }
            return isWanted(found) ? .reached(found) : .waiting("\(found.partitions) partitions")
        }
    }

    /// A topic that was there already, maybe from our own lost call, must be the one that was to be created.
    private func compare(
        _ topic: ObservedTopic, with creation: TopicCreation, _ api: KafkaAPI
    ) async throws(StepFailure) {
        var differences: [String] = []
        if let partitions = creation.partitions, partitions != topic.partitions {
            differences.append("\(topic.partitions) partitions instead of \(partitions)")
        }
        if let factor = creation.replicationFactor, factor != topic.replicationFactor {
            differences.append("replication factor \(topic.replicationFactor) instead of \(factor)")
        }
        if !creation.configs.isEmpty {
            let configs = try await context.call { try await api.topicConfigs(creation.topic) }
            for change in creation.configs
            where !ConfigValue.isEqual(change.value, configs[change.name], of: change.name) {
                differences.append("\(change.name) \(configs[change.name] ?? "unset")")
            }
        }
        guard differences.isEmpty else {
            throw StepFailure(
                .rejected, "topic \(creation.topic) is there already with \(differences.joined(separator: ", "))",
                endpoint: api.endpoint.base)
        }
    }

    private func create(_ creation: MirrorCreation) async throws(StepFailure) {
        let (topic, link) = (creation.topic, creation.link)
        let api = try await context.kafka(creation.cluster)
        let result = await context.settle(while: Self.isPassing) {
            try await api.createMirror(topic, of: creation.source, link: link)
        }
        if case .failure(let failure) = result {
            guard failure.saysAlreadyThere else { throw StepFailure(failure) }
            try await context.find(refusedBy: failure) { try await api.hasMirror(topic, on: link) }
        }
        let poller = await context.pollers.mirrors(api)
        try await context.wait(
            for: "mirror \(topic) to be ACTIVE", in: poller, at: api.endpoint,
            atMost: await context.mirrorLimit(on: creation.cluster)
        ) { (mirrors: [SitePollers.MirrorKey: ObservedMirror]) -> PollVerdict<Void> in
            guard let mirror = mirrors[SitePollers.MirrorKey(link: link, topic: topic)] else {
                return .waiting("not listed")
            }
            guard mirror.sourceTopic == creation.source else {
                return .failed("topic \(topic) is there already as mirror of \(mirror.sourceTopic)")
            }
            return Self.verdict(on: mirror)
        }
    }

    private func change(_ mirrors: LinkedMirrors, _ verb: KafkaAPI.MirrorVerb) async throws(StepFailure) {
        let (api, link) = (try await context.kafka(mirrors.cluster), mirrors.link)
        var open = mirrors.topics
        for attempt in 1...Self.attempts {
            let named = open
            let refused = try await context.call { try await api.change(named, verb, link: link) }
            let accepted = named.filter { refused[$0] == nil }
            try await wait(for: accepted, verb, link: link, api)
            open = try await stillOpen(refused, verb, link: link, api)
            if open.isEmpty { return }
            guard attempt < Self.attempts else {
                let reasons = open.sorted().map { "\($0): \(refused[$0] ?? "refused")" }.joined(separator: "; ")
                throw StepFailure(.rejected, reasons, endpoint: api.endpoint.base)
            }
            try? await context.pacing.sleep(.seconds(1))
        }
    }

    /// Waits until mirrors that are on their way are ACTIVE.
    func awaitActive(_ mirrors: LinkedMirrors) async throws(StepFailure) {
        try await wait(
            for: mirrors.topics, .resume, link: mirrors.link, try await context.kafka(mirrors.cluster))
    }

    // MARK: Parts

    /// A link that was just created is not known everywhere, nor is a source topic.
    private static func isPassing(_ failure: TransportFailure) -> Bool {
        failure.status == 404
            || (failure.status == 400 && failure.message.contains("resolve cluster link information"))
    }

    private static func verdict(on mirror: ObservedMirror) -> PollVerdict<Void> {
        switch mirror.status {
        case .active, .paused, .linkPaused: .reached(())
        case .failed: .failed("mirror \(mirror.topic) is FAILED: \(mirror.error ?? "no reason given")")
        case .stopped: .failed("topic \(mirror.topic) is there already; its mirror is STOPPED")
        default: .waiting(mirror.error.map { "\(mirror.status): \($0)" } ?? mirror.status.description)
        }
    }

    /// Topics the service refused that are not as wanted all the same ("already paused").
    private func stillOpen(
        _ refused: [String: String], _ verb: KafkaAPI.MirrorVerb, link: String, _ api: KafkaAPI
    ) async throws(StepFailure) -> [String] {
        guard !refused.isEmpty else { return [] }
        let mirrors = try await context.call { try await api.mirrors() }
        return refused.keys.sorted().filter { topic in
            !mirrors.contains { $0.link == link && $0.topic == topic && verb.isDone($0.status) }
        }
    }

    private func wait(
        for topics: [String], _ verb: KafkaAPI.MirrorVerb, link: String, _ api: KafkaAPI
    ) async throws(StepFailure) {
        guard !topics.isEmpty else { return }
        let poller = await context.pollers.mirrors(api)
        try await context.wait(
            for: "\(topics.count) mirrors of \(link) to \(verb.word)", in: poller, at: api.endpoint,
            atMost: context.transitionLimit
        ) { (mirrors: [SitePollers.MirrorKey: ObservedMirror]) -> PollVerdict<Void> in
            var waiting: [String] = []
            for topic in topics {
                let mirror = mirrors[SitePollers.MirrorKey(link: link, topic: topic)]
                guard let mirror else { return .failed("topic \(topic) has no mirror on \(link)") }
                if mirror.status == .stopped || mirror.status == .failed {
                    return .failed("mirror \(topic) is \(mirror.status)")
                }
                if !verb.isDone(mirror.status) { waiting.append("\(topic) \(mirror.status)") }
            }
            return waiting.isEmpty ? .reached(()) : .waiting(waiting.prefix(3).joined(separator: ", "))
        }
    }
}

extension KafkaAPI.MirrorVerb {
    var word: String {
        switch self {
        case .pause: "pause"
        case .resume: "resume"
        }
    }

    func isDone(_ status: MirrorStatus) -> Bool {
        switch self {
        case .pause: status == .paused
        case .resume: status == .active
        }
    }
}
