import Domain
import Execution
import Planning

extension ApplyRun {
    /// What runs is what the file says: its steps and changes are those its digest was made of.
    func refuseWhenInconsistent(_ saved: Plan, isFirst: Bool) throws(CommandFailure) {
        guard PlanDigest.compute(saved, of: bench.workspace, isFirst: isFirst) != saved.basis else { return }
        throw CommandFailure(
            .stale,
            "the saved plan shows something else than was decided when it was made; nothing was done. Plan again.")
    }

    /// Whether a run of the saved plan began and did not finish.
    ///
    /// - Throws: ``CommandFailure`` with exit code 5 when everything in it was done, or it is of another workspace.
    func hasStarted(_ saved: Plan) async throws(CommandFailure) -> Bool {
        guard saved.workspace == bench.workspace.name else {
            throw CommandFailure(
                .stale, "the plan is for workspace \(saved.workspace), this is \(bench.workspace.name)")
        }
        guard !saved.basis.isEmpty else {
            throw CommandFailure(.error, "the plan does not say what it was decided on; plan again")
        }
        let runs = try await bench.state { store throws(StateStoreError) in try await store.runs() }
            .filter { $0.header.planDigest == saved.basis }
        if let done = runs.first(where: { $0.exitCode == 0 }) { throw Self.spent(by: done) }
        var left = Set(saved.steps.map(\.id))
        var hasStarted = false
        for run in runs {
            let steps = try await steps(of: run)
            hasStarted = hasStarted || !steps.isEmpty
            left.subtract(steps.filter { $0.result == "succeeded" }.map(\.id))
        }
        if hasStarted, left.isEmpty, let last = runs.first { throw Self.spent(by: last) }
        return hasStarted
    }

    private static func spent(by run: RunRecord) -> CommandFailure {
        CommandFailure(.stale, "this plan was already applied by run \(run.header.id); plan again")
    }

    /// What a run meant to do: nothing when it was refused.
    private func steps(of run: RunRecord) async throws(CommandFailure) -> [RunRecord.StepRecord] {
        let record = try await bench.state { store throws(StateStoreError) in try await store.run(run.header.id) }
        return record?.steps ?? []
    }
}
