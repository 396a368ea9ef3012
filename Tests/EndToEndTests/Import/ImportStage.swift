import Foundation
import SimulatorServer
import Testing
import TestSupport

/// A stage on which what exists is imported into a folder beside the workspace that made it.
extension Stage {
    /// Where imports are written to.
    var imported: URL {
        folder.deletingLastPathComponent().appendingPathComponent("\(folder.lastPathComponent)-imported")
    }

    /// Imports by the control plane.
    func runImport(_ flags: String...) async throws -> Spillway.Outcome {
        try await spillway.start(["import", imported.path, "--endpoint", endpoints.controlPlane] + flags).outcome()
    }

    /// A file of the imported workspace.
    func importedFile(_ path: String) throws -> String {
        try String(contentsOf: imported.appendingPathComponent(path), encoding: .utf8)
    }

    /// Everything that an import wrote, with the names of the files.
    func importedText() throws -> String {
        let files = try FileManager.default.subpathsOfDirectory(atPath: imported.path).sorted()
        return try files.filter { $0.hasSuffix(".yaml") || [".env.example", ".gitignore"].contains($0) }
            .map { "# \($0)\n" + (try importedFile($0)) }.joined()
    }

    /// The imported workspace is valid, its plan adopts and changes nothing, and when that is applied nothing is left.
    func expectAdoption(_ body: (Spillway) async throws -> Void = { _ in }) async throws {
        let own = Spillway(folder: imported, environment: spillway.environment)
        let text = try importedText()
        let valid = try await own("validate", "--strict")
        #expect(valid.code == 0, "\(valid.output)\(valid.diagnostics)\(text)")
        let plan = try await own("plan", "-o", "json", "--init-state")
        #expect([0, 3].contains(plan.code), "\(plan.output)\(plan.diagnostics)")
        let changes = try JSONValue(parsing: plan.output)["changes"].array
        #expect(!changes.isEmpty, "\(text)")
        for change in changes { #expect(change["effect"].string == "adopt", "\(change)\n\(text)") }
        #expect(try JSONValue(parsing: plan.output)["refusals"].array == [], "\(plan.output)\(text)")
        let writes = try await writes()
        let applied = try await own("apply", "--auto-approve", "--init-state")
        #expect([0, 3].contains(applied.code), "\(applied.output)\(applied.diagnostics)")
        #expect(try await self.writes() == writes, "adopting writes nothing")
        let again = try await own("plan", "-o", "json")
        #expect(try JSONValue(parsing: again.output)["changes"].array == [], "\(again.output)")
        try await body(own)
    }

    /// How many calls changed something, wherever.
    private func writes() async throws -> Int {
        try await http.get("\(endpoints.admin)/events").array.count {
            $0["event"].string == "call" && $0["effect"] == .bool(true)
        }
    }

    /// Removes what was imported.
    func clearImport() { try? FileManager.default.removeItem(at: imported) }
}
