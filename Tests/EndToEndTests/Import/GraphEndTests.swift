import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Pictures of a live topology")
struct GraphEndTests {
    @Test("what is there is drawn, a region that is lost is dashed with exit 3, and offline nothing is asked")
    func graph() async throws {
        try await Stage.withPair { stage in
            let now = try await stage.spillway("graph")
            #expect(now.code == 0, "\(now.output)\(now.diagnostics)")
            #expect(now.output.contains("payments-west-east · 12 mirrors"), "\(now.output)")
            #expect(now.output.contains("primary of payments"), "\(now.output)")
            try stage.setPrimary("east", from: "west")
            let after = try await stage.spillway("graph", "--after", "-o", "dot")
            #expect(after.code == 0, "\(after.output)\(after.diagnostics)")
            #expect(after.output.contains("payments-east-west"), "\(after.output)")
            try await stage.set("us-west-2", "down")
            let lost = try await stage.spillway("graph", "-o", "svg")
            #expect(lost.code == 3, "\(lost.output)\(lost.diagnostics)")
            #expect(lost.output.contains("class=\"site unseen\""), "\(lost.output)")
            try await stage.set("control", "down")
            let offline = try await stage.spillway("graph", "--offline")
            #expect(offline.code == 0, "\(offline.output)\(offline.diagnostics)")
            #expect(try await stage.spillway("graph", "--before", "--offline").code == 64)
        }
    }
}
