@testable import SimulatorCore
import Testing

@testable import SimulatorServer

/// A step out of turn that the real services refuse, with what they answer.
struct Shortcut: Sendable, CustomTestStringConvertible {
    /// The world it is tried in.
    enum Scene: Sendable {
        /// Two sites that know nothing of each other.
        case apart
        /// A link into east, no mirrors.
        case linked
        /// A link into east with a live mirror of `orders`.
        case mirrored
        /// Both halves of a bidirectional link, with a live mirror on east.
        case paired
        /// As paired, after a failover to east.
        case failedOver
        /// A schema on west, registered.
        case registered
        /// A schema on west and an exporter that copied it to east.
        case exported
    }

    var name: String
    var scene: Scene
    /// Status and error code; of the first item, when an action answered 200.
    var answer: [Int]
    var attempt: @Sendable (TwoSites) async throws -> Answer

    init(
        _ name: String, in scene: Scene, is answer: [Int],
        _ attempt: @escaping @Sendable (TwoSites) async throws -> Answer
    ) {
        self.name = name
        self.scene = scene
        self.answer = answer
        self.attempt = attempt
    }

    var testDescription: String { name }

    func prepare(_ sites: TwoSites) async throws {
        switch scene {
        case .apart: break
        case .linked: try await sites.link(sites.east, from: sites.west)
        case .mirrored:
            try await sites.link(sites.east, from: sites.west)
            try await sites.mirror(on: sites.east)
        case .paired, .failedOver:
            try await sites.pair()
            try await sites.mirror(on: sites.east)
            guard scene == .failedOver else { return }
            _ = try await sites.east.act("failover", "orders")
            try await sites.wait(1_000)
        case .registered:
            #expect(try await sites.west.register("orders-value", "a").status == 200)
        case .exported:
            #expect(try await sites.west.register("orders-value", "a").status == 200)
            #expect(try await sites.east.setMode("IMPORT") == 200)
            try await sites.export("to-east", from: sites.west, to: sites.east)
        }
    }
}

extension Answer {
    /// Status and error code, of the first item when there are items.
    var refusal: [Int] {
        let item = json["data"]?.array?.first
        return [status, Int((item ?? json)["error_code"]?.int ?? 0)]
    }
}

@Suite("Shortcuts are refused")
struct ShortcutTests {
    @Test("on topics and mirrors", arguments: Shortcut.ofMirrors)
    func mirrors(_ shortcut: Shortcut) async throws {
        try await expectRefused(shortcut)
    }

    @Test("on links", arguments: Shortcut.ofLinks)
    func links(_ shortcut: Shortcut) async throws {
        try await expectRefused(shortcut)
    }

    @Test("on schemas and exporters", arguments: Shortcut.ofSchemas)
    func schemas(_ shortcut: Shortcut) async throws {
        try await expectRefused(shortcut)
    }

    /// The answer is the documented one, and nothing changed but what the set-up of the attempt did.
    private func expectRefused(_ shortcut: Shortcut) async throws {
        try await TwoSites.run { sites in
            try await shortcut.prepare(sites)
            let answer = try await shortcut.attempt(sites)
            #expect(answer.refusal == shortcut.answer, "\(answer.text)")
        }
    }

    @Test("halves with different names never pair: tasks say so, offsets stay, and nothing can be reversed")
    func unpaired() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            let configs = TwoSites.offsetSync.merging(["link.mode": "BIDIRECTIONAL"]) { $1 }
            let inward = east.linkBody(role: "remote_cluster_id", remote: west, configs)
            let outward = west.linkBody(role: "remote_cluster_id", remote: east, configs)
            try await east.expect(201, "POST", "links?link_name=dr", inward)
            try await west.expect(201, "POST", "links?link_name=rd", outward)
            try await sites.wait(1_000)
            try await sites.mirror(on: east)
            try await west.consume("app", at: 5)
            try await sites.wait(120_000)
            #expect(try await east.committed("app") == nil)
            let link = try await east.expect(200, "GET", "links/dr?include_tasks=true")
            #expect(link["link_state"] == "ACTIVE")
            let codes = (link["tasks"]?.array ?? []).flatMap { $0["errors"]?.array ?? [] }.map { $0["error_code"] }
            #expect(codes.contains("REMOTE_LINK_NOT_FOUND_ERROR"))
            #expect(try await east.act("reverse-and-start-mirror", "orders") == [400])
        }
    }

    @Test("a forced link deletion skips the last sync and leaves an ordinary topic")
    func forcedDeletion() async throws {
        try await TwoSites.run { sites in
            try await sites.link(sites.east, from: sites.west, TwoSites.offsetSync)
            try await sites.mirror(on: sites.east)
            try await sites.west.consume("app", at: 5)
            try await sites.east.expect(204, "DELETE", "links/dr?force=true")
            try await sites.east.expect(404, "POST", "links/dr/mirrors", ["source_topic_name": "other"])
            try await sites.wait(60_000)
            #expect(try await sites.east.produce().status == 200)
            #expect(try await sites.east.committed("app") == nil)
            #expect(try await sites.east.expect(200, "GET", "links/-/mirrors")["data"] == [])
        }
    }
}
