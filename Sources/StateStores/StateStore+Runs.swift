package import Domain
package import Execution

extension StateStore {
    /// Begins a run for something that somebody asked for by hand, so that the journal tells of it.
    ///
    /// - Parameter command: What was asked for: `state forget topic/west/orders`.
    package func begin(
        by command: String, lockTimeout: Duration, clock: StateClock = .system
    ) async throws(StateStoreError) -> any RunSession {
        try await begin(.byHand(command, at: clock.now()), lockTimeout: lockTimeout)
    }

    /// Gives up what is owned and known under an address, in a run of its own; the live object stays as it is.
    ///
    /// - Returns: Whether there was anything.
    package func forget(_ address: ResourceAddress, lockTimeout: Duration) async throws(StateStoreError) -> Bool {
        let recorded = try await recorded()
        guard recorded.owned[address] != nil || recorded.sites.knows(address) else { return false }
        let session = try await begin(by: "state forget \(address)", lockTimeout: lockTimeout)
        let forgotten = try await session.forget(address)
        try await session.end(exitCode: 0, summary: forgotten ? "forgot \(address)" : "nothing to forget")
        return forgotten
    }
}

extension RunHeader {
    /// The head of a run of this process that carries out no plan.
    static func byHand(_ command: String, at time: Timestamp) -> RunHeader {
        RunHeader(
            id: RunIdentity.newID(at: time), startedAt: time, host: RunIdentity.host, process: RunIdentity.process,
            command: command, planDigest: "")
    }
}
