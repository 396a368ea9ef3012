import Domain
import Execution

/// One document under one key of Consul, with its bookkeeping under `KEY.spillway`; both change in one transaction.
struct ConsulDocumentStore: BindingStore {
    typealias Version = KeyedDocument<ConsulAPI.Entry>

    let api: ConsulAPI
    let key: String
    let format: FilePlace.Format
    let place: String

    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Version> {
        let (document, bookkeeping) = (try await api.entry(key), try await api.entry(BookkeepingText.key(beside: key)))
        return try Version(document: document?.versioned, bookkeeping: bookkeeping?.versioned)
            .reading(keys, format, at: place)
    }

    func write(
        _ content: StoreContent, over reading: StoreReading<Version>
    ) async throws(StepFailure) -> Bool {
        let texts = try reading.version.holding(content, format, at: place)
        return try await api.commit([
            .set(
                key: BookkeepingText.key(beside: key), value: texts.bookkeeping,
                over: reading.version.bookkeeping?.revision),
            .set(key: key, value: texts.document, over: reading.version.document?.revision),
        ])
    }
}

/// One key of Consul per property below a prefix, with the bookkeeping under `PREFIX.spillway`; all of them change in
/// one transaction.
struct ConsulKeysStore: BindingStore {
    /// What was found, by full key.
    typealias Version = [String: ConsulAPI.Entry]

    let api: ConsulAPI
    let prefix: String
    let place: String

    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Version> {
        var entries = Dictionary(try await api.entries(below: prefix).map { ($0.key, $0) }) { $1 }
        let beside = BookkeepingText.key(beside: prefix)
        entries[beside] = try await api.entry(beside)
        var reading = StoreReading(version: entries)
        for key in keys.all {
            reading.values[key] = entries["\(prefix)/\(key)"].map { Secret(String(decoding: $0.value, as: UTF8.self)) }
        }
        reading.bookkeeping = try bookkeeping(in: entries)[keys.binding]
        return reading
    }

    /// - Throws: `rejected` when more keys change than one transaction takes.
    func write(
        _ content: StoreContent, over reading: StoreReading<Version>
    ) async throws(StepFailure) -> Bool {
        let entries = reading.version
        var all = try bookkeeping(in: entries)
        all[content.binding] = content.bookkeeping
        let beside = BookkeepingText.key(beside: prefix)
        var operations: [ConsulAPI.Operation] = [
            .set(key: beside, value: try BookkeepingText.encode(all), over: entries[beside])
        ]
        for (key, value) in content.properties.sorted(by: { $0.key < $1.key }) {
            let (name, value) = ("\(prefix)/\(key)", Array(value.utf8))
            guard entries[name]?.value != value else { continue }
            operations.append(.set(key: name, value: value, over: entries[name]))
        }
        for key in content.dropped.sorted() {
            guard let entry = entries["\(prefix)/\(key)"] else { continue }
            operations.append(.delete(key: entry.key, index: entry.modifyIndex))
        }
        guard operations.count <= ConsulAPI.largestTransaction else {
            throw StepFailure(
                .rejected,
                "\(place) would change \(operations.count - 1) keys at once, and one transaction of Consul takes "
                    + "\(ConsulAPI.largestTransaction - 1) beside the bookkeeping; use `format: JSON`")
        }
        return try await api.commit(operations)
    }

    private func bookkeeping(in entries: Version) throws(StepFailure) -> [String: StoreSnapshot.Bookkeeping] {
        try BookkeepingText.decode(
            entries[BookkeepingText.key(beside: prefix)]?.value, at: "the key beside \(place)")
    }
}

extension ConsulAPI.Entry {
    fileprivate var versioned: KeyedDocument<ConsulAPI.Entry>.Entry { .init(bytes: value, revision: self) }
}

extension Connections {
    func store(for target: ConsulPlace) async throws(StepFailure) -> any BindingStore {
        let place = target.target.place
        let api = try await consul(target.connection)
        let parts = target.key.split(separator: "/")
        guard !parts.isEmpty, !parts.contains("."), !parts.contains("..") else {
            throw StepFailure(.rejected, "\(place) is no key of Consul: it is empty, or has a part '.' or '..'")
        }
        let key = parts.joined(separator: "/")
        return switch target.valueFormat {
        case .json: ConsulDocumentStore(api: api, key: key, format: .json, place: place)
        case .properties: ConsulDocumentStore(api: api, key: key, format: .properties, place: place)
        case .keys: ConsulKeysStore(api: api, prefix: key, place: place)
        }
    }
}
