import Domain

extension RuleContext {
    /// `failover` and `discard` name members.
    func checkConsents(of group: FailoverGroupSpec, _ object: RawObject, _ findings: inout Findings) {
        guard let placement = workspace.placement(ofGroup: group.name) else { return }
        if let from = group.failover?.from, workspace.clusters[from] != nil {
            if !placement.members.contains(from) {
                findings.error(
                    "failover-from-non-member",
                    "`failover.from` is `\(from)`, which is none of the members \(listed(placement.members))",
                    at: object.place(of: "spec.failover.from"), help: "name the member that is lost")
            } else if from == placement.primary {
                findings.warn(
                    "failover-from-primary", "`failover.from` is the primary itself, so this consent does nothing",
                    at: object.place(of: "spec.failover.from"),
                    help: "remove `failover` when its incident is over, or change `primary` to move away from `\(from)`"
                )
            }
        }
        if let incident = group.failover?.incident, incident.allSatisfy(\.isWhitespace) {
            findings.error(
                "empty-value", "`spec.failover.incident` is empty", at: object.place(of: "spec.failover.incident"),
                help: "name the incident or the change that this consent belongs to")
        }
        for (index, token) in group.discard.enumerated() {
            check(token, of: placement.members, object.place(of: "spec.discard[\(index)]"), &findings)
        }
    }

    private func check(_ token: String, of members: [String], _ place: Place, _ findings: inout Findings) {
        guard let parsed = DiscardToken(token) else {
            findings.error(
                "invalid-discard", "`\(token)` is no consent to discard", at: place,
                help: "`member@epoch-ledger`, for example `west@7-a3f1`, exactly as the plan prints it")
            return
        }
        guard !members.contains(parsed.member) else { return }
        findings.warn(
            "discard-of-non-member",
            "`\(token)` does nothing: `\(parsed.member)` is none of the members \(listed(members))", at: place,
            help: "remove it when `\(parsed.member)` has left the group")
    }

    func checkFence(of group: FailoverGroupSpec, _ object: RawObject, _ findings: inout Findings) {
        guard let fence = group.fence else { return }
        for (index, principal) in fence.denyWrites.enumerated() {
            let place = object.place(of: "spec.fence.denyWrites[\(index)]")
            if !principal.hasPrefix("User:") || principal == "User:" {
                findings.error(
                    "invalid-principal", "`\(principal)` is no principal", at: place,
                    help: "write `User:` and the name, for example `User:sa-abc123`, or `User:*` for everybody")
            } else if principal == "User:*" && fence.denyWrites.count > 1 {
                findings.warn(
                    "redundant-fence", "`User:*` denies everybody, so the other principals add nothing", at: place)
            }
        }
        guard !fence.denyWrites.isEmpty, let placement = workspace.placement(ofGroup: group.name) else { return }
        for member in placement.members {
            guard let cluster = workspace.clusters[member], cluster.type == .apacheKafka else { continue }
            findings.warn(
                "fence-not-possible",
                "`\(member)` is ApacheKafka, where Spillway cannot deny writes: stop its producers by hand",
                at: object.place(of: "spec.fence.denyWrites"), help: "`quiet` verifies that they stand still")
        }
    }

    func checkCanary(of group: FailoverGroupSpec, _ object: RawObject, _ findings: inout Findings) {
        guard let canary = group.canary else { return }
        let place = object.place(of: "spec.canary")
        guard ValueForm.isTopicName(canary) else {
            findings.error("invalid-topic-name", "`\(canary)` is no name Kafka accepts for a topic", at: place)
            return
        }
        let declared = workspace.topics.values.contains { topic in
            topic.home == .failoverGroup(group.name) && topic.topicName == canary
        }
        guard !declared, !(group.topics?.mayTake(canary) ?? false) else { return }
        findings.error(
            "canary-not-in-group", "the canary `\(canary)` is no topic of group `\(group.name)`", at: place,
            help: "declare a Topic with `failoverGroup: \(group.name)`, or include it in `topics`")
    }

    func checkEmptyGroups(_ findings: inout Findings) {
        let named = Set(
            workspace.topics.values.compactMap { topic in
                if case .failoverGroup(let group) = topic.home { group } else { nil }
            })
        for group in workspace.failoverGroups.values where group.topics == nil && !named.contains(group.name) {
            findings.warn(
                "group-without-topics", "group `\(group.name)` has no topics",
                at: place(.failoverGroup, group.name, "metadata.name"),
                help: "give it `topics`, or declare Topics with `failoverGroup: \(group.name)`")
        }
    }
}

/// A consent to destroy the copies on one member that lost one epoch: `west@7-a3f1`.
struct DiscardToken: Hashable, Sendable {
    let member: String
    let epoch: Int
    let ledger: String

    init?(_ text: String) {
        guard let at = text.lastIndex(of: "@") else { return nil }
        let rest = text[text.index(after: at)...].split(separator: "-", omittingEmptySubsequences: false)
        let member = String(text[..<at])
        guard ValueForm.isName(member), rest.count == 2, let epoch = Int(rest[0]), epoch >= 0 else { return nil }
        guard !rest[1].isEmpty, rest[1].allSatisfy({ $0.isHexDigit }) else { return nil }
        self.member = member
        self.epoch = epoch
        self.ledger = String(rest[1])
    }
}

extension TopicSelector {
    /// Whether the patterns take a name, whatever a cluster may list as internal.
    func mayTake(_ name: String) -> Bool {
        !select(from: [name], isInternal: { _ in false }).isEmpty
    }
}
