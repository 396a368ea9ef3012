public import Planning

/// How a command ends, as its process status. The numbers are a stable contract for pipelines.
public enum ExitCode: Int32, Hashable, Sendable, CaseIterable {
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
    public static func strongest(of codes: some Sequence<ExitCode>) -> ExitCode {
        let applying = Set(codes)
        return precedence.first(where: applying.contains) ?? .success
    }

    /// How `plan` ends.
    ///
    /// - Parameters:
    ///   - plan: The plan that was made.
    ///   - detailed: Whether changes and deferred work show in the status.
    ///   - allowsDeferred: Whether deferred work counts as done.
    public static func ofPlanning(_ plan: Plan, detailed: Bool, allowsDeferred: Bool) -> ExitCode {
        var codes: [ExitCode] = []
        if !plan.refusals.isEmpty { codes.append(.refused) }
        if plan.hasHiddenLists, !allowsDeferred { codes.append(.incomplete) }
        if detailed {
            if plan.hasSteps || !plan.changes.isEmpty { codes.append(.changes) }
            if plan.leavesWork(allowsDeferred: allowsDeferred) { codes.append(.incomplete) }
        }
        return strongest(of: codes)
    }

    /// How `status --check` ends.
    ///
    /// - Parameters:
    ///   - isRefused: Whether a group exists that no standby could take over now.
    ///   - isUnprotected: Whether a group is not protected, or its applications could not work on a standby.
    ///   - isPartlyUnseen: Whether something did not answer.
    public static func ofStatus(isRefused: Bool, isUnprotected: Bool, isPartlyUnseen: Bool) -> ExitCode {
        strongest(of: (isRefused ? [.refused] : []) + (isUnprotected || isPartlyUnseen ? [.incomplete] : []))
    }

    /// How `drift` ends.
    ///
    /// - Parameters:
    ///   - hasDrift: Whether something differs from what was last applied.
    ///   - isPartlyUnseen: Whether a side did not answer.
    ///   - allowsDeferred: Whether a side that did not answer counts as seen.
    public static func ofDrift(_ hasDrift: Bool, isPartlyUnseen: Bool, allowsDeferred: Bool) -> ExitCode {
        strongest(of: (hasDrift ? [.changes] : []) + (isPartlyUnseen && !allowsDeferred ? [.incomplete] : []))
    }

    /// How `apply` ends.
    ///
    /// - Parameters:
    ///   - plan: What was carried out.
    ///   - report: How that went.
    ///   - allowsDeferred: Whether deferred work counts as done.
    ///   - signal: ``interrupted`` or ``terminated``: which signal interrupted the run, when one did.
    public static func ofApplying(
        _ plan: Plan, _ report: RunReport, allowsDeferred: Bool, signal: ExitCode = .interrupted
    ) -> ExitCode {
        var codes: [ExitCode] = []
        if report.journalFailure != nil { codes.append(.error) }
        if report.wasInterrupted && report.isCut { codes.append(signal) }
        if !report.failures.isEmpty {
            codes.append(
                report.failures.allSatisfy(\.isOfAHook) ? .incomplete : report.hasChangedNothing ? .error : .partial)
        }
        if !plan.refusals.isEmpty { codes.append(.refused) }
        if plan.leavesWork(allowsDeferred: allowsDeferred) { codes.append(.incomplete) }
        if plan.hasHiddenLists, !allowsDeferred { codes.append(.incomplete) }
        return strongest(of: codes)
    }
}

extension Plan {
    /// Whether a list told less than there is: what it hides was not seen.
    fileprivate var hasHiddenLists: Bool {
        sites.contains { $0.kind == .list && $0.silence != nil }
    }

    /// Whether something remains that this plan does not do: deferred, or to be decided.
    fileprivate func leavesWork(allowsDeferred: Bool) -> Bool {
        !decisions.isEmpty || (!deferred.isEmpty && !allowsDeferred)
    }
}

extension StepOutcome {
    /// Whether it is a restart hook: one that fails is retried by the next apply.
    fileprivate var isOfAHook: Bool { if case .runHook = step.action { true } else { false } }
}

extension RunReport {
    /// Whether it is certain that nothing was changed: no step succeeded, and those that failed had no effect.
    public var hasChangedNothing: Bool {
        succeeded.isEmpty
            && (failures + open).allSatisfy { outcome in
                switch outcome.result {
                case .failed(let failure), .open(let failure): failure.effect == .none
                case .succeeded, .skipped, .interrupted: true
                }
            }
    }
}
