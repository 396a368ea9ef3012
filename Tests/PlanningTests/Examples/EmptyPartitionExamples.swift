import Domain
import Planning
import Testing

/// Lag 0 without a position is the lag of an empty partition, and what a mirror tells that has fetched nothing yet.
@Suite struct EmptyPartitionExamples {
    /// A group of which `shop.empty` holds nothing; no ledger remembers which topics hold records.
    private static func shop(_ type: ClusterType = .dedicated) throws -> Example {
        var example = try Example.applied { workspace in
            for site in ["west", "east"] { workspace.clusters[site]?.type = type }
            workspace.addGroup("shop", primary: "west", ["west", "east"])
            for topic in ["shop.a", "shop.empty"] { workspace.addTopic(topic, .failoverGroup("shop")) }
        }
        example.write("shop.a", on: "west", 3)
        example.world.replicate(example.workspace)
        return example
    }

    private static func reasons(_ example: Example) -> [LagDoubt.Reason] {
        (example.plan().lags["shop"]?.doubts ?? []).map(\.reason)
    }

    /// The mirror of a topic on east is in its state for some time, and tells no position.
    private static func tellNothing(_ example: inout Example, of topic: String, since time: Duration) {
        let start = example.world.time.advanced(by: .zero - time)
        example.change("east") { east in
            for row in east.mirrors.indices where east.mirrors[row].topic == topic {
                east.mirrors[row].stateTime = start
                east.mirrors[row].lags = [.init(partition: 0, lag: 0, lastSourceFetchOffset: -1)]
            }
        }
    }

    @Test("where the source tells its end, that decides: nobody has to remember anything")
    func told() throws {
        var example = try Self.shop()
        #expect(Self.reasons(example) == [])
        Self.tellNothing(&example, of: "shop.a", since: .seconds(3600))
        #expect(Self.reasons(example) == [.position(partition: 0)])
    }

    @Test("where nobody tells it, a mirror that has certainly asked is believed: a new topic is soon without lag")
    func notTold() throws {
        var example = try Self.shop(.enterprise)
        let silences: [[World.Endpoint: World.Silence]] = [[:], [.cluster("west"): .denied]]
        for silent in silences {
            example.world.silent = silent
            Self.tellNothing(&example, of: "shop.empty", since: .seconds(1))
            #expect(Self.reasons(example) == [.unplaced(partition: 0)])
            Self.tellNothing(&example, of: "shop.empty", since: .seconds(60))
            #expect(Self.reasons(example) == [])
        }
    }

    @Test("a copy holds what it fetched, until it is deleted or cut; a topic with fewer partitions is another one")
    func ownHoldings() throws {
        var example = try Self.shop()
        var sites = example.world.ledger.sites
        func learn() {
            let observation = example.world.observation(example.workspace)
            var seen = observation.sites
            seen.learnHoldings(from: observation.clusters, remembering: sites)
            sites = seen
        }
        learn()
        for site in ["west", "east"] {
            #expect(sites.partitionsHeld(of: "shop.a", on: site) == [0])
            #expect(sites.partitionsHeld(of: "shop.empty", on: site) == [])
        }
        Self.tellNothing(&example, of: "shop.a", since: .seconds(60))
        learn()
        #expect(sites.partitionsHeld(of: "shop.a", on: "east") == [0])
        let mirrors = LinkedMirrors(cluster: "east", link: "shop-west-east", topics: ["shop.a"])
        for action in [
            StepAction.move(.restoreMirrors(mirrors)),
            .kafka(.deleteTopic(TopicReference(cluster: "east", topic: "shop.a"))),
        ] {
            var after = sites
            after.forgetHoldings(after: action)
            #expect(after.partitionsHeld(of: "shop.a", on: "east") == [])
            #expect(after.partitionsHeld(of: "shop.a", on: "west") == [0])
        }
        sites.clusters["east"]?.holding = ["shop.a": [0, 7]]
        learn()
        #expect(sites.partitionsHeld(of: "shop.a", on: "east") == [])
    }
}
