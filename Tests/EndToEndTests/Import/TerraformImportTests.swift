import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Workspaces from a Terraform state")
struct TerraformImportTests {
    @Test(
        "a state becomes the manifests that the live organization becomes, without its secrets",
        arguments: [false, true])
    func state(isBidirectional: Bool) async throws {
        try await Stage.withPair(.init(isBidirectional: isBidirectional)) { stage in
            defer { stage.clearImport() }
            let live = try await stage.runImport()
            #expect(live.code == 0, "\(live.output)\(live.diagnostics)")
            let expected = try stage.importedText()
            stage.clearImport()
            let state = try await Self.state(of: stage, isBidirectional: isBidirectional)
            try state.write(
                to: stage.folder.appendingPathComponent("terraform.tfstate"), atomically: true, encoding: .utf8)
            let outcome = try await stage.runImport("--from", "terraform.tfstate")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("confluent_api_key, 2: left to Terraform"), "\(outcome.output)")
            let text = try stage.importedText()
            #expect(!text.contains("the-secret-of-terraform"))
            // Terraform keeps no compatibility, which stays unmanaged.
            #expect(text == expected.replacingOccurrences(of: "      compatibility: BACKWARD\n", with: ""))
            try await stage.expectAdoption()
        }
    }

    @Test("what is no state says so, with exit 1")
    func unreadable() async throws {
        try await Stage.with { stage in
            for (text, words) in [
                ("{", "is no JSON"), ("{}", "is no Terraform state of version 4"),
                (#"{"version": 3}"#, "but of version 3"),
                (#"{"version": 4, "resources": []}"#, "holds no resource of the provider"),
            ] {
                try text.write(
                    to: stage.folder.appendingPathComponent("s.tfstate"), atomically: true, encoding: .utf8)
                let outcome = try await stage.runImport("--from", "s.tfstate")
                #expect(outcome.code == 1)
                #expect(outcome.diagnostics.contains(words), "\(outcome.diagnostics)")
            }
            let missing = try await stage.runImport("--from", "missing.tfstate")
            #expect(missing.code == 1)
            #expect(missing.diagnostics.contains("missing.tfstate cannot be read"), "\(missing.diagnostics)")
        }
    }

    // MARK: A state of the quickstart

    /// The state that the provider would keep of what the quickstart has made.
    private static func state(of stage: Stage, isBidirectional: Bool) async throws -> String {
        let overview = try await stage.overview()
        func cluster(_ name: String) throws -> JSONValue {
            try #require(overview["clusters"].array.first { $0["display_name"].string == name })
        }
        let (west, east) = (try cluster("west"), try cluster("east"))
        let registries = overview["registries"].array
        let registryOfWest = try #require(registries.first { $0["region"].string == "us-west-2" })
        let registryOfEast = try #require(registries.first { $0["region"].string == "us-east-1" })
        var resources: [JSONValue] = [
            resource("confluent_api_key", [["id": "A", "secret": "the-secret-of-terraform"], ["id": "B"]]),
            resource(
                "confluent_environment",
                [
                    ["id": registryOfWest["environment"], "display_name": "prod-west"],
                    ["id": registryOfEast["environment"], "display_name": "prod-east"],
                ]),
            resource(
                "confluent_schema_registry_cluster",
                [registryOfWest, registryOfEast].map { registry in
                    [
                        "id": registry["id"], "rest_endpoint": registry["url"],
                        "environment": .list([["id": registry["environment"]]]),
                    ]
                }, mode: "data"),
            resource(
                "confluent_kafka_cluster",
                [(west, registryOfWest), (east, registryOfEast)].map { cluster, registry in
                    [
                        "id": cluster["id"], "display_name": cluster["display_name"], "enterprise": .list([[:]]),
                        "dedicated": .list([]), "environment": .list([["id": registry["environment"]]]),
                    ]
                }),
            resource(
                "confluent_schema_registry_cluster_mode",
                [["mode": "IMPORT", "schema_registry_cluster": .list([["id": registryOfEast["id"]]])]]),
            resource(
                "confluent_schema_exporter",
                [
                    [
                        "name": "payments", "context_type": "NONE", "subjects": .list(["*"]),
                        "subject_rename_format": "${subject}", "status": "RUNNING",
                        "schema_registry_cluster": .list([["id": registryOfWest["id"]]]),
                        "destination_schema_registry_cluster": .list([["rest_endpoint": registryOfEast["url"]]]),
                    ]
                ]),
        ]
        resources += try await kafka(of: stage, west["id"], east["id"], isBidirectional)
        let state = JSONValue.object(["version": 4, "resources": .list(resources)])
        return String(decoding: try JSONEncoder().encode(state), as: UTF8.self)
    }

    private static func kafka(
        of stage: Stage, _ west: JSONValue, _ east: JSONValue, _ isBidirectional: Bool
    ) async throws -> [JSONValue] {
        let name: JSONValue = isBidirectional ? "payments-east-west" : "payments-west-east"
        var topics: [JSONValue] = []
        var mirrors: [JSONValue] = []
        for topic in try await stage.http.get("\(try await stage.kafka("west"))/topics")["data"].array {
            let topicName = try #require(topic["topic_name"].string)
            let configs = try await stage.http.get("\(try await stage.kafka("west"))/topics/\(topicName)/configs")
            let set = configs["data"].array.filter { $0["source"].string == "DYNAMIC_TOPIC_CONFIG" }
            topics.append([
                "topic_name": .text(topicName), "partitions_count": topic["partitions_count"],
                "kafka_cluster": .list([["id": west]]),
                "config": .object(
                    Dictionary(set.map { ($0["name"].string ?? "", $0["value"]) }, uniquingKeysWith: { $1 })),
            ])
            mirrors.append([
                "mirror_topic_name": .text(topicName), "status": "ACTIVE", "kafka_cluster": .list([["id": east]]),
                "source_kafka_topic": .list([["topic_name": .text(topicName)]]),
                "cluster_link": .list([["link_name": name]]),
            ])
        }
        let configs: JSONValue = [
            "consumer.offset.sync.enable": "true", "consumer.offset.sync.ms": "10000",
            "consumer.offset.group.filters":
                #"{"groupFilters": [{"name": "*", "patternType": "LITERAL", "filterType": "INCLUDE"}]}"#,
        ]
        func link(_ mode: JSONValue, _ ends: [String: JSONValue]) -> JSONValue {
            var members: [String: JSONValue] = [
                "link_name": name, "link_mode": mode, "connection_mode": "OUTBOUND", "config": configs,
            ]
            for (end, id) in ends {
                members[end] = .list([["id": id, "credentials": .list([["secret": "the-secret-of-terraform"]])]])
            }
            return .object(members)
        }
        let links =
            isBidirectional
            ? [
                link("BIDIRECTIONAL", ["local_kafka_cluster": east, "remote_kafka_cluster": west]),
                link("BIDIRECTIONAL", ["local_kafka_cluster": west, "remote_kafka_cluster": east]),
            ] : [link("DESTINATION", ["source_kafka_cluster": west, "destination_kafka_cluster": east])]
        return [
            resource("confluent_kafka_topic", topics), resource("confluent_kafka_mirror_topic", mirrors),
            resource("confluent_cluster_link", links),
        ]
    }

    private static func resource(_ type: String, _ attributes: [JSONValue], mode: String = "managed") -> JSONValue {
        [
            "mode": .text(mode), "type": .text(type), "name": "main",
            "instances": .list(attributes.map { ["attributes": $0] }),
        ]
    }
}
