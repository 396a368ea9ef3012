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
        for attempt in proof.attempts { try await awaitRefusal(of: attempt, on: proof.entries.cluster) }
        try await SourceStillness(
            context: context, mirrors: proof.mirrors, quiet: proof.quiet, source: proof.entries.cluster
        ).wait()
        try await awaitPresence(of: proof.entries, atMost: StepContext.settling)
    }

    // MARK: Parts

    /// Between two attempts to write.
    private static let interval: Duration = .milliseconds(500)

    /// Writes as an application would, until it is refused: entries that are listed bind a little later, and something
    /// that this cluster ranks above them may let the application through. An answer that says nothing about that is
    /// passed over.
    private func awaitRefusal(of attempt: FenceProof.Attempt, on cluster: String) async throws(StepFailure) {
        guard let credentials = context.workspace.clientBindings[attempt.binding]?.credentials[cluster]?.kafka,
            credentials.signsInOverHTTP, let site = await context.directory.cluster(cluster),
            let base = site.restEndpoint,
            case .success(let endpoint) = await outcome({ try await context.endpoints.kafka(at: base, as: credentials) }
            )
        else { return }
        let api = KafkaAPI(endpoint: endpoint, clusterID: site.id)
        let start = context.pacing.elapsed()
        while case .success = await outcome({ try await api.produce(.canary, to: attempt.topic) }) {
            guard context.pacing.elapsed() - start < StepContext.settling else {
                throw StepFailure(
                    .rejected,
                    "the fence does not hold: after \(StepContext.settling.inWords) \(attempt.topic) on \(cluster) still "
                        + "takes records of \(attempt.binding), whose writes are denied; look for what allows them there",
                    endpoint: base)
            }
            do { try await context.pacing.sleep(Self.interval) } catch {
                throw Self.interrupted(cluster, base)
            }
        }
        guard !Task.isCancelled else { throw Self.interrupted(cluster, base) }
    }

    private static func interrupted(_ cluster: String, _ base: String) -> StepFailure {
        StepFailure(.interrupted, "interrupted while the fence on \(cluster) was tried", endpoint: base)
    }

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
