import Foundation
import Testing

/// The built binary, as a person or a pipeline runs it.
struct Spillway {
    /// How one call ended.
    struct Outcome {
        let code: Int32
        let output: String
        let diagnostics: String
    }

    let folder: URL
    var environment: [String: String]

    init(folder: URL, environment: [String: String]) {
        self.folder = folder
        self.environment = environment
        // An instrumented binary that is not told where to would write its counters into the workspace.
        self.environment["LLVM_PROFILE_FILE"] = ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"]
    }

    /// The binary beside the test bundle.
    static var binary: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("spillway")
    }

    /// Runs a command line to its end.
    func callAsFunction(_ arguments: String...) async throws -> Outcome {
        let process = try start(arguments)
        return try await process.outcome()
    }

    /// Starts a command line and leaves it running.
    func start(_ arguments: [String]) throws -> RunningSpillway {
        try RunningSpillway(arguments, in: folder, environment: environment)
    }
}

/// A call that has not ended yet.
struct RunningSpillway {
    private let process = Process()
    private let output: URL
    private let diagnostics: URL
    private let ended: AsyncStream<Void>

    init(_ arguments: [String], in folder: URL, environment: [String: String]) throws {
        let name = UUID().uuidString
        output = FileManager.default.temporaryDirectory.appendingPathComponent("spillway-\(name).out")
        diagnostics = FileManager.default.temporaryDirectory.appendingPathComponent("spillway-\(name).err")
        for file in [output, diagnostics] { try Data().write(to: file) }
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        self.ended = ended
        process.executableURL = Spillway.binary
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let handles = [try FileHandle(forWritingTo: output), try FileHandle(forWritingTo: diagnostics)]
        process.standardOutput = handles[0]
        process.standardError = handles[1]
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        // The program has its own; ours would stay open for as long as the process object.
        for handle in handles { try handle.close() }
    }

    /// Sends a signal.
    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Whether it has ended.
    var hasEnded: Bool { !process.isRunning }

    /// What was written to stderr so far.
    var diagnosticsSoFar: String { text(diagnostics) }

    /// Waits for the end. A process that a signal ended has 128 + its number as code, as in a shell.
    func outcome() async throws -> Spillway.Outcome {
        for await _ in ended {}
        let code =
            process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
        defer { for file in [output, diagnostics] { try? FileManager.default.removeItem(at: file) } }
        return Spillway.Outcome(code: code, output: text(output), diagnostics: text(diagnostics))
    }

    private func text(_ file: URL) -> String {
        // Foundation loses a page of memory with every empty file that it reads, and tests ask thousands of times a second.
        let size = (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0
        return size == 0 ? "" : (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }
}
