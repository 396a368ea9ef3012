import Bindings
import Domain
import Execution
import Foundation
import Logging
import Manifest
import Planning
import Rendering
import Session
import StateStores
import Transport

/// Where a rehearsal plans and applies: the code of `plan` and `apply` in this process, on a folder and a ledger of its
/// own.
struct DrillBench {
    /// Lines of an apply's output that are shown when it did not do what it should.
    private static let shownLines = 10

    let manifests: LoadedManifests
    let folder: DrillFolder
    /// How the drill itself is told.
    private let options: SessionOptions

    init(_ manifests: LoadedManifests, in folder: DrillFolder, _ options: SessionOptions) {
        self.manifests = manifests
        self.folder = folder
        self.options = options
    }

    /// Whether what applies do is told to whoever drills.
    private var isVerbose: Bool { options.logger.logLevel <= .debug }

    /// An apply that has ended.
    struct Applied {
        let startedAt: Timestamp
        let code: ExitCode
        let apply: DrillReport.Apply
        /// What it wrote last.
        let ending: String
    }

    /// Applies a workspace as `apply --auto-approve` would, with a change of primary confirmed.
    func apply(
        _ rehearsed: DrillWorkspace, confirming move: (group: String, member: String)? = nil
    ) async throws -> Applied {
        var request = ApplyRequest()
        request.isApproved = true
        request.confirmed = move.map { [GroupMember(group: $0.group, member: $0.member)] } ?? []
        let transcript = try folder.transcript()
        let startedAt = Workbench.now
        let code = try await writing(to: transcript) {
            try await with(rehearsed, options(isQuiet: !isVerbose)) { [request] bench in
                do {
                    return try await ApplyRun(bench: bench, request: request).run()
                } catch let failure as CommandFailure {
                    transcript.console.writeLine("spillway: \(failure.message ?? "")")
                    return failure.code
                }
            }
        }
        let end = Workbench.now
        if code == .interrupted || code == .terminated { throw CommandFailure(code, "the drill was interrupted") }
        return Applied(
            startedAt: startedAt, code: code,
            apply: DrillReport.Apply(
                milliseconds: end.milliseconds.minus(startedAt.milliseconds), exitCode: Int(code.rawValue),
                steps: try await steps(since: startedAt)), ending: transcript.ending(Self.shownLines))
    }

    /// What is left to do.
    func plan(_ rehearsed: DrillWorkspace) async throws -> Plan {
        let transcript = try folder.transcript()
        return try await writing(to: transcript) {
            try await with(rehearsed, options(isQuiet: true)) { bench in try await bench.plan(PlanOptions()) }
        }
    }

    // MARK: Parts

    private func options(isQuiet: Bool) -> SessionOptions {
        var logger = options.logger
        logger.logLevel = isQuiet ? .error : .debug
        return SessionOptions(workspacePath: folder.path, color: .never, isQuiet: isQuiet, logger: logger)
    }

    private func with<Result>(
        _ rehearsed: DrillWorkspace, _ options: SessionOptions, _ body: (Workbench) async throws -> Result
    ) async throws -> Result {
        let workspace = rehearsed.workspace
        let transport = HTTPTransport(settings: .init(workspace.spec), logger: options.logger)
        let loaded = manifests.loaded.replacing(workspace, folder: folder.path)
        let bench = try await Workbench(
            manifests: LoadedManifests(loaded: loaded, files: manifests.files), options: options, store: store,
            secrets: SecretReader(folder: folder.path, environment: rehearsed.credentials.environment),
            connections: Connections(of: workspace, folder: folder.path, environment: [:], transport: transport),
            transport: transport)
        do {
            let result = try await body(bench)
            await transport.shutdown()
            return result
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    private func writing<Result>(
        to transcript: DrillFolder.Transcript, _ body: () async throws -> Result
    ) async throws -> Result {
        var context = CommandContext.current
        context.environment = [:]
        context.currentFolder = folder.path
        context.output = transcript.console
        context.startedAt = Workbench.now
        context.signals = Signals()
        if !isVerbose { context.diagnostics = transcript.console }
        return try await CommandContext.$current.withValue(context, operation: body)
    }

    private var store: SQLiteStateStore {
        SQLiteStateStore(path: "\(folder.path)/state.db", workspace: manifests.workspace.name, mayCreate: true)
    }

    /// Steps of the newest run, from the journal.
    private func steps(since start: Timestamp) async throws -> [DrillReport.Step] {
        do {
            guard let newest = try await store.runs().first, newest.header.startedAt >= start,
                let run = try await store.run(newest.header.id)
            else { return [] }
            return run.steps.map { step in
                DrillReport.Step(
                    id: step.id.description,
                    beganAfterMilliseconds: step.intendedAt.milliseconds.minus(start.milliseconds),
                    tookMilliseconds: step.endedAt.map { $0.milliseconds.minus(step.intendedAt.milliseconds) },
                    result: step.result)
            }
        } catch {
            throw CommandFailure(error, now: Workbench.now)
        }
    }
}
