import Domain
import Execution
import Planning
import StateStores
import Testing

/// Writes something of everything a ledger can hold.
func fill(_ store: any TransferableStore, _ run: String = "r1", topics: Int = 3) async throws {
    let session = try await store.begin(header(run), lockTimeout: .zero)
    let steps = (0..<topics).map { creation(of: ResourceAddress(.topic, in: "west", "\(run)-\($0)")) }
    try await session.intend(steps)
    try await session.conclude(
        [outcome(steps[0], failure(.denied))] + steps.dropFirst().map { outcome($0) })
    let move = RecordedMoves.Move(epoch: 3, from: "west", to: "east", kind: .failover)
    try await session.conclude([
        outcome(Step("open", orders, .ledger(.adopt), ledger: .move(family: "payments", .opened(move)))),
        outcome(
            Step(
                "hook", ResourceAddress(.hook, "shop/1"), .ledger(.adopt), ledger: .announced(generation: 7))),
    ])
    let lag = Recorded.Lag(records: 4, worst: 3, worstPartition: "t[1]", asOf: Timestamp(milliseconds: 5_000))
    try await session.remember(
        sites: KnownSites(
            clusters: ["west": .init(id: "lkc-1", lastAnswered: Timestamp(milliseconds: 9))],
            environments: ["prod": .init(id: "env-1")]), lag: ["payments": lag])
    try await store.record(lag: ["payments": lag])
    try await session.end(exitCode: 7, summary: "2 of 3")
}

/// Moves a ledger with something of everything from one store to another, works on there, and moves it back.
func moveThereAndBack(_ old: any TransferableStore, _ new: any TransferableStore) async throws {
    try await fill(old)
    let (before, key) = (try await old.recorded(), try await old.fingerprintKey())
    let run = try await old.run("r1")
    _ = try await old.migrate(to: new)
    #expect(try await new.recorded() == before)
    #expect(try await new.fingerprintKey()?.reveal { $0 } == key?.reveal { $0 })
    #expect(try await new.run("r1") == run)
    #expect(try await new.runs().first?.header.command == "state migrate from \(old.location)")
    let gone = StateStoreError.moved(location: old.location, to: new.location)
    await #expect(throws: gone) { try await old.recorded() }
    await #expect(throws: gone) { try await old.begin(header("r2"), lockTimeout: .zero) }

    try await fill(new, "r2")
    let later = try await new.recorded()
    _ = try await new.migrate(to: old)
    #expect(try await old.recorded() == later)
    #expect(try await old.run("r2")?.steps.count == run?.steps.count)
    try await old.begin(header("r3"), lockTimeout: .zero).end(exitCode: 0, summary: "goes on")
}
