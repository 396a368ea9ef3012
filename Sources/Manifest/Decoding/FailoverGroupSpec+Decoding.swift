import Domain

extension FailoverGroupSpec: ManifestDecodable {
    init?(decoding document: Node) {
        let spec = Fields(document["spec"])
        guard let metadata = Metadata(decoding: document), let placement = Placement(decoding: spec) else { return nil }
        self.init(metadata: metadata, placement: placement)
        failover = FailoverConsent(decoding: spec["failover"])
        discard = spec.texts("discard") ?? discard
        reprotect = spec.word("reprotect") ?? reprotect
        topics = TopicSelector(decoding: spec["topics"])
        link = LinkSettings(decoding: spec["link"], over: link)
        schemas = SchemaSettings(decoding: spec["schemas"])
        fence = Fence(decoding: spec["fence"])
        objectives = Objectives(decoding: spec["objectives"])
        canary = spec.text("canary")
    }
}

extension FailoverGroupSpec.Placement {
    fileprivate init?(decoding spec: Fields) {
        if let leader = spec.text("follows") {
            self = .follows(leader)
        } else if let primary = spec.text("primary"), let members = spec.texts("members") {
            self = .declared(primary: primary, members: members)
        } else {
            return nil
        }
    }
}

extension FailoverGroupSpec.FailoverConsent {
    fileprivate init?(decoding fields: Fields) {
        guard let from = fields.text("from"), let incident = fields.text("incident") else { return nil }
        let overrides = fields.texts("overrides") ?? []
        self.init(from: from, incident: incident, overrides: overrides.compactMap(GateOverride.init(rawValue:)))
    }
}

extension FailoverGroupSpec.Fence {
    fileprivate init?(decoding fields: Fields) {
        guard fields.isPresent else { return nil }
        self.init()
        denyWrites = fields.texts("denyWrites") ?? denyWrites
        quiet = fields.duration("quiet") ?? quiet
        registry = fields.boolean("registry") ?? registry
    }
}

extension FailoverGroupSpec.Objectives {
    fileprivate init(decoding fields: Fields) {
        self.init()
        recordsLost = fields["rpo"].integer("records")
        age = fields["rpo"].duration("age")
        recoveryTime = fields.duration("rto")
    }
}
