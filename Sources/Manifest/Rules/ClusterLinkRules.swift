import Domain

extension RuleContext {
    func checkClusterLinks(_ findings: inout Findings) {
        for link in workspace.clusterLinks.values {
            guard let object = object(.clusterLink, link.name) else { continue }
            let ends = [link.source, link.destination].compactMap { workspace.clusters[$0] }
            LinkSettingsRules(settings: link.settings, object: object, path: "spec", ends: ends).check(&findings)
            checkEnds(of: link, object, &findings)
            checkPrefix(of: link, object, &findings)
            checkSelectors(of: link, object, &findings)
            checkLinkCredentials(of: link, object, &findings)
        }
        checkLiveLinks(&findings)
        checkPrefixes(&findings)
    }

    private func checkEnds(of link: ClusterLinkSpec, _ object: RawObject, _ findings: inout Findings) {
        if link.source == link.destination {
            findings.error(
                "link-to-itself", "a link needs two clusters", at: object.place(of: "spec.destination"))
            return
        }
        if let destination = workspace.clusters[link.destination], !destination.type.canHoldLinks {
            findings.error(
                "cannot-hold-link",
                "`\(destination.name)` is \(destination.type.rawValue), which cannot be the destination of a link",
                at: object.place(of: "spec.destination"),
                help: "Enterprise, Dedicated and ConfluentPlatform clusters can")
        }
        guard let source = workspace.clusters[link.source] else { return }
        if source.type == .freight {
            findings.error(
                "cannot-hold-link", "`\(source.name)` is Freight, which cannot be an end of a link",
                at: object.place(of: "spec.source"))
        } else if link.settings.initiator == link.source && !source.type.canHoldLinks {
            findings.error(
                "cannot-hold-link",
                "`\(source.name)` is \(source.type.rawValue), which cannot open the connection of a link",
                at: object.place(of: "spec.initiator"), help: "remove `initiator`: then the destination opens it")
        }
    }

    private func checkPrefix(of link: ClusterLinkSpec, _ object: RawObject, _ findings: inout Findings) {
        guard link.prefix != nil else { return }
        let place = object.place(of: "spec.prefix")
        if link.settings.mode == .bidirectional {
            findings.error(
                "prefix-not-possible", "a Bidirectional link cannot have a prefix: reversing would change the names",
                at: place, help: "remove `prefix`, or use Unidirectional")
        }
        if link.settings.aclSync?.enabled == true {
            findings.error(
                "prefix-not-possible", "ACL sync does not work with a prefix", at: place,
                help: "remove `prefix` or `aclSync`")
        }
    }

    private func checkSelectors(of link: ClusterLinkSpec, _ object: RawObject, _ findings: inout Findings) {
        if let selector = link.mirrorTopics {
            SelectorRules(selector: selector, object: object, path: "spec.mirrorTopics").check(&findings)
        }
        guard let selector = link.reverseMirrorTopics else { return }
        SelectorRules(selector: selector, object: object, path: "spec.reverseMirrorTopics").check(&findings)
        if link.settings.mode != .bidirectional {
            findings.error(
                "field-not-applicable", "`reverseMirrorTopics` needs a Bidirectional link",
                at: object.place(of: "spec.reverseMirrorTopics"), help: "set `mode: Bidirectional`, or remove it")
        }
    }

    private func checkLinkCredentials(of link: ClusterLinkSpec, _ object: RawObject, _ findings: inout Findings) {
        let dialsBack = link.settings.mode == .bidirectional || link.settings.initiator == link.source
        for (name, field, isNeeded) in [(link.source, "source", true), (link.destination, "destination", dialsBack)] {
            guard isNeeded, let cluster = workspace.clusters[name], cluster.linkCredentials == nil else { continue }
            findings.error(
                "link-credentials-missing", "Cluster `\(name)` has no `linkCredentials` for this link to read it with",
                at: object.place(of: "spec.\(field)"),
                notes: place(.cluster, name, "metadata.name").map { [("the Cluster is here", $0)] } ?? [],
                help: "give it `linkCredentials`; `credentials` are never used for links")
        }
        if let destination = workspace.clusters[link.destination], destination.credentials == nil {
            findings.warn(
                "not-managed", "Cluster `\(link.destination)` has no `credentials`, so this link is not managed",
                at: object.place(of: "spec.destination"), help: "give the Cluster `credentials`")
        }
    }

    /// Two manifests must not mean one link: it is known by its ends, mode and prefix, unless all say its name.
    private func checkLiveLinks(_ findings: inout Findings) {
        var owners: [String: ClusterLinkSpec] = [:]
        for link in workspace.clusterLinks.values.sorted(by: { $0.name < $1.name }) {
            let isBidirectional = link.settings.mode == .bidirectional
            let ends = isBidirectional ? [link.source, link.destination].sorted() : [link.source, link.destination]
            let identity = ends.joined(separator: "\n") + "\n\(isBidirectional)\n\(link.prefix ?? "")"
            guard let first = owners.updateValue(link, forKey: identity) else { continue }
            if let name = link.settings.linkName, let other = first.settings.linkName, name != other { continue }
            findings.error(
                "same-live-object",
                "ClusterLinks `\(first.name)` and `\(link.name)` mean the same link: same ends, mode and prefix",
                at: place(.clusterLink, link.name, "metadata.name"),
                notes: place(.clusterLink, first.name, "metadata.name").map { [("the other is here", $0)] } ?? [],
                help: "put the topics of both into one, or give each its own `linkName`")
        }
    }

    /// A prefix belongs to one link of its destination (Confluent refuses the second: "this prefix already exists").
    private func checkPrefixes(_ findings: inout Findings) {
        var owners: [[String]: ClusterLinkSpec] = [:]
        for link in workspace.clusterLinks.values.sorted(by: { $0.name < $1.name }) {
            guard let prefix = link.prefix, !prefix.isEmpty else { continue }
            guard let first = owners[[link.destination, prefix]] else {
                owners[[link.destination, prefix]] = link
                continue
            }
            guard first.source != link.source else { continue }
            findings.error(
                "prefix-taken",
                "ClusterLinks `\(first.name)` and `\(link.name)` both have prefix `\(prefix)` on `\(link.destination)`",
                at: place(.clusterLink, link.name, "spec.prefix"),
                notes: place(.clusterLink, first.name, "spec.prefix").map { [("the other is here", $0)] } ?? [],
                help: "give one of them another prefix: a cluster takes each for one link only")
        }
    }
}
