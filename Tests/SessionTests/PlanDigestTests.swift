import Domain
import Planning
import Testing

@testable import Session

@Suite("The digest of a saved plan")
struct PlanDigestTests {
    private let workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "w")))

    private func plan(_ edit: (inout Plan) -> Void = { _ in }) -> Plan {
        var plan = Plan(
            toolVersion: "1", workspace: "w", ledgerID: "a1", observedAt: Timestamp(milliseconds: 1),
            observedIn: .seconds(1))
        let address = ResourceAddress(.topic, in: "west", "orders")
        plan.changes = [Change(.delete, address)]
        plan.steps = [
            Step(
                "delete", address, .kafka(.deleteTopic(TopicReference(cluster: "west", topic: "orders"))),
                ledger: .disown)
        ]
        edit(&plan)
        return plan
    }

    private func digest(_ plan: Plan, of workspace: Workspace? = nil) -> String {
        PlanDigest.compute(plan, of: workspace ?? self.workspace, isFirst: false)
    }

    @Test("times, notes and the wording of what is waited for are left out")
    func indifferent() {
        let other = plan {
            $0.observedAt = Timestamp(milliseconds: 99)
            $0.observedInMilliseconds = 7
            $0.notes = [Plan.Note(.told("something"))]
        }
        #expect(digest(plan()) == digest(other))
    }

    @Test("in which files the manifests are is left out")
    func files() {
        var moved = workspace
        moved.spec.manifests = ["b", "a"]
        moved.spec.bases = ["../base"]
        moved.spec.patches = ["p.yaml"]
        #expect(digest(plan(), of: moved) == digest(plan()))
    }

    @Test("steps, refusals, flags, manifests and the ledger are in it")
    func different() {
        var edited = workspace
        edited.spec.policy.maxDeletions = 1
        let plans = [
            plan { $0.steps = [] }, plan { $0.flags = ["--adopt-only"] }, plan { $0.ledgerID = "b2" },
            plan { $0.refusals = [Refusal(.protect, subject: "s", .told("m", way: "w"))] },
        ]
        let digests = plans.map { digest($0) } + [digest(plan(), of: edited), digest(plan())]
        #expect(Set(digests).count == digests.count)
    }

    @Test("what the stores held is in it; before there is a ledger, secrets only as far as they are there")
    func stores() {
        let address = ResourceAddress(.binding, "checkout/0")
        func holding(_ fields: [String: String]) -> Plan { plan { $0.stores = [Plan.Store(address, fields)] } }
        let seen = holding(["properties.acks": "all", "secrets.password": "aa", "epoch": "0"])
        let others = [
            holding(["properties.acks": "1", "secrets.password": "aa", "epoch": "0"]),
            holding(["properties.acks": "all", "secrets.password": "aa", "epoch": "1"]),
            holding(["properties.acks": "all", "secrets.password": "bb", "epoch": "0"]),
        ]
        for other in others { #expect(digest(other) != digest(seen)) }
        func first(_ plan: Plan) -> String { PlanDigest.compute(plan, of: workspace, isFirst: true) }
        #expect(first(others[2]) == first(seen))
        #expect(first(holding(["properties.acks": "all", "epoch": "0"])) != first(seen))

        func edits(_ now: Plan, resumes: Bool = false) -> [String] {
            PlanDigest.edits(seen, now, isFirst: false, resumes: resumes)
        }
        #expect(edits(others[0]) == ["binding/checkout/0 acks: all when planned, 1 now"])
        #expect(edits(others[1]) == ["binding/checkout/0 spillway.epoch: 0 when planned, 1 now"])
        #expect(edits(others[1], resumes: true).isEmpty)
        #expect(edits(others[2]) == ["binding/checkout/0 password: another secret"])
    }

    @Test("differing lines are named on both sides")
    func lines() {
        let lines = PlanDigest.differences(plan(), plan { $0.changes = [] })
        #expect(lines.gone == ["delete topic/west/orders"])
        #expect(lines.new.isEmpty)
    }
}
