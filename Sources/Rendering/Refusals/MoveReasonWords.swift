import Domain
import Planning

extension MoveReason {
    func words(of move: RefusedMove) -> RefusalWords {
        switch self {
        case .members(let reason): reason.words(of: move)
        case .epoch(let reason): reason.words
        case .candidate(let reason): reason.words(of: move)
        case .clients(let reason): reason.words(of: move)
        case .readiness(let reason): reason.words(of: move)
        case .loss(let reason): reason.words(of: move)
        case .unfenced(let group):
            RefusalWords(
                (group.map { "group \($0): " } ?? "")
                    + "nothing keeps its producers from writing to \(move.from) while its mirrors are promoted",
                wayOut: RefusalWords.declaringFence(of: group))
        }
    }
}

extension MembersReason {
    fileprivate func words(of move: RefusedMove) -> RefusalWords {
        switch self {
        case .apacheKafka:
            RefusalWords(
                "\(move.to) is an Apache Kafka, which can be left and not be moved to: it has no API to mirror what "
                    + "\(move.from) holds",
                wayOut: move.goingBack)
        case .silent(let endpoints, let end):
            RefusalWords(endpoints.map(\.words).joined(separator: "; "), wayOut: end.words(of: move))
        case .stores(let places):
            RefusalWords(
                "clients could not all be told: \(places.map(\.words).shortened)",
                wayOut: "wait until every store answers, or plan with --override Stores")
        case .alive(let sign, let hindrances):
            RefusalWords(
                "\(move.from) is alive: \(sign.words(of: move)); a failover would lose what a switchover keeps",
                wayOut: hindrances.isEmpty
                    ? "remove `failover` for a switchover, or plan with --override Alive"
                    : "plan with --override Alive, which loses what was not replicated; or wait until a switchover is "
                        + "possible (\(hindrances.map(\.words).joined(separator: "; "))), and remove `failover`")
        case .survivor(let member, let records):
            RefusalWords(
                "\(member) holds \(records) records that \(move.to) does not",
                wayOut: "set `primary: \(member)`, or plan with --override BestSurvivor")
        }
    }
}

extension RefusedMove {
    fileprivate var goingBack: String { "put `primary` back to \(from)" }
}

extension SilentEndpoint {
    fileprivate var words: String {
        let name =
            switch endpoint {
            case .cluster(let name): name
            case .registry(let environment): "registry of \(environment)"
            case .store(let address): address.description
            }
        return silence.map { "\(name), \($0)" } ?? "\(name) was not observed"
    }
}

extension SilenceEnd {
    /// A failover needs the new side alone, so that it leads out of the old side's silence and of no other.
    fileprivate func words(of move: RefusedMove) -> String {
        let consent = "`failover: {from: \(move.from), incident: …}`"
        switch self {
        case .another(let members):
            return "wait until it answers, or \(move.goingBack)"
                + (members.isEmpty ? "" : ", or set it to a member that does (\(members.joined(separator: ", ")))")
        case .failoverFromAnswering:
            return "wait until it answers, or, to lose what was not replicated, consent to a failover: \(consent) and "
                + "plan with --override Alive, for \(move.from) itself is alive"
        case .failoverFromGone:
            return
                "to go on without what was not replicated, consent to a failover: \(consent); else wait until it answers"
        case .failoverFromUnclear:
            return
                "wait until it answers, or, to lose what was not replicated, consent to a failover: \(consent), with "
                + "--override Alive while records still arrive from it"
        }
    }
}

extension LifeSign {
    fileprivate func words(of move: RefusedMove) -> String {
        switch self {
        case .mirrors(let count): "\(move.from) answers and \(count) of its mirrors on \(move.to) are ACTIVE"
        case .answers: "\(move.from) answers"
        case .answersInPart: "\(move.from) answers in part, or late"
        case .answersThrottled: "\(move.from) answers, and asks to be asked later (429)"
        case .records: "\(move.to) still receives records from \(move.from)"
        }
    }
}

extension EpochReason {
    fileprivate var words: RefusalWords {
        switch self {
        case .quietPeriod(let age, let period):
            RefusalWords(
                "its primary changed \(age.components.seconds) s ago, and `policy.quietPeriod` is "
                    + "\(period.components.seconds) s",
                wayOut: "wait, or plan with --override QuietPeriod")
        case .open(let to, let from, let epoch):
            RefusalWords(
                "a move to \(to) (epoch \(epoch)) is not finished",
                wayOut: "finish it with `primary: \(to)`, or take it back with `primary: \(from)`")
        }
    }
}

extension CandidateReason {
    fileprivate func words(of move: RefusedMove) -> RefusalWords {
        switch self {
        case .topics(let obstacles, let remedy, let epoch, let topics):
            RefusalWords(
                "\(move.to) is not ready: \(obstacles.map { $0.words(besides: move.from) }.shortened)",
                wayOut: remedy.words(
                    of: move, adopting: "--adopt-diverged \(move.to)@\(epoch)",
                    orLeaving: Self.leaving(topics, as: "them")))
        case .everythingLeft(let topics):
            RefusalWords(
                "every topic would be left behind, so that clients would be sent to \(move.to) and their records stay on "
                    + "\(move.from): \(topics.shortened)",
                wayOut: "\(move.goingBack), or leave fewer topics behind")
        case .rejected(let topics, let leaving):
            RefusalWords(
                "\(move.to) refuses: \(topics.map { "\($0.topic): \($0.answer)" }.shortened)",
                wayOut: "\(move.goingBack) and apply, which repairs what the manifests declare; then move again"
                    + Self.leaving(leaving, as: "these topics"))
        case .foreignMirrors(let link, let topics):
            RefusalWords(
                "link \(link) carries mirrors that are not of this group: \(topics.shortened)",
                wayOut: "plan without --detach \(move.to)/\(link), or take these mirrors off the link first")
        }
    }

    private static func leaving(_ topics: [String]?, as name: String) -> String {
        topics.map { topics in
            ", or leave \(name) behind with \(topics.map { "--leave \($0)" }.joined(separator: " "))"
        } ?? ""
    }
}

extension CandidateRemedy {
    fileprivate func words(of move: RefusedMove, adopting flag: String, orLeaving leave: String) -> String {
        switch self {
        case .mirror where move.kind == .failover:
            "plan without --leave of them: \(move.to) serves them empty then"
        case .mirror: "\(move.goingBack) and apply, which mirrors them on \(move.to); then change it again"
        case .reconcile where move.kind == .failover:
            "plan with \(flag), which takes them as they are; or \(move.goingBack)"
        case .reconcile: "\(move.goingBack), let `reprotect` make \(move.to) a mirror first, or plan with \(flag)"
        case .follow:
            "\(move.goingBack) and apply, which makes them mirrors of \(move.from); then change it again\(leave)"
        case .repair: "repair them first\(leave)"
        case .wait: "wait until their logs are cut\(leave)"
        }
    }
}

extension ClientsReason {
    fileprivate func words(of move: RefusedMove) -> RefusalWords {
        switch self {
        case .entriesUnseen:
            RefusalWords(
                "what \(move.to) denies clients is not known: its entries may not be read",
                wayOut: "let the key of \(move.to) describe ACLs, or plan with --override Clients")
        case .denied(let entries):
            RefusalWords(
                "\(move.to) denies clients what they need: \(entries.map(\.inWords).shortened), by entries the ledger does "
                    + "not know as its own",
                wayOut: "delete them on \(move.to) by hand, or plan with --override Clients")
        case .unhealthy(let isProvisioned, let unwritable):
            RefusalWords(
                "\(move.to) is not healthy: "
                    + [
                        isProvisioned ? nil : "the control plane does not show it as PROVISIONED",
                        unwritable.isEmpty
                            ? nil
                            : "`min.insync.replicas` is greater than the replication factor of \(unwritable.shortened)",
                    ].compactMap(\.self).joined(separator: "; "),
                wayOut: "repair it, or plan with --override Health")
        case .unrendered(let problems):
            RefusalWords(
                "clients could not be told where to go: \(problems.map(\.words).shortened)",
                wayOut: "declare what is missing, or take it out of the properties of the binding; or plan with "
                    + "--override Clients, which leaves them on \(move.from)")
        case .credentials(let problems):
            RefusalWords(
                "clients could not work on \(move.to): \(problems.map(\.words).shortened)",
                wayOut: "repair their credentials in `spec.credentials.\(move.to)`, or plan with --override Clients")
        case .split(let application, let group, let other):
            RefusalWords(
                "application \(application) uses \(group) too, which \(other.words): it would find its topics on two sides",
                wayOut: "move both in one plan, or take \(group) out of `uses` of ClientBinding \(application)")
        }
    }
}

extension ClientProblem {
    fileprivate var words: String {
        switch cause {
        case .told(let words): "\(binding): \(words)"
        case .untried(let silence): "\(binding): its sign-in could not be tried, \(silence)"
        }
    }
}

extension OtherFamily {
    fileprivate var words: String {
        switch self {
        case .isRefused: "is refused"
        case .stays(let member): "stays on \(member)"
        case .moves(let member): "moves to \(member)"
        case .isHeld: "is refused to move"
        }
    }
}
