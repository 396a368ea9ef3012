import Domain

/// Rules about one TopicSelector, wherever it stands.
struct SelectorRules {
    let selector: TopicSelector
    let object: RawObject
    let path: String

    func check(_ findings: inout Findings) {
        checkAutoCreate(&findings)
        checkInternal(&findings)
        if selector.include.isEmpty && selector.allowInternal.isEmpty {
            findings.warn(
                "selects-nothing", "this selector includes no topic", at: object.place(of: path),
                help: "add patterns to `include`")
        }
        for (index, pattern) in selector.include.enumerated()
        where Glob(pattern).isLiteral && selector.exclude.contains(where: { Glob($0).matches(pattern) }) {
            findings.warn(
                "selects-nothing", "`\(pattern)` is included and excluded; exclude wins",
                at: object.place(of: "\(path).include[\(index)]"))
        }
    }

    private func checkAutoCreate(_ findings: inout Findings) {
        guard selector.autoCreate else { return }
        for (field, patterns) in [("include", selector.include), ("exclude", selector.exclude)] {
            for (index, pattern) in patterns.enumerated() where Glob.linkFilter(pattern) == nil {
                findings.error(
                    "auto-create-pattern",
                    "`\(pattern)` cannot be given to the link: with `autoCreate` it knows only literals and prefixes",
                    at: object.place(of: "\(path).\(field)[\(index)]"),
                    help: "write a literal or `prefix*`, or remove `autoCreate`: then Spillway resolves the patterns")
            }
        }
    }

    private func checkInternal(_ findings: inout Findings) {
        for (index, pattern) in selector.include.enumerated() where InternalTopics.contains(sample(of: pattern)) {
            findings.error(
                "internal-topic-pattern",
                "`\(pattern)` matches only topics that belong to systems, which are never mirrored",
                at: object.place(of: "\(path).include[\(index)]"),
                help: "remove it; exceptions are named one by one in `allowInternal`")
        }
        for (index, name) in selector.allowInternal.enumerated() {
            let here = object.place(of: "\(path).allowInternal[\(index)]")
            if !Glob(name).isLiteral {
                findings.error(
                    "invalid-pattern", "`allowInternal` takes literal names, not `\(name)`", at: here,
                    help: "name each topic")
            } else if InternalTopics.contains(name) {
                findings.warn(
                    "internal-topic",
                    "`\(name)` belongs to a system; its copy may be out of step with the topics it describes", at: here)
            } else {
                findings.warn(
                    "not-internal", "`\(name)` is not known as internal; `include` is enough", at: here)
            }
        }
    }

    /// A name the pattern matches that is internal only if every match of the pattern is.
    private func sample(of pattern: String) -> String {
        pattern.replacing("*", with: "~").replacing("?", with: "~")
    }
}
