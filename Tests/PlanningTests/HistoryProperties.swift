import Domain
import Planning
import Testing

/// What holds in every history of moves, whatever breaks when.
@Suite struct HistoryProperties {
    /// Histories of one test.
    static let count = 400 * Scale.factor

    @Test("whatever happens, no record is lost without consent, and clients never find two writers", arguments: 0..<4)
    func anything(part: UInt64) async throws {
        for seed in stride(from: part, to: Self.count, by: 4) {
            var (history, script) = Self.play(seed)
            if history.judge.findings.isEmpty { _ = history.settleDown(atMost: 4) }
            if !history.judge.findings.isEmpty {
                var generator = HistoryGenerator(seed: seed)
                Self.report(seed, history, script, generator.shape())
            }
            await Task.yield()
        }
    }

    @Test("two groups that change sides at once do each other no harm", arguments: 0..<4)
    func crossings(part: UInt64) async throws {
        var crossed = 0
        for seed in stride(from: part, to: Self.count / 4, by: 4) {
            var generator = HistoryGenerator(seed: 70_000 + seed)
            let shape = generator.opposedShape()
            let start = HistoryGenerator.settled(shape)
            let script = generator.crossing(start) + generator.crossing(start) + generator.script(for: start)
            var history = Self.play(script, from: start)
            crossed += history.coverage.crossings
            if history.judge.findings.isEmpty { _ = history.settleDown(atMost: 4) }
            if !history.judge.findings.isEmpty { Self.report(seed, history, script, shape) }
            await Task.yield()
        }
        #expect(crossed >= Int(Self.count) / 16)
    }

    static func play(_ seed: UInt64) -> (History, [Deed]) {
        var generator = HistoryGenerator(seed: seed)
        let shape = generator.shape()
        let start = HistoryGenerator.settled(shape)
        let script = generator.script(for: start)
        return (play(script, from: start), script)
    }

    static func play(_ script: [Deed], from start: History) -> History {
        var history = start
        for deed in script { history.perform(deed) }
        return history
    }

    /// What a script finds, also when nothing happens behind it any more.
    private static func findings(_ script: [Deed], from start: History) -> [Judge.Finding] {
        var history = play(script, from: start)
        if history.judge.findings.isEmpty { _ = history.settleDown(atMost: 4) }
        return history.judge.findings
    }

    /// Shrinks a script, deed by deed, as long as the same predicate fails.
    static func report(
        _ seed: UInt64, _ history: History, _ script: [Deed], _ shape: HistoryGenerator.Shape
    ) {
        guard let finding = history.judge.findings.first else { return }
        let start = HistoryGenerator.settled(shape)
        var script = script
        var index = script.count - 1
        while index >= 0 {
            var shorter = script
            shorter.remove(at: index)
            if findings(shorter, from: start).contains(where: { $0.predicate == finding.predicate }) {
                script = shorter
            }
            index -= 1
        }
        let found = findings(script, from: start).first { $0.predicate == finding.predicate } ?? finding
        Issue.record(
            "seed \(seed): \(found)\n  \(shape)\n\(script.map { "  - \($0)" }.joined(separator: "\n"))")
    }
}
