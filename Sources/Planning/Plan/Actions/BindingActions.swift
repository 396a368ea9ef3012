package import Domain

/// What is done to what clients read.
package enum BindingAction: RoomAction {
    case publish(Publication)
    /// Removes what was published to a place that a binding has left.
    case withdraw(Withdrawal)

    package enum Verb: String, CaseIterable {
        case publish, withdraw
    }

    package var facts: ActionFacts {
        switch self {
        case .publish(let payload): ActionFacts(Verb.publish, .changes, .seconds(1), for: .publish, payload)
        case .withdraw(let withdrawal):
            ActionFacts(Verb.withdraw, .destroys, .seconds(1), WithdrawalForm(withdrawal: withdrawal))
        }
    }

    package init(_ verb: Verb, from document: any Decoder) throws {
        switch verb {
        case .publish: self = .publish(try document.payload())
        case .withdraw: self = .withdraw(try WithdrawalForm(from: document).withdrawal)
        }
    }
}

/// The content of a binding, and the store it goes to.
package struct Publication: Hashable, Sendable, Codable {
    package let binding: String
    /// Number of the target in the binding's `publish` list, from 0.
    package let targetIndex: Int
    /// The cluster the content points at.
    package let cluster: String
    /// The group, for `${group.name}`; `nil` when pinned.
    package let group: String?
    /// Epoch published with it: 0 while the group has never moved; `nil` when pinned.
    package let epoch: Int?
    /// Generation published with it: one number per content.
    package let generation: Int
    /// Keys that were published before and are not part of the content any more, to be removed; `nil` = none.
    package let dropped: [String]?
    /// The ledger that gave the epoch, where it is lost and this one goes on with it: it stays beside the content, and
    /// in tokens. `nil` = this ledger's own epoch.
    package let successorOf: String?

    package init(
        binding: String, targetIndex: Int, cluster: String, group: String?, epoch: Int?, generation: Int,
        dropped: [String] = [], successorOf: String? = nil
    ) {
        self.binding = binding
        self.targetIndex = targetIndex
        self.cluster = cluster
        self.group = group
        self.epoch = epoch
        self.generation = generation
        self.dropped = dropped.isEmpty ? nil : dropped
        self.successorOf = successorOf
    }
}

/// What was published to a place that a binding has left, to be removed there.
package struct Withdrawal: Hashable, Sendable, Codable {
    package let binding: String
    /// The place.
    package let target: PublishTarget
    /// Keys that were published there; everything else in the place stays.
    package let keys: [String]

    package init(binding: String, target: PublishTarget, keys: [String]) {
        self.binding = binding
        self.target = target
        self.keys = keys
    }
}

/// A withdrawal as it stands in a plan document: under a name of its own.
private struct WithdrawalForm: Codable {
    let withdrawal: Withdrawal
}
