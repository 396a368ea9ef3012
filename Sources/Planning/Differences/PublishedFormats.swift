import Domain

/// A place that is written in another format than before.
extension Facts {
    /// Where a target was last published, as the ledger remembers it.
    func formerTarget(of address: ResourceAddress) -> PublishTarget? {
        recorded.owned[address].flatMap { PublishTarget(remembered: $0.applied) }
    }

    /// A file is written anew in its new format, unless it holds what others wrote; a key of a store moves to another
    /// one, where what reads it in the old format goes on until it is restarted.
    func changedFormat(of target: PublishTarget, _ index: Int, _ spec: ClientBindingSpec) -> Refusal? {
        let address = spec.addresses[index]
        guard let former = formerTarget(of: address), former.place == target.place,
            let before = former.format, let after = target.format, before != after
        else { return nil }
        let reason: BindingReason
        switch target {
        case .file(let file):
            guard observation.stores[address]?.snapshot?.formerFormat == .shared else { return nil }
            reason = .sharedFile(path: file.path, from: before, to: after)
        default: reason = .format(place: target.place, from: before, to: after)
        }
        return Refusal(
            .immutable, subject: address.description, .binding(reason),
            origin: ManifestOrigin("ClientBinding", spec.name, "spec.publish[\(index)]"))
    }
}
