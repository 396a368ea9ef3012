import Diagnostics
import Domain
import Execution
package import Rendering
package import Session
import SimulatorServer
import Synchronization
import Transport

/// One drill: a group of a workspace, rehearsed against a simulator in this process.
package struct DrillRun: Sendable {
    private let manifests: LoadedManifests
    private let family: GroupFamily
    private let recordsPerSecond: Int
    private let scenario: DrillScenario
    private let seed: UInt64?
    private let options: SessionOptions

    /// A drill of a workspace.
    ///
    /// - Parameters:
    ///   - group: The group to rehearse; `nil` = the only one.
    ///   - recordsPerSecond: Records a second that are written to each topic.
    ///   - seed: Chooses the moment of the loss; `nil` = half-way between two syncs of offsets.
    ///   - options: How it is told what the drill does.
    /// - Throws: ``CommandFailure`` when there is no such group, or it cannot be rehearsed.
    package init(
        of manifests: LoadedManifests, group: String?, recordsPerSecond: Int, scenario: DrillScenario, seed: UInt64?,
        options: SessionOptions
    ) throws(CommandFailure) {
        self.manifests = manifests
        family = try Self.family(named: group, in: manifests.workspace)
        self.recordsPerSecond = recordsPerSecond
        self.scenario = scenario
        self.seed = seed
        self.options = options
    }

    /// The family of the group that is named, or the only one.
    private static func family(named group: String?, in workspace: Workspace) throws(CommandFailure) -> GroupFamily {
        let families = GroupFamily.all(in: workspace)
        if let group {
            guard let family = families.first(where: { $0.groups.contains { $0.name == group } }) else {
                let known = workspace.failoverGroups.keys.sorted()
                let near = Suggestion.nearest(to: group, among: known)
                throw CommandFailure(
                    .usage,
                    "--group \(group): there is no FailoverGroup \(group)\n  "
                        + (near.map { "did you mean \($0)?" } ?? "there is \(known.joined(separator: ", "))"))
            }
            return try checked(family, workspace)
        }
        guard let family = families.first else {
            throw CommandFailure(.error, "the workspace has no FailoverGroup to rehearse")
        }
        guard families.count == 1 else {
            let names = families.map(\.name).joined(separator: ", ")
            throw CommandFailure(.usage, "there are several groups; say which with --group: \(names)")
        }
        return try checked(family, workspace)
    }

    private static func checked(_ family: GroupFamily, _ workspace: Workspace) throws(CommandFailure) -> GroupFamily {
        for member in family.members where workspace.clusters[member]?.type == .apacheKafka {
            throw CommandFailure(
                .error,
                "\(member) is Apache Kafka without a REST API: a move away from it is not reversible, and not rehearsed"
            )
        }
        let missing = DrillReadiness.missing(family, in: workspace)
        guard missing.isEmpty else {
            throw CommandFailure(
                .error,
                "group \(family.name) cannot be rehearsed, nothing was started: \(missing.joined(separator: "; "))\n  "
                    + "add what is missing: a failover needs it as well")
        }
        return family
    }

    /// Rehearses until the end, or until a signal.
    package func run() async throws -> DrillReport {
        let folder = try DrillFolder()
        defer { folder.remove() }
        let bench = DrillBench(manifests, in: folder, options)
        let work = Task { try await rehearse(on: bench) }
        let stopped = Mutex<ExitCode?>(nil)
        return try await CommandContext.current.signals.minding({ code in
            stopped.withLock { $0 = $0 ?? code }
            work.cancel()
        }) {
            let result = await work.result
            if let code = stopped.withLock(\.self) { throw CommandFailure(code, "the drill was interrupted") }
            return try result.get()
        }
    }

    private func rehearse(on bench: DrillBench) async throws -> DrillReport {
        let startedAt = Workbench.now
        let configuration = SimulatorConfiguration(
            seed: seed ?? 1, provisioning: .init(kafka: 200, registry: 200, key: 0), eventLimit: 1_000)
        let console = CommandContext.current.diagnostics
        return try await Simulator.withRunning(configuration) { endpoints in
            let transport = HTTPTransport(logger: options.logger)
            let result: Result<DrillReport, any Error>
            do {
                let simulator = try DrillSimulator(endpoints, transport: transport)
                let workspace = bench.manifests.workspace
                let estate = DrillEstate(of: workspace, members: family.members)
                try await simulator.seed(estate.body)
                let rehearsed = DrillWorkspace(
                    workspace, family, estate, in: simulator, try await simulator.overview())
                var rehearsal = try Rehearsal(
                    family, rehearsed: rehearsed, bench: bench, simulator: simulator,
                    recordsPerSecond: recordsPerSecond, scenario: scenario, seed: seed, startedAt: startedAt
                ) { [isQuiet = options.isQuiet] in if !isQuiet { console.writeLine("drill: \($0)") } }
                result = .success(try await rehearsal.run())
            } catch {
                result = .failure(error)
            }
            await transport.shutdown()
            return try result.get()
        }
    }
}
