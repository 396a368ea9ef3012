import Domain
import Planning

extension LinkReason {
    var words: RefusalWords {
        switch self {
        case .prefixTaken(let prefix, let holder, let cluster):
            RefusalWords(
                "link \(holder) on \(cluster) has prefix \(prefix) already, and a cluster takes a prefix for one link only",
                wayOut: "write another `prefix`; or delete link \(holder) on \(cluster) first")
        case .ambiguous(let names, let link):
            RefusalWords(
                "\(link.cluster) holds "
                    + (names.count == 1 ? "link \(names[0])" : "one of the links \(names.joined(separator: ", "))")
                    + " from \(link.remote), which may be the one meant by \(link.owner) or not",
                wayOut: "write which one is meant: "
                    + names.map { "`\(link.nameField): \($0)`" }.joined(separator: " or "))
        case .renamed(let live, let declared, let link):
            RefusalWords(
                "\(link.owner) names its link \(declared), and the one between \(link.remote) and \(link.cluster) is "
                    + "\(live): a link cannot be renamed, and its mirrors go with it",
                wayOut:
                    "write `\(link.nameField): \(live)`; or, for a link of another name, end the mirrors of \(live) "
                    + "and delete it on \(link.cluster) by hand first")
        case .otherEnds(let live, let link):
            RefusalWords(
                "link \(live.name) on \(link.cluster) is another one (\(live.mode), remote \(live.remote ?? "unknown")); "
                    + "mode, prefix and ends of a link cannot change",
                wayOut: (live.edit.map { "write `\($0.field): \($0.mode.rawValue)`, which it has" }
                    ?? "write another name in `\(link.nameField)`")
                    + "; or end its mirrors and delete it on \(link.cluster) by hand first")
        case .declaredTwice(let address, let other):
            RefusalWords(
                "\(address) is declared by \(other) too, with other settings",
                wayOut: "let one group follow the other, give both the same settings, or give them different link names"
            )
        case .withoutCredentials(let cluster):
            RefusalWords(
                "cluster \(cluster) declares no credentials, so it cannot hold the link",
                wayOut: "add `credentials` to Cluster \(cluster)")
        case .connection(let link, let cluster, let live, let wanted, let edit):
            RefusalWords(
                "\(link) on \(cluster) has connection.mode \(live) and cannot become \(wanted)",
                wayOut: (edit.cluster.map { "write `\(edit.field): \($0)`" } ?? "remove `\(edit.field)`")
                    + "; or end the mirrors of \(link) and delete it on \(cluster) by hand; the next apply makes it anew"
            )
        }
    }
}

extension MirrorReason {
    var words: RefusalWords {
        switch obstacle {
        case .strangers(let topics):
            RefusalWords(
                "\(cluster) holds topics that are no mirrors of \(source): \(topics.map(\.words).shortened); mirroring them "
                    + "would need their records there to be destroyed",
                wayOut: (isOfGroup
                    ? "plan with --without-lineage \(cluster), which names them and asks for a token to mirror them anew; or "
                    : "")
                    + "exclude them from the topics, or delete them on \(cluster) by hand once nobody needs them"
                    + (topics.contains { $0.nature == .stoppedByHand } ? lettingServe : ""))
        case .ending(let topics):
            RefusalWords(
                "\(cluster) holds topics that are no mirrors of \(source) any more: \(topics.shortened); somebody promotes or "
                    + "fails them over by hand (PENDING_STOPPED), after which clients can write them there",
                wayOut:
                    "delete them on \(cluster) by hand, while all that they hold is on \(source); the next apply mirrors "
                    + "them anew" + (isOfGroup ? "\(lettingServe) and --override Alive" : ""))
        case .elsewhere(let topics, let declared):
            RefusalWords(
                "\(cluster) mirrors topics of \(source) over another link than \(declared.link): "
                    + "\(topics.map { "\($0.topic) (link \($0.link))" }.shortened); a mirror cannot change its link, it would "
                    + "have to be destroyed and made anew",
                wayOut: wayOut(from: Set(topics.map(\.link)).sorted(), to: declared))
        case .failed(let topics):
            RefusalWords(
                "\(cluster) holds mirrors that have FAILED and cannot be resumed: \(topics.shortened); mirroring them anew "
                    + "would need the copy there to be destroyed, which may be the only one",
                wayOut:
                    "exclude them from the topics, or delete them on \(cluster) by hand; the next apply mirrors them anew"
            )
        case .wanted(let topics, let other):
            RefusalWords(
                "\(other) mirrors topics to \(cluster) that \(owner) would mirror there too: \(topics.shortened); a "
                    + "cluster holds one topic of a name",
                wayOut: "exclude them from the topics of \(owner), or of \(other)")
        }
    }

    /// What a group can do with copies that have gone their own way.
    private var lettingServe: String {
        isOfGroup
            ? "; or let them serve: `primary: \(cluster)` with `failover: {from: \(source), incident: …}`" : ""
    }

    /// What leads back to the links that carry the mirrors.
    private func wayOut(from links: [String], to declared: DeclaredName) -> String {
        guard let mode = declared.liveMode else {
            return "exclude them from the topics of \(owner)"
                + links.map { ", or write `\(declared.field): \($0)`" }.joined()
        }
        let field = isOfGroup ? "link.mode" : "mode"
        return "write `\(field): \(mode.rawValue)`, which link \(links.joined(separator: ", ")) has: "
            + "a link cannot change its mode; or end its mirrors and delete it on \(cluster) by hand, and plan again"
    }
}

extension MirrorReason.Stranger {
    fileprivate var words: String {
        switch nature {
        case .stoppedByHand: "\(topic) (a mirror that was stopped by hand)"
        case .ordinary: "\(topic) (an ordinary topic)"
        case .mirrored(let link): "\(topic) (mirrored by link \(link))"
        }
    }
}
