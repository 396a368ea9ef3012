import Domain
package import Planning

/// One fact about what a command saw or did. Together they decide its exit code: docs/exit-codes.md is their table.
package enum ExitFact: Hashable, Sendable, CaseIterable {
    /// Something differs from the manifests, or, for `drift`, from what was last applied.
    case differs
    /// A side that is needed was not seen: it is silent, denies, is broken, or is not what the manifests name.
    case unseen
    /// Such a side is wrong until somebody repairs it, and nothing else could be done.
    case misconfigured
    /// Work waits for something.
    case deferred
    /// Work waits for somebody's consent.
    case decision
    /// A group is not protected, by what was seen.
    case unprotected
    /// A move has begun and has not ended for every member.
    case openMove
    /// A move left topics where they were.
    case leftTopics
    /// An exporter does not run, or reports a failure.
    case failingExporter
    /// A restart hook failed.
    case failedHook
    /// A gate or policy refuses something.
    case refused
    /// What happened could not be written down.
    case journalLost
    /// Steps failed, and nothing was changed.
    case failedWithoutEffect
    /// Steps failed, and others are done or may have had an effect.
    case failed
    /// SIGINT stopped steps.
    case interrupted
    /// SIGTERM stopped steps.
    case terminated

    /// A command whose exit code facts decide.
    package enum Command: Hashable, Sendable, CaseIterable {
        /// `plan`, which shows and does nothing.
        case plan
        /// `plan --detailed-exitcode`.
        case detailedPlan
        /// `apply`.
        case apply
        /// `drift`.
        case drift
        /// `status --check`.
        case check
    }

    /// What a command ends with when this is all there is to tell; `nil` = it does not count there.
    package func code(for command: Command) -> ExitCode? {
        switch self {
        case .differs:
            switch command {
            case .detailedPlan, .drift: .changes
            // An apply that left a difference is not done.
            case .apply: .incomplete
            case .plan, .check: nil
            }
        case .misconfigured: command == .drift || command == .check ? .incomplete : .error
        case .unseen, .deferred, .decision, .unprotected, .openMove, .leftTopics, .failingExporter, .failedHook:
            .incomplete
        case .refused: .refused
        case .journalLost, .failedWithoutEffect: .error
        case .failed: .partial
        case .interrupted: .interrupted
        case .terminated: .terminated
        }
    }
}

extension Plan {
    /// What it tells about the exit code of the command that made it.
    ///
    /// What is not as promised now (a group that is not protected, work that waits) counts once the plan itself has
    /// nothing left to do: before that the plan is what ends it.
    ///
    /// - Parameter allowsDeferred: Whether what could not be seen, and what waits for it, counts as done.
    package func exitFacts(allowsDeferred: Bool) -> Set<ExitFact> {
        var facts: Set<ExitFact> = []
        let needed = sites.filter { $0.state.isUnseen && !$0.isExcused }
        if !refusals.isEmpty { facts.insert(.refused) }
        if hasSteps || !changes.isEmpty { facts.insert(.differs) }
        if !allowsDeferred {
            if !needed.isEmpty { facts.insert(.unseen) }
            if !hasSteps, needed.contains(where: { $0.state.needsRepair && !isRefused($0) }) {
                facts.insert(.misconfigured)
            }
        }
        guard !hasSteps else { return facts }
        if !deferred.isEmpty, !allowsDeferred { facts.insert(.deferred) }
        if !decisions.isEmpty { facts.insert(.decision) }
        // What waits for something that may be deferred is not told by itself.
        let waits = allowsDeferred && (!deferred.isEmpty || sites.contains { $0.state.isUnseen })
        return facts.union(waits ? [] : standingFacts)
    }

    /// Whether a refusal says of a side that it is not clear, or not agreed, which live object it is: the manifests are
    /// refused then, where an endpoint that leads to a stranger is an error of itself.
    private func isRefused(_ site: Plan.Site) -> Bool {
        guard site.state == .wrong else { return false }
        let kind: ResourceKind = site.kind == .kafka ? .cluster : .environment
        let subject = ResourceAddress(kind, site.name).description
        return refusals.contains { $0.gate == .identity && $0.subject == subject }
    }

    /// What its groups are now, whatever it does about them.
    package var standingFacts: Set<ExitFact> {
        var facts: Set<ExitFact> = []
        for group in groups {
            if !group.isProtected, group.gaps.isEmpty || !group.gaps.allSatisfy(\.isIntended) {
                facts.insert(.unprotected)
            }
            if group.standing?.open != nil { facts.insert(.openMove) }
            if !group.left.isEmpty { facts.insert(.leftTopics) }
            if group.gaps.contains(where: \.isFailingExporter) { facts.insert(.failingExporter) }
        }
        return facts
    }
}
