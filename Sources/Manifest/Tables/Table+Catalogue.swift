extension Table {
    /// The table of a kind, without the header that every document has.
    static func of(_ kind: ManifestKind) -> Table {
        switch kind {
        case .workspace: workspace
        case .connection: connection
        case .environment: environment
        case .cluster: cluster
        case .topic: topic
        case .clusterLink: clusterLink
        case .schemaLink: schemaLink
        case .failoverGroup: failoverGroup
        case .clientBinding: clientBinding
        }
    }

    static func of(_ structure: StructureName) -> Table {
        switch structure {
        case .secretReference: secretReference
        case .tls: tls
        case .credentials: credentials
        case .offsetSync: offsetSync
        case .aclSync: aclSync
        case .aclFilter: aclFilter
        case .topicSelector: topicSelector
        case .linkSettings: linkSettings
        case .schemaSettings: schemaSettings
        case .bindingCredentials: bindingCredentials
        case .publishTarget: publishTarget
        case .restartHook: restartHook
        }
    }
}
