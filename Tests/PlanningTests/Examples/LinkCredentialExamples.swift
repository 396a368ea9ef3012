import Domain
import Planning
import Rendering
import Testing

@Suite struct LinkCredentialExamples {
    private static let secret = SecretReference.environment("LINK_west_SECRET")

    private func copying() throws -> Example {
        try Example.applied { $0.addLink("copy", from: "west", to: "east") }
    }

    private func plan(_ example: Example, secret: String) -> Plan {
        example.plan { $0.secrets.references[Self.secret] = Fingerprint(hexadecimal: secret) }
    }

    @Test("before credentials are written the ledger stops to know them; the step that writes knows them again")
    func order() throws {
        let plan = plan(try copying(), secret: "new")
        #expect(plan.stepIDs == ["link/east/copy#renew", "link/east/copy#alter"])
        guard case .own(let before)? = plan.steps.first?.ledger, case .own(let after)? = plan.steps.last?.ledger else {
            Issue.record("the ledger learns nothing")
            return
        }
        #expect(before.applied["credentials"] == "unknown")
        #expect(after.applied["credentials"]?.contains("new") == true)
    }

    @Test("after a write that failed, the credentials that were right before are written again")
    func backAgain() throws {
        var example = try copying()
        let failed = plan(example, secret: "wrong")
        example.world.learn(try #require(failed.steps.first))
        #expect(example.plan().stepIDs == ["link/east/copy#renew", "link/east/copy#alter"])
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("a link whose credentials the other side refuses is a difference, whatever the ledger says")
    func refused() throws {
        var example = try copying()
        example.change("east") {
            $0.links["copy"]?.state = .failed
            $0.links["copy"]?.error = "AUTHENTICATION_ERROR: Authentication with the remote cluster failed."
        }
        #expect(example.plan().changes.map { $0.differences.map(\.field) } == [["credentials"]])
    }

    @Test("credentials for a cluster that is silent wait for it: nothing would show that they work")
    func silent() throws {
        var example = try copying()
        example.world.silent[.cluster("west")] = .unreachable
        #expect(plan(example, secret: "new").deferred.map(\.waitsFor) == ["west, unreachable: connect timed out"])
    }

    @Test("a mirror over another link than the declared one is refused, and named")
    func otherLink() throws {
        var example = try Example.applied {
            $0.addLink("first", from: "west", to: "east") { $0.mirrorTopics = TopicSelector(include: ["pay.a"]) }
            $0.addTopic("pay.a", .cluster("west"))
            $0.addTopic("bills", .cluster("west"))
        }
        example.workspace.clusterLinks = [:]
        example.workspace.addLink("second", from: "west", to: "east") {
            $0.mirrorTopics = TopicSelector(include: ["pay.a", "bills"])
            $0.settings.linkName = "second"
        }
        let plan = example.plan()
        #expect(plan.refusals.contains { $0.message.contains("pay.a (link first)") })
        #expect(!plan.stepIDs.contains { $0.hasPrefix("mirror/") }, "what is refused has nothing done")
    }
}
