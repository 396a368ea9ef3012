public import Domain

extension Workspace {
    /// The workspace as it was before unfinished moves that are to be taken back: their groups have the primary they
    /// are being moved away from.
    ///
    /// - Parameters:
    ///   - families: Names of the families whose move is taken back.
    ///   - recorded: What the ledger remembers of their moves; a move past the point of no return stays.
    public func reverting(_ families: Set<String>, _ recorded: Recorded) -> Workspace {
        guard !families.isEmpty else { return self }
        var workspace = self
        for name in families {
            guard let open = recorded.moves[name]?.open, !open.isPast,
                case .declared(_, let members)? = failoverGroups[name]?.placement
            else { continue }
            workspace.failoverGroups[name]?.placement = .declared(primary: open.from, members: members)
        }
        return workspace
    }
}
