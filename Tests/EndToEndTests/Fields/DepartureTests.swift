import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("What becomes of objects that leave the manifests, by their fields")
struct DepartureTests {
    /// Of each kind one that is to be deleted, one whose field was changed to Retain, one whose field was removed.
    private static let fates = ["gone", "changed", "removed"]

    private static func documents(_ stage: Stage, policies: [String: JSONValue?]) -> [JSONValue] {
        fates.enumerated().flatMap { number, fate -> [JSONValue] in
            let environment = "lab-\(fate)"
            let site: [JSONValue] = [
                Documents.of("Environment", environment, ["connection": "c", "managementPolicy": "Manage"]),
                Documents.of(
                    "Cluster", environment,
                    [
                        "environment": .text(environment), "managementPolicy": "Manage", "type": "Basic",
                        "cloud": "AWS",
                        "region": "us-south-1", "availability": "SINGLE_ZONE", "credentials": Sites.pair,
                    ]),
            ]
            let objects: [JSONValue] = [
                Documents.of("Topic", "topic-\(fate)", ["cluster": "west", "partitions": 1]),
                Documents.of(
                    "ClusterLink", "link-\(fate)",
                    ["source": "west", "destination": "east", "prefix": .text("p\(number).")]),
                Documents.of(
                    "SchemaLink", "schemas-\(fate)",
                    [
                        "source": "env-w", "destination": "env-e", "subjects": [.text("\(fate)*")],
                        "contextType": "CUSTOM", "context": .text(fate),
                    ]),
            ]
            let policy = policies[fate] ?? nil
            return (site + objects).map { $0.with(policy, at: ["spec", "deletionPolicy"]) }
        }
    }

    private static func write(_ documents: [JSONValue], on stage: Stage) throws {
        try Documents(Sites.documents(stage, of: ["west", "east"]) + documents).manifests.write(
            to: stage.folder.appendingPathComponent("manifests/fields.yaml"), atomically: true, encoding: .utf8)
    }

    private static func left(_ prefix: String, _ key: String, in path: String, on stage: Stage) async throws
        -> JSONValue
    {
        let names = try await stage.names(key, in: path, on: path == "topics" ? "west" : "east").array
        return .list(names.filter { $0.string?.hasPrefix(prefix) == true })
    }

    @Test("deletionPolicy Delete deletes what leaves; when it was changed or removed before, what leaves stays")
    func deletionPolicies() async throws {
        try await Stage.withSites { stage in
            try stage.edit(
                "spillway.yaml", "policy: {minReplicationFactor: 3, minInSyncReplicas: 2}", "policy: {maxDeletions: 9}")
            let all: [String: JSONValue?] = ["gone": "Delete", "changed": "Delete", "removed": "Delete"]
            try Self.write(Self.documents(stage, policies: all), on: stage)
            try await stage.apply()
            try Self.write(Self.documents(stage, policies: ["gone": "Delete", "changed": "Retain"]), on: stage)
            try await stage.apply()
            try Self.write([], on: stage)
            try await stage.apply()
            #expect(
                try await Self.left("topic-", "topic_name", in: "topics", on: stage) == [
                    "topic-changed", "topic-removed",
                ])
            #expect(
                try await Self.left("link-", "link_name", in: "links", on: stage) == ["link-changed", "link-removed"])
            let exporters = try await stage.registered("exporters", at: "west")
            #expect(exporters == ["schemas-changed", "schemas-removed"])
            let environments = try await stage.environments.compactMap { $0["display_name"].string }
            #expect(environments.filter { $0.hasPrefix("lab-") }.sorted() == ["lab-changed", "lab-removed"])
            let clusters = try await stage.cloudClusters.compactMap { $0["display_name"].string }
            #expect(clusters.filter { $0.hasPrefix("lab-") }.sorted() == ["lab-changed", "lab-removed"])
        }
    }

    @Test(
        "protect stands against a deletion until it is changed or removed, by a plan that shows it",
        arguments: [false, nil])
    func protect(lifted: Bool?) async throws {
        try await Stage.withSites { stage in
            try stage.edit(
                "spillway.yaml", "policy: {minReplicationFactor: 3, minInSyncReplicas: 2}", "policy: {maxDeletions: 9}")
            let topic = Documents.of("Topic", "kept", ["cluster": "west", "partitions": 1, "deletionPolicy": "Delete"])
            try Self.write([topic.with(true, at: ["metadata", "protect"])], on: stage)
            try await stage.apply()
            try Self.write([], on: stage)
            let refused = try await stage.spillway("apply", "--auto-approve", "--output", "json")
            #expect(refused.code == 4, "\(refused.output)\(refused.diagnostics)")
            let plan = try await stage.spillway("plan", "--output", "json")
            let gates = try JSONValue(parsing: plan.output)["refusals"].array.compactMap { $0["gate"].string }
            #expect(gates == ["Protect"], "\(plan.output)")
            #expect(try await stage.live("topics/kept", on: "west")["topic_name"] == "kept")
            try Self.write([topic.with(lifted.map { .bool($0) }, at: ["metadata", "protect"])], on: stage)
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 2)
            try await stage.apply()
            try Self.write([], on: stage)
            try await stage.apply()
            #expect(try await stage.live("topics/kept", on: "west") == .null)
        }
    }
}

extension Stage {
    /// Runs a test on a stage without manifests, beside sites that exist.
    static func withSites(
        _ topics: [String: [String]] = [:], _ body: @escaping @Sendable (Stage) async throws -> Void
    ) async throws {
        try await with { stage in
            for file in try FileManager.default.contentsOfDirectory(atPath: stage.folder.path + "/manifests") {
                try FileManager.default.removeItem(at: stage.folder.appendingPathComponent("manifests/\(file)"))
            }
            let estate = String(decoding: try JSONEncoder().encode(Sites.estate(topics: topics)), as: UTF8.self)
            try await stage.http.send("POST", "\(stage.endpoints.admin)/estate", estate)
            try await body(stage)
        }
    }
}
