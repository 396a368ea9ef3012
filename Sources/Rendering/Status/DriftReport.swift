public import Domain
public import Planning

/// What `drift` tells: in what the live systems differ from what was last applied.
public struct DriftReport: Hashable, Sendable, Codable {
    /// One object that is not as it was left.
    public struct Item: Hashable, Sendable, Codable {
        /// How it differs.
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            /// Fields differ.
            case changed
            /// It is not there any more.
            case missing
        }

        /// The object.
        public var address: ResourceAddress
        /// How it differs.
        public var kind: Kind
        /// Fields that differ: from what was applied, to what is there.
        public var differences: [Change.FieldDifference]

        /// One object that is not as it was left.
        public init(_ kind: Kind, _ address: ResourceAddress, differences: [Change.FieldDifference] = []) {
            self.kind = kind
            self.address = address
            self.differences = differences
        }
    }

    /// Workspace.
    public var workspace: String
    /// When it was observed.
    @RFC3339 public var observedAt: Timestamp
    /// Number of objects that were compared.
    public var compared: Int
    /// Objects that differ, in the order they are shown.
    public var items: [Item]
    /// Endpoints that did not answer, so that their objects were not compared.
    public var unseen: [Plan.Site]

    /// What `drift` tells.
    public init(workspace: String, observedAt: Timestamp, compared: Int, items: [Item], unseen: [Plan.Site]) {
        self.workspace = workspace
        self._observedAt = RFC3339(wrappedValue: observedAt)
        self.compared = compared
        self.items = items
        self.unseen = unseen
    }
}
