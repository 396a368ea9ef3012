import Foundation
import Testing

/// A real AWS-compatible server: moto's, from the virtual environment that `scripts/python-environment` makes.
public final class MotoServer: Sendable {
    /// Base URL of every service.
    public let url: String
    private let process: ServerProcess

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let program = root.appendingPathComponent(".build/python/bin/moto_server").path

    /// Whether it is installed. Says on stderr, once, when it is not, since its tests are skipped then.
    public static let isInstalled: Bool = {
        if FileManager.default.isExecutableFile(atPath: program) { return true }
        let note = "Tests with moto are skipped: \(program) is missing (scripts/python-environment).\n"
        FileHandle.standardError.write(Data(note.utf8))
        return false
    }()

    private init(url: String, process: ServerProcess) {
        self.url = url
        self.process = process
    }

    /// Starts one on a free port, and waits until it says that it serves.
    public static func start(certificate: (path: String, key: String)? = nil) async throws -> MotoServer {
        var arguments = ["-H", "127.0.0.1", "-p", "0"]
        if let certificate { arguments += ["-s", "-c", certificate.path, "-k", certificate.key] }
        let process = try await ServerProcess.start(
            program, arguments,
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONUNBUFFERED": "1"],
            untilItSays: ["Press CTRL+C to quit"])
        let port = try #require(process.said.firstMatch(of: /Running on https?:\/\/127\.0\.0\.1:(\d+)/)).1
        return MotoServer(
            url: "\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)", process: process)
    }

    /// Ends it.
    public func stop() {
        process.kill()
    }
}
