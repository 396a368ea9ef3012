import Domain
import Execution

/// Who may write to a shared ledger.
///
/// A holder renews its lease. Nobody trusts another machine's clock: a lock is taken from its holder when its process is
/// provably gone, or when the lock was seen unchanged for a whole lease by the clock of who wants it.
struct SharedLock: Codable, Sendable, Hashable {
    /// The run that holds it; `nil` = nobody.
    var run: String?
    var host: String
    /// Process id.
    var process: Int32
    var since: Timestamp
    /// When the holder renewed it last, by its own clock: for people, and to guess whether watching is worth while.
    var renewedAt: Timestamp
    var leaseSeconds: Int64
    var boot: String?
    var namespace: String?
    var processStarted: String?
    /// Drawn at each write: equal contents have to be told apart.
    var mark = RandomMark.draw()

    init(_ header: RunHeader, _ identity: ProcessIdentity, at time: Timestamp, lease: Duration) {
        run = header.id
        host = header.host
        process = header.process
        since = time
        renewedAt = time
        leaseSeconds = lease.components.seconds
        boot = identity.boot
        namespace = identity.namespace
        processStarted = identity.started
    }

    var lease: Duration { .seconds(leaseSeconds) }

    /// Who holds it; `nil` = nobody.
    var owner: StateStoreError.Owner? {
        run.map { StateStoreError.Owner(runID: $0, host: host, process: process, since: since) }
    }

    /// The same, held by nobody.
    var released: SharedLock {
        var lock = self
        lock.run = nil
        lock.mark = RandomMark.draw()
        return lock
    }

    /// The same, renewed.
    func renewed(at time: Timestamp) -> SharedLock {
        var lock = self
        lock.renewedAt = time
        lock.mark = RandomMark.draw()
        return lock
    }

    /// Whether its lease seems to be over: what the clocks of two machines say, which is no proof.
    func looksAbandoned(at time: Timestamp) -> Bool {
        time.since(renewedAt) > lease
    }

    /// Whether its process ran on this machine, in this boot and this namespace, and does not any more.
    func isProvablyGone(seenBy processes: any ProcessInspector, of host: String) -> Bool {
        let now = processes.identity(of: process)
        guard self.host == host, let boot, boot == now.boot, let namespace, namespace == now.namespace else {
            return false
        }
        if !processes.isRunning(process) { return true }
        guard let processStarted, let startedNow = now.started else { return false }
        return processStarted != startedNow
    }
}

extension SharedPlace {
    /// Changes the lock that a run holds.
    ///
    /// - Returns: The lock as it is now; `nil` when another run holds it, or nobody.
    func change(
        _ lock: Document<SharedLock>, of run: String, to change: @Sendable (SharedLock) -> SharedLock
    ) async throws(StateStoreError) -> Document<SharedLock>? {
        let changed = change(lock.value)
        if let object = try await write(changed, to: .lock, over: lock.object) {
            return Document(value: changed, object: object)
        }
        // An answer that was lost may have been to a write of this run that was given up since.
        guard let now = try await read(.lock, as: SharedLock.self), now.value.run == run else { return nil }
        let again = change(now.value)
        return try await write(again, to: .lock, over: now.object).map { Document(value: again, object: $0) }
    }
}
