import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Clients of Vault")
struct VaultClientTests {
    @Test(
        "hvac works unchanged against the simulated Vault",
        .enabled(if: PythonEnvironment.isMade, "needs .build/python, which scripts/python-environment makes"))
    func client() async throws {
        let configuration = SimulatorConfiguration(stores: [.init(.vault, name: "vault")])
        try await Simulator.withRunning(configuration) { endpoints in
            let url = try #require(endpoints.stores["vault"])
            let outcome = try await PythonEnvironment.run("vault_client.py", url, endpoints.credentials.secret)
            #expect(outcome.code == 0, "\(outcome.output)")
            #expect(outcome.output.contains("works unchanged"))
        }
    }

    @Test(
        "the binary signs in to Confluent and to its applications with secrets of Vault, and publishes what hvac reads",
        .enabled(if: PythonEnvironment.isMade, "needs .build/python, which scripts/python-environment makes"))
    func published() async throws {
        try await Stage.withPair { stage in
            var stage = stage
            let token = stage.endpoints.credentials.secret
            let url = try await stage.store("vault", named: "vault")
            let fields = #"{"data": {"key": "WESTKEY", "secret": "west-client-secret"}}"#
            try await stage.http.vault("POST", "\(url)/v1/secret/data/clients/west", fields, token)
            try await stage.http.vault(
                "POST", "\(url)/v1/secret/data/apps/checkout", #"{"data": {"their.own": "stays"}}"#, token)
            stage.spillway.environment["VAULT_TOKEN"] = token
            stage.spillway.environment["CHECKOUT_WEST_KEY"] = nil
            stage.spillway.environment["CHECKOUT_WEST_SECRET"] = nil
            try stage.edit(
                "manifests/clients.yaml",
                "kafka: {apiKey: {env: CHECKOUT_WEST_KEY}, apiSecret: {env: CHECKOUT_WEST_SECRET}}",
                "kafka: {apiKey: {vault: {connection: vault, path: clients/west, field: key}}, "
                    + "apiSecret: {vault: {connection: vault, path: clients/west, field: secret}}}")
            try stage.edit(
                "manifests/clients.yaml",
                "    - file: {path: out/checkout.properties, format: Properties, contents: All}\n",
                """
                    - vault: {connection: vault, path: apps/checkout}
                    - file: {path: out/plain.properties}
                """ + "\n")
            try stage.append(
                "manifests/clients.yaml",
                """
                ---
                apiVersion: spillway/v1
                kind: Connection
                metadata: {name: vault}
                spec:
                  vault: {endpoint: "\(url)", token: {env: VAULT_TOKEN}}

                """)
            let plan = try await stage.spillway("plan")
            #expect(plan.output.contains("secret sasl.password"), "\(plan.output)\(plan.diagnostics)")
            try await stage.apply()
            func read() async throws -> JSONValue {
                let outcome = try await PythonEnvironment.run("vault_client.py", url, token, "apps/checkout")
                try #require(outcome.code == 0, "\(outcome.output)")
                return try JSONValue(parsing: outcome.output)
            }
            let west = try await read()
            #expect(west["sasl.password"].string == "west-client-secret")
            #expect(west["their.own"].string == "stays")
            #expect(try !stage.read("out/plain.properties").contains("client-secret"))
            let again = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(again.code == 0, "\(again.output)")
            let move = try await stage.move(to: "east", from: "west")
            #expect(move.code == 0, "\(move.output)\(move.diagnostics)")
            #expect(try await read()["sasl.password"].string == "east-client-secret")
            for text in [plan, move, again].flatMap({ [$0.output, $0.diagnostics] }) {
                #expect(!text.contains("client-secret"))
                #expect(!text.contains(token))
            }
        }
    }
}

extension Stage {
    /// Starts a store of the simulator.
    ///
    /// - Returns: Its base URL.
    func store(_ kind: String, named name: String, in region: String? = nil) async throws -> String {
        let place = region.map { #", "region": "\#($0)""# } ?? ""
        let answer = try await http.send(
            "POST", "\(endpoints.admin)/stores", #"{"kind": "\#(kind)", "name": "\#(name)"\#(place)}"#)
        return try #require(answer["url"].string)
    }

    /// Adds text at the end of a manifest.
    func append(_ file: String, _ text: String) throws {
        let url = folder.appendingPathComponent(file)
        try (try String(contentsOf: url, encoding: .utf8) + text).write(to: url, atomically: true, encoding: .utf8)
    }
}
