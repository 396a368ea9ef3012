package import Domain
package import Planning

/// Reads the live systems. Every endpoint is asked concurrently and by itself; none can fail or delay another, so that
/// observing never throws.
package protocol Observer: Sendable {
    /// Reads what a scope names.
    ///
    /// - Parameters:
    ///   - scope: What to read.
    ///   - workspace: Where and with which credentials.
    ///   - recorded: The last known ids and endpoints, for when a control plane does not answer.
    func observe(_ scope: ObservationScope, of workspace: Workspace, recorded: Recorded) async -> Observation
}

/// Reads what binding stores hold, for the observer of everything else.
package protocol StoreObserver: Sendable {
    /// Reads one target of one binding: the keys it names and the bookkeeping beside them.
    func observe(_ binding: ClientBindingSpec, targetIndex: Int) async -> Reach<StoreSnapshot>

    /// Reads what is left in a place that a binding is not published to any more.
    func observe(_ place: PlaceLeft) async -> Reach<StoreSnapshot>
}
