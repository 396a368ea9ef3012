import Diagnostics
package import Domain
import Execution
package import Planning

/// The names that flags give, compared with what there is: a typing error must not look like "nothing to do".
package struct FlagNames {
    let workspace: Workspace
    let recorded: Recorded

    /// Names of a workspace, and of what its ledger remembers.
    package init(workspace: Workspace, recorded: Recorded) {
        self.workspace = workspace
        self.recorded = recorded
    }

    /// Compares with the manifests and the ledger, before anything live is asked.
    ///
    /// - Throws: ``CommandFailure`` with the exit code of a wrong command line.
    package func check(_ options: PlanOptions) throws(CommandFailure) {
        for (group, flag) in options.failovers.sorted(by: { $0.key < $1.key }) {
            try check(group: group, member: flag.member, of: "--failover \(group)=\(flag.member)")
        }
        for member in options.withoutLineage.sorted() { try check(member: member, of: "--without-lineage \(member)") }
        for member in options.abandoned.sorted() { try check(member: member, of: "--abandon \(member)") }
        for copies in options.adoptDiverged.sorted() {
            let parts = copies.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let epoch = Int(parts[1]), epoch >= 0, String(epoch) == parts[1] else {
                throw CommandFailure(
                    .usage, "--adopt-diverged \(copies): copies are named as a plan names them, member@epoch")
            }
            try check(member: parts[0], of: "--adopt-diverged \(copies)")
        }
        for link in options.detached.sorted() {
            let parts = link.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw CommandFailure(.usage, "--detach \(link): a link is named with its member, member/link")
            }
            try check(member: parts[0], of: "--detach \(link)")
        }
        try check(selector: options.selector)
    }

    /// Compares what only live systems list: topics and links, as far as they answered.
    ///
    /// - Throws: ``CommandFailure`` with the exit code of a wrong command line.
    package func check(_ options: PlanOptions, in observation: Observation) throws(CommandFailure) {
        for topic in options.left.sorted() { try check(topic: topic, observation) }
        for link in options.detached.sorted() {
            let parts = link.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2, let snapshot = observation.clusters[parts[0]]?.snapshot else { continue }
            guard !recorded.moves.values.contains(where: { $0.open?.detached?.contains(link) ?? false }) else {
                continue
            }
            let owned = recorded.owned.keys.filter { $0.kind == .link && $0.place == parts[0] }.map(\.name)
            try refuse(
                parts[1], "--detach \(link)", "\(parts[0]) holds no link",
                known: Set(snapshot.links.map(\.name)).union(owned))
        }
    }

    /// Compares targets with what a plan holds: what somebody silent may hold is believed.
    ///
    /// - Throws: ``CommandFailure`` with the exit code of a wrong command line.
    package func check(targetsOf plan: Plan, in observation: Observation) throws(CommandFailure) {
        for refusal in plan.refusals {
            guard case .identity(.unknownTarget(let target, let nearest)) = refusal.reason else { continue }
            guard recorded.owned[target] == nil, !observation.hasUnseen || !places.contains(target.site) else {
                continue
            }
            throw CommandFailure(
                .usage,
                "--target \(target): no object of the manifests or the ledger has this address\n  "
                    + (nearest.map { "did you mean \($0)?" }
                        ?? Self.advice(
                            target.description, known: owned(target.kind),
                            none: "a whole plan and `spillway state list` show the addresses")))
        }
    }

    /// Compares a group and one of its members.
    package func check(group: String, member: String, of flag: String) throws(CommandFailure) {
        try refuse(group, flag, "there is no FailoverGroup", known: Set(workspace.failoverGroups.keys))
        let members = Set(workspace.placement(ofGroup: group)?.members ?? [])
        try refuse(member, flag, "group \(group) has no member", known: members)
    }

    /// Compares labels with those of every manifest; one has to carry all of them.
    package func check(selector: [String: String]) throws(CommandFailure) {
        guard !selector.isEmpty else { return }
        let all = workspace.allLabels
        guard !all.contains(where: { labels in selector.allSatisfy { labels[$0.key] == $0.value } }) else { return }
        let words = selector.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let known = Set(all.flatMap { labels in labels.map { "\($0.key)=\($0.value)" } }).sorted()
        let unknown = words.first { !known.contains($0) } ?? words.joined(separator: ",")
        throw CommandFailure(
            .usage,
            "-l \(words.joined(separator: ",")): no manifest carries these labels\n  "
                + Self.advice(unknown, known: known, none: "no manifest has `metadata.labels`"))
    }

    // MARK: Parts

    private func owned(_ kind: ResourceKind) -> [String] {
        recorded.owned.keys.filter { $0.kind == kind }.sorted().map(\.description)
    }

    /// Where objects may be, and what may have parts: everything that manifests and the ledger name.
    private var places: Set<String> {
        let sites = Array(workspace.clusters.keys) + Array(workspace.environments.keys)
        let clients = Array(workspace.failoverGroups.keys) + Array(workspace.clientBindings.keys)
        return Set(sites + clients + Array(recorded.moves.keys) + recorded.owned.keys.map(\.site))
    }

    private func check(member: String, of flag: String) throws(CommandFailure) {
        let formerly = recorded.moves.values.flatMap(\.members)
        try refuse(member, flag, "there is no member", known: Set(workspace.clusters.keys).union(formerly))
    }

    /// A topic is known when a member of a group lists it, the ledger or a manifest names it, or a silent member may
    /// hold it.
    private func check(topic: String, _ observation: Observation) throws(CommandFailure) {
        var known: Set<String> = []
        var silent: [TopicSelector] = []
        for family in GroupFamily.all(in: workspace) {
            let groups = Set(family.groups.map(\.name))
            let selectors = family.groups.compactMap(\.topics)
            let declared = workspace.topics.values.filter { topic in
                if case .failoverGroup(let group) = topic.home { groups.contains(group) } else { false }
            }
            known.formUnion(declared.map(\.topicName))
            for member in family.members {
                guard let topics = observation.clusters[member]?.snapshot?.topics else {
                    silent += selectors
                    continue
                }
                for selector in selectors {
                    known.formUnion(selector.select(from: topics.keys) { topics[$0]?.isInternal ?? false })
                }
            }
        }
        for address in recorded.owned.keys where address.kind == .topic || address.kind == .mirror {
            known.insert(address.name)
        }
        known.formUnion(recorded.moves.values.flatMap { $0.open?.left ?? [] })
        guard !silent.contains(where: { !$0.select(from: [topic]) { _ in false }.isEmpty }) else { return }
        try refuse(topic, "--leave \(topic)", "no group has a topic", known: known)
    }

    private func refuse(
        _ name: String, _ flag: String, _ reason: String, known: Set<String>
    ) throws(CommandFailure) {
        guard !known.contains(name) else { return }
        throw CommandFailure(
            .usage, "\(flag): \(reason) \(name)\n  " + Self.advice(name, known: known.sorted(), none: "there is none"))
    }

    private static func advice(_ name: String, known: [String], none: String) -> String {
        if let near = Suggestion.nearest(to: name, among: known) { return "did you mean \(near)?" }
        guard !known.isEmpty else { return none }
        let shown = known.prefix(8).joined(separator: ", ")
        return known.count > 8 ? "there are \(shown) and \(known.count - 8) more" : "there is \(shown)"
    }
}

extension Workspace {
    /// The labels of every manifest.
    fileprivate var allLabels: [[String: String]] {
        let sites = connections.values.map(\.metadata) + environments.values.map(\.metadata)
        let clusters = clusters.values.map(\.metadata) + topics.values.map(\.metadata)
        let links = clusterLinks.values.map(\.metadata) + schemaLinks.values.map(\.metadata)
        let clients = failoverGroups.values.map(\.metadata) + clientBindings.values.map(\.metadata)
        return (sites + clusters + links + clients).map(\.labels)
    }
}

extension ResourceAddress {
    /// Where the object is; of what has no place, itself: `app` of `binding/app/0`.
    fileprivate var site: String { place ?? String(name.prefix { $0 != "/" }) }
}

extension Observation {
    /// Whether a side that should have told something did not.
    fileprivate var hasUnseen: Bool {
        let states = controlPlanes.values.map(\.state) + clusters.values.map(\.state) + registries.values.map(\.state)
        return states.contains(where: \.isUnseen)
    }
}

extension RecordedMoves {
    /// Members that took part in moves, whether or not a manifest still names them.
    fileprivate var members: [String] {
        let sides = [open?.from, open?.to, serving?.site].compactMap(\.self)
        return sides + Array(demoted.keys) + Array(fences.keys) + Array(abandoned ?? [])
    }
}
