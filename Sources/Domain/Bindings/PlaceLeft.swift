/// A place that a binding was published to and is not any more: what was left there is read before its removal is planned.
package struct PlaceLeft: Hashable, Sendable {
    /// The row of the ledger that remembers it: that of a target, or of a place that was left before.
    package let row: ResourceAddress
    package let binding: String
    /// The single place.
    package let target: PublishTarget
    /// What was published there, in the ledger's form.
    package let published: [String: String]

    /// Its own address, whatever row remembers it.
    package var address: ResourceAddress { ResourceAddress(placeLeftBy: binding, target.place) }

    /// Keys of plain and of secret values that were published.
    package var keys: (plain: Set<String>, secret: Set<String>) {
        func keys(_ prefix: String) -> Set<String> {
            Set(published.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
        }
        return (keys("properties."), keys("secrets."))
    }
}

extension Recorded {
    /// The places that bindings of a workspace were published to and are not any more, in the order of their rows.
    package func placesLeft(in workspace: Workspace) -> [PlaceLeft] {
        let rows = owned { $0.kind == .binding }.filter { $0.value.origin != .creating }
        guard !rows.isEmpty else { return [] }
        let inUse = Set(
            workspace.clientBindings.values.flatMap(\.publish).flatMap(\.parts).map { $0.identity(in: workspace) })
        return rows.sorted { $0.key < $1.key }.flatMap { address, row -> [PlaceLeft] in
            guard workspace.clientBindings[address.nameOfBinding] != nil,
                let target = PublishTarget(remembered: row.applied)
            else { return [] }
            return target.parts.filter { !inUse.contains($0.identity(in: workspace)) }.map { place in
                PlaceLeft(
                    row: address, binding: address.nameOfBinding, target: place,
                    published: row.applied.filter { place.contents.carries($0.key) })
            }.filter { !$0.published.isEmpty }
        }
    }

    /// Rows of places that were left and to which the binding is published again.
    package func placesTakenUpAgain(in workspace: Workspace) -> [ResourceAddress] {
        let inUse = Set(
            workspace.clientBindings.values.flatMap(\.publish).flatMap(\.parts).map { $0.identity(in: workspace) })
        return owned { $0.leftPlace != nil }.filter { address, row in
            row.origin != .creating && workspace.clientBindings[address.nameOfBinding] != nil
                && PublishTarget(remembered: row.applied)?.parts.allSatisfy {
                    inUse.contains($0.identity(in: workspace))
                } ?? false
        }.keys.sorted()
    }
}

extension ResourceAddress {
    /// The binding of a target, or of a place it left.
    fileprivate var nameOfBinding: String { leftPlace?.binding ?? String(name.prefix { $0 != "/" }) }
}

extension PublishedContents {
    /// Whether a field of the ledger's form is of a key that is written.
    package func carries(_ field: String) -> Bool {
        includesProperties && field.hasPrefix("properties.") || includesSecrets && field.hasPrefix("secrets.")
    }
}
