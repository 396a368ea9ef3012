import Domain

/// Steps of a move with the order between them: each names what must have happened before.
struct StepGraph {
    let address: ResourceAddress
    private(set) var steps: [Step] = []

    init(_ address: ResourceAddress) {
        self.address = address
    }

    /// Steps that are tried beside the others, which go on without them.
    var bestEffort: Set<Step.ID> = []

    var isEmpty: Bool { steps.isEmpty }

    /// Steps that nothing in the graph waits for.
    var ends: [Step.ID] {
        let awaited = Set(steps.flatMap(\.after))
        return steps.map(\.id).filter { !awaited.contains($0) }
    }

    /// Adds a step behind others.
    ///
    /// - Returns: Its id, for what follows.
    @discardableResult
    mutating func add(
        _ verb: String, _ action: StepAction, after: [Step.ID], ledger: Step.LedgerEffect = .none
    ) -> Step.ID {
        let step = Step(verb, address, action, after: Array(Set(after)).sorted(), ledger: ledger)
        steps.append(step)
        return step.id
    }

    /// Adds a write to the ledger.
    @discardableResult
    mutating func record(_ verb: String, _ event: MoveEvent, after: [Step.ID]) -> Step.ID {
        add(verb, .ledger(.record), after: after, ledger: .move(family: address.name, event))
    }
}
