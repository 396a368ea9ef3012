import Domain
import Planning

/// A step that creates a topic of this name and waits for the topics `after`.
func step(_ name: String, after: [String] = []) -> Step {
    Step(
        "create", ResourceAddress(.topic, in: "west", name),
        .kafka(
            .createTopic(
                TopicCreation(cluster: "west", topic: name, partitions: 1, replicationFactor: nil, configs: []))),
        after: after.map(stepID))
}

/// The id of the step that ``step(_:after:)`` makes.
func stepID(_ name: String) -> Step.ID {
    Step.ID(ResourceAddress(.topic, in: "west", name), "create")
}

/// A step that only changes the ledger.
func adoption(_ name: String, after: [String] = []) -> Step {
    Step("adopt", ResourceAddress(.topic, in: "west", name), .ledger(.adopt), after: after.map(stepID))
}

/// The same sequence of numbers on every machine (SplitMix64).
struct Randomness: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
