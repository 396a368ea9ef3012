import ArgumentParser
import Diagnostics
import Domain
import Execution
import Manifest
import Rendering
import Session

/// Checks manifests without asking anything live.
struct ValidateCommand: ParsableCommand, WorkspaceCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case github
    }

    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check the manifests; asks no live system and reads no secret.")

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Warnings fail too.")
    var strict = false

    @Option(name: [.short, .long], help: "Output: text, json, github (annotations).")
    var output: Format = .text

    func run() throws {
        let context = CommandContext.current
        let result = WorkspaceLoader(version: Version.current).load(global.session.workspacePath)
        let diagnostics = result.diagnostics
        let summary = ValidationSummary(
            workspace: result.loaded?.workspace.name, files: result.files.count,
            manifests: result.loaded?.workspace.countsByKind ?? [:], diagnostics: result.diagnostics, isStrict: strict)
        switch output {
        case .text:
            if !diagnostics.isEmpty {
                let text = DiagnosticText(terminal: global.session.diagnosticsTerminal, files: result.files)
                context.diagnostics.writeLine(text.render(diagnostics))
            }
            context.output.writeLine(ValidationText.render(summary, terminal: global.session.outputTerminal))
        case .json: context.output.writeLine(DiagnosticJSON.render(diagnostics, files: result.files))
        case .github: context.output.write(DiagnosticGitHub.render(diagnostics))
        }
        guard summary.isValid else { throw CommandFailure(.error) }
    }
}
