@testable import SimulatorCore
import Testing

@testable import SimulatedConfluent
@testable import SimulatorServer

@Suite("Procedure: schemas")
struct SchemaProcedureTests {
    @Test("schemas go out, fail over, are repaired in the other direction, and come home with the ids they had")
    func roundTrip() async throws {
        try await TwoSites.run { sites in
            try await Self.steady(sites)
            try await Self.failOver(sites)
            try await Self.repair(sites)
            try await Self.failBack(sites)
        }
    }

    private static func steady(_ sites: TwoSites) async throws {
        #expect(try await sites.west.register("orders-value", "a").status == 200)
        #expect(try await sites.west.register("orders-value", "b").status == 200)
        #expect(try await sites.east.setMode("IMPORT") == 200)
        try await sites.export("to-east", from: sites.west, to: sites.east)
        #expect(try await sites.west.exporter("to-east").state == "RUNNING")
        #expect(try await sites.west.exporter("to-east").trace == "")
        #expect(try await sites.east.schemas() == (try await sites.west.schemas()))
        let definition = try await sites.west.registry("GET", "exporters/to-east").json
        #expect(definition["config"]?["basic.auth.user.info"] == "[hidden]")
    }

    /// West registers one more that never gets out; east goes on with the same id for another schema.
    private static func failOver(_ sites: TwoSites) async throws {
        try await sites.set(sites.west, "down", vantage: "sites")
        let lost = try await sites.west.register("lost-value", "x")
        #expect(try await sites.west.registry("PUT", "exporters/to-east/pause").status == 200)
        #expect(try await sites.east.setMode("READWRITE") == 200)
        let made = try await sites.east.register("carts-value", "y")
        #expect(made.status == 200)
        #expect(made.json["id"] == lost.json["id"], "ids that were not exported are used again")
        try await sites.set(sites.west, "up")
        try await sites.wait(5_000)
        #expect(try await sites.west.exporter("to-east").state == "PAUSED", "what was paused does not start by itself")
    }

    private static func repair(_ sites: TwoSites) async throws {
        let (west, east) = (sites.west, sites.east)
        #expect(try await west.setMode("IMPORT") == 422)
        #expect(try await west.setMode("IMPORT", flags: "?force=true") == 200)
        try await sites.export("to-west", from: east, to: west)
        let collision = try await east.exporter("to-west")
        #expect(collision.state == "RUNNING")
        #expect(collision.trace?.contains("42205") == true, "\(collision)")
        // The schema nobody else knows gives way: softly, then for good.
        #expect(try await west.registry("DELETE", "subjects/lost-value?permanent=true").status == 404)
        #expect(try await west.registry("DELETE", "subjects/lost-value").status == 200)
        #expect(try await west.registry("DELETE", "subjects/lost-value?permanent=true").status == 200)
        try await sites.wait(5_000)
        #expect(try await east.exporter("to-west").trace == "")
        #expect(try await west.schemas() == (try await east.schemas()))
    }

    private static func failBack(_ sites: TwoSites) async throws {
        let (west, east) = (sites.west, sites.east)
        #expect(try await east.registry("PUT", "exporters/to-west/pause").status == 200)
        #expect(try await west.setMode("READWRITE") == 200)
        #expect(try await east.setMode("IMPORT", flags: "?force=true") == 200)
        let update = try await west.registry("PUT", "exporters/to-east/resume")
        #expect(update.status == 200)
        #expect(try await west.register("orders-value", "c").status == 200)
        try await sites.wait(5_000)
        #expect(try await west.exporter("to-east").trace == "")
        #expect(try await east.schemas() == (try await west.schemas()))
        #expect(try await east.register("other-value", "z").json["error_code"] == 42205)
    }

    @Test("a masked secret that is written back breaks the exporter, which says so in its trace")
    func maskedSecret() async throws {
        try await TwoSites.run { sites in
            #expect(try await sites.east.setMode("IMPORT") == 200)
            try await sites.export("to-east", from: sites.west, to: sites.east)
            let west = sites.west
            let shown = try await west.registry("GET", "exporters/to-east/config").json
            #expect(try await west.registry("PUT", "exporters/to-east/config", shown).status == 409)
            #expect(try await west.registry("PUT", "exporters/to-east/pause").status == 200)
            #expect(try await west.registry("PUT", "exporters/to-east/config", shown).status == 200)
            #expect(try await west.registry("PUT", "exporters/to-east/resume").status == 200)
            try await sites.wait(5_000)
            let status = try await west.exporter("to-east")
            #expect(status.state == "RUNNING")
            #expect(status.trace?.isEmpty == false)
        }
    }
}
