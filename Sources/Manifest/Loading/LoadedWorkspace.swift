public import Diagnostics
public import Domain

/// A workspace that was read completely and is valid: the typed manifests, and where each of their fields stands.
public struct LoadedWorkspace: Sendable {
    /// The typed manifests after bases, lists and patches.
    public let workspace: Workspace
    /// Path of the workspace file.
    public let path: String
    /// Folder of the workspace file: relative paths of manifests start there.
    public let folder: String
    let objects: [ObjectKey: RawObject]
    let findings: Findings

    /// Where a field stands: the nearest existing ancestor when the field itself is absent, the manifest's name when
    /// nothing of the path exists. Paths are written as in `explain`: `spec.members[1]`, `spec.link.names`.
    ///
    /// - Returns: `nil` when there is no such manifest.
    public func span(of kind: ManifestKind, _ name: String, field: String = "metadata.name") -> SourceSpan? {
        guard let object = objects[ObjectKey(kind: kind, name: name)] else { return nil }
        return findings.span(object.place(of: field).head)
    }

    /// The same workspace with other typed manifests, whose relative paths start in another folder: what a rehearsal
    /// runs on. Places still point into the files that were read.
    public func replacing(_ workspace: Workspace, folder: String) -> LoadedWorkspace {
        LoadedWorkspace(workspace: workspace, path: path, folder: folder, objects: objects, findings: findings)
    }
}

/// What loading a workspace gave: the workspace when there is no error, and everything there is to say.
public struct LoadResult: Sendable {
    /// The workspace; `nil` when there is an error.
    public let loaded: LoadedWorkspace?
    /// Errors, warnings and notes, in reading order.
    public let diagnostics: [Diagnostic]
    /// Every file that was read, for snippets. Secrets that were written as literals are masked out.
    public let files: [SourceFile]

    /// Whether the workspace cannot be used.
    public var hasErrors: Bool { loaded == nil }

    /// The text around a place.
    public func file(at path: String) -> SourceFile? {
        files.first { $0.path == path }
    }
}
