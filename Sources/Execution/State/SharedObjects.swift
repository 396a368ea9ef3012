/// A few small objects that several machines share, and that are written only on a condition: what a ledger needs of a
/// service to be kept there.
///
/// Reading sees every write that was acknowledged before. A write is whole or not there.
package protocol SharedObjects: Sendable {
    /// Where they are, in words, for messages: `etcd:/spillway/shop`.
    var location: String { get }
    /// Bytes that one object can hold.
    var largestObject: Int { get }

    /// Reads an object; `nil` when it is not there.
    ///
    /// - Throws: Why it cannot be told; no refusal and no silence is taken for absence.
    func read(_ name: SharedObjectName) async throws(StepFailure) -> SharedObject?

    /// Writes an object if it still is what the caller saw.
    ///
    /// - Returns: Its version; `nil` when it is not what the caller saw, and nothing was written.
    /// - Throws: A failure after which it may have been written all the same, unless its effect is `none`.
    func write(
        _ bytes: [UInt8], to name: SharedObjectName, over seen: SharedObject.Seen
    ) async throws(StepFailure) -> SharedObject.Version?

    /// Removes an object, whatever it holds; one that is not there is no failure.
    func remove(_ name: SharedObjectName) async throws(StepFailure)

    /// Shows that the service honours the conditions of ``write(_:to:over:)``, on an object that is there and keeps its
    /// content.
    ///
    /// - Throws: `rejected` when it does not: a ledger there could be overwritten by a run that lost its lock.
    func proveConditions(on name: SharedObjectName, holding object: SharedObject) async throws(StepFailure)
}

extension SharedObjects {
    /// Nothing to show where conditions are part of the service's one way to write.
    package func proveConditions(on name: SharedObjectName, holding object: SharedObject) async throws(StepFailure) {}
}

/// An object as it was read.
package struct SharedObject: Sendable, Hashable {
    /// What tells one content of an object from another one, in the service's own terms: a revision, an ETag.
    package struct Version: Sendable, Hashable {
        package let text: String

        package init(_ text: String) {
            self.text = text
        }
    }

    /// What a writer saw before it writes.
    package enum Seen: Sendable, Hashable {
        /// It was not there.
        case absent
        /// It had this version.
        case version(Version)
    }

    package let bytes: [UInt8]
    package let version: Version

    package init(bytes: [UInt8], version: Version) {
        self.bytes = bytes
        self.version = version
    }
}

/// Name of an object: parts of letters, digits and hyphens, with `/` between them.
package struct SharedObjectName: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) {
        description = text
    }

    /// The one that says who may write: services that have objects of their own for this keep it there. It is always
    /// JSON text.
    package static let lock = SharedObjectName("lock")
}
