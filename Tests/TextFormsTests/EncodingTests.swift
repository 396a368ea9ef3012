import Foundation
import TestSupport
import Testing
import TextForms

@Suite struct EncodingTests {
    @Test("bytes and numbers as hexadecimal digits")
    func hexadecimal() {
        #expect(Hexadecimal.text([0, 1, 0x0F, 0x10, 0xFF]) == "00010f10ff")
        #expect(Hexadecimal.text(UInt8(7), digits: 4, uppercase: true) == "0007")
        #expect(Hexadecimal.text(UInt32(0x1F600), digits: 4, uppercase: true) == "1F600")
        #expect(Hexadecimal.text(UInt64.max, digits: 1) == "ffffffffffffffff")
        for byte in UInt8.min ... .max {
            #expect(Hexadecimal.value(Array(Hexadecimal.text([byte]).utf8)) == UInt32(byte))
        }
    }

    @Test(
        "digits are read strictly",
        arguments: [
            ("0", 0), ("fF", 255), ("ffffffff", UInt32.max), ("000000000", 0), ("", nil), ("+1", nil), ("-1", nil),
            ("1 ", nil), ("g", nil), ("100000000", nil), ("1１", nil),
        ])
    func digits(text: String, value: UInt32?) {
        #expect(Hexadecimal.value(text.utf8) == value)
    }

    @Test("everything but unreserved characters is escaped, and is read back")
    func percent() {
        #expect(PercentEncoding.encoded("aZ09-._~") == "aZ09-._~")
        #expect(PercentEncoding.encoded("a b/ü+%\n") == "a%20b%2F%C3%BC%2B%25%0A")
        let all = String(String.UnicodeScalarView((0..<0x250).compactMap { Unicode.Scalar($0 as UInt32) }))
        #expect(PercentEncoding.decoded(PercentEncoding.encoded(all)) == Array(all.utf8))
    }

    @Test("a plus is a space where it is said to be")
    func plus() {
        #expect(PercentEncoding.decoded("a+b%2B") == Array("a+b+".utf8))
        #expect(PercentEncoding.decoded("a+b%2B", plus: " ") == Array("a b+".utf8))
    }

    @Test("broken escapes are refused, or kept", arguments: ["%", "%4", "%zz", "a%+1b", "%%", "x%2"])
    func broken(text: String) {
        #expect(PercentEncoding.decoded(text) == nil)
        #expect(PercentEncoding.decoded(text, broken: .kept) == Array(text.utf8))
    }

    @Test("Base64 without padding, in either alphabet")
    func base64() {
        #expect(String(decoding: Base64.unpadded(Array("f".utf8)), as: UTF8.self) == "Zg")
        #expect(String(decoding: Base64.unpadded(Array("foobar".utf8)), as: UTF8.self) == "Zm9vYmFy")
        let bytes: [UInt8] = [0xFB, 0xFF]
        #expect(String(decoding: Base64.unpadded(bytes), as: UTF8.self) == "+/8")
        #expect(String(decoding: Base64.unpadded(bytes).map(Base64.inURLs), as: UTF8.self) == "-_8")
    }
}

@Suite struct JSONFormTests {
    @Test("a quoted string is what a JSON reader takes for the same text")
    func quoted() throws {
        let all =
            String(String.UnicodeScalarView((0..<0x300).compactMap { Unicode.Scalar($0 as UInt32) })) + "😀\u{10FFFF}"
        #expect(try JSONDecoder().decode(String.self, from: Data(JSONString.quoted(all).utf8)) == all)
        #expect(JSONString.quoted("a\"\\/\n\r\t\u{1}ü") == #""a\"\\/\n\r\t\u0001ü""#)
    }

    @Test(
        "a character as an escape is what a JSON reader takes for it",
        arguments: ["\u{1B}", "\u{202E}", "😀"] as [Unicode.Scalar])
    func escaped(scalar: Unicode.Scalar) throws {
        for uppercase in [false, true] {
            let text = "\"\(JSONString.escaped(scalar, uppercase: uppercase))\""
            #expect(try JSONDecoder().decode(String.self, from: Data(text.utf8)) == String(scalar))
        }
        #expect(JSONString.escaped("\u{1B}") == #"\u001b"#)
        #expect(JSONString.escaped("😀", uppercase: true) == #"\uD83D\uDE00"#)
    }

    @Test("equal values are equal text")
    func sorted() throws {
        let value = ["b": ["/"], "a": ["ü", "\u{7F}"]]
        #expect(try SortedJSON.text(value) == "{\"a\":[\"ü\",\"\u{7F}\"],\"b\":[\"/\"]}")
        let pretty = try SortedJSON.text(["a": 1], isPretty: true)
        #expect(pretty.contains("\n"))
        #expect(Data(pretty.utf8) == (try SortedJSON.data(["a": 1], isPretty: true)))
    }

    @Test(
        "texts that say the same have one form",
        arguments: [
            #"{"b":1,"a":[2,1]}"#, #" { "a" : [ 1 , 2 ] , "b" : 1 } "#, "{\"a\":[1,\n2],\"b\":1}",
            #"{"\u0062":1,"a":[1,2]}"#,
        ])
    func canonical(text: String) {
        #expect(JSONTree(parsing: text)?.canonicalText == #"{"a":[1,2],"b":1}"#)
    }

    @Test(
        "values are read and written",
        arguments: [
            (#""\ud83d\ude00""#, "\"😀\""), (#""a\/b""#, "\"a/b\""), (#""\t\"\\""#, #""\t\"\\""#), (#""""#, #""""#),
            ("[]", "[]"), ("{}", "{}"), ("null", "null"), ("[true,false]", "[false,true]"), ("1.5", "1.5"),
            ("-3", "-3"),
            ("1e400", nil), ("9223372036854775807", "9223372036854775807"),
        ])
    func values(text: String, expected: String?) throws {
        let tree = JSONTree(parsing: text)
        #expect(tree?.canonicalText == expected)
        if let tree { #expect(JSONTree(parsing: try SortedJSON.text(tree)) == tree) }
    }

    @Test(
        "what is no JSON",
        arguments: [
            "", "{", "[1,", "{\"a\"}", "[1]]", "{\"a\":}", "nope", "\"\\x\"", "\"\\u12\"", "\"\\u+12f\"", "\"\\ud800\"",
            "\"open", "[a:b]", "01", String(repeating: "[", count: 100_000),
        ])
    func noJSON(text: String) {
        #expect(JSONTree(parsing: text) == nil)
    }
}
