import Domain
import Execution

/// One JSON document under one key of etcd, with its bookkeeping under `KEY.spillway`; both change in one transaction.
struct EtcdBindingStore: BindingStore {
    typealias Version = KeyedDocument<EtcdAPI.Entry>

    let api: EtcdAPI
    let key: String
    let place: String

    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Version> {
        let entries = try await api.entries([key, BookkeepingText.key(beside: key)])
        return try Version(document: entries.first??.versioned, bookkeeping: entries.last??.versioned)
            .reading(keys, .json, at: place)
    }

    func write(
        _ content: StoreContent, over reading: StoreReading<Version>
    ) async throws(StepFailure) -> Bool {
        let texts = try reading.version.holding(content, .json, at: place)
        return try await api.commit([
            .init(
                key: BookkeepingText.key(beside: key), value: texts.bookkeeping,
                held: reading.version.bookkeeping?.revision),
            .init(key: key, value: texts.document, held: reading.version.document?.revision),
        ]) != nil
    }
}

extension EtcdAPI.Entry {
    fileprivate var versioned: KeyedDocument<EtcdAPI.Entry>.Entry { .init(bytes: value, revision: self) }
}

extension Connections {
    func store(for place: EtcdPlace) async throws(StepFailure) -> any BindingStore {
        EtcdBindingStore(api: try await etcd(place.connection), key: place.key, place: place.target.place)
    }
}
