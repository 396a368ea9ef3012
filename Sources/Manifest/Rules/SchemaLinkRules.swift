import Domain

/// Rules about the settings of an exporter, in a SchemaLink or a group.
struct SchemaSettingsRules {
    let settings: SchemaSettings
    let object: RawObject
    /// Path of the settings: `spec` or `spec.schemas`.
    let path: String

    func check(_ findings: inout Findings) {
        if settings.subjects.isEmpty {
            findings.error(
                "missing-field", "`subjects` is empty: nothing would be copied",
                at: object.place(of: "\(path).subjects"),
                help: "`[\"*\"]` is the whole default context")
        }
        for (index, subject) in settings.subjects.enumerated() where !Self.isSubject(subject) {
            findings.error(
                "invalid-subject", "`\(subject)` is no subject in the registry's notation",
                at: object.place(of: "\(path).subjects[\(index)]"),
                help: "`*` default context, `orders*` prefix, `:.ctx:*` a context, `:*:` all contexts")
        }
        for (field, format, reference) in [
            ("subjectRenameFormat", settings.subjectRenameFormat, "${subject}"),
            ("kekRenameFormat", settings.kekRenameFormat, "${kek}"),
        ] where !format.contains(reference) {
            findings.error(
                "invalid-rename-format", "`\(field)` needs `\(reference)`, or all would get one name",
                at: object.place(of: "\(path).\(field)"))
        }
    }

    /// A subject, a prefix with `*`, either of them in a context, or `:*:`.
    private static func isSubject(_ text: String) -> Bool {
        guard text.hasPrefix(":") else { return isPlainSubject(text) }
        if text == ":*:" { return true }
        let parts = text.dropFirst().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasPrefix("."), !parts[0].contains("*") else { return false }
        return isPlainSubject(String(parts[1]))
    }

    private static func isPlainSubject(_ text: String) -> Bool {
        !text.isEmpty && !text.dropLast().contains("*")
    }
}

extension RuleContext {
    func checkSchemaLinks(_ findings: inout Findings) {
        for link in workspace.schemaLinks.values {
            guard let object = object(.schemaLink, link.name) else { continue }
            SchemaSettingsRules(settings: link.settings, object: object, path: "spec").check(&findings)
            checkEnds(of: link, object, &findings)
            checkContext(of: link, object, &findings)
        }
        checkLiveExporters(&findings)
    }

    private func checkEnds(of link: SchemaLinkSpec, _ object: RawObject, _ findings: inout Findings) {
        if link.source == link.destination {
            findings.error(
                "link-to-itself", "a schema link needs two environments: each has one registry",
                at: object.place(of: "spec.destination"))
        }
        if let destination = workspace.environments[link.destination],
            destination.schemaRegistry.linkCredentials == nil
        {
            findings.error(
                "link-credentials-missing",
                "the registry of Environment `\(destination.name)` has no `linkCredentials` for the "
                    + "exporter to write with",
                at: object.place(of: "spec.destination"),
                notes: place(.environment, destination.name, "metadata.name").map { [("it is declared here", $0)] }
                    ?? [],
                help: "give it `schemaRegistry.linkCredentials`")
        }
        if let source = workspace.environments[link.source], source.schemaRegistry.credentials == nil {
            findings.warn(
                "not-managed",
                "the registry of Environment `\(source.name)` has no `credentials`, so this exporter is not managed",
                at: object.place(of: "spec.source"), help: "give it `schemaRegistry.credentials`")
        }
    }

    private func checkContext(of link: SchemaLinkSpec, _ object: RawObject, _ findings: inout Findings) {
        if link.contextType == .custom && link.context == nil {
            findings.error(
                "missing-field", "`context` is missing: contextType is CUSTOM",
                at: object.place(of: "spec.contextType"), help: "name the context schemas land in at the destination")
        }
        if link.contextType != .custom && link.context != nil {
            findings.error(
                "field-not-applicable", "`context` needs `contextType: CUSTOM`, not \(link.contextType.rawValue)",
                at: object.place(of: "spec.context"), help: "set `contextType: CUSTOM`, or remove `context`")
        }
    }

    /// Two manifests must not mean one exporter.
    private func checkLiveExporters(_ findings: inout Findings) {
        var owners: [String: String] = [:]
        for link in workspace.schemaLinks.values.sorted(by: { $0.name < $1.name }) {
            guard let first = owners.updateValue(link.name, forKey: "\(link.source)\n\(link.exporterName)") else {
                continue
            }
            findings.error(
                "same-live-object",
                "SchemaLinks `\(first)` and `\(link.name)` mean the same exporter `\(link.exporterName)` of "
                    + "`\(link.source)`",
                at: place(.schemaLink, link.name, "spec.exporterName"),
                notes: place(.schemaLink, first, "metadata.name").map { [("the other is here", $0)] } ?? [],
                help: "give each its own `exporterName`")
        }
    }
}
