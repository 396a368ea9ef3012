import SimulatorCore

extension KafkaEstate {
    /// Everything below `links`.
    func links(_ call: KafkaCall, _ path: [String], in stage: inout Stage) throws(KafkaRefusal) -> Response {
        let method = call.request.method
        switch (path.count, method) {
        case (0, "GET"): return listLinks(call)
        case (0, "POST"): return try createLink(call, in: &stage)
        case (1, "GET"):
            let link = try call.link(path[0])
            return .json(linkData(link, withTasks: call.request.flag("include_tasks"), in: stage))
        case (1, "DELETE"): return try deleteLink(call, try call.link(path[0]), in: &stage)
        case (2, "GET") where path[0] == "-" && path[1] == "mirrors":
            return try listMirrors(call, of: call.cluster.sortedLinks, at: "links/-/mirrors")
        case (0, _), (1, _): throw .wrongVerb
        default: return try belowLink(call, try call.link(path[0]), Array(path.dropFirst()), in: &stage)
        }
    }

    private func belowLink(
        _ call: KafkaCall, _ link: Link, _ path: [String], in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        switch (path[0], path.count, call.request.method) {
        case ("configs", 1, "GET"):
            return list("KafkaLinkConfigDataList", at: "\(url(of: link))/configs", configData(of: link))
        case ("configs", 2, "GET"):
            guard let known = LinkConfigTable.known[path[1]] else {
                throw .notFound("Cluster link config '\(path[1])' cannot be found.")
            }
            return .json(configData(known, of: link))
        case ("configs", 2, "PUT"):
            guard let value = try call.body()["value"]?.string else { throw .malformed("value cannot be unspecified.") }
            return try alter([(path[1], value)], of: link, call, in: &stage)
        case ("configs", 2, "DELETE"): return try alter([(path[1], nil)], of: link, call, in: &stage)
        case ("configs:alter", 1, "PUT"): return try alter(try changes(in: call.body()), of: link, call, in: &stage)
        case ("configs", _, _), ("configs:alter", _, _): throw .wrongVerb
        default: return try mirrors(call, link, path, in: &stage)
        }
    }

    package func url(of link: Link) -> String {
        "\(link.cluster.base)/links/\(link.name)"
    }

    // MARK: Reading

    private func listLinks(_ call: KafkaCall) -> Response {
        let held = call.cluster.sortedLinks.map { linkData($0, withTasks: false, in: nil) }
        let foreign = call.cluster.readers.filter { call.cluster.links[$0.name] == nil }
            .sorted { ($0.cluster.id, $0.name) < ($1.cluster.id, $1.name) }
            .map(foreignLinkData)
        return list("KafkaLinkDataList", at: "\(call.cluster.base)/links", held + foreign)
    }

    /// Somebody else's link that reads from this cluster: seen here without a name.
    private func foreignLinkData(_ link: Link) -> JSON {
        [
            "kind": "KafkaLinkData", "metadata": ["self": .string("\(clusters[link.remoteID]?.base ?? "")/links/")],
            "source_cluster_id": nil, "destination_cluster_id": .string(link.cluster.id), "link_name": "",
            "link_id": .string(link.id.dashed), "cluster_link_id": .string(link.id.base64URL), "topic_names": [],
            "link_state": "UNMANAGED_SOURCE",
        ]
    }

    private func linkData(_ link: Link, withTasks: Bool, in stage: Stage?) -> JSON {
        var data: JSON = [
            "kind": "KafkaLinkData", "metadata": ["self": .string(url(of: link))],
            "source_cluster_id": JSON(link.role == .source ? link.remoteID : nil),
            "destination_cluster_id": JSON(link.role == .destination ? link.remoteID : nil),
        ]
        if link.role == .remote { data.append("remote_cluster_id", .string(link.remoteID)) }
        data.append("link_name", .string(link.name))
        data.append("link_id", .string(link.id.dashed))
        data.append("cluster_link_id", .string(link.id.base64URL))
        data.append("topic_names", JSON(link.sortedMirrors.filter(\.isLive).map(\.topic.name)))
        data.append("link_state", .string(link.state.rawValue))
        if let error = link.error {
            data.append("link_error", .string(error.code))
            data.append("link_error_message", .string(error.message))
        }
        if withTasks, let stage {
            data.append("tasks", .array(LinkTask.allCases.map { taskData($0, of: link, in: stage) }))
            data.append("category_counts", categoryCounts(of: link))
        }
        return data
    }

    private func categoryCounts(of link: Link) -> JSON {
        let counts = Dictionary(grouping: link.mirrors.values, by: \.status.category)
        return .array(
            counts.keys.sorted().map { ["state_category": .string($0), "count": JSON(counts[$0]?.count ?? 0)] })
    }

    private func taskData(_ task: LinkTask, of link: Link, in stage: Stage) -> JSON {
        var errors: [JSON] = []
        let state = taskState(task, of: link, in: stage)
        if state == "IN_ERROR", let error = taskError(task, of: link, in: stage) {
            errors = [["error_code": .string(error.code), "error_message": .string(error.message)]]
        }
        return ["task_name": .string(task.rawValue), "state": .string(state), "errors": .array(errors)]
    }

    private func taskState(_ task: LinkTask, of link: Link, in stage: Stage) -> String {
        guard link.receives, task.enableConfig.map(link.isOn) ?? true else { return "NOT_CONFIGURED" }
        switch link.state {
        case .paused: return "LINK_PAUSED"
        case .failed: return "LINK_FAILED"
        case .unavailable: return "LINK_UNAVAILABLE"
        case .active: return taskError(task, of: link, in: stage) == nil ? "ACTIVE" : "IN_ERROR"
        }
    }

    private func taskError(_ task: LinkTask, of link: Link, in stage: Stage) -> (code: String, message: String)? {
        if let error = injectedError(of: task, link, in: stage) { return error }
        if lacksPartner(link, in: stage) {
            return ("REMOTE_LINK_NOT_FOUND_ERROR", "The remote cluster does not have a link named '\(link.name)'.")
        }
        if let since = link.unreachableSince, since + interval(of: task, link) <= stage.now {
            return ("INTERNAL_ERROR", "The remote cluster did not answer in time.")
        }
        return link.taskErrors[task]
    }

    // MARK: Configs

    private func configData(of link: Link) -> [JSON] {
        LinkConfigTable.all.map { configData($0, of: link) }
    }

    private func configData(_ known: LinkConfigTable.Known, of link: Link) -> JSON {
        let value = link.configs[known.name]
        let shown: JSON = known.isSensitive ? .null : JSON(value ?? known.defaultValue)
        return [
            "kind": "KafkaLinkConfigData",
            "metadata": ["self": .string("\(url(of: link))/configs/\(known.name)")],
            "cluster_id": .string(link.cluster.id), "name": .string(known.name), "value": shown,
            "is_read_only": JSON(known.isReadOnly), "is_sensitive": JSON(known.isSensitive),
            "source": .string(value == nil ? "DEFAULT_CONFIG" : "DYNAMIC_CLUSTER_LINK_CONFIG"), "synonyms": [],
            "link_name": .string(link.name), "is_default": JSON(value == nil),
        ]
    }

    private func alter(
        _ changes: [(name: String, value: String?)], of link: Link, _ call: KafkaCall, in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        var altered = link.configs
        for (name, value) in changes {
            guard let known = LinkConfigTable.known[name] else {
                throw .rejected("Unknown cluster link config: \(name)")
            }
            guard !known.isImmutable else {
                throw .rejected("Cluster link config '\(name)' cannot be changed after the link was created.")
            }
            guard !known.isReadOnly || !link.cluster.kind.isCloud else {
                throw .rejected("Cluster link config '\(name)' is not allowed to be changed: policy violation.")
            }
            if let value, let fault = LinkConfigTable.fault(name, value) { throw .rejected(fault) }
            altered[name] = value
        }
        try checkTogether(altered)
        if !call.request.flag("validate_only") { apply(altered, to: link, in: &stage) }
        return .empty()
    }

    /// Takes over altered configs. What is switched off loses its filters.
    private func apply(_ configs: [String: String], to link: Link, in stage: inout Stage) {
        var configs = configs
        for task in LinkTask.allCases {
            guard let enable = task.enableConfig, let filter = task.filterConfig else { continue }
            if link.isOn(enable), configs[enable] != "true" { configs[filter] = nil }
        }
        let included = link.syncedConfigs
        link.configs = configs
        if link.syncedConfigs != included {
            link.waitingForConfigs.formUnion(link.mirrors.keys)
        }
        refresh(link, in: &stage)
    }
}
