import Domain
import Planning
import Rendering

/// What people change in the manifests and on the command line.
extension History {
    mutating func edit(_ deed: Deed) {
        switch deed {
        case .setPrimary(let site, let group, let consents):
            options.failovers = [:]
            for family in families where family.members.contains(site) && family.name == group ?? family.name {
                incidents += 1
                let holder = judge.holder(of: FamilyFacts(family, workspace, left: [])) ?? family.primary
                let incident = "INC-\(incidents)"
                change(family.name) { group in
                    group.placement = .declared(primary: site, members: family.members)
                    group.failover =
                        consents && holder != site
                        ? .init(from: holder, incident: incident, overrides: [.loss]) : nil
                }
            }
        case .flagFailover(let site):
            incidents += 1
            for family in families where family.members.contains(site) {
                change(family.name) { $0.placement = .declared(primary: site, members: family.members) }
                options.failovers[family.name] = .init(member: site, incident: "INC-\(incidents)")
            }
        case .reprotect(let how): for family in families { change(family.name) { $0.reprotect = how } }
        case .override(let gates): options.overrides.formUnion(gates)
        case .giveTokens: giveTokens(plan())
        case .takeWaysOut: for refusal in plan().refusals { takeWayOut(of: refusal) }
        case .leave(let topic): options.left.insert(topic)
        case .detach(let link): options.detached.insert(link)
        case .rerunHooks: options.rerunsHooks = true
        case .limitDeletions(let count): workspace.spec.policy.maxDeletions = count
        case .undeclare(let topic): workspace.topics[topic] = nil
        case .declare(let topic, let policy, let isProtected):
            workspace.addTopic(topic, .cluster("west")) { spec in
                spec.deletionPolicy = policy
                spec.metadata.protect = isProtected
            }
        default: break
        }
    }

    private mutating func change(_ group: String, _ edit: (inout FailoverGroupSpec) -> Void) {
        guard var spec = workspace.failoverGroups[group] else { return }
        edit(&spec)
        workspace.failoverGroups[group] = spec
    }

    /// Adds the tokens that decisions print.
    private mutating func giveTokens(_ plan: Plan) {
        for decision in plan.decisions {
            guard let token = decision.token else { continue }
            judge.topicsOfTokens[token] = Set(decision.topics)
            change(decision.group) { if !$0.discard.contains(token) { $0.discard.append(token) } }
        }
    }

    /// Does what the text of a decision asks for.
    mutating func decide(_ decision: NeededDecision, _ text: String) {
        if let word = text.between("`reprotect: ", "`"), let how = FailoverGroupSpec.Reprotect(rawValue: word) {
            change(decision.group) { $0.reprotect = how }
        }
        if let token = text.between("discard: [", "]") {
            judge.topicsOfTokens[token] = Set(decision.topics)
            change(decision.group) { if !$0.discard.contains(token) { $0.discard.append(token) } }
        }
    }

    /// Does what a refusal says; `false` when it only asks to wait, or for something done by hand.
    @discardableResult
    mutating func takeWayOut(of refusal: Refusal) -> Bool {
        takeWayOut(refusal.wayOut, of: refusal)
    }

    /// Does what a text offers as the way out of a refusal.
    @discardableResult
    mutating func takeWayOut(_ text: String, of refusal: Refusal) -> Bool {
        let family = String(refusal.subject.dropFirst("FailoverGroup ".count).prefix { $0 != " " })
        if let count = text.between("policy.maxDeletions: ", "`").flatMap({ Int($0) }) {
            workspace.spec.policy.maxDeletions = count
            return true
        }
        if let member = text.word(after: "--abandon ") { return options.abandoned.insert(member).inserted }
        if text.contains("metadata.protect: false"), workspace.failoverGroups[family] != nil {
            change(family) { $0.metadata.protect = false }
            return true
        }
        if refusal.gate == .clients, let site = text.between("delete them on ", " by hand") {
            world.change(site, workspace) { $0.denials.subtract(judge.mayBeRemoved(on: site)) }
            note(.people)
            return true
        }
        if let name = text.word(after: "--override "), let gate = GateOverride(rawValue: name) {
            return options.overrides.insert(gate).inserted
        }
        if let site = text.between("failover: {from: ", ",") {
            incidents += 1
            let incident = "INC-\(incidents)"
            let members = families.first { $0.name == family }?.members ?? []
            let target = text.between("`primary: ", "`").flatMap { members.contains($0) ? $0 : nil }
            change(family) { group in
                group.failover = .init(from: site, incident: incident)
                if let target { group.placement = .declared(primary: target, members: members) }
            }
            return true
        }
        if let site = text.between("primary: ", "`") ?? text.word(after: "`primary` back to ") {
            guard let members = families.first(where: { $0.name == family })?.members, members.contains(site) else {
                return false
            }
            change(family) { $0.placement = .declared(primary: site, members: members) }
            if text.hasPrefix("declare whose"), let copy = text.word(after: "--adopt-diverged ") {
                options.adoptDiverged.insert(copy)
            }
            return true
        }
        if let copy = text.word(after: "--adopt-diverged "), copy.contains("@") {
            return options.adoptDiverged.insert(copy).inserted
        }
        if let link = (text + " " + refusal.message).word(after: "--detach ") {
            return options.detached.insert(link).inserted
        }
        let left = text.split(separator: "--leave ").dropFirst().compactMap { $0.split(separator: " ").first }
        if !left.isEmpty {
            options.left.formUnion(left.map { String($0.filter { $0 != "," && $0 != ";" }) })
            return true
        }
        if text.contains("declare `fence.denyWrites: ") {
            var fence = FailoverGroupSpec.Fence()
            fence.denyWrites = ["User:*"]
            change(family) { $0.fence = fence }
            return true
        }
        return false
    }
}

extension String {
    /// What stands between two marks.
    func between(_ start: String, _ end: String) -> String? {
        guard let range = firstRange(of: start) else { return nil }
        let rest = self[range.upperBound...]
        guard let close = rest.firstRange(of: end) else { return nil }
        return String(rest[..<close.lowerBound])
    }

    func word(after start: String) -> String? {
        guard let range = firstRange(of: start) else { return nil }
        let word = self[range.upperBound...].prefix { $0.isLetter || $0.isNumber || "@-_/".contains($0) }
        return word.isEmpty ? nil : String(word)
    }
}
