import Domain
import Planning
import Testing

@testable import Rendering

/// Numbers come from manifests and servers, and the largest is Kafka's *never*: no formatter may end the program.
@Suite struct ExtremeNumberTests {
    static let extremes: [Int64] = [
        .min, .min + 1, -999, -1, 0, 1, 999, 1000, 59_999, .max / 2, .max - 499, .max - 1, .max,
    ]

    @Test("words of numbers and spans", arguments: extremes)
    func words(value: Int64) {
        #expect(!Words.number(value).isEmpty)
        #expect(!Words.count(value, "record").isEmpty)
        #expect(!Words.span(milliseconds: value).isEmpty)
        let moment = Timestamp(milliseconds: value)
        #expect(moment.rfc3339.hasSuffix("Z"))
        #expect(moment.words.hasSuffix("UTC"))
        #expect(!moment.timeOfDay.isEmpty)
    }

    @Test("moments before the epoch count down to it")
    func before() {
        #expect(Timestamp(milliseconds: -1).rfc3339 == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: -1000).rfc3339 == "1969-12-31T23:59:59.000Z")
        #expect(Timestamp(milliseconds: 0).rfc3339 == "1970-01-01T00:00:00.000Z")
    }

    @Test("differences of configs", arguments: extremes)
    func differences(value: Int64) {
        for field in ["configs.max.compaction.lag.ms", "configs.retention.bytes", "partitions"] {
            let difference = Change.FieldDifference(field, from: String(value), to: "604800000")
            #expect(difference.words(isNew: false).contains(String(value)))
        }
        let never = Change.FieldDifference("configs.max.compaction.lag.ms", from: nil, to: String(Int64.max))
        #expect(never.words(isNew: true) == "9223372036854775807 (no limit)")
    }

    @Test("moments as far apart as can be", arguments: extremes, extremes)
    func spans(start: Int64, end: Int64) {
        #expect(!Words.span(milliseconds: end.minus(start)).isEmpty)
        #expect(
            Timestamp(milliseconds: end).since(Timestamp(milliseconds: start)).wholeMilliseconds == end.minus(start))
    }
}
