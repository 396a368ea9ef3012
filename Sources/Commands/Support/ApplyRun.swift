import Bindings
import Confluent
import Domain
import Execution
import Foundation
import Planning
import Rendering
import StateStores
import UnixSignals

/// One apply: lock, plan, consent, run, report.
struct ApplyRun {
    let bench: Workbench
    let command: ApplyCommand
    let saved: Plan?

    private var console: Console { CommandContext.current.output }

    func run() async throws -> ExitCode {
        let resumes = if let saved { try await hasStarted(saved) } else { false }
        let session = try await begin()
        do {
            return try await run(in: session, resumes: resumes)
        } catch let failure as CommandFailure {
            try? await session.end(exitCode: Int(failure.code.rawValue), summary: "nothing was done")
            throw failure
        }
    }

    private func begin() async throws(CommandFailure) -> any RunSession {
        let now = Workbench.now
        let header = RunHeader(
            id: RunIdentity.newID(at: now), startedAt: now, host: RunIdentity.host, process: RunIdentity.process,
            command: command.file.map { "apply \($0)" } ?? "apply", planDigest: saved?.digest ?? "",
            approver: command.approver, reference: command.reference, revision: command.revision)
        return try await bench.state { store throws(StateStoreError) in
            try await store.begin(header, lockTimeout: command.lockTimeout.duration)
        }
    }

    private func run(in session: any RunSession, resumes: Bool) async throws -> ExitCode {
        var (plan, observation) = try await bench.plan(saved.map(options) ?? command.flags.options)
        plan.seal(for: bench)
        if let saved { try refuseWhenStale(saved, plan, resumes: resumes) }
        if command.output == .text {
            try PlanFormat.text.write(
                plan, bench.options, expand: command.expand, places: bench.manifests.places(of: plan))
        }
        guard plan.hasSteps else { return try await finishWithoutSteps(plan, session) }
        guard try confirmMoves(of: plan) || consented(to: "Apply these changes?") else {
            try await end(session, .error, "not approved")
            throw CommandFailure(.error, "not approved; nothing was done")
        }
        let first = try await carryOut(plan, observation, session)
        let later = try await followUp(plan, first, session)
        let code = ExitCode.strongest(of: [first.code, later?.code].compactMap(\.self))
        try await end(session, code, later?.summary ?? first.summary)
        try await writeSnapshot()
        return code
    }

    /// How one plan of the run ended.
    private struct Part {
        let report: RunReport?
        let code: ExitCode
        let summary: String
    }

    private func carryOut(_ plan: Plan, _ observation: Observation, _ session: any RunSession) async throws -> Part {
        let outcome = try await execute(plan, observation, session)
        let code = ExitCode.ofApplying(
            plan, outcome.report, allowsDeferred: command.allowDeferred, signal: outcome.signal)
        let text = ReportText(terminal: bench.options.outputTerminal)
        if command.output == .text { console.writeLine(text.render(outcome.report, of: plan)) }
        return Part(report: outcome.report, code: code, summary: text.summary(of: outcome.report, plan))
    }

    // MARK: Moves

    /// What comes after a move: it is taken back when it failed before the point of no return; members that were left
    /// follow again when it was made.
    private func followUp(_ plan: Plan, _ first: Part, _ session: any RunSession) async throws -> Part? {
        guard first.report?.journalFailure == nil else { return nil }
        if plan.publishesUnknown, first.code == .success { try await learnContent(session) }
        guard !plan.moves.isEmpty else { return nil }
        let recorded = try await bench.recorded()
        let begun = plan.moves.map(\.family).filter { recorded.moves[$0]?.open.map { !$0.isPast } ?? false }
        if !begun.isEmpty { return try await takeBack(Set(begun), session) }
        let made = plan.moves.filter { recorded.moves[$0.family]?.serving?.epoch == $0.epoch }.map(\.family)
        guard saved == nil, !made.isEmpty, first.report?.wasInterrupted != true else { return nil }
        return try await protect(Set(made), session)
    }

    /// What was published of sites that the run itself has made is known now: `drift` compares with it.
    private func learnContent(_ session: any RunSession) async throws {
        let (plan, _) = try await bench.plan(saved.map(options) ?? command.flags.options)
        if !plan.hasSteps { try await refreshLedger(plan, session) }
    }

    private func takeBack(_ families: Set<String>, _ session: any RunSession) async throws -> Part? {
        var options = command.flags.options
        options.reverted = families
        options.families = families
        let (plan, observation) = try await bench.plan(options)
        say("\nThe move failed before the point of no return; it is taken back.")
        guard plan.hasSteps else {
            try await refreshLedger(plan, session)
            return nil
        }
        let part = try await carryOut(plan, observation, session)
        guard part.code == .success else { return part }
        say("Nothing moved: clients, mirrors and registries are as they were.")
        return Part(report: part.report, code: .error, summary: "the move was taken back; nothing moved")
    }

    /// A sentence for people; events are told as JSON instead.
    private func say(_ sentence: String) {
        if command.output == .text { console.writeLine(sentence) }
    }

    private func protect(_ families: Set<String>, _ session: any RunSession) async throws -> Part? {
        var options = command.flags.options
        options.families = families
        var (plan, observation) = try await bench.plan(options)
        let isIdle = !plan.hasSteps && plan.deferred.isEmpty && plan.decisions.isEmpty && plan.refusals.isEmpty
        guard !isIdle else {
            try await refreshLedger(plan, session)
            return nil
        }
        plan.seal(for: bench)
        if command.output == .text {
            console.writeLine("\nWhat follows the move:")
            try PlanFormat.text.write(
                plan, bench.options, expand: command.expand, places: bench.manifests.places(of: plan))
        }
        guard plan.hasSteps else {
            try await refreshLedger(plan, session)
            let code = ExitCode.ofPlanning(plan, detailed: true, allowsDeferred: command.allowDeferred)
            return Part(report: nil, code: code, summary: PlanText().summary(of: plan))
        }
        // Whoever confirmed the move at the prompt has seen none of this.
        guard try consented(to: "The clients are moved. Make these changes too?") else {
            let next = "not approved; nothing of what follows the move was done. Next: spillway apply"
            say("\n" + next.prefix(1).uppercased() + next.dropFirst())
            return Part(report: nil, code: .incomplete, summary: next)
        }
        return try await carryOut(plan, observation, session)
    }

    /// A change of primary is confirmed by name: a saved plan, a flag, or the member typed at the prompt.
    ///
    /// - Returns: Whether somebody typed it, which approves the plan that was shown.
    private func confirmMoves(of plan: Plan) throws -> Bool {
        guard saved == nil else { return false }
        let open = plan.moves.filter { move in
            !command.confirmPrimary.contains { move.groups.contains($0.group) && $0.member == move.to }
        }
        guard !open.isEmpty else { return false }
        guard !command.autoApprove, CommandContext.current.canAsk else {
            let flags = open.map { "\($0.family)=\($0.to)" }.joined(separator: " ")
            throw CommandFailure(
                .refused,
                "a change of primary is confirmed by name: apply a saved plan, or give --confirm-primary \(flags)")
        }
        for move in open {
            CommandContext.current.diagnostics.write(
                "\nMove \(move.groups.joined(separator: ", ")) from \(move.from) to \(move.to)? Type the name of the new primary: "
            )
            guard readLine()?.trimmingCharacters(in: .whitespaces) == move.to else {
                throw CommandFailure(.error, "not confirmed; nothing was done")
            }
        }
        return true
    }

    private func options(of saved: Plan) throws(CommandFailure) -> PlanOptions {
        guard let options = PlanOptions(words: saved.flags) else {
            throw CommandFailure(.error, "the plan was made with flags this version does not know; plan again")
        }
        return options
    }

    private func finishWithoutSteps(_ plan: Plan, _ session: any RunSession) async throws -> ExitCode {
        let code = ExitCode.ofPlanning(plan, detailed: true, allowsDeferred: command.allowDeferred)
        try await refreshLedger(plan, session)
        try await end(session, code, PlanText().summary(of: plan))
        try await writeSnapshot()
        return code
    }

    private func end(_ session: any RunSession, _ code: ExitCode, _ summary: String) async throws {
        do {
            try await session.end(exitCode: Int(code.rawValue), summary: summary)
        } catch {
            throw CommandFailure(error, now: Workbench.now)
        }
    }

    /// The secret-free copy of the ledger, where the workspace asks for one.
    private func writeSnapshot() async throws {
        guard let path = bench.workspace.spec.snapshot else { return }
        do {
            try await LedgerSnapshotFile(path: bench.manifests.path(path), workspace: bench.workspace.name)
                .write(from: bench.store, at: Workbench.now)
        } catch {
            throw CommandFailure(error, now: Workbench.now)
        }
    }

    // MARK: Saved plans

    /// Whether a run of the saved plan began and did not finish.
    ///
    /// - Throws: ``CommandFailure`` with exit code 5 when one did finish, or the plan is of another workspace.
    private func hasStarted(_ saved: Plan) async throws(CommandFailure) -> Bool {
        guard saved.workspace == bench.workspace.name else {
            throw CommandFailure(
                .stale, "the plan is for workspace \(saved.workspace), this is \(bench.workspace.name)")
        }
        guard !saved.digest.isEmpty else { throw CommandFailure(.error, "the plan carries no digest; plan again") }
        let runs = try await bench.state { store throws(StateStoreError) in try await store.runs() }
            .filter { $0.header.planDigest == saved.digest }
        if let done = runs.first(where: { $0.exitCode == 0 }) {
            throw CommandFailure(.stale, "this plan was already applied by run \(done.header.id); plan again")
        }
        for run in runs where try await intended(run) { return true }
        return false
    }

    /// Whether a run came so far that it meant to do something: one that was refused did not.
    private func intended(_ run: RunRecord) async throws(CommandFailure) -> Bool {
        let record = try await bench.state { store throws(StateStoreError) in try await store.run(run.header.id) }
        return record.map { !$0.steps.isEmpty } ?? false
    }

    /// What is recomputed now must decide as the plan did, and publish over what it saw; when a run of it did not
    /// finish, what is left must be a part of it.
    private func refuseWhenStale(_ saved: Plan, _ now: Plan, resumes: Bool) throws(CommandFailure) {
        let isFirst = saved.ledgerID == nil
        guard PlanDigest.compute(now, of: bench.workspace, isFirst: isFirst) != saved.digest else {
            return try refuseWhenInconsistent(saved, isFirst: isFirst)
        }
        let planned = Dictionary(uniqueKeysWithValues: saved.steps.map { ($0.id, $0.action) })
        let edits = PlanDigest.edits(saved, now, isFirst: isFirst, resumes: resumes)
        if resumes, edits.isEmpty, now.refusals.isEmpty, now.steps.allSatisfy({ planned[$0.id] == $0.action }) {
            return
        }
        let (gone, new) = PlanDigest.differences(saved, now)
        var lines = ["the saved plan is stale; nothing was done. Plan again."]
        lines += edits.prefix(10).map { "  changed by something else: \($0)" }
        lines += gone.prefix(10).map { "  planned, not any more:  \($0)" }
        lines += new.prefix(10).map { "  not planned, needed now: \($0)" }
        if lines.count == 1 {
            lines.append("  the manifests, or the ledger, are not those it was made with")
        }
        throw CommandFailure(.stale, lines.joined(separator: "\n"))
    }

    // MARK: Consent

    private func consented(to question: String) throws -> Bool {
        guard saved == nil, !command.autoApprove else { return true }
        CommandContext.current.diagnostics.write("\n\(question) Only `yes` is accepted: ")
        return readLine()?.trimmingCharacters(in: .whitespaces) == "yes"
    }

    // MARK: Run

    private func execute(
        _ plan: Plan, _ observation: Observation, _ session: any RunSession
    ) async throws -> (report: RunReport, signal: ExitCode) {
        let directory = SiteDirectory(observation.sites)
        let bindings = BindingPerformer(
            workspace: bench.workspace, folder: bench.folder, connections: bench.connections, secrets: bench.secrets,
            sites: directory, ledgerID: session.ledgerID, seen: observation.stores,
            publications: try await bench.recorded().publications, fingerprinter: try await bench.fingerprinter())
        let confluent = ConfluentPerformer(
            workspace: bench.workspace, secrets: bench.secrets, directory: directory, transport: bench.transport)
        let view = ProgressView(steps: plan.steps, format: command.output, options: bench.options)
        let hooks = RestartHooks(
            workspace: bench.workspace, folder: bench.folder, secrets: bench.secrets, sites: directory,
            transport: bench.transport, connections: bench.connections, tell: { await view.tell($0) })
        let holders = HolderPerformer(
            workspace: bench.workspace,
            stores: try await bench.storeObserver(), cluster: confluent)
        let timeouts = bench.workspace.spec.timeouts
        let engine = Engine(
            session: session, performers: [bindings, holders, hooks, confluent],
            limits: .init(concurrency: bench.workspace.spec.requestsPerEndpoint * 4, requestTimeout: timeouts.request),
            clock: { Workbench.now }, observer: { event in await view.receive(event) })
        let outcome = try await interruptible(engine) { try await engine.run(plan.steps) }
        await view.finish()
        if outcome.report.journalFailure == nil { try await refreshLedger(plan, session) }
        let sites = await directory.known.answering(outcome.report.outcomes)
        try? await session.remember(sites: sites, lag: [:])
        return outcome
    }

    /// Brings rows of the ledger up to what is live and wanted already; nobody is told.
    private func refreshLedger(_ plan: Plan, _ session: any RunSession) async throws {
        guard !plan.ledgerRefresh.isEmpty else { return }
        let limits = Engine.Limits(concurrency: 1, requestTimeout: bench.workspace.spec.timeouts.request)
        let engine = Engine(
            session: session, performers: [], limits: limits, clock: { Workbench.now }, observer: { _ in })
        let report = try await engine.run(plan.ledgerRefresh)
        guard let failure = report.journalFailure else { return }
        throw CommandFailure(.error, "the ledger could not be written: \(failure)")
    }

    /// Runs until done; SIGINT and SIGTERM let calls in flight finish and stop the rest.
    private func interruptible(
        _ engine: Engine, _ body: @escaping @Sendable () async throws -> RunReport
    ) async throws -> (report: RunReport, signal: ExitCode) {
        try await withThrowingTaskGroup(of: Progress.self) { group in
            group.addTask { .ended(try await body()) }
            group.addTask {
                for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
                    await engine.interrupt()
                    return .signalled(signal == .sigterm ? .terminated : .interrupted)
                }
                return .cancelled
            }
            var signal = ExitCode.interrupted
            while let progress = try await group.next() {
                switch progress {
                case .signalled(let code): signal = code
                case .cancelled: continue
                case .ended(let report):
                    group.cancelAll()
                    return (report, signal)
                }
            }
            throw CommandFailure(.error, "the run ended without a report")
        }
    }

    private enum Progress: Sendable {
        case ended(RunReport)
        case signalled(ExitCode)
        case cancelled
    }
}

extension KnownSites {
    /// The sites with the clusters that carried out steps of a run: those answered when the step ended.
    fileprivate func answering(_ outcomes: [StepOutcome]) -> KnownSites {
        var sites = self
        for outcome in outcomes where outcome.result == .succeeded && outcome.step.isEffectful {
            guard let place = outcome.step.address.place, let cluster = sites.clusters[place],
                [.topic, .mirror, .link].contains(outcome.step.address.kind)
            else { continue }
            sites.clusters[place]?.lastAnswered = max(cluster.lastAnswered ?? outcome.endedAt, outcome.endedAt)
        }
        return sites
    }
}
