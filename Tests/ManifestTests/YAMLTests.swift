import Diagnostics
import TestSupport
import Testing

@testable import Manifest

@Suite("YAML trees")
struct YAMLTreeTests {
    private func read(_ text: String) -> (documents: [Node], findings: Findings) {
        var findings = Findings()
        let documents = YAMLReader().documents(of: Array(text.utf8), path: "a.yaml", into: &findings)
        return (documents, findings)
    }

    @Test(
        "Plain scalars follow the YAML 1.2 core schema",
        arguments: [
            ("no", .text), ("yes", .text), ("on", .text), ("off", .text), ("true", .boolean(true)),
            ("FALSE", .boolean(false)), ("tRue", .text), ("null", .null), ("~", .null), ("", .null),
            ("12", .integer(12)),
            ("-7", .integer(-7)), ("+7", .integer(7)), ("0o17", .integer(15)), ("017", .integer(17)),
            ("0x1F", .integer(31)),
            ("0o8", .text), ("0xG", .text), ("1_000", .text), ("1.5", .number), ("-1e3", .number), (".5", .number),
            ("5.", .number), (".inf", .number), ("-.INF", .number), (".nan", .number), ("+.nan", .text), (".", .text),
            ("1.2.3", .text), ("-", .text), ("1e", .text), ("12:30:45", .text), ("2001-01-01", .text), ("7d", .text),
            ("99999999999999999999", .number),
        ] as [(String, ResolvedScalar)])
    func coreSchema(text: String, expected: ResolvedScalar) {
        #expect(Scalar(text: text, isPlain: true).resolved == expected)
        #expect(Scalar(text: text, isPlain: false).resolved == .text)
    }

    @Test("Every node knows its place in Unicode scalars")
    func places() throws {
        let (documents, findings) = read("é😀k: [a, {b: 'c d'}]\nnext:\n  - x\n")
        #expect(findings.errorCount == 0)
        let root = try #require(documents.first?.mapping)
        let first = try #require(root.entries.first)
        #expect(first.keyPlace.start == SourcePosition(line: 1, column: 1))
        #expect(first.keyPlace.end == SourcePosition(line: 1, column: 4))
        let inner = try #require(first.value.sequence?[1].mapping?.entries.first)
        #expect(inner.value.place.start == SourcePosition(line: 1, column: 14))
        #expect(inner.value.place.end == SourcePosition(line: 1, column: 19))
        #expect(root["next"]?.sequence?[0].place.start == SourcePosition(line: 3, column: 5))
    }

    @Test("Several documents, empty ones and a byte order mark are read")
    func documents() {
        let (documents, findings) = read("\u{FEFF}a: 1\n---\n---\nb: 2\n...\n")
        #expect(findings.errorCount == 0)
        #expect(documents.count == 3)
        #expect(documents.map(\.isNull) == [false, true, false])
    }

    @Test("Aliases repeat the anchored value, with the place of the original")
    func aliases() throws {
        let (documents, findings) = read("a: &x {k: v}\nb: *x\nc: &y text\n*y : d\n")
        #expect(findings.errorCount == 0)
        let root = try #require(documents.first)
        #expect(root["b"]?["k"]?.scalar?.text == "v")
        #expect(root["b"]?["k"]?.place.start == SourcePosition(line: 1, column: 11))
        #expect(root["text"]?.scalar?.text == "d")
    }

    @Test("Line folding and escapes give the text that is meant")
    func scalars() throws {
        let (documents, _) = read("a: |\n  one\n  two\nb: >-\n  one\n  two\nc: \"x\\ty\\u00e9\"\nd: 'it''s'\n")
        let root = try #require(documents.first)
        #expect(["a", "b", "c", "d"].map { root[$0]?.scalar?.text } == ["one\ntwo\n", "one two", "x\tyé", "it's"])
    }

    @Test("The printed tree reads as the same tree")
    func printing() throws {
        let text = """
            plain: value
            "quoted: key": "tab\\tand \\"quotes\\" and \\u2028"
            number: 12
            text number: "12"
            empty: ""
            yes: "no"
            list: [a, [b, c], {d: e, f: [g]}, {}, []]
            nested: {deep: {deeper: [~, true, "true", " space ", "trailing ", "# no comment"]}}
            multi: "line\\nline"
            star: "*x"
            template: ${cluster.name}
            """
        let first = try #require(read(text).documents.first)
        let printed = YAMLPrinter.print(first)
        let second = try #require(read(printed).documents.first)
        #expect(OrderedJSON(node: first) == OrderedJSON(node: second))
        #expect(YAMLPrinter.print(second) == printed)
    }
}

@Suite("Hostile and broken YAML")
struct BrokenYAMLTests {
    private func findings(_ bytes: [UInt8], _ limits: Limits = Limits()) -> [Diagnostic] {
        var findings = Findings()
        _ = YAMLReader(limits: limits).documents(of: bytes, path: "a.yaml", into: &findings)
        return findings.collector.sorted
    }

    private func first(_ text: String, _ limits: Limits = Limits()) -> Diagnostic? {
        findings(Array(text.utf8), limits).first
    }

    @Test(
        "Each is reported where it is, in words that say what to do",
        arguments: [
            ("a:\n1️⃣\tb: 1\n", "tab-indentation"), ("a: [1, 2\n1️⃣", "truncated-yaml"), ("a: [1, 2, x1️⃣", "truncated-yaml"),
            ("a: 1\n1️⃣b", "invalid-yaml"), ("a: {b: 1\n1️⃣", "truncated-yaml"),
            ("a: \"open\n1️⃣", "truncated-yaml"), ("a: 1️⃣!custom x\n", "tag-not-allowed"),
            ("a: 1️⃣!!str 12\n", "tag-not-allowed"), ("1️⃣{x: 1}: y\n", "complex-key"), ("? 1️⃣[a]\n: b\n", "complex-key"),
            ("a: 1\n1️⃣a: 2\n", "duplicate-key"), ("a: &x {b: 1}\nc:\n  1️⃣<<: *x\n", "merge-key"),
            ("a: 1️⃣*missing\n", "unknown-anchor"), ("a: &x [1️⃣*x]\n", "unknown-anchor"),
            ("a: b1️⃣: c\n", "invalid-yaml"), ("a: 1️⃣@x\n", "invalid-yaml"), ("a: 1\n b1️⃣: 2\n", "invalid-yaml"),
            ("a: [1 2, {b: c, d1️⃣]\n", "invalid-yaml"), ("a: \"1️⃣\\q\"\n", "invalid-yaml"),
            ("1️⃣%YAML 1.1\n---\na: 1\n", "yaml-version"), ("a: 1️⃣\u{0}b\n", "control-character"),
            ("a: x1️⃣\u{7}\n", "control-character"), ("a: x1️⃣\u{2028}y\n", "control-character"),
            ("a: 1\n1️⃣\u{FEFF}b: 2\n", "control-character"),
        ])
    func reported(marked: String, code: String) throws {
        let text = ManifestMarkedText(marked)
        let found = findings(Array(text.text.utf8))
        #expect(found.map(\.code) == [code])
        let start = try #require(found.first?.span?.start)
        #expect(text.positions[start] == "1️⃣", "found at \(start)")
        #expect(found.first?.message.isEmpty == false)
    }

    @Test("Bytes that are not UTF-8 are reported at the first of them")
    func notUTF8() throws {
        let found = findings(Array("é: 1\nb: ".utf8) + [0xFF, 0xFE])
        #expect(found.map(\.code) == ["not-utf-8"])
        #expect(found.first?.span?.start == SourcePosition(line: 2, column: 4))
        #expect(findings([0xFF, 0xFE, 0x61, 0x00]).first?.message.contains("UTF-16") == true)
    }

    @Test("A billion laughs ends at the node limit, not in memory")
    func aliasBomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(first(text)?.code == "too-many-nodes")
    }

    @Test("Aliases, nodes, depth and bytes have limits, and what is below them is read")
    func limits() {
        let small = Limits(bytes: 200, depth: 5, nodes: 20, aliases: 3)
        #expect(first("a: &x 1\nb: [*x, *x, *x, *x]\n", small)?.code == "too-many-aliases")
        #expect(first("a: &x 1\nb: [*x, *x, *x]\n", small) == nil)
        #expect(first("[[[[[x]]]]]", small) == nil)
        #expect(first("[[[[[[x]]]]]]", small)?.code == "too-deep")
        #expect(first("a: &x [[[1]]]\nb: [[*x]]\n", small)?.code == "too-deep")
        #expect(first("[" + String(repeating: "1,", count: 25) + "]", small)?.code == "too-many-nodes")
        #expect(first(String(repeating: "#", count: 201), small)?.code == "file-too-large")
    }

    @Test("A hundred thousand open brackets are refused at once", arguments: ["[", "{a: ", "- ", "[\n"])
    func deep(opening: String) {
        #expect(first(String(repeating: opening, count: 100_000))?.code == "too-deep")
    }

    @Test("Documents before the broken one are kept, and the findings say that something is missing")
    func partial() {
        var findings = Findings()
        let documents = YAMLReader().documents(
            of: Array("a: 1\n---\nb: [\n".utf8), path: "a.yaml", into: &findings)
        #expect(documents.count == 1)
        #expect(findings.isIncomplete)
    }

    @Test("An empty file has no documents", arguments: ["", "\n", "# only a comment\n", "\u{FEFF}"])
    func empty(text: String) {
        var findings = Findings()
        #expect(YAMLReader().documents(of: Array(text.utf8), path: "a.yaml", into: &findings).isEmpty)
        #expect(findings.errorCount == 0)
    }
}
