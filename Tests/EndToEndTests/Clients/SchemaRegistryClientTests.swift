import SimulatorServer
import Testing
import TestSupport

@Suite("Clients that were written for the real services")
struct SchemaRegistryClientTests {
    @Test(
        "confluent-kafka's SchemaRegistryClient works unchanged",
        .enabled(if: PythonEnvironment.isMade, "needs .build/python, which scripts/python-environment makes"))
    func schemaRegistryClient() async throws {
        try await Simulator.withRunning { endpoints in
            let http = RawHTTP(credentials: endpoints.credentials)
            let estate = #"{"registries": [{"id": "lsrc-west", "region": "us-west-2"}]}"#
            try await http.send("POST", "\(endpoints.admin)/estate", estate)
            let url = try #require(try await http.get(endpoints.admin)["registries"].array.first?["url"].string)
            let pair = "\(endpoints.credentials.key):\(endpoints.credentials.secret)"
            let outcome = try await PythonEnvironment.run("schema_registry_client.py", url, pair)
            #expect(outcome.code == 0, "\(outcome.output)")
            #expect(outcome.output.contains("works unchanged"))
        }
    }
}
