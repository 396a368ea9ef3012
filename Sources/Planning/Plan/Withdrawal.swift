public import Domain

/// What was published to a place that a binding has left, to be removed there.
public struct Withdrawal: Hashable, Sendable, Codable {
    /// Binding.
    public let binding: String
    /// The place.
    public let target: PublishTarget
    /// Keys that were published there; everything else in the place stays.
    public let keys: [String]

    /// Keys to remove from a place.
    public init(binding: String, target: PublishTarget, keys: [String]) {
        self.binding = binding
        self.target = target
        self.keys = keys
    }
}
