package import Domain

/// A moment that is written to JSON in RFC 3339, UTC, with milliseconds.
@propertyWrapper
package struct RFC3339: Hashable, Sendable, Codable {
    /// The moment.
    package var wrappedValue: Timestamp

    package init(wrappedValue: Timestamp) {
        self.wrappedValue = wrappedValue
    }

    /// Reads a moment of RFC 3339 in UTC.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not a moment in RFC 3339, UTC")
        }
        self.wrappedValue = moment
    }

    /// Writes the moment with milliseconds.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue.rfc3339)
    }
}
