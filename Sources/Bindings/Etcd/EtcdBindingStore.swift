import Domain
import Execution

/// One JSON document under one key of etcd, with its bookkeeping under `KEY.spillway`; both change in one transaction.
struct EtcdBindingStore: BindingStore {
    typealias Version = KeyedDocument<Int64>

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
                revision: reading.version.bookkeeping?.revision ?? 0),
            .init(key: key, value: texts.document, revision: reading.version.document?.revision ?? 0),
        ])
    }
}

extension EtcdAPI.Entry {
    fileprivate var versioned: KeyedDocument<Int64>.Entry { .init(bytes: value, revision: revision) }
}

extension BindingStores {
    func etcdStore(_ connection: String, key: String) async throws(StepFailure) -> any BindingStore {
        EtcdBindingStore(
            api: try await connections.etcd(connection), key: key,
            place: PublishTarget.etcd(connection: connection, key: key).place)
    }
}
