import Domain
package import Estate

/// What an import found, for people.
package enum ImportText {
    /// The outcome, ended by a line break.
    ///
    /// - Parameters:
    ///   - folder: Where the manifests are.
    ///   - files: What was written.
    package static func render(_ outcome: ImportOutcome, in folder: String, terminal: Terminal = .plain) -> String {
        let workspace = outcome.workspace
        var lines = [StyledText("Imported into \(folder)", .bold)]
        let counts: [(Int, String)] = [
            (workspace.environments.count, "environment"), (workspace.clusters.count, "cluster"),
            (workspace.topics.count, "topic"), (workspace.clusterLinks.count, "cluster link"),
            (workspace.schemaLinks.count, "schema link"), (workspace.failoverGroups.count, "failover group"),
        ]
        lines.append("  \(Words.list(counts.filter { $0.0 > 0 }.map { Words.count($0.0, $0.1) }))")
        for (name, group) in workspace.failoverGroups.sorted(by: { $0.key < $1.key }) {
            guard case .declared(let primary, let members) = group.placement else { continue }
            let topics = workspace.topics.values.count { $0.home == .failoverGroup(name) }
            lines.append(
                "  \("·", .dim) group \(name): primary \(primary), members \(Words.list(members)), \(Words.count(topics, "topic"))"
            )
        }
        if !outcome.unread.isEmpty {
            lines += ["", StyledText("Not read: nothing of what these hold is in the manifests", .bold)]
            lines += outcome.unread.map { "  \("✗", .red) \($0.words)" }
        }
        if !outcome.remarks.isEmpty {
            lines += ["", StyledText("Left out", .bold)]
            lines += outcome.remarks.map { "  \("·", .dim) \($0.words)" }
        }
        let missing = outcome.variables.filter { !$0.isSet }.map(\.name)
        if !missing.isEmpty {
            lines += ["", StyledText("Secrets to fill in (.env.example has all of them)", .bold)]
            lines.append("  \(missing.joined(separator: ", "))")
        }
        let invocation = Invocation(file: folder)
        lines += [
            "",
            "Next: \(invocation.command("validate")), then: \(invocation.command("plan")), which adopts and changes nothing",
        ]
        return terminal.render(lines)
    }
}

extension ImportOutcome.Unread {
    fileprivate var words: String {
        let what =
            switch part {
            case .cluster(let name): "cluster \(name)"
            case .registry(let name): "registry of \(name)"
            }
        switch cause {
        case .silence(let silence): return "\(what): \(silence)"
        case .type(let type): return "\(what): its type \(type) is none that this version knows"
        }
    }
}

extension Remark {
    fileprivate var words: String {
        switch self {
        case .linkToElsewhere(let link, let cluster, let remote):
            "link \(link) on \(cluster): its other end\(remote.map { " \($0)" } ?? "") is not among what was imported"
        case .halfOfLink(let link, let cluster):
            "link \(link) on \(cluster): its other half was not found at the other end"
        case .linkMode(let link, let cluster, let mode):
            "link \(link) on \(cluster): its mode \(mode) is none that this version knows"
        case .halvesDiffer(let link, let between, let configs):
            "link \(link) between \(Words.list(between)): its halves differ in \(Words.list(configs)), of which the "
                + "manifest says nothing"
        case .leastVersion(let cluster, let version):
            "cluster \(cluster): its REST API does not tell its version; it is at least \(version), since it holds a "
                + "bidirectional link: correct `spec.version`"
        case .linkConfigs(let link, let cluster, let names):
            "link \(link) on \(cluster): no manifest can say \(Words.list(names)); it stays as it is"
        case .mirrors(let cluster, let link, let status, let topics):
            "mirrors of link \(link) on \(cluster) that are \(status): \(Words.few(topics))"
        case .mirrorsBesideFilters(let link, let topics):
            "mirrors of link \(link) that the filters of its auto-creation do not take: \(Words.few(topics))"
        case .topicConfigs(let cluster, let name, let topics):
            "config \(name) of \(Words.count(topics.count, "topic")) on \(cluster) (\(Words.few(topics))): no manifest can "
                + "say it; it stays as it is"
        case .topicNames(let cluster, let topics):
            "topics on \(cluster) whose names differ from others in . and _ alone: \(Words.few(topics))"
        case .exporterToElsewhere(let exporter, let environment, let url):
            "exporter \(exporter) of \(environment): the registry it writes to\(url.map { ", \($0)," } ?? "") is not among "
                + "what was imported"
        case .exporterContext(let exporter, let environment):
            "exporter \(exporter) of \(environment): its context type is none that this version knows"
        case .noGroup(let link, let exporter, let obstacle):
            "link \(link) and exporter \(exporter) are no failover group: \(obstacle.words)"
        case .left(let type, let count): "\(type), \(Words.number(count)): left to Terraform"
        }
    }
}

extension GroupObstacle {
    fileprivate var words: String {
        switch self {
        case .standbyTakesSchemas(let environment):
            "the registry of \(environment) is not in IMPORT mode where the exporter writes"
        case .modeUnknown(let environment): "the mode of the registry of \(environment) is not known"
        case .contextType(let type): "the exporter writes to another context (\(type.rawValue))"
        case .prefix(let prefix): "the link names its mirrors with the prefix \(prefix)"
        case .autoCreate: "the link creates mirrors by itself"
        case .topicsOf(let group): "group \(group) has some of its topics"
        case .mirroredBy(let link): "link \(link), which is in no group, mirrors some of its topics"
        case .schemasOf(let group): "group \(group) moves schemas of the same context"
        case .bothWays: "both sides hold mirrors of the other"
        case .noMirrors: "the link carries no mirror"
        case .offsetSync: "its halves sync consumer offsets differently"
        }
    }
}
