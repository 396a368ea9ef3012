import Domain

/// Turns units into a plan: orders them, defers what depends on held work, links steps by their dependencies.
struct PlanAssembly {
    private(set) var changes: [Change] = []
    private(set) var steps: [Step] = []
    private(set) var deferred: [DeferredWork] = []
    private(set) var ledgerRefresh: [Step] = []
    /// Units that others have to wait for, with what they wait for in turn.
    private var blocked: [ResourceAddress: String] = [:]
    /// The steps after which a unit is right: its last one, or those of what it depends on when it has none.
    private var ends: [ResourceAddress: [Step.ID]] = [:]

    init(of units: [ResourceAddress: Unit]) {
        for address in UnitOrder.sorted(units) {
            if let unit = units[address] { add(unit) }
        }
        changes.sort { $0.address < $1.address }
        deferred.sort { $0.address < $1.address }
    }

    private mutating func add(_ unit: Unit) {
        let isShown = unit.hold == nil && unit.change != nil && obstacle(of: unit) == nil
        refreshLedger(of: unit, isShown: isShown)
        switch unit.hold {
        case .refused:
            block(unit, "\(unit.address) is refused")
        case .waiting(let reason):
            block(unit, reason)
        case .deferred(let effect, let waitsFor):
            block(unit, waitsFor)
            deferred.append(DeferredWork(effect, unit.address, waitsFor: waitsFor))
        case nil:
            guard let obstacle = obstacle(of: unit) else { return schedule(unit) }
            blocked[unit.address] = obstacle
            if let change = unit.change {
                deferred.append(DeferredWork(change.effect, unit.address, waitsFor: obstacle))
            }
        }
    }

    /// What protects an object, or ceases to, is a change like any other: it has a line, a count and a step.
    private mutating func refreshLedger(of unit: Unit, isShown: Bool) {
        guard unit.ledgerOnly != .none else { return }
        guard unit.guards.isEmpty else {
            steps.append(Step("guard", unit.address, .ledger(.record), ledger: unit.ledgerOnly))
            if !isShown {
                changes.append(Change(.update, unit.address, differences: unit.guards, group: unit.family))
            }
            return
        }
        let action: StepAction = unit.ledgerOnly == .disown ? .ledger(.release) : .ledger(.adopt)
        ledgerRefresh.append(Step("refresh", unit.address, action, ledger: unit.ledgerOnly))
    }

    /// What is held about an object that is there stops nobody else.
    private mutating func block(_ unit: Unit, _ reason: String) {
        if !unit.isThere { blocked[unit.address] = reason }
    }

    private func obstacle(of unit: Unit) -> String? {
        guard !blocked.isEmpty else { return nil }
        return unit.dependencies.filter { blocked[$0] != nil }.min().flatMap { blocked[$0] }
    }

    private mutating func schedule(_ unit: Unit) {
        if let change = unit.change { changes.append(change) }
        guard unit.graph.isEmpty else { return scheduleGraph(of: unit) }
        var after = predecessors(of: unit)
        for step in unit.steps {
            steps.append(step.placed(after: after))
            after = [step.id]
        }
        if !after.isEmpty { ends[unit.address] = after }
    }

    /// A graph waits as a whole for what its unit depends on, and is right when each of its ends is.
    private mutating func scheduleGraph(of unit: Unit) {
        let before = predecessors(of: unit)
        let awaited = Set(unit.graph.flatMap(\.after))
        for step in unit.graph { steps.append(step.after.isEmpty ? step.placed(after: before) : step) }
        ends[unit.address] = unit.graph.map(\.id).filter { !awaited.contains($0) && !unit.bestEffort.contains($0) }
    }

    private func predecessors(of unit: Unit) -> [Step.ID] {
        guard !ends.isEmpty else { return [] }
        return Set(unit.dependencies.flatMap { ends[$0] ?? [] }).sorted()
    }
}

extension Step {
    /// The same step behind others.
    func placed(after predecessors: [ID]) -> Step {
        Step(id: id, address: address, action: action, after: predecessors, ledger: ledger)
    }
}
