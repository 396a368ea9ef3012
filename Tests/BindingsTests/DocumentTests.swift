import Domain
import Foundation
import Testing

@testable import Bindings

@Suite("The text of published files")
struct DocumentTests {
    private static let hardValues = [
        "", " leading", "trailing ", "a=b:c#d!e", "back\\slash\\\\", "\"double\" and 'single'", "line\nbreak\r\ttab",
        "é😀\u{85}\u{2028}", "${literal} $dollar `tick`", "-----BEGIN KEY-----\nabc\n-----END KEY-----\n", "true", "~",
        "# not a comment", "a # b", "- item", "\u{1}\u{7F}",
    ]

    @Test("every value comes back as it was set", arguments: FilePlace.Format.allCases)
    func roundTrip(format: FilePlace.Format) throws {
        for value in Self.hardValues {
            var document = try format.document(of: "")
            document.set("before", to: "1")
            document.set("some.key", to: value)
            document.set("after", to: "2")
            let read = try format.document(of: document.text)
            #expect(read.value(for: "some.key") == value, "\(format): \(value.debugDescription)")
            #expect(read.value(for: "before") == "1")
            #expect(read.value(for: "after") == "2")
            #expect(read.value(for: "missing") == nil)
            var again = read
            again.set("some.key", to: value)
            #expect(again.text == document.text)
        }
    }

    @Test("what was set and is removed leaves the text as it was", arguments: FilePlace.Format.allCases)
    func removal(format: FilePlace.Format) throws {
        let keys = ["first", "second", "third"]
        for removed in keys {
            var document = try format.document(of: "")
            for key in keys { document.set(key, to: "1,\"2\"") }
            document.remove(removed)
            document.remove("missing")
            var expected = try format.document(of: "")
            for key in keys where key != removed { expected.set(key, to: "1,\"2\"") }
            #expect(document.text == expected.text)
            #expect(try format.document(of: document.text).value(for: removed) == nil)
            for key in keys { document.remove(key) }
            #expect(keys.allSatisfy { document.value(for: $0) == nil })
            document.set("first", to: "again")
            #expect(try format.document(of: document.text).value(for: "first") == "again")
        }
    }

    @Test("a line ends as it is written, whatever the lines above it end with", arguments: ["\n", "\r\n"])
    func mixedEnds(first: String) throws {
        let text = "a=1\(first)b=2\\\r\n  3\nc=4\r\n"
        var document = try FilePlace.Format.properties.document(of: text)
        #expect(document.text == text)
        #expect(document.value(for: "b") == "23")
        document.remove("a")
        #expect(document.text == "b=2\\\r\n  3\nc=4\r\n")
        #expect(try FilePlace.Format.properties.document(of: document.text).value(for: "b") == "23")
    }

    @Test("a carriage return inside a line of properties is refused: Java ends the line there")
    func carriageReturn() {
        #expect(throws: UneditableFile.self) { _ = try FilePlace.Format.properties.document(of: "a=1\rb=2\n") }
    }

    @Test(
        "bookkeeping stands beside the data, per binding",
        arguments: [FilePlace.Format.properties, .yaml, .dotenv])
    func bookkeeping(format: FilePlace.Format) throws {
        var document = try format.document(of: "")
        let first = StoreSnapshot.Bookkeeping(primary: "west", epoch: 3, ledger: "led1", generation: 7)
        let second = StoreSnapshot.Bookkeeping(primary: "east", epoch: nil, ledger: "led1", generation: 1)
        document.set("a", to: "b")
        document.set(first, of: "checkout")
        document.set(second, of: "ledger")
        var read = try format.document(of: document.text)
        #expect(read.bookkeeping(of: "checkout") == first)
        #expect(read.bookkeeping(of: "ledger") == second)
        #expect(read.bookkeeping(of: "other") == nil)
        read.set(second, of: "checkout")
        #expect(read.bookkeeping(of: "checkout") == second)
        #expect(read.text.split(separator: "\n").count == 3)
    }

    @Test("properties: other lines stay, continued and escaped keys are found, the last of two counts")
    func properties() throws {
        let text = """
            ! kept  \u{20}
              # kept = too

            other : value\\
                continued
            bootstrap.servers = old:1,\\
              old:2
            with\\ space\\=x=1
            unicode=\\u00e9\\uD83D\\uDE00
            twice=1
            twice 2
            """
        var document = try FilePlace.Format.properties.document(of: text)
        #expect(document.value(for: "bootstrap.servers") == "old:1,old:2")
        #expect(document.value(for: "other") == "valuecontinued")
        #expect(document.value(for: "with space=x") == "1")
        #expect(document.value(for: "unicode") == "é😀")
        #expect(document.value(for: "twice") == "2")
        document.set("bootstrap.servers", to: "new:1")
        document.set("group.id", to: "checkout")
        #expect(
            document.text
                == text.replacingOccurrences(
                    of: "bootstrap.servers = old:1,\\\n  old:2", with: "bootstrap.servers=new:1")
                + "\ngroup.id=checkout\n")
    }

    @Test("line ends and a byte order mark are kept")
    func lineEnds() throws {
        var document = try FilePlace.Format.properties.document(of: "\u{FEFF}a=1\r\nb=2\r\n")
        #expect(document.value(for: "a") == "1")
        document.set("a", to: "3")
        document.set("c", to: "4")
        #expect(document.text == "\u{FEFF}a=3\r\nb=2\r\nc=4\r\n")
    }

    @Test("dotenv: names are upper case, export and foreign lines stay")
    func dotenv() throws {
        let text =
            "# kept\nexport BOOTSTRAP_SERVERS='old' # why\nNAME=a b # comment\nKEY=\"two\nlines\"\nnot an assignment\n"
        var document = try FilePlace.Format.dotenv.document(of: text)
        #expect(document.value(for: "bootstrap.servers") == "old")
        #expect(document.value(for: "name") == "a b")
        #expect(document.value(for: "key") == "two\nlines")
        document.set("bootstrap.servers", to: "new:9092")
        #expect(
            document.text
                == text.replacingOccurrences(
                    of: "export BOOTSTRAP_SERVERS='old' # why", with: "export BOOTSTRAP_SERVERS=new:9092"))
        #expect(throws: UneditableFile.self) { try FilePlace.Format.dotenv.document(of: "A='open\nB=1\n") }
    }

    @Test("YAML: keys below other keys, lists, comments and blocks stay")
    func yaml() throws {
        let text = """
            ---
            # kept
            bootstrap.servers: 'it''s old'  # why
            nested:
              bootstrap.servers: not this one
              # inside
              list:
              - 1
            list:
            - bootstrap.servers: nor this
            block: |
              bootstrap.servers: nor this

            "quoted key": plain text # comment
            flow: {a: [1, 2],
              b: "}"}
            last: 5
            """
        var document = try FilePlace.Format.yaml.document(of: text)
        #expect(document.value(for: "bootstrap.servers") == "it's old")
        #expect(document.value(for: "quoted key") == "plain text")
        #expect(document.value(for: "last") == "5")
        document.set("bootstrap.servers", to: "new: 1")
        #expect(
            document.text
                == text.replacingOccurrences(
                    of: "bootstrap.servers: 'it''s old'  # why", with: "bootstrap.servers: \"new: 1\""))
    }

    @Test(
        "what is no flat YAML mapping is refused without quoting it",
        arguments: [
            "- a\n- b\n", "{a: 1}\n", "a: 1\n---\nb: 2\n", "a: 1\na: 2\n", "hunter2\n", "? a\n: b\n",
            "a: \"open\nb: 1\n",
            "a: [1,\nb: 2\n", "%YAML 1.2\n---\na: 1\n", "\ta: 1\n", "  a: 1\n", "a: 1\n...\n",
        ])
    func unsafeYAML(text: String) {
        let error = #expect(throws: UneditableFile.self) { try FilePlace.Format.yaml.document(of: text) }
        #expect(error?.reason.contains("hunter2") == false)
    }

    @Test("JSON: members keep their order, form and neighbours")
    func json() throws {
        let text =
            "{\n    \"z\": {\"bootstrap.servers\": 1},\n    \"bootstrap.servers\" : \"old\\u00e9\\/\",\n    \"n\": [1e3, null]\n}\n"
        var document = try FilePlace.Format.json.document(of: text)
        #expect(document.value(for: "bootstrap.servers") == "oldé/")
        #expect(document.value(for: "n") == "[1e3, null]")
        document.set("bootstrap.servers", to: "new")
        document.set("group.id", to: "checkout")
        #expect(
            document.text
                == text.replacingOccurrences(of: "\"old\\u00e9\\/\"", with: "\"new\"")
                .replacingOccurrences(of: "null]\n", with: "null],\n    \"group.id\": \"checkout\"\n"))
        var compact = try FilePlace.Format.json.document(of: "{\"a\":1}")
        compact.set("b", to: "2")
        #expect(compact.text == "{\"a\":1,\"b\": \"2\"}")
    }

    @Test(
        "what is no JSON object is refused",
        arguments: ["[]", "{\"a\": }", "{\"a\": 1,}", "{} {}", "{\"a\":1,\"a\":2}", "nul", "{\"a\": 0x1}"])
    func unsafeJSON(text: String) {
        #expect(throws: UneditableFile.self) { try FilePlace.Format.json.document(of: text) }
    }
}
