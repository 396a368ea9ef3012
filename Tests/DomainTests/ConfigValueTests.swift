import Domain
import Testing

@Suite struct ConfigValueTests {
    @Test(
        "durations, sizes and policies have one form",
        arguments: [
            ("retention.ms", "7d", "604800000"), ("retention.ms", "1h30m", "5400000"), ("retention.ms", "-1", "-1"),
            ("retention.ms", "604800000", "604800000"), ("retention.ms", "90s500ms", "90500"),
            ("retention.ms", "7 d", "7 d"),
            ("segment.bytes", "1GiB", "1073741824"), ("segment.bytes", "5MB", "5000000"), ("segment.bytes", "-1", "-1"),
            ("cleanup.policy", "delete, compact", "compact,delete"), ("cleanup.policy", "compact", "compact"),
            ("compression.type", "7d", "7d"),
        ])
    func canonical(name: String, value: String, expected: String) {
        #expect(ConfigValue.canonical(name, value) == expected)
    }

    @Test("a canonical value is its own canonical form", arguments: ["7d", "1h30m", "-1", "12345", "x"])
    func idempotent(value: String) {
        let once = ConfigValue.canonical("retention.ms", value)
        #expect(ConfigValue.canonical("retention.ms", once) == once)
    }

    @Test(
        "what is no duration is none",
        arguments: ["", "7", "d", "1m1h", "1s1s", "99999999999999999999s", "9223372036854775807w"])
    func noDuration(text: String) {
        #expect(Duration(manifest: text) == nil)
    }

    @Test("what is no size is none", arguments: ["", "7", "GiB", "1GiBs", "9223372036854775807TiB"])
    func noSize(text: String) {
        #expect(ByteCount.parse(text) == nil)
    }
}

@Suite struct ConfigEqualityTests {
    @Test(
        "values that the broker takes for the same are the same",
        arguments: [
            ("retention.ms", "0123", "123"), ("retention.ms", "+5", "5"), ("retention.ms", " 7d ", "604800000"),
            ("unclean.leader.election.enable", "True", "true"), ("min.cleanable.dirty.ratio", "0.50", "0.5"),
            ("min.cleanable.dirty.ratio", "1.0", "1"), ("min.cleanable.dirty.ratio", "1", "1"),
            ("min.cleanable.dirty.ratio", "5e-1", ".5"), ("cleanup.policy", "delete , compact", "compact,delete"),
            ("cleanup.policy", "compact,compact", "compact"), ("message.timestamp.type", "createtime", "CreateTime"),
            ("topic.config.sync.include", "b, a", "a,b"), ("consumer.offset.sync.ms", "030", "30"),
            ("confluent.unknown.enable", "TRUE", "true"), ("confluent.unknown.ms", "0007", "7"),
            ("max.compaction.lag.ms", "9223372036854775807", "09223372036854775807"),
            (
                "acl.filters", #"{"aclFilters":[{"a":1,"b":"x"},{"c":2}]}"#,
                #"{ "aclFilters": [{"c":2},{"b":"\u0078","a":1,"d":null},{"c":2}]}"#
            ),
            (
                "consumer.offset.group.filters", #"{"groupFilters":[{"name":"a","patternType":"LITERAL"}]}"#,
                #"{"groupFilters":[{"patternType":"literal","name":"a"}]}"#
            ),
            ("acl.filters", "no JSON", "no JSON"),
        ])
    func same(name: String, one: String, other: String) {
        #expect(ConfigValue.isEqual(one, other, of: name))
        #expect(ConfigValue.canonical(name, one) == ConfigValue.canonical(name, other))
    }

    @Test(
        "values that differ to the broker differ",
        arguments: [
            ("retention.ms", "123", "124"), ("retention.ms", "1s", "1"), ("preallocate", "true", "false"),
            ("confluent.placement.constraints", "a,b", "b,a"), ("cleanup.policy", "compact", "compact,delete"),
            ("min.cleanable.dirty.ratio", "0.5", "0.51"), ("confluent.unknown", "007", "7"),
            ("acl.filters", #"{"aclFilters":[{"a":1}]}"#, #"{"aclFilters":[{"a":2}]}"#), ("retention.ms", "1", "1000"),
            ("acl.filters", #"{"a":["x"]}"#, #"{"a":["X"]}"#), ("acl.filters", "no JSON", "no  JSON"),
            ("confluent.unknown", "[1,2]", "[2,1]"),
        ])
    func different(name: String, one: String, other: String) {
        #expect(!ConfigValue.isEqual(one, other, of: name))
    }

    @Test("nothing and empty text are the same, and nothing else is")
    func nothing() {
        #expect(ConfigValue.isEqual(nil, "", of: "acl.filters"))
        #expect(!ConfigValue.isEqual(nil, "0", of: "retention.ms"))
    }

    @Test("every known config takes what it calls its own form, and says what is wrong with anything else")
    func faults() {
        for config in TopicConfigs.known.values {
            #expect(config.values.fault(of: "\u{0}never this") != nil || config.values.takesAnything, "\(config.name)")
        }
        #expect(TopicConfigs.known["retention.ms"]?.values.fault(of: "-2") != nil)
        #expect(TopicConfigs.known["segment.bytes"]?.values.fault(of: "2GiB") != nil)
        #expect(TopicConfigs.known["max.compaction.lag.ms"]?.values.fault(of: "9223372036854775807") == nil)
        #expect(TopicConfigs.known["max.compaction.lag.ms"]?.values.fault(of: "9223372036854775808") != nil)
    }

    @Test(
        "throttled replicas are pairs, or all",
        arguments: [
            ("*", true), ("", true), ("0:101", true), ("0:101, 1:102", true), ("none", false), ("a", false),
            ("0:", false), (":1", false), ("0:1:2", false), ("*,0:1", false), ("０:1", false),
        ])
    func replicas(value: String, isTaken: Bool) {
        for side in ["leader", "follower"] {
            let values = TopicConfigs.known["\(side).replication.throttled.replicas"]?.values
            #expect((values?.fault(of: value) == nil) == isTaken)
        }
    }

    @Test("lists have no empty items", arguments: ["delete,,compact", ",delete", "delete,", "delete, ,compact", ","])
    func emptyItems(value: String) {
        #expect(TopicConfigs.known["cleanup.policy"]?.values.fault(of: value) != nil)
    }

    @Test("names that Kafka takes for one have one key")
    func collisions() {
        #expect(TopicNameCollision.key("a.b_c") == TopicNameCollision.key("a_b.c"))
        #expect(TopicNameCollision.key("a.b") != TopicNameCollision.key("a-b"))
    }
}

extension ConfigValues {
    fileprivate var takesAnything: Bool {
        switch self {
        case .text: true
        case .list(let words): words.isEmpty
        default: false
        }
    }
}

@Suite struct BoundedArithmeticTests {
    static let extremes: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]

    @Test("what does not fit ends at the nearest number that does", arguments: extremes, extremes)
    func bounds(left: Int64, right: Int64) {
        let (sum, overflows) = left.addingReportingOverflow(right)
        #expect(left.plus(right) == (overflows ? (right < 0 ? .min : .max) : sum))
        _ = left.minus(right)
        _ = left.times(right)
        #expect(
            Timestamp(milliseconds: left).since(Timestamp(milliseconds: right)).wholeMilliseconds == left.minus(right))
        #expect(
            Timestamp(milliseconds: left).advanced(by: .milliseconds(right)).milliseconds == left.plus(right))
    }

    @Test("a sum of the largest is the largest")
    func sum() {
        #expect([Int64.max, .max, 1].boundedSum == .max)
        #expect(Duration.seconds(Int64.max).wholeMilliseconds == .max)
        #expect((Duration.milliseconds(Int64.max) + .milliseconds(Int64.max)).wholeMilliseconds == .max)
    }
}
