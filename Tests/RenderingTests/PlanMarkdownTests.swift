import Domain
import Planning
import Rendering
import TestSupport
import Testing

@Suite struct PlanMarkdownTests {
    @Test("a comment reads as recorded", arguments: Sample.allCases.filter { $0 != .large })
    func golden(sample: Sample) {
        GoldenFile("plan-\(sample).md").expect(PlanMarkdown.render(sample.plan))
    }

    @Test("the first line is the marker by which a comment is found again")
    func marker() {
        let line = PlanMarkdown.render(Samples.mixed).split(separator: "\n").first
        #expect(line == "<!-- spillway:plan:payments -->")
    }

    @Test("however much there is, the comment stays within the limit, keeps the counts and closes what it opens")
    func limit() {
        let long = String(repeating: "<&>", count: 500)
        let plan = Samples.plan { plan in
            plan.sites = (0..<500).map { Plan.Site(kind: .store, name: "s\($0)", silence: long) }
            plan.groups = (0..<500).map {
                Plan.GroupState(
                    name: "g\($0)", primary: "west", members: ["west", "east"], topics: 1, isProtected: false,
                    told: Array(repeating: long, count: 9))
            }
            plan.refusals = (0..<500).map { Refusal(.protect, subject: "t\($0)", .told(long, way: long)) }
            plan.changes = (0..<5_000).map {
                Change(
                    .update, ResourceAddress(.topic, in: "c\($0 % 700)", "t\($0)"),
                    differences: [Change.FieldDifference("x", from: long, to: "b")])
            }
            plan.deferred = (0..<500).map { DeferredWork(.create, Samples.topic("d\($0)"), waitsFor: "\($0)\(long)") }
            plan.notes = (0..<500).map { Plan.Note(.told("\($0)\(long)")) }
        }
        let text = PlanMarkdown.render(plan)
        #expect(text.utf16.count <= 60_000)
        #expect(text.contains("0 to add, 5,000 to change, 0 to destroy; 500 deferred, 500 refused"))
        #expect(text.contains("every change (5,000)"))
        #expect(text.hasSuffix("</details>\n"))
    }
}
