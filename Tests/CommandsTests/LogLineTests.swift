import Domain
import Foundation
import Testing

@testable import Commands

@Suite("Lines of the log")
struct LogLineTests {
    @Test("the time is the very millisecond, in text the second")
    func time() throws {
        for millisecond: Int64 in 0..<1000 {
            let line = LogLine(
                time: Timestamp(milliseconds: 1_790_251_387_000 + millisecond), level: "info", label: "spillway",
                message: "a\u{1B}b", fields: ["site": "west"])
            let told = try JSONDecoder().decode([String: String].self, from: Data(line.json.utf8))
            #expect(told["time"] == "2026-09-24T12:03:07.\(String(1000 + millisecond).dropFirst())Z")
            #expect(told["message"] == "a\u{FFFD}b" && told["site"] == "west")
            #expect(line.text == "2026-09-24T12:03:07Z info spillway: site=west a\u{FFFD}b")
        }
    }
}
