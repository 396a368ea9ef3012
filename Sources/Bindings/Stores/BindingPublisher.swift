import Domain
import Execution

/// Reads, decides, writes by compare and swap, and reads back: the same rules for every kind of store.
///
/// | the store holds | done |
/// |---|---|
/// | what is wanted | nothing (also: an answer of ours that was lost) |
/// | what the plan saw | written |
/// | a greater epoch, or the same epoch of another ledger | refused |
/// | anything else | refused, with both values: something else wrote since the plan was made |
struct BindingPublisher {
    /// What the plan saw in the store; `nil` when it could not see it.
    let seen: StoreSnapshot?
    let fingerprinter: Fingerprinter

    private static let attempts = 3

    /// Makes a store hold a content.
    ///
    /// - Throws: `conflict` when the store holds something newer or else than the plan saw, or changes whenever it is
    ///   about to be written; what the store throws when it cannot be read or written.
    func publish(_ content: StoreContent, to store: some BindingStore) async throws(StepFailure) {
        for _ in 1...Self.attempts {
            var held = try await store.read(content.keys)
            try checkEpoch(held.bookkeeping, content, store.place)
            if held.holds(content) { return }
            held.isAsPlanned = try checkUnchanged(held, content, store.place)
            guard await CallShield.permitsSending() else {
                throw StepFailure(.interrupted, "interrupted", effect: StepFailure.Effect.none)
            }
            guard try await store.write(content, over: held) else { continue }
            guard try await store.read(content.keys).holds(content) else {
                throw StepFailure(
                    .conflict, "\(store.place) does not hold what was just written: something else wrote to it")
            }
            return
        }
        throw StepFailure(.conflict, "\(store.place) changes whenever it is about to be written")
    }

    /// Removes keys from a place that a binding has left.
    ///
    /// - Throws: `conflict` when somebody else keeps the place now; what the store throws.
    func withdraw(_ keys: StoreKeys, from store: some BindingStore) async throws(StepFailure) {
        for _ in 1...Self.attempts {
            let held = try await store.read(keys)
            if held.values.isEmpty { return }
            if try await store.withdraw(keys, over: held) { return }
        }
        throw StepFailure(.conflict, "\(store.place) changes whenever it is about to be written")
    }

    private func checkEpoch(
        _ held: StoreSnapshot.Bookkeeping?, _ content: StoreContent, _ place: String
    ) throws(StepFailure) {
        guard content.followsGroup, let held, let heldEpoch = held.epoch else { return }
        let epoch = content.bookkeeping.epoch ?? 0
        if heldEpoch > epoch {
            throw StepFailure(
                .conflict,
                "\(place) holds epoch \(heldEpoch) of ledger \(held.ledger ?? "unknown"), newer than epoch \(epoch)")
        }
        // Epoch 0 is a group that has never moved: no ledger has decided anything about it yet.
        if epoch > 0, heldEpoch == epoch, held.ledger != content.bookkeeping.ledger {
            throw StepFailure(
                .conflict,
                """
                \(place) holds epoch \(epoch) of ledger \(held.ledger ?? "unknown"), \
                not of ledger \(content.bookkeeping.ledger ?? "unknown")
                """)
        }
    }

    /// What a run of our own wrote since is no foreign edit: its bookkeeping is newer than what the plan saw.
    ///
    /// - Returns: Whether it could be compared with what the plan saw.
    private func checkUnchanged<Version>(
        _ held: StoreReading<Version>, _ content: StoreContent, _ place: String
    ) throws(StepFailure) -> Bool {
        guard let seen, held.bookkeeping == seen.bookkeeping else { return false }
        var changes: [String] = []
        for key in content.properties.keys.sorted() {
            let now = held.values[key]?.reveal { $0 }
            if now != seen.properties[key], now != content.properties[key] {
                changes.append("\(key) was \(quoted(seen.properties[key])) when planned, is \(quoted(now)) now")
            }
        }
        for (key, secret) in content.secrets.sorted(by: { $0.key < $1.key }) {
            let now = held.values[key].map(fingerprinter.fingerprint)
            if now != seen.secrets[key], now != fingerprinter.fingerprint(secret) {
                changes.append(
                    "secret \(key) was \(seen.secrets[key]?.description ?? "unset") when planned, "
                        + "is \(now?.description ?? "unset") now")
            }
        }
        guard !changes.isEmpty else { return true }
        throw StepFailure(
            .conflict,
            "\(place) was changed by something else since the plan was made: \(changes.joined(separator: "; "))"
        )
    }

    private func quoted(_ value: String?) -> String {
        value.map { "'\($0)'" } ?? "unset"
    }
}
