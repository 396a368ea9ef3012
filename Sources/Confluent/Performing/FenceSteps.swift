import Domain
import Execution
import Planning
import Transport

/// Steps on entries that keep writers from topics.
struct FenceSteps: Sendable {
    /// Entries written in one call.
    private static let batch = 200

    let context: StepContext

    func write(_ entries: FenceEntries) async throws(StepFailure) {
        guard !entries.bindings.isEmpty else { return }
        let api = try await context.kafka(entries.cluster)
        var rest = entries.bindings[...]
        while !rest.isEmpty {
            try await create(Array(rest.prefix(Self.batch)), api)
            rest = rest.dropFirst(Self.batch)
        }
        try await awaitPresence(of: entries, atMost: context.transitionLimit)
    }

    func remove(_ entries: FenceEntries) async throws(StepFailure) {
        guard !entries.bindings.isEmpty else { return }
        let api = try await context.kafka(entries.cluster)
        try await context.call {
            _ = try await together(entries.bindings) { binding in
                try await outcome { try await api.deleteACL(binding) }.unlessMissing()
            }
        }
        let removed = Set(entries.bindings)
        let poller = await context.pollers.denials(api, inCloud: isCloud(entries.cluster))
        try await context.wait(
            for: "\(removed.count) entries that deny writes on \(entries.cluster) to be gone", in: poller,
            at: api.endpoint, atMost: context.transitionLimit
        ) { (listed: Set<ACLBinding>) -> PollVerdict<Void> in
            let left = removed.intersection(listed)
            return left.isEmpty ? .reached(()) : .waiting("still there: \(left.inWords)")
        }
    }

    /// Entries may be deleted by others while the source is watched, so that they are read before and after.
    func verify(_ proof: FenceProof) async throws(StepFailure) {
        try await awaitPresence(of: proof.entries, atMost: StepContext.settling)
        try await SourceStillness(context: context, mirrors: proof.mirrors, quiet: proof.quiet).wait()
        try await awaitPresence(of: proof.entries, atMost: StepContext.settling)
    }

    // MARK: Parts

    /// Writes a batch; a service without batches gets the entries one by one, and so does one that refuses a batch
    /// because some of them exist.
    private func create(_ bindings: [ACLBinding], _ api: KafkaAPI) async throws(StepFailure) {
        let result = await outcome { try await api.createACLs(bindings) }
        guard case .failure(let failure) = result else { return }
        guard failure.status == 404 || failure.status == 405 || failure.saysAlreadyThere else {
            throw StepFailure(failure)
        }
        try await context.call {
            _ = try await together(bindings) { binding in
                let result = await outcome { try await api.createACL(binding) }
                if case .failure(let failure) = result, !failure.saysAlreadyThere { throw failure }
            }
        }
    }

    private func awaitPresence(of entries: FenceEntries, atMost limit: Duration) async throws(StepFailure) {
        guard !entries.bindings.isEmpty else { return }
        let api = try await context.kafka(entries.cluster)
        let wanted = Set(entries.bindings)
        let poller = await context.pollers.denials(api, inCloud: isCloud(entries.cluster))
        try await context.wait(
            for: "\(wanted.count) entries that deny writes on \(entries.cluster)", in: poller, at: api.endpoint,
            atMost: limit
        ) { (listed: Set<ACLBinding>) -> PollVerdict<Void> in
            let missing = wanted.subtracting(listed)
            return missing.isEmpty ? .reached(()) : .waiting("missing: \(missing.inWords)")
        }
    }

    private func isCloud(_ cluster: String) -> Bool {
        context.workspace.clusters[cluster]?.type.isCloud ?? false
    }
}

extension Set<ACLBinding> {
    /// The first few entries, for messages.
    fileprivate var inWords: String {
        sorted().map { "\($0.principal) on \($0.resourceName)" }.firstFew
    }
}

extension [String] {
    /// At most five of them, and how many more there are.
    var firstFew: String {
        let shown = prefix(5).joined(separator: ", ")
        return count > 5 ? "\(shown) and \(count - 5) more" : shown
    }
}
