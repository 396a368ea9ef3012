import SimulatorCore

extension KafkaEstate {
    /// What keeps a row that is on its way from one status to another where it is; empty when nothing does.
    func transitionErrors(of mirror: Mirror, in stage: Stage) -> [(code: String, message: String)] {
        if let error = injectedError(of: mirror, in: stage) { return [error] }
        switch mirror.status {
        case .pendingStopped where mirror.ending?.copiesAll == true, .pendingSynchronize, .pendingMirror:
            return errorsOfPeer(of: mirror, in: stage) + errorsOfReversal(of: mirror)
        case .pendingSetupForRestore, .pendingRestore:
            guard isConsumed(mirror.topic, on: mirror.link.cluster) else { return errorsOfPeer(of: mirror, in: stage) }
            let message = "Consumer groups with members read topic '\(mirror.topic.name)'."
            return errorsOfPeer(of: mirror, in: stage) + [("CONSUMER_GROUP_IN_USE_ERROR", message)]
        default: return []
        }
    }

    /// What the other cluster, or the way to it, has to do with a row that waits.
    private func errorsOfPeer(of mirror: Mirror, in stage: Stage) -> [(code: String, message: String)] {
        if let error = connection(of: mirror.link, in: stage).error {
            return [(error.code == "AUTHENTICATION_ERROR" ? error.code : "INTERNAL_ERROR", error.message)]
        }
        guard let fault = faultOfSource(of: mirror) else { return [] }
        let isGone = mirror.source?.isDeleted ?? true
        return [
            (
                isGone ? "UNKNOWN_TOPIC_OR_PARTITION_ERROR" : "INTERNAL_ERROR",
                "Source topic '\(mirror.sourceName)': \(fault)"
            )
        ]
    }

    private func errorsOfReversal(of mirror: Mirror) -> [(code: String, message: String)] {
        guard mirror.status == .pendingSynchronize, counterpart(of: mirror) == nil else { return [] }
        return [
            ("REMOTE_MIRROR_NOT_FOUND_ERROR", "The remote cluster has no mirror of topic '\(mirror.topic.name)'.")
        ]
    }

    /// Whether a link may mirror a topic that may be a mirror itself: not back to where it comes from, and not where
    /// mirrors of mirrors, each with a longer name, would be made without end.
    func chains(_ source: Topic, over link: Link) -> Bool {
        guard let upstream = source.liveMirror?.link else { return true }
        return upstream.remoteID != link.cluster.id
            && (link.prefix.isEmpty || !link.isOn("auto.create.mirror.topics.enable"))
    }
}
