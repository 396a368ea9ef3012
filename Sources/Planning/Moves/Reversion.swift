package import Domain

extension Workspace {
    /// The workspace as some flags have it planned.
    package func under(_ options: PlanOptions, _ recorded: Recorded) -> Workspace {
        directing(options.failovers).reverting(options.reverted, recorded)
    }

    /// Declared primaries of families that flags direct elsewhere, by the name of the family.
    func primariesOverridden(by options: PlanOptions) -> [String: String] {
        guard options.reverted.isEmpty, !options.failovers.isEmpty else { return [:] }
        let directed = GroupFamily.all(in: directing(options.failovers)).map { ($0.name, $0.primary) }
        let now = Dictionary(directed) { first, _ in first }
        return GroupFamily.all(in: self).reduce(into: [:]) { overridden, family in
            if now[family.name] != family.primary { overridden[family.name] = family.primary }
        }
    }

    /// The workspace with the primaries that consents on the command line name: a failover needs no edit then.
    private func directing(_ failovers: [String: PlanOptions.FailoverFlag]) -> Workspace {
        guard !failovers.isEmpty else { return self }
        var workspace = self
        for family in GroupFamily.all(in: self) {
            for group in family.groups {
                guard let member = failovers[group.name]?.member, family.members.contains(member) else { continue }
                workspace.failoverGroups[family.name]?.placement = .declared(primary: member, members: family.members)
            }
        }
        return workspace
    }

    /// The workspace as it was before unfinished moves that are to be taken back: their groups have the primary they
    /// are being moved away from.
    ///
    /// - Parameters:
    ///   - families: Names of the families whose move is taken back.
    ///   - recorded: What the ledger remembers of their moves; a move past the point of no return stays.
    package func reverting(_ families: Set<String>, _ recorded: Recorded) -> Workspace {
        guard !families.isEmpty else { return self }
        var workspace = self
        for name in families {
            guard let moves = recorded.moves[name], let open = moves.open, !open.isPast, !moves.isBringingTheRest,
                case .declared(_, let members)? = failoverGroups[name]?.placement
            else { continue }
            workspace.failoverGroups[name]?.placement = .declared(primary: open.from, members: members)
        }
        return workspace
    }
}
