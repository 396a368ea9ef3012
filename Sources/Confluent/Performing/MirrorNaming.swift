import Domain
import Execution
import Transport

/// Names topics to a verb until each is accepted, or refused for good.
struct MirrorNaming: Sendable {
    /// Times a topic is named.
    private static let attempts = 3
    /// Between two attempts.
    private static let wait: Duration = .seconds(1)

    let context: StepContext
    let api: KafkaAPI
    let link: String
    let action: KafkaAPI.MirrorAction

    /// Sends the verb; only topics that were refused are named again.
    ///
    /// - Parameter isUnderWay: Whether the row of a refused topic shows that the verb has had its effect ("already
    ///   stopped").
    /// - Returns: The topics refused in the end, with the reason.
    func send(
        _ topics: [String], unless isUnderWay: @Sendable (ObservedMirror?) -> Bool
    ) async throws(StepFailure) -> [String: String] {
        var open = topics
        var refused: [String: String] = [:]
        for attempt in 1...Self.attempts {
            refused = try await once(open)
            guard !refused.isEmpty else { return [:] }
            let rows = try await rows()
            refused = refused.filter { !isUnderWay(rows[SitePollers.MirrorKey(link: link, topic: $0.key)]) }
            open = refused.keys.sorted()
            guard !open.isEmpty, attempt < Self.attempts else { break }
            do { try await context.pacing.sleep(Self.wait) } catch { break }
        }
        return refused
    }

    /// One attempt. When its answer was lost, every topic counts as refused until its row shows something else.
    func once(_ topics: [String]) async throws(StepFailure) -> [String: String] {
        let result = await context.settle(while: isPassing) { try await api.act(action, on: topics, link: link) }
        switch result {
        case .success(let items): return items.refusals(of: topics)
        case .failure(let failure):
            guard failure.mayHaveHappened else { throw StepFailure(failure) }
            return Dictionary(topics.map { ($0, failure.reason) }) { $1 }
        }
    }

    /// A link that was just created for a restoration is not known everywhere.
    private func isPassing(_ failure: TransportFailure) -> Bool {
        action == .restore && failure.status == 404
    }

    private func rows() async throws(StepFailure) -> [SitePollers.MirrorKey: ObservedMirror] {
        let mirrors = try await context.call { try await api.mirrors() }
        return Dictionary(mirrors.map { (SitePollers.MirrorKey(link: $0.link, topic: $0.topic), $0) }) { $1 }
    }
}

/// Asks what keeps mirrors where they are.
struct MirrorTrouble: Sendable {
    /// Topics that are asked about.
    private static let most = 5

    let api: KafkaAPI
    let link: String

    /// A failure to wait for mirrors, with what the service says of those that are stuck.
    func explaining(_ failure: StepFailure, of topics: [String]) async -> StepFailure {
        guard failure.kind == .timeout else { return failure }
        let failure = failure.about(topics)
        let api = api
        let link = link
        let errors = try? await together(Array(topics.prefix(Self.most))) { topic in
            let read = await outcome { try await api.transitionErrors(of: topic, link: link) }
            return ((try? read.get()) ?? []).map { "\(topic): \($0)" }
        }
        let words = (errors ?? []).flatMap(\.self)
        guard !words.isEmpty else { return failure }
        return StepFailure(
            failure.kind, "\(failure.message); \(words.joined(separator: "; "))", endpoint: failure.endpoint
        ).about(topics)
    }
}
