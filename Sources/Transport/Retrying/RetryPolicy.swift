import Domain

/// Which failures are tried again, and after how long: exponential backoff with full jitter, never shorter than what
/// the service asked for.
package struct RetryPolicy: Sendable, Hashable {
    package var attempts: Int
    /// Upper bound of the first wait; each further bound is twice the one before.
    package var firstWait: Duration
    /// Greatest bound of a wait of our own.
    package var longestWait: Duration

    /// A policy; the default waits up to 0.25, 0.5, 1, 2 s.
    package init(attempts: Int = 5, firstWait: Duration = .milliseconds(250), longestWait: Duration = .seconds(10)) {
        self.attempts = attempts
        self.firstWait = firstWait
        self.longestWait = longestWait
    }

    /// One attempt only.
    package static let never = RetryPolicy(attempts: 1)

    /// The wait before the next attempt; `nil` = no further attempt.
    ///
    /// - Parameters:
    ///   - failure: How the attempt failed.
    ///   - attempt: Its number, from 1.
    ///   - isRepeatable: Whether the call may be sent again although it may have had its effect.
    ///   - asked: What `Retry-After` or `X-RateLimit-Reset` asked for.
    ///   - jitter: A random number in 0...1.
    package func wait(
        after failure: TransportFailure, attempt: Int, isRepeatable: Bool, asked: Duration?, jitter: Double
    ) -> Duration? {
        guard attempt < attempts, mayRepeat(failure, isRepeatable: isRepeatable) else { return nil }
        var bound = firstWait
        for _ in 1..<attempt where bound < longestWait { bound *= 2 }
        let own = min(bound, longestWait) * min(max(jitter, 0), 1)
        return max(own, asked ?? .zero)
    }

    private func mayRepeat(_ failure: TransportFailure, isRepeatable: Bool) -> Bool {
        switch failure.cause {
        case .unreachable: true
        case .status(429, _, _): true
        case .status(let status, _, _): isRepeatable && (status == 408 || (status >= 500 && status != 501))
        case .interrupted: isRepeatable
        case .timeout, .untrusted, .denied, .notJSON, .malformed, .identity, .tooLarge, .withoutCredentials, .cancelled:
            false
        }
    }
}

extension ReplyHead {
    /// The longest wait that is understood: a year.
    private static let longestWait: Int64 = 365 * 86400
    /// Greater numbers of `X-RateLimit-Reset` are moments, not spans.
    private static let firstMoment: Int64 = 1_000_000_000

    /// How long the service asks to wait: `Retry-After` as seconds or as a moment, else `X-RateLimit-Reset` when nothing
    /// remains.
    func askedWait(at now: Timestamp) -> Duration? {
        let seconds = now.milliseconds / 1000
        if let text = headers["retry-after"]?.trimmingSpaces() {
            if let span = Int64(text), span >= 0 { return .seconds(min(span, Self.longestWait)) }
            if let moment = Timestamp(internetDate: text) {
                return .seconds(min(max(0, moment.milliseconds / 1000 - seconds), Self.longestWait))
            }
        }
        guard status == 429 || headers["x-ratelimit-remaining"]?.trimmingSpaces() == "0",
            let reset = headers["x-ratelimit-reset"].flatMap({ Int64($0.trimmingSpaces()) }), reset >= 0
        else { return nil }
        let span = reset < Self.firstMoment ? reset : max(0, min(reset, seconds + Self.longestWait) - seconds)
        return .seconds(min(span, Self.longestWait))
    }
}
