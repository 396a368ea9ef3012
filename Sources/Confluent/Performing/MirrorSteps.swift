import Domain
import Execution
import Planning
import Transport

/// Steps on mirror topics.
struct MirrorSteps: Sendable {
    /// Times a topic is named again after the service refused it.
    private static let attempts = 3

    let context: StepContext

    func create(_ topic: String, of source: String, link: String, on cluster: String) async throws(StepFailure) {
        let api = try await context.kafka(cluster)
        let result = await context.settle(while: Self.isPassing) {
            try await api.createMirror(topic, of: source, link: link)
        }
        if case .failure(let failure) = result {
            guard failure.saysAlreadyThere else { throw StepFailure(failure) }
            try await context.find(refusedBy: failure) { try await api.hasMirror(topic, on: link) }
        }
        let poller = await context.pollers.mirrors(api)
        try await context.wait(
            for: "mirror \(topic) to be ACTIVE", in: poller, at: api.endpoint,
            atMost: await context.mirrorLimit(on: cluster)
        ) { (mirrors: [SitePollers.MirrorKey: ObservedMirror]) -> PollVerdict<Void> in
            guard let mirror = mirrors[SitePollers.MirrorKey(link: link, topic: topic)] else {
                return .waiting("not listed")
            }
            guard mirror.sourceTopic == source else {
                return .failed("topic \(topic) is there already as mirror of \(mirror.sourceTopic)")
            }
            return Self.verdict(on: mirror)
        }
    }

    func change(
        _ topics: [String], _ verb: KafkaAPI.MirrorVerb, link: String, on cluster: String
    ) async throws(StepFailure) {
        let api = try await context.kafka(cluster)
        var open = topics
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
