import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

@Suite struct EndingStepsTests {
    private static let orders = #"[{"name":"orders","partitions":2}]"#

    @Test("Mirrors without lag are drained, an empty one too; records that cannot come are named with their number")
    func drain() async throws {
        try await Rig.stepped(topics: Self.orders) { rig, _ in
            try await rig.mirror(["orders"])
            try await rig.perform(.move(.drain(Estate.linked(["orders"]))))
            try await rig.produce(250_000, to: "orders")
            try await rig.perform(.move(.drain(Estate.linked(["orders"]))))
            try await rig.produce(250_000, to: "orders")
            try await rig.advance(by: .milliseconds(150))
            try await rig.isolate("west")
            let failure = await rig.limited().failure(of: .move(.drain(Estate.linked(["orders"]))))
            #expect(failure?.kind == .timeout)
            #expect(
                failure?.message
                    == "waited 20s for 1 mirrors of west-east to be without lag; last seen: orders 150000 records behind"
            )
        }
    }

    @Test("Lag 0 while records still come is momentary, and no drain")
    func drainOfASourceInUse() async throws {
        try await Rig.stepped(topics: Self.orders) { rig, time in
            try await rig.mirror(["orders"])
            time.meanwhile { _ in
                try await rig.produce(1, to: "orders")
                try await rig.advance(by: .milliseconds(200))
            }
            let failure = await rig.limited().failure(of: .move(.drain(Estate.linked(["orders"]))))
            #expect(failure?.message.hasSuffix("without lag for one look only") == true)
        }
    }

    @Test("Lag 0 of a mirror that does not fetch proves nothing")
    func drainOfAPausedMirror() async throws {
        try await Rig.stepped(topics: Self.orders) { rig, _ in
            try await rig.mirror(["orders"])
            try await rig.perform(
                .kafka(.pauseMirrors(LinkedMirrors(cluster: "east", link: "west-east", topics: ["orders"]))))
            let failure = await rig.limited().failure(of: .move(.drain(Estate.linked(["orders"]))))
            #expect(failure?.message.hasSuffix("orders 0 records behind, PAUSED") == true)
        }
    }

    @Test("Promoted mirrors are STOPPED when the step returns, have every record, and may be promoted again")
    func promote() async throws {
        try await Rig.stepped(topics: Estate.numbered(20)) { rig, _ in
            let mirrors = Estate.linked(Estate.names(20))
            try await rig.mirror(mirrors.topics)
            try await rig.produce(300_000, to: "t000003")
            try await rig.perform(.move(.endMirrors(.promote, mirrors)))
            #expect(try await rig.calls("promote") == 1)
            try await rig.perform(.move(.endMirrors(.promote, mirrors)))
            #expect(Set(try await rig.statuses().values) == [.stopped])
            try await rig.produce(1, to: "t000003", on: "east")
        }
    }

    @Test("A failover needs nothing of the lost region: a thousand mirrors of it stop after one call")
    func failoverAlone() async throws {
        try await Rig.stepped(topics: Estate.numbered(1000)) { rig, _ in
            let mirrors = Estate.linked(Estate.names(1000))
            let filters = #"{"topicFilters":[{"name":"t","patternType":"PREFIXED","filterType":"INCLUDE"}]}"#
            try await rig.perform(
                Estate.link(configs: [
                    ConfigChange("auto.create.mirror.topics.filters", filters),
                    ConfigChange("auto.create.mirror.topics.enable", "true"),
                ]))
            try await rig.advance(by: .seconds(30))
            try await rig.setRegion("west", "down")
            let promotion = await rig.failure(of: .move(.endMirrors(.promote, Estate.linked(["t000000"]))))
            #expect(promotion?.kind == .rejected)
            #expect(promotion?.message.contains("the source cluster cannot be reached") == true)
            try await rig.perform(.move(.endMirrors(.failover, mirrors)))
            #expect(try await rig.calls("failover") == 1)
            let statuses = try await rig.statuses()
            #expect(statuses.count == 1000)
            #expect(Set(statuses.values) == [.stopped])
        }
    }

    @Test("A topic that is refused is named again by itself; refused for good it is told when the others have stopped")
    func refusedItem() async throws {
        try await Rig.stepped(topics: Estate.numbered(3)) { rig, _ in
            let mirrors = Estate.linked(Estate.names(3))
            try await rig.mirror(mirrors.topics)
            try await rig.fault(
                #"{"effect":"itemErrors","topics":["t000001"],"code":401,"message":"Not authorized"}"#)
            let failure = await rig.failure(of: .move(.endMirrors(.failover, mirrors)))
            #expect(failure?.kind == .rejected)
            #expect(failure?.message == "t000001: Not authorized")
            #expect(try await rig.calls("failover") == 3)
            #expect(try await rig.statuses() == ["t000000": .stopped, "t000001": .active, "t000002": .stopped])
            try await rig.removeFaults()
            try await rig.fault(#"{"effect":"itemErrors","topics":["t000001"],"count":2}"#)
            try await rig.perform(.move(.endMirrors(.failover, mirrors)))
            #expect(Set(try await rig.statuses().values) == [.stopped])
        }
    }

    @Test("Names are halved only when the service refuses their number, and a lost answer is read back")
    func sizeAndLostAnswer() async throws {
        try await Rig.stepped(topics: Estate.numbered(8)) { rig, _ in
            let path = "/kafka/v3/clusters/lkc-east/links/west-east/mirrors:failover"
            try await rig.mirror(Estate.names(8))
            try await rig.spoil("east/kafka", path: path, #""effect":"status","status":413,"count":2"#)
            try await rig.perform(.move(.endMirrors(.failover, Estate.linked(Array(Estate.names(8).prefix(4))))))
            #expect(try await rig.calls("failover") == 5)
            try await rig.spoil("east/kafka", path: path, #""effect":"loseResponse","count":2"#)
            try await rig.perform(.move(.endMirrors(.failover, Estate.linked(Estate.names(8)))))
            #expect(Set(try await rig.statuses().values) == [.stopped])
        }
    }

    @Test("A failover that does not get on is asked for again; a promotion that is stuck tells why")
    func stuck() async throws {
        try await Rig.stepped(topics: Estate.numbered(2)) { rig, time in
            try await rig.mirror(Estate.names(2))
            try await rig.fault(
                #"{"effect":"stuck","status":"PENDING_STOPPED","topic":"t000000","#
                    + #""error":{"code":"POLICY_VIOLATION_ERROR","message":"no leader"}}"#)
            let failure = await rig.limited().failure(of: .move(.endMirrors(.promote, Estate.linked(Estate.names(2)))))
            #expect(failure?.kind == .timeout)
            #expect(
                failure?.message
                    == "waited 60s for 2 mirrors of west-east to stop; last seen: t000000 PENDING_STOPPED; "
                    + "t000000: POLICY_VIOLATION_ERROR: no leader")
            #expect(try await rig.statuses()["t000001"] == .stopped)
            let start = time.now
            time.meanwhile { now in if now - start > .seconds(25) { try await rig.removeFaults() } }
            try await rig.perform(.move(.endMirrors(.failover, Estate.linked(["t000000"]))))
            #expect(try await rig.calls("failover") == 3)
            #expect(try await rig.statuses()["t000000"] == .stopped)
        }
    }

    @Test(
        "A reversal is done when the mirrors here are writable and the former sources follow them, also when repeated")
    func reverse() async throws {
        try await Rig.stepped(topics: Estate.numbered(3)) { rig, _ in
            let mirrors = Estate.linked(Estate.names(3), link: "pair")
            try await rig.mirrorOverPair(mirrors.topics)
            try await rig.produce(150_000, to: "t000001")
            try await rig.perform(.move(.endMirrors(.reverse, mirrors)))
            #expect(Set(try await rig.statuses("east").values) == [.stopped])
            #expect(Set(try await rig.statuses("west").values) == [.active])
            try await rig.perform(.move(.endMirrors(.reverse, mirrors)))
            #expect(try await rig.calls("reverse-and-start-mirror") == 2)
            try await rig.produce(1, to: "t000001", on: "east")
        }
    }

    @Test("A reversal is refused on a link that is not bidirectional, and where the other end is not declared")
    func reversalRefused() async throws {
        try await Rig.stepped(topics: Self.orders) { rig, _ in
            try await rig.mirror(["orders"])
            let failure = await rig.failure(of: .move(.endMirrors(.reverse, Estate.linked(["orders"]))))
            #expect(failure?.message.contains("its link is not bidirectional") == true)
            await rig.directory.learn(KnownSites.Cluster(id: "lkc-other"), named: "west")
            let unknown = await rig.failure(of: .move(.endMirrors(.reverse, Estate.linked(["orders"]))))
            #expect(unknown?.message == "cluster lkc-west at the other end of link west-east is not declared")
            #expect(try await rig.statuses()["orders"] == .active)
        }
    }

    @Test("A former primary is cut back to where the other side went on, and follows it; also when repeated")
    func restore() async throws {
        try await Rig.stepped(topics: Estate.numbered(2)) { rig, _ in
            let topics = Estate.names(2)
            try await rig.mirrorOverPair(topics)
            try await rig.produce(10, to: topics[0])
            try await rig.advance(by: .seconds(1))
            try await rig.perform(.move(.endMirrors(.failover, Estate.linked(topics, link: "pair"))))
            try await rig.produce(5, to: topics[0])
            let restored = Estate.linked(topics, link: "pair", on: "west")
            try await rig.perform(.move(.restoreMirrors(restored)), .move(.restoreMirrors(restored)))
            #expect(Set(try await rig.statuses("west").values) == [.active])
            try await rig.produce(3, to: topics[0], on: "east")
            try await rig.perform(.move(.drain(restored)))
            let row = try #require(try await rig.kafka("west").mirrors.first { $0.topic == topics[0] })
            #expect(row.lags.map(\.lastSourceFetchOffset) == [13])
        }
    }

    @Test("Nothing is cut where the other side never stopped following")
    func restoreRefused() async throws {
        try await Rig.stepped(topics: Self.orders) { rig, _ in
            try await rig.mirrorOverPair(["orders"])
            let failure = await rig.failure(
                of: .move(.restoreMirrors(Estate.linked(["orders"], link: "pair", on: "west"))))
            #expect(failure?.kind == .rejected)
            #expect(failure?.message.contains("the remote topic has no stopped mirror on this link") == true)
        }
    }

    @Test("A link is detached without its source, twice if asked; its mirrors are ordinary topics then")
    func detach() async throws {
        try await Rig.stepped(topics: Self.orders) { rig, _ in
            try await rig.mirror(["orders"])
            try await rig.setRegion("west", "down")
            try await rig.perform(
                .move(.detachLink(LinkReference(cluster: "east", link: "west-east"))),
                .move(.detachLink(LinkReference(cluster: "east", link: "west-east"))))
            #expect(try await rig.kafka("east").links.isEmpty)
            try await rig.produce(1, to: "orders", on: "east")
        }
    }
}
