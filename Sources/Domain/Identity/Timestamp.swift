import TextForms

/// A moment: milliseconds since the Unix epoch, UTC.
package struct Timestamp: Hashable, Sendable, Comparable, Codable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    /// A moment given in milliseconds since the Unix epoch.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Earlier first.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The span from another moment to this one; negative when this one is earlier.
    package func since(_ earlier: Timestamp) -> Duration {
        .milliseconds(milliseconds.minus(earlier.milliseconds))
    }

    /// The moment `duration` later.
    package func advanced(by duration: Duration) -> Timestamp {
        Timestamp(milliseconds: milliseconds.plus(duration.wholeMilliseconds))
    }

    /// Reads the stored form.
    package init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    /// Writes the stored form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

extension Timestamp {
    /// Reads any moment of RFC 3339; `nil` for everything else.
    package init?(rfc3339 text: String) {
        guard let moment = UTCMoment(text) else { return nil }
        self.init(milliseconds: moment.milliseconds)
    }

    /// The moment in RFC 3339 with milliseconds, UTC: `2026-11-23T12:03:07.250Z`.
    package var rfc3339: String { UTCMoment(milliseconds: milliseconds).text }

    /// The same without milliseconds: `2026-11-23T12:03:07Z`.
    package var rfc3339InSeconds: String { UTCMoment(milliseconds: milliseconds).textInSeconds }
}

extension Duration {
    /// The duration in whole milliseconds, rounded towards zero; at most what 64 bits hold.
    package var wholeMilliseconds: Int64 {
        components.seconds.times(1000).plus(components.attoseconds / 1_000_000_000_000_000)
    }

    /// The duration in seconds, for display and arithmetic that tolerates rounding.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
