import Domain
import Execution
import Planning
import Testing

@Suite("An apply as a state machine")
struct ReconciliationTests {
    private let moment = Timestamp(milliseconds: 0)

    private func input(_ options: PlanOptions = PlanOptions()) -> PlanInput {
        let workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "w")))
        return PlanInput(
            workspace: workspace, observation: Observation(startedAt: moment),
            recorded: Recorded(ledgerID: "l"), secrets: SecretFacts(), options: options, toolVersion: "1")
    }

    private func report(_ results: [StepOutcome.Result], interrupted: Bool = false) -> RunReport {
        report(results.map { (ResourceAddress(.topic, in: "west", "t"), $0) }, interrupted: interrupted)
    }

    private func report(
        _ results: [(address: ResourceAddress, result: StepOutcome.Result)], interrupted: Bool = false
    ) -> RunReport {
        RunReport(
            runID: "r", startedAt: moment, endedAt: moment,
            outcomes: results.enumerated().map { index, outcome in
                let action = StepAction.kafka(.deleteTopic(TopicReference(cluster: "west", topic: "t")))
                return StepOutcome(
                    step: Step("\(index)", outcome.address, action), result: outcome.result, startedAt: nil,
                    endedAt: moment)
            }, wasInterrupted: interrupted)
    }

    /// The plan of a switchover of the group `shop`.
    private var moving: Plan {
        plan {
            $0.moves = [
                Plan.Move(
                    family: "shop", groups: ["shop"], kind: .switchover, from: "west", to: "east", epoch: 1,
                    evidence: "")
            ]
        }
    }

    private func plan(_ edit: (inout Plan) -> Void = { _ in }) -> Plan {
        var plan = Plan(toolVersion: "1", workspace: "w", ledgerID: nil, observedAt: moment, observedIn: .zero)
        edit(&plan)
        return plan
    }

    private func code(
        _ parts: [Reconciliation.Outcome.Part], signal: ExitCode = .interrupted
    ) -> ExitCode {
        Reconciliation.Outcome(parts: parts).exitCode(allowsDeferred: false, signal: signal)
    }

    @Test("nothing to do: observe, approve, refresh, end")
    func idle() {
        var machine = Reconciliation(PlanOptions(), protects: true)
        guard case .observe(_, .reconcile) = machine.start() else { return #expect(Bool(false)) }
        guard case .approve(let plan) = machine.handle(.observed(input())) else { return #expect(Bool(false)) }
        #expect(!plan.hasSteps)
        guard case .refresh(_, .reconcile) = machine.handle(.approved) else { return #expect(Bool(false)) }
        guard case .end(let outcome) = machine.handle(.refreshed) else { return #expect(Bool(false)) }
        #expect(outcome.exitCode(allowsDeferred: false, signal: .interrupted) == .success)
        #expect(!outcome.isTakenBack)
    }

    /// The input of a plan that creates an environment, until it is there.
    private func input(environments: [ObservedEnvironment]) -> PlanInput {
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "w")))
        workspace.connections["cloud"] = ConnectionSpec(
            metadata: Metadata(name: "cloud"),
            system: .confluentCloud(
                ConfluentCloudSpec(endpoint: "https://c", apiKey: .environment("K"), apiSecret: .environment("S"))))
        var environment = EnvironmentSpec(metadata: Metadata(name: "prod"))
        environment.connection = "cloud"
        environment.displayName = "prod"
        environment.managementPolicy = .manage
        workspace.environments["prod"] = environment
        var input = input()
        input.workspace = workspace
        input.observation.controlPlanes["cloud"] = .reachable(ControlPlaneSnapshot(environments: environments))
        return input
    }

    @Test("done is what is seen to be so: after a clean run everything is looked at once more, and nothing is changed")
    func confirmed() {
        for (seen, code) in [(input(), ExitCode.success), (input(environments: []), .incomplete)] {
            var machine = Reconciliation(PlanOptions(), protects: true)
            guard case .approve = machine.handle(.observed(input(environments: []))),
                case .run(_, .reconcile) = machine.handle(.approved),
                case .observe(_, .confirm) = machine.handle(.ran(report([.succeeded]), Recorded(ledgerID: "l")))
            else { return #expect(Bool(false)) }
            var action = machine.handle(.observed(seen))
            if case .refresh(let plan, .confirm) = action {
                #expect(!plan.hasSteps)
                action = machine.handle(.refreshed)
            }
            guard case .end(let outcome) = action else { return #expect(Bool(false)) }
            #expect(outcome.exitCode(allowsDeferred: false, signal: .interrupted) == code)
            #expect(outcome.carriedOut.count == 1 && outcome.confirmation != nil)
        }
    }

    @Test("nothing is confirmed of a run that failed")
    func notConfirmed() {
        var machine = Reconciliation(PlanOptions(), protects: true)
        guard case .approve = machine.handle(.observed(input(environments: []))),
            case .run(_, .reconcile) = machine.handle(.approved),
            case .end(let outcome) = machine.handle(
                .ran(report([.failed(StepFailure(.rejected, "no"))]), Recorded(ledgerID: "l")))
        else { return #expect(Bool(false)) }
        #expect(outcome.confirmation == nil)
    }

    @Test("what happens out of turn ends it, and does nothing")
    func outOfTurn() {
        var machine = Reconciliation(PlanOptions(), protects: true)
        guard case .end(let outcome) = machine.handle(.approved) else { return #expect(Bool(false)) }
        #expect(outcome.parts.isEmpty)
        guard case .end = machine.handle(.observed(input())) else { return #expect(Bool(false)) }
    }

    @Test("a move that is taken back tells one story: what the signal says, or that it failed")
    func takenBack() {
        let failed = StepOutcome.Result.failed(StepFailure(.rejected, "no"))
        let open = StepOutcome.Result.open(StepFailure(.interrupted, "waiting"))
        let move = ResourceAddress(.group, "shop")
        func parts(_ first: RunReport, back: RunReport?) -> [Reconciliation.Outcome.Part] {
            [
                .init(purpose: .reconcile, plan: moving, report: first),
                .init(purpose: .takeBack, plan: plan(), report: back),
            ]
        }
        let interrupted = report([(move, .succeeded), (move, open), (move, .interrupted)], interrupted: true)
        let broken = report([(move, .succeeded), (move, failed)])
        #expect(code(parts(interrupted, back: report([.succeeded]))) == .interrupted)
        #expect(code(parts(interrupted, back: report([.succeeded])), signal: .terminated) == .terminated)
        #expect(code(parts(broken, back: report([.succeeded]))) == .error)
        #expect(code(parts(broken, back: nil)) == .error)
        #expect(code(parts(broken, back: report([.succeeded, failed]))) == .partial)
        #expect(!Reconciliation.Outcome(parts: parts(broken, back: report([failed]))).isTakenBack)
    }

    @Test("exit 1 says that nothing was changed: what a move that is taken back had nothing to do with stays")
    func takenBackBesides() {
        let failed = StepOutcome.Result.failed(StepFailure(.rejected, "no"))
        func code(_ address: ResourceAddress, _ result: StepOutcome.Result) -> ExitCode {
            self.code([
                .init(
                    purpose: .reconcile, plan: moving,
                    report: report([(address, result), (ResourceAddress(.group, "shop"), failed)])),
                .init(purpose: .takeBack, plan: plan(), report: report([.succeeded])),
            ])
        }
        let topic = ResourceAddress(.topic, in: "west", "other")
        #expect(code(topic, .succeeded) == .partial)
        #expect(code(topic, .skipped(because: stepID("0"))) == .error)
        #expect(code(topic, .failed(StepFailure(.rejected, "no", effect: .unknown))) == .partial)
        #expect(code(ResourceAddress(.group, "other"), .succeeded) == .partial)
        #expect(code(ResourceAddress(.group, "shop"), .succeeded) == .error)
        #expect(code(ResourceAddress(.fence, in: "west", "shop/lift"), .succeeded) == .error)
    }

    @Test("a move is not taken back where it did something at a place that is not seen any more")
    func takenBackUnseen() {
        let shop = ResourceAddress(.group, "shop")
        let setting = RegistryModeSetting(environment: "prod", context: .standard, mode: .readOnly, force: false)
        func outcome(_ result: StepOutcome.Result, unseen name: String) -> Reconciliation.Outcome {
            let step = Step("0", shop, .registry(.setRegistryMode(setting)))
            let first = RunReport(
                runID: "r", startedAt: moment, endedAt: moment,
                outcomes: [StepOutcome(step: step, result: result, startedAt: nil, endedAt: moment)],
                wasInterrupted: false)
            let back = plan { $0.sites = [Plan.Site(kind: .registry, name: name, silence: "silent")] }
            return Reconciliation.Outcome(parts: [
                .init(purpose: .reconcile, plan: moving, report: first),
                .init(purpose: .takeBack, plan: back, report: report([.succeeded])),
            ])
        }
        #expect(!outcome(.succeeded, unseen: "prod").isTakenBack)
        #expect(code(outcome(.succeeded, unseen: "prod").parts) == .incomplete)
        #expect(!outcome(.failed(StepFailure(.unreachable, "no")), unseen: "prod").isTakenBack)
        #expect(outcome(.failed(StepFailure(.rejected, "no")), unseen: "prod").isTakenBack)
        #expect(outcome(.succeeded, unseen: "other").isTakenBack)
    }

    @Test("what follows a move and is not approved at the prompt is work that is left, and nothing was refused")
    func declined() {
        let follows = plan { $0.steps = [step("0")] }
        let made = Reconciliation.Outcome.Part(purpose: .reconcile, plan: plan(), report: report([.succeeded]))
        let left = Reconciliation.Outcome.Part(purpose: .protect, plan: follows, report: nil, isDeclined: true)
        #expect(!left.isDone)
        #expect(code([made, left]) == .incomplete)
        #expect(code([made]) == .success)
    }

    @Test("a move that cannot be taken back now is not said to be")
    func notTakenBack() {
        let refused = plan { $0.refusals = [Refusal(.protect, subject: "a", .told("m", way: "w"))] }
        let outcome = Reconciliation.Outcome(parts: [
            .init(purpose: .reconcile, plan: plan(), report: report([.succeeded])),
            .init(purpose: .takeBack, plan: refused, report: nil),
        ])
        #expect(!outcome.isTakenBack)
        #expect(outcome.exitCode(allowsDeferred: false, signal: .interrupted) == .refused)
    }
}
