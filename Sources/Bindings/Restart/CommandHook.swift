import Domain
import Execution
import Planning
import Subprocess
import SystemPackage

/// A restart hook that is a program: its arguments as they are written, no shell, and no environment but a search
/// path and what it is told about the binding.
struct CommandHook {
    let arguments: [String]
    let folder: String

    /// Output that is kept of a program, in bytes; a failure shows its end.
    private static let keptOutput = 64 << 10
    private static let shownOutput = 400

    func run(_ call: HookCall, within limit: Duration) async throws(StepFailure) {
        guard let program = arguments.first else { throw StepFailure(.rejected, "the command is empty") }
        let outcome: Outcome
        do {
            outcome = try await finished(program, call, within: limit)
        } catch {
            guard !Task.isCancelled else {
                throw StepFailure(.interrupted, "\(program) was ended: the run was interrupted")
            }
            throw StepFailure(.rejected, "\(program) could not be run: \(error)")
        }
        switch outcome {
        case .late: throw StepFailure(.timeout, "\(program) was ended after \(limit.components.seconds) s")
        case .ended(let status, let output):
            guard status.isSuccess else {
                let said = output.suffix(Self.shownOutput)
                throw StepFailure(.rejected, "\(program) ended with \(status)\(said.isEmpty ? "" : ": \(said)")")
            }
        }
    }

    private enum Outcome: Sendable {
        case late
        case ended(TerminationStatus, String)
    }

    /// Whichever comes first: the end of the program, or of its time.
    private func finished(_ program: String, _ call: HookCall, within limit: Duration) async throws -> Outcome {
        let (arguments, folder) = (Array(arguments.dropFirst()), folder)
        let environment = environment(of: call)
        return try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments),
                    environment: .custom(environment), workingDirectory: FilePath(folder),
                    output: .string(limit: Self.keptOutput), error: .string(limit: Self.keptOutput))
                return .ended(
                    result.terminationStatus, result.standardError + result.standardOutput)
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return .late
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .late
        }
    }

    private func environment(of call: HookCall) -> [Environment.Key: String] {
        var environment: [Environment.Key: String] = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "SPILLWAY_BINDING": call.binding, "SPILLWAY_PRIMARY": call.cluster,
            "SPILLWAY_GENERATION": String(call.generation),
        ]
        if let group = call.group { environment["SPILLWAY_GROUP"] = group }
        if let epoch = call.epoch { environment["SPILLWAY_EPOCH"] = String(epoch) }
        return environment
    }
}
