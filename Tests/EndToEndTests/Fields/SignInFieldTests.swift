import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Fields by which Spillway, links and exporters sign in")
struct SignInFieldTests {
    private static func key(_ name: String) -> JSONValue {
        ["apiKey": ["env": .text(name)], "apiSecret": ["env": .text("\(name)_SECRET")]]
    }

    /// A link and an exporter, with credentials of their own at the cluster they read and the registry they write to.
    private static func documents(_ stage: Stage, link: JSONValue?, exporter: JSONValue?) throws -> Documents {
        var documents = Documents(
            Sites.documents(stage, of: ["west", "east"]) + [
                Documents.of(
                    "ClusterLink", "copy",
                    ["source": "west", "destination": "east", "mirrorTopics": ["include": ["a"]]]),
                Documents.of(
                    "SchemaLink", "copy", ["source": "env-w", "destination": "env-e", "subjects": ["a*"]]),
            ])
        try documents.write(link, to: "spec.linkCredentials", of: "Cluster/west")
        try documents.write(exporter, to: "spec.schemaRegistry.linkCredentials", of: "Environment/env-e")
        return documents
    }

    private static func write(_ documents: Documents, on stage: Stage) throws {
        try documents.manifests.write(
            to: stage.folder.appendingPathComponent("manifests/fields.yaml"), atomically: true, encoding: .utf8)
    }

    @Test("a link and an exporter sign in by what is declared, by the changed key once it is changed, and need one")
    func linkCredentials() async throws {
        try await Stage.withSites(["west": ["a"]]) { stage in
            var stage = stage
            var ids: [String: String] = [:]
            let account = try await stage.http.send(
                "POST", "\(stage.endpoints.controlPlane)/iam/v2/service-accounts", #"{"display_name": "links"}"#)
            let owner = try #require(account["id"].string)
            for (name, resource) in [("ONE", "lkc-w"), ("TWO", "lkc-w"), ("R_ONE", "lsrc-e"), ("R_TWO", "lsrc-e")] {
                let made = try await stage.http.send(
                    "POST", "\(stage.endpoints.controlPlane)/iam/v2/api-keys",
                    #"{"spec": {"owner": {"id": "\#(owner)"}, "resource": {"id": "\#(resource)"}}}"#)
                ids[name] = made["id"].string
                stage.spillway.environment[name] = made["id"].string
                stage.spillway.environment["\(name)_SECRET"] = made["spec"]["secret"].string
            }
            func isCopying() async throws -> Bool {
                let link = try await stage.live("links/copy", on: "east")["link_state"].string
                let exporter = try await stage.registered("exporters/copy/status", at: "west")
                return link == "ACTIVE" && exporter["state"].string == "RUNNING" && exporter["trace"].string ?? "" == ""
            }
            try Self.write(try Self.documents(stage, link: Self.key("ONE"), exporter: Self.key("R_ONE")), on: stage)
            try await stage.apply()
            #expect(try await isCopying())
            try Self.write(try Self.documents(stage, link: Self.key("TWO"), exporter: Self.key("R_TWO")), on: stage)
            try await stage.apply()
            for key in [ids["ONE"], ids["R_ONE"]].compactMap(\.self) {
                try await stage.http.send("DELETE", "\(stage.endpoints.controlPlane)/iam/v2/api-keys/\(key)", nil)
            }
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/produce", #"{"cluster": "lkc-w", "topic": "a", "count": 3}"#)
            #expect(try await isCopying(), "what signs in is the changed key")
            try Self.write(try Self.documents(stage, link: nil, exporter: nil), on: stage)
            let refused = try await stage.spillway("validate", "--output", "json")
            let codes = try JSONValue(parsing: refused.output).array.compactMap { $0["code"].string }
            #expect(refused.code == 1 && codes.contains("link-credentials-missing"), "\(refused.output)")
        }
    }

    @Test("the control plane and registries are asked with what is declared; other secrets are the operator's error")
    func ownCredentials() async throws {
        try await Stage.withSites { stage in
            var stage = stage
            stage.spillway.environment["WRONG"] = "wrong-secret"
            let documents = Documents(Sites.documents(stage, of: ["west", "east"]))
            func plan(_ value: JSONValue?, at path: String, of document: String) async throws -> Spillway.Outcome {
                var documents = documents
                try documents.write(value, to: path, of: document)
                try Self.write(documents, on: stage)
                return try await stage.spillway("plan", "--detailed-exitcode")
            }
            let whole = try await plan("c", at: "spec.connection", of: "Environment/env-w")
            #expect(whole.code == 0, "\(whole.output)\(whole.diagnostics)")
            for field in ["apiKey", "apiSecret"] {
                let path = "spec.confluentCloud.\(field)"
                let wrong = try await plan(["env": "WRONG"], at: path, of: "Connection/c")
                #expect(wrong.code == 1 && wrong.output.contains("c "), "\(field): \(wrong.output)\(wrong.diagnostics)")
                let none = try await plan(nil, at: path, of: "Connection/c")
                #expect(none.code == 1 && none.diagnostics.contains("[missing-field]"), "\(none.diagnostics)")
            }
            let organization = try await plan("another", at: "spec.confluentCloud.organization", of: "Connection/c")
            #expect(organization.code == 4, "\(organization.output)\(organization.diagnostics)")
            let elsewhere = try await plan("http://127.0.0.1:1", at: "spec.confluentCloud.endpoint", of: "Connection/c")
            #expect(elsewhere.code == 3 || elsewhere.code == 1, "\(elsewhere.output)\(elsewhere.diagnostics)")
            #expect((elsewhere.output + elsewhere.diagnostics).contains("127.0.0.1:1"), "\(elsewhere.output)")
            let registry = "spec.schemaRegistry.credentials"
            let wrong = try await plan(["env": "WRONG"], at: "\(registry).apiSecret", of: "Environment/env-w")
            #expect(wrong.code == 1, "\(wrong.output)\(wrong.diagnostics)")
            let unmanaged = try await plan(nil, at: registry, of: "Environment/env-w")
            #expect(unmanaged.code == 0 && unmanaged.output.contains("not managed"), "\(unmanaged.output)")
        }
    }

    @Test(
        "an endpoint of another cluster and an id that nobody has are the operator's error, known or not",
        arguments: [false, true])
    func misidentified(isKnown: Bool) async throws {
        try await Stage.withSites { stage in
            let documents = Documents(
                Sites.documents(stage, of: ["west", "east"]) + [
                    Documents.of(
                        "Topic", "t",
                        [
                            "cluster": "west", "partitions": 1, "replicationFactor": 3,
                            "configs": ["min.insync.replicas": 2],
                        ])
                ])
            if isKnown {
                try Self.write(documents, on: stage)
                try await stage.apply()
            }
            let clusters = try await stage.overview()["clusters"].array
            let east = try #require(clusters.first { $0["display_name"].string == "east" }?["rest"].string)
            for (path, value) in [("spec.restEndpoint", "\(east)/kafka"), ("spec.id", "lkc-none")] {
                var wrong = documents
                try wrong.write(.text(value), to: path, of: "Cluster/west")
                try Self.write(wrong, on: stage)
                for arguments in [["plan"], ["plan", "--detailed-exitcode"], ["apply", "--auto-approve"]] {
                    let outcome = try await stage.spillway.start(arguments).outcome()
                    let told = "\(path), \(arguments): \(outcome.output)\(outcome.diagnostics)"
                    #expect(outcome.code == 1, "\(told)")
                    #expect(outcome.output.contains("it does not pass by itself"), "\(told)")
                    #expect(!outcome.output.contains("runs by itself"), "\(told)")
                }
            }
            #expect(try await stage.names("topic_name", in: "topics", on: "east") == [])
        }
    }
}
