import Synchronization

/// Endpoints that were silent a moment ago: a disaster costs the time of silence once, and then a second look each time.
package final class RememberedSilence: Sendable {
    /// How long something that was silent a moment ago is asked once more.
    package static let secondLook: Duration = .seconds(1)
    private static let memory: Duration = .seconds(30)

    private let silences = Mutex<[String: ContinuousClock.Instant]>([:])

    package init() {}

    /// How long an endpoint or connection is waited for.
    ///
    /// - Parameter limit: How long one that nothing is known of.
    package func patience(with name: String, atMost limit: Duration) -> Duration {
        silences.withLock { silences in
            guard let last = silences[name], last.duration(to: .now) < Self.memory else { return limit }
            return min(limit, Self.secondLook)
        }
    }

    package func note(_ name: String, wasSilent: Bool) {
        silences.withLock { $0[name] = wasSilent ? .now : nil }
    }
}
