package import Execution

extension StepFailure {
    /// What a call's failure means for the step.
    package init(_ failure: TransportFailure) {
        let kind: Kind =
            switch failure.cause {
            case .unreachable, .timeout, .interrupted: .unreachable
            case .denied: .denied
            case .status(429, _, _): .throttled
            case .status(let status, _, _): status >= 500 ? .broken : .rejected
            case .untrusted: .untrusted
            case .notJSON, .malformed, .tooLarge, .identity: .broken
            case .withoutCredentials: .withoutCredentials
            case .cancelled: .interrupted
            }
        self.init(kind, failure.description, endpoint: failure.endpoint)
    }

    /// What waiting in vain means for the step.
    ///
    /// - Parameters:
    ///   - what: What was waited for: "mirror orders to be ACTIVE".
    ///   - limit: How long at most.
    package init(_ failure: PollFailure, waitingFor what: String, limit: Duration, endpoint: String) {
        switch failure {
        case .late(let seen):
            let last = seen.map { "; last seen: \($0)" } ?? ""
            self.init(.timeout, "waited \(limit.inWords) for \(what)\(last)", endpoint: endpoint)
        case .refused(let reason): self.init(.rejected, reason, endpoint: endpoint)
        case .unanswered(let failure): self.init(failure)
        case .cancelled: self.init(.interrupted, "interrupted while waiting for \(what)", endpoint: endpoint)
        }
    }
}

extension TransportFailure {
    /// Whether the service may be saying that the object is there already. Its words are no proof: "this prefix already
    /// exists on another link" has the same status and code. Whoever asks has to look for the object.
    package var saysAlreadyThere: Bool {
        status == 409 || (status == 400 && message.lowercased().contains("already exists"))
    }

    /// Whether the object is not there (any more): clusters and registries answer 403 then.
    package var saysGone: Bool {
        status == 404 || (status == 403 && !message.lowercased().contains("api key"))
    }
}
