import Domain
import Planning
import Rendering
import Testing

/// Consumer groups that keep a copy from going, and promotions by hand.
extension ExporterExamples {
    @Test("consumer groups that keep copies from being truncated are named, and nothing is tried")
    func readers() throws {
        var example = try Example.applied(
            Self.shop {
                $0.reprotect = .restore
                $0.link.mode = .bidirectional
            })
        example.world.replicate(example.workspace)
        try Self.loseWest(&example)
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        try example.apply()
        Self.returnWest(&example)
        example.edit { $0.failover = nil }
        try example.apply()
        let token = try #require(example.plan().decisions.first?.token)
        example.edit { $0.discard = [token] }
        let probe = Probe.readers(cluster: "west", topics: ["shop.orders"])
        let held = example.plan { $0.answers[probe] = .readers(["nightly-report"]) }
        #expect(held.deferred.contains { $0.waitsFor.contains("nightly-report") }, "\(held.deferred)")
        #expect(!held.effects.contains { $0.hasPrefix("replace") })
    }

    @Test("consumer groups that keep a copy half truncated are named too")
    func readersOfHalfRestored() throws {
        var example = try Example.applied(Self.shop())
        example.world.replicate(example.workspace)
        example.change("east") { $0.mirrors[0].status = .pendingRestore }
        let probe = Probe.readers(cluster: "east", topics: ["shop.orders"])
        let held = example.plan { $0.answers[probe] = .readers(["nightly-report"]) }
        #expect(held.deferred.contains { $0.waitsFor.contains("nightly-report") }, "\(held.deferred)")
        #expect(!example.plan().deferred.contains { $0.waitsFor.contains("consumer") })
    }

    @Test(
        "a mirror that somebody promotes by hand is named with its way out; one that does not fetch yet is waited for")
    func pendingMirrors() throws {
        var example = try Example.applied(Self.shop())
        example.change("east") { $0.mirrors[0].status = .pendingStopped }
        #expect(
            example.plan().refusals.contains {
                $0.message.contains("PENDING_STOPPED") && $0.message.contains("shop.orders")
            })
        example.change("east") { $0.mirrors[0].status = .pendingMirror }
        #expect(example.plan().stepIDs == ["mirror/east/shop.orders#await"])
    }
}

/// What a move left, once the ledger that knew of the move is gone.
extension ExporterExamples {
    /// West was lost and is back, east serves, and the ledger is another one than that of the failover.
    ///
    /// - Parameter late: A schema that only the registry of west holds.
    private static func returnedWithoutLedger(_ late: SchemaVersionID? = nil) throws -> Example {
        var example = try Example.applied { workspace in
            shop()(&workspace)
            workspace.addBinding("checkout", .failoverGroup("shop")) {
                $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
            }
        }
        example.world.replicate(example.workspace)
        if let late { try register(late, at: "env-west", in: &example) }
        try loseWest(&example)
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        try example.apply()
        returnWest(&example)
        example.edit { $0.failover = nil }
        try example.apply()
        example.world.ledger = Recorded(ledgerID: "ledger-2")
        return example
    }

    @Test("without the ledger of the move, a schema that only the lost side has goes under the consent that names it")
    func lostSchemasWithoutLedger() throws {
        var example = try Self.returnedWithoutLedger(SchemaVersionID(subject: "late-value", version: 1, id: 7))
        let asked = try #require(example.plan().decisions.first)
        #expect(asked.cost.contains("late-value version 1 (id 7)"), "\(asked.cost)")
        example.edit { $0.discard = asked.token.map { [$0] } ?? [] }
        #expect(example.plan().lines.contains { $0.contains("delete group/shop/schemas-env-west") })
        for _ in 0..<2 { try example.apply() }
        #expect(try Self.schemas(at: "env-west", in: example) == [])
        #expect(example.plan().isEmpty)
    }

    @Test("the fence of a move whose ledger is lost is taken down once its copies are mirrors, as a line of the plan")
    func fenceWithoutLedger() throws {
        var example = try Self.returnedWithoutLedger()
        #expect(example.world.cluster("west", example.workspace)?.denials.isEmpty == false)
        let token = try #require(example.plan().decisions.first?.token)
        example.edit { $0.discard = [token] }
        let lifted = try #require(example.plan().changes.first { $0.address.description == "fence/west/shop/lift" })
        #expect(lifted.reason == .unfence(member: "west", isInherited: true))
        for _ in 0..<2 { try example.apply() }
        #expect(example.world.cluster("west", example.workspace)?.denials == [])
        #expect(example.plan().isEmpty)
    }
}
