import Planning

extension FamilyReason {
    var words: RefusalWords {
        switch self {
        case .manyPublished(let sites, let epoch):
            RefusalWords(
                "its bindings name \(sites.joined(separator: " and ")) in the same epoch \(epoch)",
                wayOut: "find out who else publishes them, and correct the wrong one by hand")
        case .publishedOutside(let binding, let site):
            RefusalWords(
                "binding \(binding) sends its clients to \(site), which is no member",
                wayOut: "add \(site) to `members`, or correct the binding by hand")
        case .publishedByOther(let address, let own, let other):
            RefusalWords(
                "\(address) was published by this ledger (\(own ?? "unknown")) and has been published since by another one "
                    + "(\(other)), in the same epoch",
                wayOut: "find out who else applies this workspace; then accept what it published: "
                    + "\(AdvisedCommand(.adoptEpoch, address)); or take the place over anew: "
                    + "\(AdvisedCommand(.forget, address))")
        case .manySources(let sources, let members, let epoch):
            RefusalWords(
                "mirrors of its topics read from \(sources.joined(separator: " and "))",
                wayOut: Self.choosing(among: members, epoch))
        case .manyHolders(let holders, let members, let epoch):
            RefusalWords(
                "\(holders.joined(separator: " and ")) hold its topics, and none mirrors the other",
                wayOut: Self.choosing(among: members, epoch))
        case .holderOutside(let holder):
            RefusalWords(
                "\(holder) holds its data, and is no member any more", wayOut: "put \(holder) back into `members`")
        case .leaves(let member, let writableCopies, let fenceEntries):
            RefusalWords(
                "\(member) is no member any more, and leaves "
                    + [
                        writableCopies ? "writable copies that may differ" : nil,
                        fenceEntries > 0 ? "\(fenceEntries) entries of its fence" : nil,
                    ].compactMap(\.self).joined(separator: " and ") + " behind",
                wayOut: "put \(member) back into `members` until it follows, or give it up with --abandon \(member)")
        case .protected:
            RefusalWords(
                "its copies would be destroyed, but the group is protected",
                wayOut: "set `metadata.protect: false` for this change")
        case .unfencedCopies(let member, let group):
            RefusalWords(
                (group.map { "group \($0): " } ?? "")
                    + "nothing keeps writers from the copies on \(member) while they are replaced",
                wayOut: RefusalWords.declaringFence(of: group))
        case .nothingToTakeOver(let member):
            RefusalWords("\(member) has nothing to take over", wayOut: "apply the manifests first")
        }
    }

    private static func choosing(among members: [String], _ epoch: Int) -> String {
        "declare whose records are right: "
            + members.map { "`primary: \($0)` and plan with --adopt-diverged \($0)@\(epoch)" }.joined(
                separator: "; or ")
    }
}
