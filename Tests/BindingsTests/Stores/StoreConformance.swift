import Domain
import Execution
import Planning
import Synchronization
import Testing

@testable import Bindings

/// What every store keeps, whatever it is. Each kind has a test that runs these checks one after the other on a place
/// of its own.
struct StoreConformance {
    let rig: any StoreRig
    let folder: ScratchFolder
    private let workspace: Workspace

    init(_ rig: any StoreRig, in folder: ScratchFolder? = nil) throws {
        self.rig = rig
        self.folder = try folder ?? ScratchFolder()
        workspace = rig.workspace()
    }

    /// Runs every check on a place that holds nothing yet.
    func check() async throws {
        try await publishes()
        try await isIdempotent()
        try await keepsForeignKeys()
        try await seesDrift()
        try await refusesWhatWasEditedSince()
        try await readsAgainAfterALostRace()
        try await keepsEpochs()
        try await removesDroppedKeys()
        try await isRecreated()
        try await saysWhatIsWrong()
    }

    // MARK: Checks

    private func publishes() async throws {
        #expect(try await observed() == StoreSnapshot(), "a place that is not there holds nothing")
        try await publish(publication(generation: 3))
        let values = try await rig.values()
        #expect(values[rig.sample.key] == rig.sample.west)
        #expect(!values.keys.contains { $0.contains("spillway") }, "bookkeeping stands beside the data: \(values.keys)")
        let snapshot = try await observed()
        #expect(
            snapshot.bookkeeping
                == StoreSnapshot.Bookkeeping(primary: "west", epoch: 0, ledger: "led1", generation: 3))
        if rig.target.contents.includesProperties {
            #expect(snapshot.properties["bootstrap.servers"] == "west:9092,west:9093")
            #expect(snapshot.properties["client.id"] == "checkout-payments-west")
        }
        if rig.target.contents.includesSecrets {
            #expect(snapshot.secrets["sasl.username"] == fingerprint("WKEY"))
            #expect(values["sasl.jaas"] == "key=\"WKEY\" secret=w=s#e\\cret \"quoted\" ${literal}")
        } else {
            #expect(values["sasl.jaas"] == nil, "secrets go only where they are meant to")
        }
    }

    private func isIdempotent() async throws {
        let version = try await rig.version()
        try await publish(publication(generation: 3))
        #expect(try await rig.version() == version, "publishing the same again writes nothing")
    }

    private func keepsForeignKeys() async throws {
        try await rig.set("their.own", to: "stays")
        try await publish(publication(to: "east", epoch: 1, generation: 4))
        let values = try await rig.values()
        #expect(values["their.own"] == "stays")
        #expect(values[rig.sample.key] == rig.sample.east)
    }

    private func seesDrift() async throws {
        try await rig.set(rig.sample.key, to: "edited by hand")
        let snapshot = try await observed()
        if rig.target.contents.includesProperties {
            #expect(snapshot.properties[rig.sample.key] == "edited by hand")
        } else {
            #expect(snapshot.secrets[rig.sample.key] == fingerprint("edited by hand"))
        }
        #expect(snapshot.bookkeeping?.generation == 4)
        try await publish(publication(to: "east", epoch: 1, generation: 5), seen: snapshot)
        #expect(try await rig.values()[rig.sample.key] == rig.sample.east, "drift that a plan has shown is repaired")
    }

    private func refusesWhatWasEditedSince() async throws {
        let seen = try await observed()
        try await rig.set(rig.sample.key, to: "hunter2")
        let version = try await rig.version()
        let failure = await failure { try await publish(publication(epoch: 2, generation: 6), seen: seen) }
        #expect(failure?.kind == .conflict)
        #expect(failure?.message.contains(rig.sample.key) == true)
        if !rig.target.contents.includesProperties { #expect(failure?.message.contains("hunter2") == false) }
        #expect(try await rig.version() == version, "a conflict is not an overwrite")
        try await publish(publication(epoch: 2, generation: 6), seen: try await observed())
        #expect(try await rig.values()[rig.sample.key] == rig.sample.west)
    }

    private func readsAgainAfterALostRace() async throws {
        let store = try await stores.store(for: rig.target)
        try await race(store)
        #expect(try await rig.values()["their.own"] == "written meanwhile", "what somebody wrote meanwhile is kept")
        #expect(try await rig.values()[rig.sample.key] == rig.sample.east)
    }

    private func race(_ store: some BindingStore) async throws {
        let writes = Mutex(0)
        let rig = rig
        let racing = Interposed(base: store) { () async throws(StepFailure) in
            let isFirst = writes.withLock { count in
                count += 1
                return count == 1
            }
            guard isFirst else { return }
            do { try await rig.set("their.own", to: "written meanwhile") } catch { Issue.record("\(error)") }
        }
        let content = try await content(publication(to: "east", epoch: 3, generation: 7))
        try await BindingPublisher(seen: nil, fingerprinter: fingerprinter).publish(content, to: racing)
        #expect(writes.withLock { $0 } == (rig.comparesAndSwaps ? 2 : 1))
    }

    private func keepsEpochs() async throws {
        let version = try await rig.version()
        let older = await failure { try await publish(publication(epoch: 2, generation: 8)) }
        let foreign = await failure { try await publish(publication(epoch: 3, generation: 8), ledger: "led2") }
        #expect([older?.kind, foreign?.kind] == [.conflict, .conflict])
        #expect(foreign?.message.contains("led1") == true)
        #expect(try await rig.version() == version)
        let successor = publication(to: "east", epoch: 3, generation: 8, successorOf: "led1")
        try await publish(successor, ledger: "led2")
        #expect(try await observed().bookkeeping?.ledger == "led1", "the epoch of a lost ledger is gone on with")
        #expect(try await observed().bookkeeping?.generation == 8)
        try await publish(publication(epoch: 4, generation: 9), ledger: "led2")
        #expect(try await observed().bookkeeping?.ledger == "led2")
    }

    private func removesDroppedKeys() async throws {
        let key = rig.target.contents.includesProperties ? "client.id" : "sasl.jaas"
        var smaller = workspace
        smaller.clientBindings["checkout"]?.properties[key] = nil
        smaller.clientBindings["checkout"]?.secrets[key] = nil
        try await publish(publication(epoch: 4, generation: 10, dropped: [key]), ledger: "led2", in: smaller)
        let values = try await rig.values()
        #expect(values[key] == nil)
        #expect(values["their.own"] == "written meanwhile")
    }

    private func isRecreated() async throws {
        try await rig.wipe()
        #expect(try await observed() == StoreSnapshot())
        try await publish(publication(epoch: 5, generation: 11))
        #expect(try await rig.values()[rig.sample.key] == rig.sample.west)
    }

    private func saysWhatIsWrong() async throws {
        if let environment = rig.deniedEnvironment {
            guard case .denied(let reason, _) = await observe(environment: environment) else {
                Issue.record("refused credentials are told as such: \(await observe(environment: environment))")
                return
            }
            for value in environment.values { #expect(!reason.contains(value), "no secret is told") }
        }
        guard rig.canBeCutOff else { return }
        try await rig.setReachable(false)
        let reach = await observe()
        if case .unreachable = reach {} else { Issue.record("a dark store is told as such: \(reach)") }
        let failure = await failure { try await publish(publication(epoch: 6, generation: 12)) }
        #expect(failure?.kind == .unreachable)
        try await rig.setReachable(true)
        #expect(try await observed().bookkeeping?.generation == 11)
    }

    // MARK: Publishing and observing

    private var stores: BindingStores {
        BindingStores(folder: folder.path, connections: opened(environment: [:]))
    }

    private func opened(environment: [String: String]) -> Connections {
        let merged = applicationSecrets.merging(rig.environment) { $1 }.merging(environment) { $1 }
        return connected(workspace, in: folder, environment: merged)
    }

    private func publish(
        _ step: Step, seen: StoreSnapshot? = nil, ledger: String = "led1", in workspace: Workspace? = nil
    ) async throws {
        try await performer(
            workspace ?? self.workspace, in: folder, ledger: ledger,
            environment: applicationSecrets.merging(rig.environment) { $1 }, seen: seen.map { [0: $0] } ?? [:]
        ).perform(step)
    }

    private func observe(environment: [String: String] = [:]) async -> Reach<StoreSnapshot> {
        guard let binding = workspace.clientBindings["checkout"] else { return .absent }
        return await BindingStoreObserver(
            folder: folder.path, connections: opened(environment: environment), fingerprinter: fingerprinter
        ).observe(binding, targetIndex: 0)
    }

    private func observed() async throws -> StoreSnapshot {
        let reach = await observe()
        return try #require(reach.snapshot, "\(reach)")
    }

    private func content(_ step: Step) async throws -> StoreContent {
        guard case .binding(.publish(let publication)) = step.action, let binding = workspace.clientBindings["checkout"]
        else {
            throw StepFailure(.rejected, "no publication")
        }
        return try await performer(
            workspace, in: folder, environment: applicationSecrets.merging(rig.environment) { $1 }
        ).content(publication, of: binding, rig.target)
    }

    private func failure(_ body: () async throws -> Void) async -> StepFailure? {
        do {
            try await body()
        } catch let failure as StepFailure {
            return failure
        } catch {
            Issue.record("\(error)")
        }
        return nil
    }
}
