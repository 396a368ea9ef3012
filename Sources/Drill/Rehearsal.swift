import Domain
import Execution
import Planning
import Rendering
import Session

/// The rehearsal itself: one group, moved there and back while applications write and read.
struct Rehearsal {
    /// Applies until nothing is left to do.
    static let mostApplies = 6

    let family: GroupFamily
    /// The primary as declared, which is lost.
    let primary: String
    /// The member that takes over.
    let successor: String
    let bench: DrillBench
    let simulator: DrillSimulator
    let recordsPerSecond: Int
    /// What is rehearsed.
    let scenario: DrillScenario
    /// Chooses the moment of the loss; `nil` = half-way between two syncs of offsets.
    let seed: UInt64?
    /// Tells how far it is.
    let progress: @Sendable (String) -> Void

    private(set) var rehearsed: DrillWorkspace
    private(set) var report: DrillReport
    var load: DrillLoad?
    /// Ids of the members' clusters, once they exist.
    var clusterIDs: [String: String] = [:]
    /// Ids of the keys that applications have by now.
    var madeKeys: Set<String> = []
    /// When the primary's region was lost.
    var lostAt: Timestamp?
    /// The schema that was registered while it was lost.
    var schemas: DrillSchemas?

    init(
        _ family: GroupFamily, rehearsed: DrillWorkspace, bench: DrillBench, simulator: DrillSimulator,
        recordsPerSecond: Int, scenario: DrillScenario, seed: UInt64?, startedAt: Timestamp,
        progress: @escaping @Sendable (String) -> Void
    ) throws(CommandFailure) {
        guard let successor = family.secondaries.first else {
            throw CommandFailure(.error, "\(family.name) has one member: there is nowhere to move to")
        }
        self.family = family
        self.successor = successor
        self.bench = bench
        self.simulator = simulator
        self.recordsPerSecond = recordsPerSecond
        self.scenario = scenario
        self.seed = seed
        self.progress = progress
        self.rehearsed = rehearsed
        primary = family.primary
        report = DrillReport(workspace: rehearsed.workspace.name, group: family.name, startedAt: startedAt)
        report.notes = rehearsed.notes
        report.seed = seed
    }

    /// Rehearses everything; a part that cannot be carried through ends it.
    mutating func run() async throws -> DrillReport {
        do {
            try await setUp()
            if scenario != .failover {
                try await switchOver()
                try await switchBack()
            }
            if scenario != .switchover {
                try await failOver()
                try await failForward()
                try await switchBack()
            }
        } catch let failure as CommandFailure where failure.code == .error {
            report.failure = failure.message ?? "no reason given"
        }
        noteWhatIsNotTold()
        report.conclude(at: Workbench.now)
        return report
    }

    // MARK: Parts

    private mutating func setUp() async throws {
        progress("set up: applying the workspace to a simulator")
        var phase = DrillReport.Phase(.setUp, from: primary, to: primary)
        let start = Workbench.now
        defer { finish(phase, since: start) }
        try await settle(&phase)
        try await startApplications()
    }

    private mutating func switchOver() async throws {
        var phase = DrillReport.Phase(.switchOver, from: primary, to: successor)
        let start = Workbench.now
        defer { finish(phase, since: start) }
        if let reason = reasonNotToSwitchOver {
            phase.skipped = reason
            return
        }
        progress("switch over: \(primary) → \(successor), planned")
        let before = try await simulator.workload()
        setPrimary(successor)
        try await move(to: successor, &phase, since: before)
        if reasonNotToReturn == nil { try await settle(&phase) }
    }

    private mutating func failOver() async throws {
        progress("failover: \(primary) is lost, \(successor) takes over")
        var phase = DrillReport.Phase(.failover, from: primary, to: successor)
        let start = Workbench.now
        defer { finish(phase, since: start) }
        let before = try await simulator.workload()
        try await loseRegion(of: primary)
        rehearsed.edit { [family, primary, successor] leader in
            leader.placement = .declared(primary: successor, members: family.members)
            leader.failover = .init(from: primary, incident: "drill", overrides: [.loss, .bestSurvivor])
        }
        try await move(to: successor, &phase, since: before)
        try await registerDuringTheOutage(&phase)
    }

    private mutating func failForward() async throws {
        var phase = DrillReport.Phase(.failForward, from: successor, to: successor)
        let start = Workbench.now
        defer { finish(phase, since: start) }
        try await simulator.set(region: region(of: primary), isSilent: false)
        if let reason = reasonNotToReturn {
            phase.skipped = reason
            return
        }
        progress("fail forward: \(primary) returns, and follows \(successor)")
        let before = try await simulator.workload()
        try await settle(&phase)
        phase.records = try await records(since: before)
    }

    private mutating func switchBack() async throws {
        var phase = DrillReport.Phase(.switchBack, from: successor, to: primary)
        let start = Workbench.now
        defer { finish(phase, since: start) }
        if let reason = reasonNotToSwitchBack ?? reasonStillThere {
            phase.skipped = reason
            return
        }
        progress("switch back: \(successor) → \(primary), planned")
        let before = try await simulator.workload()
        setPrimary(primary)
        try await move(to: primary, &phase, since: before)
        try await settle(&phase)
        try await lookForSchemas(&phase)
    }

    /// Changes the line that is the topology, for a planned move.
    private mutating func setPrimary(_ member: String) {
        rehearsed.edit { [family] leader in
            leader.placement = .declared(primary: member, members: family.members)
            leader.failover = nil
            leader.discard = []
        }
    }

    private var reasonNotToSwitchOver: String? {
        if family.linkSettings.mode == .unidirectional {
            if family.groups.contains(where: { $0.fence == nil }) {
                return "no fence is declared: mirrors are not promoted while writers may go on"
            }
            if isFenceExternal { return Self.externalFence }
        }
        guard scenario == .all, let reason = reasonNotToReturn else { return nil }
        return "the failover could not be rehearsed after it: \(reason)"
    }

    /// Why there is nothing to switch back from.
    private var reasonStillThere: String? {
        guard let last = report.phases.last, last.kind == .switchOver, last.skipped != nil else { return nil }
        return "\(primary) was not left"
    }

    private var isFenceExternal: Bool {
        family.groups.contains { $0.fence?.denyWrites.isEmpty ?? true }
    }

    private static let externalFence =
        "the fence is external: somebody has to stop the writers, which the drill cannot rehearse"

    private var reasonNotToReturn: String? {
        if family.leader.reprotect == .retire { return "`reprotect: Retire` leaves \(primary) for good" }
        if family.groups.contains(where: { $0.metadata.protect }) {
            return "the group is protected: the copies on \(primary) are not replaced"
        }
        if family.groups.contains(where: { $0.fence == nil }) {
            return
                "no fence is declared: nothing would keep writers from the copies on \(primary) while they are replaced"
        }
        return nil
    }

    private var reasonNotToSwitchBack: String? {
        if reasonNotToReturn != nil { return "\(primary) does not follow \(successor)" }
        guard family.linkSettings.mode == .unidirectional else { return nil }
        return isFenceExternal ? Self.externalFence : nil
    }

    private mutating func finish(_ phase: DrillReport.Phase, since start: Timestamp) {
        var phase = phase
        phase.milliseconds = Workbench.now.milliseconds.minus(start.milliseconds)
        report.phases.append(phase)
    }

    // MARK: Applying

    /// Applies a change of primary, and waits until every writer is acknowledged by the new one.
    private mutating func move(
        to member: String, _ phase: inout DrillReport.Phase, since before: DrillSimulator.Workload
    ) async throws {
        let startedAt = Workbench.now
        let applied = try await applyMove(to: member, &phase)
        guard [.success, .incomplete].contains(applied.code) else { throw Self.failure(of: applied, phase) }
        phase.recovery = try await recovery(on: member, since: startedAt)
        let records = try await records(since: before)
        phase.records = records
        phase.checks = checks(phase.recovery, records)
    }

    /// Applies a change of primary, and again where it was refused only because a site was late to answer.
    private mutating func applyMove(
        to member: String, _ phase: inout DrillReport.Phase
    ) async throws -> DrillBench.Applied {
        let patience = DrillPatience()
        while true {
            let applied = try await bench.apply(rehearsed, confirming: (family.name, member))
            phase.applies.append(applied.apply)
            guard applied.code == .refused, patience.lasts else { return applied }
            let plan = try await bench.plan(rehearsed)
            guard plan.refusals.isEmpty || plan.mayPass else { return applied }
            try await patience.pause()
        }
    }

    /// Applies until nothing is left to do and the group is protected, giving the tokens that plans print. What comes
    /// by itself is waited for.
    private mutating func settle(_ phase: inout DrillReport.Phase) async throws {
        var patience = DrillPatience()
        var applies = 0
        while true {
            try await makeClientKeys()
            let plan = try await bench.plan(rehearsed)
            let isNew = consent(to: plan)
            guard isNew || !isSettled(plan) else { return }
            guard isNew || plan.hasSteps else {
                guard patience.lasts, plan.mayPass else { throw Self.standstill(plan, phase) }
                try await patience.pause()
                continue
            }
            guard applies < Self.mostApplies else { throw Self.standstill(plan, phase) }
            let applied = try await bench.apply(rehearsed)
            phase.applies.append(applied.apply)
            guard [.success, .incomplete, .refused, .partial].contains(applied.code) else {
                throw Self.failure(of: applied, phase)
            }
            applies += 1
            patience = DrillPatience()
        }
    }

    private func isSettled(_ plan: Plan) -> Bool {
        let names = Set(family.groups.map(\.name))
        let groups = plan.groups.filter { names.contains($0.name) }
        return !plan.hasSteps && groups.allSatisfy(\.isProtected) && groups.count == names.count
            && !plan.decisions.contains { names.contains($0.group) }
    }

    /// Takes over the tokens of the decisions that a plan prints.
    ///
    /// - Returns: Whether there was a new one.
    private mutating func consent(to plan: Plan) -> Bool {
        let tokens = plan.decisions.filter { $0.group == family.name }.compactMap(\.token)
        let known = rehearsed.workspace.failoverGroups[family.name]?.discard ?? []
        let new = tokens.filter { !known.contains($0) }
        rehearsed.edit { $0.discard += new }
        return !new.isEmpty
    }

    private static func failure(of applied: DrillBench.Applied, _ phase: DrillReport.Phase) -> CommandFailure {
        CommandFailure(
            .error, "\(phase.kind.rawValue): apply ended with exit \(applied.code.rawValue)\n\(applied.ending)")
    }

    private static func standstill(_ plan: Plan, _ phase: DrillReport.Phase) -> CommandFailure {
        let reasons =
            plan.refusals.inOrder.map { "\($0.subject): \($0.message)" }
            + plan.decisions.map { "\($0.member): \($0.message); \($0.wayOut)" }
            + plan.groups.filter { !$0.isProtected }.flatMap { group in group.findings.map { "\(group.name): \($0)" } }
            + plan.deferred.map { "\($0.address) waits" }
        return CommandFailure(
            .error,
            "\(phase.kind.rawValue): apply has nothing left to do, and the group is not protected\n"
                + reasons.prefix(10).joined(separator: "\n"))
    }

    // MARK: Notes

    /// Adds what the report should say.
    mutating func note(_ notes: [String]) {
        report.notes += notes.filter { !report.notes.contains($0) }
    }

    /// Takes over what the applications are.
    mutating func describe(_ load: DrillLoad) {
        self.load = load
        report.load = load.summary
        note(load.notes)
    }

    private mutating func noteWhatIsNotTold() {
        note([
            "Everything ran against the built-in simulator on this machine: its links fetch every 0.1 s, and its calls "
                + "take no time on the wire. Real lag, real request times and real provisioning come on top."
        ])
    }
}
