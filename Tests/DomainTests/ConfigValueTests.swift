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

@Suite struct CanonicalJSONTests {
    @Test(
        "texts that say the same have one form",
        arguments: [
            #"{"b":1,"a":[2,1]}"#, #" { "a" : [ 1 , 2 ] , "b" : 1 } "#, "{\"a\":[1,\n2],\"b\":1}",
            #"{"\u0062":1,"a":[1,2]}"#,
        ])
    func same(text: String) {
        #expect(CanonicalJSON.text(text) == #"{"a":[1,2],"b":1}"#)
    }

    @Test(
        "escapes are read and written",
        arguments: [
            (#""\ud83d\ude00""#, "\"😀\""), (#""a\/b""#, "\"a/b\""), (#""\t\"\\""#, #""\t\"\\""#), (#""""#, #""""#),
        ])
    func escapes(text: String, expected: String) {
        #expect(CanonicalJSON.text(text) == expected)
    }

    @Test(
        "what is no JSON stays as it is",
        arguments: [
            "", "{", "[1,", "{\"a\"}", "[1]]", "{\"a\":}", "nope", "\"\\x\"", "\"\\u12\"", "\"open", "[a:b]",
            String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
        ])
    func noJSON(text: String) {
        #expect(CanonicalJSON.text(text) == text)
    }

    @Test(
        "a literal reads back as the text it was made from",
        arguments: ["", "a\"b", "back\\slash", "line\nbreak", "\u{1}", "ünïcödé"])
    func literal(text: String) {
        #expect(CanonicalJSON.text(CanonicalJSON.literal(text)) == CanonicalJSON.literal(text))
    }
}
