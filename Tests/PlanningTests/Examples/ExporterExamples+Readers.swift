import Domain
import Planning
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
