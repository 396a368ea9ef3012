public import Planning

/// Asks live systems what a plan needs to know before it can be made, without changing anything.
public protocol ProbeReader: Sendable {
    /// Asks all questions at once. Nothing fails: what cannot be asked is ``ProbeAnswer/unanswered(_:)``.
    ///
    /// - Returns: One answer per probe.
    func answer(_ probes: [Probe]) async -> [Probe: ProbeAnswer]
}
