import ArgumentParser
import Execution
import Foundation
import Planning
import Rendering
import Session

/// Shows a saved plan again: one observation gives the log, the comment, the JSON and the file that is applied.
struct ShowCommand: AsyncParsableCommand, WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a saved plan, or a run; asks no live system.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("A saved plan, or the id of a run.", valueName: "file|run"))
    var subject: String

    @Flag(help: "Show every change by itself.")
    var expand = false

    @Option(name: [.short, .long], help: "Output: text, json, markdown.")
    var output: PlanFormat = .text

    func run() async throws {
        let path = CommandContext.current.path(subject)
        guard FileManager.default.fileExists(atPath: path) else {
            return try await RunsCommand.show(subject, global, output == .json ? .json : .text)
        }
        output.write(try SavedPlan.read(path).plan, terminal: global.session.outputTerminal, expand: expand)
    }
}
