import Domain
import Planning

extension FenceEntries {
    /// What is fenced: `12 topics on west`, and against whom when it is not everybody.
    var subject: String {
        let topics = Set(bindings.map(\.resourceName)).count
        let principals = Set(bindings.map(\.principal)).sorted()
        let against = principals.contains("User:*") || principals.isEmpty ? "" : " against \(Words.few(principals))"
        return "\(Words.count(topics, "topic")) on \(cluster)\(against)"
    }
}

extension LinkAlteration {
    private static let features = [
        "acl.sync.enable": "ACL sync", "auto.create.mirror.topics.enable": "automatic mirrors",
        "consumer.offset.sync.enable": "consumer offset sync",
    ]

    /// The features that it switches off, when it does nothing else.
    var switchedOff: [String]? {
        let changes = batches.joined()
        let names = changes.compactMap { $0.value == "false" ? Self.features[$0.name] : nil }
        return !names.isEmpty && names.count == changes.count && !renewsConnection ? names : nil
    }

    /// The link, with what is switched off.
    var subject: String {
        let link = "cluster link \(link) on \(cluster)"
        return switchedOff.map { "\(Words.list($0)) of \(link)" } ?? link
    }
}

extension Step.LedgerEffect {
    /// What is recorded, when it is a decision about a move or a hook; `nil` for objects.
    var subject: String? {
        switch self {
        case .move(let family, let event): event.subject(family)
        case .announced(let generation): "that clients learned of generation \(generation)"
        case .own, .disown, .none: nil
        }
    }
}

extension MoveEvent {
    /// The event as the object of *record*.
    fileprivate func subject(_ family: String) -> String {
        switch self {
        case .opened(let move):
            "the start of the \(move.kind.words) of \(family) from \(move.from) to \(move.to) (epoch \(move.epoch))"
        case .downgraded(let incident): "that \(family) goes on as a failover (\(incident))"
        case .amended(let flags): "further flags of the move of \(family): \(Words.list(flags.inWords))"
        case .fencing(let member, _): "the fence on \(member) before it is written"
        case .unfenced(let member, nil): "that \(member) is not fenced any more"
        case .unfenced(let member, .some): "that a part of the fence on \(member) is gone"
        case .switchingOff(let link, _): "the settings of link \(link) before they are switched off"
        case .switchedOn(let link): "that link \(link) has its settings back"
        case .past: "the point of no return of \(family)"
        case .served: "the new primary of \(family)"
        case .discarding(let token, let divergence, _):
            "the consent \(token)" + (divergence.map { ", which gives up \($0.words)" } ?? "")
        case .abandoned(let member): "that \(member) was given up as a standby of \(family)"
        case .returned(let member): "that \(member) is a standby of \(family) again"
        case .closed(let isAborted):
            isAborted ? "that the move of \(family) was taken back" : "the end of the move of \(family)"
        }
    }
}

extension RecordedMoves.Divergence {
    /// How much it is.
    var words: String {
        (isLowerBound ? "at least " : "") + Words.count(Int(clamping: records), "record") + " that nobody else has"
    }
}

extension RecordedMoves.Flags {
    /// The flags as they are given.
    fileprivate var inWords: [String] {
        overrides.map { "--override \($0.rawValue)" } + left.map { "--leave \($0)" }
            + detached.map { "--detach \($0)" } + adopted.map { "--adopt-diverged \($0)" }
    }
}

extension RecordedMoves.Kind {
    /// The kind inside a sentence.
    var words: String {
        switch self {
        case .switchover: "switchover"
        case .failover: "failover"
        }
    }
}

extension RecordedMoves.Proof {
    /// What it means for the copies.
    var words: String {
        switch self {
        case .lossless: "its copies hold nothing that the primary lacks"
        case .diverged: "its copies may hold records nobody else has"
        }
    }
}
