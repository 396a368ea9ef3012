import Domain
import Planning

/// One thing that is done in a history: what scripts are made of.
enum Deed: CustomStringConvertible {
    /// How a run is disturbed.
    struct Disturbance: CustomStringConvertible {
        enum Manner: String, CaseIterable {
            /// The step was not sent.
            case before
            /// The step had its effect, and nobody heard of it.
            case unheard
            /// The step had part of its effect.
            case half
        }

        /// Number of the step.
        let step: Int
        let manner: Manner
        /// Whether the run ends there; else the step counts as failed.
        let kills: Bool

        var description: String { "\(kills ? "killed" : "failing") at step \(step) (\(manner.rawValue))" }
    }

    /// What somebody or something else does while a run is under way, before a step.
    struct Meanwhile: CustomStringConvertible {
        let step: Int
        let deeds: [Deed]
        var description: String { "meanwhile at step \(step): \(deeds)" }
    }

    case apply(Disturbance?, order: UInt64?, [Meanwhile])
    /// Of one group, or of every one.
    case setPrimary(String, of: String? = nil, consents: Bool)
    case flagFailover(String)
    case reprotect(FailoverGroupSpec.Reprotect)
    case giveTokens
    case takeWaysOut
    case override(Set<GateOverride>)
    case write(binding: String, isStale: Bool, topic: String)
    case restartClients
    /// A consumer of a binding commits where it is.
    case commit(binding: String, topic: String)
    /// Links and exporters do what they do by themselves.
    case background
    /// Somebody is allowed something on a cluster.
    case allow(String, topic: String)
    case createByHand(String, topic: String)
    case declare(topic: String, DeletionPolicy, isProtected: Bool)
    case undeclare(topic: String)
    case limitDeletions(Int)
    case leave(topic: String)
    case detach(String)
    case failHook(String, number: Int)
    case repairHooks
    case rerunHooks
    case replicate(Int)
    case settle
    case die(String)
    case revive(String)
    case silence(World.Endpoint, World.Silence)
    case hear(World.Endpoint)
    case status(String, String, MirrorStatus)
    case endByHand(String, String)
    /// A schema is registered; with an id of its own choice it stands in the way of another one.
    case registerSchema(String, id: Int? = nil)
    case loseLedger
    case returnToOldLedger
    case swapLedger

    var description: String {
        switch self {
        case .apply(let disturbance, let order, let meanwhile):
            "apply" + (disturbance.map { ", \($0)" } ?? "") + (order.map { ", in order \($0)" } ?? "")
                + (meanwhile.isEmpty ? "" : ", \(meanwhile)")
        case .setPrimary(let site, let group, let consents):
            (group.map { "\($0): " } ?? "") + "primary: \(site)" + (consents ? " with consent" : "")
        case .flagFailover(let site): "--failover to \(site)"
        case .reprotect(let how): "reprotect: \(how.rawValue)"
        case .giveTokens: "give the tokens that are asked for"
        case .takeWaysOut: "take the ways out that are offered"
        case .override(let gates): "--override \(gates.map(\.rawValue).sorted())"
        case .write(let binding, let isStale, let topic):
            "a\(isStale ? " stale" : "") client of \(binding) writes \(topic)"
        case .restartClients: "clients restart"
        case .replicate(let count): "mirrors fetch \(count == .max ? "everything" : "\(count) records")"
        case .settle: "pending states end"
        case .die(let site): "\(site) dies"
        case .revive(let site): "\(site) is back"
        case .silence(let endpoint, let how): "\(endpoint) is \(how)"
        case .hear(let endpoint): "\(endpoint) answers"
        case .status(let site, let topic, let status): "\(topic) on \(site) becomes \(status)"
        case .endByHand(let site, let topic): "\(topic) on \(site) is made an ordinary topic by hand"
        case .registerSchema(let environment, let id):
            "a schema\(id.map { " of id \($0)" } ?? "") is registered in \(environment)"
        case .commit(let binding, let topic): "a consumer of \(binding) commits in \(topic)"
        case .background: "links and exporters do what they do by themselves"
        case .allow(let site, let topic): "somebody is allowed to read \(topic) on \(site)"
        case .createByHand(let site, let topic): "somebody creates \(topic) on \(site)"
        case .declare(let topic, let policy, let isProtected):
            "manifest of \(topic) with \(policy)\(isProtected ? ", protected" : "")"
        case .undeclare(let topic): "manifest of \(topic) is removed"
        case .limitDeletions(let count): "maxDeletions: \(count)"
        case .leave(let topic): "--leave \(topic)"
        case .detach(let link): "--detach \(link)"
        case .failHook(let binding, let number): "hook \(number) of \(binding) fails"
        case .repairHooks: "hooks work"
        case .rerunHooks: "--rerun-hooks"
        case .loseLedger: "the ledger is lost"
        case .returnToOldLedger: "an old copy of the ledger is restored"
        case .swapLedger: "another ledger is used"
        }
    }
}
