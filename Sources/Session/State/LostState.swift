package import Domain
package import Execution

/// State that cannot be read, for commands that can tell something without it: an empty ledger that nobody writes to.
package struct LostState: StateStore {
    package let location: String
    /// Why it cannot be read.
    package let reason: StateStoreError

    package func recorded() -> Recorded { Recorded() }
    package func fingerprintKey() -> Secret? { nil }
    package func runs() -> [RunRecord] { [] }
    package func run(_ id: String) -> RunRecord? { nil }
    package func remember(sites: KnownSites, lag: [String: Recorded.Lag]) {}

    package func record(lag: [String: Recorded.Lag]) throws(StateStoreError) { throw reason }
    package func begin(_ run: RunHeader, lockTimeout: Duration) throws(StateStoreError) -> any RunSession {
        throw reason
    }
    package func unlock(run id: String) throws(StateStoreError) -> Bool { throw reason }
}

extension Workbench {
    /// This workbench, or one with an empty ledger where the state cannot be read.
    ///
    /// - Returns: Why it cannot be read; `nil` = it can.
    package func withoutLostState() async -> (bench: Workbench, silence: String?) {
        do throws(StateStoreError) {
            _ = try await store.recorded()
            return (self, nil)
        } catch {
            var bench = self
            bench.store = LostState(location: store.location, reason: error)
            return (bench, CommandFailure(error, now: Self.now).message)
        }
    }
}
