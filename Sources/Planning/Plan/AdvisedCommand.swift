package import Domain

/// A command that a plan advises, at the end of a text. It names neither workspace nor state: a plan is read, and kept,
/// by others than who made it. Whoever shows it to a person adds how that person calls.
package struct AdvisedCommand: Hashable, Sendable, CustomStringConvertible {
    /// What is advised.
    package enum Verb: String, CaseIterable, Sendable {
        case forget = "state forget"
        case adoptEpoch = "state adopt-epoch"
    }

    package let verb: Verb
    package let address: ResourceAddress

    package init(_ verb: Verb, _ address: ResourceAddress) {
        self.verb = verb
        self.address = address
    }

    package var description: String { "spillway \(verb.rawValue) \(address)" }
}
