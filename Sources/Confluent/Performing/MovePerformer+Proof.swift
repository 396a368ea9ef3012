import Domain
import Execution
import Planning
import Transport

extension MovePerformer {
    /// Reads that another member serves the topics as ordinary ones.
    func confirm(_ proof: HolderProof) async throws(StepFailure) {
        let api = try await context.kafka(proof.holder)
        let canMirror = context.workspace.clusters[proof.holder]?.type.canHoldLinks ?? true
        async let rows = outcome { canMirror ? try await api.mirrors() : [] }
        let topics = try await context.call { try await api.topics() }
        let listed = await rows
        let live = try await context.call { try listed.get() }.filter { $0.status != .stopped }
        let missing = proof.topics.filter { topics[$0] == nil }
        let mirrors = live.filter { proof.topics.contains($0.topic) && topics[$0.topic] != nil }
        guard missing.isEmpty, mirrors.isEmpty else {
            let reasons =
                missing.map { "\($0) is not there" }
                + mirrors.map { "\($0.topic) is a mirror (\($0.status) on \($0.link))" }
            throw StepFailure(
                .conflict,
                "\(proof.holder) does not serve what \(proof.member) would lose: \(reasons.joined(separator: ", "))",
                endpoint: api.endpoint.base)
        }
    }

    /// Writes one record. A topic that has just stopped being a mirror, that was just created, or whose fence was just
    /// removed, takes none for a while.
    ///
    /// - Parameter mirror: Where the record has to be seen to arrive.
    func writeCanary(
        to topic: String, on cluster: String, seenOn mirror: LinkedMirrors? = nil
    ) async throws(StepFailure) {
        let before = try await positions(of: topic, mirror)
        try await write(to: topic, on: cluster)
        guard let mirror else { return }
        let api = try await context.kafka(mirror.cluster)
        try await context.wait(
            for: "the record that was written to \(topic) on \(cluster) to be seen on \(mirror.cluster)",
            in: await context.pollers.mirrors(api), at: api.endpoint, atMost: context.drainLimit
        ) { (list: [SitePollers.MirrorKey: ObservedMirror]) -> PollVerdict<Void> in
            guard let row = mirror.rows(in: list)[topic], row.status != .stopped else {
                return .failed("topic \(topic) on \(mirror.cluster) does not follow its source over \(mirror.link)")
            }
            let hasArrived = row.lags.contains { $0.lastSourceFetchOffset > before[$0.partition] ?? -1 }
            return hasArrived ? .reached(()) : .waiting("\(row.status), and nothing arrives over \(mirror.link)")
        }
    }

    /// How far a mirror has come, by partition.
    private func positions(of topic: String, _ mirror: LinkedMirrors?) async throws(StepFailure) -> [Int: Int64] {
        guard let mirror else { return [:] }
        let api = try await context.kafka(mirror.cluster)
        let rows = try await context.call { try await api.mirrors() }
        return rows.first { $0.topic == topic && $0.link == mirror.link }?.lags.reduce(into: [:]) {
            $0[$1.partition] = $1.lastSourceFetchOffset
        } ?? [:]
    }

    private func write(to topic: String, on cluster: String) async throws(StepFailure) {
        let api = try await context.kafka(cluster)
        let result = await context.settle(while: \.saysNotWritableYet) { try await api.produce(.canary, to: topic) }
        try await context.call { try result.get() }
    }
}

extension TransportFailure {
    /// Whether a topic may take records a little later.
    fileprivate var saysNotWritableYet: Bool {
        switch status {
        case 404: true
        case 403: code == "40301"
        case 400: message.lowercased().contains("mirror topic")
        default: false
        }
    }
}
