import Domain
import Planning
import Rendering
import Testing

@Suite struct OwnershipExamples {
    private func deleting(_ count: Int, allowed: Int, protect: Bool = false) throws -> Example {
        var example = try Example.applied { workspace in
            workspace.spec.policy.maxDeletions = allowed
            for number in 0..<count {
                workspace.addTopic("t\(number)", .cluster("west")) {
                    $0.deletionPolicy = .delete
                    $0.metadata.protect = protect
                }
            }
        }
        example.workspace.topics = [:]
        return example
    }

    @Test("what left the manifests is deleted within the limit")
    func delete() throws {
        let plan = try deleting(2, allowed: 2).plan()
        #expect(plan.stepIDs == ["topic/west/t0#delete", "topic/west/t1#delete"])
        #expect(plan.summary.destroy == 2)
    }

    @Test("more deletions than the limit are refused as a whole")
    func maxDeletions() throws {
        let plan = try deleting(3, allowed: 2).plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.refusals.map(\.gate) == [.maxDeletions])
        #expect(plan.refusals[0].wayOut.contains("maxDeletions: 3"))
    }

    @Test("a target counts only its own deletions against the limit")
    func targetedDeletion() throws {
        let target = ResourceAddress(.topic, in: "west", "t1")
        let plan = try deleting(3, allowed: 1).plan(PlanOptions(targets: [target]))
        #expect(plan.stepIDs == ["topic/west/t1#delete"])
        #expect(plan.refusals.isEmpty)
    }

    @Test("a protected object is not deleted, also when its manifest is gone")
    func protect() throws {
        let plan = try deleting(1, allowed: 5, protect: true).plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.refusals.map(\.gate) == [.protect])
    }

    @Test("a policy or a protection that changes is a change: a pipeline applies it before the object leaves")
    func changedGuards() throws {
        var example = try Example.applied { workspace in
            workspace.spec.policy.maxDeletions = 5
            workspace.addTopic("orders", .cluster("west")) { $0.deletionPolicy = .delete }
        }
        example.workspace.topics["orders"]?.deletionPolicy = .retain
        example.workspace.topics["orders"]?.metadata.protect = true
        let plan = example.plan()
        #expect(
            plan.lines == [
                "update topic/west/orders deletionPolicy: Delete -> Retain; metadata.protect: false -> true"
            ])
        #expect(plan.stepIDs == ["topic/west/orders#guard"])
        #expect(plan.summary.change == 1)
        try example.apply()
        #expect(example.plan().isEmpty)
        example.workspace.topics = [:]
        #expect(example.plan().lines == ["release topic/west/orders "])
    }

    @Test("an adopted object that was never applied is not deleted in the same run")
    func adoptedNow() {
        var example = Example { $0.spec.policy.maxDeletions = 5 }
        example.addTopic("orders", on: "west")
        #expect(example.plan().isEmpty)
    }

    @Test("an object whose creation was never confirmed is released, not deleted")
    func neverConfirmed() {
        var example = Example { $0.spec.policy.maxDeletions = 5 }
        example.addTopic("orders", on: "west")
        example.world.ledger.owned[ResourceAddress(.topic, in: "west", "orders")] = Recorded.Owned(
            origin: .creating, deletionPolicy: .delete, applied: [:])
        #expect(example.plan().stepIDs == ["topic/west/orders#release"])
    }

    @Test("what is gone already is only forgotten")
    func gone() throws {
        var example = try deleting(1, allowed: 1)
        example.change("west") { $0.topics = [:] }
        #expect(example.plan().stepIDs == ["topic/west/t0#release"])
    }

    @Test("a topic that a selector still takes is not deleted with its manifest")
    func stillSelected() throws {
        var example = try Example.applied { workspace in
            workspace.spec.policy.maxDeletions = 5
            workspace.addGroup("shop", primary: "west", ["west", "east"], include: ["shop.*"])
            workspace.addTopic("shop.orders", .failoverGroup("shop")) { $0.deletionPolicy = .delete }
        }
        example.workspace.topics = [:]
        let plan = example.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.refusals.map(\.gate) == [.links])
        #expect(plan.refusals[0].message.contains("FailoverGroup shop"))
    }

    @Test("a link with live mirrors is not deleted")
    func linkWithMirrors() throws {
        var example = try Example.applied { workspace in
            workspace.spec.policy.maxDeletions = 5
            workspace.addTopic("orders", .cluster("west"))
            workspace.addLink("copy", from: "west", to: "east") {
                $0.mirrorTopics = TopicSelector(include: ["orders"])
                $0.deletionPolicy = .delete
            }
        }
        example.workspace.clusterLinks = [:]
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.linkMirrors])
        #expect(plan.stepIDs == ["mirror/east/orders#release"])
    }

    @Test("what a group derived is released when the group goes, never deleted")
    func releaseDerived() throws {
        var example = try Example.applied { workspace in
            workspace.spec.policy.maxDeletions = 100
            workspace.addGroup("shop", primary: "west", ["west", "east"], include: ["shop.*"]) {
                $0.schemas = SchemaSettings(subjects: ["*"])
            }
            workspace.addTopic("shop.orders", .failoverGroup("shop"))
        }
        example.workspace.failoverGroups = [:]
        example.workspace.topics = [:]
        let plan = example.plan()
        #expect(plan.changes.allSatisfy { $0.effect == .release })
        #expect(Set(plan.changes.map(\.address.kind)) == [.topic, .link, .mirror, .exporter])
        #expect(plan.ledgerRefresh.map(\.ledger) == [.disown, .disown])
    }

    @Test("--adopt-only takes over as it is, and resets nothing later")
    func adoptOnly() throws {
        var example = Example { $0.addTopic("orders", .cluster("west"), ["retention.ms": "1d"]) }
        example.addTopic("orders", on: "west", ["retention.ms": "1", "segment.ms": "5"])
        let adopted = try example.apply(PlanOptions(adoptOnly: true))
        #expect(adopted.stepIDs == ["topic/west/orders#adopt"])
        #expect(example.world.touched.isEmpty)
        #expect(example.plan().lines == ["update topic/west/orders configs.retention.ms: 1 -> 86400000"])
        #expect(example.plan(PlanOptions(adoptOnly: true)).isEmpty)
    }

    @Test("--adopt-only deletes and releases nothing")
    func adoptOnlyDeletesNothing() throws {
        #expect(try deleting(1, allowed: 5).plan(PlanOptions(adoptOnly: true)).isEmpty)
    }

    @Test("--target takes what it depends on, and nothing else; its refusals only")
    func target() {
        var example = Example {
            $0.addGroup("shop", primary: "west", ["west", "east"])
            $0.addTopic("a", .failoverGroup("shop"))
            $0.addTopic("b", .failoverGroup("shop"))
            $0.addTopic("small", .cluster("west"), partitions: 1)
        }
        example.addTopic("small", on: "west", partitions: 6)
        let plan = example.plan(PlanOptions(targets: [ResourceAddress(.mirror, in: "east", "a")]))
        #expect(
            Set(plan.stepIDs)
                == ["topic/west/a#create", "link/east/shop-west-east#create", "mirror/east/a#create"])
        #expect(plan.refusals.isEmpty)
    }

    @Test("--target that names nothing is refused")
    func unknownTarget() {
        let plan = Example().plan(PlanOptions(targets: [ResourceAddress(.topic, in: "west", "typo")]))
        #expect(plan.refusals.map(\.gate) == [.identity])
    }

    @Test("a selector takes what its manifests label")
    func selector() {
        let example = Example {
            $0.addTopic("a", .cluster("west")) { $0.metadata.labels = ["team": "shop"] }
            $0.addTopic("b", .cluster("west"))
        }
        #expect(example.plan(PlanOptions(selector: ["team": "shop"])).stepIDs == ["topic/west/a#create"])
    }
}
