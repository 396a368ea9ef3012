import Diagnostics
import Domain

/// Names that cannot stand beside each other on one cluster.
extension RuleContext {
    /// A topic that will be on a cluster: declared there, or in a group that has it as a member.
    private struct Placed {
        let name: String
        let manifest: String
    }

    func checkTopicNames(_ findings: inout Findings) {
        var colliding: [String: [String: [Placed]]] = [:]
        for topic in workspace.topics.values where TopicNameCollision.isPossible(topic.topicName) {
            let key = TopicNameCollision.key(topic.topicName)
            for cluster in clusters(of: topic) {
                colliding[cluster.name, default: [:]][key, default: []].append(
                    Placed(name: topic.topicName, manifest: topic.name))
            }
        }
        for (cluster, keys) in colliding {
            for placed in keys.values where Set(placed.map(\.name)).count > 1 { report(placed, cluster, &findings) }
        }
        checkMirrorNames(&findings)
    }

    private func report(_ placed: [Placed], _ cluster: String, _ findings: inout Findings) {
        let sorted = placed.sorted { ($0.name, $0.manifest) < ($1.name, $1.manifest) }
        for other in sorted where other.name != sorted[0].name {
            guard let topic = workspace.topics[other.manifest] else { continue }
            findings.error(
                "colliding-topic-names",
                "topics `\(sorted[0].name)` and `\(other.name)` cannot both be on `\(cluster)`: Kafka takes `.` and `_` for "
                    + "the same in the names of metrics, and refuses the second",
                at: namePlace(of: topic),
                notes: place(.topic, sorted[0].manifest, "metadata.name").map { [("the other is here", $0)] } ?? [],
                help: "rename one of them")
        }
    }

    // MARK: Mirrors

    /// A link makes mirrors under names that no declared topic of its destination may have.
    private func checkMirrorNames(_ findings: inout Findings) {
        for link in workspace.clusterLinks.values.sorted(by: { $0.name < $1.name }) {
            if let selector = link.mirrorTopics {
                check(link, selector, "spec.mirrorTopics", from: link.source, to: link.destination, &findings)
            }
            if let selector = link.reverseMirrorTopics {
                check(link, selector, "spec.reverseMirrorTopics", from: link.destination, to: link.source, &findings)
            }
        }
    }

    private func check(
        _ link: ClusterLinkSpec, _ selector: TopicSelector, _ path: String, from source: String, to cluster: String,
        _ findings: inout Findings
    ) {
        let prefix = link.prefix ?? ""
        let declared = workspace.topics.values.filter { topic in clusters(of: topic).contains { $0.name == cluster } }
        let atSource = Set(
            workspace.topics.values.filter { topic in clusters(of: topic).contains { $0.name == source } }
                .map(\.topicName))
        let literal = Set(selector.include + selector.allowInternal)
        for topic in declared.sorted(by: { $0.name < $1.name }) where topic.topicName.hasPrefix(prefix) {
            let mirrored = String(topic.topicName.dropFirst(prefix.count))
            guard case .cluster = topic.home,
                !selector.select(from: [mirrored], isInternal: { _ in false }).isEmpty
            else { continue }
            let isCertain = literal.contains(mirrored) || atSource.contains(mirrored)
            findings.add(
                isCertain ? .error : .warning, "topic-claimed-twice",
                "topic `\(topic.topicName)` is declared on cluster `\(cluster)`, writable, and ClusterLink `\(link.name)` "
                    + (isCertain ? "mirrors" : "would mirror") + " `\(mirrored)` of `\(source)` under this name",
                at: place(.topic, topic.name, "metadata.name"),
                notes: place(.clusterLink, link.name, path).map { [("it is mirrored here", $0)] } ?? [],
                help: "put it into `exclude` there, or change where the Topic lives")
        }
    }
}
