import Bindings
import Confluent
import Domain
import Execution
import Planning

/// Confirms, right before copies are destroyed, that clients are where the plan thinks they are: in every store that
/// can be read, and on the cluster.
struct HolderPerformer: StepPerformer {
    let workspace: Workspace
    let stores: BindingStoreObserver
    let cluster: ConfluentPerformer

    func performs(_ action: StepAction) -> Bool {
        if case .move(.confirmHolder) = action { true } else { false }
    }

    func perform(_ step: Step) async throws(StepFailure) {
        guard case .move(.confirmHolder(let proof)) = step.action else {
            throw StepFailure(.rejected, "\(step.id) confirms nothing")
        }
        for binding in workspace.clientBindings.values.sorted(by: { $0.name < $1.name }) {
            for index in binding.publish.indices {
                let address = ResourceAddress(.binding, "\(binding.name)/\(index)")
                guard proof.bindings.contains(address) else { continue }
                try compare(await stores.observe(binding, targetIndex: index), at: address, with: proof)
            }
        }
        try await cluster.perform(step)
    }

    private func compare(
        _ reach: Reach<StoreSnapshot>, at address: ResourceAddress, with proof: HolderProof
    ) throws(StepFailure) {
        guard let snapshot = reach.snapshot else {
            if case .absent = reach { return }
            throw StepFailure(.unreachable, "\(address) cannot be read: \(reach.silence ?? "no reason given")")
        }
        guard let bookkeeping = snapshot.bookkeeping else { return }
        if let primary = bookkeeping.primary, primary != proof.holder {
            throw StepFailure(.conflict, "\(address) sends clients to \(primary), not to \(proof.holder)")
        }
        if let epoch = bookkeeping.epoch, epoch > proof.epoch {
            throw StepFailure(.conflict, "\(address) is in epoch \(epoch), the plan was made in \(proof.epoch)")
        }
    }
}
