import SimulatorCore

extension KafkaEstate {
    /// The verbs beside `mirrors` that change rows: always 200, with an error per item that was refused.
    func act(
        _ verb: String, _ call: KafkaCall, on link: Link, in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        if verb == "truncate-and-restore" { return try truncateAndRestore(call, on: link, in: &stage) }
        guard Self.verbs.contains(verb) else { throw .noRoute }
        var items: [JSON] = []
        for name in try names(in: call, on: link) {
            let mirror = link.mirrors[name]
            let refusal =
                if let mirror { objection(to: verb, mirror, in: stage) } else {
                    (code: 404, message: "Mirror topic '\(name)' is not found on link '\(link.name)'")
                }
            if refusal == nil, let mirror, !call.request.flag("validate_only") { perform(verb, mirror, in: &stage) }
            items.append(itemData(name, mirror, refusal, on: link))
        }
        return actionList(items, on: link)
    }

    private static let verbs: Set<String> = [
        "promote", "failover", "pause", "resume", "reverse-and-start-mirror", "reverse-and-pause-mirror",
    ]

    private func truncateAndRestore(
        _ call: KafkaCall, on link: Link, in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        var items: [JSON] = []
        for name in try names(in: call, on: link) {
            switch restoration(of: name, on: link, in: stage) {
            case .failure(let refusal):
                items.append(itemData(name, nil, (refusal.code, refusal.message), on: link))
            case .success(let restoration):
                let partitions = call.request.flag("include_partition_level_truncation_data")
                let total = restoration.total
                let byPartition = partitions ? restoration.byPartition : .null
                if !call.request.flag("validate_only") { restore(restoration, on: link, in: &stage) }
                items.append(
                    itemData(name, link.mirrors[name], nil, truncated: total, byPartition: byPartition, on: link))
            }
        }
        return actionList(items, on: link)
    }

    private func actionList(_ items: [JSON], on link: Link) -> Response {
        .json([
            "kind": "KafkaPromoteMirror",
            "metadata": metadata("\(url(of: link))/mirrors", "crn:///kafka=\(link.cluster.id)"), "data": .array(items),
        ])
    }

    /// The mirrors a request names, or those its pattern matches.
    private func names(in call: KafkaCall, on link: Link) throws(KafkaRefusal) -> [String] {
        let body = try call.body()
        let names = body["mirror_topic_names"]?.array?.compactMap(\.string)
        let pattern = body["mirror_topic_name_pattern"]?.string
        switch (names, pattern) {
        case (let names?, nil): return names
        case (nil, let pattern?):
            guard let expression = try? Regex(pattern) else {
                throw .malformed("mirror_topic_name_pattern is no regular expression.")
            }
            return link.sortedMirrors.map(\.topic.name).filter { $0.wholeMatch(of: expression) != nil }
        default: throw .malformed("Exactly one of mirror_topic_names and mirror_topic_name_pattern is required.")
        }
    }

    private func itemData(
        _ name: String, _ mirror: Mirror?, _ refusal: (code: Int, message: String)?, truncated: JSON = .null,
        byPartition: JSON = .null, on link: Link
    ) -> JSON {
        [
            "kind": "AlterMirrorsData",
            "metadata": metadata("\(url(of: link))/mirrors/\(name)", "crn:///kafka=\(link.cluster.id)"),
            "mirror_topic_name": .string(name), "error_code": refusal.map { JSON($0.code) } ?? .null,
            "error_message": JSON(refusal?.message), "mirror_lags": mirror.map(lags) ?? [],
            "messages_truncated": truncated, "partition_level_truncation_data": byPartition,
        ]
    }

    /// Why a verb is refused for one mirror; `nil` when it is accepted.
    private func objection(to verb: String, _ mirror: Mirror, in stage: Stage) -> (code: Int, message: String)? {
        let topic = mirror.topic.name
        if mirror.status == .stopped {
            return (400, "Topic '\(topic)' has already stopped its mirror from '\(mirror.link.name)'")
        }
        if verb.hasPrefix("reverse") { return objectionToReversal(of: mirror, in: stage) }
        guard stage.lies.contains(.verbsInAnyStatus) || allowedStatuses(verb).contains(mirror.status) else {
            return (400, "Topic '\(topic)' cannot be changed by \(verb) in state \(mirror.status.rawValue)")
        }
        if verb == "promote", !stage.lies.contains(.promoteWithoutSource),
            connection(of: mirror.link, in: stage) != .connected
        {
            return (
                400, "Topic '\(topic)' cannot be promoted because the source cluster cannot be reached; use failover"
            )
        }
        return nil
    }

    private func allowedStatuses(_ verb: String) -> Set<MirrorStatus> {
        switch verb {
        case "pause": [.active, .sourceUnavailable]
        case "resume": [.paused]
        case "promote": [.active, .paused]
        default: [.active, .paused, .linkPaused, .sourceUnavailable, .linkFailed, .failed, .pendingStopped]
        }
    }

    private func perform(_ verb: String, _ mirror: Mirror, in stage: inout Stage) {
        switch verb {
        case "pause":
            change(mirror, to: .paused, in: &stage)
        case "resume":
            change(mirror, to: .active, in: &stage)
            refresh(mirror.link, in: &stage)
        case "promote": stop(mirror, by: .promote, in: &stage)
        case "reverse-and-start-mirror": reverse(mirror, by: .reverseAndStart, in: &stage)
        case "reverse-and-pause-mirror": reverse(mirror, by: .reverseAndPause, in: &stage)
        default: stop(mirror, by: .failover, in: &stage)
        }
    }

    private func stop(_ mirror: Mirror, by ending: Mirror.Ending, in stage: inout Stage) {
        mirror.ending = ending
        if mirror.status != .pendingStopped { change(mirror, to: .pendingStopped, in: &stage) }
        if ending == .promote, !skipsCatchingUp(mirror, in: stage) {
            markForFetch(mirror, in: &stage)
        } else {
            schedule(.stop, of: mirror, at: stage.now + timing.mirrorStop)
        }
    }
}
