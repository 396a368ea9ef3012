public import Domain
public import Execution

/// Reads what the stores of bindings hold: files. Other stores are told to be beyond this version.
public struct BindingStoreObserver: StoreObserver {
    private let folder: String
    private let fingerprinter: Fingerprinter

    /// An observer of one workspace's bindings.
    ///
    /// - Parameters:
    ///   - folder: Folder of the workspace file.
    ///   - fingerprinter: Makes fingerprints of the secrets that are read; they are forgotten at once.
    public init(folder: String, fingerprinter: Fingerprinter) {
        self.folder = folder
        self.fingerprinter = fingerprinter
    }

    /// Reads the keys a file target names and the bookkeeping beside them; a file that is not there holds nothing.
    public func observe(_ binding: ClientBindingSpec, targetIndex: Int) async -> Reach<StoreSnapshot> {
        guard binding.publish.indices.contains(targetIndex) else { return .absent }
        let target = binding.publish[targetIndex]
        guard case .file(let path, let format, let contents) = target else {
            return .broken(reason: "\(target.place): this kind of store is not supported by this version yet")
        }
        let store = FileBindingStore(root: folder, path: path, format: format, isPrivate: contents.includesSecrets)
        do {
            // What is a secret under any of the binding's names is never read as a plain value.
            let secretNames = Set(binding.secrets.keys.map(format.name))
            let plain = Set(binding.properties.keys.filter { !secretNames.contains(format.name(of: $0)) })
            let secret = Set(binding.secrets.keys)
            let reading = try store.read(plain.union(secret), of: binding.name)
            return .reachable(
                snapshot(
                    reading, contents.includesProperties ? plain : [], contents.includesSecrets ? secret : []))
        } catch {
            return error.kind == .denied ? .denied(reason: error.message) : .broken(reason: error.message)
        }
    }

    private func snapshot(
        _ reading: FileBindingStore.Reading, _ plain: Set<String>, _ secret: Set<String>
    ) -> StoreSnapshot {
        StoreSnapshot(
            properties: reading.values.filter { plain.contains($0.key) }.mapValues { $0.reveal { $0 } },
            secrets: reading.values.filter { secret.contains($0.key) }.mapValues(fingerprinter.fingerprint),
            bookkeeping: reading.bookkeeping, version: reading.content.map { fingerprinter.fingerprint($0).hexadecimal }
        )
    }
}
