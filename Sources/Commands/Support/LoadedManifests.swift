import Diagnostics
import Domain
import Execution
import Manifest
import Planning
import Rendering

/// A workspace that could be loaded, with what points back into its files.
struct LoadedManifests {
    let loaded: LoadedWorkspace
    let files: [SourceFile]

    var workspace: Workspace { loaded.workspace }

    /// Loads the workspace of the command line. Errors and warnings are written to stderr.
    ///
    /// - Throws: ``CommandFailure`` with exit code 1 when there is an error.
    static func load(_ options: GlobalOptions) throws(CommandFailure) -> LoadedManifests {
        let result = WorkspaceLoader(version: Version.current).load(options.workspacePath)
        let shown = result.diagnostics.filter { $0.severity != .note }
        if !shown.isEmpty, !options.quiet || result.hasErrors {
            let text = DiagnosticText(terminal: options.diagnosticsTerminal, files: result.files)
            CommandContext.current.diagnostics.writeLine(text.render(shown))
        }
        guard let loaded = result.loaded else { throw CommandFailure(.error) }
        return LoadedManifests(loaded: loaded, files: result.files)
    }

    /// Where the origins of a plan's refusals stand.
    func places(of plan: Plan) -> [ManifestOrigin: SourceSpan] {
        var places: [ManifestOrigin: SourceSpan] = [:]
        for origin in plan.refusals.compactMap(\.origin) {
            guard let kind = ManifestKind(rawValue: origin.kind) else { continue }
            places[origin] = loaded.span(of: kind, origin.name, field: origin.field)
        }
        return places
    }
}
