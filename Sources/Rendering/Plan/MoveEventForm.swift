import Domain

/// An event of a move as it stands in a plan document: one flat object whose `type` says what it is. Sets are sorted
/// lists there, so that equal plans give equal bytes.
struct MoveEventForm: Codable {
    let event: MoveEvent

    /// The names of events in documents; they never change.
    enum Name: String, Codable, CaseIterable {
        case opened, downgraded, fencing, unfenced, switchingOff, switchedOn, past, served, discarding, returned
        case abandoned, closed, amended
    }

    private enum Key: String, CodingKey {
        case type, move, incident, member, written, existed, link, configs, demoted, token, aborted
        case flags, losing, topics, entries
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(event.name, forKey: .type)
        switch event {
        case .opened(let move): try container.encode(RecordedMoveForm(move), forKey: .move)
        case .downgraded(let incident): try container.encode(incident, forKey: .incident)
        case .amended(let flags): try container.encode(flags, forKey: .flags)
        case .fencing(let member, let fence):
            try container.encode(member, forKey: .member)
            try container.encode(fence.written.sorted(), forKey: .written)
            try container.encode(fence.existed.sorted(), forKey: .existed)
        case .unfenced(let member, let entries):
            try container.encode(member, forKey: .member)
            try container.encodeIfPresent(entries, forKey: .entries)
        case .returned(let member), .abandoned(let member): try container.encode(member, forKey: .member)
        case .switchingOff(let link, let configs):
            try container.encode(link, forKey: .link)
            try container.encode(configs, forKey: .configs)
        case .switchedOn(let link): try container.encode(link, forKey: .link)
        case .past: break
        case .served(let demoted): try container.encode(demoted, forKey: .demoted)
        case .discarding(let token, let divergence, let copies):
            try container.encode(token, forKey: .token)
            try container.encodeIfPresent(divergence, forKey: .losing)
            try container.encodeIfPresent(copies?.member, forKey: .member)
            try container.encodeIfPresent(copies?.topics, forKey: .topics)
        case .closed(let aborted): try container.encode(aborted, forKey: .aborted)
        }
    }

    init(_ event: MoveEvent) {
        self.event = event
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func text(_ key: Key) throws -> String { try container.decode(String.self, forKey: key) }
        func entries(_ key: Key) throws -> Set<ACLBinding> {
            Set(try container.decode([ACLBinding].self, forKey: key))
        }
        switch try container.decode(Name.self, forKey: .type) {
        case .opened: event = .opened(try container.decode(RecordedMoveForm.self, forKey: .move).move)
        case .downgraded: event = .downgraded(incident: try text(.incident))
        case .amended: event = .amended(try container.decode(RecordedMoves.Flags.self, forKey: .flags))
        case .fencing:
            event = .fencing(
                member: try text(.member),
                RecordedMoves.Fence(written: try entries(.written), existed: try entries(.existed)))
        case .unfenced:
            event = .unfenced(
                member: try text(.member),
                entries: try container.decodeIfPresent([ACLBinding].self, forKey: .entries))
        case .switchingOff:
            event = .switchingOff(
                link: try text(.link), configs: try container.decode([String: String].self, forKey: .configs))
        case .switchedOn: event = .switchedOn(link: try text(.link))
        case .past: event = .past
        case .served:
            event = .served(
                demoted: try container.decode([String: RecordedMoves.Demotion].self, forKey: .demoted))
        case .discarding:
            let member = try container.decodeIfPresent(String.self, forKey: .member)
            let topics = try container.decodeIfPresent([String].self, forKey: .topics) ?? []
            event = .discarding(
                token: try text(.token),
                losing: try container.decodeIfPresent(RecordedMoves.Divergence.self, forKey: .losing),
                copies: member.map { DiscardedCopies(of: topics, on: $0) })
        case .returned: event = .returned(member: try text(.member))
        case .abandoned: event = .abandoned(member: try text(.member))
        case .closed: event = .closed(aborted: try container.decode(Bool.self, forKey: .aborted))
        }
    }
}

extension MoveEvent {
    /// The event's name in documents.
    fileprivate var name: MoveEventForm.Name {
        switch self {
        case .opened: .opened
        case .downgraded: .downgraded
        case .amended: .amended
        case .fencing: .fencing
        case .unfenced: .unfenced
        case .switchingOff: .switchingOff
        case .switchedOn: .switchedOn
        case .past: .past
        case .served: .served
        case .discarding: .discarding
        case .returned: .returned
        case .abandoned: .abandoned
        case .closed: .closed
        }
    }
}

/// A move as the ledger learns it.
private struct RecordedMoveForm: Codable {
    let epoch: Int
    let from: String
    let to: String
    let kind: RecordedMoves.Kind
    let openedAt: RFC3339?
    let incident: String?
    let overrides: [GateOverride]
    let left: [String]
    let hasCompleteFence: Bool
    let isPast: Bool
    let snapshot: [String: [String: [Int64]]]
    let lastContact: RFC3339?
    let detached: [String]?
    let adopted: [String]?

    init(_ move: RecordedMoves.Move) {
        epoch = move.epoch
        from = move.from
        to = move.to
        kind = move.kind
        openedAt = move.openedAt.map(RFC3339.init)
        incident = move.incident
        overrides = move.overrides
        left = move.left.sorted()
        hasCompleteFence = move.hasCompleteFence
        isPast = move.isPast
        snapshot = move.snapshot
        lastContact = move.lastContact.map(RFC3339.init)
        detached = move.detached?.sorted()
        adopted = move.adopted?.sorted()
    }

    var move: RecordedMoves.Move {
        var move = RecordedMoves.Move(
            epoch: epoch, from: from, to: to, kind: kind, openedAt: openedAt?.wrappedValue, incident: incident,
            overrides: overrides, left: Set(left), hasCompleteFence: hasCompleteFence, isPast: isPast,
            snapshot: snapshot)
        move.lastContact = lastContact?.wrappedValue
        move.detached = detached.map { Set($0) }
        move.adopted = adopted.map { Set($0) }
        return move
    }
}
