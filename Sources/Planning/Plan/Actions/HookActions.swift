/// What is done to clients themselves.
package enum HookAction: RoomAction {
    /// Runs a restart hook.
    case runHook(HookCall)

    package enum Verb: String, CaseIterable {
        case runHook
    }

    package var facts: ActionFacts {
        switch self {
        case .runHook(let payload): ActionFacts(Verb.runHook, .changes, .seconds(1), for: .restart, payload)
        }
    }

    package init(_ verb: Verb, from document: any Decoder) throws {
        switch verb {
        case .runHook: self = .runHook(try document.payload())
        }
    }
}

/// One restart hook of a binding.
package struct HookCall: Hashable, Sendable, Codable {
    package let binding: String
    /// Number of the hook in the binding's `restart` list, from 0.
    package let hookIndex: Int
    /// The cluster the binding points at.
    package let cluster: String
    /// The group, for `${group.name}`; `nil` when pinned.
    package let group: String?
    /// Epoch of the group; `nil` when pinned.
    package let epoch: Int?
    /// Generation of the content it announces.
    package let generation: Int
    /// Whether it acts although it has announced this content before; `nil` = it need not.
    package let isRepeated: Bool?

    package init(
        binding: String, hookIndex: Int, cluster: String, group: String?, epoch: Int? = nil, generation: Int,
        isRepeated: Bool = false
    ) {
        self.isRepeated = isRepeated ? true : nil
        self.binding = binding
        self.hookIndex = hookIndex
        self.cluster = cluster
        self.group = group
        self.epoch = epoch
        self.generation = generation
    }
}
