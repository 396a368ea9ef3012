import Domain

extension GroupFamily {
    /// The family as it was before a move that is to be taken back.
    func reverted(_ options: PlanOptions, _ recorded: Recorded) -> GroupFamily {
        guard options.reverted.contains(name), let open = recorded.moves[name]?.open, !open.isPast else { return self }
        return with(primary: open.from)
    }
}
