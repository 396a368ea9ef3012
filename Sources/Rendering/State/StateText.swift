package import Domain

/// What the ledger holds, for people and as JSON.
package enum StateText {
    /// Owned objects, a line each, then how many there are.
    package static func list(_ recorded: Recorded, terminal: Terminal = .plain) -> String {
        guard !recorded.owned.isEmpty else { return terminal.render(["The ledger holds no objects."]) }
        var columns = Columns(indent: 0)
        for (address, owned) in sorted(recorded) {
            columns.add(StyledText(address.description), StyledText(owned.origin.rawValue), StyledText(owned.words))
        }
        let total: StyledText =
            "\(Words.count(recorded.owned.count, "object")), ledger \(recorded.ledgerID ?? "not created yet")"
        return terminal.render(columns.lines + ["", total])
    }

    /// Owned objects as a JSON array.
    package static func listJSON(_ recorded: Recorded) -> String {
        JSONText.pretty(sorted(recorded).map { Row(address: $0, owned: $1) })
    }

    /// One owned object with what was last applied to it.
    package static func show(_ address: ResourceAddress, _ owned: Recorded.Owned, terminal: Terminal = .plain) -> String
    {
        var columns = Columns(indent: 2)
        columns.add("origin", StyledText(owned.originWords))
        columns.add(
            "when it leaves the manifests", owned.deletionPolicy == .delete ? "deleted" : "kept, no longer owned")
        if owned.isDerived { columns.add("derived from", "a failover group") }
        if let id = owned.nativeID { columns.add("live id", StyledText(id)) }
        var fields = Columns(indent: 4)
        for (field, value) in owned.applied.sorted(by: { $0.key < $1.key }) {
            fields.add(StyledText(field), StyledText(value))
        }
        let heading: [StyledText] = owned.applied.isEmpty ? [] : ["  last applied"]
        return terminal.render([StyledText(address.description, .bold)] + columns.lines + heading + fields.lines)
    }

    /// One owned object as JSON.
    package static func showJSON(_ address: ResourceAddress, _ owned: Recorded.Owned) -> String {
        JSONText.pretty(Row(address: address, owned: owned))
    }

    private static func sorted(_ recorded: Recorded) -> [(ResourceAddress, Recorded.Owned)] {
        recorded.owned.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private struct Row: Encodable {
        let address: ResourceAddress
        let owned: Recorded.Owned
    }
}

extension Recorded.Owned {
    fileprivate var words: String {
        [deletionPolicy.rawValue, isDerived ? "derived" : nil, nativeID].compactMap(\.self).joined(separator: ", ")
    }

    fileprivate var originWords: String {
        switch origin {
        case .creating: "creating: the call was about to be sent; the next plan looks whether it was"
        case .created: "created by Spillway"
        case .adopted: "adopted: it existed before"
        }
    }
}
