import ArgumentParser
import Diagnostics
import Domain
import Execution
import Logging
import Rendering
import Simulator
import Synchronization
import Transport

/// Rehearses a failover and the way back, against a simulator.
struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Rehearse losing the primary and coming back, on a simulator, and measure RTO and RPO.",
        discussion: """
            A copy of the workspace is applied to a simulator in this process while applications write and read. \
            Nothing of the workspace, its state or its live systems is touched, and no secret is read. Exit code 4 \
            when an objective of the group was missed.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Group to rehearse; needed when there are several.", valueName: "group"))
    var group: String?

    @Option(help: ArgumentHelp("Records a second that are written to each topic.", valueName: "number"))
    var recordsPerSecond = 20

    @Option(help: "What is rehearsed: failover (and the way back), switchover (there and back), all.")
    var scenario: DrillScenario = .failover

    @Option(help: "Chooses the moment between two syncs of offsets at which the primary is lost.")
    var seed: UInt64?

    /// Output of `drill`.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case junit
    }

    @Option(name: [.short, .long], help: "Output: text, json, junit.")
    var output: Format = .text

    func validate() throws {
        guard (1...10_000).contains(recordsPerSecond) else {
            throw ValidationError("--records-per-second takes a number from 1 to 10000")
        }
    }

    func run() async throws {
        let manifests = try LoadedManifests.load(global)
        let family = try family(in: manifests.workspace)
        let report = try await rehearse(family, manifests)
        let text =
            switch output {
            case .text: DrillText.render(report, terminal: global.outputTerminal)
            case .json: DrillText.json(report)
            case .junit: DrillJUnit.render(report)
            }
        CommandContext.current.output.writeLine(text)
        switch report.verdict {
        case .met, .unjudged: return
        case .missed: throw CommandFailure(.refused)
        case .failed: throw CommandFailure(.error)
        }
    }

    // MARK: What is rehearsed

    /// The family of the group that is named, or the only one.
    private func family(in workspace: Workspace) throws(CommandFailure) -> GroupFamily {
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

    private func checked(_ family: GroupFamily, _ workspace: Workspace) throws(CommandFailure) -> GroupFamily {
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

    // MARK: Running

    /// Rehearses until the end, or until a signal.
    private func rehearse(_ family: GroupFamily, _ manifests: LoadedManifests) async throws -> DrillReport {
        let folder = try DrillFolder()
        defer { folder.remove() }
        let bench = DrillBench(manifests: manifests, folder: folder, isVerbose: global.verbose)
        let work = Task { try await rehearse(family, on: bench) }
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

    private func rehearse(_ family: GroupFamily, on bench: DrillBench) async throws -> DrillReport {
        let startedAt = Workbench.now
        let configuration = SimulatorConfiguration(
            seed: seed ?? 1, provisioning: .init(kafka: 200, registry: 200, key: 0), eventLimit: 1_000)
        let (quiet, console, logger) = (global.quiet, CommandContext.current.diagnostics, global.logger)
        return try await SimulatorServer.withRunning(configuration) { [recordsPerSecond, scenario, seed] endpoints in
            let transport = HTTPTransport(logger: logger)
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
                ) { if !quiet { console.writeLine("drill: \($0)") } }
                result = .success(try await rehearsal.run())
            } catch {
                result = .failure(error)
            }
            await transport.shutdown()
            return try result.get()
        }
    }
}

/// What a drill rehearses.
enum DrillScenario: String, ExpressibleByArgument, CaseIterable {
    /// The primary is lost, the standby takes over, the old one returns, everything moves back.
    case failover
    /// A planned move there and back.
    case switchover
    /// Both, the planned one first.
    case all
}
