import Domain
import Planning

/// How long a rehearsal waits for what comes by itself.
struct DrillPatience {
    private static let limit: Duration = .seconds(60)
    private static let betweenLooks: Duration = .milliseconds(500)

    private let deadline = ContinuousClock.now + Self.limit

    /// Whether it may be looked once more.
    var lasts: Bool { ContinuousClock.now < deadline }

    /// Until the next look.
    func pause() async throws {
        try await Task.sleep(for: Self.betweenLooks)
    }
}

extension Plan {
    /// Whether what stands against it can pass by itself in a rehearsal, without an apply or an edit. All sites but the
    /// lost one run in this process: one that was not seen in time was late.
    var mayPass: Bool {
        let isLate = sites.contains { $0.state.isUnseen && !$0.state.needsRepair && !$0.isExcused }
        guard !isLate else { return true }
        guard refusals.isEmpty, decisions.isEmpty else { return false }
        let gaps = groups.filter { !$0.isProtected }.flatMap(\.gaps)
        return !deferred.isEmpty || (!gaps.isEmpty && gaps.allSatisfy(\.mayPass))
    }
}
