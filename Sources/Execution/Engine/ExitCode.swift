import Domain
package import Planning

/// How a command ends, as its process status. The numbers are a stable contract for pipelines.
package enum ExitCode: Int32, Hashable, Sendable, CaseIterable {
    /// Done.
    case success = 0
    /// An error; nothing was changed, or the journal could not be written.
    case error = 1
    /// There are changes, or drift.
    case changes = 2
    /// Work remains that could not be done now.
    case incomplete = 3
    /// A gate or policy refuses.
    case refused = 4
    /// A saved plan is stale.
    case stale = 5
    /// Another run holds the lock.
    case locked = 6
    /// Some steps failed; independent ones are done.
    case partial = 7
    /// The state is unreadable, missing, or another workspace's.
    case stateUnusable = 8
    /// The command line is wrong.
    case usage = 64
    /// Stopped by SIGINT.
    case interrupted = 130
    /// Stopped by SIGTERM.
    case terminated = 143

    private static let precedence: [ExitCode] = [
        .usage, .stateUnusable, .locked, .error, .interrupted, .terminated, .partial, .refused, .stale, .changes,
        .incomplete, .success,
    ]

    /// The one that counts when several apply; success when none does.
    package static func strongest(of codes: some Sequence<ExitCode>) -> ExitCode {
        let applying = Set(codes)
        return precedence.first(where: applying.contains) ?? .success
    }

    /// What a command ends with, given everything it has to tell.
    package static func of(_ facts: some Sequence<ExitFact>, in command: ExitFact.Command) -> ExitCode {
        strongest(of: facts.compactMap { $0.code(for: command) })
    }

    /// How `plan` ends.
    ///
    /// - Parameters:
    ///   - plan: The plan that was made.
    ///   - detailed: Whether changes show in the status.
    ///   - allowsDeferred: Whether what was not seen, and what waits for it, counts as done.
    package static func ofPlanning(_ plan: Plan, detailed: Bool, allowsDeferred: Bool) -> ExitCode {
        of(plan.exitFacts(allowsDeferred: allowsDeferred), in: detailed ? .detailedPlan : .plan)
    }

    /// How `status --check` ends.
    ///
    /// - Parameters:
    ///   - standing: What its groups are now.
    ///   - isRefused: Whether a group exists that no standby could take over now.
    ///   - isUnready: Whether a group is protected by nobody, whoever wants it so, or applications could work on no
    ///     standby.
    ///   - isPartlyUnseen: Whether something that is shown did not answer.
    package static func ofStatus(
        standing: Set<ExitFact>, isRefused: Bool, isUnready: Bool, isPartlyUnseen: Bool
    ) -> ExitCode {
        var facts = standing
        if isRefused { facts.insert(.refused) }
        if isUnready { facts.insert(.unprotected) }
        if isPartlyUnseen { facts.insert(.unseen) }
        return of(facts, in: .check)
    }

    /// How `drift` ends.
    ///
    /// - Parameters:
    ///   - hasDrift: Whether something differs from what was last applied.
    ///   - isPartlyUnseen: Whether a side did not answer.
    ///   - allowsDeferred: Whether a side that did not answer counts as seen.
    package static func ofDrift(_ hasDrift: Bool, isPartlyUnseen: Bool, allowsDeferred: Bool) -> ExitCode {
        let facts: [ExitFact] = (hasDrift ? [.differs] : []) + (isPartlyUnseen && !allowsDeferred ? [.unseen] : [])
        return of(facts, in: .drift)
    }

    /// How `apply` ends.
    ///
    /// - Parameters:
    ///   - plan: What was carried out.
    ///   - report: How that went.
    ///   - allowsDeferred: Whether what was not seen, and what waits for it, counts as done.
    ///   - signal: ``interrupted`` or ``terminated``: which signal interrupted the run, when one did.
    ///   - after: What a plan finds when the run is over; `nil` when none was made.
    package static func ofApplying(
        _ plan: Plan, _ report: RunReport, allowsDeferred: Bool, signal: ExitCode = .interrupted, after: Plan? = nil
    ) -> ExitCode {
        var facts: Set<ExitFact> = []
        if report.journalFailure != nil { facts.insert(.journalLost) }
        if report.wasInterrupted && report.isCut { facts.insert(signal == .terminated ? .terminated : .interrupted) }
        if !report.failures.isEmpty {
            facts.insert(
                report.failures.allSatisfy(\.isOfAHook)
                    ? .failedHook : report.hasChangedNothing ? .failedWithoutEffect : .failed)
        }
        if !plan.refusals.isEmpty { facts.insert(.refused) }
        if !plan.decisions.isEmpty { facts.insert(.decision) }
        if !plan.deferred.isEmpty, !allowsDeferred { facts.insert(.deferred) }
        if !allowsDeferred, plan.sites.contains(where: { $0.state.isUnseen && !$0.isExcused }) {
            facts.insert(.unseen)
        }
        return of(facts.union(after?.exitFacts(allowsDeferred: allowsDeferred) ?? []), in: .apply)
    }
}

extension StepOutcome {
    /// Whether it is a restart hook: one that fails is retried by the next apply.
    fileprivate var isOfAHook: Bool { if case .hook(.runHook) = step.action { true } else { false } }
}

extension RunReport {
    /// Whether it is certain that nothing was changed: no step succeeded, and those that failed had no effect.
    package var hasChangedNothing: Bool {
        succeeded.isEmpty
            && (failures + open).allSatisfy { outcome in
                switch outcome.result {
                case .failed(let failure), .open(let failure): failure.effect == .none
                case .succeeded, .skipped, .interrupted: true
                }
            }
    }
}
