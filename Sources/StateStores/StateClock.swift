package import Domain
import Foundation

/// The time a store writes down, and how it waits for a lock.
package struct StateClock: Sendable {
    /// The time now.
    package let now: @Sendable () -> Timestamp
    /// Waits that long; throws when the waiting task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void

    /// Time that goes on while the machine sleeps, and that nobody sets: what leases are measured with.
    package let uptime: @Sendable () -> Duration
    /// Waits between two renewals of a lease.
    package let pauseBetweenRenewals: @Sendable (Duration) async throws -> Void

    /// A clock of one's own, for tests.
    package init(
        now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void,
        uptime: @escaping @Sendable () -> Duration,
        pauseBetweenRenewals: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
        self.uptime = uptime
        self.pauseBetweenRenewals = pauseBetweenRenewals
    }

    /// The clock of this machine.
    package static let system = {
        let start = ContinuousClock.now
        return StateClock(
            now: { Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded())) },
            sleep: { try await Task.sleep(for: $0) }, uptime: { start.duration(to: .now) },
            pauseBetweenRenewals: { try await Task.sleep(for: $0) })
    }()
}
