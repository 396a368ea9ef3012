import Domain
import Planning
import Testing

@testable import Commands

@Suite("The digest of a saved plan")
struct PlanDigestTests {
    private let workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "w")))

    private func plan(_ edit: (inout Plan) -> Void = { _ in }) -> Plan {
        var plan = Plan(
            toolVersion: "1", workspace: "w", ledgerID: "a1", observedAt: Timestamp(milliseconds: 1),
            observedIn: .seconds(1))
        let address = ResourceAddress(.topic, in: "west", "orders")
        plan.changes = [Change(.delete, address)]
        plan.steps = [Step("delete", address, .deleteTopic(cluster: "west", topic: "orders"), ledger: .disown)]
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
            $0.notes = [Plan.Note("something")]
        }
        #expect(digest(plan()) == digest(other))
    }

    @Test("steps, refusals, flags, manifests and the ledger are in it")
    func different() {
        var edited = workspace
        edited.spec.policy.maxDeletions = 1
        let plans = [
            plan { $0.steps = [] }, plan { $0.flags = ["--adopt-only"] }, plan { $0.ledgerID = "b2" },
            plan { $0.refusals = [Refusal(.protect, subject: "s", message: "m", wayOut: "w")] },
        ]
        let digests = plans.map { digest($0) } + [digest(plan(), of: edited), digest(plan())]
        #expect(Set(digests).count == digests.count)
    }

    @Test("differing lines are named on both sides")
    func lines() {
        let lines = PlanDigest.differences(plan(), plan { $0.changes = [] })
        #expect(lines.gone == ["delete topic/west/orders"])
        #expect(lines.new.isEmpty)
    }
}
