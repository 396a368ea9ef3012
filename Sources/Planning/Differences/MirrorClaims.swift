import Domain

/// Mirrors that several manifests want: a cluster holds one topic of a name.
extension PlanningPhase {
    /// Topics whose mirrors no other manifest wants. Where several do, the one whose link holds the mirror has it, else the
    /// first; the others are refused.
    mutating func claim(_ wanted: WantedMirrors, over link: DesiredLink) -> [String] {
        let claim = Claims.MirrorClaim(link: link.name, owner: wanted.owner.description)
        var free: [String] = []
        var taken: [String: [String]] = [:]
        for topic in wanted.topics.sorted() {
            let address = ResourceAddress(.mirror, in: wanted.cluster, (wanted.prefix ?? "") + topic)
            if let first = written.claims.mirrors[address], first != claim {
                taken[first.owner, default: []].append(address.name)
                continue
            }
            let row = index.mirrors[wanted.cluster]?[address.name]
            if row.map({ !$0.isLive || $0.link == link.name }) ?? true { written.claims.mirrors[address] = claim }
            free.append(topic)
        }
        for (other, names) in taken.sorted(by: { $0.key < $1.key }) where !options.adoptOnly {
            refuse(names, wantedBy: other, wanted)
        }
        return free
    }

    private mutating func refuse(_ names: [String], wantedBy other: String, _ wanted: WantedMirrors) {
        let owner = wanted.owner
        let refusal = Refusal(
            .transition, subject: "\(owner.kind) \(owner.name) on \(wanted.cluster)",
            message: "\(other) mirrors topics to \(wanted.cluster) that \(owner.description) would mirror there too: "
                + "\(names.shortened); a cluster holds one topic of a name",
            wayOut: "exclude them from the topics of \(owner.description), or of \(other)", origin: owner.origin("spec")
        )
        written.refusals.append(
            RefusedWork(refusal: refusal, addresses: [], owner: facts.ownerRefused(with: owner)))
    }
}
