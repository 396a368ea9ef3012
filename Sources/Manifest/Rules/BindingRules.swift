import Diagnostics
import Domain

extension RuleContext {
    func checkBindings(_ findings: inout Findings) {
        for binding in workspace.clientBindings.values {
            guard let object = object(.clientBinding, binding.name) else { continue }
            checkUses(of: binding, object, &findings)
            checkKeys(of: binding, object, &findings)
            checkTemplates(of: binding, object, &findings)
        }
    }

    /// Clusters a binding can point at: the one it points at now first.
    func sites(of binding: ClientBindingSpec) -> (now: String, later: [String])? {
        switch binding.target {
        case .cluster(let cluster): return (cluster, [])
        case .failoverGroup(let group):
            guard let placement = workspace.placement(ofGroup: group) else { return nil }
            return (placement.primary, placement.members.filter { $0 != placement.primary })
        }
    }

    private func checkUses(of binding: ClientBindingSpec, _ object: RawObject, _ findings: inout Findings) {
        guard !binding.uses.isEmpty else { return }
        guard case .failoverGroup(let group) = binding.target else {
            findings.error(
                "uses-with-pinned", "`uses` has no meaning in a binding that is pinned to a cluster",
                at: object.place(of: "spec.uses"), help: "remove it, or follow a group with `failoverGroup`")
            return
        }
        guard let own = workspace.placement(ofGroup: group) else { return }
        for (index, used) in binding.uses.enumerated() {
            guard let other = workspace.placement(ofGroup: used), other.primary != own.primary else { continue }
            findings.error(
                "uses-other-primary",
                "the application uses `\(group)`, primary on `\(own.primary)`, and `\(used)`, primary on "
                    + "`\(other.primary)`",
                at: object.place(of: "spec.uses[\(index)]"),
                help: "groups one application uses move together: let one follow the other")
        }
    }

    private func checkKeys(of binding: ClientBindingSpec, _ object: RawObject, _ findings: inout Findings) {
        for (field, keys) in [("properties", binding.properties.keys), ("secrets", binding.secrets.keys)] {
            for key in keys where key.hasPrefix("spillway.") || key.isEmpty {
                findings.error(
                    "reserved-key",
                    "the key `\(key)` is \(key.isEmpty ? "empty" : "kept for Spillway's own bookkeeping")",
                    at: object.keyPlace(key, in: "spec.\(field)"), help: "choose another key")
            }
        }
        for key in binding.secrets.keys where binding.properties[key] != nil {
            findings.error(
                "published-twice", "`\(key)` is published plain and as secret",
                at: object.keyPlace(key, in: "spec.secrets"), help: "keep it in `secrets` only")
        }
    }

    private func checkTemplates(of binding: ClientBindingSpec, _ object: RawObject, _ findings: inout Findings) {
        for (field, texts) in [("properties", binding.properties), ("secrets", binding.secrets)] {
            guard object.node["spec"]?[field] != nil else { continue }
            for (key, text) in texts {
                let text = TemplateText(text: text, node: object.node["spec"]?[field]?[key], fallback: object.namePlace)
                let rules = TemplateRules(context: self, binding: binding, mayHoldSecrets: field == "secrets")
                rules.check(text, &findings)
            }
        }
        for (index, hook) in binding.restart.enumerated() {
            guard case .http(let call) = hook.action, let body = call.body else { continue }
            let node = object.node["spec"]?["restart"]?.sequence?[index]["http"]?["body"]
            let text = TemplateText(text: body, node: node, fallback: object.namePlace)
            TemplateRules(context: self, binding: binding, mayHoldSecrets: false).check(text, &findings)
        }
    }
}

/// A text with `${…}` references, and where it stands.
struct TemplateText {
    let text: String
    let node: Node?
    let fallback: Place

    var place: Place { node?.place ?? fallback }

    /// The place of a part of the text, where the text stands on one line exactly as it reads.
    func place(offset: Int, length: Int) -> Place {
        guard let node, let scalar = node.scalar, node.place.startLine == node.place.endLine else { return place }
        let quotes: Int32 = scalar.isPlain ? 0 : 1
        let width = Int32(scalar.text.unicodeScalars.count) + 2 * quotes
        guard node.place.endColumn - node.place.startColumn == width else { return place }
        var part = node.place
        part.startColumn += quotes + Int32(offset)
        part.endColumn = part.startColumn + Int32(length)
        return part
    }
}

/// Rules about the `${…}` references of one text: a closed set, each with a value wherever the binding can point.
struct TemplateRules {
    let context: RuleContext
    let binding: ClientBindingSpec
    /// Whether the text goes only where secrets may go.
    let mayHoldSecrets: Bool

    func check(_ text: TemplateText, _ findings: inout Findings) {
        do {
            for reference in Set(try BindingTemplate(text.text).references) {
                check(reference, in: text, &findings)
            }
        } catch {
            report(error, in: text, &findings)
        }
    }

    private func report(_ malformed: BindingTemplate.Malformed, in text: TemplateText, _ findings: inout Findings) {
        let place = text.place(offset: malformed.offset, length: malformed.length)
        switch malformed.problem {
        case .unclosed:
            findings.error(
                "unknown-binding-reference", "`${` is not closed by `}`", at: place,
                help: "write `$${` for a literal `${`")
        case .unknownReference(let name):
            let known = BindingTemplate.Reference.allCases.map(\.name)
            let near = Suggestion.nearest(to: name, among: known)
            findings.error(
                "unknown-binding-reference", "`${\(name)}` is no reference", at: place,
                help: near.map { "did you mean `${\($0)}`?" }
                    ?? "one of \(known.filter { !$0.hasPrefix("credentials") }.joined(separator: ", ")), "
                    + "credentials.kafka.… and credentials.schemaRegistry.…; `$${` for a literal `${`")
        }
    }

    private func place(of reference: BindingTemplate.Reference, in text: TemplateText) -> Place {
        let written = "${\(reference.name)}"
        guard let range = text.text.firstRange(of: written) else { return text.place }
        let offset = text.text[..<range.lowerBound].unicodeScalars.count
        return text.place(offset: offset, length: written.unicodeScalars.count)
    }

    private func check(
        _ reference: BindingTemplate.Reference, in text: TemplateText, _ findings: inout Findings
    ) {
        let here = place(of: reference, in: text)
        if reference.isSecret && !mayHoldSecrets {
            findings.error(
                "secret-in-plain-text", "`${\(reference.name)}` is a secret, and this is published plain", at: here,
                help: "move it into `secrets`")
            return
        }
        if reference == .groupName, case .cluster(let cluster) = binding.target {
            findings.error(
                "reference-without-value", "`${group.name}` has no value: the binding is pinned to `\(cluster)`",
                at: here)
            return
        }
        guard let sites = context.sites(of: binding) else { return }
        if let reason = absence(of: reference, at: sites.now) {
            findings.error(
                "reference-without-value", "`${\(reference.name)}` has no value on `\(sites.now)`: \(reason)", at: here,
                help: advice(for: reference, at: sites.now))
        }
        for site in sites.later {
            guard let reason = absence(of: reference, at: site) else { continue }
            let binding = context.object(.clientBinding, binding.name)
            findings.warn(
                "reference-without-value", "the binding could not move to `\(site)`: \(reason)",
                at: reference.isSecret ? binding?.place(of: "spec.credentials.\(site)") : here,
                help: advice(for: reference, at: site))
        }
    }

    /// Why a reference can have no value at a site.
    private func absence(of reference: BindingTemplate.Reference, at site: String) -> String? {
        guard let cluster = context.workspace.clusters[site] else { return nil }
        switch reference {
        case .clusterRegion where cluster.region == nil && !cluster.type.isCloud:
            return "the Cluster has no `region`"
        case .clusterRestEndpoint where cluster.restEndpoint == nil && !cluster.type.isCloud:
            return "the Cluster has no `restEndpoint`"
        case .registryEndpoint where cluster.environment == nil:
            return "the Cluster has no `environment`, and so no registry"
        case .registryEndpoint:
            guard let environment = context.environment(ofCluster: site) else { return nil }
            let isKnown = environment.connection != nil || environment.schemaRegistry.endpoint != nil
            return isKnown ? nil : "Environment `\(environment.name)` declares no registry"
        case .credential(let holder, let part):
            return absence(of: part, for: holder, at: site)
        default: return nil
        }
    }

    private func absence(
        of part: BindingTemplate.CredentialPart, for holder: BindingTemplate.CredentialHolder, at site: String
    ) -> String? {
        let own = binding.credentials[site]
        guard let credentials = holder == .kafka ? own?.kafka : own?.schemaRegistry else {
            return "the binding has no `credentials.\(site).\(holder.rawValue)`"
        }
        return credentials.has(part) ? nil : "the credentials there have no `\(part.rawValue)`"
    }

    private func advice(for reference: BindingTemplate.Reference, at site: String) -> String? {
        guard case .credential = reference else { return nil }
        return "add it to `spec.credentials.\(site)`: each application has its own credentials per cluster"
    }
}

extension Credentials {
    fileprivate func has(_ part: BindingTemplate.CredentialPart) -> Bool {
        switch part {
        case .apiKey, .apiSecret:
            if case .apiKey = signIn { true } else { false }
        case .username, .password:
            if case .username = signIn { true } else { false }
        case .authority: tls?.ca != nil
        case .certificate: tls?.certificate != nil
        case .privateKey: tls?.key != nil
        }
    }
}
