import ArgumentParser
import Execution
import Foundation
import Manifest
import Rendering
import Session

/// Writes a workspace to start from.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a workspace to start from.")

    @Argument(help: ArgumentHelp("Folder; made when missing.", valueName: "dir"))
    var folder = "."

    @Option(help: "What to start from: quickstart, pair, bidirectional, migration, platform.")
    var template: WorkspaceTemplate = .quickstart

    func run() throws {
        let context = CommandContext.current
        let root = URL(fileURLWithPath: context.path(folder), isDirectory: true)
        let files = template.files
        for file in files {
            let url = root.appendingPathComponent(file.path)
            guard !FileManager.default.fileExists(atPath: url.path) else {
                throw CommandFailure(.error, "\(url.path) exists already; nothing was written")
            }
        }
        do {
            for file in files {
                let url = root.appendingPathComponent(file.path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.text.utf8).write(to: url, options: .withoutOverwriting)
            }
        } catch {
            throw CommandFailure(
                .error, "the workspace cannot be written to \(root.path): \(error.localizedDescription)")
        }
        for file in files { context.output.writeLine("wrote \(folder)/\(file.path)") }
        context.output.writeLine("next: \(Invocation(file: folder).command("validate"))")
    }
}

extension WorkspaceTemplate: ExpressibleByArgument {}
