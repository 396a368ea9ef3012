import Domain
import Planning
import Testing

/// Each predicate can fail: plans that are changed for the worse are caught by the one that forbids it.
@Suite struct MutationProperties {
    static let all = Mutation.moves + Mutation.surroundings + Mutation.crashes

    @Test("a plan that was changed for the worse is caught by the predicate that forbids it", arguments: all)
    func mutation(_ mutation: Mutation) {
        var clean = mutation.settled(isMutated: false)
        mutation.play(&clean)
        #expect(clean.judge.findings.map(\.description) == [])
        var mutated = mutation.settled(isMutated: mutation.isSoFromTheStart)
        mutation.worsen(&mutated)
        mutation.play(&mutated)
        #expect(
            mutated.judge.findings.contains { $0.predicate == mutation.predicate },
            "\(mutated.judge.findings.map(\.description))")
    }

    @Test("every predicate that a log is judged by has a mutation")
    func everyPredicate() {
        let predicates = [
            "P1", "P2", "P2b", "P3", "P3a", "P3b", "P4", "P5", "P6", "P8", "P10", "P11", "P12", "P13", "P15", "P17",
            "P18", "P19", "W12",
        ]
        #expect(Set(Self.all.map(\.predicate)) == Set(predicates))
    }
}

/// A change for the worse, and a history that shows it.
struct Mutation: Sendable, CustomTestStringConvertible {
    let predicate: String
    let testDescription: String
    var checksLag = true
    /// Whether the history already begins with plans that are worse.
    var isSoFromTheStart = false
    var shape: @Sendable (inout HistoryGenerator.Shape) -> Void = { _ in }
    /// What the planner takes for true.
    var misreading: (@Sendable (inout PlanInput, World) -> Void)?
    /// What becomes of its steps.
    var change: (@Sendable ([Step]) -> [Step])?
    /// What live systems seem to answer.
    var misanswer: (@Sendable (Probe, ProbeAnswer) -> ProbeAnswer)?
    /// What happens: there, unless it says something else.
    var play: @Sendable (inout History) -> Void = { $0.move() }

    func settled(isMutated: Bool) -> History {
        var shape = HistoryGenerator.Shape()
        self.shape(&shape)
        return HistoryGenerator.settled(shape) { history in
            if isMutated { worsen(&history) }
        }
    }

    func worsen(_ history: inout History) {
        history.mutation = change
        history.misreading = misreading
        history.misanswer = misanswer
        history.world.checksLag = checksLag
    }

    // MARK: Ways to change steps

    /// The steps without some, as if those had been done.
    static func without(_ steps: [Step], _ isDropped: (Step) -> Bool) -> [Step] {
        let dropped = Set(steps.filter(isDropped).map(\.id))
        return steps.filter { !dropped.contains($0.id) }.map { step in
            step.again(step.action, after: step.after.filter { !dropped.contains($0) })
        }
    }

    /// Some steps after others: `late` where `early` was, and `early` behind `late`.
    static func swapped(
        _ steps: [Step], _ isEarly: (Step) -> Bool, _ isLate: (Step) -> Bool
    ) -> [Step] {
        guard let early = steps.firstIndex(where: isEarly) else { return steps }
        let late = steps.filter(isLate)
        let lateIDs = Set(late.map(\.id))
        guard !late.isEmpty else { return steps }
        var order = steps.filter { !lateIDs.contains($0.id) && $0.id != steps[early].id }
        let place = order.firstIndex { !Set($0.after).isDisjoint(with: lateIDs) } ?? order.count
        order.insert(
            contentsOf: late.map { step in
                step.again(step.action, after: step.after.filter { $0 != steps[early].id } + steps[early].after)
            } + [steps[early].again(steps[early].action, after: late.map(\.id))], at: place)
        return order
    }
}

extension Step {
    /// The verb in its id.
    var verb: String { String(id.description.split(separator: "#").last ?? "") }

    /// The same step with another action or order.
    func again(_ action: StepAction, after: [ID]? = nil, ledger: LedgerEffect? = nil) -> Step {
        Step(verb, address, action, after: after ?? self.after, ledger: ledger ?? self.ledger)
    }
}

extension Deed {
    /// Links and exporters do what they do between all the steps of a run.
    static var applyWithBackground: Deed {
        .apply(nil, order: nil, (0..<40).map { .init(step: $0, deeds: [.background]) })
    }
}

extension History {
    /// A client writes, and the primary changes without an incident.
    mutating func move() {
        perform(writeDeed("g0.t0", isStale: false))
        perform(.setPrimary("east", consents: false))
        perform(.apply(nil, order: nil, []))
    }

    /// A change of primary by consent, while the old side answers its clients and links but not Spillway.
    mutating func failOverBlindly() {
        for endpoint in [World.Endpoint.cluster("west"), .registry("env-west")] {
            perform(.silence(endpoint, .unreachable))
        }
        perform(.setPrimary("east", consents: true))
        perform(.override([.alive]))
        perform(.apply(nil, order: nil, []))
    }

    /// The index of the first step that does something.
    func step(_ matches: (StepAction) -> Bool) -> Int {
        plan().steps.firstIndex { matches($0.action) } ?? 0
    }
}
