import Domain
import Execution
package import Estate
import Foundation
import Manifest

/// The folder that an import writes.
package struct ImportFolder {
    private let url: URL
    private let shown: String

    /// - Parameter path: As given on the command line.
    /// - Throws: ``CommandFailure`` when there is something in it already.
    package init(_ path: String) throws(CommandFailure) {
        url = URL(fileURLWithPath: CommandContext.current.path(path), isDirectory: true)
        shown = path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue {
            throw CommandFailure(.error, "\(path) is a file; nothing was written")
        }
        guard names.isEmpty else {
            throw CommandFailure(
                .error,
                "\(path) is not empty (\(names.sorted().prefix(3).joined(separator: ", "))); nothing was written\n"
                    + "  import into a new folder: what is there is never overwritten")
        }
    }

    /// Writes the manifests, an example of the environment that they need, and what Git leaves out.
    ///
    /// - Returns: Paths as they are shown.
    /// - Throws: ``CommandFailure``.
    package func write(_ outcome: ImportOutcome) throws(CommandFailure) -> [String] {
        let files =
            ManifestFolder(outcome.workspace).files.map { ($0.path, $0.text) } + [
                (".env.example", Self.example(outcome)), (".gitignore", ".env\n.spillway/\n"),
            ]
        do {
            for (path, text) in files {
                let file = url.appendingPathComponent(path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file, options: .withoutOverwriting)
            }
        } catch {
            throw CommandFailure(.error, "\(shown) cannot be written: \(error.localizedDescription)")
        }
        return files.map { "\(shown)/\($0.0)" }
    }

    private static func example(_ outcome: ImportOutcome) -> String {
        "# What the manifests read their secrets from. Copy this to .env, fill it in, and keep that out of Git:\n"
            + "# set -a; . ./.env; set +a\n" + outcome.variables.map { "\($0.name)=\n" }.joined()
    }
}
