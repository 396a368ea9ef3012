import Domain
package import Execution

/// Shared objects under a prefix of etcd, a key each. A version is the revision of the key's last change.
struct EtcdObjects: SharedObjects {
    let api: EtcdAPI
    let prefix: String

    var location: String { "etcd:\(prefix)" }
    /// etcd refuses requests of more than 1.5 MiB (*System limits*).
    let largestObject = 1_000_000

    func read(_ name: SharedObjectName) async throws(StepFailure) -> SharedObject? {
        guard let entry = try await api.entries([key(of: name)]).first ?? nil else { return nil }
        return SharedObject(bytes: entry.value, version: .init(String(entry.revision)))
    }

    func write(
        _ bytes: [UInt8], to name: SharedObjectName, over seen: SharedObject.Seen
    ) async throws(StepFailure) -> SharedObject.Version? {
        let revision: Int64
        switch seen {
        case .absent: revision = 0
        case .version(let version):
            guard let number = Int64(version.text) else {
                throw StepFailure(.rejected, "'\(version.text)' is no revision of etcd")
            }
            revision = number
        }
        let change = EtcdAPI.Change(key: key(of: name), value: bytes, revision: revision)
        let written = try await Deeds.recorded { () async throws(StepFailure) in try await api.commit([change]) }
        return written.map { .init(String($0)) }
    }

    func remove(_ name: SharedObjectName) async throws(StepFailure) {
        try await Deeds.recorded { () async throws(StepFailure) in try await api.remove(key(of: name)) }
    }

    private func key(of name: SharedObjectName) -> String { "\(prefix)/\(name)" }
}

extension Connections {
    /// Shared objects in etcd.
    ///
    /// - Parameters:
    ///   - connection: Connection of type etcd.
    ///   - prefix: What their keys begin with, before a `/`.
    package func etcdObjects(of connection: String, under prefix: String) async throws(StepFailure) -> any SharedObjects
    {
        EtcdObjects(api: try await etcd(connection), prefix: prefix).bounded(by: connection, of: self)
    }
}
