import Diagnostics
import Domain

/// Somebody who moves topics of some clusters: a group or a link.
private struct TopicOwner {
    let kind: ManifestKind
    let name: String
    let clusters: Set<String>
    let selector: TopicSelector
    let path: String
    /// Put in front of the names at the destination.
    var prefix = ""

    var words: String { kind == .failoverGroup ? "group `\(name)`" : "ClusterLink `\(name)`" }
}

extension RuleContext {
    /// A topic belongs to one group or one link, and a Topic of a cluster to neither.
    func checkTopicOwners(_ findings: inout Findings) {
        let owners = topicOwners
        checkDeclaredTopics(owners, &findings)
        for (index, owner) in owners.enumerated() {
            for other in owners[(index + 1)...] { checkOverlap(owner, other, &findings) }
        }
    }

    private var topicOwners: [TopicOwner] {
        let groups = workspace.failoverGroups.values.sorted { $0.name < $1.name }.compactMap { group -> TopicOwner? in
            guard let selector = group.topics, let placement = workspace.placement(ofGroup: group.name) else {
                return nil
            }
            return TopicOwner(
                kind: .failoverGroup, name: group.name, clusters: Set(placement.members), selector: selector,
                path: "spec.topics")
        }
        let links = workspace.clusterLinks.values.sorted { $0.name < $1.name }.flatMap { link -> [TopicOwner] in
            let ends: Set = link.prefix == nil ? [link.source, link.destination] : [link.source]
            let forward = link.mirrorTopics.map {
                TopicOwner(
                    kind: .clusterLink, name: link.name, clusters: ends, selector: $0, path: "spec.mirrorTopics")
            }
            let back = link.reverseMirrorTopics.map {
                TopicOwner(
                    kind: .clusterLink, name: link.name, clusters: ends, selector: $0,
                    path: "spec.reverseMirrorTopics")
            }
            return [forward, back].compactMap(\.self)
        }
        return groups + links
    }

    private func checkDeclaredTopics(_ owners: [TopicOwner], _ findings: inout Findings) {
        guard !owners.isEmpty else { return }
        let compiled = owners.map { (owner: $0, selector: CompiledSelector($0.selector)) }
        let members = workspace.failoverGroups.mapValues { group in
            Set(workspace.placement(ofGroup: group.name)?.members ?? [])
        }
        for topic in workspace.topics.values {
            switch topic.home {
            case .failoverGroup(let group):
                for (owner, selector) in compiled where owner.name != group || owner.kind != .failoverGroup {
                    let isShared = !owner.clusters.isDisjoint(with: members[group] ?? [])
                    guard isShared, selector.takes(topic.topicName) else { continue }
                    report(topic, "group `\(group)`", owner, &findings)
                }
            case .cluster(let cluster):
                for (owner, selector) in compiled where owner.kind == .failoverGroup {
                    guard owner.clusters.contains(cluster), selector.takes(topic.topicName) else { continue }
                    report(topic, "cluster `\(cluster)`, writable", owner, &findings)
                }
            }
        }
    }

    private func report(_ topic: TopicSpec, _ home: String, _ owner: TopicOwner, _ findings: inout Findings) {
        findings.error(
            "topic-claimed-twice",
            "topic `\(topic.topicName)` is declared on \(home), and \(owner.words) takes it too",
            at: place(.topic, topic.name, "metadata.name"),
            notes: place(owner.kind, owner.name, owner.path).map { [("it is taken here", $0)] } ?? [],
            help: "put it into `exclude` there, or change where the Topic lives")
    }

    private func checkOverlap(_ left: TopicOwner, _ right: TopicOwner, _ findings: inout Findings) {
        guard left.kind != right.kind || left.name != right.name, !left.clusters.isDisjoint(with: right.clusters) else {
            return
        }
        // Two links are allowed to mirror one topic to different places.
        guard left.kind == .failoverGroup || right.kind == .failoverGroup else { return }
        guard let witness = GlobOverlap.witness(left.selector, right.selector) else { return }
        findings.add(
            witness.isCertain ? .error : .warning, "topic-claimed-twice",
            witness.isCertain
                ? "topic `\(witness.name)` is taken by \(left.words) and by \(right.words)"
                : "\(left.words) and \(right.words) could both take a topic, for example `\(witness.name)`",
            at: place(right.kind, right.name, right.path),
            notes: place(left.kind, left.name, left.path).map { [("the other is here", $0)] } ?? [],
            help: "put it into `exclude` of one of them: a topic belongs to one group or one link")
    }
}

/// A selector with its patterns compiled once, for many names.
private struct CompiledSelector {
    private let include: [Glob]
    private let exclude: [Glob]
    private let allowed: Set<String>

    init(_ selector: TopicSelector) {
        include = selector.include.map { Glob($0) }
        exclude = selector.exclude.map { Glob($0) }
        allowed = Set(selector.allowInternal)
    }

    func takes(_ name: String) -> Bool {
        if allowed.contains(name) { return true }
        return include.contains { $0.matches(name) } && !exclude.contains { $0.matches(name) }
            && !InternalTopics.contains(name)
    }
}
