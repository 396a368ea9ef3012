import Domain
import Execution
import Planning
import Transport

/// Whether a source is alive: it is asked itself, and the offsets of its mirrors are watched.
extension ConfluentProbeReader {
    /// How long a source that answers what cannot be used is watched: one usable answer, or one offset that moves, and
    /// it is alive.
    private static let doubt: Duration = .seconds(10)
    /// Between two looks at the offsets.
    private static let betweenLooks: Duration = .milliseconds(500)

    /// Between two reads of the mirrors' list the source is asked itself: a link that says it is ACTIVE proves nothing.
    func movement(_ mirrors: LinkedMirrors, source: String) async -> ProbeAnswer {
        let start = pacing.elapsed()
        let first: [PartitionPlace: SourcePosition]
        switch await offsets(of: mirrors) {
        case .failure(let failure): return .unanswered(failure.silence())
        case .success(let positions): first = positions
        }
        while true {
            async let asked = answer(of: source)
            do { try await pacing.sleep(Self.betweenLooks) } catch { return .unanswered("interrupted") }
            let given = await asked
            switch await offsets(of: mirrors) {
            case .failure(let failure): return .unanswered(failure.silence())
            case .success(let now):
                let advanced = now.contains { place, position in first[place].map(position.isAhead) ?? false }
                guard case .unusable = given, !advanced, pacing.elapsed() - start < Self.doubt else {
                    return .movement(offsetsAdvanced: advanced, source: given)
                }
            }
        }
    }

    /// What a cluster says of itself. One that was silent a moment ago is not waited for again as long (a disaster costs
    /// that time once): if it comes back more slowly, it is seen by the offsets that advance.
    private func answer(of cluster: String) async -> SourceAnswer {
        guard let site = await directory.cluster(cluster), let base = site.restEndpoint else { return .silent }
        let reach: Reach<String> = await reach(base) {
            try await endpoints.kafka(cluster, at: base)
        } _: { endpoint in
            try await KafkaAPI(endpoint: endpoint, clusterID: site.id).ownID()
        }
        if let own = reach.snapshot { return own == site.id ? .usable : .unusable("as cluster \(own)") }
        return switch reach.signOfLife {
        case .throttled?: .throttled
        case .partial?: .partial
        case .unusable?: .unusable(reach.reason)
        case .trickling?, SignOfLife.none?, nil: .silent
        }
    }

    private func offsets(
        of mirrors: LinkedMirrors
    ) async -> Result<[PartitionPlace: SourcePosition], TransportFailure> {
        await kafka(mirrors.cluster) { api in
            let topics = Set(mirrors.topics)
            var positions: [PartitionPlace: SourcePosition] = [:]
            for row in try await api.mirrors() where row.link == mirrors.link && topics.contains(row.topic) {
                for lag in row.lags {
                    positions[PartitionPlace(topic: row.topic, partition: lag.partition)] = SourcePosition(lag)
                }
            }
            return positions
        }
    }
}

/// A partition of a mirror.
private struct PartitionPlace: Hashable, Sendable {
    let topic: String
    let partition: Int
}

/// How far a mirror has followed its source, and where the source was last seen to end.
private struct SourcePosition: Sendable {
    let fetched: Int64
    let end: Int64

    init(_ lag: ObservedMirror.PartitionLag) {
        fetched = lag.lastSourceFetchOffset
        end = lag.lastSourceFetchOffset.plus(lag.lag)
    }

    func isAhead(of earlier: SourcePosition) -> Bool {
        fetched > earlier.fetched || end > earlier.end
    }
}
