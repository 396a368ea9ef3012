import Domain

/// Mirrors that several manifests want: a cluster holds one topic of a name.
extension Claims {
    /// Claims the mirrors that a manifest wants. Where several want one, the manifest whose link holds it has it, else the
    /// first.
    ///
    /// - Parameter rows: Mirrors that are there.
    /// - Returns: Topics whose mirrors nobody else wants; and names of the other mirrors, by who has them.
    mutating func claim(
        _ wanted: WantedMirrors, over link: DesiredLink, besides rows: [String: ObservedMirror]
    ) -> (free: [String], taken: [String: [String]]) {
        let claim = MirrorClaim(link: link.name, owner: wanted.owner.description)
        var free: [String] = []
        var taken: [String: [String]] = [:]
        for topic in wanted.topics.sorted() {
            let address = ResourceAddress(.mirror, in: wanted.cluster, (wanted.prefix ?? "") + topic)
            if let first = mirrors[address], first != claim {
                taken[first.owner, default: []].append(address.name)
                continue
            }
            let isHeldByAnother = rows[address.name].map { $0.isLive && $0.link != link.name } ?? false
            if !isHeldByAnother { mirrors[address] = claim }
            free.append(topic)
        }
        return (free, taken)
    }
}

extension Facts {
    /// What refuses a manifest mirrors that others have.
    func refusals(of taken: [String: [String]], _ wanted: WantedMirrors) -> [RefusedWork] {
        taken.sorted { $0.key < $1.key }.map { other, names in
            RefusedWork(
                refusal: wanted.refusal(.wanted(names, by: other)), addresses: [],
                owner: ownerRefused(with: wanted.owner))
        }
    }
}
