package import Domain
import Synchronization

/// Remembers when an endpoint last gave something useful, and its last complaint: silence is measured from here, so
/// that many lists that arrive one by one are not taken for a dead endpoint.
package final class ProgressWatch: Sendable {
    private struct State {
        var last: ContinuousClock.Instant
        var complaint: TransportFailure?
        var hasAnswered = false
        var hasBegun = false
    }

    private let state: Mutex<State>

    package init() {
        state = Mutex(State(last: .now))
    }

    /// A whole answer came, and it could be used.
    func progressed() {
        state.withLock { state in
            state.last = .now
            state.complaint = nil
            state.hasAnswered = true
        }
    }

    /// The head of an answer came.
    func began() {
        state.withLock { $0.hasBegun = true }
    }

    /// A call failed. One that was given up here says nothing of the endpoint.
    func complained(_ failure: TransportFailure) {
        guard failure.cause != .cancelled else { return }
        state.withLock { state in
            // What the service said of itself tells more than the silence that may follow.
            if failure.isAnswer || state.complaint?.isAnswer != true { state.complaint = failure }
        }
    }

    var silence: Duration {
        state.withLock { $0.last.duration(to: .now) }
    }

    var complaint: TransportFailure? {
        state.withLock { $0.complaint }
    }

    /// What an endpoint that failed has shown of itself.
    func sign(of failure: TransportFailure) -> SignOfLife {
        state.withLock { state in
            let isThrottled = failure.status == 429 || (!failure.isAnswer && state.complaint?.status == 429)
            if isThrottled { return .throttled }
            if state.hasAnswered { return .partial }
            if failure.isAnswer || state.complaint?.isAnswer == true { return .unusable }
            return state.hasBegun ? .trickling : .none
        }
    }
}

extension TransportFailure {
    /// Whether a whole answer came, useful or not.
    var isAnswer: Bool {
        switch cause {
        case .untrusted, .denied, .status, .notJSON, .malformed, .identity, .tooLarge: true
        case .unreachable, .timeout, .interrupted, .withoutCredentials, .cancelled: false
        }
    }
}

extension Reach {
    /// What an endpoint's failure says about it, beside what it has shown of itself until then.
    package init(_ failure: TransportFailure, seenBy watch: ProgressWatch) {
        let sign = watch.sign(of: failure)
        self = Reach(failure)
        switch self {
        case _ where sign == .throttled:
            self = .throttled(reason: (failure.status == 429 ? failure : watch.complaint ?? failure).sentence)
        case .unreachable(let reason, _): self = .unreachable(reason: reason, sign: sign)
        case .denied(let reason, _): self = .denied(reason: reason, sign: sign)
        case .broken(let reason, _): self = .broken(reason: reason, sign: sign)
        case .reachable, .wrong, .throttled, .withoutCredentials, .stranger, .beingMade, .absent, .unmanaged: break
        }
    }
}
