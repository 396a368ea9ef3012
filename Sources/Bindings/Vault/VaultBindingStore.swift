import Domain
import Execution
import TextForms

/// Fields of a secret of KV v2. Other fields stay; bookkeeping is custom metadata, which belongs to no version.
///
/// Data are written first, by check and set: whoever writes second has read something older, is refused, and reads the
/// epoch that was kept meanwhile. A run that ends between the two writes leaves older bookkeeping beside its data; the
/// next apply writes both again.
struct VaultBindingStore: BindingStore {
    let api: VaultAPI
    let mount: String
    let path: String
    let place: String

    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<VaultAPI.Secret2> {
        let secret = try await api.secret(mount, path)
        var reading = StoreReading(version: secret)
        for key in keys.all { reading.values[key] = secret.fields[key]?.scalar }
        reading.bookkeeping = secret.metadata[Self.name(of: keys.binding)].flatMap(
            StoreSnapshot.Bookkeeping.init(words:))
        return reading
    }

    func write(
        _ content: StoreContent, over reading: StoreReading<VaultAPI.Secret2>
    ) async throws(StepFailure) -> Bool {
        let isWritten = try await api.write(
            content.values, removing: content.dropped, over: reading.version, at: mount, path)
        guard isWritten else { return false }
        try await api.note(
            Self.name(of: content.binding), content.bookkeeping.words, beside: reading.version, at: mount, path)
        return true
    }

    /// Names of custom metadata are at most 128 bytes.
    private static func name(of binding: String) -> String { "spillway-\(binding)" }
}

/// A secret of KV v1, which has neither versions nor metadata: it has to be the binding's alone, is written whole, and
/// its bookkeeping stands in `PATH.spillway`.
struct PlainVaultBindingStore: BindingStore {
    /// A secret as it was read.
    struct Version: Sendable {
        /// Bookkeeping of every binding, by name.
        var beside: [String: JSONTree]
        /// Names of its fields.
        let fields: Set<String>
    }

    let api: VaultAPI
    let mount: String
    let path: String
    let place: String

    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Version> {
        let fields = try await api.plainSecret(mount, path) ?? [:]
        let beside = try await api.plainSecret(mount, BookkeepingText.key(beside: path)) ?? [:]
        var reading = StoreReading(version: Version(beside: beside, fields: Set(fields.keys)))
        for key in keys.all { reading.values[key] = fields[key]?.scalar }
        reading.bookkeeping = beside[keys.binding]?.text.flatMap(StoreSnapshot.Bookkeeping.init(words:))
        // Fields that were published and left the binding since are not told apart here.
        if reading.bookkeeping == nil { try refuseForeign(reading.version, keys) }
        return reading
    }

    func write(
        _ content: StoreContent, over reading: StoreReading<Version>
    ) async throws(StepFailure) -> Bool {
        try refuseForeign(reading.version, content.keys)
        var beside = reading.version.beside
        beside[content.binding] = .text(content.bookkeeping.words)
        // Beside the data first: a run with an older epoch is refused from here on, whatever happens next.
        try await api.replace(beside, at: mount, BookkeepingText.key(beside: path), hiding: [:])
        try await api.replace(
            content.values.mapValues { .text($0.reveal { $0 }) }, at: mount, path, hiding: content.values)
        return true
    }

    private func refuseForeign(_ version: Version, _ keys: StoreKeys) throws(StepFailure) {
        let foreign = version.fields.subtracting(keys.all).sorted()
        guard !foreign.isEmpty else { return }
        throw StepFailure(
            .rejected,
            "\(place) lies in a KV v1 engine and holds fields of others (\(foreign.joined(separator: ", "))): v1 "
                + "cannot be changed in part without losing what somebody writes meanwhile; use a path of the "
                + "binding's own, or a KV v2 engine")
    }
}

extension JSONTree {
    fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }
}

extension Connections {
    func store(for target: VaultPlace) async throws(StepFailure) -> any BindingStore {
        let (api, place) = (try await vault(target.connection), target.target.place)
        return switch try await api.engine(target.mount) {
        case .v2: VaultBindingStore(api: api, mount: target.mount, path: target.path, place: place)
        case .v1: PlainVaultBindingStore(api: api, mount: target.mount, path: target.path, place: place)
        }
    }
}

extension Connections {
    /// A field of a KV secret.
    ///
    /// - Throws: Why it cannot be read: `rejected` when the secret or the field is not there, or has parts.
    func vaultSecret(
        _ connection: String, mount: String, path: String, field: String
    ) async throws(StepFailure) -> Secret {
        let api = try await vault(connection)
        let fields: [String: JSONTree]?
        switch try await api.engine(mount) {
        case .v1: fields = try await api.plainSecret(mount, path)
        case .v2:
            let secret = try await api.secret(mount, path)
            guard secret.isThere || secret.version == 0 else {
                throw StepFailure(.rejected, "the newest version of \(mount)/\(path) was deleted")
            }
            fields = secret.isThere ? secret.fields : nil
        }
        guard let fields else { throw StepFailure(.rejected, "there is no secret \(mount)/\(path)") }
        guard let value = fields[field] else {
            throw StepFailure(.rejected, "the secret \(mount)/\(path) has no field '\(field)'")
        }
        guard let text = value.scalar else {
            throw StepFailure(.rejected, "the field '\(field)' of \(mount)/\(path) is no text")
        }
        return text
    }
}
