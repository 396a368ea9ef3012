extension RecordedMoves {
    /// Learns an event.
    ///
    /// - Parameter time: When the event became durable.
    package mutating func learn(_ event: MoveEvent, at time: Timestamp) {
        switch event {
        case .opened(let move):
            open = move
            open?.openedAt = time
            discards = nil
            epoch = max(epoch, move.epoch)
            if let incident = move.incident { spent.insert(Consent(from: move.from, incident: incident)) }
        case .downgraded(let incident):
            open?.kind = .failover
            open?.incident = incident
            if let from = open?.from { spent.insert(Consent(from: from, incident: incident)) }
        case .amended(let flags): open?.amend(flags)
        case .fencing(let member, let fence):
            fences[member, default: Fence()].written.formUnion(fence.written)
            fences[member, default: Fence()].existed.formUnion(fence.existed)
        case .unfenced(let member, let entries): unfence(member, entries)
        case .switchingOff(let link, let configs): synced[link, default: [:]].merge(configs) { first, _ in first }
        case .switchedOn(let link): synced[link] = nil
        case .past: open?.isPast = true
        case .served(let demotions): serve(demotions, at: time)
        case .discarding(let token, let divergence, let copies):
            discarded.insert(token)
            if let divergence { divergences = (divergences ?? [:]).merging([token: divergence]) { $1 } }
            if let copies {
                let before = discards?[copies.member] ?? []
                discards = (discards ?? [:]).merging([copies.member: Set(before + copies.topics).sorted()]) { $1 }
            }
        case .abandoned(let member):
            abandoned = (abandoned ?? []).union([member])
            discards?[member] = nil
        case .returned(let member):
            demoted[member] = nil
            discards?[member] = nil
            abandoned?.remove(member)
        case .closed: open = nil
        }
    }

    private mutating func unfence(_ member: String, _ entries: [ACLBinding]?) {
        if let open, open.isPast, open.from == member, serving?.epoch != open.epoch { self.open?.letsWritersIn = true }
        guard let entries, var fence = fences[member] else { return fences[member] = nil }
        fence.written.subtract(entries)
        fence.existed.subtract(entries)
        fences[member] = fence.written.isEmpty ? nil : fence
    }

    private mutating func serve(_ demotions: [String: Demotion], at time: Timestamp) {
        guard let open else { return }
        serving = Serving(epoch: open.epoch, site: open.to, since: time)
        demoted[open.to] = nil
        demoted.merge(demotions) { $1 }
        let earlier = (made ?? []).filter { $0.epoch != open.epoch }.suffix(Made.kept - 1)
        made =
            earlier + [
                Made(
                    epoch: open.epoch, kind: open.kind, from: open.from, to: open.to, lastContact: open.lastContact,
                    servedAt: time)
            ]
    }
}

extension RecordedMoves {
    /// Whether the open move brings topics that an earlier one left behind, and they do not count as brought yet: the
    /// side that it moves to serves already.
    package var isBringingTheRest: Bool {
        guard let open, let serving else { return false }
        return serving.site == open.to && open.from != open.to && serving.epoch < open.epoch
    }
}

extension RecordedMoves.Move {
    /// The flags it was given.
    package var flags: RecordedMoves.Flags {
        RecordedMoves.Flags(
            overrides: Set(overrides), left: left, detached: detached ?? [], adopted: adopted ?? [])
    }

    /// Takes further flags to those it has.
    package mutating func amend(_ flags: RecordedMoves.Flags) {
        overrides = Set(overrides).union(flags.overrides).sorted { $0.rawValue < $1.rawValue }
        left.formUnion(flags.left)
        if !flags.detached.isEmpty { detached = (detached ?? []).union(flags.detached) }
        if !flags.adopted.isEmpty { adopted = (adopted ?? []).union(flags.adopted) }
    }
}
