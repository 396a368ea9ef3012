import Domain
import Planning
import Rendering
import Testing

/// A lag is what was seen of mirrors that fetch from the member that serves; anything else is unknown, and never 0.
@Suite struct LagExamples {
    private static func shop(_ edit: (inout FailoverGroupSpec) -> Void = { _ in }) throws -> Example {
        var example = try Example.applied { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("shop", primary: "west", ["west", "east"]) { group in
                group.fence = .init()
                group.fence?.denyWrites = ["User:*"]
                edit(&group)
            }
            for topic in ["shop.a", "shop.b", "shop.empty"] { workspace.addTopic(topic, .failoverGroup("shop")) }
        }
        for topic in ["shop.a", "shop.b"] { example.write(topic, on: "west", 3) }
        example.world.replicate(example.workspace)
        return example
    }

    private static func reasons(_ example: Example) -> [LagDoubt.Reason] {
        (example.plan().lags["shop"]?.doubts ?? []).map(\.reason)
    }

    /// What a run remembers of an observation.
    private static func remember(_ example: inout Example) {
        let observation = example.world.observation(example.workspace)
        var sites = observation.sites
        sites.learnHoldings(from: observation.clusters, remembering: example.world.ledger.sites)
        example.world.ledger.sites = sites
    }

    @Test("copied over a link that gets through: 0 as of the reading; an empty topic holds nothing up")
    func current() throws {
        let example = try Self.shop()
        let plan = example.plan()
        #expect(plan.lags["shop"]?.reading?.records == 0)
        #expect(plan.lags["shop"]?.reading?.asOf == plan.observedAt)
    }

    @Test(
        "a mirror that does not fetch has no lag, whatever number it tells",
        arguments: [MirrorStatus.paused, .linkPaused, .failed, .sourceUnavailable, .linkFailed, .pendingMirror])
    func notFetching(status: MirrorStatus) throws {
        var example = try Self.shop()
        example.change("east") { $0.mirrors[0].status = status }
        #expect(Self.reasons(example) == [.notFetching(status)])
    }

    @Test("a link that does not get through makes every lag over it unknown, although it says ACTIVE")
    func cutOff() throws {
        for edit: @Sendable (inout ObservedLink) -> Void in [
            {
                $0.tasks = [
                    .init(name: "TopicConfigsSync", state: .inError, errors: ["late"], codes: ["INTERNAL_ERROR"])
                ]
            },
            { $0.tasks = [.init(name: "TopicConfigsSync", state: .linkUnavailable)] }, { $0.state = .unavailable },
            { $0.error = "TIMEOUT_ERROR" }, { $0.configs["cluster.link.paused"] = "true" },
        ] {
            var example = try Self.shop()
            example.change("east") { cluster in
                guard var link = cluster.links["shop-west-east"] else { return }
                edit(&link)
                cluster.links["shop-west-east"] = link
            }
            let isUnknown = Self.reasons(example).allSatisfy { if case .link = $0 { true } else { false } }
            #expect(isUnknown && Self.reasons(example).count == 3)
        }
    }

    @Test(
        "a failover from a side that answers knows no lag over a link that is cut off; from silence it tells the last"
    )
    func moveOverACutLink() throws {
        var example = try Self.shop()
        example.change("east") { $0.links["shop-west-east"]?.error = "AUTHENTICATION_ERROR" }
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        var options = PlanOptions()
        options.overrides = [.alive]
        let alive = try #require(example.plan(options).moves.first)
        #expect(alive.unknownLag == ["shop.a", "shop.b", "shop.empty"])
        example.world.silent = [.cluster("west"): .unreachable, .controlPlane: .unreachable]
        let silent = try #require(example.plan(options).moves.first)
        #expect(silent.unknownLag == [])
    }

    @Test("no position where records are known to be is no proof: the lag is unknown and a switchover is refused")
    func positionLost() throws {
        var example = try Self.shop()
        Self.remember(&example)
        example.change("east") { cluster in
            for row in cluster.mirrors.indices {
                cluster.mirrors[row].lags = [.init(partition: 0, lag: 0, lastSourceFetchOffset: -1)]
            }
        }
        #expect(Self.reasons(example) == [.position(partition: 0), .position(partition: 0)])
        example.setPrimary("east")
        #expect(example.plan().refusals.map(\.gate) == [.readiness])
    }

    @Test("a row that leaves partitions out, or does not say how many there are, tells no lag of the topic")
    func incomplete() throws {
        for edit: @Sendable (inout ObservedMirror) -> Void in [
            { $0.partitions = nil }, { $0.partitions = 2 }, { $0.partitions = 0 }, { $0.lags = [] },
            { row in
                row.partitions = 2
                row.lags.append(contentsOf: row.lags)
            },
        ] {
            var example = try Self.shop()
            example.change("east") { edit(&$0.mirrors[0]) }
            #expect(Self.reasons(example) == [.incomplete])
        }
    }

    @Test("a topic that the source lost, or that was made anew, is not known to hold records")
    func forgotten() throws {
        var example = try Self.shop()
        Self.remember(&example)
        #expect(example.world.ledger.sites.partitionsHeld(of: "shop.a", on: "west") == [0])
        example.change("east") { cluster in
            guard let row = cluster.mirrors.firstIndex(where: { $0.topic == "shop.a" }) else { return }
            cluster.mirrors[row].error = "SOURCE_TOPIC_ID_CHANGED"
        }
        Self.remember(&example)
        #expect(example.world.ledger.sites.partitionsHeld(of: "shop.a", on: "west") == [])
        #expect(example.world.ledger.sites.partitionsHeld(of: "shop.b", on: "west") == [0])
    }

    @Test("the bound of age grows while nothing is read, and belongs to the direction of now")
    func age() {
        var recorded = Recorded()
        recorded.lag["shop"] = .init(
            records: 0, worst: 0, worstPartition: nil, asOf: Timestamp(milliseconds: 10_000))
        func bound(_ now: Int64) -> Duration? {
            recorded.lossAge(ofGroup: "shop", measured: nil, copiesBegan: nil, at: Timestamp(milliseconds: now)).bound
        }
        #expect(bound(12_000) == .seconds(2))
        #expect(bound(70_000) == .seconds(60))
        var moves = RecordedMoves()
        moves.serving = .init(epoch: 1, site: "east", since: Timestamp(milliseconds: 20_000))
        recorded.moves["shop"] = moves
        #expect(bound(70_000) == nil)
    }

    @Test("a moment without lag of a copy that was made anew or is gone bounds nothing: a failover is refused")
    func agesOfCopies() throws {
        var example = try Self.shop { $0.objectives.age = .seconds(60) }
        example.world.ledger.lag = GroupLag.measured(example.plan())
        #expect(example.plan().lossAges["shop"] == .bounded(.zero))
        var failing = example
        failing.world.silent = [.cluster("west"): .unreachable, .controlPlane: .unreachable]
        failing.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        var options = PlanOptions()
        options.overrides = [.alive]
        func refusals(after began: Duration?) -> [Refusal.Gate] {
            var example = failing
            if let began {
                let time = example.world.time.advanced(by: began)
                example.world.ledger.sites.beginCopy(of: "shop.a", on: "east", at: time)
            }
            example.world.time = example.world.time.advanced(by: .seconds(10))
            return example.plan(options).refusals.map(\.gate)
        }
        #expect(refusals(after: nil) == [])
        #expect(refusals(after: .seconds(-5)) == [])
        #expect(refusals(after: .seconds(5)) == [.loss])

        example.change("east") { $0.mirrors.removeAll { $0.topic == "shop.a" } }
        #expect(example.plan().lossAges["shop"] == .unbounded)
    }

    @Test("steps that make a copy anew are remembered; a mirror of a topic that they make is no such copy")
    func copiesOfSteps() throws {
        var example = try Self.shop()
        #expect(example.world.ledger.sites.copiesBegan(of: ["shop.a"], on: "east") == nil)
        example.change("east") { east in
            east.mirrors.removeAll { $0.topic == "shop.a" }
            east.topics["shop.a"] = nil
        }
        example.world.time = example.world.time.advanced(by: .seconds(10))
        try example.apply()
        let sites = example.world.ledger.sites
        #expect(sites.copiesBegan(of: ["shop.a", "shop.b"], on: "east") == example.world.time)
        #expect(sites.copiesBegan(of: ["shop.b"], on: "east") == nil)
    }

    @Test("a failover is refused by Loss once the objective of age is passed, or a mirror stopped fetching")
    func loss() throws {
        var example = try Self.shop { $0.objectives.recordsLost = 1000 }
        example.change("east") { $0.mirrors[0].status = .paused }
        example.world.silent = [.cluster("west"): .unreachable, .controlPlane: .unreachable]
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        var options = PlanOptions()
        options.overrides = [.alive]
        #expect(example.plan(options).refusals.map(\.gate) == [.loss])
        #expect(
            example.plan(options).refusals.allSatisfy { $0.message.contains("the objective of shop, 1000 records") })
    }
}
