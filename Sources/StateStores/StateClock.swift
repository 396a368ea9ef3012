package import Domain
import Foundation

/// The time a store writes down, and how it waits for a lock.
package struct StateClock: Sendable {
    /// The time now.
    package let now: @Sendable () -> Timestamp
    /// Waits that long; throws when the waiting task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void

    /// A clock of one's own, for tests.
    package init(now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// The clock of this machine.
    package static let system = StateClock(
        now: { Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded())) },
        sleep: { try await Task.sleep(for: $0) })
}
