import Domain

/// What links of a family must not write any more on the side that becomes primary.
extension MoveOrder {
    /// Switches off what a link into the new side writes there by itself.
    ///
    /// Offset sync stays on in both halves of a bidirectional link: promotion and reversal do its last round themselves.
    mutating func quietenLinks(
        _ flags: [String], after: [Step.ID]
    ) -> [Step.ID] {
        guard let snapshot = facts.observation.clusters[draft.target]?.snapshot else { return [] }
        return snapshot.links.sorted { $0.name < $1.name }.flatMap { link -> [Step.ID] in
            guard let source = facts.member(draft.family, of: link, on: draft.target), facts.carries(link, draft) else {
                return []
            }
            let live = flags.filter { flag in
                link.configs[flag] == "true" && (link.mode == .destination || flag != Facts.offsetSync)
            }
            return live.isEmpty ? [] : [quieten(link, source, live, after: after)]
        }
    }

    mutating func quieten(
        _ link: ObservedLink, _ source: String, _ flags: [String], after: [Step.ID]
    ) -> Step.ID {
        let address = ResourceAddress(.link, in: draft.target, link.name)
        var after = after
        let verb = flags.contains(Facts.offsetSync) ? "quieten-offsets" : "quieten"
        if facts.recorded.owned[address]?.origin == .adopted {
            let names = flags + flags.compactMap { LinkConfigs.enableFlags[$0] }
            let values = link.configs.filter { names.contains($0.key) }
            after = [
                graph.record(
                    "\(verb)-\(link.name)-remember",
                    .switchingOff(link: "\(draft.target)/\(link.name)", configs: values), after: after)
            ]
        }
        let alteration = LinkAlteration(
            cluster: draft.target, link: link.name, remote: source,
            half: link.mode == .bidirectional ? .bidirectional : .destination,
            batches: [flags.sorted().map { ConfigChange($0, "false") }], renewsConnection: false)
        return graph.add("\(verb)-\(link.name)", .kafka(.alterLink(alteration)), after: after)
    }
}

extension Facts {

    /// Whether a link is the family's to change: it carries its mirrors, or was made for it, and nobody else's are on it.
    fileprivate func carries(_ link: ObservedLink, _ draft: MoveDraft) -> Bool {
        let rows = (observation.clusters[draft.target]?.snapshot?.mirrors ?? []).filter { $0.link == link.name }
        guard draft.promotions.detached[link.name] == nil else { return false }
        let owner = recorded.owned[ResourceAddress(.link, in: draft.target, link.name)]?.declaredBy
        let isOwn = owner == LinkOwner(draft.family).description || rows.contains { draft.topics.contains($0.topic) }
        return isOwn && !isShared(link, draft)
    }

    func isShared(_ link: ObservedLink, _ draft: MoveDraft) -> Bool {
        (observation.clusters[draft.target]?.snapshot?.mirrors ?? []).contains { row in
            row.link == link.name && row.isLive && !draft.topics.contains(row.topic)
        }
    }

    static let offsetSync = "consumer.offset.sync.enable"
    static let copySync = ["acl.sync.enable", "auto.create.mirror.topics.enable"]

}
