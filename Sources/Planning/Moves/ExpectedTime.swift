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
            let end = start + step.action.facts.expected
            ends[step.id] = end
            guard case .binding(.publish(let publication)) = step.action, let group = publication.group else {
                continue
            }
            if move.groups.contains(group) { last = max(last ?? .zero, end) }
        }
        return last
    }
}
