import Domain

/// What people are told of a move before they consent to it.
extension Facts {
    func plannedMove(_ draft: MoveDraft, _ sites: SitePlan) -> Plan.Move {
        var planned = Plan.Move(
            family: draft.family, kind: draft.kind, from: draft.holder, to: draft.target, epoch: draft.epoch,
            evidence: draft.isOfTheRest
                ? "topics of it that an earlier move left there" : draft.situation.evidence)
        planned.isContinued = draft.open != nil
        planned.bringsTheRest = draft.isOfTheRest
        planned.topics = draft.promotions.counts
        planned.left = draft.promotions.left
        let lag = lag(of: draft)
        planned.lag = lag.known
        planned.unknownLag = lag.unknown
        planned.incident = draft.consent?.incident ?? draft.open?.incident
        planned.overrides = draft.overrides.sorted { $0.rawValue < $1.rawValue }
        planned.warnings = warnings(draft, sites)
        planned.followedBy = followUps(draft)
        return planned
    }

    private func warnings(_ draft: MoveDraft, _ sites: SitePlan) -> [String] {
        var warnings: [String] = []
        if draft.situation.isLedgerStale {
            warnings.append("the ledger is older than what was published: it counts as lost for this group")
        }
        if draft.kind == .failover, draft.fence.bindings.isEmpty {
            warnings.append(
                "no fence is declared: when \(draft.holder) comes back, clients that were not restarted write to it")
        } else if draft.kind == .switchover, draft.fence.isDeclared, !draft.fence.isComplete {
            warnings.append("the fence is partial: copies on \(draft.holder) cannot be shown to be lossless")
        }
        if !draft.promotions.absent.isEmpty {
            warnings.append("no copy on \(draft.target): \(draft.promotions.absent.shortened)")
        }
        warnings +=
            draft.promotions.unknown.isEmpty
            ? []
            : [
                "not known what they lack: "
                    + draft.promotions.unknown.map { $0.words(besides: draft.holder) }.shortened
            ]
        let shared = sharedLinks(draft)
        if !shared.isEmpty {
            warnings.append(
                "sync features stay on, because mirrors of others are on the same link: \(shared.shortened)")
        }
        for (link, topics) in draft.promotions.detached.sorted(by: { $0.key < $1.key }) {
            warnings.append(
                "link \(link) is deleted by force: \(topics.count) mirrors end where they are, and offsets of their "
                    + "consumers are not synced a last time")
        }
        if draft.kind == .failover {
            warnings += unusableAnswers(draft)
            warnings += agesNotKnown(draft)
            if areEntriesUnseen(draft) {
                warnings.append("clients: what \(draft.target) denies them is not known: its entries may not be read")
            }
            warnings += (uncredentialed(draft) + unrendered(draft, sites)).compactMap { problem in
                if case .told(let words) = problem.cause { "clients: \(problem.binding): \(words)" } else { nil }
            }
            warnings.append(
                "as long as \(draft.holder) is dark, only revoking the \(draft.target) API keys of its exporter and links keeps it from writing there"
            )
        }
        return warnings
    }

    private func followUps(_ draft: MoveDraft) -> [String] {
        edits(draft) + reprotection(draft)
    }

    /// What has to be committed when a flag directed the move.
    private func edits(_ draft: MoveDraft) -> [String] {
        guard let declared = undeclared[draft.family.name] else { return [] }
        return [
            "commit `primary: \(draft.target)` in FailoverGroup \(draft.family.name) before the next apply: the manifests "
                + "still say \(declared), and the next plan would go back there"
        ]
    }

    private func reprotection(_ draft: MoveDraft) -> [String] {
        let secondaries = draft.family.members.filter { $0 != draft.target }.joined(separator: ", ")
        switch (draft.family.leader.reprotect, draft.kind) {
        case (.retire, _): return ["\(draft.holder) is retired: its link and exporter are removed"]
        case _ where draft.isReverse: return ["\(draft.holder) follows at once: its topics become the mirrors"]
        case (.manual, _):
            return [
                "`reprotect: Manual`: \(secondaries) keeps its copies until somebody decides; \(draft.target) is not protected"
            ]
        case (.recreate, .switchover) where draft.fence.isComplete:
            return [
                "copies on \(secondaries) are deleted and mirrored anew (lossless), in waves of \(workspace.spec.policy.wave)"
            ]
        case (.restore, .switchover) where draft.fence.isComplete:
            return [
                "copies on \(secondaries) are truncated and restored (lossless), in waves of \(workspace.spec.policy.wave)"
            ]
        default:
            return [
                "copies on \(secondaries) may hold records nobody else has: a later plan shows them and asks for a token"
            ]
        }
    }

    /// Links into the new side that write there by themselves, and are not the family's alone to change.
    private func sharedLinks(_ draft: MoveDraft) -> [String] {
        let rows = index.mirrors[draft.target] ?? [:]
        let used = Set(draft.topics.compactMap { rows[$0]?.link })
        return (observation.clusters[draft.target]?.snapshot?.links ?? []).filter { link in
            used.contains(link.name) && isShared(link, draft)
                && LinkConfigs.enableFlags.keys.contains { link.configs[$0] == "true" }
        }.map(\.name).sorted()
    }
}
