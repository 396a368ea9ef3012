import Foundation
import SimulatorServer
import Testing

@Suite("Restart hooks, end to end")
struct HookTests {
    @Test(
        "hooks run after publishing, in order; one that fails is retried by the next apply until it has succeeded once")
    func retried() async throws {
        try await Stage.with { stage in
            try stage.edit("spillway.yaml", "policy: {", "policy: {allowCommands: true, ")
            try stage.edit(
                "manifests/clients.yaml", "    - file: {path: out/reporting.json, format: JSON}",
                """
                    - file: {path: out/reporting.json, format: JSON}
                  restart:
                    - command: [touch, restarted]
                    - command: [sh, -c, "echo $SPILLWAY_PRIMARY $SPILLWAY_GENERATION >> announced"]
                    - http: {url: "\(stage.endpoints.admin)/clock", body: "{}"}
                    - command: [touch, "\(stage.folder.path)/after"]
                """)
            let first = try await stage.spillway("apply", "--auto-approve")
            #expect(first.code == 3, "\(first.output)\(first.diagnostics)")
            #expect(try stage.read("announced") == "west 1\n")
            #expect(try stage.read("restarted").isEmpty)
            #expect(!FileManager.default.fileExists(atPath: "\(stage.folder.path)/after"))
            try stage.edit("manifests/clients.yaml", "\(stage.endpoints.admin)/clock", "\(stage.endpoints.admin)/lies")
            try stage.edit("manifests/clients.yaml", #"body: "{}""#, #"method: PUT, body: "{}""#)
            try await stage.seedClientKeys()
            let second = try await stage.spillway("apply", "--auto-approve")
            #expect(second.code == 0, "\(second.output)\(second.diagnostics)")
            #expect(FileManager.default.fileExists(atPath: "\(stage.folder.path)/after"))
            #expect(try stage.read("announced") == "west 1\n")
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test("programs need the workspace's permission, and end at their deadline")
    func limits() async throws {
        try await Stage.with { stage in
            let hook = """
                    - file: {path: out/reporting.json, format: JSON}
                  restart:
                    - command: [sleep, "600"]
                      timeout: 1s
                """
            try stage.edit(
                "manifests/clients.yaml", "    - file: {path: out/reporting.json, format: JSON}", hook)
            #expect(try await stage.spillway("validate").code == 1)
            try stage.edit("spillway.yaml", "policy: {", "policy: {allowCommands: true, ")
            let outcome = try await stage.spillway("apply", "--auto-approve")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect((outcome.output + outcome.diagnostics).contains("ended after 1s"), "\(outcome.diagnostics)")
        }
    }
}
