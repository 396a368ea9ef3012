import Domain
import Planning

extension ReadinessReason {
    func words(of move: RefusedMove) -> RefusalWords {
        switch self {
        case .links(let problems):
            RefusalWords(
                problems.map { $0.words(of: move) }.shortened, wayOut: "repair it, or plan with --override Readiness")
        case .exporter(let problem, let missing, let destination):
            RefusalWords(
                problem.words(destination)
                    + (missing.isEmpty ? "" : "; not on \(destination): \(missing.map(\.words).shortened)"),
                wayOut: "\(problem.repair(move)), or plan with --override Readiness"
                    + (missing.isEmpty ? "" : ", which moves without these schemas"))
        case .colliding(let schemas, let source, let destination, let hasMoved):
            RefusalWords(
                "\(destination) holds schemas under names or ids that mean others on \(source): "
                    + schemas.map(\.words).shortened,
                wayOut: (hasMoved
                    ? "put `primary` back to \(move.from) and apply, which names them and asks for consent"
                    : "delete them on \(destination) by hand")
                    + "; or plan with --override Readiness")
        }
    }
}

extension LinkProblem {
    fileprivate func words(of move: RefusedMove) -> String {
        switch self {
        case .link(let name, let error): "link \(name): \(error)"
        case .task(let name, let link, let errors): "link \(link), \(name): \(errors.joined(separator: "; "))"
        case .position(let topic, let partition):
            "how far \(move.to) has followed \(topic) is not known: partition \(partition) holds records on \(move.from), "
                + "and the mirror tells no position there"
        }
    }
}

extension ExporterProblem {
    fileprivate func words(_ destination: String) -> String {
        switch self {
        case .missing(let source): "no exporter copies the schemas of \(source) to \(destination)"
        case .trouble(let exporter, let trouble): "exporter \(exporter): \(trouble)"
        case .paused(let exporter): "exporter \(exporter) is PAUSED, as `schemas.paused` wants it"
        case .selection(let exporter): "exporter \(exporter) does not copy what `schemas.subjects` names"
        case .unread(let place, let silence): "which schemas \(destination) lacks is not known: \(place) \(silence)"
        }
    }

    fileprivate func repair(_ move: RefusedMove) -> String {
        let applyFirst = "put `primary` back to \(move.from) and apply first"
        switch self {
        case .missing, .selection: return applyFirst
        case .trouble: return "repair it"
        case .paused: return "write `schemas.paused: false`, \(applyFirst)"
        case .unread: return "let both be read"
        }
    }
}

extension LossReason {
    func words(of move: RefusedMove) -> RefusalWords {
        switch self {
        case .records(let facts, let allowed, let consent):
            RefusalWords(
                "more than the objective of \(consent.group), \(allowed) records, may be lost: "
                    + facts.map { $0.words(of: move) }.joined(separator: "; "),
                wayOut: consent.words)
        case .age(let bound, let allowed, let consent):
            RefusalWords(
                "records of \(bound.map { "up to \($0.components.seconds) s of" } ?? "any") age may be lost, and "
                    + "`objectives.rpo.age` of \(consent.group) is \(allowed.components.seconds) s: "
                    + (bound == nil
                        ? "copies on \(move.to) were made anew, and no moment without lag is known since"
                        : "that long ago nothing was known to be missing on \(move.to)"),
                wayOut: consent.words)
        }
    }
}

extension LossConsent {
    /// The two ways to consent, for this plan or for this incident.
    fileprivate var words: String {
        "plan with --override Loss, or write `failover.overrides: "
            + "[\(overrides.map(\.rawValue).joined(separator: ", "))]`"
            + (group == leader ? "" : " in FailoverGroup \(leader)")
    }
}

extension LossFact {
    fileprivate func words(of move: RefusedMove) -> String {
        switch self {
        case .behind(let records): "\(move.to) was \(records) records behind when it last knew"
        case .absent(let topics): "no copy of \(topics.shortened)"
        case .unknown(let topics): topics.map { $0.words(besides: move.from) }.shortened
        case .doubts(let doubts): "not known what they lack: \(doubts.map { $0.words(of: move) }.shortened)"
        }
    }
}

extension TopicDoubt {
    fileprivate func words(of move: RefusedMove) -> String {
        switch cause {
        case .position(let partition):
            "\(topic) (it holds records in partition \(partition) and has no position there)"
        case .unplaced(let partition):
            "\(topic) (it has no position in partition \(partition), which may hold records)"
        case .notFetching(let status): "\(topic) is \(status)"
        case .otherSource: "\(topic) follows another cluster than \(move.from)"
        case .link(let problem): "\(topic) is mirrored over a link that does not get through: \(problem)"
        case .incomplete: "\(topic) tells no lag of some partitions"
        }
    }
}
