import Domain
import Planning
import Rendering
import Testing

/// The other half of the role tables: what becomes of a topic on a member that does not serve.
@Suite struct MirrorRoleExamples {
    enum Outcome: Equatable {
        case nothing, creates, resumes, awaits, waits, refuses, decides, recreates, truncates
    }

    struct Cell: Sendable, CustomTestStringConvertible {
        /// As coverage counts it.
        let role: String
        let testDescription: String
        var member = "east"
        var shape: @Sendable (inout HistoryGenerator.Shape) -> Void = { _ in }
        let arise: @Sendable (inout History) -> Void
        let outcome: Outcome
        /// Whether the plan uses a consent; `nil` = nothing is destroyed.
        var usesToken: Bool?
    }

    @Test("a topic on a standby is left, made, resumed, replaced, refused or asked about by its state", arguments: all)
    func role(_ cell: Cell) {
        var shape = HistoryGenerator.Shape()
        (shape.movesSchemas, shape.canary) = (false, false)
        cell.shape(&shape)
        var history = HistoryGenerator.settled(shape)
        cell.arise(&history)
        let plan = history.plan()
        #expect(Self.outcome(plan, on: cell.member) == cell.outcome, "\(plan.inWords)")
        let reason = plan.changes.first { $0.effect == .replace && $0.address.place == cell.member }?.reason
        #expect(reason.map { $0.words.contains("(consent ") } == cell.usesToken, "\(reason?.words ?? "-")")
        history.coverage = Coverage()
        history.perform(.apply(nil, order: nil, []))
        #expect(history.coverage.roles["mirror \(cell.role)"] ?? 0 > 0, "\(history.coverage.roles)")
        #expect(history.judge.findings.map(\.description) == [])
    }

    private static func outcome(_ plan: Plan, on member: String) -> Outcome {
        let mirror = ResourceAddress(.mirror, in: member, "g0.t0")
        if plan.decisions.contains(where: { $0.member == member && $0.topics.contains("g0.t0") }) { return .decides }
        if plan.refusals.contains(where: { $0.message.contains("g0.t0") }) { return .refuses }
        if plan.deferred.contains(where: { $0.address == mirror }) { return .waits }
        let actions = plan.steps.map(\.action)
        for action in actions {
            switch action {
            case .kafka(.deleteTopic(TopicReference(cluster: member, topic: "g0.t0"))): return .recreates
            case .move(.restoreMirrors(let mirrors))
            where mirrors.cluster == member && mirrors.topics.contains("g0.t0"):
                return .truncates
            case .kafka(.createMirror(let creation)) where creation.cluster == member && creation.topic == "g0.t0":
                return .creates
            case .move(.awaitMirrors(let mirrors)) where mirrors.cluster == member && mirrors.topics.contains("g0.t0"):
                return .awaits
            case .kafka(.resumeMirrors(let mirrors))
            where mirrors.cluster == member && mirrors.topics.contains("g0.t0"):
                return .resumes
            default: continue
            }
        }
        return .nothing
    }

    static let all = following + writable

    private static func following(_ status: MirrorStatus, _ outcome: Outcome) -> Cell {
        Cell(
            role: "\(status)", testDescription: "\(status)", arise: { $0.perform(.status("east", "g0.t0", status)) },
            outcome: outcome)
    }

    private static let following: [Cell] =
        [
            following(.active, .nothing), following(.paused, .resumes), following(.pendingMirror, .awaits),
            following(.sourceUnavailable, .nothing), following(.linkFailed, .nothing),
            following(.pendingSynchronize, .nothing), following(.failed, .refuses),
        ] + [
            Cell(
                role: "absent", testDescription: "absent", arise: { $0.remove("g0.t0", on: "east") }, outcome: .creates),
            Cell(
                role: "absent", testDescription: "absent, and the holder is silent",
                arise: {
                    $0.remove("g0.t0", on: "east")
                    $0.perform(.die("west"))
                }, outcome: .waits),
            Cell(
                role: "of another", testDescription: "a mirror of the side that was left, not ahead", member: "north",
                shape: { $0.members = 3 }, arise: { $0.move() }, outcome: .recreates, usesToken: false),
            Cell(
                role: "of another", testDescription: "a mirror of the side that was left, ahead", member: "north",
                shape: { $0.members = 3 },
                arise: { history in
                    history.perform(.status("east", "g0.t0", .paused))
                    history.perform(history.writeDeed("g0.t0", isStale: false))
                    history.perform(.replicate(.max))
                    history.perform(.die("west"))
                    history.perform(.setPrimary("east", consents: true))
                    history.perform(.override([.bestSurvivor]))
                    history.perform(.apply(nil, order: nil, []))
                }, outcome: .decides),
        ]

    private static let writable: [Cell] = [
        Cell(
            role: "promoted", testDescription: "promoted in a move that was given up",
            arise: { history in
                history.perform(.setPrimary("east", consents: false))
                let ready = history.plan().steps.firstIndex { $0.verb == "served" } ?? 0
                history.perform(.apply(.init(step: ready, manner: .before, kills: true), order: nil, []))
                history.perform(.setPrimary("west", consents: false))
            }, outcome: .recreates, usesToken: false),
        Cell(
            role: "former", testDescription: "a former copy, Manual", member: "west",
            shape: { $0.reprotect = .manual }, arise: { $0.move() }, outcome: .decides),
        Cell(
            role: "former", testDescription: "a former copy behind a complete fence, Recreate", member: "west",
            arise: { $0.move() }, outcome: .recreates, usesToken: false),
        Cell(
            role: "former", testDescription: "a former copy behind a partial fence, Recreate", member: "west",
            shape: { $0.denied = ["User:app"] }, arise: { $0.move() }, outcome: .decides),
        Cell(
            role: "former", testDescription: "a former copy after a failover, with its token", member: "west",
            arise: { $0.failOverAndConsent() }, outcome: .recreates, usesToken: true),
        Cell(
            role: "former", testDescription: "a former copy after a failover, Restore", member: "west",
            shape: { ($0.isBidirectional, $0.reprotect) = (true, .restore) }, arise: { $0.failOverAndConsent() },
            outcome: .truncates, usesToken: true),
        Cell(
            role: "former", testDescription: "a former copy of a unidirectional link, Restore", member: "west",
            shape: { $0.reprotect = .restore }, arise: { $0.failOverAndConsent() }, outcome: .recreates,
            usesToken: true),
        Cell(
            role: "former", testDescription: "a former copy, Retire", member: "west",
            shape: { $0.reprotect = .retire }, arise: { $0.move() }, outcome: .nothing),
        Cell(
            role: "stranger", testDescription: "a mirror that was stopped by hand",
            arise: { $0.perform(.endByHand("east", "g0.t0")) }, outcome: .refuses),
        Cell(
            role: "stranger", testDescription: "an ordinary topic",
            arise: { history in
                history.world.change("east", history.workspace) { cluster in
                    cluster.mirrors.removeAll { $0.topic == "g0.t0" }
                }
                history.note(.people)
            }, outcome: .refuses),
    ]
}

extension History {
    fileprivate mutating func remove(_ topic: String, on site: String) {
        world.change(site, workspace) { cluster in
            cluster.topics[topic] = nil
            cluster.records[topic] = nil
            cluster.mirrors.removeAll { $0.topic == topic }
        }
        note(.people)
    }

    fileprivate mutating func failOverAndConsent() {
        perform(.die("west"))
        perform(.setPrimary("east", consents: true))
        perform(.apply(nil, order: nil, []))
        perform(.revive("west"))
        perform(.apply(nil, order: nil, []))
        perform(.giveTokens)
    }
}
