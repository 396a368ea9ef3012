import Domain
import Planning
import Rendering

/// A history with what is needed to say whether numbers that are told of it are true.
struct Chronicle {
    var history: History
    private var story: [String] = []
    /// When each record was written, at the latest.
    private var births: [Int: Timestamp] = [:]
    /// How far the standbys of each family were behind, by the moment somebody looked.
    private var lags: [String: [Timestamp: Set<Int64>]] = [:]

    init(_ history: History) {
        self.history = history
    }

    /// The deeds so far, and what they led to.
    var inWords: String { (story.map { "  - \($0)" } + state).joined(separator: "\n") }

    private var state: [String] {
        history.facts().flatMap { family in
            let moves = history.world.ledger.moves[family.name]
            let holder = Statements(history).holder(of: family)
            let rows = family.members.flatMap { member in
                (history.world.cluster(member, history.workspace)?.mirrors ?? []).map { row in
                    "\(member) \(row.topic) over \(row.link) \(row.status) \(row.lags.map(\.lag))"
                }
            }
            return ["  \(family.name): \(holder) holds, open \(moves?.open?.to ?? "-") \(moves?.open?.isPast ?? false)"]
                + rows.map { "    \($0)" }
        } + ["  silent: \(history.world.silent.keys.map { "\($0)" })"]
    }

    /// Plays a random history in which people and services do what nobody asked for, and looks at the plan behind each
    /// deed, until there was enough to see.
    static func play(_ seed: UInt64, _ goesOn: (Chronicle, Plan) -> Bool) {
        var generator = HistoryGenerator(seed: seed)
        var random = SplitMix(seed: ~seed)
        var chronicle = Chronicle(HistoryGenerator.settled(generator.shape()))
        let age = random.pick([nil, 5, 20, 100])
        chronicle.history.workspace.failoverGroups["g0"]?.objectives.age = age.map { .seconds($0) }
        chronicle.story.append("objective of age: \(age.map { "\($0) s" } ?? "none")")
        for deed in generator.script(for: chronicle.history) {
            chronicle.history.perform(deed)
            chronicle.story.append("\(deed)")
            let plan = chronicle.look()
            guard goesOn(chronicle, plan) else { return }
            for upset in random.some(Upset.allCases, oneIn: 12) {
                chronicle.story.append(chronicle.history.upset(upset, &random))
                let plan = chronicle.look()
                guard goesOn(chronicle, plan) else { return }
            }
        }
    }

    /// The plan of now, of mirrors that tell how far they are behind; what was seen for it is remembered, as commands do.
    mutating func look() -> Plan {
        history.world.time = history.world.time.advanced(by: .seconds(1))
        history.world.tellLags()
        let plan = history.plan()
        note(plan)
        history.world.ledger.lag.merge(GroupLag.measured(plan)) { $1 }
        let observation = history.world.observation(history.workspace)
        var sites = observation.sites
        sites.learnHoldings(from: observation.clusters, remembering: history.world.ledger.sites)
        history.world.ledger.sites = sites
        return plan
    }

    private mutating func note(_ plan: Plan) {
        let now = history.world.time
        for cluster in history.world.clusters.values {
            for record in cluster.records.values.joined() where births[record] == nil { births[record] = now }
        }
        for family in history.facts() {
            lags[family.name, default: [:]][now] = Set(lags(of: family, from: holder(of: family, plan)).values)
        }
    }

    /// The member whose copies a plan says are the family's data: how far others are behind is told of them.
    private func holder(of family: FamilyFacts, _ plan: Plan) -> String {
        plan.groups.first { $0.name == family.name }?.standing?.holder ?? family.primary
    }

    /// How far each standby is behind.
    private func lags(of family: FamilyFacts, from holder: String) -> [String: Int64] {
        family.members.filter { $0 != holder }.reduce(into: [:]) {
            $0[$1] = Int64(Statements(history).missing(on: $1, of: family, from: holder).count)
        }
    }

    // MARK: What is not true

    func untrue(_ plan: Plan) -> [String] {
        Statements(history).untrueProtection(plan) + untrueLags(plan) + untrueReports(plan) + untrueMoves(plan)
    }

    /// Lags that are stated as current and are not.
    func untrueLags(_ plan: Plan) -> [String] {
        plan.lags.sorted { $0.key < $1.key }.compactMap { family, lag in
            guard let reading = lag.reading else { return nil }
            let truth = lags[family]?[reading.asOf] ?? []
            guard reading.asOf != history.world.time || !truth.contains(reading.records) else { return nil }
            return "\(family) is said to be \(reading.records) behind as of \(reading.asOf), and is \(truth)"
        }
    }

    /// What `status` says of lag, as of whenever it says that it was, and of age.
    private func untrueReports(_ plan: Plan) -> [String] {
        let report = report(plan)
        return report.groups.flatMap { group -> [String] in
            guard let family = Statements(history).family(of: group.name) else { return [] }
            var untrue: [String] = []
            if let lag = group.lag {
                let truth = lags[family.name]?[lag.asOf] ?? []
                if !truth.contains(lag.records) || lag.isRemembered == (lag.asOf == history.world.time) {
                    untrue.append(
                        "status of \(group.name) tells lag \(lag.records) as of \(lag.asOf), which was \(truth)")
                }
            }
            if let bound = group.age?.boundMilliseconds {
                let holder = holder(of: family, plan)
                let standbys = family.members.filter { $0 != holder }
                if standbys.allSatisfy({ isLost(on: $0, family, from: holder, beyond: .milliseconds(bound)) }) {
                    untrue.append("status of \(group.name) says that at most the last \(bound) ms are lost")
                }
            }
            return untrue
        }
    }

    private func report(_ plan: Plan) -> StatusReport {
        StatusReport(
            plan: plan, observation: history.world.observation(history.workspace), workspace: history.workspace,
            recorded: history.world.ledger, ledger: "memory", lastRun: nil)
    }

    /// Whether a member lacks a record that is older than a bound.
    private func isLost(on member: String, _ family: FamilyFacts, from holder: String, beyond bound: Duration) -> Bool {
        let missing = Statements(history).missing(on: member, of: family, from: holder)
        return missing.contains { record in births[record].map { history.world.time.since($0) > bound } ?? true }
    }

    /// What moves say that they would lose.
    private func untrueMoves(_ plan: Plan) -> [String] {
        let statements = Statements(history)
        return plan.moves.filter { !$0.isContinued }.flatMap { move -> [String] in
            guard let family = history.facts().first(where: { $0.name == move.family }), let lag = move.lag else {
                return []
            }
            let missing = Int64(statements.missing(on: move.to, of: family, from: move.from).count)
            var untrue: [String] = []
            let isSilent = plan.sites.contains { $0.kind == .kafka && $0.name == move.from && $0.state.isUnseen }
            let isExact = !isSilent && move.unknownLag.isEmpty
            if lag.records > missing || (isExact && lag.records != missing) {
                let words = isExact ? "" : "at least "
                untrue.append("\(move.kind) to \(move.to) says that \(words)\(lag.records) are lost of \(missing)")
            }
            let isJudged = move.kind == .failover && !move.overrides.contains(.loss)
            if isJudged, let allowed = move.objectives.age,
                isLost(on: move.to, family, from: move.from, beyond: allowed),
                let bound = report(plan).groups.first(where: { $0.name == move.family })?.age?.boundMilliseconds
            {
                untrue.append("\(move.kind) to \(move.to) loses more than the last \(allowed), and says \(bound) ms")
            }
            return untrue
        }
    }
}

extension Statements {
    /// Records of the member that serves which another one lacks.
    func missing(on member: String, of family: FamilyFacts, from holder: String) -> Set<Int> {
        let source = history.world.cluster(holder, workspace)
        let copy = history.world.cluster(member, workspace)
        return family.topics.reduce(into: []) { missing, topic in
            missing.formUnion(Set(source?.records[topic] ?? []).subtracting(copy?.records[topic] ?? []))
        }
    }
}
