import Domain
import Execution
import Planning
import Synchronization
import Transport

/// Steps of moves: fences, and what turns mirrors into ordinary topics, and ordinary topics back into mirrors.
struct MovePerformer: Sendable {
    let context: StepContext

    func perform(_ action: MoveAction) async throws(StepFailure) {
        let fences = FenceSteps(context: context)
        switch action {
        case .fence(let entries): try await fences.write(entries)
        case .unfence(let entries): try await fences.remove(entries)
        case .verifyFence(let proof): try await fences.verify(proof)
        case .drain(let mirrors): try await drain(mirrors)
        case .endMirrors(let promotion, let mirrors): try await end(mirrors, by: promotion)
        case .restoreMirrors(let mirrors): try await restore(mirrors)
        case .detachLink(let reference): try await detach(reference.link, on: reference.cluster)
        case .awaitMirrors(let mirrors): try await KafkaPerformer(context: context).awaitActive(mirrors)
        case .writeCanary(let canary):
            try await writeCanary(to: canary.topic, on: canary.cluster, seenOn: canary.seenOn)
        case .confirmHolder(let proof):
            try await confirm(proof)
            await context.returns.begin(proof.member, at: context.pacing.elapsed())
        }
    }

    func drain(_ mirrors: LinkedMirrors) async throws(StepFailure) {
        guard !mirrors.topics.isEmpty else { return }
        let api = try await context.kafka(mirrors.cluster)
        let poller = await context.pollers.mirrors(api)
        let holding = Mutex(try await heldPartitions(of: mirrors, api))
        let before = Mutex<[String: [ObservedMirror.PartitionLag]]?>(nil)
        try await context.wait(
            for: "\(mirrors.topics.count) mirrors of \(mirrors.link) to be without lag", in: poller, at: api.endpoint,
            atMost: context.drainLimit
        ) { (list: [SitePollers.MirrorKey: ObservedMirror]) -> PollVerdict<Void> in
            let rows = mirrors.rows(in: list)
            if let ended = mirrors.topics.first(where: { rows[$0].map { $0.status == .stopped } ?? true }) {
                return .failed("topic \(ended) on \(mirrors.cluster) does not follow its source over \(mirrors.link)")
            }
            let lags = rows.mapValues(\.lags)
            let previous = before.withLock { before in
                defer { before = lags }
                return before
            }
            let held = holding.withLock { holding in
                holding.learn(from: rows.values)
                return holding
            }
            let behind = rows.values.sorted { $0.topic < $1.topic }
                .compactMap { $0.openLag(holding: held.partitions[$0.sourceTopic] ?? []) }
            guard behind.isEmpty else { return .waiting(behind.firstFew) }
            return previous == lags ? .reached(()) : .waiting("without lag for one look only")
        }
    }

    /// Ends mirrors; what is refused, or fails on the way, is told when all others have stopped.
    func end(_ mirrors: LinkedMirrors, by promotion: MirrorPromotion) async throws(StepFailure) {
        guard !mirrors.topics.isEmpty else { return }
        let api = try await context.kafka(mirrors.cluster)
        let other = promotion == .reverse ? try await otherSide(of: mirrors, api) : nil
        let naming = MirrorNaming(context: context, api: api, link: mirrors.link, action: promotion.action)
        var failed = try await naming.send(mirrors.topics) { $0.isEnding(by: promotion) }
        let accepted = mirrors.topics.filter { failed[$0] == nil }
        failed.merge(try await MirrorStop(context: context, api: api, naming: naming).wait(for: accepted)) { $1 }
        if let other {
            let stopped = accepted.filter { failed[$0] == nil }
            failed.merge(
                try await awaitActive(stopped, other, link: mirrors.link, atMost: context.transitionLimit)
            ) { $1 }
        }
        try fail(failed, api)
    }

    func restore(_ mirrors: LinkedMirrors) async throws(StepFailure) {
        guard !mirrors.topics.isEmpty else { return }
        let api = try await context.kafka(mirrors.cluster)
        let naming = MirrorNaming(context: context, api: api, link: mirrors.link, action: .restore)
        var failed = try await naming.send(mirrors.topics) { row in
            row.map { $0.status != .stopped && $0.status != .failed } ?? false
        }
        let accepted = mirrors.topics.filter { failed[$0] == nil }
        let limit = await context.mirrorLimit(on: mirrors.cluster)
        failed.merge(try await awaitActive(accepted, api, link: mirrors.link, atMost: limit)) { $1 }
        try fail(failed, api)
    }

    func detach(_ link: String, on cluster: String) async throws(StepFailure) {
        let api = try await context.kafka(cluster)
        let result = await outcome { try await api.detachLink(link) }
        if case .failure(let failure) = result, failure.status != 404 { throw StepFailure(failure) }
        let poller = await context.pollers.links(api)
        try await context.wait(
            for: "link \(link) to be gone", in: poller, at: api.endpoint, atMost: context.transitionLimit
        ) { $0[link] == nil ? .reached(()) : .waiting("still listed") }
    }

    // MARK: Parts

    /// The cluster at the other end of a link.
    private func otherSide(of mirrors: LinkedMirrors, _ api: KafkaAPI) async throws(StepFailure) -> KafkaAPI {
        let link = try await context.call { try await api.link(mirrors.link) }
        guard let id = link.otherClusterID,
            let name = await context.directory.known.clusters.first(where: { $0.value.id == id })?.key
        else {
            throw StepFailure(
                .rejected,
                "cluster \(link.otherClusterID ?? "unknown") at the other end of link \(mirrors.link) is not declared",
                endpoint: api.endpoint.base)
        }
        return try await context.kafka(name)
    }

    /// Waits until topics are ACTIVE mirrors; those that FAILED are returned with the reason.
    private func awaitActive(
        _ topics: [String], _ api: KafkaAPI, link: String, atMost limit: Duration
    ) async throws(StepFailure) -> [String: String] {
        guard !topics.isEmpty else { return [:] }
        let mirrors = LinkedMirrors(cluster: api.clusterID, link: link, topics: topics)
        let stuck = Mutex<[String]>([])
        let poller = await context.pollers.mirrors(api)
        do throws(StepFailure) {
            return try await context.wait(
                for: "\(topics.count) mirrors of \(link) to be ACTIVE", in: poller, at: api.endpoint,
                atMost: limit
            ) { (list: [SitePollers.MirrorKey: ObservedMirror]) -> PollVerdict<[String: String]> in
                let rows = mirrors.rows(in: list)
                let open = topics.filter { ![.active, .failed].contains(rows[$0]?.status) }
                guard open.isEmpty else {
                    stuck.withLock { $0 = open }
                    return .waiting(open.map { "\($0) \(rows[$0]?.status.description ?? "not listed")" }.firstFew)
                }
                return .reached(rows.values.failures)
            }
        } catch {
            throw await MirrorTrouble(api: api, link: link).explaining(error, of: stuck.withLock(\.self))
        }
    }

    private func fail(_ failed: [String: String], _ api: KafkaAPI) throws(StepFailure) {
        guard !failed.isEmpty else { return }
        let reasons = failed.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        throw StepFailure(.rejected, reasons.joined(separator: "; "), endpoint: api.endpoint.base).about(failed.keys)
    }
}

extension MirrorPromotion {
    var action: KafkaAPI.MirrorAction {
        switch self {
        case .promote: .promote
        case .failover: .failover
        case .reverse: .reverse
        }
    }
}

extension ObservedMirror? {
    /// Whether a verb that was refused, or whose answer was lost, is at work all the same.
    fileprivate func isEnding(by promotion: MirrorPromotion) -> Bool {
        switch (self?.status, promotion) {
        case (.stopped, _), (.pendingStopped, .promote), (.pendingStopped, .failover): true
        case (.pendingSynchronize, .reverse): true
        default: false
        }
    }
}

/// Partitions of sources that are known to hold records, by topic.
struct HeldPartitions: Sendable {
    var partitions: [String: Set<Int>] = [:]

    /// Learns from how far mirrors have come.
    mutating func learn(from rows: some Collection<ObservedMirror>) {
        for row in rows {
            let held = row.lags.lazy.filter { $0.lastSourceFetchOffset > 0 }.map(\.partition)
            partitions[row.sourceTopic, default: []].formUnion(held)
        }
    }
}

extension MovePerformer {
    /// What is known of the source of some mirrors from before.
    private func heldPartitions(of mirrors: LinkedMirrors, _ api: KafkaAPI) async throws(StepFailure) -> HeldPartitions
    {
        let known = await context.directory.known
        guard known.clusters.values.contains(where: { $0.holding != nil }) else { return HeldPartitions() }
        let source = try await context.call { try await api.link(mirrors.link) }.otherClusterID
        let holding = known.clusters.values.first { $0.id == source }?.holding ?? [:]
        return HeldPartitions(partitions: holding.mapValues { Set($0) })
    }
}

extension ObservedMirror {
    /// What may be missing still, in words; `nil` when everything is shown to be there.
    ///
    /// - Parameter holding: Partitions that are known to hold records at the source.
    fileprivate func openLag(holding: Set<Int>) -> String? {
        let records = lags.reduce(Int64(0)) { $0.plus($1.lag) }
        switch doubt(holding: holding) {
        case nil: return records > 0 ? "\(topic) \(records) records behind" : nil
        case .position(let partition)?:
            return "\(topic)/\(partition) holds records, and how far it was fetched is not known"
        case .incomplete?: return "\(topic) tells no lag of some partitions"
        case .some: return "\(topic) \(records) records behind, \(status)"
        }
    }
}

extension Collection where Element == ObservedMirror {
    /// Why mirrors FAILED, by topic.
    var failures: [String: String] {
        var failures: [String: String] = [:]
        for mirror in self where mirror.status == .failed {
            failures[mirror.topic] = "the mirror is FAILED: \(mirror.error ?? "no reason given")"
        }
        return failures
    }
}
