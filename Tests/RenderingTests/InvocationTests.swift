import Domain
import Planning
import Rendering
import Testing

/// Commands that are printed mean the workspace and the state that the caller meant.
@Suite struct InvocationTests {
    private static let elsewhere = Invocation(file: "my clusters/prod", state: .store("etcd:main/spillway"))
    private static let options = "-f 'my clusters/prod' --state etcd:main/spillway"
    private static let terminal = Terminal(usesColor: false, invocation: elsewhere)

    @Test("what was typed is typed again, in quotes where a shell needs them")
    func options() {
        #expect(Invocation.bare.command("plan") == "spillway plan")
        #expect(Invocation(file: "prod").command("state forget", ["x"]) == "spillway state forget x -f prod")
        #expect(Self.elsewhere.command("apply", ["--a"]) == "spillway apply --a \(Self.options)")
        #expect(Invocation(file: "it's").command("plan") == #"spillway plan -f 'it'\''s'"#)
    }

    @Test("a copy of the state is named to commands that read, not to those that write")
    func copies() {
        let invocation = Invocation(state: .copy("snapshot.json"))
        #expect(invocation.command("plan") == "spillway plan --state snapshot.json")
        #expect(invocation.command("apply") == "spillway apply")
    }

    @Test(
        "a way out that ends with a command is told as the caller types it, and kept in the document as it is",
        arguments: AdvisedCommand.Verb.allCases)
    func waysOut(verb: AdvisedCommand.Verb) {
        let command = AdvisedCommand(verb, Samples.topic("orders"))
        let plan = Samples.plan { plan in
            plan.refusals = [
                Refusal(.links, subject: "x", .told("it is a mirror now", way: "look, then: \(command)"))
            ]
        }
        let typed = "look, then: spillway \(verb.rawValue) topic/west/orders \(Self.options)"
        #expect(PlanText(terminal: Self.terminal).render(plan).contains("way out  \(typed)"))
        #expect(PlanText().render(plan).contains("way out  look, then: spillway \(verb.rawValue) topic/west/orders"))
        #expect(PlanMarkdown.render(plan, for: Self.elsewhere).contains("my clusters/prod"))
        #expect(!PlanDocument.encode(plan).contains("my clusters"))
    }

    @Test("of two ways, each command is told as the caller types it")
    func twoWays() {
        let orders = Samples.topic("orders")
        let way = "accept it: \(AdvisedCommand(.adoptEpoch, orders)); or: \(AdvisedCommand(.forget, orders))"
        let plan = Samples.plan { plan in
            plan.refusals = [Refusal(.links, subject: "x", .told("it is a mirror now", way: way))]
        }
        let text = PlanMarkdown.render(plan, for: Invocation(file: "prod"))
        #expect(
            text.contains(
                "state adopt-epoch topic/west/orders -f prod; or: spillway state forget topic/west/orders -f prod"))
    }

    @Test("what a plan, a report and a status say comes next carries it")
    func next() {
        var plan = Samples.plan { plan in
            var group = Plan.GroupState(
                name: "payments", primary: "west", members: ["west", "east"], topics: 1, isProtected: false, told: [])
            group.lastKnown = .init(
                protectedUntil: nil, lastSeen: nil, succession: .init(family: "payments", from: "west", to: "east"))
            plan.groups = [group]
        }
        let confirmed = "spillway apply --confirm-primary payments=east \(Self.options)"
        #expect(
            PlanText(terminal: Self.terminal).render(plan)
                .contains("then: spillway plan \(Self.options), and: \(confirmed)"))
        #expect(
            UnfinishedText.render(plan, terminal: Self.terminal).contains(
                "Next: spillway status \(Self.options), until nothing is missing; then: spillway apply \(Self.options)")
        )
        plan.groups[0].stuck = ["payments.audit": .failed]
        let stuck = UnfinishedText.render(plan, terminal: Self.terminal)
        #expect(stuck.contains("its mirror of payments.audit on west is FAILED: no apply brings it so"))
        #expect(stuck.contains("Next: mend by hand the mirrors that are said above; then: spillway apply"))
        let report = StatusReport(
            workspace: "payments", observedAt: Samples.moment, sites: [],
            groups: [.init(plan.groups[0], members: [], lag: nil, exporters: [])], bindings: [], ledger: "here",
            ledgerID: nil, lastRun: .init(id: "r", startedAt: Samples.moment, exitCode: nil))
        let status = StatusText.render(report, terminal: Self.terminal)
        #expect(status.contains("Next: spillway apply \(Self.options)\n"))
        #expect(status.contains("who holds its data is not clear: spillway plan \(Self.options) says why"))
        #expect(!StatusText.json(report).contains("my clusters"))
        plan.refusals = Samples.refused.refusals
        #expect(
            UnfinishedText.render(plan, terminal: Self.terminal).contains("Next: spillway plan \(Self.options), which"))
        let failed = ReportText(terminal: Self.terminal).render(RunSamples.report, of: RunSamples.plan)
        #expect(failed.contains("then run spillway apply \(Self.options) again"))
    }

    @Test("no command is printed without it")
    func everyCommand() {
        let plans = [
            Samples.refused, Samples.mixed, MoveSamples.switchover, MoveSamples.failover, MoveSamples.returning,
        ]
        for plan in plans {
            let text =
                PlanText(terminal: Self.terminal).render(plan)
                + UnfinishedText.next(after: plan, terminal: Self.terminal)
                + UnfinishedText.next(afterTakingBack: plan, terminal: Self.terminal)
                + ReportText(terminal: Self.terminal).render(RunSamples.report, of: plan)
            for command in text.matches(of: /spillway (?:plan|apply|status|runs show|state \S+)(.*)/) {
                #expect(command.output.1.contains(" \(Self.options)"), "\(command.output.0)")
            }
        }
    }
}
