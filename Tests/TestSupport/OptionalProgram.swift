import Foundation

/// Programs that some tests need and not every machine has.
package enum OptionalProgram {
    /// Whether tests with a program run. Where it is missing they are skipped, which should be asked once and is told on
    /// stderr; but in CI (`CI=true`) they run and fail, since a change must not land on tests that nobody ran.
    package static func isUsable(_ name: String, at path: String?, remedy: String) -> Bool {
        if let path, FileManager.default.isExecutableFile(atPath: path) { return true }
        let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
        let note = "Tests with \(name) \(isCI ? "fail" : "are skipped"): it is missing (\(remedy)).\n"
        FileHandle.standardError.write(Data(note.utf8))
        return isCI
    }
}
