import Domain
import Execution
import Foundation
import Planning
import Testing

@testable import Session

@Suite("Saved plans")
struct SavedPlanTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "saved-plan-\(UUID().uuidString)")

    private var plan: Plan {
        var plan = Plan(
            toolVersion: "1", workspace: "w", ledgerID: "a1", observedAt: Timestamp(milliseconds: 1),
            observedIn: .seconds(1))
        let address = ResourceAddress(.topic, in: "west", "orders")
        plan.changes = [Change(.delete, address, reason: .told("left the manifests"))]
        plan.steps = [
            Step(
                "delete", address, .kafka(.deleteTopic(TopicReference(cluster: "west", topic: "orders"))),
                ledger: .disown)
        ]
        plan.basis = "0123"
        return plan
    }

    private func reading(_ text: String) throws -> Result<Plan, any Error> {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "plan.json")
        try Data(text.utf8).write(to: file)
        return Result { try SavedPlan.read(file.path).plan }
    }

    private func code(_ text: String) throws -> ExitCode? {
        guard case .failure(let failure as CommandFailure) = try reading(text) else { return nil }
        return failure.code
    }

    @Test("a plan that was saved is read as it was")
    func untouched() throws {
        #expect(try reading(SavedPlan.sealed(plan)).get() == plan)
    }

    @Test("a plan that was edited anywhere is stale, whether a reader would have noticed or not")
    func edited() throws {
        let text = SavedPlan.sealed(plan)
        var hidden = plan
        hidden.changes = []
        hidden.steps = []
        let seal = try #require(text.split(separator: "\n").first { $0.hasPrefix("  \"digest\"") })
        let edits = [
            text.replacing("\"delete\"", with: "\"update\""), text.replacing("left the manifests", with: "moved"),
            text.replacing("\"destroy\" : 1", with: "\"destroy\" : 0"), text.replacing("\(seal)\n", with: ""),
            text.replacing("\(seal)\n", with: "\(seal)\n\(seal)\n"), text + "\n",
            text.replacing("{\n  \"basis\"", with: "{\n  \"alsoThere\" : 1,\n  \"basis\""),
            SavedPlan.sealed(hidden).replacing(try #require(SavedPlan.sealed(hidden).line("digest")), with: seal),
        ]
        for edit in edits {
            #expect(edit != text)
            #expect(try code(edit) == .stale, "\(edit)")
        }
    }

    @Test("what is no plan is an error, not a stale plan")
    func noPlan() throws {
        #expect(try code("hello") == .error)
        #expect(try code("{\"formatVersion\": \"9.0\"}") == .error)
    }
}

extension String {
    /// The line of a member of the document itself.
    fileprivate func line(_ name: String) -> String? {
        split(separator: "\n").first { $0.hasPrefix("  \"\(name)\"") }.map(String.init)
    }
}
