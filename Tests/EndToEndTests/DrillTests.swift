import Foundation
import FoundationXML
import TestSupport
import Testing

/// Rehearsals of the built binary. The processes get neither credentials nor a live system.
@Suite("Drills, end to end")
struct DrillTests {
    @Test("the quickstart is rehearsed there and back; nothing of the workspace is touched, no secret is read")
    func quickstart() async throws {
        try await Rehearsed.with { workspace in
            let before = try workspace.files()
            let outcome = try await workspace.spillway("drill")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            for text in ["Failover: west is lost", "Fail forward:", "Switch back: east → west", "RTO", "RPO"] {
                #expect(outcome.output.contains(text), "\(outcome.output)")
            }
            #expect(outcome.output.contains("Objectives met."))
            #expect(outcome.output.contains("reprotect: Manual"))
            #expect(try workspace.files() == before)
            #expect(try workspace.temporaryFiles().isEmpty)
        }
    }

    @Test(
        "a missed objective is exit 4, and the JSON says which, with every step's time and what clients lived through")
    func missed() async throws {
        try await Rehearsed.with { workspace in
            try workspace.hurry()
            try workspace.edit("manifests/group.yaml", "rto: 5m", "rto: 1ms")
            let outcome = try await workspace.spillway("drill", "-o", "json", "--records-per-second", "50")
            #expect(outcome.code == 4, "\(outcome.output)\(outcome.diagnostics)")
            let report = try JSONValue(parsing: outcome.output)
            #expect(report["verdict"].string == "missed")
            #expect(report["failure"] == .null)
            let phases = report["phases"].array
            #expect(phases.compactMap { $0["kind"].string } == ["setUp", "failover", "failForward", "switchBack"])
            let failover = try #require(phases.first { $0["kind"].string == "failover" })
            let rto = try #require(failover["checks"].array.first { $0["objective"].string == "rto" })
            #expect(rto["isMet"] == .bool(false))
            #expect(rto["measured"] == failover["recovery"]["sinceApplyMilliseconds"])
            let steps = failover["applies"].array.flatMap { $0["steps"].array }
            #expect(steps.contains { $0["id"].string?.hasPrefix("binding/checkout/0") ?? false })
            #expect(steps.allSatisfy { $0["tookMilliseconds"].int != nil })
            let age = try #require(failover["checks"].array.first { $0["objective"].string == "rpo.age" })
            #expect(age["measured"].int == failover["records"]["oldestLostMilliseconds"].int ?? 0)
            #expect(failover["schemas"]["subject"].string == "drill-value")
            let back = try #require(phases.last)
            #expect(back["schemas"]["isOn"].string == "west")
            #expect(back["records"]["lost"].int == 0)
            #expect(back["records"]["gaps"].int == 0)
            #expect((back["records"]["acknowledged"].int ?? 0) > 0)
        }
    }

    @Test("a planned move there and back is rehearsed alone, and build servers can read the result")
    func switchover() async throws {
        try await Rehearsed.with { workspace in
            try workspace.hurry()
            let outcome = try await workspace.spillway(
                "drill", "--scenario", "switchover", "--seed", "7", "-o", "junit")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            let document = try XMLDocument(xmlString: outcome.output)
            let suite = try #require(document.rootElement())
            #expect(suite.attribute(forName: "failures")?.stringValue == "0")
            let names = suite.elements(forName: "testcase").compactMap { $0.attribute(forName: "name")?.stringValue }
            #expect(names.contains("Switch over: west → east, planned"), "\(names)")
            #expect(names.contains("Switch back: east → west, planned"), "\(names)")
            #expect(names.contains("Switch over: objective rpo.age"), "\(names)")
            #expect(!names.contains { $0.hasPrefix("Failover") })
        }
    }

    @Test("without a fence the failover is measured, and the way back is left out with the reason")
    func unfenced() async throws {
        try await Rehearsed.with { workspace in
            try workspace.hurry()
            try workspace.edit("manifests/group.yaml", #"fence: {denyWrites: ["User:*"], quiet: 500ms}"#, "")
            let outcome = try await workspace.spillway("drill", "--group", "payments")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("left out: no fence is declared"), "\(outcome.output)")
            #expect(outcome.output.contains("left out: west does not follow east"), "\(outcome.output)")
            #expect(outcome.output.contains("RTO"))
        }
    }

    @Test("a drill that cannot be carried through is exit 1, and says where it stopped and why")
    func failed() async throws {
        try await Rehearsed.with { workspace in
            try workspace.hurry()
            try workspace.edit("manifests/topics.yaml", "retention.ms: 30d", "confluent.no.such.config: \"1\"")
            let outcome = try await workspace.spillway("drill", "-o", "json")
            #expect(outcome.code == 1, "\(outcome.output)\(outcome.diagnostics)")
            let report = try JSONValue(parsing: outcome.output)
            #expect(report["verdict"].string == "failed")
            #expect(report["failure"].string?.hasPrefix("setUp: ") ?? false, "\(outcome.output)")
            #expect(try workspace.temporaryFiles().isEmpty)
        }
    }

    @Test("what is not there to rehearse is said before anything starts")
    func nothing() async throws {
        try await Rehearsed.with { workspace in
            let outcome = try await workspace.spillway("drill", "--group", "orders")
            #expect(outcome.code == 64)
            #expect(outcome.diagnostics.contains("there is no FailoverGroup orders"), "\(outcome.diagnostics)")
            #expect(try await workspace.spillway("drill", "--records-per-second", "0").code == 64)
        }
    }
}

/// A copy of `examples/quickstart` as it is checked out, and a temporary folder of its own.
private struct Rehearsed {
    let folder: URL
    let temporary: URL
    let spillway: Spillway

    static func with(_ body: (Rehearsed) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("spillway-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let (folder, temporary) = (root.appendingPathComponent("workspace"), root.appendingPathComponent("temporary"))
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        let quickstart = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("examples/quickstart")
        try FileManager.default.copyItem(at: quickstart, to: folder)
        let environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "TMPDIR": temporary.path]
        try await body(
            Rehearsed(
                folder: folder, temporary: temporary, spillway: Spillway(folder: folder, environment: environment)))
    }

    /// Shortens what the quickstart waits for.
    func hurry() throws {
        try edit("spillway.yaml", "unreachableAfter: 5s", "unreachableAfter: 2s")
        try edit("manifests/group.yaml", "interval: 10s", "interval: 1s")
        try edit(
            "manifests/group.yaml", #"fence: {denyWrites: ["User:*"]}"#,
            #"fence: {denyWrites: ["User:*"], quiet: 500ms}"#)
    }

    func edit(_ file: String, _ old: String, _ new: String) throws {
        let url = folder.appendingPathComponent(file)
        let text = try String(contentsOf: url, encoding: .utf8)
        try #require(text.contains(old))
        try text.replacingOccurrences(of: old, with: new).write(to: url, atomically: true, encoding: .utf8)
    }

    /// Every file of the workspace with its content.
    func files() throws -> [String: Data] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return Dictionary(
            uniqueKeysWithValues: paths.compactMap { path in
                FileManager.default.contents(atPath: folder.appendingPathComponent(path).path).map { (path, $0) }
            })
    }

    /// What was left behind.
    func temporaryFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: temporary.path)
    }
}
