import SimulatorCore

extension KafkaEstate {
    /// Whether a mirror is kept where it is on purpose; then the same work is tried again later.
    func isStuck(_ mirror: Mirror, retrying step: Mirror.Step, in stage: inout Stage) -> Bool {
        guard hold(on: mirror, in: stage) != nil else { return false }
        schedule(step, of: mirror, at: stage.now + timing.retry)
        return true
    }

    /// The error that a mirror which is kept where it is shows on purpose.
    func injectedError(of mirror: Mirror, in stage: Stage) -> (code: String, message: String)? {
        guard case .some(.some(let error)) = hold(on: mirror, in: stage) else { return nil }
        return (error.code, error.message)
    }

    /// What keeps a mirror in its status; `nil` when nothing does.
    private func hold(on mirror: Mirror, in stage: Stage) -> Trouble.TransitionError?? {
        guard !stage.troubles.isEmpty else { return nil }
        let object = [
            "region": mirror.link.cluster.site, "cluster": mirror.link.cluster.id, "link": mirror.link.name,
            "topic": mirror.topic.name,
        ]
        return stage.trouble(object) { kind -> Trouble.TransitionError?? in
            if case .stuck(let status, let error) = kind, status == mirror.status { .some(error) } else { nil }
        }
    }

    /// What a task of a link fails with on purpose.
    func injectedError(of task: LinkTask, _ link: Link, in stage: Stage) -> (code: String, message: String)? {
        guard !stage.troubles.isEmpty else { return nil }
        let object = ["region": link.cluster.site, "cluster": link.cluster.id, "link": link.name]
        return stage.trouble(object) { kind in
            guard case .taskError(task, let error) = kind else { return nil }
            return (error.code, error.message)
        }
    }
}
