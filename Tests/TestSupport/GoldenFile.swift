import CustomDump
import FoundationEssentials
package import Testing

/// A recorded text beside the tests that a result is compared with.
///
/// With `SPILLWAY_RECORD=1` in the environment the file is written instead; the test fails all the same, so that a
/// recording is looked at before it counts.
package struct GoldenFile: Sendable {
    private let path: String

    /// A file in the folder `Golden` beside the test's source file.
    ///
    /// - Parameters:
    ///   - name: File name with its extension.
    ///   - testFile: The source file of the test.
    package init(_ name: String, testFile: String = #filePath) {
        let folder = testFile.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        self.path = "\(folder)/Golden/\(name)"
    }

    /// Expects a text to equal the recorded one, or records it.
    package func expect(_ text: String, at location: SourceLocation = #_sourceLocation) {
        if ProcessInfo.processInfo.environment["SPILLWAY_RECORD"] == "1" {
            record(text)
            return
        }
        guard let recorded = try? String(contentsOfFile: path, encoding: .utf8) else {
            Issue.record("\(path) does not exist; run the test once with SPILLWAY_RECORD=1")
            return
        }
        guard let difference = diff(recorded.lines, text.lines) else { return }
        Issue.record("\(path) differs:\n\(difference)", sourceLocation: location)
    }

    private func record(_ text: String) {
        do {
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            Issue.record("recorded \(path); look at it, then run again without SPILLWAY_RECORD")
        } catch {
            Issue.record("\(path) cannot be recorded: \(error)")
        }
    }
}

extension String {
    fileprivate var lines: [String] {
        split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
