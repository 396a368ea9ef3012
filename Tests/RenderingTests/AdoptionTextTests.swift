import Domain
import Planning
import Rendering
import Testing

/// What is taken over and changed, and what is destroyed, stands where a reviewer looks.
@Suite struct AdoptionTextTests {
    private let plan = Samples.plan { plan in
        plan.changes = (0..<12).map { number in
            number == 7
                ? Change(
                    .adoptAndChange, Samples.topic("orders.7"),
                    differences: [.init("configs.retention.ms", from: "7776000000", to: "60000")])
                : Change(.adopt, Samples.topic("orders.\(number)"))
        }
    }

    @Test("one that changes among many that do not has its own line, symbol and values")
    func text() throws {
        let lines = PlanText().render(plan).split(separator: "\n").map(String.init)
        let line = try #require(lines.firstIndex { $0.contains("orders.7") })
        #expect(lines[line].contains("~=") && !lines[line].contains("as it is"))
        #expect(lines[line + 1].contains("retention.ms") && lines[line + 1].contains("60000 (1 min)"))
        #expect(lines.contains { $0.contains("adopt and change") })
        let outside = try #require(PlanMarkdown.render(plan).split(separator: "<details>").first)
        #expect(outside.contains("orders.7") && outside.contains("60000 (1 min)"))
    }

    @Test("changes of many that are adopted are folded only where they are equal")
    func folds() throws {
        let many = Samples.plan { plan in
            plan.changes = (0..<20).map { number in
                Change(
                    .adoptAndChange, Samples.topic("t-\(number)"),
                    differences: [.init("configs.retention.ms", from: "1", to: number < 18 ? "2" : "\(number)")])
            }
        }
        let text = PlanText().render(many)
        #expect(!text.contains("not the same for all"))
        #expect(text.contains("18  t-") && text.contains("1 → 18") && text.contains("1 → 19"))
        #expect(try #require(PlanMarkdown.render(many).split(separator: "<details>").first).contains("1 → 19"))
    }

    @Test("copies that are destroyed to be mirrored anew are called topics, in the plan and while it runs")
    func replacedCopies() {
        let address = ResourceAddress(.mirror, in: "west", "orders")
        let step = Step("delete", address, .kafka(.deleteTopic(TopicReference(cluster: "west", topic: "orders"))))
        let plan = Samples.plan { plan in
            plan.changes = [Change(.replace, address, differences: [.init("is", from: "ordinary topic", to: "mirror")])]
            plan.steps = [step]
        }
        #expect(PlanText().render(plan).contains("-/+ topic"))
        #expect(PlanDocument.encode(plan).contains("delete topic orders on west"))
        #expect(!PlanDocument.encode(plan).contains("mirror topic"))
    }
}
