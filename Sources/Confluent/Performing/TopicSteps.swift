import Domain
import Execution
import Planning
import Transport

/// Steps on topics.
struct TopicSteps: Sendable {
    let context: StepContext

    func create(_ creation: TopicCreation) async throws(StepFailure) {
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

    func grow(_ topic: String, on cluster: String, to partitions: Int) async throws(StepFailure) {
        let api = try await context.kafka(cluster)
        try await context.call { try await api.growTopic(topic, to: partitions) }
        _ = try await visible(topic, api) { $0.partitions >= partitions }
    }

    func alter(_ topic: String, on cluster: String, _ changes: [ConfigChange]) async throws(StepFailure) {
        let api = try await context.kafka(cluster)
        let result = await context.settle(while: { $0.status == 404 }) {
            try await api.alterTopicConfigs(topic, changes)
        }
        try await context.call { try result.get() }
        try await readBack(changes, of: topic, api)
    }

    /// Waits until the topic's configs are what was written.
    private func readBack(_ changes: [ConfigChange], of topic: String, _ api: KafkaAPI) async throws(StepFailure) {
        let wanted = Dictionary(changes.map { ($0.name, $0.value) }) { $1 }
        try await ConfigReadBack(context: context, subject: "topic \(topic)", wanted: wanted).wait(at: api.endpoint) {
            try await outcome { try await api.topicConfigs(topic) }.unlessMissing() ?? [:]
        }
    }

    func delete(_ topic: String, on cluster: String) async throws(StepFailure) {
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
}
