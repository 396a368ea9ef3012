import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Clients of Consul")
struct ConsulClientTests {
    @Test(
        "py-consul works unchanged against the simulated Consul",
        .enabled(if: PythonEnvironment.isMade, "needs .build/python, which scripts/python-environment makes"))
    func client() async throws {
        let configuration = SimulatorConfiguration(stores: [.init(.consul, name: "consul")])
        try await Simulator.withRunning(configuration) { endpoints in
            let url = try #require(endpoints.stores["consul"])
            let outcome = try await PythonEnvironment.run("consul_client.py", url, endpoints.credentials.secret)
            #expect(outcome.code == 0, "\(outcome.output)")
            #expect(outcome.output.contains("works unchanged"))
        }
    }

    @Test(
        "what the binary publishes to Consul is what py-consul reads, before and after the primary moves",
        .enabled(if: PythonEnvironment.isMade, "needs .build/python, which scripts/python-environment makes"))
    func published() async throws {
        try await Stage.withPair { stage in
            var stage = stage
            let secret = stage.endpoints.credentials.secret
            let url = try #require(
                try await stage.http.send(
                    "POST", "\(stage.endpoints.admin)/stores", #"{"kind": "consul", "name": "consul"}"#
                )["url"].string)
            stage.spillway.environment["CONSUL_TOKEN"] = secret
            try stage.edit(
                "manifests/clients.yaml", "    - file: {path: out/reporting.json, format: JSON}\n",
                """
                    - consul: {connection: consul, key: apps/reporting}
                ---
                apiVersion: spillway/v1
                kind: Connection
                metadata: {name: consul}
                spec:
                  consul: {endpoint: "\(url)", token: {env: CONSUL_TOKEN}}

                """)
            let plan = try await stage.spillway("plan")
            #expect(plan.output.contains("consul consul: apps/reporting"), "\(plan.output)\(plan.diagnostics)")
            try await stage.apply()
            let west = try await published(at: url, secret)
            #expect(west["bootstrap.servers"].string?.contains("us-west-2") == true, "\(west)")
            #expect(west["schema.registry.url"].string?.hasPrefix("http") == true)
            #expect(west.keys.count == 2, "nothing but the binding's own: \(west.keys)")

            let again = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(again.code == 0, "\(again.output)")
            let move = try await stage.move(to: "east", from: "west")
            #expect(move.code == 0, "\(move.output)\(move.diagnostics)")
            let east = try await published(at: url, secret)
            #expect(east["bootstrap.servers"].string?.contains("us-east-1") == true, "\(east)")
            for text in [plan, move, again].flatMap({ [$0.output, $0.diagnostics] }) { #expect(!text.contains(secret)) }
        }
    }

    private func published(at url: String, _ secret: String) async throws -> JSONValue {
        let outcome = try await PythonEnvironment.run("consul_client.py", url, secret, "apps/reporting")
        try #require(outcome.code == 0, "\(outcome.output)")
        return try JSONValue(parsing: outcome.output)
    }
}
