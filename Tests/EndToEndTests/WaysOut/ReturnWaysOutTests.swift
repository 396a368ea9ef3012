import Foundation
import TestSupport
import Testing

@Suite("What is printed after a move leads out, as printed")
struct ReturnWaysOutTests {
    private static let group = "FailoverGroup payments"

    @Test("decisions, former copies, members that leave, the quiet period")
    func afterFailover() async throws {
        try await Desk.withPayments(["west", "east", "south"]) { desk in
            try await desk.failOver()
            try await desk.during({ $0.set(Self.group, "members", "[east, south]") }) { try await $0.goOut("Members") }
            try await desk.during({ manifests in
                manifests.set(Self.group, "members", "[west, south]")
                manifests.set(Self.group, "primary", "south")
            }) { desk in
                // Somebody takes the published file for wrong; then the ledger knows it better, and says the same.
                let file = desk.stage.folder.appendingPathComponent("out/app.properties")
                let published = try desk.stage.read("out/app.properties")
                let other = published.replacingOccurrences(of: "primary=east", with: "primary=west")
                try await desk.goOut(
                    "Holder",
                    ["by hand": { _ in try other.write(to: file, atomically: true, encoding: .utf8) }])
            }
            try await desk.during({ manifests in
                Desk.move(to: "south")(&manifests)
                manifests.set("Workspace t", "policy.quietPeriod", "1h")
            }) { desk in
                try await desk.goOut(
                    "QuietPeriod", ["wait": { $0.set("Workspace t", "policy.quietPeriod", "1ms") }])
            }
            try await desk.during(Desk.move(to: "west")) { try await $0.goOut("Candidate") }
            try await desk.during(Desk.move(to: "east", ["reprotect": "Manual"])) { try await $0.decideAsPrinted() }
            let token = try await desk.token(of: "west")
            let consented: (inout Manifests) -> Void = { $0.set(Self.group, "discard", "[\(token)]") }
            try await desk.during({ manifests in
                consented(&manifests)
                manifests.documents[Self.group]?.write("metadata.protect", "true")
            }) { try await $0.goOut("Protect") }
            try await desk.during({ manifests in
                consented(&manifests)
                manifests.set(Self.group, "fence.denyWrites", nil)
                manifests.set(Self.group, "fence.quiet", nil)
            }) { try await $0.goOut("Fence") }
            try await desk.decideAsPrinted()
            try await desk.settle()
            try await desk.stage.holds(40, of: "payments.a", on: "west")
        }
    }
}
