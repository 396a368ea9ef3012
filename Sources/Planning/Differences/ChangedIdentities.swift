import Domain

/// Manifests whose live object would become another one: a topic of another name or on another cluster, a link between
/// other ends, an exporter of another name.
extension LeftBehindPhase {
    /// Refuses manifests that are still there and mean another object than the ledger owns for them: what they meant
    /// would be given up, or destroyed, by a change of a field that cannot change.
    mutating func refuseChangedIdentities(_ left: [ResourceAddress: Recorded.Owned]) {
        let owned = left.filter { $0.value.isConfirmed && !$0.value.isDerived && Facts.hasIdentity($0.key.kind) }
            .filter { !facts.wasLeftByMove($0.key) }
        guard !owned.isEmpty else { return }
        let wanted = facts.meanings
        for (address, row) in owned.sorted(by: { $0.key < $1.key }) {
            guard let manifest = row.declaredBy ?? address.nameOfManifest else { continue }
            let heirs = (wanted[manifest] ?? []).filter { $0.kind == address.kind }.sorted()
            guard let heir = heirs.first,
                !heirs.contains(where: { facts.isOwned($0, by: manifest) || facts.isSame($0, as: address) })
            else { continue }
            refuse(manifest, of: address, becoming: heir)
        }
    }

    private mutating func refuse(_ manifest: String, of address: ResourceAddress, becoming heir: ResourceAddress) {
        let change = IdentityChange(manifest: manifest, from: address, to: heir)
        let name = manifest.drop { $0 != " " }.dropFirst()
        written.refusals.append(
            RefusedWork(
                refusal: Refusal(
                    .immutable, subject: manifest, .identity(.changed(change)),
                    origin: ManifestOrigin(change.kind, String(name), "spec.\(change.field)")),
                addresses: [address, heir], owner: manifest))
    }
}

extension Facts {
    /// What every manifest means now.
    fileprivate var meanings: [String: [ResourceAddress]] {
        var meanings: [String: [ResourceAddress]] = [:]
        for topic in workspace.topics.values {
            meanings["Topic \(topic.name)"] = workspace.writableCluster(of: topic).map {
                [ResourceAddress(.topic, in: $0, topic.topicName)]
            }
        }
        for link in workspace.clusterLinks.values {
            meanings["ClusterLink \(link.name)"] = link.halves.map { half in
                ResourceAddress(.link, in: half.cluster, links.names[half.key] ?? half.name)
            }
        }
        for link in workspace.schemaLinks.values {
            meanings["SchemaLink \(link.name)"] = [ResourceAddress(.exporter, in: link.source, link.exporterName)]
        }
        return meanings
    }

    /// Whether a move took a topic to another member: nobody edited where it is.
    fileprivate func wasLeftByMove(_ address: ResourceAddress) -> Bool {
        guard address.kind == .topic, let place = address.place else { return false }
        return families.contains { family in
            recorded.moves[family.name]?.demoted[place] != nil && declaredNames(family.groups).contains(address.name)
        }
    }

    fileprivate func isOwned(_ address: ResourceAddress, by manifest: String) -> Bool {
        guard let row = recorded.owned[address], row.isConfirmed else { return false }
        return row.declaredBy ?? address.nameOfManifest == manifest
    }

    /// Whether two addresses name one live object: the site goes by another name, or by none that is known.
    fileprivate func isSame(_ heir: ResourceAddress, as address: ResourceAddress) -> Bool {
        guard heir.name == address.name, let before = address.place, let now = heir.place else { return false }
        let isEnvironment = address.kind == .exporter
        let known = isEnvironment ? recorded.sites.environments[before]?.id : recorded.sites.clusters[before]?.id
        let isDeclared = isEnvironment ? workspace.environments[before] != nil : workspace.clusters[before] != nil
        guard !isDeclared else { return false }
        let own =
            isEnvironment
            ? observation.sites.environments[now]?.id ?? workspace.environments[now]?.id : id(ofCluster: now)
        return known == nil || own == nil || known == own
    }

    fileprivate static func hasIdentity(_ kind: ResourceKind) -> Bool {
        [.topic, .link, .exporter].contains(kind)
    }
}

extension ResourceAddress {
    /// The manifest of a row that does not say it: earlier versions wrote none for topics, which mostly carry its name.
    fileprivate var nameOfManifest: String? { kind == .topic ? "Topic \(name)" : nil }
}
