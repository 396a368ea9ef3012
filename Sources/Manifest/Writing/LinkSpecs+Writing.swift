import Domain

extension ClusterLinkSpec {
    var manifest: Node {
        .manifest(.clusterLink, metadata) { spec in
            spec.set("source", source)
            spec.set("destination", destination)
            settings.write(to: &spec, inGroup: false)
            spec.set("prefix", prefix)
            spec.set("mirrorTopics", mirrorTopics?.node)
            spec.set("reverseMirrorTopics", reverseMirrorTopics?.node)
        }
    }
}

extension SchemaLinkSpec {
    var manifest: Node {
        .manifest(.schemaLink, metadata) { spec in
            spec.set("source", source)
            spec.set("destination", destination)
            settings.write(to: &spec)
            spec.set("contextType", contextType.rawValue, unless: ExporterContextType.auto.rawValue)
            spec.set("context", context)
            spec.set("destinationMode", destinationMode.rawValue, unless: DestinationMode.import.rawValue)
        }
    }
}

extension FailoverGroupSpec {
    var manifest: Node {
        .manifest(.failoverGroup, metadata) { spec in
            if case .declared(let primary, let members) = placement {
                spec.set("primary", primary)
                spec.set("members", members)
            }
            spec.set("link") { link.write(to: &$0, inGroup: true) }
            spec.set("schemas") { schemas?.write(to: &$0) }
        }
    }
}

extension LinkSettings {
    fileprivate func write(to fields: inout NodeBuilder, inGroup: Bool) {
        fields.set("linkName", linkName)
        fields.set("names", scalars: names)
        fields.set("mode", mode.rawValue, unless: LinkMode.unidirectional.rawValue)
        fields.set("initiator", initiator)
        if let sync = consumerOffsetSync {
            var inner = NodeBuilder()
            sync.write(to: &inner)
            // In a group it is on by itself; a link says so.
            if let node = inner.nodeIfAny ?? (inGroup ? nil : NodeBuilder().node) {
                fields.set("consumerOffsetSync", node)
            }
        }
        fields.set("aclSync") { aclSync?.write(to: &$0) }
        fields.set("configs", scalars: configs)
    }
}

extension OffsetSyncSpec {
    fileprivate func write(to fields: inout NodeBuilder) {
        fields.set("enabled", enabled, unless: true)
        fields.set("interval", interval, unless: .seconds(30))
        fields.set("groups") { groups in
            groups.set("include", includeGroups, unless: ["*"])
            groups.set("exclude", excludeGroups)
        }
    }
}

extension ACLSyncSpec {
    fileprivate func write(to fields: inout NodeBuilder) {
        fields.set("enabled", enabled, unless: false)
        fields.set("interval", interval, unless: .seconds(5))
        let entries = filters.map { filter -> Node in
            var entry = NodeBuilder()
            entry.set("resourceType", filter.resourceType, unless: "ANY")
            entry.set("resourceName", filter.resourceName)
            entry.set("patternType", filter.patternType, unless: "ANY")
            entry.set("principal", filter.principal)
            entry.set("operation", filter.operation, unless: "ANY")
            return entry.node
        }
        fields.set("filters", Node(.sequence(entries)))
    }
}

extension SchemaSettings {
    fileprivate func write(to fields: inout NodeBuilder) {
        fields.set("exporterName", exporterName)
        fields.set("subjects", subjects, unless: [])
        fields.set("subjectRenameFormat", subjectRenameFormat, unless: "${subject}")
        fields.set("kekRenameFormat", kekRenameFormat, unless: "${kek}")
        fields.set("paused", paused, unless: false)
    }
}

extension TopicSelector {
    fileprivate var node: Node {
        var fields = NodeBuilder()
        fields.set("include", include)
        fields.set("exclude", exclude)
        fields.set("allowInternal", allowInternal)
        fields.set("autoCreate", autoCreate, unless: false)
        return fields.node
    }
}
