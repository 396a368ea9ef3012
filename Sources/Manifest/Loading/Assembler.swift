import Diagnostics
import Domain

/// Checks objects against their tables and decodes those that fit.
struct Assembler {
    private(set) var workspace: Workspace
    private(set) var references: [Reference] = []

    init(_ spec: WorkspaceSpec) {
        self.workspace = Workspace(spec: spec)
    }

    mutating func add(_ object: RawObject, _ findings: inout Findings) {
        let before = findings.errorCount
        var checker = ShapeChecker(kind: object.kind.rawValue)
        checker.check(object.node, is: Shape.document(object.kind), anchor: object.anchor, &findings)
        references += checker.references
        guard findings.errorCount == before else { return }
        decode(object)
    }

    private mutating func decode(_ object: RawObject) {
        let node = object.node
        guard let name = object.name else { return }
        switch object.kind {
        case .workspace: break
        case .connection: workspace.connections[name] = ConnectionSpec(decoding: node)
        case .environment: workspace.environments[name] = EnvironmentSpec(decoding: node)
        case .cluster: workspace.clusters[name] = ClusterSpec(decoding: node)
        case .topic: workspace.topics[name] = TopicSpec(decoding: node)
        case .clusterLink: workspace.clusterLinks[name] = ClusterLinkSpec(decoding: node)
        case .schemaLink: workspace.schemaLinks[name] = SchemaLinkSpec(decoding: node)
        case .failoverGroup: workspace.failoverGroups[name] = FailoverGroupSpec(decoding: node)
        case .clientBinding: workspace.clientBindings[name] = ClientBindingSpec(decoding: node)
        }
    }
}
