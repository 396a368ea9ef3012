import Domain
import Execution
import Foundation
import SimulatorServer
import StateStores
import Testing
import TestSupport

@Suite("What must never go wrong, end to end")
struct SafetyTests {
    @Test("a saved plan runs once; when reality or manifests moved it is refused")
    func savedPlans() async throws {
        try await Stage.with { stage in
            #expect(try await stage.spillway("plan", "--out", "first.json").code == 0)
            let applied = try await stage.spillway("apply", "first.json")
            // Everything is made, and nothing protected yet: somebody else makes the applications' keys.
            #expect(applied.code == 3, "\(applied.output)\(applied.diagnostics)")
            let again = try await stage.spillway("apply", "first.json")
            #expect(again.code == 5)
            #expect(again.diagnostics.contains("already applied"))

            try stage.edit("manifests/topics.yaml", "retention.ms: 30d", "retention.ms: 60d")
            #expect(try await stage.spillway("plan", "--out", "second.json").code == 0)
            let west = try await stage.kafka("west")
            try await stage.http.send(
                "PUT", "\(west)/topics/payments.limits/configs/retention.ms", #"{"value": "1000"}"#)
            let stale = try await stage.spillway("apply", "second.json")
            #expect(stale.code == 5, "\(stale.output)\(stale.diagnostics)")
            #expect(stale.diagnostics.contains("payments.limits"))
            let value = try await stage.http.get("\(west)/topics/payments.audit/configs/retention.ms")
            #expect(value["value"].string == "2592000000")
        }
    }

    @Test("a saved plan is refused when something else wrote to a file it publishes to, and nothing is done")
    func editedBinding() async throws {
        try await Stage.with { stage in
            #expect(try await stage.spillway("plan", "--out", "first.json").code == 0)
            let file = stage.folder.appendingPathComponent("out/checkout.properties")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try "sasl.mechanism=GSSAPI\n".write(to: file, atomically: true, encoding: .utf8)
            let first = try await stage.spillway("apply", "first.json")
            #expect(first.code == 5, "\(first.output)\(first.diagnostics)")
            #expect(first.diagnostics.contains("binding/checkout/0 sasl.mechanism: unset when planned, GSSAPI now"))
            #expect(try await stage.overview()["clusters"].array.isEmpty)
            try FileManager.default.removeItem(at: file)
            try await stage.apply()

            try stage.edit("manifests/clients.yaml", "sasl.mechanism: PLAIN", "sasl.mechanism: SCRAM-SHA-512")
            try stage.edit("manifests/topics.yaml", "retention.ms: 30d", "retention.ms: 60d")
            #expect(try await stage.spillway("plan", "--out", "second.json").code == 0)
            let published = try stage.read("out/checkout.properties")
            let edits = [
                ("sasl.mechanism=PLAIN", "sasl.mechanism=GSSAPI", "sasl.mechanism"), ("epoch=0", "epoch=9", "epoch"),
                ("west-client-secret", "stolen", "another secret"),
            ]
            for (old, new, named) in edits {
                try #require(published.contains(old))
                let edited = published.replacingOccurrences(of: old, with: new)
                try edited.write(to: file, atomically: true, encoding: .utf8)
                let stale = try await stage.spillway("apply", "second.json")
                #expect(stale.code == 5, "\(stale.output)\(stale.diagnostics)")
                #expect(stale.diagnostics.contains("binding/checkout/0"), "\(stale.diagnostics)")
                #expect(stale.diagnostics.contains(named), "\(stale.diagnostics)")
                #expect(!stale.diagnostics.contains("stolen"))
                #expect(try stage.read("out/checkout.properties") == edited)
            }
            let west = try await stage.kafka("west")
            let value = try await stage.http.get("\(west)/topics/payments.audit/configs/retention.ms")
            #expect(value["value"].string == "2592000000")

            try ("client.id=ours\n" + published).write(to: file, atomically: true, encoding: .utf8)
            let applied = try await stage.spillway("apply", "second.json")
            #expect(applied.code == 0, "\(applied.output)\(applied.diagnostics)")
            let now = try stage.read("out/checkout.properties")
            #expect(now.contains("sasl.mechanism=SCRAM-SHA-512") && now.contains("client.id=ours"))
        }
    }

    @Test("apply without a terminal and without approval reads nothing and exits 64")
    func approval() async throws {
        try await Stage.with { stage in
            let outcome = try await stage.spillway("apply")
            #expect(outcome.code == 64)
            #expect(!FileManager.default.fileExists(atPath: stage.folder.appendingPathComponent(".spillway").path))
        }
    }

    @Test("a second apply is refused and names who holds the lock")
    func lock() async throws {
        try await Stage.with { stage in
            let store = SQLiteStateStore(
                path: stage.folder.appendingPathComponent(".spillway/state.db").path, workspace: "quickstart",
                mayCreate: true)
            let header = RunHeader(
                id: "held-by-a-test", startedAt: StateClock.system.now(), host: RunIdentity.host,
                process: RunIdentity.process, command: "apply", planDigest: "")
            let session = try await store.begin(header, lockTimeout: .zero)
            let refused = try await stage.spillway("apply", "--auto-approve")
            #expect(refused.code == 6)
            #expect(refused.diagnostics.contains("held-by-a-test"))
            #expect(try await stage.spillway("plan").code == 0)
            try await session.end(exitCode: 0, summary: "")
            try await stage.apply()
        }
    }

    @Test("another workspace's state is refused with exit 8")
    func foreignState() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            try stage.edit("spillway.yaml", "metadata: {name: quickstart}", "metadata: {name: another}")
            let outcome = try await stage.spillway("apply", "--auto-approve")
            #expect(outcome.code == 8, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.diagnostics.contains("quickstart"))
        }
    }

    @Test("in CI a missing ledger is refused unless a new one is asked for")
    func continuousIntegration() async throws {
        try await Stage.with { stage in
            var pipeline = stage.spillway
            pipeline.environment["CI"] = "true"
            let refused = try await pipeline("apply", "--auto-approve")
            #expect(refused.code == 8)
            let started = try await pipeline("apply", "--auto-approve", "--init-state")
            #expect(started.code == 3, "\(started.output)\(started.diagnostics)")
            #expect(started.output.contains("refuses its credentials"), "\(started.output)")
            try await stage.seedClientKeys()
            let finished = try await pipeline("apply", "--auto-approve")
            #expect(finished.code == 0, "\(finished.output)\(finished.diagnostics)")
        }
    }

    @Test("one refused call leaves independent work done and its dependants skipped once; the next apply finishes")
    func partialFailure() async throws {
        try await Stage.with { stage in
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                """
                {"method": "POST", "path": "/kafka/v3/clusters/", "count": 1, "effect": "status", "status": 400,
                 "body": {"error_code": 40002, "message": "no"}}
                """)
            let outcome = try await stage.spillway("apply", "--auto-approve")
            #expect(outcome.code == 7, "\(outcome.output)\(outcome.diagnostics)")
            try await stage.apply()
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test("a killed apply is finished by the next one")
    func killed() async throws {
        try await Stage.with { stage in
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                #"{"method": "POST", "path": "/kafka/v3/clusters/", "effect": "delay", "delayMs": 2000}"#)
            let running = try stage.spillway.start(["apply", "--auto-approve"])
            try await eventually { running.diagnosticsSoFar.contains("topic") ? () : nil }
            running.signal(SIGKILL)
            #expect(try await running.outcome().code == 128 + SIGKILL)
            try await stage.http.send("DELETE", "\(stage.endpoints.admin)/faults", nil)
            try await stage.apply()
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test("Ctrl-C finishes calls in flight, exits 130, and the next apply goes on")
    func interrupted() async throws {
        try await Stage.with { stage in
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                #"{"method": "POST", "path": "/kafka/v3/clusters/", "count": 1, "effect": "delay", "delayMs": 12000}"#)
            let running = try stage.spillway.start(["apply", "--auto-approve"])
            try await eventually { running.diagnosticsSoFar.contains("topic") ? () : nil }
            running.signal(SIGINT)
            let outcome = try await running.outcome()
            #expect(outcome.code == 130, "\(outcome.output)\(outcome.diagnostics)")
            try await stage.http.send("DELETE", "\(stage.endpoints.admin)/faults", nil)
            try await stage.apply()
        }
    }
}
