@testable import SimulatedConfluent
import Synchronization

@testable import SimulatorCore
@testable import SimulatorServer

/// A script that broke a rule, as short as it could be made.
struct WalkFailure: Error, CustomStringConvertible {
    var seed: UInt64
    var violations: [String]
    var script: [WalkStep]

    var description: String {
        """
        seed \(seed): \(violations.joined(separator: "; "))
        script of \(script.count) steps:
        \(script.map { "  \($0)" }.joined(separator: "\n"))
        """
    }
}

/// Walks through a world without sockets: every step is a request, every step is judged.
struct Walk: Sendable {
    let seed: UInt64
    /// Checks the services leave out, to show that the audit finds it.
    var lies: [String] = []

    /// Where a script failed.
    private struct Fall {
        var step: Int
        var violations: [String]

        /// What kind of rule was broken: shortened scripts must break the same.
        var kind: Substring {
            (violations.first ?? "").prefix { $0 != " " && $0 != ":" }
        }
    }

    /// Runs a script; returns what it reached.
    ///
    /// - Throws: ``WalkFailure`` with a shortened script.
    func run(_ script: [WalkStep]) async throws -> Set<String> {
        let (fall, reached) = await attempt(script)
        guard let fall else { return reached }
        let short = await shorten(Array(script.prefix(fall.step + 1)), fall)
        let again = await attempt(short).fall
        throw WalkFailure(seed: seed, violations: again?.violations ?? fall.violations, script: short)
    }

    /// Takes out what the fall does not need: halves, then quarters, down to single steps.
    private func shorten(_ script: [WalkStep], _ fall: Fall) async -> [WalkStep] {
        var script = script
        var length = max(1, script.count / 2)
        var attempts = 0
        while attempts < 250 {
            var start = 0
            var isShorter = false
            while start < script.count, attempts < 250 {
                var candidate = script
                candidate.removeSubrange(start..<min(start + length, script.count))
                attempts += 1
                if let found = await attempt(candidate).fall, found.kind == fall.kind {
                    script = Array(candidate.prefix(found.step + 1))
                    isShorter = true
                } else {
                    start += length
                }
            }
            if length == 1, !isShorter { break }
            length = max(1, length / 2)
        }
        return script
    }

    private func attempt(_ script: [WalkStep]) async -> (fall: Fall?, reached: Set<String>) {
        let (commands, continuation) = AsyncStream.makeStream(of: ListenerCommand.self)
        let world = World(configuration: WalkedWorld.configuration(seed: seed), commands: continuation)
        let sockets = Task {
            var port = 10_000
            for await command in commands {
                switch command {
                case .open(let listener, let known):
                    port += 1
                    await world.didOpen(listener, port: known == 0 ? port : known)
                case .close(let listener): await world.didClose(listener)
                }
            }
        }
        defer {
            continuation.finish()
            sockets.cancel()
        }
        let audit = WalkAudit()
        await world.prepare(lies)
        for (index, step) in script.enumerated() {
            let violations = await world.take(step, audit)
            if !violations.isEmpty { return (Fall(step: index, violations: violations), []) }
        }
        return (nil, audit.reached)
    }
}

extension World {
    fileprivate func prepare(_ lies: [String]) async {
        didOpen(.control, port: 9_999)
        for region in WalkedWorld.regions { openRegion(region) }
        await settled()
        _ = await take(WalkStep(.control, "POST", "_sim/estate", WalkedWorld.estate).request { $0 }, at: .control)
        guard !lies.isEmpty else { return }
        let told = JSON.object(lies.map { JSON.Member(name: $0, value: true) })
        _ = await take(WalkStep(.control, "PUT", "_sim/lies", told).request { $0 }, at: .control)
    }

    /// Takes one step and says what it broke.
    fileprivate func take(_ step: WalkStep, _ audit: WalkAudit) async -> [String] {
        let outcome = await take(step.request(named), at: step.listener)
        await settled()
        var violations = self.violations(by: audit)
        switch outcome {
        case .respond(let response, _):
            if let fault = WalkAudit.fault(of: response) { violations.insert(fault, at: 0) }
            audit.memory.withLock { _ = $0.reached.insert("status \(response.status)") }
        case .truncate, .trickle, .cutChunks, .hang, .ignore, .drop, .late: break
        }
        return violations
    }

    /// What a stand-in stands for in the world as it is.
    private func named(_ text: String) -> String {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return text }
        func pick(_ names: some Sequence<String>) -> String {
            let sorted = names.sorted()
            return sorted.isEmpty ? "none" : sorted[(Int(parts[1]) ?? 0) % sorted.count]
        }
        switch parts[0] {
        case "environment": return pick(controlPlane.environments.keys)
        case "made-environment": return pick(controlPlane.environments.keys.filter { $0.utf8.count > 5 })
        case "made-cluster": return pick(controlPlane.clusters.keys.filter { !WalkedWorld.clusters.contains($0) })
        case "key": return pick(controlPlane.keys.keys)
        case "account": return pick(controlPlane.accounts.keys)
        case "registry":
            return registries.registries[parts[1]].flatMap { directory.registry($0.id, region: $0.site) }
                ?? "http://nowhere"
        default: return text
        }
    }
}
