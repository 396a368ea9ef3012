/// What a binding's store holds under the keys of one binding, and beside them.
package struct StoreSnapshot: Sendable, Hashable {
    /// The bookkeeping that is published beside the data.
    package struct Bookkeeping: Sendable, Hashable, Codable {
        /// `spillway.primary`: the cluster the content points at.
        package var primary: String?
        /// `spillway.epoch`; `nil` for pinned bindings.
        package var epoch: Int?
        /// `spillway.ledger`: id of the ledger that wrote it.
        package var ledger: String?
        /// `spillway.generation`: one number per content.
        package var generation: Int

        package init(primary: String?, epoch: Int?, ledger: String?, generation: Int) {
            self.primary = primary
            self.epoch = epoch
            self.ledger = ledger
            self.generation = generation
        }
    }

    /// A place whose content is in another format than its target has now.
    package enum FormerFormat: Sendable, Hashable {
        /// Nothing else is in it: it can be written anew.
        case replaceable
        /// It holds what others wrote, which a new format would not carry over.
        case shared
    }

    /// Plain values of the keys the binding names; a key that is not there is missing.
    package var properties: [String: String]
    /// Fingerprints of the secret values it names.
    package var secrets: [String: Fingerprint]
    /// Bookkeeping; `nil` when the store holds none.
    package var bookkeeping: Bookkeeping?
    /// Set while the content is still in the format it was last published in, and the target has another one.
    package var formerFormat: FormerFormat?
    /// What one store holds; the default is nothing.
    package init(
        properties: [String: String] = [:], secrets: [String: Fingerprint] = [:], bookkeeping: Bookkeeping? = nil,
        formerFormat: FormerFormat? = nil
    ) {
        self.properties = properties
        self.secrets = secrets
        self.bookkeeping = bookkeeping
        self.formerFormat = formerFormat
    }
}
