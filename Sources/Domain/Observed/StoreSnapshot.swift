/// What a binding's store holds under the keys of one binding, and beside them.
public struct StoreSnapshot: Sendable, Hashable {
    /// The bookkeeping that is published beside the data.
    public struct Bookkeeping: Sendable, Hashable, Codable {
        /// `spillway.primary`: the cluster the content points at.
        public var primary: String?
        /// `spillway.epoch`; `nil` for pinned bindings.
        public var epoch: Int?
        /// `spillway.ledger`: id of the ledger that wrote it.
        public var ledger: String?
        /// `spillway.generation`: one number per content.
        public var generation: Int

        /// Bookkeeping of one publication.
        public init(primary: String?, epoch: Int?, ledger: String?, generation: Int) {
            self.primary = primary
            self.epoch = epoch
            self.ledger = ledger
            self.generation = generation
        }
    }

    /// A place whose content is in another format than its target has now.
    public enum FormerFormat: Sendable, Hashable {
        /// Nothing else is in it: it can be written anew.
        case replaceable
        /// It holds what others wrote, which a new format would not carry over.
        case shared
    }

    /// Plain values of the keys the binding names; a key that is not there is missing.
    public var properties: [String: String]
    /// Fingerprints of the secret values it names.
    public var secrets: [String: Fingerprint]
    /// Bookkeeping; `nil` when the store holds none.
    public var bookkeeping: Bookkeeping?
    /// Set while the content is still in the format it was last published in, and the target has another one.
    public var formerFormat: FormerFormat?
    /// What one store holds; the default is nothing.
    public init(
        properties: [String: String] = [:], secrets: [String: Fingerprint] = [:], bookkeeping: Bookkeeping? = nil,
        formerFormat: FormerFormat? = nil
    ) {
        self.properties = properties
        self.secrets = secrets
        self.bookkeeping = bookkeeping
        self.formerFormat = formerFormat
    }
}
