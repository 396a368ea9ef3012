import Execution
import FoundationEssentials
import Planning
import Rendering
import TestSupport
import Testing

@Suite struct SchemaTests {
    private func check(_ name: String, testFile: String = #filePath) throws -> JSONSchemaCheck {
        let root = testFile.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        return try JSONSchemaCheck(schema: String(contentsOfFile: "\(root)/schemas/\(name)", encoding: .utf8))
    }

    /// The verbs of all rooms.
    private static let verbs: [String] =
        CloudAction.Verb.allCases.map(\.rawValue) + KafkaAction.Verb.allCases.map(\.rawValue)
        + MoveAction.Verb.allCases.map(\.rawValue) + RegistryAction.Verb.allCases.map(\.rawValue)
        + BindingAction.Verb.allCases.map(\.rawValue) + HookAction.Verb.allCases.map(\.rawValue)
        + LedgerAction.Verb.allCases.map(\.rawValue)

    @Test("plan documents agree with their schema", arguments: Sample.allCases.filter { $0 != .large })
    func plans(sample: Sample) throws {
        let document = try JSONValue(parsing: PlanDocument.encode(sample.plan, digest: "5d2e"))
        #expect(try check("plan.schema.json").complaints(about: document) == [])
    }

    @Test("every action agrees with the schema of plans, and none is left out of it")
    func actions() throws {
        let check = try check("plan.schema.json")
        let document = try JSONValue(parsing: PlanDocument.encode(PlanDocumentTests.complete, digest: "5d2e"))
        #expect(check.complaints(about: document) == [])
        let verbs = Set(document["steps"].array.compactMap { $0["action"]["verb"].string })
        #expect(verbs == Set(Self.verbs))
        #expect(check.words(at: "$defs", "action", "properties", "verb") == verbs)
        #expect(try self.check("apply-events.schema.json").words(at: "$defs", "step", "properties", "verb") == verbs)
    }

    @Test("words of enumerations are those of the code")
    func words() throws {
        let check = try check("plan.schema.json")
        let refusal = ["properties", "refusals", "items", "properties", "gate"]
        #expect(
            check.words(at: refusal[0], refusal[1], refusal[2], refusal[3], refusal[4])
                == Set(Refusal.Gate.allCases.map(\.rawValue)))
        #expect(
            check.words(at: "$defs", "change", "properties", "effect") == Set(Change.Effect.allCases.map(\.rawValue)))
        #expect(
            check.words(at: "properties", "sites", "items", "properties", "kind")
                == Set(Plan.Site.Kind.allCases.map(\.rawValue)))
        let event = check.words(at: "$defs", "moveEvent", "properties", "type")
        #expect(event.count == Set(MoveSamples.events.map { PlanDocumentTests.type(of: $0) }).count)
        #expect(event == Set(MoveSamples.events.map { PlanDocumentTests.type(of: $0) }))
        #expect(
            try self.check("apply-events.schema.json").words(
                at: "$defs", "stepEnded", "properties", "failure", "properties", "kind")
                == Set(StepFailure.Kind.allCases.map(\.rawValue)))
    }

    @Test("the check can fail: a document with a part missing or wrong does not agree")
    func negatives() throws {
        let check = try check("plan.schema.json")
        func complaints(_ change: (String) -> String) throws -> [String] {
            check.complaints(about: try JSONValue(parsing: change(PlanDocument.encode(Samples.first, digest: "5d2e"))))
        }
        #expect(
            try complaints { $0.replacingOccurrence(of: "\"toolVersion\"", with: "\"tool\"") } == [
                "$.toolVersion is missing"
            ])
        #expect(
            try complaints { $0.replacingOccurrence(of: "\"verb\" : \"adopt\"", with: "\"verb\" : \"growTopic\"") }
                == [
                    "$.steps[0].action.cluster is missing", "$.steps[0].action.topic is missing",
                    "$.steps[0].action.partitions is missing",
                ])
        #expect(
            try complaints { $0.replacingOccurrence(of: "\"environment/prod-east\"", with: "\"planet/x\"") }.count == 1)
    }

    @Test("events agree with their schema")
    func events() throws {
        let check = try check("apply-events.schema.json")
        let steps = MoveSamples.switchoverSteps + MoveSamples.failoverSteps
        let moves = steps.map { ExecutionEvent.stepStarted($0, at: RunSamples.start) }
        for event in RunSamples.events + moves + [.runEnded(MoveReportTests.report(steps))] {
            let line = EventStream.line(for: event)
            #expect(!line.contains("\n"))
            #expect(check.complaints(about: try JSONValue(parsing: line)) == [], "\(line)")
        }
        let news = EventStream.line(forNews: "deployment checkout: 2 of 3\nupdated", at: RunSamples.start)
        #expect(!news.contains("\n"))
        #expect(check.complaints(about: try JSONValue(parsing: news)) == [], "\(news)")
        #expect(check.complaints(about: try JSONValue(parsing: "{\"type\": \"runStarted\"}")) != [])
    }
}
