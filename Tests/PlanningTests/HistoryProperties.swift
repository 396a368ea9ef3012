import Domain
import Foundation
import Planning
import Testing

/// What holds in every history of moves, whatever breaks when.
@Suite struct HistoryProperties {
    @Test("whatever happens, no record is lost without consent, and clients never find two writers", arguments: 0..<4)
    func random(batch: Int) async throws {
        let cases = Int(ProcessInfo.processInfo.environment["SPILLWAY_HISTORIES"] ?? "") ?? 60
        var total = Coverage()
        for seed in 0..<UInt64(cases) {
            let seed = seed * 4 + UInt64(batch)
            let (history, script) = Self.play(seed)
            total.merge(history.coverage)
            if !history.judge.findings.isEmpty { Self.report(seed, history, script) }
            await Task.yield()
        }
        print(
            "COVER", total.plans, total.roles.sorted { $0.key < $1.key }, total.gates.sorted { $0.key < $1.key },
            total.crashes.sorted { $0.key < $1.key })
    }

    static func play(_ seed: UInt64) -> (History, [Deed]) {
        var generator = HistoryGenerator(seed: seed)
        let shape = generator.shape()
        let start = HistoryGenerator.settled(shape)
        let script = generator.script(for: start)
        return (play(script, from: start), script)
    }

    @Test("explain", .enabled(if: ProcessInfo.processInfo.environment["SEED"] != nil))
    func explain() {
        let seed = UInt64(ProcessInfo.processInfo.environment["SEED"] ?? "") ?? 0
        var generator = HistoryGenerator(seed: seed)
        var history = HistoryGenerator.settled(generator.shape())
        var findings = 0
        for deed in generator.script(for: history) {
            let logged = history.log.count
            print("==", deed)
            if case .apply = deed {
                let plan = history.plan()
                for c in plan.changes { print("   plan", c.inWords) }
                for r in plan.refusals { print("   REFUSED", r.gate, r.subject, r.message, "|", r.wayOut) }
                for d in plan.deferred { print("   deferred", d.address, d.waitsFor) }
                for d in plan.decisions { print("   decision", d.message, "|", d.wayOut) }
                for m in plan.moves { print("   MOVE", m.kind, m.from, m.to, m.epoch, m.evidence) }
            }
            history.perform(deed)
            for event in history.log.dropFirst(logged) {
                if case .began = event.what { print("     began"); continue }
                print("    ", event.actor, "\(event.what)".prefix(260))
            }
            for finding in history.judge.findings.dropFirst(findings) { print("   !!!!", finding) }
            findings = history.judge.findings.count
            if findings > 0 { break }
        }
    }

    static func play(_ script: [Deed], from start: History) -> History {
        var history = start
        for deed in script { history.perform(deed) }
        return history
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
            if play(shorter, from: start).judge.findings.contains(where: { $0.predicate == finding.predicate }) {
                script = shorter
            }
            index -= 1
        }
        let last = play(script, from: start)
        let found = last.judge.findings.first { $0.predicate == finding.predicate } ?? finding
        Issue.record(
            "seed \(seed): \(found)\n  \(shape)\n\(script.map { "  - \($0)" }.joined(separator: "\n"))")
    }
}
