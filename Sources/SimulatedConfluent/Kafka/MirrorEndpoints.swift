import SimulatorCore

extension KafkaEstate {
    /// Everything below `links/{link}/mirrors`, and the actions beside it.
    func mirrors(
        _ call: KafkaCall, _ link: Link, _ path: [String], in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        switch (path[0], path.count, call.request.method) {
        case ("mirrors", 1, "GET"): return try listMirrors(call, of: [link], at: "links/\(link.name)/mirrors")
        case ("mirrors", 1, "POST"): return try createMirror(call, on: link, in: &stage)
        case ("mirrors", 2, "GET"):
            guard let mirror = link.mirrors[path[1]] else {
                throw .notFound("Mirror topic '\(path[1])' is not found on cluster link '\(link.name)'.")
            }
            let withErrors = call.request.flag("include_state_transition_errors")
            return .json(mirrorData(mirror, errors: withErrors ? transitionErrors(of: mirror, in: stage) : nil))
        case ("mirrors", _, _): throw .wrongVerb
        default:
            guard path.count == 1, path[0].hasPrefix("mirrors:") else { throw .noRoute }
            guard call.request.method == "POST" else { throw .wrongVerb }
            return try act(String(path[0].dropFirst("mirrors:".count)), call, on: link, in: &stage)
        }
    }

    func listMirrors(_ call: KafkaCall, of links: [Link], at path: String) throws(KafkaRefusal) -> Response {
        var wanted: MirrorStatus?
        if let text = call.request.query("mirror_status"), !text.isEmpty {
            guard let status = MirrorStatus(rawValue: text.uppercased()) else {
                throw .malformed("Unknown mirror status '\(text)'.")
            }
            wanted = status
        }
        let mirrors = links.flatMap(\.sortedMirrors).filter { wanted == nil || $0.status == wanted }
        return list("KafkaMirrorDataList", at: "\(call.cluster.base)/\(path)", mirrors) {
            mirrorData($0, errors: nil)
        }
    }

    private func mirrorData(_ mirror: Mirror, errors: [(code: String, message: String)]?) -> JSON {
        var data: JSON = [
            "kind": "KafkaMirrorData",
            "metadata": ["self": .string("\(url(of: mirror.link))/mirrors/\(mirror.topic.name)")],
            "link_name": .string(mirror.link.name), "mirror_topic_name": .string(mirror.topic.name),
            "source_topic_name": .string(mirror.sourceName), "num_partitions": JSON(mirror.topic.partitionCount),
            "mirror_lags": lags(of: mirror), "mirror_status": .string(mirror.status.rawValue),
            "state_time_ms": JSON(mirror.stateTime),
        ]
        if let failure = mirror.failure { data.append("mirror_topic_error", .string(failure)) }
        if let errors {
            data.append(
                "mirror_state_transition_errors",
                .array(errors.map { ["error_code": .string($0.code), "error_message": .string($0.message)] }))
        }
        return data
    }

    func lags(of mirror: Mirror) -> JSON {
        .array(
            (0..<mirror.topic.partitionCount).map {
                [
                    "partition": JSON($0), "lag": JSON(mirror.lag($0)),
                    "last_source_fetch_offset": JSON(mirror.lastFetchOffset($0)),
                ]
            })
    }

    private func createMirror(
        _ call: KafkaCall, on link: Link, in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        let body = try call.body()
        guard let sourceName = body["source_topic_name"]?.string else {
            throw .malformed("source_topic_name cannot be unspecified.")
        }
        let name = body["mirror_topic_name"]?.string ?? link.prefix + sourceName
        guard link.deletionRequested == nil else { throw .linkNotFound(link.name) }
        guard link.created + timing.linkResolution <= stage.now else {
            throw .notFound("Unable to resolve cluster link information for '\(link.name)'.")
        }
        guard name == link.prefix + sourceName else {
            throw KafkaRefusal(
                400, 40035, "Topic renaming for mirroring is not supported: expected '\(link.prefix)\(sourceName)'.")
        }
        guard link.receives else { throw .rejected("Link '\(link.name)' is the source side: it holds no mirrors.") }
        let connection = connection(of: link, in: stage)
        guard connection == .connected, let remote = clusters[link.remoteID] else {
            throw .rejected(connection.error?.message ?? "Unable to reach the source cluster.")
        }
        guard let source = remote.topics[sourceName], source.deletionRequested == nil else { throw .unknownTopic }
        try check(mirror: name, of: source, on: link, body)
        createMirror(of: source, named: name, on: link, configs: try configs(in: body), in: &stage)
        return .json([:], status: 201)
    }

    private func check(mirror name: String, of source: Topic, on link: Link, _ body: JSON) throws(KafkaRefusal) {
        try check(newTopic: name, on: link.cluster)
        if source.isInternal { throw .rejected("Internal topic '\(source.name)' cannot be mirrored.") }
        guard chains(source, over: link) else {
            throw .rejected(
                "Topic '\(source.name)' is itself a mirror, of a topic on this cluster or for a link with a prefix that creates mirrors by itself."
            )
        }
        if link.cluster.kind.isCloud, let factor = body["replication_factor"]?.int, factor != 3 {
            throw .rejected("Topic replication factor must be 3")
        }
        for (config, value) in try configs(in: body) {
            if MirrorConfigClasses.always.contains(config) {
                throw .rejected("Config '\(config)' of a mirror topic always follows its source.")
            }
            try check(config, value, on: link.cluster)
        }
    }
}
