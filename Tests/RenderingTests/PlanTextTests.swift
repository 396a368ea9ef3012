import Diagnostics
import Domain
import Planning
import Rendering
import TestSupport
import Testing

@Suite struct PlanTextTests {
    @Test("a plan reads as recorded", arguments: Sample.allCases)
    func golden(sample: Sample) {
        GoldenFile("plan-\(sample).txt").expect(PlanText().render(sample.plan))
    }

    @Test("with expand every change stands by itself, without it the number of lines stays small")
    func expand() {
        let expanded = PlanText(expand: true).render(Samples.large)
        #expect(expanded.contains("t-07777"))
        #expect(expanded.split(separator: "\n").count > 20_000)
        #expect(PlanText().render(Samples.large).split(separator: "\n").count < 30)
    }

    @Test("colour changes nothing but escapes")
    func color() {
        let colored = PlanText(terminal: Terminal(usesColor: true)).render(Samples.mixed)
        GoldenFile("plan-mixed-color.txt").expect(colored)
        var stripped = colored
        while let start = stripped.firstRange(of: "\u{1B}["),
            let end = stripped[start.upperBound...].firstIndex(of: "m")
        {
            stripped.removeSubrange(start.lowerBound...end)
        }
        let lines = stripped.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        #expect(lines.joined(separator: "\n") == PlanText().render(Samples.mixed))
    }

    @Test("a refusal points at the manifest when the place is known")
    func refusalPlace() {
        let origin = ManifestOrigin("Topic", "orders", "spec.partitions")
        let span = SourceSpan(
            path: "topics.yaml", start: SourcePosition(line: 12, column: 15), end: SourcePosition(line: 12, column: 16))
        let text = PlanText(places: [origin: span]).render(Samples.refused)
        #expect(text.contains("at       topics.yaml:12:15 (Topic orders, spec.partitions)"))
    }

    @Test("the last line says what there is to do, or that there is nothing")
    func summaries() {
        func summary(_ edit: (inout Plan) -> Void) -> String { PlanText().summary(of: Samples.plan(edit)) }
        #expect(summary { $0.sites = Samples.allSites } == "No changes. The live systems are as the manifests say.")
        #expect(
            summary { $0.sites = [Plan.Site(kind: .kafka, name: "west", silence: "unreachable: x")] }
                == "No changes on what answered. 1 endpoint did not, and may differ.")
        #expect(
            summary { $0.deferred = Samples.mixed.deferred } == "Nothing can be done now; 12 deferred.")
        #expect(
            summary { $0.changes = [Change(.create, Samples.topic("a"))] }
                == "Plan: 1 to add, 0 to change, 0 to destroy.")
        #expect(
            PlanText().summary(of: Samples.mixed)
                == "Plan: 1 to add, 4 to change, 2 to destroy; 2 to adopt, 1 to release, 12 deferred.")
        #expect(PlanText().summary(of: Samples.refused) == "Plan: 1 to add, 0 to change, 0 to destroy; 2 refused.")
    }

    @Test("ten thousand changes render in linear time")
    func scale() {
        #expect(PlanText().summary(of: Samples.large) == "Plan: 10,000 to add, 9 to change, 0 to destroy.")
        #expect(PlanText().render(Samples.large).contains("10,000"))
    }

    @Test("fingerprints are the only trace of a secret")
    func secrets() {
        for text in [PlanText(expand: true).render(Samples.mixed), PlanMarkdown.render(Samples.mixed)] {
            #expect(text.contains("(secret, changed)"))
            #expect(!text.contains("1111222200"))
        }
    }
}
