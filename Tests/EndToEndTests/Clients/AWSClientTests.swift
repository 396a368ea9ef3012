import Foundation
import TestSupport
import Testing

@Suite("Clients of AWS")
struct AWSClientTests {
    @Test(
        "what the binary publishes to an AWS-compatible server is what boto3 reads, before and after the primary moves",
        .enabled(if: MotoServer.isInstalled, "needs .build/python, which scripts/python-environment makes"))
    func published() async throws {
        let server = try await MotoServer.start()
        defer { server.stop() }
        // It loads a service when it is asked for it first, which takes seconds.
        try await Stage.withPair(.init(unreachableAfter: "60s")) { stage in
            var stage = stage
            for (name, value) in [("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "very-secret")] {
                stage.spillway.environment[name] = value
            }
            try stage.edit(
                "manifests/clients.yaml",
                "    - file: {path: out/checkout.properties, format: Properties, contents: All}\n",
                """
                    - awsSecretsManager: {connection: aws, name: apps/checkout}
                    - awsParameterStore: {connection: aws, path: /apps/checkout}
                    - file: {path: out/checkout.properties}
                """ + "\n")
            try stage.append(
                "manifests/clients.yaml",
                """
                ---
                apiVersion: spillway/v1
                kind: Connection
                metadata: {name: aws}
                spec:
                  aws: {region: eu-west-1, endpoint: "\(server.url)"}

                """)
            try await stage.apply()
            func read() async throws -> JSONValue {
                let outcome = try await PythonEnvironment.run(
                    "aws_client.py", server.url, "apps/checkout", "/apps/checkout")
                try #require(outcome.code == 0, "\(outcome.output)")
                return try JSONValue(parsing: outcome.output)
            }
            let west = try await read()
            #expect(west["secret"]["sasl.username"].string == "WESTKEY")
            #expect(west["parameters"]["bootstrap.servers"].array.last?.string?.contains("us-west-2") == true)
            #expect(west["parameters"].keys.count == 4, "\(west["parameters"].keys)")
            let again = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(again.code == 0, "\(again.output)")
            let move = try await stage.move(to: "east", from: "west")
            #expect(move.code == 0, "\(move.output)\(move.diagnostics)")
            let east = try await read()
            #expect(east["secret"]["sasl.username"].string == "EASTKEY")
            #expect(east["parameters"]["bootstrap.servers"].array.last?.string?.contains("us-east-1") == true)
            for text in [move, again].flatMap({ [$0.output, $0.diagnostics] }) {
                #expect(!text.contains("client-secret") && !text.contains("very-secret"))
            }
        }
    }
}
