import SimulatorCore

extension KafkaEstate {
    /// A link as a request describes it, checked against itself.
    private struct Draft {
        package var name: String
        var role: Link.RemoteRole
        var remoteID: String
        var configs: [String: String]
        var suppliedID: String?

        var mode: String { configs["link.mode"] ?? "DESTINATION" }
        var dialsOut: Bool { configs["connection.mode"] != "INBOUND" }
        /// Whether the half on the other cluster has to exist before this one.
        var needsPartner: Bool {
            mode == "SOURCE" || mode == "BIDIRECTIONAL" && configs["remote.link.connection.mode"] == "INBOUND"
        }
    }

    func createLink(_ call: KafkaCall, in stage: inout Stage) throws(KafkaRefusal) -> Response {
        let cluster = call.cluster
        guard cluster.kind.holdsLinks else { throw .rejected("Cluster linking is disabled in this cluster.") }
        let draft = try draft(of: call)
        if let existing = cluster.links[draft.name] {
            let state = existing.deletionRequested == nil ? "already exists" : "already exists: it is being deleted"
            throw KafkaRefusal(409, 40902, "Cluster link '\(draft.name)' \(state).")
        }
        try checkTogether(draft.configs)
        try checkPrefix(draft, on: cluster)
        let partner = try partner(for: draft, on: cluster, at: stage.now)
        let link = Link(
            name: draft.name, id: partner?.id ?? stage.random.identifier(), cluster: cluster, role: draft.role,
            remoteID: draft.remoteID, configs: draft.configs, created: stage.now)
        if let supplied = draft.suppliedID, let partner, supplied != partner.id.base64URL {
            throw .rejected("Cluster link id '\(supplied)' does not match the link on the remote cluster.")
        }
        if call.request.query("validate_link") != "false" { try validate(link, in: stage) }
        if call.request.flag("validate_only") { return .json([:], status: 200) }
        insert(link, in: &stage)
        return .json([:], status: 201)
    }

    private func draft(of call: KafkaCall) throws(KafkaRefusal) -> Draft {
        guard let name = call.request.query("link_name"), Names.areValid(name) else {
            throw .rejected("The cluster link name is missing or invalid.")
        }
        let body = try call.body()
        let roles = [Link.RemoteRole.source, .destination, .remote].filter { body[$0.rawValue]?.string != nil }
        guard roles.count == 1, let role = roles.first, let remoteID = body[role.rawValue]?.string else {
            throw .rejected(
                "Exactly one of source_cluster_id, destination_cluster_id and remote_cluster_id is required.")
        }
        guard remoteID != call.cluster.id else { throw .rejected("A cluster cannot be linked to itself.") }
        let draft = Draft(
            name: name, role: role, remoteID: remoteID, configs: try configs(in: body),
            suppliedID: body["cluster_link_id"]?.string)
        for (config, value) in draft.configs {
            if let fault = LinkConfigTable.fault(config, value) { throw .rejected(fault) }
            if call.cluster.kind.isCloud, LinkConfigTable.known[config]?.isReadOnly == true {
                throw .rejected("Cluster link config '\(config)' is not allowed to be set: policy violation.")
            }
        }
        try checkModes(draft)
        return draft
    }

    private func checkModes(_ draft: Draft) throws(KafkaRefusal) {
        let expected: [Link.RemoteRole: String] = [
            .source: "DESTINATION", .destination: "SOURCE", .remote: "BIDIRECTIONAL",
        ]
        guard expected[draft.role] == draft.mode else {
            throw .rejected("\(draft.role.rawValue) does not go with link.mode \(draft.mode).")
        }
        if draft.mode == "SOURCE", !draft.dialsOut {
            throw .rejected("connection.mode INBOUND does not go with link.mode SOURCE.")
        }
        if draft.mode == "BIDIRECTIONAL", !draft.dialsOut, draft.suppliedID != nil {
            throw .rejected(
                "Unexpected cluster link id. Should not be provided for bi-directional inbound cluster links.")
        }
        if draft.dialsOut, draft.configs["bootstrap.servers"] == nil {
            throw .rejected("Missing required configuration \"bootstrap.servers\" which has no default value.")
        }
    }

    /// Rules about configs that concern each other.
    func checkTogether(_ configs: [String: String]) throws(KafkaRefusal) {
        let prefix = configs["cluster.link.prefix"] ?? ""
        if configs["acl.sync.enable"] == "true", !prefix.isEmpty {
            throw .rejected("ACL sync cannot be enabled on a cluster link with a prefix.")
        }
        if configs["consumer.group.prefix.enable"] == "true" {
            guard !prefix.isEmpty, configs["link.mode"] != "BIDIRECTIONAL" else {
                throw .rejected("consumer.group.prefix.enable needs cluster.link.prefix and no bidirectional link.")
            }
        }
        let start = configs["mirror.start.offset.spec"] ?? "earliest"
        guard ["earliest", "latest"].contains(start) else {
            throw KafkaRefusal(501, 501, "The simulator has no model of mirror.start.offset.spec '\(start)'.")
        }
    }

    private func checkPrefix(_ draft: Draft, on cluster: Cluster) throws(KafkaRefusal) {
        guard let prefix = draft.configs["cluster.link.prefix"] else { return }
        guard !cluster.links.values.contains(where: { $0.prefix == prefix }) else {
            throw .rejected("Cluster link prefix '\(prefix)': this prefix already exists on another link.")
        }
    }

    /// The half on the other cluster, where the new one has to find it.
    private func partner(for draft: Draft, on cluster: Cluster, at now: Milliseconds) throws(KafkaRefusal) -> Link? {
        let found = clusters[draft.remoteID]?.links[draft.name].flatMap { $0.remoteID == cluster.id ? $0 : nil }
        guard draft.needsPartner else { return found }
        guard let found, found.created + timing.linkResolution <= now else {
            throw KafkaRefusal(
                400, 40002, "Remote cluster \(draft.remoteID) does not have a link named '\(draft.name)'.")
        }
        return found
    }

    /// What `validate_link` checks: the other cluster answers, is the expected one, and takes the credentials.
    private func validate(_ link: Link, in stage: Stage) throws(KafkaRefusal) {
        guard link.dialsOut else { return }
        if let error = dial(link, in: stage).error {
            throw .rejected("Unable to validate cluster link '\(link.name)': \(error.message)")
        }
        guard link.mode == "SOURCE" || link.config("remote.link.connection.mode") == "INBOUND" else { return }
        let local = Jaas.credentials(in: link.config("local.sasl.jaas.config"))
        if link.cluster.kind.isCloud, keys.caller(of: local, on: link.cluster.id, at: stage.now) == nil {
            throw .rejected("Unable to validate cluster link '\(link.name)': the local credentials are not valid.")
        }
    }

    package func insert(_ link: Link, in stage: inout Stage) {
        link.cluster.insert(link)
        if link.receives { clusters[link.remoteID]?.readers.append(link) }
        refresh(link, in: &stage)
        if let partner = partner(of: link) { refresh(partner, in: &stage) }
    }

    func deleteLink(_ call: KafkaCall, _ link: Link, in stage: inout Stage) throws(KafkaRefusal) -> Response {
        if link.hasLiveMirrors, !call.request.flag("force"), !stage.lies.contains(.linkDeletedWithMirrors) {
            let message = "Cluster link '\(link.name)' cannot be deleted while it has active mirror topics."
            throw call.cluster.kind.isCloud ? .rejected(message) : KafkaRefusal(403, 40301, message)
        }
        guard !call.request.flag("validate_only"), link.deletionRequested == nil else { return .empty() }
        link.deletionRequested = stage.now
        agenda.add(.deleteLink(link), at: stage.now + timing.linkDeletion)
        return .empty()
    }

    /// Removes a link with its rows: what it mirrored is ordinary and writable from now on.
    package func remove(_ link: Link, in stage: inout Stage) {
        guard link.cluster.links[link.name] === link else { return }
        for mirror in link.sortedMirrors {
            mirror.source?.followers.removeAll { $0 === mirror }
            abandonReversal(of: mirror, in: &stage)
            if mirror.topic.liveMirror === mirror { mirror.topic.liveMirror = nil }
            recordRow(link.cluster.id, mirror.topic.name, link.name, nil, in: &stage)
        }
        let partner = partner(of: link)
        link.cluster.removeLink(link.name)
        link.removeMirrors()
        clusters[link.remoteID]?.readers.removeAll { $0 === link }
        if let partner { refresh(partner, in: &stage) }
    }
}
