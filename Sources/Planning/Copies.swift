package import Domain

extension KnownSites {
    /// Remembers the copies that steps make anew or take away. A mirror of a topic that the same steps make is no such
    /// copy: its source holds nothing yet that it could lack.
    package mutating func beginCopies(in steps: some Sequence<Step>, at time: Timestamp) {
        let made = Set(
            steps.lazy.compactMap { step in
                if case .kafka(.createTopic(let creation)) = step.action { creation.topic } else { nil }
            })
        for step in steps {
            for copy in step.action.copiesLost { beginCopy(of: copy.topic, on: copy.cluster, at: time) }
            if case .kafka(.createMirror(let creation)) = step.action, !made.contains(creation.source) {
                beginCopy(of: creation.topic, on: creation.cluster, at: time)
            }
        }
    }

    /// Forgets that clusters hold records that a step took away.
    package mutating func forgetHoldings(after action: StepAction) {
        for copy in action.copiesLost { forgetHolding(of: copy.topic, on: copy.cluster) }
    }
}

extension StepAction {
    /// Copies that are deleted, or cut to what another side holds.
    fileprivate var copiesLost: [(cluster: String, topic: String)] {
        switch self {
        case .kafka(.deleteTopic(let reference)): [(reference.cluster, reference.topic)]
        case .move(.restoreMirrors(let mirrors)): mirrors.topics.map { (mirrors.cluster, $0) }
        default: []
        }
    }
}
