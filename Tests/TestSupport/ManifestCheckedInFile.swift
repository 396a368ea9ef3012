import CustomDump
import FoundationEssentials
import Testing

/// A file of the repository that is generated from the sources and checked in.
///
/// With `SPILLWAY_RECORD=1` in the environment the file is written instead; the test fails all the same, so that a
/// recording is looked at before it counts.
package struct ManifestCheckedInFile: Sendable {
    private let path: String

    /// A file by its path from the root of the repository.
    package init(_ path: String, supportFile: String = #filePath) {
        let root = supportFile.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
            separator: "/")
        self.path = "\(root)/\(path)"
    }

    /// Expects the file to hold this text, or records it.
    package func expect(_ text: String) {
        if ProcessInfo.processInfo.environment["SPILLWAY_RECORD"] == "1" {
            do {
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                Issue.record("recorded \(path); look at it, then run again without SPILLWAY_RECORD")
            } catch {
                Issue.record("\(path) cannot be recorded: \(error)")
            }
            return
        }
        guard let recorded = try? String(contentsOfFile: path, encoding: .utf8) else {
            Issue.record("\(path) does not exist; run the test once with SPILLWAY_RECORD=1")
            return
        }
        guard let difference = diff(recorded.split(separator: "\n"), text.split(separator: "\n")) else { return }
        Issue.record("\(path) is not what the sources generate (- checked in, + generated):\n\(difference)")
    }
}
