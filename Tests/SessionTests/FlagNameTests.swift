import Domain
import Execution
import Planning
import Testing

@testable import Session

@Suite("Names that flags give")
struct FlagNameTests {
    private static var workspace: Workspace {
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "shop")))
        for name in ["west", "east"] {
            workspace.clusters[name] = ClusterSpec(metadata: Metadata(name: name), type: .dedicated)
        }
        var group = FailoverGroupSpec(
            metadata: Metadata(name: "payments", labels: ["team": "pay"]),
            placement: .declared(primary: "west", members: ["west", "east"]))
        group.topics = TopicSelector(include: ["payments.*"])
        workspace.failoverGroups["payments"] = group
        return workspace
    }

    private static var observation: Observation {
        var observation = Observation(startedAt: Timestamp(milliseconds: 0))
        let topics = ["payments.audit": ObservedTopic(partitions: 1, replicationFactor: 3)]
        for name in ["west", "east"] {
            observation.clusters[name] = .reachable(KafkaSnapshot(clusterID: name, topics: topics))
        }
        return observation
    }

    private func failure(_ edit: (inout PlanOptions) -> Void) -> CommandFailure? {
        var options = PlanOptions()
        edit(&options)
        let names = FlagNames(workspace: Self.workspace, recorded: Recorded())
        do throws(CommandFailure) {
            try names.check(options)
            try names.check(options, in: Self.observation)
            return nil
        } catch {
            return error
        }
    }

    @Test("names that exist are taken")
    func right() {
        #expect(failure { $0.failovers["payments"] = .init(member: "east", incident: "X") } == nil)
        #expect(failure { $0.left = ["payments.audit"] } == nil)
        #expect(failure { $0.selector = ["team": "pay"] } == nil)
        #expect(failure { $0.abandoned = ["west"] } == nil)
        #expect(failure { $0.adoptDiverged = ["east@3"] } == nil)
    }

    @Test("names that do not exist are wrong command lines, with the near one")
    func wrong() {
        func expect(_ words: String..., edit: (inout PlanOptions) -> Void) {
            let found = failure(edit)
            #expect(found?.code == .usage)
            for word in words { #expect(found?.message?.contains(word) == true, "\(found?.message ?? "nothing")") }
        }
        expect("paiments", "did you mean payments?") { $0.failovers["paiments"] = .init(member: "east", incident: "X") }
        expect("eats", "did you mean east?") { $0.failovers["payments"] = .init(member: "eats", incident: "X") }
        expect("payments.audti", "did you mean payments.audit?") { $0.left = ["payments.audti"] }
        expect("no-such-topic", "payments.audit") { $0.left = ["no-such-topic"] }
        expect("team=nobody", "team=pay") { $0.selector = ["team": "nobody"] }
        expect("wset", "did you mean west?") { $0.withoutLineage = ["wset"] }
        expect("esat", "did you mean east?") { $0.adoptDiverged = ["esat@3"] }
        for epoch in ["x", "-1", "+1", "01", "", "1.5"] {
            expect("east@\(epoch)", "member@epoch") { $0.adoptDiverged = ["east@\(epoch)"] }
        }
        expect("no link", "copy") { $0.detached = ["east/copy"] }
    }

    @Test("a topic that a silent member may hold is believed")
    func silent() throws {
        var observation = Self.observation
        observation.clusters["west"] = .unreachable(reason: "connect timed out")
        var options = PlanOptions()
        options.left = ["payments.new"]
        try FlagNames(workspace: Self.workspace, recorded: Recorded()).check(options, in: observation)
    }

    private func failure(
        ofTarget text: String, in observation: Observation, _ recorded: Recorded = Recorded()
    ) throws -> CommandFailure? {
        let options = PlanOptions(targets: [try #require(ResourceAddress(text))])
        let input = PlanInput(
            workspace: Self.workspace, observation: observation, recorded: recorded, secrets: SecretFacts(),
            options: options, toolVersion: "1.0.0")
        do throws(CommandFailure) {
            try FlagNames(workspace: Self.workspace, recorded: recorded)
                .check(targetsOf: PlanDraft(input).plan, in: observation)
            return nil
        } catch {
            return error
        }
    }

    @Test("a target that names nothing is a wrong command line, unless somebody silent may hold it")
    func targets() throws {
        let mirror = "mirror/east/payments.audit"
        #expect(try failure(ofTarget: mirror, in: Self.observation) == nil)
        let near = try failure(ofTarget: "mirror/east/payments.audti", in: Self.observation)
        #expect(near?.code == .usage)
        #expect(near?.message?.contains("did you mean \(mirror)?") == true)
        for address in ["topic/nope/payments.audit", "binding/none/0", "group/paiments"] {
            #expect(try failure(ofTarget: address, in: Self.observation)?.code == .usage, "\(address)")
        }
        var recorded = Recorded()
        recorded.owned[ResourceAddress(.topic, in: "west", "orders")] = .init(
            origin: .created, deletionPolicy: .retain, applied: [:], isDerived: false)
        let other = try failure(ofTarget: "topic/west/nope", in: Self.observation, recorded)
        #expect(other?.message?.contains("topic/west/orders") == true)
        #expect(try failure(ofTarget: "topic/west/orders", in: Self.observation, recorded) == nil)
        var silent = Self.observation
        silent.clusters["west"] = .unreachable(reason: "connect timed out")
        #expect(try failure(ofTarget: "mirror/east/payments.new", in: silent) == nil)
        #expect(try failure(ofTarget: "topic/nope/payments.new", in: silent)?.code == .usage)
    }

    @Test("a selector without labels selects nothing, and is no selector")
    func emptySelector() {
        #expect(LabelSelector(argument: "") == nil)
        #expect(LabelSelector(argument: "team") == nil)
        #expect(LabelSelector(argument: "team=a,team=b") == nil)
    }
}
