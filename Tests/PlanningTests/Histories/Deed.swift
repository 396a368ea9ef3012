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
    case setPrimary(String, consents: Bool)
    case flagFailover(String)
    case reprotect(FailoverGroupSpec.Reprotect)
    case giveTokens
    case takeWaysOut
    case override(Set<GateOverride>)
    case write(binding: String, isStale: Bool, topic: String)
    case restartClients
    case replicate(Int)
    case settle
    case die(String)
    case revive(String)
    case silence(World.Endpoint, World.Silence)
    case hear(World.Endpoint)
    case status(String, String, MirrorStatus)
    case endByHand(String, String)
    case registerSchema(String)
    case loseLedger
    case returnToOldLedger
    case swapLedger

    var description: String {
        switch self {
        case .apply(let disturbance, let order, let meanwhile):
            "apply" + (disturbance.map { ", \($0)" } ?? "") + (order.map { ", in order \($0)" } ?? "")
                + (meanwhile.isEmpty ? "" : ", \(meanwhile)")
        case .setPrimary(let site, let consents): "primary: \(site)" + (consents ? " with consent" : "")
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
        case .registerSchema(let environment): "a schema is registered in \(environment)"
        case .loseLedger: "the ledger is lost"
        case .returnToOldLedger: "an old copy of the ledger is restored"
        case .swapLedger: "another ledger is used"
        }
    }
}
