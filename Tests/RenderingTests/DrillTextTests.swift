import Domain
import FoundationEssentials
import Rendering
import TestSupport
import Testing

@Suite struct DrillTextTests {
    private static func step(_ id: String, at began: Int64, took: Int64?, _ result: String? = "succeeded")
        -> DrillReport.Step
    {
        DrillReport.Step(id: id, beganAfterMilliseconds: began, tookMilliseconds: took, result: result)
    }

    private static func phase(
        _ kind: DrillReport.Phase.Kind, from: String, to: String, milliseconds: Int64, applies: [DrillReport.Apply] = []
    ) -> DrillReport.Phase {
        var phase = DrillReport.Phase(kind, from: from, to: to)
        phase.milliseconds = milliseconds
        phase.applies = applies
        return phase
    }

    /// A rehearsal that was carried through, with a loss.
    private static func report(recordsAllowed: Int64) -> DrillReport {
        var report = DrillReport(workspace: "payments", group: "payments", startedAt: Samples.moment)
        report.load = DrillReport.Load(
            topics: 12, producers: 12, consumers: 12, recordsPerSecond: 20, bindings: ["checkout", "ledger"])
        var failover = phase(
            .failover, from: "west", to: "east", milliseconds: 9_400,
            applies: [
                DrillReport.Apply(
                    milliseconds: 7_310, exitCode: 3,
                    steps: [
                        step("group/payments#open", at: 5_100, took: 12),
                        step("group/payments#end", at: 5_120, took: 640),
                        step("mode/prod-east/.#set", at: 5_130, took: 45),
                        step("binding/checkout/0#publish", at: 5_800, took: 20),
                        step("hook/checkout/0#run", at: 5_830, took: 31),
                        step("group/payments#served", at: 5_790, took: 8),
                        step("fence/west/payments#write", at: 6_000, took: nil, nil),
                    ])
            ])
        failover.recovery = .init(sinceApplyMilliseconds: 6_020, sinceLastContactMilliseconds: 7_150)
        failover.records = .init(acknowledged: 4_812, lost: 21, duplicates: 1_312, gaps: 0)
        failover.records?.oldestLostMilliseconds = 840
        failover.schemas = .init(subject: "drill-value")
        failover.checks = [
            .init(.age, measured: 840, limit: 60_000),
            .init(.recoveryTime, measured: 6_020, limit: 300_000),
            .init(.recordsLost, measured: 21, limit: recordsAllowed),
        ]
        var forward = phase(
            .failForward, from: "east", to: "east", milliseconds: 12_200,
            applies: [
                DrillReport.Apply(milliseconds: 800, exitCode: 3, steps: []),
                DrillReport.Apply(milliseconds: 4_100, exitCode: 0, steps: []),
            ])
        forward.records = .init(acknowledged: 2_950, lost: 0, duplicates: 0, gaps: 1)
        var skipped = phase(.switchBack, from: "east", to: "west", milliseconds: 0)
        skipped.skipped = "no fence is declared, and the link is unidirectional: what is written last could be lost"
        report.phases = [
            phase(.setUp, from: "west", to: "west", milliseconds: 8_200), failover, forward, skipped,
        ]
        report.notes = [
            "What is published to Consul, Vault goes to files here.",
            "Everything ran against the built-in simulator on this machine: its links fetch every 0.1 s, and its calls "
                + "take no time on the wire. Real lag, real request times and real provisioning come on top.",
        ]
        report.conclude(at: Samples.moment.advanced(by: .seconds(41)))
        return report
    }

    @Test("a drill that met its objectives reads as recorded, and its JSON can be read back")
    func met() throws {
        let report = Self.report(recordsAllowed: 5_000)
        #expect(report.verdict == .met)
        GoldenFile("drill.txt").expect(DrillText.render(report))
        GoldenFile("drill.xml").expect(DrillJUnit.render(report))
        GoldenFile("drill.json").expect(DrillText.json(report))
        let decoded = try JSONDecoder().decode(DrillReport.self, from: Data(DrillText.json(report).utf8))
        #expect(decoded == report)
    }

    @Test("a missed objective is named with its phase, what was measured and what is allowed")
    func missed() {
        var report = Self.report(recordsAllowed: 20)
        report.phases[1].checks[1] = .init(.recoveryTime, measured: 6_020, limit: 1)
        report.conclude(at: Samples.moment)
        #expect(report.verdict == .missed)
        GoldenFile("drill-missed.txt").expect(DrillText.render(report))
    }

    @Test("the limit itself is met")
    func limit() {
        #expect(Self.report(recordsAllowed: 21).verdict == .met)
        #expect(Self.report(recordsAllowed: 20).verdict == .missed)
    }

    @Test("a drill that stopped says why, whatever it had measured; one without objectives judges nothing")
    func ends() {
        var report = DrillReport(workspace: "w", group: "g", startedAt: Samples.moment)
        report.phases = [Self.phase(.setUp, from: "west", to: "west", milliseconds: 100)]
        report.conclude(at: Samples.moment)
        #expect(report.verdict == .unjudged)
        #expect(DrillText.render(report).contains("nothing was judged"))
        report = Self.report(recordsAllowed: 0)
        report.failure = "setUp: apply ended with exit 1\nspillway: no\u{1B}[31m"
        report.conclude(at: Samples.moment)
        #expect(report.verdict == .failed)
        let text = DrillText.render(report)
        #expect(text.contains("The drill failed: setUp: apply ended with exit 1\n  spillway: no"))
        #expect(!text.contains("\u{1B}"))
    }
}
