import Domain
import Execution
import FoundationEssentials
import Planning
import Rendering
import TestSupport
import Testing

@Suite struct StatusTextTests {
    private static let lag = Recorded.Lag(
        records: 1_204, worst: 512, worstPartition: "orders[3]", asOf: Samples.moment.advanced(by: .seconds(-90)))

    private static let report = StatusReport(
        workspace: "payments", observedAt: Samples.moment, sites: Samples.mixed.sites,
        groups: [
            StatusReport.Group(
                name: "payments", primary: "west",
                members: [
                    StatusReport.Member(cluster: "west", silence: "unreachable: connect timed out"),
                    StatusReport.Member(
                        cluster: "east", mirrors: ["ACTIVE": 1_430, "FAILED": 10],
                        links: [
                            StatusReport.Link(
                                name: "payments-west-east", state: "ACTIVE",
                                errors: ["task ConsumerOffsetSync is IN_ERROR: not authorized"])
                        ]),
                ], topics: 1_440, isProtected: false, findings: ["10 mirror topics on east are FAILED"],
                lag: StatusReport.Lag(lag, isRemembered: true),
                exporters: [
                    StatusReport.Exporter(
                        environment: "prod-west", name: "payments", state: "RUNNING", trace: "schema 7: incompatible")
                ]),
            StatusReport.Group(
                name: "audit", primary: "east", members: [StatusReport.Member(cluster: "east")], topics: 1,
                isProtected: true),
        ],
        bindings: [
            StatusReport.Binding(
                name: "checkout", place: "file out/checkout.properties", pointsAt: "west", shouldPointAt: "west",
                generation: 3),
            StatusReport.Binding(
                name: "ledger", place: "file out/ledger.json", pointsAt: "east", shouldPointAt: "west", generation: 2),
            StatusReport.Binding(name: "audit", place: "file out/audit.env", pointsAt: nil, shouldPointAt: "east"),
            StatusReport.Binding(
                name: "search", place: "consul main: kv/search", pointsAt: nil, shouldPointAt: "west",
                silence: "unreachable: refused"),
        ], ledger: "SQLite file .spillway/state.db", ledgerID: "a3f1",
        lastRun: StatusReport.Run(id: "20260924-120307-ab12", startedAt: Samples.moment, exitCode: 7))

    @Test("status reads as recorded")
    func status() throws {
        GoldenFile("status.txt").expect(StatusText.render(Self.report))
        GoldenFile("status.json").expect(StatusText.json(Self.report))
        let decoded = try JSONDecoder().decode(StatusReport.self, from: Data(StatusText.json(Self.report).utf8))
        #expect(decoded == Self.report)
    }

    @Test("a workspace without groups, runs and ledger has a status too")
    func emptyStatus() {
        let report = StatusReport(
            workspace: "w", observedAt: Samples.moment, sites: Samples.allSites, groups: [], bindings: [],
            ledger: "SQLite file x", ledgerID: nil)
        GoldenFile("status-empty.txt").expect(StatusText.render(report))
    }

    /// A group that moved during an outage, and one that is about to.
    private static var afterMove: StatusReport {
        var report = report
        let returning = MoveSamples.returning
        report.groups = returning.groups.map { state in
            StatusReport.Group(
                state,
                members: [
                    StatusReport.Member(cluster: "west"),
                    StatusReport.Member(cluster: "east", mirrors: ["STOPPED": 12]),
                ], lag: StatusReport.Lag(lag, isRemembered: true), exporters: [])
        }
        var switching = StatusReport.Group(
            name: "audit", primary: "east",
            members: [
                StatusReport.Member(cluster: "west"), StatusReport.Member(cluster: "east", mirrors: ["ACTIVE": 3]),
            ],
            topics: 3, isProtected: true, lag: StatusReport.Lag(MoveSamples.lag))
        switching.standing = StandingForm(
            Plan.Standing(
                holder: "west", evidence: "it holds its topics", epoch: 0,
                open: .init(
                    epoch: 1, kind: .switchover, from: "west", to: "east", openedAt: Samples.moment, incident: nil,
                    isPast: false)))
        let unclear = StatusReport.Group(
            Plan.GroupState(
                name: "unclear", primary: "west", members: ["west"], topics: 1, isProtected: false, told: []),
            members: [StatusReport.Member(cluster: "west")], lag: nil, exporters: [])
        report.groups += [switching, unclear]
        report.decisions = returning.decisions
        return report
    }

    @Test("status tells who holds the data, what moves are open, who was left, and what has to be decided")
    func moves() throws {
        GoldenFile("status-moves.txt").expect(StatusText.render(Self.afterMove))
        let text = StatusText.json(Self.afterMove)
        #expect(try JSONDecoder().decode(StatusReport.self, from: Data(text.utf8)) == Self.afterMove)
        let groups = try JSONValue(parsing: text)["groups"]
        #expect(groups.array.first?["standing"]["open"]["openedAt"] == .text("2026-09-24T12:03:07.250Z"))
    }

    @Test("metrics are an exposition that Prometheus reads, and leave out what is not known")
    func metrics() throws {
        var report = Self.afterMove
        report.bindings[3].name = "se\"ar\\ch\n"
        report.bindings[3].silence = nil
        let text = StatusMetrics.render(report)
        GoldenFile("status.prom").expect(text)
        let sample = try Regex(#"^[a-z_]+\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\} -?[0-9]+(\.[0-9]{3})?$"#)
        var typed: Set<Substring> = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") { #expect(typed.insert(line.split(separator: " ")[2]).inserted) }
            guard !line.hasPrefix("#") else { continue }
            #expect(line.wholeMatch(of: sample) != nil, "\(line)")
            #expect(typed.contains(line.prefix { $0 != "{" }))
        }
        #expect(!text.contains("spillway_group_epoch{workspace=\"payments\",group=\"unclear\"}"))
        #expect(text.hasSuffix("\n"))
    }

    private static let drift = DriftReport(
        workspace: "payments", observedAt: Samples.moment, compared: 1_500,
        items: [
            DriftReport.Item(
                .changed, Samples.topic("orders"),
                differences: Samples.differences([
                    ("configs.retention.ms", "604800000", "1000"), ("partitions", "6", "12"),
                ])),
            DriftReport.Item(.missing, Samples.topic("refunds")),
            DriftReport.Item(
                .changed, ResourceAddress(.mode, in: "prod-east", "."),
                differences: Samples.differences([("mode", "IMPORT", "READWRITE")])),
        ], unseen: [Samples.mixed.sites[2]])

    @Test("drift reads as recorded")
    func driftText() throws {
        GoldenFile("drift.txt").expect(DriftText.render(Self.drift))
        GoldenFile("drift.md").expect(DriftText.markdown(Self.drift))
        GoldenFile("drift.json").expect(DriftText.json(Self.drift))
        let none = DriftReport(workspace: "w", observedAt: Samples.moment, compared: 1, items: [], unseen: [])
        #expect(DriftText.summary(of: none) == "No drift: 1 object compared, all as last applied.")
    }

    @Test("the ledger reads as recorded")
    func state() {
        let owned = Recorded.Owned(
            origin: .adopted, deletionPolicy: .delete, applied: ["partitions": "6", "configs.retention.ms": "1"],
            nativeID: "lkc-1", isDerived: true)
        let plain = Recorded.Owned(origin: .created, deletionPolicy: .retain, applied: [:])
        let recorded = Recorded(
            ledgerID: "a3f1", owned: [Samples.topic("orders"): owned, ResourceAddress(.cluster, "west"): plain])
        GoldenFile("state-list.txt").expect(StateText.list(recorded))
        GoldenFile("state-list.json").expect(StateText.listJSON(recorded))
        GoldenFile("state-show.txt").expect(StateText.show(Samples.topic("orders"), owned))
        #expect(StateText.list(Recorded()) == "The ledger holds no objects.\n")
    }

    @Test("runs read as recorded")
    func runs() {
        func header(_ id: String) -> RunHeader {
            RunHeader(
                id: id, startedAt: Samples.moment, host: "runner-1", process: 4711, command: "apply plan.json",
                planDigest: "sha256:0f3a", approver: "B. Roth", reference: "INC-4711", revision: "c0ffee")
        }
        let steps = [
            RunRecord.StepRecord(
                id: RunSamples.topic.id, intendedAt: Samples.moment, endedAt: Samples.moment, result: "succeeded",
                message: nil),
            RunRecord.StepRecord(
                id: RunSamples.link.id, intendedAt: Samples.moment, endedAt: Samples.moment, result: "failed",
                message: "403: no"),
            RunRecord.StepRecord(
                id: RunSamples.mirror.id, intendedAt: Samples.moment, endedAt: nil, result: nil, message: nil),
        ]
        let finished = RunRecord(
            header: header("20260924-1"), endedAt: RunSamples.after(75), exitCode: 7, summary: "Apply incomplete",
            steps: steps)
        let killed = RunRecord(header: header("20260924-2"), endedAt: nil, exitCode: nil, summary: nil, steps: [])
        GoldenFile("runs.txt").expect(RunsText.list([killed, finished]))
        GoldenFile("run.txt").expect(RunsText.show(finished))
        GoldenFile("run.json").expect(RunsText.showJSON(finished))
        #expect(RunsText.list([]) == "There are no runs yet.\n")
        #expect(!RunsText.listJSON([finished]).contains("steps"))
    }

    @Test("an explanation reads as recorded")
    func explain() {
        let partitions = FieldExplanation(
            path: "Topic.spec.partitions", type: "integer", isRequired: false, summary: "Partition count.",
            rules: ["from 1 to 10,000", "can grow, never shrink"])
        let policy = FieldExplanation(
            path: "Topic.spec.deletionPolicy", type: "word", isRequired: false, defaultValue: "Retain",
            allowedValues: ["Retain", "Delete"], summary: "What happens when the topic leaves the manifests.")
        let topic = FieldExplanation(
            path: "Topic", type: "kind", isRequired: true, summary: "One topic on one cluster, or of one group.",
            example: "kind: Topic\nmetadata: {name: orders}", fields: [partitions, policy])
        GoldenFile("explain.txt").expect(
            [topic, policy, partitions].map { ExplainText.render($0) }.joined(separator: "---\n"))
    }

    @Test(
        "moments survive RFC 3339, before and after the epoch",
        arguments: [0, 1, -1, 951_782_400_000, -62_135_596_800_000, 1_790_251_387_250])
    func moments(milliseconds: Int64) throws {
        let moment = RFC3339(wrappedValue: Timestamp(milliseconds: milliseconds))
        let data = try JSONEncoder().encode([moment])
        #expect(try JSONDecoder().decode([RFC3339].self, from: data) == [moment])
        if milliseconds == 951_782_400_000 {
            #expect(String(decoding: data, as: UTF8.self) == "[\"2000-02-29T00:00:00.000Z\"]")
        }
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z",
            "x026-01-01T00:00:00Z", "2026-01-01T00:00:00.Z",
        ])
    func noMoments(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([RFC3339].self, from: Data("[\"\(text)\"]".utf8))
        }
    }
}
