import Domain
package import Execution
import Foundation
package import Planning
import Rendering
import StateStores

/// One apply: lock, plan, consent, run, report.
package struct ApplyRun {
    let bench: Workbench
    let request: ApplyRequest
    let saved: Plan?
    let control = RunControl()

    /// An apply of a workspace.
    ///
    /// - Parameter saved: The plan that is run as it is.
    package init(bench: Workbench, request: ApplyRequest, saved: Plan? = nil) {
        self.bench = bench
        self.request = request
        self.saved = saved
    }

    private var console: Console { CommandContext.current.output }

    /// Runs until the end, or until a signal has ended it in order.
    package func run() async throws -> ExitCode {
        let work = Task { try await whole() }
        await control.whenStopped { work.cancel() }
        return try await CommandContext.current.signals.minding({ await control.signalled($0) }) {
            try await withTaskCancellationHandler {
                try await work.value
            } onCancel: {
                work.cancel()
            }
        }
    }

    private func whole() async throws -> ExitCode {
        do {
            let resumes = if let saved { try await hasStarted(saved) } else { false }
            let session = try await begin()
            do {
                return try await run(in: session, resumes: resumes)
            } catch let failure as CommandFailure {
                let cause = await control.cause(of: failure)
                try? await session.end(exitCode: Int(cause.code.rawValue), summary: cause.summary)
                throw cause
            }
        } catch let failure as CommandFailure {
            throw await control.cause(of: failure)
        }
    }

    private func begin() async throws(CommandFailure) -> any RunSession {
        let startedAt = CommandContext.current.startedAt
        let header = RunHeader(
            id: RunIdentity.newID(at: Workbench.now), startedAt: startedAt, host: RunIdentity.host,
            process: RunIdentity.process,
            command: request.words, planDigest: saved?.basis ?? "", approver: request.approver,
            reference: request.reference, revision: request.revision)
        return try await bench.state { store throws(StateStoreError) in
            try await store.begin(header, lockTimeout: request.lockTimeout)
        }
    }

    /// Does what the reconciliation asks for, until it is over.
    private func run(in session: any RunSession, resumes: Bool) async throws -> ExitCode {
        let options = try saved.map(options) ?? request.options
        var reconciliation = Reconciliation(
            options, protects: saved == nil, allowsDeferred: request.allowsDeferred)
        var action = reconciliation.start()
        var seen: Observation?
        while true {
            switch action {
            case .observe(let options, let purpose):
                if purpose == .takeBack { await control.beginTakingBack() }
                let input = try await bench.input(options, isAsGiven: saved == nil && purpose == .reconcile)
                seen = input.observation
                action = reconciliation.handle(.observed(input))
            case .ask(let probes):
                let sites = seen?.sites ?? KnownSites()
                action = reconciliation.handle(.answered(await bench.answer(probes, sites)))
            case .approve(let plan):
                try stopWhenInterrupted()
                if let seen { await bench.remember(plan, seen) }
                try await approve(plan, session, resumes: resumes)
                if let seen { await bench.remember(plan, seen) }
                action = reconciliation.handle(.approved)
            case .run(let plan, let purpose):
                try stopWhenInterrupted()
                tell(plan, purpose)
                // Whoever confirmed the move at the prompt has seen none of what follows it.
                if purpose == .protect, await !consented(to: "The clients are moved. Make these changes too?") {
                    say(
                        "\nNot approved: nothing of what follows the move was done. Next: "
                            + CommandContext.current.invocation.command("apply"))
                    action = reconciliation.handle(.declined)
                    continue
                }
                guard let seen else { throw CommandFailure(.error, "a plan without an observation") }
                let report = try await perform(plan, seen, session)
                // A ledger that was lost on the way is not waited for once more before it is said what was done.
                let recorded = report.journalFailure == nil ? try await bench.recorded() : Recorded()
                tell(report, of: plan, purpose, recorded)
                action = reconciliation.handle(.ran(report, recorded))
            case .refresh(let plan, let purpose):
                try stopWhenInterrupted()
                tell(plan, purpose)
                try await refreshLedger(plan, session)
                action = reconciliation.handle(.refreshed)
            case .wait(let time):
                try? await Task.sleep(for: time)
                try stopWhenInterrupted()
                action = reconciliation.handle(.waited)
            case .end(let outcome):
                if let seen, let confirmation = outcome.confirmation {
                    try stopWhenInterrupted()
                    await bench.remember(confirmation.plan, seen)
                }
                return try await finish(outcome, session)
            }
        }
    }

    /// What was read while the command was being stopped proves nothing.
    private func stopWhenInterrupted() throws(CommandFailure) {
        guard !Task.isCancelled else { throw CommandFailure(.interrupted) }
    }

    private func approve(_ plan: Plan, _ session: any RunSession, resumes: Bool) async throws {
        var plan = plan
        plan.seal(for: bench)
        if let saved { try refuseWhenStale(saved, plan, resumes: resumes) }
        show(plan)
        guard plan.hasSteps else { return }
        let isTyped = try await confirmMoves(of: plan)
        let isApproved = if isTyped { true } else { await consented(to: "Apply these changes?") }
        guard isApproved else {
            try await end(session, .error, "not approved")
            throw CommandFailure(.error, "not approved; nothing was done")
        }
    }

    private func finish(_ outcome: Reconciliation.Outcome, _ session: any RunSession) async throws -> ExitCode {
        if outcome.isTakenBack { say("Nothing moved: clients, mirrors and registries are as they were.") }
        let code = outcome.exitCode(
            allowsDeferred: request.allowsDeferred, signal: await control.signal ?? .interrupted)
        if code != .success { tellWhatIsNext(after: outcome) }
        guard outcome.carriedOut.last?.report?.journalFailure == nil else {
            try? await session.end(exitCode: Int(code.rawValue), summary: summary(of: outcome))
            return code
        }
        try await end(session, code, summary(of: outcome))
        try await writeSnapshot()
        return code
    }

    // MARK: Telling

    private func summary(of outcome: Reconciliation.Outcome) -> String {
        guard !outcome.isTakenBack else { return "the move was taken back; nothing moved" }
        guard let last = outcome.carriedOut.last else { return "nothing was done" }
        return last.report.map { ReportText().summary(of: $0, last.plan) } ?? PlanText().summary(of: last.plan)
    }

    /// A sentence for people; events are told as JSON instead.
    func say(_ sentence: String) {
        if request.format == .text { console.writeLine(sentence) }
    }

    private func show(_ plan: Plan) {
        let text = PlanText(
            terminal: bench.options.outputTerminal, expand: request.expandsChanges,
            places: bench.manifests.places(of: plan))
        say(text.render(plan))
    }

    /// What is done next, where nobody was asked.
    private func tell(_ plan: Plan, _ purpose: Reconciliation.Purpose) {
        switch purpose {
        case .reconcile, .confirm: return
        case .takeBack:
            say("\nThe move is taken back: it did not come to its point of no return.")
            if !plan.refusals.isEmpty || !plan.deferred.isEmpty { show(plan) }
        case .protect:
            guard plan.hasSteps || plan.leavesSomething else { return }
            say("\nWhat follows the move:")
            show(plan)
        }
    }

    private func tell(
        _ report: RunReport, of plan: Plan, _ purpose: Reconciliation.Purpose, _ recorded: Recorded
    ) {
        let isToBeTakenBack = report.journalFailure == nil && !recorded.begunMoves(of: plan).isEmpty
        let occasion: ReportText.Occasion =
            purpose == .takeBack
            ? .takingBack : purpose == .reconcile && isToBeTakenBack ? .toBeTakenBack : .applying
        say(ReportText(terminal: bench.options.outputTerminal, occasion: occasion).render(report, of: plan))
    }

    // MARK: Consent

    /// A change of primary is confirmed by name: a saved plan, a flag, or the member typed at the prompt. Bringing what
    /// an earlier move left behind changes no primary.
    ///
    /// - Returns: Whether somebody typed it, which approves the plan that was shown.
    private func confirmMoves(of plan: Plan) async throws -> Bool {
        guard saved == nil else { return false }
        let open = plan.moves.filter { move in
            !move.bringsTheRest
                && !request.confirmed.contains { move.groups.contains($0.group) && $0.member == move.to }
        }
        guard !open.isEmpty else { return false }
        guard !request.isApproved, CommandContext.current.canAsk else {
            let flags = open.map { "\($0.family)=\($0.to)" }.joined(separator: " ")
            throw CommandFailure(
                .refused,
                "a change of primary is confirmed by name: apply a saved plan, or give --confirm-primary \(flags)")
        }
        for move in open {
            CommandContext.current.diagnostics.write(
                "\nMove \(move.groups.joined(separator: ", ")) from \(move.from) to \(move.to)? Type the name of the new primary: "
            )
            guard await Prompt.line() == move.to else {
                throw CommandFailure(.error, "not confirmed; nothing was done")
            }
        }
        return true
    }

    func options(of saved: Plan) throws(CommandFailure) -> PlanOptions {
        guard let options = PlanOptions(words: saved.flags) else {
            throw CommandFailure(.error, "the plan was made with flags this version does not know; plan again")
        }
        return options
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

    /// What is recomputed now must decide as the plan did, and publish over what it saw; when a run of it did not
    /// finish, what is left must be a part of it.
    private func refuseWhenStale(_ saved: Plan, _ now: Plan, resumes: Bool) throws(CommandFailure) {
        let isFirst = saved.ledgerID == nil
        guard PlanDigest.compute(now, of: bench.workspace, isFirst: isFirst) != saved.basis else {
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

    private func consented(to question: String) async -> Bool {
        guard saved == nil, !request.isApproved else { return true }
        CommandContext.current.diagnostics.write("\n\(question) Only `yes` is accepted: ")
        return await Prompt.line() == "yes"
    }
}

extension Plan {
    /// Whether something remains that it does not do.
    fileprivate var leavesSomething: Bool { !deferred.isEmpty || !decisions.isEmpty || !refusals.isEmpty }
}
