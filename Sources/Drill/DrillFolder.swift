import Execution
import Foundation
import Session

/// The private folder of a rehearsal.
struct DrillFolder {
    let path: String

    /// Makes it, open to nobody else.
    init() throws(CommandFailure) {
        let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        path = "\(parent)/spillway-drill-\(UUID().uuidString)"
        guard mkdir(path, 0o700) == 0 else {
            throw CommandFailure(.error, "\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
    }

    /// Removes it with everything in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// What a command wrote.
    struct Transcript {
        let console: Console
        fileprivate let path: String

        /// Its last lines.
        func ending(_ count: Int) -> String {
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").suffix(count).joined(separator: "\n")
        }
    }

    /// A file that stands for a terminal.
    func transcript() throws(CommandFailure) -> Transcript {
        let file = "\(path)/transcript-\(UUID().uuidString).txt"
        guard FileManager.default.createFile(atPath: file, contents: nil),
            let handle = FileHandle(forWritingAtPath: file)
        else { throw CommandFailure(.error, "\(file) cannot be written") }
        return Transcript(console: Console(handle), path: file)
    }
}
