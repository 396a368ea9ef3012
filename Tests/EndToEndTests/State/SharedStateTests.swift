import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("State that pipelines and laptops share", .enabled(if: EtcdServer.isInstalled))
struct SharedStateTests {
    @Test("a machine without a ledger says so; one begins it, and every other one finds nothing to do")
    func freshMachines() async throws {
        try await SharedStage.with { shared in
            let runner = try shared.machine("runner", isPipeline: true)
            for command in [["plan"], ["apply", "--auto-approve"], ["drift"], ["runs"], ["state", "list"]] {
                let outcome = try await runner.start(command).outcome()
                #expect(outcome.code == 8, "\(command): \(outcome.output)\(outcome.diagnostics)")
                #expect(outcome.diagnostics.contains("there is no state at etcd:/spillway/quickstart"))
                #expect(outcome.diagnostics.contains("--init-state"))
                #expect(outcome.output.isEmpty)
            }
            let status = try await runner("status")
            #expect(status.code == 0)
            #expect(status.output.contains("✗ etcd:/spillway/quickstart was not read"), "\(status.output)")
            #expect(try await runner("status", "--check").code == 3)
            try await shared.begin()
            for name in ["second", "third"] {
                let machine = try shared.machine(name, isPipeline: true)
                let plan = try await machine("plan", "--detailed-exitcode")
                #expect(plan.code == 0, "\(plan.output)\(plan.diagnostics)")
                #expect(try await machine("drift").code == 0)
                #expect(try await machine("state", "list").output.contains("topic/west/payments.captured"))
                #expect(try await machine("apply", "--auto-approve").code == 0)
            }
        }
    }

    @Test("one machine plans and saves, another applies that, once")
    func savedPlans() async throws {
        try await SharedStage.with { shared in
            try await shared.begin()
            try shared.stage.edit("manifests/topics.yaml", "retention.ms: 30d", "retention.ms: 90d")
            let (planner, applier) = (try shared.machine("one", isPipeline: true), try shared.machine("two"))
            let file = shared.stage.folder.appendingPathComponent("saved.plan").path
            #expect(try await planner("plan", "--out", file).code == 0)
            let applied = try await applier("apply", file)
            #expect(applied.code == 0, "\(applied.output)\(applied.diagnostics)")
            #expect(try await planner("apply", file).code == 5)
            #expect(try await planner("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test(
        "a runner that is killed in the middle of its apply leaves a lock that says whose it was; the next one goes on")
    func killed() async throws {
        try await SharedStage.with { shared in
            let stage = shared.stage
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                #"{"method": "POST", "path": "/kafka/v3/clusters/", "effect": "delay", "delayMs": 60000}"#)
            let running = try stage.spillway.start(["apply", "--auto-approve", "--init-state"])
            try await eventually { running.diagnosticsSoFar.contains("cluster west created") ? () : nil }
            let other = try shared.machine("other")
            let locked = try await other("apply", "--auto-approve")
            #expect(locked.code == 6, "\(locked.output)\(locked.diagnostics)")
            let run = try #require(locked.diagnostics.firstMatch(of: /locked by run (\S+)/)).1
            running.signal(SIGSTOP)
            let unlocked = try await other("state", "unlock", String(run), "--yes")
            #expect(unlocked.code == 0, "\(unlocked.diagnostics)")
            try await stage.http.send("DELETE", "\(stage.endpoints.admin)/faults", nil)
            let finished = try await other("apply", "--auto-approve")
            #expect(finished.code == 3, "\(finished.output)\(finished.diagnostics)")
            running.signal(SIGCONT)
            let loser = try await running.outcome()
            #expect([1, 7].contains(loser.code), "\(loser.output)\(loser.diagnostics)")
            #expect("\(loser.output)\(loser.diagnostics)".contains("the lock was lost"), "\(loser.output)")
            let plan = try await other("plan", "--detailed-exitcode")
            #expect(
                plan.output.contains("No changes") || plan.output.contains("refuses its credentials"), "\(plan.output)")
            let runs = try await other("runs").output
            #expect(runs.contains("its lock was broken by hand"), "\(runs)")
        }
    }

    @Test("a ledger moves from a file to etcd and back; where it was, everything is refused and says where it is")
    func migration() async throws {
        try await SharedStage.with { shared in
            let spillway = shared.stage.spillway
            try await shared.begin()
            let before = try await spillway("state", "list").output
            let refused = try await spillway("state", "migrate", "--to", "etcd:nowhere", "--yes")
            #expect(refused.code == 64, "\(refused.diagnostics)")
            let moved = try await spillway("state", "migrate", "--to", "sqlite:local.db", "--yes")
            #expect(moved.code == 0, "\(moved.diagnostics)")
            #expect(moved.output.contains(#"{sqlite: {path: "local.db"}}"#), "\(moved.output)")
            let gone = try await spillway("plan")
            #expect(gone.code == 8)
            #expect(gone.diagnostics.contains("was moved to sqlite:"), "\(gone.diagnostics)")
            #expect(try await spillway("apply", "--auto-approve").code == 8)

            try shared.stage.edit(
                "spillway.yaml", "{etcd: {connection: shared}}", #"{sqlite: {path: "local.db"}}"#)
            #expect(try await spillway("state", "list").output == before)
            #expect(try await spillway("plan", "--detailed-exitcode").code == 0)
            #expect(try await spillway("apply", "--auto-approve").code == 0)
            let back = try await spillway("state", "migrate", "--to", "etcd:shared", "--yes")
            #expect(back.code == 0, "\(back.diagnostics)")
            try shared.stage.edit("spillway.yaml", #"{sqlite: {path: "local.db"}}"#, "{etcd: {connection: shared}}")
            #expect(try await spillway("state", "list").output == before)
            #expect(try await spillway("plan", "--detailed-exitcode").code == 0)
            #expect(try await spillway("plan", "--state", "sqlite:local.db").code == 8)
        }
    }

    @Test("with the store gone, every way out that is printed works: look, go on alone, take it back")
    func lostStore() async throws {
        try await SharedStage.with { shared in
            let (stage, spillway) = (shared.stage, shared.stage.spillway)
            try await shared.begin()
            let exported = try await spillway("state", "export", "--out", "ledger.json", "--with-key")
            #expect(exported.code == 0, "\(exported.diagnostics)")
            let attributes = try FileManager.default.attributesOfItem(
                atPath: stage.folder.appendingPathComponent("ledger.json").path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let printed = try JSONValue(parsing: try await spillway("state", "export").output)
            #expect(printed["export"]["created"] != .null)
            #expect(printed["export"]["fingerprintKey"] == .null, "a key is not printed")
            #expect(try await spillway("state", "export", "--with-key").code == 64)

            try await shared.etcd.setAwake(false)
            let plan = try await spillway("plan")
            #expect(plan.code == 8, "\(plan.output)\(plan.diagnostics)")
            #expect(plan.diagnostics.contains("--state sqlite:PATH --init-state"), "\(plan.diagnostics)")
            #expect(try await spillway("plan", "--state", "ledger.json", "--detailed-exitcode").code == 0)
            let status = try await spillway("status")
            #expect(status.output.contains("was not read"), "\(status.output)")

            #expect(try await spillway("plan", "--state", "sqlite:alone.db").code == 8, "not without --init-state")
            let begun = try await spillway("state", "import", "ledger.json", "--state", "sqlite:alone.db", "--yes")
            #expect(begun.code == 0, "\(begun.diagnostics)")
            try stage.edit("manifests/topics.yaml", "retention.ms: 30d", "retention.ms: 90d")
            let alone = try await spillway("apply", "--auto-approve", "--state", "sqlite:alone.db")
            #expect(alone.code == 0, "\(alone.output)\(alone.diagnostics)")

            try await shared.etcd.setAwake(true)
            let merged = try await spillway("state", "merge", "alone.db", "--yes")
            #expect(merged.code == 0, "\(merged.diagnostics)")
            let known = try await spillway("state", "show", "topic/west/payments.audit")
            #expect(known.output.contains("7776000000"), "\(known.output)")
            #expect(try await spillway("plan", "--detailed-exitcode").code == 0)
            #expect(try await spillway("state", "merge", "alone.db", "--yes").code == 0, "once more changes nothing")
            #expect(try await spillway("plan", "--detailed-exitcode").code == 0)
            #expect(try await spillway("state", "import", "ledger.json", "--yes").code == 8, "there is a ledger")
        }
    }

    @Test("what another ledger published is refused until a person accepts it, with the command that is printed")
    func adoptEpoch() async throws {
        try await SharedStage.with { shared in
            let stage = shared.stage
            try await shared.begin()
            try stage.edit("manifests/clients.yaml", "sasl.mechanism: PLAIN", "sasl.mechanism: SCRAM-SHA-512")
            let other = try await stage.spillway(
                "apply", "--auto-approve", "--state", "sqlite:other.db", "--init-state")
            #expect([0, 3].contains(other.code), "\(other.output)\(other.diagnostics)")
            let refused = try await stage.spillway("plan")
            let way = try #require(
                refused.output.replacing(/\s+/, with: " ").firstMatch(of: /state adopt-epoch (binding\/[\w\/]+)/),
                "\(refused.output)")
            #expect(refused.code == 4)
            let adopted = try await stage.spillway("state", "adopt-epoch", String(way.1), "--yes")
            #expect(adopted.code == 0, "\(adopted.diagnostics)")
            #expect(adopted.output.contains("counts as known"))
            let plan = try await stage.spillway("plan")
            #expect(!plan.output.contains("adopt-epoch"), "\(plan.output)")
            let again = try await stage.spillway("state", "adopt-epoch", "binding/nobody/0", "--yes")
            #expect(again.code == 1)
        }
    }
}
