package import Diagnostics
package import Domain

/// A workspace that was read completely and is valid: the typed manifests, and where each of their fields stands.
package struct LoadedWorkspace: Sendable {
    /// The typed manifests after bases, lists and patches.
    package let workspace: Workspace
    /// Path of the workspace file.
    package let path: String
    /// Folder of the workspace file: relative paths of manifests start there.
    package let folder: String
    let objects: [ObjectKey: RawObject]
    let findings: Findings

    /// Where a field stands: the nearest existing ancestor when the field itself is absent, the manifest's name when
    /// nothing of the path exists. Paths are written as in `explain`: `spec.members[1]`, `spec.link.names`.
    ///
    /// - Returns: `nil` when there is no such manifest.
    package func span(of kind: ManifestKind, _ name: String, field: String = "metadata.name") -> SourceSpan? {
        guard let object = objects[ObjectKey(kind: kind, name: name)] else { return nil }
        return findings.span(object.place(of: field).head)
    }

    /// The same workspace with other typed manifests, whose relative paths start in another folder: what a rehearsal
    /// runs on. Places still point into the files that were read.
    package func replacing(_ workspace: Workspace, folder: String) -> LoadedWorkspace {
        LoadedWorkspace(workspace: workspace, path: path, folder: folder, objects: objects, findings: findings)
    }
}

/// What loading a workspace gave: the workspace when there is no error, and everything there is to say.
package struct LoadResult: Sendable {
    /// The workspace; `nil` when there is an error.
    package let loaded: LoadedWorkspace?
    /// Errors, warnings and notes, in reading order.
    package let diagnostics: [Diagnostic]
    /// Every file that was read, for snippets. Secrets that were written as literals are masked out.
    package let files: [SourceFile]

    /// Whether the workspace cannot be used.
    package var hasErrors: Bool { loaded == nil }

    /// The text around a place.
    package func file(at path: String) -> SourceFile? {
        files.first { $0.path == path }
    }
}
