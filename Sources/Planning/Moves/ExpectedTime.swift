import Domain

/// How long a move is expected to take until clients are moved: the longest way through its steps.
enum ExpectedTime {
    /// The time from the start of an apply until the last binding of a move's groups is published.
    ///
    /// Times of single steps are round figures for calls that go well; what a run really took is in its journal.
    ///
    /// - Parameter steps: Steps of the plan, each after those it waits for.
    /// - Returns: `nil` when nothing is published.
    static func untilClientsMove(_ move: Plan.Move, in steps: [Step]) -> Duration? {
        var ends: [Step.ID: Duration] = [:]
        var last: Duration?
        for step in steps {
            let start = step.after.compactMap { ends[$0] }.max() ?? .zero
            let end = start + duration(of: step.action)
            ends[step.id] = end
            if case .publish(let publication) = step.action, publication.group.map(move.groups.contains) ?? false {
                last = max(last ?? .zero, end)
            }
        }
        return last
    }

    private static func duration(of action: StepAction) -> Duration {
        switch action {
        case .verifyFence(let proof): proof.quiet + .seconds(2)
        case .writeCanary(_, _, .some): .seconds(2)
        case .drain: .seconds(10)
        case .endMirrors(.reverse, let mirrors): .seconds(20) + .milliseconds(2 * mirrors.topics.count)
        case .endMirrors(.promote, let mirrors): .seconds(10) + .milliseconds(2 * mirrors.topics.count)
        case .endMirrors(.failover, let mirrors): .seconds(5) + .milliseconds(2 * mirrors.topics.count)
        case .awaitMirrors, .resumeMirrors: .seconds(15)
        case .awaitSchemas, .pauseExporter, .fence, .unfence, .detachLink: .seconds(2)
        case .createCluster, .createEnvironment, .awaitRegistry: .seconds(600)
        case .record: .zero
        default: .seconds(1)
        }
    }
}
