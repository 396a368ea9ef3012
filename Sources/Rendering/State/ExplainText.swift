/// A kind or field of manifests, as `explain` tells of it.
package struct FieldExplanation: Hashable, Sendable, Codable {
    /// Path: `Topic`, `Topic.spec.partitions`.
    package var path: String
    /// Type in words: `integer`, `list of text`.
    package var type: String
    /// Whether it must be there.
    package var isRequired: Bool
    /// Value when it is absent, as it would be written.
    package var defaultValue: String?
    /// Words that are allowed, when it is one of some.
    package var allowedValues: [String]
    /// What it means.
    package var summary: String
    /// Rules beyond the type.
    package var rules: [String]
    /// Manifests or parts of them that show it.
    package var example: String?
    /// Fields inside it.
    package var fields: [FieldExplanation]

    package init(
        path: String, type: String, isRequired: Bool, defaultValue: String? = nil, allowedValues: [String] = [],
        summary: String, rules: [String] = [], example: String? = nil, fields: [FieldExplanation] = []
    ) {
        self.path = path
        self.type = type
        self.isRequired = isRequired
        self.defaultValue = defaultValue
        self.allowedValues = allowedValues
        self.summary = summary
        self.rules = rules
        self.example = example
        self.fields = fields
    }
}

/// What `explain` prints.
package enum ExplainText {
    /// A field with everything about it, and a line for each field inside it.
    package static func render(_ explanation: FieldExplanation, terminal: Terminal = .plain) -> String {
        var lines: [StyledText] = [
            "\(explanation.path, .bold)  \(explanation.type, .dim)\(explanation.isRequired ? "  required" : "")"
        ]
        lines += StyledText.wrapped(explanation.summary, width: terminal.room(indent: 2, usual: 96)).map {
            $0.indented(2)
        }
        if let value = explanation.defaultValue { lines.append("  default: \(value)") }
        if !explanation.allowedValues.isEmpty {
            lines.append("  one of: \(explanation.allowedValues.joined(separator: ", "))")
        }
        for rule in explanation.rules { lines.append("  · \(rule)") }
        if let example = explanation.example {
            lines += ["", "  example"]
            lines += example.split(separator: "\n", omittingEmptySubsequences: false).map { StyledText($0).indented(4) }
        }
        if !explanation.fields.isEmpty {
            var columns = Columns(indent: 4)
            for field in explanation.fields {
                columns.add(
                    StyledText(name(of: field, below: explanation), .bold), StyledText(field.type, .dim),
                    StyledText(field.isRequired ? "required" : field.defaultValue.map { "default \($0)" } ?? ""),
                    StyledText(field.summary))
            }
            lines += ["", "  fields"] + columns.lines
        }
        return terminal.render(lines)
    }

    /// The path from what is explained: `rpo.records`.
    private static func name(of field: FieldExplanation, below explanation: FieldExplanation) -> String {
        let prefix = explanation.path + "."
        return field.path.hasPrefix(prefix) ? String(field.path.dropFirst(prefix.count)) : field.path
    }
}
