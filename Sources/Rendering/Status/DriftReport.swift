package import Domain
package import Planning

/// What `drift` tells: in what the live systems differ from what was last applied.
package struct DriftReport: Hashable, Sendable, Codable {
    /// One object that is not as it was left.
    package struct Item: Hashable, Sendable, Codable {
        /// How it differs.
        package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            /// Fields differ.
            case changed
            /// It is not there any more.
            case missing
        }

        /// The object.
        package var address: ResourceAddress
        /// How it differs.
        package var kind: Kind
        /// Fields that differ: from what was applied, to what is there.
        package var differences: [Change.FieldDifference]

        /// One object that is not as it was left.
        package init(_ kind: Kind, _ address: ResourceAddress, differences: [Change.FieldDifference] = []) {
            self.kind = kind
            self.address = address
            self.differences = differences
        }
    }

    package var workspace: String
    @RFC3339 package var observedAt: Timestamp
    /// Number of objects that were compared.
    package var compared: Int
    /// Objects that differ, in the order they are shown.
    package var items: [Item]
    /// Endpoints that did not answer, so that their objects were not compared.
    package var unseen: [Plan.Site]

    /// What `drift` tells.
    package init(workspace: String, observedAt: Timestamp, compared: Int, items: [Item], unseen: [Plan.Site]) {
        self.workspace = workspace
        self._observedAt = RFC3339(wrappedValue: observedAt)
        self.compared = compared
        self.items = items
        self.unseen = unseen
    }
}
