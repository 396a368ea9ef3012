/// A plan in the making: what it is made from, and what live systems have to be asked before it is final.
///
/// It asks nobody. Whoever observes the live systems answers its questions, and gets further ones that follow from the
/// answers, a few times at most.
package struct PlanDraft: Sendable {
    /// Rounds of questions: what is not known after them counts as not answered.
    package static let rounds = 2

    /// What the plan is made from, with the answers so far.
    package private(set) var input: PlanInput
    /// The plan by what is known so far.
    package private(set) var plan: Plan
    /// What is still to be asked; empty when the plan is final.
    package private(set) var questions: [Probe]
    private var round = 0

    /// A plan made from what was observed.
    package init(_ input: PlanInput) {
        self.input = input
        (plan, questions) = Planner.planned(input)
    }

    /// Takes answers over.
    package mutating func take(_ answers: [Probe: ProbeAnswer]) {
        input.answers.merge(answers) { $1 }
        round += 1
        (plan, questions) = Planner.planned(input)
        questions.removeAll { input.answers[$0] != nil }
        if round == Self.rounds { questions = [] }
    }
}
