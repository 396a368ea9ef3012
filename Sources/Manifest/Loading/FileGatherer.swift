import Diagnostics

/// Finds the manifest files behind the paths of a workspace.
struct FileGatherer {
    let files: any ManifestFiles
    /// Folders deeper than this below a given path are not searched.
    private let depthLimit = 64
    private var seen: Set<String> = []

    init(files: any ManifestFiles) {
        self.files = files
    }

    /// Marks a file as already taken, so that no later path brings it again.
    mutating func exclude(_ path: String) {
        if let canonical = files.canonicalPath(of: path) { seen.insert(canonical) }
    }

    /// The files at a path in the order of their names: itself, or the `*.yaml` and `*.yml` below it. Folders whose
    /// name begins with a dot are skipped, and nothing is taken twice.
    mutating func files(at path: String, named place: Place?, _ findings: inout Findings) -> [String] {
        switch files.kind(of: path) {
        case .file: return take(path) ? [path] : []
        case .folder:
            var folders: Set<String> = []
            return walk(path, depth: 0, folders: &folders, &findings, place)
        case .special:
            findings.error("unreadable-file", "`\(path)` is neither a file nor a folder", at: place)
            findings.isIncomplete = true
            return []
        case nil:
            findings.error(
                "file-not-found", "there is no `\(path)`", at: place,
                help: suggestion(for: path) ?? "paths are relative to the workspace file")
            findings.isIncomplete = true
            return []
        }
    }

    private func suggestion(for path: String) -> String? {
        let folder = ManifestPath.folder(of: path)
        guard let names = try? files.names(in: folder) else { return nil }
        return Suggestion.nearest(to: ManifestPath.name(of: path), among: names).map {
            "did you mean `\(ManifestPath.join(folder, $0))`?"
        }
    }

    private mutating func take(_ path: String) -> Bool {
        guard let canonical = files.canonicalPath(of: path) else { return false }
        return seen.insert(canonical).inserted
    }

    private mutating func walk(
        _ folder: String, depth: Int, folders: inout Set<String>, _ findings: inout Findings, _ place: Place?
    ) -> [String] {
        guard depth < depthLimit, let canonical = files.canonicalPath(of: folder) else { return [] }
        guard folders.insert(canonical).inserted else { return [] }
        do {
            var found: [String] = []
            for name in try files.names(in: folder).sorted() where !name.hasPrefix(".") {
                let path = ManifestPath.join(folder, name)
                switch files.kind(of: path) {
                case .folder: found += walk(path, depth: depth + 1, folders: &folders, &findings, place)
                case .file where Self.isManifest(name): if take(path) { found.append(path) }
                default: break
                }
            }
            return found
        } catch {
            findings.error("unreadable-file", "`\(folder)` cannot be read: \(error.reason)", at: place)
            findings.isIncomplete = true
            return []
        }
    }

    private static func isManifest(_ name: String) -> Bool {
        name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    }
}
