import Diagnostics
import Domain

extension RuleContext {
    /// Rules about groups that move together, and about families that would pull at one registry.
    func checkFamilies(_ findings: inout Findings) {
        for family in families {
            checkManagement(of: family, &findings)
            checkLinkCredentials(of: family, &findings)
            checkRegistries(of: family, &findings)
            checkSchemasOnce(in: family, &findings)
        }
        for (index, family) in families.enumerated() {
            for other in families[(index + 1)...] {
                checkSharedScope(family, other, &findings)
                checkSharedLinks(family, other, &findings)
            }
        }
    }

    private func environments(of family: GroupFamily) -> [EnvironmentSpec] {
        var seen: Set<String> = []
        return family.members.compactMap { environment(ofCluster: $0) }.filter { seen.insert($0.name).inserted }
    }

    private func checkManagement(of family: GroupFamily, _ findings: inout Findings) {
        for member in family.members {
            guard let cluster = workspace.clusters[member], cluster.credentials == nil, cluster.type != .apacheKafka
            else { continue }
            findings.warn(
                "not-managed",
                "Cluster `\(member)` has no `credentials`, so topics and links of group `\(family.name)` "
                    + "are not managed there",
                at: memberPlace(member, of: family), help: "give the Cluster `credentials`")
        }
    }

    /// Every member may become a source; a link that exists already and is only adopted brings its own credentials.
    private func checkLinkCredentials(of family: GroupFamily, _ findings: inout Findings) {
        let settings = family.linkSettings
        let retires = family.leader.reprotect == .retire
        for member in family.members {
            guard let cluster = workspace.clusters[member], cluster.linkCredentials == nil else { continue }
            let others = family.members.filter { $0 != member }
            // A migration ends with a primary that nobody reads over a link: the member it left is retired.
            let hasMigrated =
                retires && others.count == 1
                && others.allSatisfy { other in
                    workspace.clusters[other]?.linkCredentials != nil
                }
            let isSource = (member == family.primary && !hasMigrated) || settings.mode == .bidirectional
            guard isSource || !retires else { continue }
            let isAdopted = others.allSatisfy { other in
                let ends = settings.mode == .bidirectional ? [member, other].sorted() : [member, other]
                return settings.names[ends.joined(separator: "-")] != nil
            }
            let message =
                isSource
                ? "Cluster `\(member)` has no `linkCredentials`, and the links of group `\(family.name)` read it"
                : "Cluster `\(member)` has no `linkCredentials`, which links need once it is the primary of group "
                    + "`\(family.name)`"
            findings.add(
                isSource && !isAdopted ? .error : .warning, "link-credentials-missing", message,
                at: memberPlace(member, of: family),
                notes: place(.cluster, member, "metadata.name").map { [("the Cluster is here", $0)] } ?? [],
                help: "give it `linkCredentials`; `credentials` are never used for links")
        }
    }

    private func memberPlace(_ member: String, of family: GroupFamily) -> Place? {
        let index = family.members.firstIndex(of: member) ?? 0
        return place(.failoverGroup, family.name, "spec.members[\(index)]")
    }

    private func checkRegistries(of family: GroupFamily, _ findings: inout Findings) {
        let environments = environments(of: family)
        guard environments.count > 1 else { return }
        guard let group = family.groups.first(where: { $0.schemas != nil }) else {
            findings.warn(
                "schemas-not-moved",
                "group `\(family.name)` moves between the registries of "
                    + "\(listed(environments.map(\.name))), but declares "
                    + "no `schemas`: schemas are not moved", at: place(.failoverGroup, family.name, "metadata.name"),
                help: "add `schemas: {subjects: [\"*\"]}`, or keep the registries equal by other means")
            return
        }
        for environment in environments {
            let registry = environment.schemaRegistry
            for (field, isMissing, use) in [
                ("credentials", registry.credentials == nil, "to set its mode and exporter"),
                ("linkCredentials", registry.linkCredentials == nil, "for the other side's exporter to write with"),
            ] where isMissing {
                findings.error(
                    "link-credentials-missing",
                    "the registry of Environment `\(environment.name)` has no `\(field)` \(use)",
                    at: place(.failoverGroup, group.name, "spec.schemas"),
                    notes: place(.environment, environment.name, "metadata.name").map { [("it is declared here", $0)] }
                        ?? [], help: "give it `schemaRegistry.\(field)`")
            }
        }
    }

    private func checkSchemasOnce(in family: GroupFamily, _ findings: inout Findings) {
        let declaring = family.groups.filter { $0.schemas != nil }
        guard let first = declaring.first else { return }
        for group in declaring.dropFirst() {
            findings.error(
                "schemas-declared-twice",
                "group `\(group.name)` declares `schemas`, and so does `\(first.name)`, for the same pair "
                    + "of registries",
                at: place(.failoverGroup, group.name, "spec.schemas"),
                notes: place(.failoverGroup, first.name, "spec.schemas").map { [("the other is here", $0)] } ?? [],
                help: "put the subjects of both into `\(first.name)`")
        }
    }

    /// Registry scope is (environment, context): groups that share one move as one, so they follow one another.
    private func checkSharedScope(_ left: GroupFamily, _ right: GroupFamily, _ findings: inout Findings) {
        let shared = Set(environments(of: left).map(\.name)).intersection(environments(of: right).map(\.name))
        guard let environment = shared.min() else { return }
        let leftGroup = left.groups.first { $0.schemas != nil }
        let rightGroup = right.groups.first { $0.schemas != nil }
        switch (leftGroup, rightGroup) {
        case (let first?, let second?):
            guard contextsOverlap(first.schemas, second.schemas) else { return }
            findings.error(
                "registry-scope-shared",
                "groups `\(first.name)` and `\(second.name)` move the same schemas of the registry of "
                    + "`\(environment)`, "
                    + "but not together", at: place(.failoverGroup, second.name, "spec.schemas"),
                notes: place(.failoverGroup, first.name, "spec.schemas").map { [("the other is here", $0)] } ?? [],
                help:
                    "let one follow the other (`follows: \(left.name)`), or give one its own context "
                    + "(`:.\(right.name):*`)"
            )
        case (let mover?, nil), (nil, let mover?):
            let other = leftGroup == nil ? left : right
            findings.warn(
                "registry-scope-shared",
                "group `\(other.name)` uses the registry of `\(environment)`, whose mode moves with group "
                    + "`\(mover.name)`",
                at: place(.failoverGroup, other.name, "metadata.name"),
                help: "let it follow `\(mover.name)`, or its producers may meet a read-only registry")
        case (nil, nil): break
        }
    }

    private func contextsOverlap(_ left: SchemaSettings?, _ right: SchemaSettings?) -> Bool {
        guard let left, let right else { return false }
        guard let leftContexts = RegistryContext.reached(bySubjects: left.subjects),
            let rightContexts = RegistryContext.reached(bySubjects: right.subjects)
        else { return true }
        return !Set(leftContexts).isDisjoint(with: rightContexts)
    }

    /// A link belongs to one family.
    private func checkSharedLinks(_ left: GroupFamily, _ right: GroupFamily, _ findings: inout Findings) {
        let leftNames = left.linkSettings.names
        for (pair, name) in right.linkSettings.names where leftNames[pair] == name {
            findings.error(
                "link-shared", "groups `\(left.name)` and `\(right.name)` would both manage the link `\(name)`",
                at: place(.failoverGroup, right.name, "spec.link.names"),
                notes: place(.failoverGroup, left.name, "spec.link.names").map { [("the other is here", $0)] } ?? [],
                help: "let one follow the other (`follows: \(left.name)`), or name another link")
        }
    }
}
