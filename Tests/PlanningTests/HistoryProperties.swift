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
            if !history.judge.findings.isEmpty { Self.report(seed, history, script) }
            await Task.yield()
        }
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
    static func report(_ seed: UInt64, _ history: History, _ script: [Deed]) {
        guard let finding = history.judge.findings.first else { return }
        var generator = HistoryGenerator(seed: seed)
        let shape = generator.shape()
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
