import Domain
import Execution
import Planning
import Transport

extension EndingSteps {
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
    func writeCanary(to topic: String, on cluster: String) async throws(StepFailure) {
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
