import Domain
import Testing

@Suite struct GlobTests {
    @Test(
        "globs match whole names",
        arguments: [
            ("orders.*", "orders.eu", true), ("orders.*", "ordersXeu", false), ("orders.*", "orders.", true),
            ("*", "", true),
            ("*", "anything", true), ("o?ders", "orders", true), ("o?ders", "oders", false), ("a*b*c", "axxbxxc", true),
            ("a*b*c", "axxcxxb", false), ("**a", "bba", true), ("", "", true), ("", "a", false), ("a.b", "a-b", false),
        ])
    func matches(pattern: String, name: String, expected: Bool) {
        #expect(Glob(pattern).matches(name) == expected)
    }

    @Test("many stars are matched in reasonable time")
    func hostile() {
        let name = String(repeating: "a", count: 2_000)
        #expect(!Glob(String(repeating: "a*", count: 200) + "b").matches(name))
    }

    @Test("a link's filters know literal names and prefixes only")
    func linkFilter() {
        #expect(Glob.linkFilter("*").map { "\($0)" } == #"(name: "*", patternType: "LITERAL")"#)
        #expect(Glob.linkFilter("a*").map { "\($0)" } == #"(name: "a", patternType: "PREFIXED")"#)
        #expect(Glob.linkFilter("a").map { "\($0)" } == #"(name: "a", patternType: "LITERAL")"#)
        #expect(Glob.linkFilter("*a") == nil && Glob.linkFilter("a?*") == nil && Glob.linkFilter("a*b") == nil)
    }

    @Test("selectors take what is included, not excluded, and not internal unless named")
    func selector() {
        let names = [
            "orders.a", "orders.b", "orders.x-changelog", "__consumer_offsets", "_schemas_dc1", "connect-offsets",
            "marked",
        ]
        let selector = TopicSelector(include: ["*"], exclude: ["orders.b"], allowInternal: ["connect-offsets"])
        #expect(selector.select(from: names) { $0 == "marked" } == ["orders.a", "connect-offsets"])
        #expect(TopicSelector().select(from: names) { _ in false }.isEmpty)
    }
}
