import Domain
import Planning
import Rendering
import Testing

@Suite struct TopicNameExamples {
    @Test("a topic whose name a cluster takes for another's is refused, and one on another cluster is not")
    func collision() {
        var example = Example { $0.addTopic("a_b.c", .cluster("west")) }
        example.addTopic("a.b_c", on: "west")
        example.addTopic("a.b_c", on: "east")
        let plan = example.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.refusals.map(\.subject) == ["topic/west/a_b.c"])
        #expect(plan.refusals.first?.message.contains("a.b_c") == true)
        example.workspace.topics["a_b.c"]?.home = .cluster("east")
        #expect(example.plan().refusals.map(\.subject) == ["topic/east/a_b.c"])
    }

    @Test("a mirror whose name a declared topic has is refused; the topic is made")
    func taken() {
        var example = Example {
            $0.addTopic("w.orders", .cluster("east"))
            $0.addLink("copy", from: "west", to: "east") {
                $0.prefix = "w."
                $0.mirrorTopics = TopicSelector(include: ["ord*"])
            }
        }
        example.addTopic("orders", on: "west")
        let plan = example.plan()
        #expect(plan.refusals.map(\.subject) == ["mirror/east/w.orders"])
        #expect(plan.stepIDs.contains("topic/east/w.orders#create"))
    }

    @Test("what the cluster would refuse is refused before anything is made, once for all topics of that shape")
    func checked() {
        let example = Example {
            $0.addTopic("a", .cluster("west"), partitions: 3, ["retention.ms": "1d"])
            $0.addTopic("b", .cluster("west"), partitions: 3, ["retention.ms": "24h"])
            $0.addTopic("c", .cluster("west"))
        }
        let creation = TopicCreation(
            cluster: "west", topic: "a", partitions: 3, replicationFactor: nil,
            configs: [ConfigChange("retention.ms", "86400000")])
        let plan = example.plan { $0.answers[.topicCreation(creation)] = .verdict(refused: "policy violation") }
        #expect(plan.refusals.map(\.subject) == ["topic/west/a"])
        #expect(plan.refusals.first?.message == "west refuses a, b as declared: policy violation")
        #expect(plan.stepIDs == ["topic/west/c#create"])
        let unanswered = example.plan { $0.answers[.topicCreation(creation)] = .unanswered("answered 503") }
        #expect(unanswered.refusals.isEmpty)
        #expect(
            unanswered.notes.map(\.reason).contains(
                .uncheckedTopics(["a", "b"], cluster: "west", silence: "answered 503")))
    }

    @Test("a config the service sets by itself is read back when it is declared, and no noise when it is not")
    func declaredNoise() throws {
        let name = "confluent.schema.validation.context.name"
        var example = try Example.applied { $0.addTopic("orders", .cluster("west"), [name: ".dev"]) }
        #expect(example.plan().isEmpty)
        example.change("west") { $0.configs["orders"]?[name] = ".other" }
        #expect(example.plan().lines == ["update topic/west/orders configs.\(name): .other -> .dev"])
        example.workspace.topics["orders"]?.configs = [:]
        #expect(example.plan().stepIDs == ["topic/west/orders#configs"])
    }

    @Test(
        "a broker's way of writing a value is no difference",
        arguments: [
            ("retention.ms", "0123", "123"), ("unclean.leader.election.enable", "True", "true"),
            ("min.cleanable.dirty.ratio", "0.50", "0.5"), ("cleanup.policy", "delete , compact", "compact,delete"),
        ])
    func brokersWay(name: String, written: String, live: String) throws {
        var example = try Example.applied { $0.addTopic("orders", .cluster("west"), [name: written]) }
        example.change("west") { $0.configs["orders"] = [name: live] }
        #expect(example.plan().isEmpty)
    }
}
