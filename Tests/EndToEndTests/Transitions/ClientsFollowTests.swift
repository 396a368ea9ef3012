import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Clients follow through their stores, end to end")
struct ClientsFollowTests {
    @Test("a store that fails with its region keeps only its own clients, and is written when it answers again")
    func partialReach() async throws {
        try await Stage.withPair { stage in
            var stage = stage
            let token = stage.endpoints.credentials.secret
            stage.spillway.environment["STORE_TOKEN"] = token
            let east = try await stage.store("consul", named: "consul-east", in: "us-east-1")
            let west = try await stage.store("consul", named: "consul-west", in: "us-west-2")
            let vault = try await stage.store("vault", named: "vault")
            try stage.edit(
                "manifests/clients.yaml",
                "    - file: {path: out/checkout.properties, format: Properties, contents: All}\n",
                """
                    - vault: {connection: vault, path: apps/checkout}
                    - consul: {connection: consul-east, key: apps/checkout}
                    - consul: {connection: consul-west, key: apps/checkout}
                """ + "\n")
            for (name, spec) in [
                ("vault", "vault: {endpoint: \"\(vault)\", token: {env: STORE_TOKEN}}"),
                ("consul-east", "consul: {endpoint: \"\(east)\", token: {env: STORE_TOKEN}}"),
                ("consul-west", "consul: {endpoint: \"\(west)\", token: {env: STORE_TOKEN}}"),
            ] {
                try stage.append(
                    "manifests/clients.yaml",
                    "---\napiVersion: spillway/v1\nkind: Connection\nmetadata: {name: \(name)}\nspec:\n  \(spec)\n")
            }
            try await stage.apply()
            try await stage.startApplication(
                reading: [("consul-east", "apps/checkout"), ("vault", "secret/apps/checkout")])
            try await stage.eventuallyAcknowledged(by: "checkout", on: "west")

            try await stage.set("us-west-2", "down")
            try stage.declare(FailoverTests.consent)
            try stage.setPrimary("east", from: "west")
            let plan = try await stage.spillway("plan")
            #expect(plan.output.contains("clients left"), "\(plan.output)")
            #expect(
                plan.output.contains("what reads consul consul-west: apps/checkout stays on west"), "\(plan.output)")
            let outcome = try await stage.runMove(to: "east")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            let moved = try await stage.http.consul(east, "apps/checkout", token)
            #expect(moved.contains("us-east-1"))
            #expect(
                try await stage.http.vault("GET", "\(vault)/v1/secret/data/apps/checkout", nil, token)["data"]["data"][
                    "sasl.username"
                ].string == "EASTKEY")
            try await stage.eventuallyAcknowledged(by: "checkout", on: "east")

            try await stage.set("us-west-2", "up")
            let later = try await stage.spillway("apply", "--auto-approve")
            #expect(later.code == 3, "\(later.output)\(later.diagnostics)")
            #expect(try await stage.http.consul(west, "apps/checkout", token) == moved)
            let books = try await stage.http.consul(west, "apps/checkout.spillway", token)
            #expect(try await stage.http.consul(east, "apps/checkout.spillway", token) == books)
        }
    }

    @Test(
        "what somebody edited is shown and taken back, what is gone is made again, and a saved plan is not run over it")
    func drift() async throws {
        try await Stage.with { stage in
            var stage = stage
            let token = stage.endpoints.credentials.secret
            stage.spillway.environment["STORE_TOKEN"] = token
            let url = try await stage.store("consul", named: "consul")
            try stage.edit(
                "manifests/clients.yaml", "    - file: {path: out/reporting.json, format: JSON}\n",
                "    - consul: {connection: consul, key: apps/reporting}\n")
            try stage.append(
                "manifests/clients.yaml",
                "---\napiVersion: spillway/v1\nkind: Connection\nmetadata: {name: consul}\nspec:\n"
                    + "  consul: {endpoint: \"\(url)\", token: {env: STORE_TOKEN}}\n")
            try await stage.apply()
            let good = try await stage.http.consul(url, "apps/reporting", token)
            let edited = #"{"bootstrap.servers": "elsewhere:9092", "their.own": "x"}"#
            try await stage.http.setConsul(url, "apps/reporting", edited, token)
            let drift = try await stage.spillway("drift")
            #expect(drift.code == 2 && drift.output.contains("elsewhere:9092"), "\(drift.output)")
            let saved = try await stage.spillway("plan", "--out", "plan.json")
            #expect(saved.output.contains("elsewhere:9092"), "\(saved.output)")
            try await stage.http.setConsul(
                url, "apps/reporting", edited.replacingOccurrences(of: "elsewhere", with: "nowhere"), token)
            let stale = try await stage.spillway("apply", "plan.json")
            #expect(stale.code == 5, "\(stale.output)\(stale.diagnostics)")
            try await stage.apply()
            let repaired = try await stage.http.consul(url, "apps/reporting", token)
            #expect(repaired.contains("us-west-2") && repaired.contains("their.own"))
            try await stage.http.deleteConsul(url, "apps/reporting", token)
            try await stage.apply()
            #expect(try await stage.http.consul(url, "apps/reporting", token) == good)
        }
    }
}

extension Stage {
    /// Starts an application that finds its cluster in stores of the simulator alone.
    func startApplication(reading places: [(store: String, place: String)]) async throws {
        let stores = places.map { #"{"store": "\#($0.store)", "place": "\#($0.place)"}"# }.joined(separator: ", ")
        try await http.send(
            "POST", "\(endpoints.admin)/workload",
            """
            {"clients": [{"name": "checkout", "group": "payments", "binding": {"stores": [\(stores)]},
                          "read": {"pollMs": 200}, "produce": {"topic": "payments.ledger", "perSecond": 20}}]}
            """)
    }

    /// Waits until an application's newest record was acknowledged by a cluster.
    func eventuallyAcknowledged(by client: String, on member: String) async throws {
        let id = try await overview()["clusters"].array.first { $0["display_name"].string == member }?["id"].string
        try await eventually {
            let clients = try await http.get("\(endpoints.admin)/workload")["clients"].array
            let found = clients.first { $0["name"].string == client }
            return found?["lastAckOn"].string == id ? () : nil
        }
    }
}

extension RawHTTP {
    /// A call to Vault.
    @discardableResult
    func vault(_ method: String, _ url: String, _ body: String?, _ token: String) async throws -> JSONValue {
        let text = try await text(method, url, body, headers: ["X-Vault-Token": token])
        return text.isEmpty ? .null : try JSONValue(parsing: text)
    }

    /// The value of a key of Consul.
    func consul(_ url: String, _ key: String, _ token: String) async throws -> String {
        try await text("GET", "\(url)/v1/kv/\(key)?raw", nil, headers: ["X-Consul-Token": token])
    }

    func setConsul(_ url: String, _ key: String, _ value: String, _ token: String) async throws {
        _ = try await text("PUT", "\(url)/v1/kv/\(key)", value, headers: ["X-Consul-Token": token])
    }

    func deleteConsul(_ url: String, _ key: String, _ token: String) async throws {
        _ = try await text("DELETE", "\(url)/v1/kv/\(key)?recurse", nil, headers: ["X-Consul-Token": token])
    }
}
