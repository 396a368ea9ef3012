import Domain

extension WorkspaceSpec: ManifestDecodable {
    init?(decoding document: Node) {
        guard let metadata = Metadata(decoding: document) else { return nil }
        self.init(metadata: metadata)
        let spec = Fields(document["spec"])
        requiredVersion = spec.text("requiredVersion")
        bases = spec.texts("bases") ?? bases
        manifests = spec.texts("manifests") ?? manifests
        patches = spec.texts("patches") ?? patches
        let stateFields = spec["state"]
        state = StateLocation(decoding: stateFields, workspace: metadata.name) ?? state
        snapshot = stateFields.text("snapshot")
        fingerprintKey = stateFields.secret("fingerprintKey")
        planKey = spec.secret("planKey")
        policy = Policy(decoding: spec["policy"])
        timeouts = Timeouts(decoding: spec["timeouts"])
        requestsPerEndpoint = spec["concurrency"].integer("perEndpoint") ?? requestsPerEndpoint
    }
}

extension WorkspaceSpec.StateLocation {
    fileprivate init?(decoding fields: Fields, workspace: String) {
        if let path = fields["sqlite"].text("path") {
            self = .sqlite(path: path)
        } else if let connection = fields["etcd"].text("connection") {
            self = .etcd(connection: connection, prefix: fields["etcd"].text("prefix") ?? "/spillway/\(workspace)")
        } else if let state = S3State(decoding: fields["s3"], workspace: workspace) {
            self = .s3(state)
        } else if let connection = fields["kubernetes"].text("connection"),
            let namespace = fields["kubernetes"].text("namespace")
        {
            self = .kubernetes(
                connection: connection, namespace: namespace,
                prefix: fields["kubernetes"].text("prefix") ?? "spillway-\(workspace)")
        } else {
            return nil
        }
    }
}

extension S3State {
    fileprivate init?(decoding fields: Fields, workspace: String) {
        guard let connection = fields.text("connection"), let bucket = fields.text("bucket") else { return nil }
        self.init(connection: connection, bucket: bucket, key: fields.text("key") ?? "spillway/\(workspace)")
        region = fields.text("region")
        pathStyle = fields.boolean("pathStyle")
        encryption = fields.word("encryption") ?? encryption
        kmsKeyID = fields.text("kmsKeyId")
    }
}

extension WorkspaceSpec.Policy {
    fileprivate init(decoding fields: Fields) {
        self.init()
        maxDeletions = fields.integer("maxDeletions") ?? maxDeletions
        minReplicationFactor = fields.integer("minReplicationFactor")
        minInSyncReplicas = fields.integer("minInSyncReplicas")
        wave = fields.integer("wave") ?? wave
        quietPeriod = fields.duration("quietPeriod") ?? quietPeriod
        allowCommands = fields.boolean("allowCommands") ?? allowCommands
    }
}

extension WorkspaceSpec.Timeouts {
    fileprivate init(decoding fields: Fields) {
        self.init()
        connect = fields.duration("connect") ?? connect
        request = fields.duration("request") ?? request
        unreachableAfter = fields.duration("unreachableAfter") ?? unreachableAfter
        drain = fields.duration("drain") ?? drain
        transition = fields.duration("transition") ?? transition
        reprotect = fields.duration("reprotect") ?? reprotect
        provision = fields.duration("provision") ?? provision
        restart = fields.duration("restart") ?? restart
    }
}
