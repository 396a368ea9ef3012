import Domain
import Execution
import Planning
import Transport

/// Watches where the logs of sources end, as the clusters that mirror them tell, until they have stood still.
struct SourceStillness: Sendable {
    /// Between two looks at most.
    private static let interval: Duration = .seconds(1)
    /// Between two looks at least.
    private static let shortest: Duration = .milliseconds(100)

    let context: StepContext
    let mirrors: [LinkedMirrors]
    /// How long they have to stand still.
    let quiet: Duration
    /// The cluster they mirror.
    let source: String

    /// A partition, as one of the clusters that mirror it tells of it.
    private struct Place: Hashable, Sendable {
        let cluster: String
        let topic: String
        let partition: Int
    }

    private struct Look: Sendable {
        /// Where the source's logs end.
        var ends: [Place: Int64] = [:]
        /// Mirrors that do not fetch, so that their offsets prove nothing.
        var idle: [String] = []
    }

    /// Returns after two or more looks with the same offsets, `quiet` apart; offsets that move start the time again.
    func wait() async throws(StepFailure) {
        guard mirrors.contains(where: { !$0.topics.isEmpty }) else { return }
        let start = context.pacing.elapsed()
        var since = start
        var last: Look?
        var moving: [String] = []
        while true {
            let look = try await look(until: start + context.drainLimit)
            let now = context.pacing.elapsed()
            if let last, last.ends == look.ends, look.idle.isEmpty {
                if now - since >= quiet { return }
            } else {
                moving = last.map { Self.movement(from: $0, to: look) } ?? []
                since = now
                last = look
            }
            guard now - start < context.drainLimit else { throw late(moving, look.idle) }
            try await pause(min(max(quiet - (now - since), Self.shortest), Self.interval))
        }
    }

    private func look(until deadline: Duration) async throws(StepFailure) -> Look {
        var look = Look()
        let known = await context.directory.known
        for linked in mirrors where !linked.topics.isEmpty {
            let api = try await context.kafka(linked.cluster)
            let poller = await context.pollers.mirrors(api)
            let limit = max(deadline - context.pacing.elapsed(), Self.interval)
            let rows = try await context.wait(
                for: "mirrors of \(linked.link) to be listed", in: poller, at: api.endpoint, atMost: limit
            ) { list in .reached(linked.rows(in: list)) }
            for topic in linked.topics {
                guard let row = rows[topic], row.status != .stopped else {
                    throw StepFailure(
                        .conflict, "topic \(topic) on \(linked.cluster) does not follow its source over \(linked.link)",
                        endpoint: api.endpoint.base)
                }
                switch row.doubt(holding: known.partitionsHeld(of: row.sourceTopic, on: source)) {
                case nil: break
                case .notFetching?: look.idle.append("\(topic) \(row.status)")
                case .some: look.idle.append("\(topic) without a position")
                }
                for lag in row.lags {
                    let place = Place(cluster: linked.cluster, topic: topic, partition: lag.partition)
                    look.ends[place] = lag.lag.plus(lag.lastSourceFetchOffset)
                }
            }
        }
        return look
    }

    /// Partitions whose source offsets differ, for messages.
    private static func movement(from before: Look, to now: Look) -> [String] {
        let moved = now.ends.filter { before.ends[$0.key] != $0.value }.keys
        return Set(moved.map { "\($0.topic)/\($0.partition)" }).sorted()
    }

    private func pause(_ time: Duration) async throws(StepFailure) {
        do { try await context.pacing.sleep(time) } catch {
            throw StepFailure(.interrupted, "interrupted while watching the source's offsets")
        }
    }

    private func late(_ moving: [String], _ idle: [String]) -> StepFailure {
        let what =
            idle.isEmpty
            ? "still growing: \(moving.firstFew)" : "not fetching, so that nothing is known: \(idle.firstFew)"
        return StepFailure(
            .timeout,
            "waited \(context.drainLimit.inWords) for the source's offsets to stand still for \(quiet.inWords); \(what)"
        )
    }
}

extension LinkedMirrors {
    /// The rows of these mirrors in a list, by topic.
    func rows(in list: [SitePollers.MirrorKey: ObservedMirror]) -> [String: ObservedMirror] {
        var rows: [String: ObservedMirror] = [:]
        for topic in topics { rows[topic] = list[SitePollers.MirrorKey(link: link, topic: topic)] }
        return rows
    }
}
