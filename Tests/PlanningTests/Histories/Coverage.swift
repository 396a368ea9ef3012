import Domain
import Planning
import Rendering

/// Which cells of the role tables, and which crash points, were reached.
struct Coverage {
    /// `Switchover PAUSED`, `Failover absent`, `mirror former`, ….
    var roles: [String: Int] = [:]
    /// `promote, killed`, ….
    var crashes: [String: Int] = [:]
    var gates: [String: Int] = [:]
    var plans = 0
    /// Plans in which one group goes where another one comes from.
    var crossings = 0

    mutating func merge(_ other: Coverage) {
        roles.merge(other.roles) { $0 + $1 }
        crashes.merge(other.crashes) { $0 + $1 }
        gates.merge(other.gates) { $0 + $1 }
        plans += other.plans
        crossings += other.crossings
    }

    mutating func see(_ plan: Plan, _ world: World, _ workspace: Workspace) {
        plans += 1
        if plan.moves.contains(where: { move in plan.moves.contains { $0.from == move.to && $0.to == move.from } }) {
            crossings += 1
        }
        for refusal in plan.refusals { gates[refusal.gate.rawValue, default: 0] += 1 }
        for family in GroupFamily.all(in: workspace) {
            let topics = workspace.topics.values.filter { spec in
                family.groups.contains { spec.home == .failoverGroup($0.name) }
            }.map(\.topicName)
            let kind = plan.moves.first { $0.family == family.name }?.kind.rawValue ?? Self.refusedKind(plan, family)
            if let kind {
                let holder = plan.moves.first { $0.family == family.name }?.from ?? Self.refusedHolder(plan, family)
                for topic in topics {
                    let role = Self.role(of: topic, on: family.primary, from: holder, world, workspace)
                    roles["\(kind) \(role)", default: 0] += 1
                }
            } else {
                for member in family.secondaries where world.silent[.cluster(member)] == nil {
                    for topic in topics {
                        let role = Self.role(of: topic, on: member, from: family.primary, world, workspace)
                        let isPromoted =
                            world.ledger.moves[family.name]?.open.map { $0.to == member && $0.isPast } ?? false
                        let isDemoted = world.ledger.moves[family.name]?.demoted[member] != nil
                        let name =
                            role == "STOPPED" || role == "ordinary"
                            ? (isDemoted ? "former" : isPromoted ? "promoted" : "stranger") : role
                        roles["mirror \(name)", default: 0] += 1
                    }
                }
            }
        }
    }

    private static func refusedKind(_ plan: Plan, _ family: GroupFamily) -> String? {
        let own = plan.refusals.filter { $0.subject == "FailoverGroup \(family.name)" }.map(\.message)
        return ["Switchover", "Failover"].first { kind in own.contains { $0.hasPrefix("\(kind) from") } }
    }

    private static func refusedHolder(_ plan: Plan, _ family: GroupFamily) -> String? {
        plan.refusals.lazy.filter { $0.subject == "FailoverGroup \(family.name)" }
            .compactMap { $0.message.word(after: " from ") }.first
    }

    private static func role(
        of topic: String, on member: String, from holder: String?, _ world: World, _ workspace: Workspace
    ) -> String {
        guard let cluster = world.cluster(member, workspace), cluster.topics[topic] != nil else { return "absent" }
        let rows = cluster.mirrors.filter { $0.topic == topic }
        guard let row = rows.first(where: { $0.status != .stopped }) else {
            return rows.isEmpty ? "ordinary" : "STOPPED"
        }
        let source = cluster.links[row.link]?.remoteClusterID
        if let holder, holder != member, world.cluster(holder, workspace)?.listed.id != source { return "of another" }
        return row.status.description
    }

    /// The row of the table of crash points that a step belongs to.
    mutating func interrupt(_ step: Step, _ manner: Deed.Disturbance.Manner) {
        let verb = step.id.description.split(separator: "#").last.map(String.init) ?? ""
        crashes["\(Self.row(of: verb, step)) \(manner.rawValue)", default: 0] += 1
    }

    static func row(of verb: String, _ step: Step) -> String {
        switch step.action {
        case .binding(.publish): return "publish"
        case .move(.endMirrors(let ending, _)): return ending.rawValue
        case .move(.verifyFence): return "verify fence"
        case .move(.drain): return "drain"
        case .registry(.awaitSchemas): return "compare schemas"
        case .move(.fence): return "fence"
        case .move(.unfence): return "unfence"
        case .registry(.setRegistryMode(let setting)): return "registry \(setting.mode)"
        case .registry(.pauseExporter): return "pause exporter"
        case .registry(.deleteExporter): return "delete exporter"
        case .registry(.createExporter): return "create exporter"
        case .kafka(.deleteTopic): return "delete copy"
        case .kafka(.createMirror): return "create mirror"
        case .move(.restoreMirrors): return "restore"
        case .kafka(.deleteLink): return "delete link"
        case .move(.confirmHolder): return "confirm"
        case .move(.writeCanary(let canary)): return canary.seenOn == nil ? "canary" : "cross canary"
        case .kafka(.alterLink): return "link configs"
        case .kafka(.resumeMirrors): return "resume"
        case .move(.awaitMirrors): return "await mirrors"
        case .registry(.deleteSchemas): return "delete schemas"
        case .hook(.runHook): return "hook"
        case .move(.detachLink): return "detach"
        case .kafka(.createTopic): return "create topic"
        default: break
        }
        guard case .move(_, let event) = step.ledger else { return "other" }
        switch event {
        case .opened: return "open"
        case .downgraded: return "downgrade"
        case .amended: return "amend"
        case .fencing: return "fencing"
        case .unfenced: return "unfenced"
        case .past: return "past"
        case .served: return "served"
        case .discarding: return "discarding"
        case .returned: return "returned"
        case .abandoned: return "abandoned"
        case .closed: return "closed"
        case .switchingOff: return "switching off"
        case .switchedOn: return "switched on"
        }
    }
}
