package import Domain
import Execution
import Planning
import Rendering
package import StateStores
import Synchronization

/// What can be done with a ledger as a whole.
extension Workbench {
    /// The store of the command, as one whose whole content can be had.
    package func transferable() throws(CommandFailure) -> any TransferableStore {
        guard let store = store as? any TransferableStore else {
            throw CommandFailure(.usage, "a snapshot can only be read; leave --state out, or name a store")
        }
        return store
    }

    /// Everything the store holds.
    package func contents() async throws(CommandFailure) -> LedgerContents {
        let store = try transferable()
        let contents = try await state { _ throws(StateStoreError) in try await store.contents() }
        guard let contents else { throw CommandFailure(.missing(location: store.location), now: Self.now) }
        return contents
    }

    /// Reads a ledger from a file.
    package func contents(ofFile path: String) async throws(CommandFailure) -> LedgerContents {
        let file = LedgerFile(path: CommandContext.current.path(path), workspace: workspace.name)
        return try await state { _ throws(StateStoreError) in try await file.read() }
    }

    /// Makes a ledger that was read from a file the one of the store, which has none.
    ///
    /// - Returns: How many objects have secrets that count as not known, since the file lacks the key of fingerprints.
    package func fill(with contents: LedgerContents, by command: String) async throws(CommandFailure) -> Int {
        let store = try transferable()
        let unknown = workspace.spec.fingerprintKey == nil ? contents.unreadableFingerprints : 0
        try await state { _ throws(StateStoreError) in
            try await store.fill(with: unknown > 0 ? contents.withoutFingerprints : contents, by: command)
        }
        return unknown
    }

    /// Moves the ledger to another place.
    package func migrate(
        to place: StateNotation
    ) async throws(CommandFailure) -> (moved: LedgerContents, location: WorkspaceSpec.StateLocation) {
        guard let location = try place.location(in: workspace) else {
            throw CommandFailure(.usage, "--to names no store; write one of \(StateNotation.forms)")
        }
        let source = try transferable()
        let target = try await StateOpening(manifests: manifests, connections: connections, mayBegin: true)
            .store(at: location, isDeclared: false)
        guard source.location != target.location else {
            throw CommandFailure(.usage, "the state is at \(source.location) already")
        }
        let moved = try await state { _ throws(StateStoreError) in try await source.migrate(to: target) }
        return (moved, location)
    }

    /// Adds what a ledger learned that went on elsewhere.
    package func merge(_ other: LedgerContents, lockTimeout: Duration) async throws(CommandFailure) -> LedgerMerge {
        let store = try transferable()
        let result = Mutex<Result<LedgerMerge, LedgerMerge.Conflict>?>(nil)
        try await state { _ throws(StateStoreError) in
            try await store.rewrite(by: "state merge", lockTimeout: lockTimeout) { ledger in
                let merge = Result { () throws(LedgerMerge.Conflict) in try LedgerMerge(other, into: ledger) }
                result.withLock { $0 = merge }
                return (try? merge.get())?.merged
            }
        }
        switch result.withLock({ $0 }) {
        case .success(let merge)?: return merge
        case .failure(let conflict)?:
            throw CommandFailure(
                .error,
                "the two ledgers cannot be one: \(conflict.message); nothing was done\n"
                    + "  see where clients are (\(CommandContext.current.invocation.command("status"))), and go on with the ledger that is right"
            )
        case nil: throw CommandFailure(.missing(location: store.location), now: Self.now)
        }
    }

    /// Takes over what another ledger published, after a person looked.
    ///
    /// - Returns: The ledger that published it, and the epoch.
    package func adoptEpoch(
        of address: ResourceAddress, lockTimeout: Duration
    ) async throws(CommandFailure) -> (ledger: String, epoch: Int) {
        let recorded = try await recorded()
        guard let row = recorded.owned[address], address.kind == .binding else {
            let known = recorded.owned.keys.filter { $0.kind == .binding }.sorted().map(\.description)
            throw CommandFailure(
                .error,
                "\(address) is no binding that this ledger published"
                    + (known.isEmpty ? "" : "; it published \(known.joined(separator: ", "))"))
        }
        let observation = try await observe(recorded)
        guard let published = observation.stores[address]?.snapshot?.bookkeeping else {
            throw CommandFailure(.error, "what is published at \(address) could not be read; nothing was done")
        }
        guard let ledger = published.ledger, ledger != recorded.ledgerID else {
            throw CommandFailure(.error, "\(address) was published by this ledger; there is nothing to adopt")
        }
        let command = "state adopt-epoch \(address)"
        try await state { store throws(StateStoreError) in
            let session = try await store.begin(by: command, lockTimeout: lockTimeout)
            try await session.own(address, as: row.published(byLedger: ledger))
            try await session.end(exitCode: 0, summary: "adopted epoch \(published.epoch ?? 0) of ledger \(ledger)")
        }
        return (ledger, published.epoch ?? 0)
    }
}
