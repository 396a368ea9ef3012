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
        package var isTakenBack: Bool { parts.contains(where: hasTakenBack) }

        /// Whether a part took back all that a move had done. What was done at a place that is not seen any more stays, and
        /// the plan that takes back knows nothing of it.
        private func hasTakenBack(_ part: Part) -> Bool {
            guard part.purpose == .takeBack, part.isDone else { return false }
            let unseen = part.plan.sites.filter(\.state.isUnseen)
            let done = first?.report?.outcomes.filter(\.mayHaveChanged).compactMap(\.step.placeOfPreparation) ?? []
            return !done.contains { place in unseen.contains { $0.kind == place.kind && $0.name == place.name } }
        }

        /// Whether something was changed, or may have been, that is of no move: it stays when the moves are taken back.
        private var hasChangedBesidesMoves: Bool {
            guard let first, let report = first.report else { return false }
            let moves = Set(first.plan.moves.map(\.family))
            return report.outcomes.contains { outcome in
                !outcome.step.address.isOfMove(of: moves) && outcome.mayHaveChanged
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
                if hasTakenBack(part) {
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

extension StepOutcome {
    /// Whether something live was changed by it, or may have been.
    fileprivate var mayHaveChanged: Bool {
        guard step.isEffectful else { return false }
        return switch result {
        case .succeeded: true
        case .failed(let failure), .open(let failure): failure.effect != .none
        case .skipped, .interrupted: false
        }
    }
}

extension Step {
    /// The endpoint at which it prepares a move; `nil` when it is nothing that a move has to take back.
    fileprivate var placeOfPreparation: (kind: Plan.Site.Kind, name: String)? {
        switch action {
        case .registry(.setRegistryMode(let setting)): (.registry, setting.environment)
        case .registry(.pauseExporter(let exporter)): (.registry, exporter.environment)
        case .move(.fence(let entries)): (.kafka, entries.cluster)
        default: nil
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
