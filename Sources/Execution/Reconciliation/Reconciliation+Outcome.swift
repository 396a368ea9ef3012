import Domain
package import Planning

extension Reconciliation {
    /// How an apply ended.
    package struct Outcome: Sendable {
        /// One plan of it.
        package struct Part: Sendable {
            package let purpose: Purpose
            package let plan: Plan
            /// How it was carried out; `nil` when it had no steps.
            package let report: RunReport?
            /// Whether somebody was asked, and wanted it left for later.
            package let isDeclined: Bool

            package init(purpose: Purpose, plan: Plan, report: RunReport?, isDeclined: Bool = false) {
                self.isDeclined = isDeclined
                self.purpose = purpose
                self.plan = plan
                self.report = report
            }

            /// Whether everything was done that was to be done.
            package var isDone: Bool {
                let isWhole = report.map { $0.isWhole && $0.journalFailure == nil } ?? true
                return isWhole && !isDeclined && plan.refusals.isEmpty && plan.deferred.isEmpty
            }
        }

        /// Its plans, in the order they were made.
        package internal(set) var parts: [Part]

        package init(parts: [Part] = []) {
            self.parts = parts
        }

        /// What the manifests said.
        package var first: Part? { parts.first { $0.purpose == .reconcile } }

        /// What was seen when everything was done.
        package var confirmation: Part? { parts.last.flatMap { $0.purpose == .confirm ? $0 : nil } }

        /// The plans that were to be carried out.
        package var carriedOut: [Part] { parts.filter { $0.purpose != .confirm } }

        /// Whether steps were performed.
        package var hasRun: Bool { parts.contains { $0.report != nil } }

        /// Whether a move was taken back, so that nothing moved.
        package var isTakenBack: Bool { parts.contains { $0.purpose == .takeBack && $0.isDone } }

        /// Whether something was changed, or may have been, that is of no move: it stays when the moves are taken back.
        private var hasChangedBesidesMoves: Bool {
            guard let first, let report = first.report else { return false }
            let moves = Set(first.plan.moves.map(\.family))
            return report.outcomes.contains { outcome in
                guard outcome.step.isEffectful, !outcome.step.address.isOfMove(of: moves) else { return false }
                switch outcome.result {
                case .succeeded: return true
                case .failed(let failure), .open(let failure): return failure.effect != .none
                case .skipped, .interrupted: return false
                }
            }
        }

        /// How the command ends.
        ///
        /// - Parameters:
        ///   - allowsDeferred: Whether deferred work counts as done.
        ///   - signal: Which signal interrupted the run, when one did.
        package func exitCode(allowsDeferred: Bool, signal: ExitCode) -> ExitCode {
            let wasInterrupted = first?.report?.wasInterrupted ?? false
            let codes = parts.compactMap { part -> ExitCode? in
                if part.purpose == .takeBack, part.isDone {
                    return wasInterrupted ? nil : hasChangedBesidesMoves ? .partial : .error
                }
                guard !part.isDeclined else { return .incomplete }
                guard let report = part.report else {
                    return .of(part.plan.exitFacts(allowsDeferred: allowsDeferred), in: .apply)
                }
                return .ofApplying(part.plan, report, allowsDeferred: allowsDeferred, signal: signal)
            }
            return .strongest(of: codes)
        }
    }
}

extension ResourceAddress {
    /// Whether it is of the move of one of some families: of its steps, or of the fences that it puts up.
    fileprivate func isOfMove(of families: Set<String>) -> Bool {
        switch kind {
        case .group: families.contains(name)
        case .fence: families.contains(String(name.prefix { $0 != "/" }))
        default: false
        }
    }
}
