import Diagnostics
import Domain

/// What the rules look at: typed manifests, and the nodes they came from for places.
struct RuleContext {
    let workspace: Workspace
    let objects: [ObjectKey: RawObject]
    let references: [Reference]
    let families: [GroupFamily]

    init(workspace: Workspace, objects: [ObjectKey: RawObject], references: [Reference]) {
        self.workspace = workspace
        self.objects = objects
        self.references = references
        self.families = GroupFamily.all(in: workspace)
    }

    /// Runs every rule.
    func check(_ findings: inout Findings) {
        checkReferences(&findings)
        checkTimeouts(&findings)
        checkState(&findings)
        checkStateRegion(&findings)
        checkConnections(&findings)
        checkPlainHTTP(&findings)
        checkEnvironments(&findings)
        checkClusters(&findings)
        checkTopics(&findings)
        checkClusterLinks(&findings)
        checkSchemaLinks(&findings)
        checkGroups(&findings)
        checkFamilies(&findings)
        checkTopicOwners(&findings)
        checkBindings(&findings)
        checkPublishTargets(&findings)
        checkHooks(&findings)
        checkWrittenSecrets(&findings)
    }

    func object(_ kind: ManifestKind, _ name: String) -> RawObject? {
        objects[ObjectKey(kind: kind, name: name)]
    }

    /// The place of a field of a manifest, or of its nearest ancestor that is there.
    func place(_ kind: ManifestKind, _ name: String, _ field: String) -> Place? {
        object(kind, name)?.place(of: field)
    }

    func names(of kind: ManifestKind) -> [String] {
        objects.keys.lazy.filter { $0.kind == kind }.map(\.name).sorted()
    }

    func family(of group: String) -> GroupFamily? {
        families.first { family in family.groups.contains { $0.name == group } }
    }

    func environment(ofCluster name: String) -> EnvironmentSpec? {
        workspace.clusters[name]?.environment.flatMap { workspace.environments[$0] }
    }
}

/// Names in a sentence: `a`, `b` and `c`.
func listed(_ names: some Sequence<String>, _ conjunction: String = "and") -> String {
    let quoted = names.map { "`\($0)`" }
    guard quoted.count > 1, let last = quoted.last else { return quoted.first ?? "nothing" }
    return quoted.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}
