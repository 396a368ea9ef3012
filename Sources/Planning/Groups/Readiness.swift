import Domain

/// What a failover of a group would find now.
extension Planner {
    mutating func addStates(of family: GroupFamily) {
        for group in family.groups { groups.append(state(of: group, in: family)) }
    }

    private func state(of group: FailoverGroupSpec, in family: GroupFamily) -> Plan.GroupState {
        let situation = situations[group.name]
        let holder = situation?.source ?? family.primary
        let standbys = family.members.filter { $0 != holder }
        let topics = selected(
            by: [group.topics].compactMap(\.self), declared: declaredNames([group]), from: holder, mirroredOn: standbys)
        var findings: [String] = []
        var protectedBy: [String] = []
        for secondary in standbys {
            let problems = findingsOf(topics, on: secondary)
            if problems.isEmpty { protectedBy.append(secondary) }
            findings += problems
        }
        var state = Plan.GroupState(
            name: group.name, primary: family.primary, members: family.members, topics: topics.count,
            isProtected: !topics.isEmpty && !protectedBy.isEmpty, findings: findings)
        let asked = decisions.filter { $0.group == family.name }.compactMap { decision in
            decision.token.map { (decision.member, $0) }
        }
        state.standing = situation?.standing(tokens: Dictionary(asked) { first, _ in first })
        return state
    }

    private func findingsOf(_ topics: Set<String>, on secondary: String) -> [String] {
        guard let snapshot = observation.clusters[secondary]?.snapshot else {
            return ["\(secondary) was not seen: \(observation.clusters[secondary]?.silence ?? "not observed")"]
        }
        let rows = index.mirrors[secondary] ?? [:]
        var byStatus: [String: [String]] = [:]
        for topic in topics where rows[topic]?.status != .active {
            byStatus[rows[topic].map { $0.status.description } ?? "no mirror", default: []].append(topic)
        }
        let used = Set(topics.compactMap { rows[$0]?.link })
        return byStatus.sorted { $0.key < $1.key }.map { "\(secondary): " + Self.sentence($1, $0) }
            + snapshot.links.sorted { $0.name < $1.name }.filter { used.contains($0.name) }
            .flatMap { $0.problems.map { "\(secondary): \($0)" } }
    }

    private static func sentence(_ topics: [String], _ status: String) -> String {
        "\(topics.count) \(topics.count == 1 ? "topic" : "topics") \(status)"
            + (topics.count <= 3 ? " (\(topics.sorted().joined(separator: ", ")))" : "")
    }
}

extension ObservedLink {
    /// What is wrong with a link and its tasks, in words.
    var problems: [String] {
        (error.map { ["link \(name): \($0)"] } ?? [])
            + tasks.filter { $0.state == "IN_ERROR" }.map {
                "link \(name), \($0.name): \($0.errors.joined(separator: "; "))"
            }
    }
}
