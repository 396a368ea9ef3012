import Domain
import Planning
import Rendering
import Testing

@Suite struct GroupExamples {
    private static func shop(_ workspace: inout Workspace) {
        workspace.addGroup("shop", primary: "west", ["west", "east"], include: ["shop.*"])
        workspace.addTopic("shop.orders", .failoverGroup("shop"))
        workspace.addTopic("shop.carts", .failoverGroup("shop"))
        workspace.addBinding("checkout", .failoverGroup("shop")) {
            $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
        }
    }

    @Test("a group whose topics are only selected mirrors what its primary has, and says that it is protected")
    func selectedOnly() throws {
        var example = Example { $0.addGroup("shop", primary: "west", ["west", "east"], include: ["shop.*"]) }
        for topic in ["shop.orders", "shop.carts", "other", "shop.x-changelog", "__consumer_offsets"] {
            example.addTopic(topic, on: "west")
        }
        #expect(
            example.plan().stepIDs == [
                "link/east/shop-west-east#create", "mirror/east/shop.carts#create", "mirror/east/shop.orders#create",
            ])
        #expect(example.plan().groups.map(\.isProtected) == [false])
        try example.apply()
        #expect(example.plan().isEmpty)
        #expect(example.plan().groups.map(\.isProtected) == [true])
        example.world.silent[.cluster("west")] = .unreachable
        #expect(example.plan().isEmpty)
        #expect(example.plan().groups.map(\.topics) == [2])
    }

    @Test("mirrors that are paused are resumed in one call, and adopted ones too")
    func resume() throws {
        var example = try Example.applied(Self.shop)
        example.change("east") { cluster in
            for index in cluster.mirrors.indices { cluster.mirrors[index].status = .paused }
        }
        let plan = example.plan()
        #expect(plan.stepIDs == ["link/east/shop-west-east#resume-mirrors"])
        #expect(
            plan.steps[0].action
                == .kafka(
                    .resumeMirrors(
                        LinkedMirrors(cluster: "east", link: "shop-west-east", topics: ["shop.carts", "shop.orders"]))))
        #expect(plan.lines.count == 2)
        example.world.ledger.owned = [:]
        #expect(
            example.plan().changes.filter { $0.address.kind == .mirror }.map(\.effect) == [
                .adoptAndChange, .adoptAndChange,
            ])
    }

    @Test(
        "statuses that pass by themselves are no difference",
        arguments: [
            "SOURCE_UNAVAILABLE", "LINK_FAILED", "LINK_PAUSED", "SOMETHING_NEW",
        ])
    func passingStatus(word: String) throws {
        var example = try Example.applied(Self.shop)
        example.change("east") { $0.mirrors[0].status = MirrorStatus(wire: word) }
        #expect(example.plan().isEmpty)
        #expect(example.plan().groups.map(\.isProtected) == [false])
        #expect(example.plan().groups[0].findings[0].contains(word))
    }

    @Test("mirrors that have failed are told in one refusal; nothing of the group is done")
    func failedMirror() throws {
        var example = try Example.applied(Self.shop)
        example.change("east") { $0.mirrors[0].status = .failed }
        example.workspace.addTopic("shop.new", .failoverGroup("shop"))
        example.workspace.topics["shop.orders"]?.configs = ["retention.ms": "7d"]
        example.workspace.clientBindings["checkout"]?.properties["client.id"] = "new"
        example.workspace.addTopic("bills", .cluster("west"))
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.transition])
        #expect(plan.stepIDs == ["topic/west/bills#create"])
        #expect(plan.deferred.isEmpty)
    }

    @Test("a topic in the way of a mirror is refused, and never destroyed")
    func stranger() {
        var example = Example(Self.shop)
        example.addTopic("shop.orders", on: "west")
        example.addTopic("shop.orders", on: "east")
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.transition])
        #expect(plan.refusals[0].message.contains("shop.orders (an ordinary topic)"))
        #expect(plan.stepIDs == [], "what is refused has nothing done")
    }

    @Test("a primary that holds mirrors is not written to: the group is refused, other groups are not")
    func wrongPrimary() throws {
        var example = try Example.applied(Self.shop)
        example.workspace.addGroup("other", primary: "west", ["west", "east"])
        example.workspace.addTopic("other.t", .failoverGroup("other"))
        example.workspace.failoverGroups["shop"]?.placement = .declared(primary: "east", members: ["west", "east"])
        let plan = example.plan()
        #expect(plan.refusals.map(\.subject) == ["FailoverGroup shop"])
        #expect(plan.refusals.map(\.gate) == [.fence])
        #expect(plan.changes.allSatisfy { !"\($0.address)".contains("shop") })
        #expect(plan.stepIDs.contains("mirror/east/other.t#create"))
    }

    @Test("a binding that sends its clients elsewhere stops the group")
    func bindingElsewhere() throws {
        var example = try Example.applied(Self.shop)
        example.world.stores[ResourceAddress(.binding, "checkout/0")]?.bookkeeping?.primary = "east"
        #expect(example.plan().refusals.map(\.gate) == [.candidate])
        #expect(example.plan().steps.isEmpty)
    }

    @Test("a binding of another ledger, in an epoch that is ours, stops the group; a later epoch makes ours stale")
    func foreignEpoch() throws {
        var example = try Example.applied(Self.shop)
        let address = ResourceAddress(.binding, "checkout/0")
        example.world.stores[address]?.bookkeeping?.epoch = 3
        #expect(example.plan().refusals.isEmpty)
        example.world.stores[address]?.bookkeeping?.epoch = 0
        example.world.stores[address]?.bookkeeping?.ledger = "ledger-of-somebody-else"
        #expect(example.plan().refusals.map(\.gate) == [.ownership])
        #expect(example.plan().steps.isEmpty)
        example.world.ledger.owned[address] = nil
        #expect(example.plan().refusals.isEmpty)
    }

    @Test("a primary without any of the topics, where another member has them, is refused instead of created empty")
    func emptyPrimary() {
        var example = Example(Self.shop)
        example.addTopic("shop.orders", on: "east")
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.candidate])
        #expect(plan.refusals[0].message.contains("east"))
        #expect(plan.steps.isEmpty)
    }

    @Test("followers share the link of the group they follow")
    func followers() {
        var example = Example(Self.shop)
        example.workspace.failoverGroups["carts"] = FailoverGroupSpec(
            metadata: Metadata(name: "carts"), placement: .follows("shop"))
        example.workspace.addTopic("carts.t", .failoverGroup("carts"))
        let plan = example.plan()
        #expect(plan.steps.filter { $0.address.kind == .link }.map(\.address.name) == ["shop-west-east"])
        #expect(plan.stepIDs.contains("mirror/east/carts.t#create"))
        #expect(plan.groups.map(\.name) == ["carts", "shop"])
    }

    @Test("only the groups that ask for it give the link their topics")
    func autoCreate() {
        var example = Example(Self.shop)
        example.workspace.failoverGroups["shop"]?.topics?.autoCreate = true
        var follower = FailoverGroupSpec(metadata: Metadata(name: "carts"), placement: .follows("shop"))
        follower.topics = TopicSelector(include: ["carts.*"])
        example.workspace.failoverGroups["carts"] = follower
        guard case .kafka(.createLink(let creation))? = example.plan().step("link/east/shop-west-east#create")?.action
        else {
            Issue.record("no link is created")
            return
        }
        let filters = creation.configs.first { $0.name == "auto.create.mirror.topics.filters" }?.value
        #expect(filters?.contains("shop.") == true && filters?.contains("carts.") == false)
    }
}
