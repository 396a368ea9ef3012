package import Diagnostics
package import Domain
import Execution
package import Manifest
package import Planning
import Rendering

/// A workspace that could be loaded, with what points back into its files.
package struct LoadedManifests {
    package let loaded: LoadedWorkspace
    package let files: [SourceFile]

    package init(loaded: LoadedWorkspace, files: [SourceFile]) {
        self.loaded = loaded
        self.files = files
    }

    package var workspace: Workspace { loaded.workspace }

    /// Loads the workspace of the command line. Errors and warnings are written to stderr.
    ///
    /// - Throws: ``CommandFailure`` with exit code 1 when there is an error.
    package static func load(_ options: SessionOptions) throws(CommandFailure) -> LoadedManifests {
        let result = WorkspaceLoader(version: Version.current).load(options.workspacePath)
        let shown = result.diagnostics.filter { $0.severity != .note }
        if !shown.isEmpty, !options.isQuiet || result.hasErrors {
            let text = DiagnosticText(terminal: options.diagnosticsTerminal, files: result.files)
            CommandContext.current.diagnostics.writeLine(text.render(shown))
        }
        guard let loaded = result.loaded else { throw CommandFailure(.error) }
        return LoadedManifests(loaded: loaded, files: result.files)
    }

    /// Where the origins of a plan's refusals stand.
    package func places(of plan: Plan) -> [ManifestOrigin: SourceSpan] {
        var places: [ManifestOrigin: SourceSpan] = [:]
        for origin in plan.refusals.compactMap(\.origin) {
            guard let kind = ManifestKind(rawValue: origin.kind) else { continue }
            places[origin] = loaded.span(of: kind, origin.name, field: origin.field)
        }
        return places
    }
}
