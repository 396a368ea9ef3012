package import Diagnostics

/// What `validate` found, as a whole.
package struct ValidationSummary: Hashable, Sendable, Codable {
    /// Workspace; `nil` when its file could not be read.
    package var workspace: String?
    /// Files that were read.
    package var files: Int
    /// Number of manifests by kind.
    package var manifests: [String: Int]
    /// Number of errors.
    package var errors: Int
    /// Number of warnings.
    package var warnings: Int
    /// Whether warnings fail too.
    package var isStrict: Bool

    package init(
        workspace: String?, files: Int, manifests: [String: Int], diagnostics: [Diagnostic], isStrict: Bool = false
    ) {
        self.workspace = workspace
        self.files = files
        self.manifests = manifests
        self.errors = diagnostics.filter { $0.severity == .error }.count
        self.warnings = diagnostics.filter { $0.severity == .warning }.count
        self.isStrict = isStrict
    }

    /// Whether the workspace can be used.
    package var isValid: Bool { errors == 0 && !(isStrict && warnings > 0) }
}

/// The last lines of `validate`.
package enum ValidationText {
    /// Whether the workspace is valid, and what was read.
    package static func render(_ summary: ValidationSummary, terminal: Terminal = .plain) -> String {
        let total = summary.manifests.values.reduce(0, +)
        let read = "\(Words.count(total, "manifest")) in \(Words.count(summary.files, "file"))"
        let kinds = summary.manifests.sorted { $0.key < $1.key }.map { "\(Words.number($0.value)) \($0.key)" }
        let name = summary.workspace.map { "workspace \($0)" } ?? "the workspace"
        var lines: [StyledText] = []
        if summary.isValid {
            let warnings = summary.warnings == 0 ? "" : ", with \(Words.count(summary.warnings, "warning"))"
            lines.append("\("✓", .green) \(name) is valid\(warnings): \(read)")
        } else {
            var found: [String] = []
            if summary.errors > 0 { found.append(Words.count(summary.errors, "error")) }
            if summary.warnings > 0 { found.append(Words.count(summary.warnings, "warning")) }
            let strictly = summary.errors == 0 ? " (warnings count, because of --strict)" : ""
            lines.append("\("✗", .red) \(name) is not valid: \(Words.list(found))\(strictly); \(read)")
        }
        if !kinds.isEmpty { lines.append("  \(kinds.joined(separator: " · "))") }
        return terminal.render(lines)
    }
}
