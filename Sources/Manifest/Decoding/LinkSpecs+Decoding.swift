import Domain

extension TopicSelector {
    init?(decoding fields: Fields) {
        guard fields.isPresent else { return nil }
        self.init(
            include: fields.texts("include") ?? [], exclude: fields.texts("exclude") ?? [],
            allowInternal: fields.texts("allowInternal") ?? [], autoCreate: fields.boolean("autoCreate") ?? false)
    }
}

extension LinkSettings {
    /// Reads the fields over the settings that hold by default.
    init(decoding fields: Fields, over defaults: LinkSettings) {
        self = defaults
        linkName = fields.text("linkName")
        names = fields.map("names") ?? names
        mode = fields.word("mode") ?? mode
        initiator = fields.text("initiator")
        consumerOffsetSync = OffsetSyncSpec(decoding: fields["consumerOffsetSync"]) ?? consumerOffsetSync
        aclSync = ACLSyncSpec(decoding: fields["aclSync"])
        configs = fields.map("configs") ?? configs
    }
}

extension OffsetSyncSpec {
    fileprivate init?(decoding fields: Fields) {
        guard fields.isPresent else { return nil }
        self.init()
        enabled = fields.boolean("enabled") ?? enabled
        interval = fields.duration("interval") ?? interval
        includeGroups = fields["groups"].texts("include") ?? includeGroups
        excludeGroups = fields["groups"].texts("exclude") ?? excludeGroups
    }
}

extension ACLSyncSpec {
    fileprivate init?(decoding fields: Fields) {
        guard let filters = fields.node("filters")?.sequence else { return nil }
        self.init(filters: filters.map { Filter(decoding: Fields($0)) })
        enabled = fields.boolean("enabled") ?? enabled
        interval = fields.duration("interval") ?? interval
    }
}

extension ACLSyncSpec.Filter {
    fileprivate init(decoding fields: Fields) {
        self.init()
        resourceType = fields.text("resourceType") ?? resourceType
        resourceName = fields.text("resourceName")
        patternType = fields.text("patternType") ?? patternType
        principal = fields.text("principal")
        operation = fields.text("operation") ?? operation
    }
}

extension SchemaSettings {
    init?(decoding fields: Fields) {
        guard let subjects = fields.texts("subjects") else { return nil }
        self.init(subjects: subjects)
        exporterName = fields.text("exporterName")
        subjectRenameFormat = fields.text("subjectRenameFormat") ?? subjectRenameFormat
        kekRenameFormat = fields.text("kekRenameFormat") ?? kekRenameFormat
        paused = fields.boolean("paused") ?? paused
    }
}

extension ClusterLinkSpec: ManifestDecodable {
    init?(decoding document: Node) {
        let spec = Fields(document["spec"])
        guard let metadata = Metadata(decoding: document), let source = spec.text("source"),
            let destination = spec.text("destination")
        else { return nil }
        self.init(metadata: metadata, source: source, destination: destination)
        settings = LinkSettings(decoding: spec, over: settings)
        prefix = spec.text("prefix")
        mirrorTopics = TopicSelector(decoding: spec["mirrorTopics"])
        reverseMirrorTopics = TopicSelector(decoding: spec["reverseMirrorTopics"])
        deletionPolicy = spec.word("deletionPolicy") ?? deletionPolicy
    }
}

extension SchemaLinkSpec: ManifestDecodable {
    init?(decoding document: Node) {
        let spec = Fields(document["spec"])
        guard let metadata = Metadata(decoding: document), let source = spec.text("source"),
            let destination = spec.text("destination"), let settings = SchemaSettings(decoding: spec)
        else { return nil }
        self.init(metadata: metadata, source: source, destination: destination, settings: settings)
        contextType = spec.word("contextType") ?? contextType
        context = spec.text("context")
        destinationMode = spec.word("destinationMode") ?? destinationMode
        deletionPolicy = spec.word("deletionPolicy") ?? deletionPolicy
    }
}
