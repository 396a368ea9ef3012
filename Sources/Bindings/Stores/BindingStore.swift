import Domain
import Execution

/// One place a binding is published to. It reads, and writes if nothing else wrote since; whether to write is decided
/// by ``BindingPublisher``, for every kind of store alike.
protocol BindingStore: Sendable {
    /// What a later write needs of a reading: the version it was, and what it leaves as it is.
    associatedtype Version: Sendable

    /// What identifies the place, in words: `consul prod: apps/checkout`.
    var place: String { get }

    /// Reads keys of a binding and the bookkeeping beside them; a place that is not there holds nothing.
    ///
    /// - Throws: Why it cannot be read or understood; the message holds no value of the store.
    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Version>

    /// Removes keys of a binding, and the bookkeeping of it where nothing else is kept there.
    ///
    /// - Returns: Whether it was written; `false` when something else wrote since.
    /// - Throws: Why it cannot be written.
    func withdraw(_ keys: StoreKeys, over reading: StoreReading<Version>) async throws(StepFailure) -> Bool

    /// Makes the place hold a content beside what others keep there, if it is still as it was read.
    ///
    /// - Returns: Whether it was written; `false` when something else wrote since.
    /// - Throws: Why it cannot be written.
    func write(
        _ content: StoreContent, over reading: StoreReading<Version>
    ) async throws(StepFailure) -> Bool
}

extension BindingStore {
    /// Writes the place without the keys; its bookkeeping stays, so that an older run goes on to be refused.
    func withdraw(_ keys: StoreKeys, over reading: StoreReading<Version>) async throws(StepFailure) -> Bool {
        guard let bookkeeping = reading.bookkeeping else {
            throw StepFailure(
                .conflict, "\(place) is not kept by this binding any more; what it holds was left as it is")
        }
        return try await write(
            StoreContent(
                binding: keys.binding, properties: [:], secrets: [:], dropped: keys.all.sorted(),
                bookkeeping: bookkeeping, followsGroup: bookkeeping.epoch != nil), over: reading)
    }
}

/// What of a store a binding is concerned with.
struct StoreKeys: Sendable {
    /// Name of the binding.
    let binding: String
    let plain: Set<String>
    let secret: Set<String>

    /// Keys that are removed, whatever they hold.
    var dropped: Set<String> = []

    var all: Set<String> { plain.union(secret).union(dropped) }
}

/// What a store held at one moment.
struct StoreReading<Version: Sendable>: Sendable {
    /// Values by key, as far as the place has them; secrets among them.
    var values: [String: Secret] = [:]
    /// What is kept beside them; `nil` when there is nothing of Spillway's.
    var bookkeeping: StoreSnapshot.Bookkeeping?
    /// Whether the place must be written again although its values are right: a file with secrets that others may read.
    var isExposed = false
    /// Set while the place is in another format than it is to be written in.
    var formerFormat: StoreSnapshot.FormerFormat?
    /// Whether the plan has shown these very values, so that what others wrote among them may be taken back.
    var isAsPlanned = false
    /// What a later write needs.
    let version: Version
}

/// What is written.
struct StoreContent: Sendable {
    /// Name of the binding.
    let binding: String
    /// Plain values.
    let properties: [String: String]
    let secrets: [String: Secret]
    /// Keys that are removed.
    let dropped: [String]
    /// What is kept beside them.
    let bookkeeping: StoreSnapshot.Bookkeeping
    /// Whether the binding follows a group, so that epochs decide who may write.
    let followsGroup: Bool

    /// The keys it names.
    var keys: StoreKeys {
        StoreKeys(
            binding: binding, plain: Set(properties.keys), secret: Set(secrets.keys), dropped: Set(dropped))
    }

    /// Every value by key, secrets among them.
    var values: [String: Secret] {
        properties.mapValues(Secret.init).merging(secrets) { $1 }
    }
}

extension StoreReading {
    /// Whether nothing would change: the values and the bookkeeping are there, and what is dropped is not.
    func holds(_ content: StoreContent) -> Bool {
        !isExposed && formerFormat == nil && bookkeeping == content.bookkeeping
            && content.properties.allSatisfy { key, value in values[key].map { $0.reveal { $0 == value } } ?? false }
            && content.secrets.allSatisfy { key, secret in values[key]?.isSame(as: secret) ?? false }
            && content.dropped.allSatisfy { values[$0] == nil }
    }
}

extension Secret {
    /// Whether two secrets of one store are the same text.
    func isSame(as other: Secret) -> Bool { reveal { mine in other.reveal { $0 == mine } } }
}
