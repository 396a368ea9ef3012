import Domain
import Execution
import Planning
import Synchronization
import Transport

/// Waits until mirrors that were named to a verb have stopped.
struct MirrorStop: Sendable {
    /// After which a failover that does not get on is asked for again.
    private static let patience: Duration = .seconds(10)

    let context: StepContext
    let api: KafkaAPI
    let naming: MirrorNaming

    /// What a list says of all topics together.
    private enum Outcome: Sendable {
        /// None is open any more; those that FAILED, with the reason.
        case settled([String: String])
        /// These have not moved for long.
        case stalled([String])
    }

    /// Returns when every topic is STOPPED or FAILED.
    ///
    /// - Returns: The topics that FAILED, with the reason.
    func wait(for topics: [String]) async throws(StepFailure) -> [String: String] {
        guard !topics.isEmpty else { return [:] }
        let watch = Watch(topics, link: naming.link, patience: naming.action == .failover ? Self.patience : nil)
        let pacing = context.pacing
        let poller = await context.pollers.mirrors(api)
        let deadline = pacing.elapsed() + context.transitionLimit
        while true {
            let outcome: Outcome
            do throws(StepFailure) {
                outcome = try await context.wait(
                    for: "\(topics.count) mirrors of \(naming.link) to stop", in: poller, at: api.endpoint,
                    atMost: max(deadline - pacing.elapsed(), .zero)
                ) { watch.judge($0, at: pacing.elapsed()) }
            } catch {
                guard error.kind == .timeout else { throw error }
                let late = late(topics.count, watch.words)
                throw await MirrorTrouble(api: api, link: naming.link).explaining(late, of: watch.open)
            }
            switch outcome {
            case .settled(let failed): return failed
            case .stalled(let names): try await nameAgain(names)
            }
        }
    }

    /// Asks once more; that the service does not answer now is no reason to stop waiting.
    private func nameAgain(_ topics: [String]) async throws(StepFailure) {
        do throws(StepFailure) {
            _ = try await naming.once(topics)
        } catch {
            guard error.kind == .unreachable || error.kind == .broken else { throw error }
        }
    }

    /// The last wait may have been shorter than the whole.
    private func late(_ count: Int, _ seen: String) -> StepFailure {
        StepFailure(
            .timeout,
            "waited \(context.transitionLimit.inWords) for \(count) mirrors of \(naming.link) to stop; "
                + "last seen: \(seen)", endpoint: api.endpoint.base)
    }

    /// What was seen of the topics so far. A topic once seen STOPPED stays so: an older list may still come.
    private final class Watch: Sendable {
        private struct State {
            var open: [String]
            var words = "nothing"
            var failed: [String: String] = [:]
            var last: [String: (row: Progress, since: Duration)] = [:]
        }

        private struct Progress: Equatable {
            let status: MirrorStatus?
            let time: Timestamp?
        }

        private let link: String
        private let patience: Duration?
        private let state: Mutex<State>

        init(_ topics: [String], link: String, patience: Duration?) {
            self.link = link
            self.patience = patience
            state = Mutex(State(open: topics))
        }

        var open: [String] { state.withLock(\.open) }
        var words: String { state.withLock(\.words) }

        func judge(_ list: [SitePollers.MirrorKey: ObservedMirror], at now: Duration) -> PollVerdict<Outcome> {
            state.withLock { state in
                var words: [String] = []
                var stalled: [String] = []
                state.open = state.open.filter { topic in
                    let row = list[SitePollers.MirrorKey(link: link, topic: topic)]
                    if row?.status == .stopped { return false }
                    if let row, row.status == .failed, patience == nil {
                        state.failed.merge([row].failures) { $1 }
                        return false
                    }
                    words.append("\(topic) \(row?.status.description ?? "not listed")")
                    let progress = Progress(status: row?.status, time: row?.stateTime)
                    guard let last = state.last[topic], last.row == progress else {
                        state.last[topic] = (progress, now)
                        return true
                    }
                    if let patience, now - last.since >= patience {
                        stalled.append(topic)
                        state.last[topic] = (progress, now)
                    }
                    return true
                }
                if state.open.isEmpty { return .reached(.settled(state.failed)) }
                state.words = words.firstFew
                return stalled.isEmpty ? .waiting(state.words) : .reached(.stalled(stalled))
            }
        }
    }
}
