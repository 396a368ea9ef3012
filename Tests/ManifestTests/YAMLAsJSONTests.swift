import Foundation
import Manifest
import Testing

@Suite("YAML that is no manifest")
struct YAMLAsJSONTests {
    @Test("every kind of value has its JSON, and anchors are resolved")
    func values() throws {
        let yaml = """
            # a kubeconfig
            text: "a\\tb\\u0001c"
            number: 3
            fraction: 1.5
            flag: true
            none: null
            list: [a, {b: 'c "d"'}]
            anchored: &x {k: v}
            alias: *x
            """
        let json = try YAMLAsJSON.convert(Array(yaml.utf8))
        let value = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
        #expect(value["text"] as? String == "a\tb\u{1}c")
        #expect(value["number"] as? Int == 3)
        #expect(value["fraction"] as? String == "1.5")
        #expect(value["flag"] as? Bool == true)
        #expect(value["none"] == nil)
        #expect((value["list"] as? [Any])?.count == 2)
        #expect(value["alias"] as? [String: String] == ["k": "v"])
        #expect(try YAMLAsJSON.convert([]) == Array("{}\n".utf8))
    }

    @Test("JSON is YAML")
    func json() throws {
        let json = try YAMLAsJSON.convert(Array(#"{"a": ["b", 1, false], "c": {}}"#.utf8))
        let value = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
        #expect(value.keys.sorted() == ["a", "c"])
    }

    @Test("what cannot be read says where, and nothing of the content", arguments: ["a: [hunter2", "a: 1\n---\nb: 2"])
    func unreadable(text: String) {
        do throws(YAMLAsJSON.Unreadable) {
            _ = try YAMLAsJSON.convert(Array(text.utf8))
            Issue.record("it was read")
        } catch {
            #expect(error.reason.contains("line") || error.reason.contains("several documents"), "\(error.reason)")
            #expect(!error.reason.contains("hunter2"))
        }
    }
}
