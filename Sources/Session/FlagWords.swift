import Domain
package import Planning

/// A group and one of its members, as flags name them: `payments=east`.
package struct GroupMember: Hashable, Sendable {
    package let group: String
    package let member: String

    package init(group: String, member: String) {
        self.group = group
        self.member = member
    }

    /// Reads it as it is written on the command line.
    package init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        (group, member) = (parts[0], parts[1])
    }
}

/// Labels as `-l` takes them: `key=value,key=value`.
package struct LabelSelector: Sendable {
    /// Keys with values; not empty.
    package let labels: [String: String]

    /// Reads it as it is written on the command line.
    package init?(argument: String) {
        var labels: [String: String] = [:]
        for pair in argument.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, labels.updateValue(parts[1], forKey: parts[0]) == nil else { return nil }
        }
        guard !labels.isEmpty else { return nil }
        self.labels = labels
    }
}

extension [LabelSelector] {
    /// The labels of all of them; `nil` where one has two values.
    package var labels: [String: String]? {
        var labels: [String: String] = [:]
        for (key, value) in flatMap(\.labels) where labels.updateValue(value, forKey: key) ?? value != value {
            return nil
        }
        return labels
    }
}

extension PlanOptions {
    /// Reads back the flags a plan was made with.
    ///
    /// - Returns: `nil` for a flag this version does not know.
    package init?(words: [String]) {
        self.init()
        for word in words {
            let parts = word.split(separator: " ", maxSplits: 1).map(String.init)
            switch (parts.first, parts.dropFirst().first) {
            case ("--target", let text?):
                guard let address = ResourceAddress(text) else { return nil }
                targets.append(address)
            case ("-l", let text?):
                guard let pair = LabelSelector(argument: text) else { return nil }
                selector.merge(pair.labels) { $1 }
            case ("--override", let text?):
                guard let gate = GateOverride(rawValue: text) else { return nil }
                overrides.insert(gate)
            case ("--adopt-only", nil): adoptOnly = true
            case ("--leave", let topic?): left.insert(topic)
            case ("--adopt-diverged", let copies?): adoptDiverged.insert(copies)
            case ("--without-lineage", let member?): withoutLineage.insert(member)
            case ("--detach", let link?): detached.insert(link)
            case ("--abandon", let member?): abandoned.insert(member)
            case ("--rerun-hooks", nil): rerunsHooks = true
            case ("--failover", let text?):
                let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
                guard parts.count == 3, parts[1] == "--incident", let pair = GroupMember(argument: parts[0]) else {
                    return nil
                }
                failovers[pair.group] = FailoverFlag(member: pair.member, incident: parts[2])
            default: return nil
            }
        }
    }
}
