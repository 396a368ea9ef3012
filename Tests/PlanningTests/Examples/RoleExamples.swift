import Domain
import Planning
import Testing

/// The role tables, cell by cell: what a move does with a topic in each state, and what it asks for.
@Suite struct RoleExamples {
    enum Outcome: String {
        case moves, resumes, waits, refuses, creates
    }

    struct Cell: Sendable, CustomTestStringConvertible {
        let status: MirrorStatus?
        let name: String
        let switchover: Outcome
        let failover: Outcome
        var testDescription: String { name }

        init(_ status: MirrorStatus, _ switchover: Outcome, _ failover: Outcome) {
            (self.status, name, self.switchover, self.failover) = (status, "\(status)", switchover, failover)
        }

        init(_ name: String, _ switchover: Outcome, _ failover: Outcome) {
            (status, self.name, self.switchover, self.failover) = (nil, name, switchover, failover)
        }
    }

    static let cells = [
        Cell(.active, .moves, .moves), Cell(.paused, .resumes, .moves), Cell(.linkPaused, .resumes, .moves),
        Cell(.sourceUnavailable, .refuses, .moves), Cell(.linkFailed, .refuses, .moves),
        Cell(.failed, .refuses, .moves),
        Cell(.pendingStopped, .moves, .moves), Cell(.pendingSynchronize, .moves, .moves),
        Cell(.pendingMirror, .waits, .moves), Cell(.pendingSetupForRestore, .waits, .refuses),
        Cell(.pendingRestore, .waits, .refuses), Cell(.other("MYSTERY"), .waits, .moves),
        Cell("absent", .refuses, .creates), Cell("STOPPED", .refuses, .moves), Cell("ordinary", .refuses, .moves),
        Cell("of another", .refuses, .moves),
    ]

    @Test("a topic on the new side is moved, resumed, made or refused by its state", arguments: cells, [false, true])
    func role(_ cell: Cell, isBidirectional: Bool) {
        var shape = HistoryGenerator.Shape()
        shape.isBidirectional = isBidirectional
        shape.members = cell.name == "of another" ? 3 : 2
        shape.canary = false
        for kind in [RecordedMoves.Kind.switchover, .failover] {
            var history = HistoryGenerator.settled(shape)
            Self.put(cell, on: &history)
            if kind == .failover { history.perform(.die("west")) }
            history.perform(.setPrimary("east", consents: kind == .failover))
            let plan = history.plan()
            #expect(Self.outcome(plan) == (kind == .switchover ? cell.switchover : cell.failover), "\(plan.inWords)")
            history.apply()
            let role = "\(kind.rawValue) \(cell.name)"
            #expect(history.coverage.roles[role] ?? 0 > 0, "\(history.coverage.roles)")
            #expect(history.judge.findings.map(\.description) == [])
        }
    }

    private static func put(_ cell: Cell, on history: inout History) {
        if let status = cell.status { return history.perform(.status("east", "g0.t0", status)) }
        let north = history.world.cluster("north", history.workspace)?.listed.id
        history.world.change("east", history.workspace) { cluster in
            switch cell.name {
            case "absent":
                cluster.topics["g0.t0"] = nil
                cluster.records["g0.t0"] = nil
                cluster.mirrors.removeAll { $0.topic == "g0.t0" }
            case "ordinary": cluster.mirrors.removeAll { $0.topic == "g0.t0" }
            case "STOPPED":
                for index in cluster.mirrors.indices where cluster.mirrors[index].topic == "g0.t0" {
                    cluster.mirrors[index].status = .stopped
                }
            default:
                cluster.links["by-hand"] = ObservedLink(
                    name: "by-hand", clusterLinkID: "by-hand", remoteClusterID: north)
                for index in cluster.mirrors.indices where cluster.mirrors[index].topic == "g0.t0" {
                    cluster.mirrors[index].link = "by-hand"
                }
            }
        }
    }

    private static func outcome(_ plan: Plan) -> Outcome? {
        if plan.refusals.contains(where: { $0.gate == .candidate }) { return .refuses }
        let verbs = plan.steps.map(\.id.description)
        if verbs.contains(where: { $0.contains("#resume-") }) { return .resumes }
        if verbs.contains(where: { $0.contains("#await-") }) { return .waits }
        if verbs.contains("group/g0#create-g0.t0") { return .creates }
        return plan.moves.isEmpty ? nil : .moves
    }
}
