import Domain
import Planning
import Testing

/// A promotion that is stuck, and that a person ends by hand: what can be said of the side that was left.
@Suite struct EndedByHandExamples {
    /// A switchover that was killed while it promoted: one mirror is PENDING_STOPPED, and then failed over by hand.
    private static func ended(
        denied: [String] = ["User:*"], _ meanwhile: (inout History) -> Void = { _ in }
    ) throws -> History {
        var shape = HistoryGenerator.Shape()
        (shape.denied, shape.canary, shape.movesSchemas) = (denied, false, false)
        var history = HistoryGenerator.settled(shape)
        history.perform(.setPrimary("east", consents: false))
        let promotion = try #require(
            history.plan().steps.firstIndex { if case .move(.endMirrors) = $0.action { true } else { false } })
        history.perform(.apply(.init(step: promotion, manner: .half, kills: true), order: nil, []))
        let stuck = try #require(
            history.world.cluster("east", history.workspace)?.mirrors.filter { $0.status == .pendingStopped })
        #expect(stuck.count == 1)
        meanwhile(&history)
        for row in stuck { history.perform(.endByHand("east", row.topic)) }
        return history
    }

    private static func proof(_ history: History) -> RecordedMoves.Proof? {
        for case .move(_, .served(let demoted))? in history.plan().steps.map(\.ledger) {
            return demoted["west"]?.proof
        }
        return nil
    }

    @Test("fenced and drained before, its copy holds everything whoever ended it: lossless")
    func drained() throws {
        var history = try Self.ended()
        #expect(Self.proof(history) == .lossless)
        #expect(history.rest(atMost: 4) != nil)
        #expect(history.judge.findings.map(\.description) == [])
        #expect(history.workspace.failoverGroups["g0"]?.discard == [])
    }

    @Test("a fence that is declared complete only afterwards shows nothing of what was written before: diverged")
    func fencedLater() throws {
        let history = try Self.ended(denied: ["User:app"]) { history in
            var fence = FailoverGroupSpec.Fence()
            fence.denyWrites = ["User:app", "User:*"]
            history.workspace.failoverGroups["g0"]?.fence = fence
        }
        #expect(Self.proof(history) == .diverged)
    }

    @Test("a topic that came while the move was under way, and was ended by hand, was never drained: diverged")
    func neverDrained() throws {
        let history = try Self.ended { history in
            history.workspace.addTopic("g0.t9", .failoverGroup("g0"))
            history.world.addMirror(of: "g0.t9", like: "g0.t0", from: "west", to: "east", history.workspace)
            history.perform(.endByHand("east", "g0.t9"))
        }
        #expect(Self.proof(history) == .diverged)
    }

    @Test("a promotion that somebody began is fenced and drained before it counts")
    func begunByHand() throws {
        let history = try Self.ended { history in
            history.workspace.addTopic("g0.t9", .failoverGroup("g0"))
            history.world.addMirror(of: "g0.t9", like: "g0.t0", from: "west", to: "east", history.workspace)
            history.perform(.status("east", "g0.t9", .pendingStopped))
        }
        let drained = history.plan().steps.flatMap { step -> [String] in
            if case .move(.drain(let mirrors)) = step.action { mirrors.topics } else { [] }
        }
        #expect(drained == ["g0.t9"])
        #expect(Self.proof(history) == .lossless)
    }

    @Test("taken back so far that writers were let in again, the move goes forward only as with former copies")
    func letIn() throws {
        var history = try Self.ended()
        history.perform(.setPrimary("west", consents: false))
        let lift = try #require(
            history.plan().steps.firstIndex { if case .move(.unfence) = $0.action { true } else { false } })
        for isRemembered in [true, false] {
            var killed = history
            let step = isRemembered ? lift + 2 : lift
            killed.perform(
                .apply(.init(step: step, manner: isRemembered ? .before : .unheard, kills: true), order: nil, []))
            #expect(killed.world.cluster("west", killed.workspace)?.denials == [])
            killed.perform(killed.writeDeed("g0.t0", isStale: false))
            killed.perform(.setPrimary("east", consents: false))
            #expect(killed.plan().refusals.map(\.gate) == [.candidate])
            #expect(killed.plan().moves.isEmpty)
        }
    }
}

extension World {
    /// A topic that is there on one cluster, and mirrored on another one over the link of a topic that is.
    fileprivate mutating func addMirror(
        of topic: String, like other: String, from source: String, to destination: String, _ workspace: Workspace
    ) {
        change(source, workspace) { cluster in
            cluster.topics[topic] = cluster.topics[other]
            cluster.configs[topic] = [:]
            cluster.records[topic] = [900, 901]
        }
        change(destination, workspace) { cluster in
            cluster.topics[topic] = cluster.topics[other]
            cluster.configs[topic] = [:]
            cluster.records[topic] = [900, 901]
            guard let link = cluster.mirrors.first(where: { $0.topic == other })?.link else { return }
            cluster.mirrors.append(ObservedMirror(link: link, topic: topic, sourceTopic: topic, status: .active))
        }
    }
}

extension EndedByHandExamples {
    @Test("a mirror of a bidirectional link that somebody began to promote is promoted behind the fence, not reversed")
    func promotedByHand() throws {
        var shape = HistoryGenerator.Shape()
        (shape.isBidirectional, shape.canary, shape.movesSchemas) = (true, false, false)
        var history = HistoryGenerator.settled(shape)
        history.perform(.status("east", "g0.t0", .pendingStopped))
        history.perform(.setPrimary("east", consents: false))
        let plan = history.plan()
        #expect(plan.refusals.isEmpty)
        var verbs: [String: MirrorPromotion] = [:]
        for case .move(.endMirrors(let verb, let mirrors)) in plan.steps.map(\.action) {
            for topic in mirrors.topics { verbs[topic] = verb }
        }
        #expect(verbs["g0.t0"] == .promote && verbs["g0.t1"] == .reverse)
        history.apply()
        #expect(history.rest(atMost: 4) != nil)
        #expect(history.judge.findings.map(\.description) == [])
    }
}
