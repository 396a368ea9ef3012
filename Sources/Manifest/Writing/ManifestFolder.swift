package import Domain

/// A workspace as files that people go on with: one by concern, topics by where they live.
package struct ManifestFolder {
    package struct File: Hashable, Sendable {
        /// Path below the folder.
        package let path: String
        package let text: String
    }

    /// The files, the workspace file first.
    package private(set) var files: [File] = []

    package init(_ workspace: Workspace) {
        var head = NodeBuilder()
        head.set("apiVersion", "spillway/v1")
        head.set("kind", ManifestKind.workspace.rawValue)
        head.set("metadata") { $0.set("name", workspace.name) }
        head.set("spec") { $0.set("manifests", ["manifests/"]) }
        files.append(File(path: "spillway.yaml", text: YAMLPrinter.print(head.node, width: ManifestList.width)))
        add(
            "sites",
            [
                Self.list(workspace.connections, \.manifest), Self.list(workspace.environments, \.manifest),
                Self.list(workspace.clusters, \.manifest),
            ])
        add("groups", workspace.failoverGroups.sorted { $0.key < $1.key }.map { ManifestList([$0.value.manifest]) })
        add("links", workspace.clusterLinks.sorted { $0.key < $1.key }.map { ManifestList([$0.value.manifest]) })
        add("schema-links", workspace.schemaLinks.sorted { $0.key < $1.key }.map { ManifestList([$0.value.manifest]) })
        let homes = Dictionary(grouping: workspace.topics.values, by: \.home.fileName)
        for (name, topics) in homes.sorted(by: { $0.key < $1.key }) {
            add("topics-\(name)", [ManifestList(topics.sorted { $0.name < $1.name }.map(\.manifest))])
        }
    }

    private static func list<Spec>(_ specs: [String: Spec], _ manifest: (Spec) -> Node) -> ManifestList {
        ManifestList(specs.sorted { $0.key < $1.key }.map { manifest($0.value) })
    }

    private mutating func add(_ name: String, _ lists: [ManifestList]) {
        let documents = lists.compactMap(\.yaml)
        guard !documents.isEmpty else { return }
        files.append(File(path: "manifests/\(name).yaml", text: documents.joined(separator: "---\n")))
    }
}

extension TopicSpec.Home {
    fileprivate var fileName: String {
        switch self {
        case .cluster(let name): "cluster-\(name)"
        case .failoverGroup(let name): "group-\(name)"
        }
    }
}
