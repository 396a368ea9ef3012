import Diagnostics
import Domain

extension RuleContext {
    func checkGroups(_ findings: inout Findings) {
        for group in workspace.failoverGroups.values {
            guard let object = object(.failoverGroup, group.name) else { continue }
            if let selector = group.topics {
                SelectorRules(selector: selector, object: object, path: "spec.topics").check(&findings)
            }
            if let schemas = group.schemas {
                SchemaSettingsRules(settings: schemas, object: object, path: "spec.schemas").check(&findings)
            }
            checkPlacement(of: group, object, &findings)
            checkConsents(of: group, object, &findings)
            checkFence(of: group, object, &findings)
            checkCanary(of: group, object, &findings)
        }
        checkEmptyGroups(&findings)
    }

    private func checkPlacement(of group: FailoverGroupSpec, _ object: RawObject, _ findings: inout Findings) {
        switch group.placement {
        case .follows(let leader):
            checkFollowing(leader, by: group, object, &findings)
        case .declared(let primary, let members):
            checkMembers(members, primary, object, &findings)
            checkCapabilities(members, primary, of: group, object, &findings)
            let ends = members.compactMap { workspace.clusters[$0] }
            LinkSettingsRules(settings: group.link, object: object, path: "spec.link", ends: ends).check(&findings)
            if group.reprotect == .restore && group.link.mode == .unidirectional {
                findings.error(
                    "restore-needs-bidirectional",
                    "`reprotect: Restore` truncates and restores, which only a Bidirectional link can",
                    at: object.place(of: "spec.reprotect"), help: "set `link.mode: Bidirectional`, or use Recreate")
            }
        }
        checkLinkNames(of: group, object, &findings)
    }

    private func checkFollowing(
        _ leader: String, by group: FailoverGroupSpec, _ object: RawObject, _ findings: inout Findings
    ) {
        if family(of: group.name) == nil, workspace.failoverGroups[leader] != nil, isInCycle(group.name) {
            findings.error(
                "follows-cycle", "group `\(group.name)` follows itself, so no primary is declared",
                at: object.place(of: "spec.follows"), help: "let one of the groups declare `primary` and `members`")
        }
        let own = Fields(object.node["spec"]?["link"])
        for field in ["mode", "initiator", "configs", "aclSync"] where own.node(field) != nil {
            findings.error(
                "follower-link-setting",
                "group `\(group.name)` shares the links of `\(leader)`, so it cannot set `link.\(field)`",
                at: object.place(of: "spec.link.\(field)"), help: "set it in `\(leader)`")
        }
    }

    private func isInCycle(_ name: String) -> Bool {
        var current = name
        var seen: Set<String> = []
        while seen.insert(current).inserted {
            guard case .follows(let next)? = workspace.failoverGroups[current]?.placement else { return false }
            current = next
        }
        return true
    }

    private func checkMembers(_ members: [String], _ primary: String, _ object: RawObject, _ findings: inout Findings) {
        if members.count < 2 {
            findings.error(
                "too-few-members", "a group needs two members or more", at: object.place(of: "spec.members"),
                help: "add the cluster it can move to")
        }
        for (index, member) in members.enumerated() where members.firstIndex(of: member) != index {
            findings.error(
                "duplicate-member", "`\(member)` is a member twice", at: object.place(of: "spec.members[\(index)]"))
        }
        guard !members.contains(primary), workspace.clusters[primary] != nil else { return }
        findings.error(
            "primary-not-a-member", "the primary `\(primary)` is none of the members \(listed(members))",
            at: object.place(of: "spec.primary"), help: "add it to `members`, or choose one of them")
    }

    /// Roles reverse, so every member must be able to be a destination; only a migration starts from one that cannot.
    private func checkCapabilities(
        _ members: [String], _ primary: String, of group: FailoverGroupSpec, _ object: RawObject,
        _ findings: inout Findings
    ) {
        var sourceOnly = 0
        for (index, member) in members.enumerated() {
            guard let cluster = workspace.clusters[member], !cluster.type.canHoldLinks else { continue }
            sourceOnly += 1
            let isLeavable = group.reprotect == .retire && sourceOnly == 1 && cluster.type != .freight
            guard !isLeavable else { continue }
            findings.error(
                "cannot-hold-link",
                "`\(member)` is \(cluster.type.rawValue), which cannot be the destination of a link, so the "
                    + "group could "
                    + "never move back", at: object.place(of: "spec.members[\(index)]"),
                help: cluster.type == .freight
                    ? "Freight clusters have no cluster links"
                    : "a migration away from it is `reprotect: Retire`; else members are Enterprise, Dedicated or "
                        + "ConfluentPlatform")
        }
    }

    /// Keys of `link.names` are `source-destination`, in Bidirectional mode the two in alphabetical order.
    private func checkLinkNames(of group: FailoverGroupSpec, _ object: RawObject, _ findings: inout Findings) {
        guard !group.link.names.isEmpty else { return }
        let clusters = workspace.clusters.keys.sorted()
        let mode = family(of: group.name)?.leader.link.mode ?? group.link.mode
        for key in group.link.names.keys.sorted() {
            let pairs = clusters.flatMap { source in
                clusters.filter { $0 != source && "\(source)-\($0)" == key }.map { [source, $0] }
            }
            let place = object.keyPlace(key, in: "spec.link.names")
            guard let pair = pairs.first else {
                reportUnknownPair(key, of: group, place, &findings)
                continue
            }
            // A member that left keeps the name of its link until the link is gone.
            if let members = workspace.placement(ofGroup: group.name)?.members,
                pair.allSatisfy({ !members.contains($0) })
            {
                findings.warn(
                    "unused-link-name", "`\(key)` is not used: neither is a member of group `\(group.name)`",
                    at: place, help: "remove it, or name a pair of `members`: \(members.joined(separator: ", "))")
                continue
            }
            guard mode == .bidirectional, pair != pair.sorted() else { continue }
            findings.warn(
                "unused-link-name",
                "`\(key)` is not used: the key of a Bidirectional link has its ends in alphabetical order", at: place,
                help: "write `\(pair.sorted().joined(separator: "-"))`")
        }
    }

    private func reportUnknownPair(
        _ key: String, of group: FailoverGroupSpec, _ place: Place, _ findings: inout Findings
    ) {
        guard !findings.isIncomplete else { return }
        let members = workspace.placement(ofGroup: group.name)?.members ?? []
        let pairs = members.flatMap { source in members.filter { $0 != source }.map { "\(source)-\($0)" } }
        let near = Suggestion.nearest(to: key, among: pairs)
        findings.error(
            "unknown-link-pair", "`\(key)` is no pair of clusters", at: place,
            help: near.map { "did you mean `\($0)`?" }
                ?? "keys are `source-destination`: \(listed(pairs.prefix(6), "or"))")
    }
}
