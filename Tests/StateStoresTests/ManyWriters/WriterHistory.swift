import Domain
import Execution
import Planning
import StateStores
import Synchronization
import Testing

/// What runs of several machines were told by the stores they wrote to.
struct WriterHistory: Sendable {
    /// One run, as its machine knows it.
    struct Deeds: Sendable {
        let run: String
        var ledgerID: String?
        /// Topics of which it was told that their outcomes are durable.
        var concluded: [ResourceAddress] = []
        /// The epoch it was told to have opened.
        var epoch: Int?
        /// Whether it was told that it ended well.
        var hasEnded = false
        var failure: StateStoreError?
    }

    let family = "payments"
    private(set) var deeds: [String: Deeds] = [:]

    /// Topics whose outcomes were acknowledged so far.
    var acknowledged: [ResourceAddress: String] {
        Dictionary(
            uniqueKeysWithValues: deeds.values.flatMap { deeds in deeds.concluded.map { ($0, deeds.run) } })
    }

    mutating func note(_ deeds: Deeds) {
        self.deeds[deeds.run] = deeds
    }

    /// What contradicts the history in what a reader found who began after it.
    func contradictions(in recorded: Recorded) -> [String] {
        var found: [String] = []
        for (topic, run) in acknowledged {
            guard let owned = recorded.owned[topic] else {
                found.append("\(topic) is lost, whose outcome \(run) was told to be durable")
                continue
            }
            if owned.origin != .created || owned.applied != ["run": run] { found.append("\(topic) is \(owned)") }
        }
        let epoch = recorded.moves[family]?.epoch ?? 0
        for deeds in deeds.values where (deeds.epoch ?? 0) > epoch {
            found.append("epoch \(deeds.epoch ?? 0) of \(deeds.run) is lost: the ledger is at \(epoch)")
        }
        return found
    }

    /// What is wrong with the log: who wrote its segments, in their order.
    func contradictions(inLogOf writers: [String]) -> [String] {
        var found: [String] = []
        var order: [String] = []
        for writer in writers where order.last != writer {
            if order.contains(writer) {
                found.append("\(writer) wrote behind the first segment of \(order.last ?? "")")
            }
            order.append(writer)
        }
        let epochs = order.compactMap { deeds[$0]?.epoch }
        for (earlier, later) in zip(epochs, epochs.dropFirst()) where earlier >= later {
            found.append("epoch \(later) was opened after epoch \(earlier)")
        }
        for deeds in deeds.values where deeds.ledgerID != nil && !order.contains(deeds.run) {
            found.append("\(deeds.run) began, and is not in the log")
        }
        if Set(deeds.values.compactMap(\.ledgerID)).count > 1 { found.append("there is more than one ledger") }
        return found
    }

    /// What the journal does not say of what a run was told.
    func contradictions(in journal: RunRecord?, of run: String) -> [String] {
        guard let deeds = deeds[run], deeds.ledgerID != nil else { return [] }
        guard let journal else { return ["\(run) is not in the journal"] }
        var found: [String] = []
        let succeeded = Set(journal.steps.filter { $0.result == "succeeded" }.map(\.id))
        for topic in deeds.concluded where !succeeded.contains(creation(of: topic).id) {
            found.append("the journal of \(run) does not tell of \(topic)")
        }
        if deeds.hasEnded, journal.exitCode != 0 { found.append("the journal does not tell how \(run) ended") }
        return found
    }
}

/// A history that machines write at the same time.
final class HistoryBook: Sendable {
    /// The history after each change, or after the last of some.
    let news: AsyncStream<WriterHistory>
    private let history = Mutex(WriterHistory())
    private let tell: AsyncStream<WriterHistory>.Continuation

    init() {
        (news, tell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What was told so far.
    var soFar: WriterHistory { history.withLock { $0 } }

    func note(_ deeds: WriterHistory.Deeds) {
        history.withLock { history in
            history.note(deeds)
            tell.yield(history)
        }
    }

    /// Says that there will be no more news.
    func close() {
        tell.finish()
    }
}
