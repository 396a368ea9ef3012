import Domain
import Execution

/// Shared objects that are read for as long as silence is borne, so that a service that is gone costs no command more time
/// than any other endpoint that is gone.
struct BoundedObjects: SharedObjects {
    let objects: any SharedObjects
    let connection: String
    let connections: Connections

    var location: String { objects.location }
    var largestObject: Int { objects.largestObject }

    func read(_ name: SharedObjectName) async throws(StepFailure) -> SharedObject? {
        try await connections.bounded(connection) { [objects] () async throws(StepFailure) in
            try await objects.read(name)
        }
    }

    func write(
        _ bytes: [UInt8], to name: SharedObjectName, over seen: SharedObject.Seen
    ) async throws(StepFailure) -> SharedObject.Version? {
        try await objects.write(bytes, to: name, over: seen)
    }

    func remove(_ name: SharedObjectName) async throws(StepFailure) {
        try await objects.remove(name)
    }

    func proveConditions(on name: SharedObjectName, holding object: SharedObject) async throws(StepFailure) {
        try await objects.proveConditions(on: name, holding: object)
    }
}

extension SharedObjects {
    /// The same, read for as long as silence is borne of a connection.
    func bounded(by connection: String, of connections: Connections) -> any SharedObjects {
        BoundedObjects(objects: self, connection: connection, connections: connections)
    }
}
