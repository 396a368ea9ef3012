import Domain
import Execution
import Planning
import Subprocess
import SystemPackage
import Transport

/// A restart hook that is a program: its arguments as they are written, no shell, and no environment but a search
/// path and what it is told about the binding.
struct CommandHook {
    let arguments: [String]
    let folder: String
    /// What must not be told of the program's output.
    let secrets: KnownSecrets

    /// Characters of a failed program's output that are told: its end.
    private static let shownOutput = 400
    /// How long a program may take to end by itself when its time is over, before it is killed.
    private static let farewell: Duration = .seconds(1)

    func run(_ call: HookCall, within limit: Duration) async throws(StepFailure) {
        guard let program = arguments.first else { throw StepFailure(.rejected, "the command is empty") }
        let outcome: Outcome
        do {
            outcome = try await finished(program, call, within: limit)
        } catch {
            guard !Task.isCancelled else {
                throw StepFailure(.interrupted, "\(program) was ended: the run was interrupted")
            }
            throw StepFailure(.rejected, secrets.clean("\(program) could not be run: \(error)"))
        }
        switch outcome {
        case .late(let output):
            throw StepFailure(.timeout, "\(program) was ended after \(limit.inWords)\(told(output))")
        case .ended(let status, let output):
            guard status.isSuccess else {
                throw StepFailure(.rejected, "\(program) ended with \(status)\(told(output))")
            }
        }
    }

    private enum Outcome: Sendable {
        case late(String)
        case ended(TerminationStatus, String)
    }

    /// The end of what a program said, without secrets: they are taken out before anything is cut.
    private func told(_ output: String) -> String {
        let said = secrets.clean(output).trimmingSpaces()
        return said.isEmpty ? "" : ": \(said.count > Self.shownOutput ? "…" : "")\(said.suffix(Self.shownOutput))"
    }

    /// Whichever comes first: the end of the program, or of its time. How much it prints decides nothing, and neither
    /// do programs that it leaves running.
    private func finished(_ program: String, _ call: HookCall, within limit: Duration) async throws -> Outcome {
        let (arguments, folder) = (Array(arguments.dropFirst()), folder)
        let environment = environment(of: call)
        let output = try OutputFile()
        var options = PlatformOptions()
        // Of its own, so that what it has started ends with it when its time is over.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: Self.farewell),
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(100)),
        ]
        return try await withThrowingTaskGroup(of: Outcome?.self) { group in
            group.addTask { [options] in
                let result = try await Subprocess.run(
                    program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments),
                    environment: .custom(environment), workingDirectory: FilePath(folder), platformOptions: options,
                    output: .fileDescriptor(output.descriptor, closeAfterSpawningProcess: false),
                    error: .fileDescriptor(output.descriptor, closeAfterSpawningProcess: false))
                return .ended(result.terminationStatus, output.end())
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return .late(output.end())
            }
            group.addTask {
                while !Task.isCancelled {
                    output.shorten()
                    try await Task.sleep(for: .milliseconds(200))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let outcome = try await group.next() {
                if let outcome { return outcome }
            }
            return .late("")
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
