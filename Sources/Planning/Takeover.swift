package import Domain

/// Whether a standby could take over now if the holder were lost: a failover that is planned and never carried out.
///
/// The holder counts as silent in it, whatever it answers: its evidence would be missing in a disaster as well.
package struct Takeover: Sendable {
    /// Group that leads the family.
    package let family: String
    /// The member whose loss is supposed.
    package let from: String
    /// The member that would take over.
    package let member: String
    /// The workspace, with the line that is the topology changed: what secrets have to be read for.
    package let workspace: Workspace
    private let observation: Observation

    /// A takeover for every member that could follow a family's holder, in the order of the members.
    ///
    /// - Parameters:
    ///   - workspace: As declared.
    ///   - observation: What was seen.
    ///   - plan: The plan that says who holds the data; families on which it contradicts itself have none.
    package static func all(in workspace: Workspace, _ observation: Observation, _ plan: Plan) -> [Takeover] {
        GroupFamily.all(in: workspace).flatMap { family -> [Takeover] in
            let standing = plan.groups.first { $0.name == family.name }?.standing
            guard let holder = standing?.holder else { return [] }
            return family.members.filter { $0 != holder }.map {
                Takeover(of: family, from: holder, to: $0, workspace, observation)
            }
        }
    }

    private init(
        of family: GroupFamily, from holder: String, to member: String, _ workspace: Workspace,
        _ observation: Observation
    ) {
        self.family = family.name
        self.from = holder
        self.member = member
        var changed = workspace
        changed.failoverGroups[family.name]?.placement = .declared(primary: member, members: family.members)
        changed.failoverGroups[family.name]?.failover = nil
        self.workspace = changed
        var without = observation
        let supposed = "supposed to be lost"
        without.clusters[holder] = .unreachable(reason: supposed)
        if let environment = workspace.clusters[holder]?.environment,
            workspace.clusters[member]?.environment != environment
        {
            without.registries[environment] = .unreachable(reason: supposed)
        }
        self.observation = without
    }

    /// Its plan in the making.
    ///
    /// - Parameters:
    ///   - recorded: The ledger.
    ///   - secrets: Facts about the secrets of ``workspace``.
    ///   - answers: What live systems answered just now; of movements, which are supposed to be none, nothing counts.
    ///   - toolVersion: Version of Spillway.
    package func draft(
        _ recorded: Recorded, secrets: SecretFacts, knowing answers: [Probe: ProbeAnswer], toolVersion: String
    ) -> TakeoverDraft {
        var options = PlanOptions()
        options.failovers[family] = .init(member: member, incident: "status")
        // The quiet period says nothing about a standby: it passes by itself, and a flag passes it.
        options.overrides = [.quietPeriod]
        var input = PlanInput(
            workspace: workspace, observation: observation, recorded: recorded, secrets: secrets, options: options,
            toolVersion: toolVersion)
        input.answers = answers.filter { if case .movement = $0.key { false } else { true } }
        return TakeoverDraft(self, input)
    }

    /// What only live systems can say: would they accept the verbs, and applications' credentials? Questions about a
    /// movement of offsets, which a lost holder makes none of, are answered.
    fileprivate func probes(for plan: Plan, _ open: [Probe]) -> [Probe] {
        let signIns = bindings.filter { $0.credentials[member] != nil }.map {
            Probe.signIn(binding: $0.name, cluster: member)
        }
        let asked = promotions(in: plan) + signIns + open.filter { if case .movement = $0 { false } else { true } }
        return Set(asked).sorted { "\($0)" < "\($1)" }
    }

    /// Answers that follow from what is supposed.
    fileprivate func supposed(_ open: [Probe]) -> [Probe: ProbeAnswer] {
        var answers: [Probe: ProbeAnswer] = [:]
        for case .movement(let mirrors, let source) in open {
            answers[.movement(mirrors, source: source)] = .movement(offsetsAdvanced: false, source: .silent)
        }
        return answers
    }

    fileprivate func outlook(_ plan: Plan, _ input: PlanInput) -> Outlook {
        let names = Set(groups.map(\.name))
        var outlook = Outlook(family: family, from: from, member: member)
        outlook.refusals = plan.refusals.filter { refusal in
            names.contains { refusal.subject == "FailoverGroup \($0)" }
        }
        let move = plan.moves.first { $0.family == family }
        if move == nil, outlook.refusals.isEmpty {
            outlook.refusals = [
                Refusal(
                    .candidate, subject: "FailoverGroup \(family)", .family(.nothingToTakeOver(member: member)))
            ]
        }
        outlook.lag = move?.lag
        outlook.unknownLag = move?.unknownLag ?? []
        outlook.expected = move?.expected
        for probe in promotions(in: plan) {
            guard case .promotion(_, let mirrors) = probe else { continue }
            outlook.mirrors += mirrors.topics.count
            switch input.answers[probe] {
            case .refusals(let reasons)?:
                outlook.refused += reasons.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            case .unanswered(let silence)?: outlook.notChecked.append("mirrors on link \(mirrors.link): \(silence)")
            default: outlook.notChecked.append("mirrors on link \(mirrors.link)")
            }
        }
        for binding in bindings {
            if let reason = input.secrets.unresolvedBindings[binding.name]?.reason {
                outlook.clients.append("\(binding.name): \(reason)")
            }
            switch input.answers[.signIn(binding: binding.name, cluster: member)] {
            case .signIn(let refused)?: outlook.clients += refused.map { "\(binding.name): \($0)" }
            case .unanswered(let silence)?: outlook.notChecked.append("sign-in of \(binding.name): \(silence)")
            default: break
            }
        }
        return outlook
    }

    private var groups: [FailoverGroupSpec] {
        GroupFamily.all(in: workspace).first { $0.name == family }?.groups ?? []
    }

    private var bindings: [ClientBindingSpec] {
        let names = Set(groups.map(\.name))
        return workspace.clientBindings.values.filter { binding in
            if case .failoverGroup(let group) = binding.target { names.contains(group) } else { false }
        }.sorted { $0.name < $1.name }
    }

    private func promotions(in plan: Plan) -> [Probe] {
        plan.steps.compactMap { step in
            guard case .move(.endMirrors(let promotion, let mirrors)) = step.action else { return nil }
            return mirrors.cluster == member ? Probe.promotion(promotion, mirrors) : nil
        }
    }

    /// What a takeover would meet.
    package struct Outlook: Hashable, Sendable {
        /// Group that leads the family.
        package let family: String
        /// The member whose loss is supposed.
        package let from: String
        /// The member that would take over.
        package let member: String
        /// Gates that would refuse.
        package var refusals: [Refusal] = []
        /// Mirrors that the server was asked about.
        package var mirrors = 0
        /// Mirrors the server would not end, with what it says.
        package var refused: [String] = []
        /// Applications that could not work there, and why.
        package var clients: [String] = []
        /// What was not answered.
        package var notChecked: [String] = []
        /// Records behind as the member last knew.
        package var lag: Recorded.Lag?
        /// Topics of which it is not known how far they are behind.
        package var unknownLag: [String] = []
        /// Time from the start of an apply until clients are moved, as the steps let expect.
        package var expected: Duration?

        /// Whether nothing is known to stand against it.
        package var isPossible: Bool { refusals.isEmpty && refused.isEmpty }
    }
}

/// A takeover in the making: what is supposed is answered, and what only live systems can say is asked.
package struct TakeoverDraft: Sendable {
    /// What is to be asked.
    package let questions: [Probe]
    private let takeover: Takeover
    private var draft: PlanDraft

    fileprivate init(_ takeover: Takeover, _ input: PlanInput) {
        self.takeover = takeover
        draft = PlanDraft(input)
        draft.take(takeover.supposed(draft.questions))
        let known = draft.input.answers
        questions = takeover.probes(for: draft.plan, draft.questions).filter { known[$0] == nil }
    }

    /// Takes answers over.
    package mutating func take(_ answers: [Probe: ProbeAnswer]) { draft.take(answers) }

    /// What is to be said of it.
    package var outlook: Takeover.Outlook { takeover.outlook(draft.plan, draft.input) }
}
