import Foundation
import Synchronization
import TestSupport
import Testing

/// A real AWS-compatible server: moto's, from the virtual environment that `scripts/python-environment` makes.
final class MotoServer: Sendable {
    let url: String
    private let program: String
    private let arguments: [String]
    private let process = Mutex<Process?>(nil)

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let program = root.appendingPathComponent(".build/python/bin/moto_server").path

    /// Whether it is installed. Says on stderr, once, when it is not, since its tests are skipped then.
    static let isInstalled: Bool = {
        if FileManager.default.isExecutableFile(atPath: program) { return true }
        let note = "Tests with moto are skipped: \(program) is missing (scripts/python-environment).\n"
        FileHandle.standardError.write(Data(note.utf8))
        return false
    }()

    private init(url: String, program: String, arguments: [String]) {
        self.url = url
        self.program = program
        self.arguments = arguments
    }

    /// Starts one on a free port, and waits until it says that it serves.
    static func start(certificate: (path: String, key: String)? = nil) async throws -> MotoServer {
        let port = try freePort()
        var arguments = ["-H", "127.0.0.1", "-p", String(port)]
        if let certificate { arguments += ["-s", "-c", certificate.path, "-k", certificate.key] }
        let server = MotoServer(
            url: "\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)", program: program, arguments: arguments)
        try await server.setAwake(true)
        return server
    }

    /// Stops it, or starts it again on its port. What it held is gone then.
    func setAwake(_ isAwake: Bool) async throws {
        guard isAwake else { return stop() }
        let child = Process()
        child.executableURL = URL(fileURLWithPath: program)
        child.arguments = arguments
        child.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONUNBUFFERED": "1"]
        child.standardInput = FileHandle.nullDevice
        let said = try await child.start(untilItSays: ["Running on"])
        process.withLock { $0 = child }
        if let said { Issue.record("moto ended: \(said)") }
    }

    func stop() {
        process.withLock { running in
            running?.terminate()
            running?.waitUntilExit()
            running = nil
        }
    }
}
