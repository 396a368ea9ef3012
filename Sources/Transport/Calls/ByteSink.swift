/// Takes the body of an answer as it arrives, so that a large list need not be held whole.
///
/// A sink is made anew for every attempt: what an interrupted answer left behind is dropped.
package protocol ByteSink: Sendable {
    /// Takes the next bytes.
    ///
    /// - Throws: Anything; the call fails as malformed, with the error's description.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) throws
    /// Called once after the last bytes.
    mutating func finish() throws
}

/// A body held whole, up to a limit.
package struct CollectedBody: ByteSink {
    /// The limit was passed.
    package struct TooLarge: Error, CustomStringConvertible {
        /// The limit in bytes.
        package let limit: Int
        /// What happened.
        package var description: String { "the answer is larger than \(limit) bytes" }

        /// The limit that was passed, in bytes.
        package init(limit: Int) {
            self.limit = limit
        }
    }

    /// Bytes so far.
    package private(set) var bytes: [UInt8] = []
    private let limit: Int

    package init(limit: Int) {
        self.limit = limit
    }

    /// Appends the bytes.
    ///
    /// - Throws: ``TooLarge`` when the limit is passed.
    package mutating func receive(_ bytes: UnsafeRawBufferPointer) throws {
        guard self.bytes.count + bytes.count <= limit else { throw TooLarge(limit: limit) }
        self.bytes.append(contentsOf: bytes)
    }

    /// Nothing is left to do.
    package mutating func finish() {}
}

/// An answer held whole.
package struct Reply: Sendable {
    /// Status and headers.
    package let head: ReplyHead
    package let body: [UInt8]
}
