package import Planning

/// Asks live systems what a plan needs to know before it can be made, without changing anything.
package protocol ProbeReader: Sendable {
    /// Asks all questions at once. Nothing fails: what cannot be asked is ``ProbeAnswer/unanswered(_:)``.
    ///
    /// - Returns: One answer per probe.
    func answer(_ probes: [Probe]) async -> [Probe: ProbeAnswer]
}
