import Domain
import Execution
import Planning

/// A run in which everything happens.
enum RunSamples {
    static let start = Samples.moment

    static func after(_ seconds: Double) -> Timestamp {
        start.advanced(by: .milliseconds(Int64(seconds * 1000)))
    }

    static func creation(_ name: String, after: [Step.ID] = []) -> Step {
        Step(
            "create", Samples.topic(name),
            .kafka(
                .createTopic(
                    TopicCreation(cluster: "west", topic: name, partitions: 1, replicationFactor: 3, configs: []))),
            after: after)
    }

    static let cluster = Step(
        "update", ResourceAddress(.cluster, "west"), .cloud(.updateCluster(ClusterUpdate(cluster: "west"))))
    static let topic = creation("orders")
    static let link = Step(
        "delete", ResourceAddress(.link, in: "east", "old"),
        .kafka(.deleteLink(LinkReference(cluster: "east", link: "old"))),
        after: [topic.id])
    static let mirror = Step(
        "create", ResourceAddress(.mirror, in: "east", "orders"),
        .kafka(.createMirror(MirrorCreation(cluster: "east", link: "l", topic: "orders", source: "west"))),
        after: [topic.id])
    static let adoption = Step("adopt", Samples.topic("refunds"), .ledger(.adopt))
    static let binding = Step(
        "publish", ResourceAddress(.binding, "checkout/0"),
        .binding(
            .publish(
                Publication(binding: "checkout", targetIndex: 0, cluster: "west", group: nil, epoch: nil, generation: 2)
            )))
    static let steps = [cluster, topic, link, mirror, adoption, binding]

    static let failure = StepFailure(
        .denied, "403: the API key may not create topics\non this cluster", endpoint: "https://west.example:443")

    static func outcome(
        _ step: Step, _ result: StepOutcome.Result, from began: Double? = nil, to ended: Double
    ) -> StepOutcome {
        StepOutcome(step: step, result: result, startedAt: began.map(after), endedAt: after(ended))
    }

    static let report = RunReport(
        runID: "20260924-120307-ab12", startedAt: start, endedAt: after(75),
        outcomes: [
            outcome(adoption, .succeeded, from: 0, to: 0), outcome(topic, .failed(failure), from: 0, to: 1.25),
            outcome(link, .skipped(because: topic.id), to: 1.25),
            outcome(mirror, .skipped(because: topic.id), to: 1.25),
            outcome(cluster, .succeeded, from: 0, to: 74), outcome(binding, .interrupted, to: 75),
        ], wasInterrupted: true)

    static let plan = Samples.plan { plan in
        plan.changes = [
            Change(.update, cluster.address), Change(.create, topic.address), Change(.delete, link.address),
            Change(.create, mirror.address), Change(.adopt, adoption.address), Change(.update, binding.address),
        ]
        plan.steps = steps
        plan.deferred = Samples.mixed.deferred
    }

    static var events: [ExecutionEvent] {
        let started = [cluster, topic].map { ExecutionEvent.stepStarted($0, at: start) }
        return [.runStarted(runID: report.runID, steps: steps.count, at: start)] + started
            + report.outcomes.prefix(4).map { .stepEnded($0) } + [.interrupted(at: after(60))]
            + report.outcomes.dropFirst(4).map { .stepEnded($0) } + [.runEnded(report)]
    }
}
