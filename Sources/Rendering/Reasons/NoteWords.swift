import Domain
package import Planning

extension Plan.Note {
    /// The whole sentence.
    package var sentence: String { reason.words }
}

extension [Plan.Note] {
    /// As they are told: those of one subject by their words.
    var inOrder: [Plan.Note] {
        map { (($0.subject ?? "", $0.sentence), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

extension NoteReason {
    fileprivate var words: String {
        switch self {
        case .inertDiscard(let token, let isUsed):
            "`discard: [\(token)]` \(isUsed ? "was used" : "names no copies that are to be destroyed now"): it does "
                + "nothing any more, and can be removed"
        case .usedFailover(let incident):
            "`failover` of \(incident) was used: it does nothing any more, and can be removed"
        case .givenUp(let member, let source):
            "\(member) was given up with copies that nobody reconciled: revoke the keys its links and exporter "
                + "hold for \(source), the only fence that works while it is dark"
        case .missingSchemas(let schemas, let source, let destination):
            "\(schemas.count) schema versions of \(source) are not on \(destination), and the move does not wait for "
                + "them: \(schemas.map(\.words).shortened)"
        case .leftBehind(let topics, let move, let obstacle):
            "left behind by a move, still mirrors on \(move.to): \(topics.shortened); they follow with the first apply "
                + "that nothing keeps from it: \(obstacle.words(topics, move))"
        case .deniedWriters(let principals, let topics, let holder):
            "\(holder) serves and denies \(principals.shortened) to write \(topics.shortened), by entries the ledger "
                + "does not know as its own: delete them on \(holder) by hand if nobody means them"
        case .troubledExporter(let exporter, let trouble): "exporter \(exporter) reports: \(trouble)"
        case .displayName(let live, let declared):
            "it is known by its id, and carries the display name '\(live)' now, not '\(declared)': correct `displayName`"
        case .unlisted: "the control plane does not list it, but it answers: its Cloud API key may not see it"
        case .published(let place, let connection):
            "what was published to \(place) stays there: connection \(connection) is not declared any more; "
                + "remove it by hand"
        case .renamed(let name):
            "it is what the manifests called \(name) before, by its id: what is owned of it is owned under the new name"
        case .unlistedTopics(let source, let patterns):
            "\(source) has no REST API to list its topics: \(patterns.joined(separator: ", ")) only finds topics "
                + "that are mirrored already; name topics literally, or set `autoCreate: true`"
        case .uncheckedTopics(let topics, let cluster, let silence):
            "whether \(cluster) takes \(topics.shortened) as declared was not to be learnt: \(silence)"
        case .told(let sentence): sentence
        }
    }
}

extension LeftTopicsObstacle {
    fileprivate func words(_ topics: [String], _ move: RefusedMove) -> String {
        switch self {
        case .openMove: "the move has not ended"
        case .reversion: "it is taken back"
        case .noStandby: "\(move.from) is no standby again yet"
        case .option: "--leave \(topics.joined(separator: " --leave "))"
        case .stuck(let mirrors):
            Self.states(of: mirrors) + "; mend that on \(move.to) by hand, or put `primary: \(move.from)` back"
        case .unsettled(let mirrors): Self.states(of: mirrors) + ", which passes by itself"
        case .gates(let reasons):
            reasons.map { $0.words(of: move) }.map { "\($0.message) (\($0.wayOut))" }.joined(separator: "; ")
        }
    }

    private static func states(of mirrors: [String: MirrorStatus]) -> String {
        mirrors.sorted { $0.key < $1.key }.map { "\($0) is \($1)" }.shortened
    }
}
