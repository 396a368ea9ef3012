import Foundation
import TestSupport

/// The virtual environment with other people's clients, which `scripts/python-environment` makes.
enum PythonEnvironment {
    /// How one script ended.
    struct Outcome {
        let code: Int32
        let output: String
    }

    /// Whether tests with it run.
    static let isMade = OptionalProgram.isUsable(
        "Python clients", at: interpreter.path, remedy: "scripts/python-environment")

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let interpreter = root.appendingPathComponent(".build/python/bin/python")

    /// Runs a script of this folder to its end.
    static func run(_ script: String, _ arguments: String...) async throws -> Outcome {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("python-\(UUID().uuidString).out")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        let handle = try FileHandle(forWritingTo: output)
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        let process = Process()
        process.executableURL = interpreter
        process.arguments =
            ["-B", root.appendingPathComponent("Tests/EndToEndTests/Clients/Python/\(script)").path] + arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "NO_PROXY": "127.0.0.1"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        for await _ in ended {}
        return Outcome(
            code: process.terminationStatus, output: (try? String(contentsOf: output, encoding: .utf8)) ?? "")
    }
}
