public import Domain

/// A moment that is written to JSON in RFC 3339, UTC, with milliseconds.
@propertyWrapper
public struct RFC3339: Hashable, Sendable, Codable {
    /// The moment.
    public var wrappedValue: Timestamp

    /// A moment.
    public init(wrappedValue: Timestamp) {
        self.wrappedValue = wrappedValue
    }

    /// Reads a moment of RFC 3339 in UTC.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not a moment in RFC 3339, UTC")
        }
        self.wrappedValue = moment
    }

    /// Writes the moment with milliseconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue.rfc3339)
    }
}
