import Execution
import Planning

extension ApplyRun {
    /// What runs is what the file says: its steps and changes are those its digest was made of.
    func refuseWhenInconsistent(_ saved: Plan, isFirst: Bool) throws(CommandFailure) {
        guard PlanDigest.compute(saved, of: bench.workspace, isFirst: isFirst) != saved.digest else { return }
        throw CommandFailure(
            .stale,
            "the saved plan shows something else than was decided when it was made; nothing was done. Plan again.")
    }
}
