import Foundation
import Testing
import TestSupport

@Suite("Saved plans that are signed")
struct SignedPlanTests {
    @Test("with `spec.planKey` only plans are applied that were signed with it, whole")
    func signed() async throws {
        try await Stage.with { stage in
            var stage = stage
            try stage.edit("spillway.yaml", "spec:\n", "spec:\n  planKey: {env: PLAN_KEY}\n")
            stage.spillway.environment["PLAN_KEY"] = "a key of one's own"
            func plan(_ file: String, _ stage: Stage) async throws {
                let outcome = try await stage.spillway("plan", "--out", file)
                try #require(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            }
            try await plan("signed.plan", stage)
            #expect(try stage.read("signed.plan").contains("\"signature\""))
            #expect(!(try stage.read("signed.plan").contains("a key of one")))

            var other = stage
            other.spillway.environment["PLAN_KEY"] = "another key"
            try await plan("other.plan", other)
            let forged = try await stage.spillway("apply", "other.plan")
            #expect(forged.code == 5)
            #expect(forged.diagnostics.contains("signed with another key"), "\(forged.diagnostics)")

            try stage.edit("spillway.yaml", "  planKey: {env: PLAN_KEY}\n", "")
            try await plan("unsigned.plan", stage)
            try stage.edit("spillway.yaml", "spec:\n", "spec:\n  planKey: {env: PLAN_KEY}\n")
            let unsigned = try await stage.spillway("apply", "unsigned.plan")
            #expect(unsigned.code == 5)
            #expect(unsigned.diagnostics.contains("is not signed"), "\(unsigned.diagnostics)")

            let text = try stage.read("signed.plan")
            let line = try #require(text.split(separator: "\n").first { $0.contains("\"signature\"") })
            try text.replacing("\(line)\n", with: "").write(
                to: stage.folder.appendingPathComponent("stripped.plan"), atomically: true, encoding: .utf8)
            #expect(try await stage.spillway("apply", "stripped.plan").code == 5)
            #expect(try await stage.spillway("show", "signed.plan").code == 0)

            stage.spillway.environment["PLAN_KEY"] = nil
            let nobody = try await stage.spillway("apply", "signed.plan")
            #expect(nobody.code == 1)
            #expect(nobody.diagnostics.contains("`spec.planKey` cannot be read"), "\(nobody.diagnostics)")
            stage.spillway.environment["PLAN_KEY"] = "a key of one's own"
            let applied = try await stage.spillway("apply", "signed.plan")
            #expect(applied.code == 3, "\(applied.output)\(applied.diagnostics)")
            #expect(applied.output.contains("refuses its credentials"), "all was done; only applications' keys lack")
        }
    }
}
