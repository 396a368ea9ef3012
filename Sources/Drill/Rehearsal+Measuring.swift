import Domain
import Execution
import Rendering
import Session

/// What the applications of a rehearsal live through.
extension Rehearsal {
    /// A region is lost in the middle between two syncs of offsets, but not longer than this after one.
    private static let longestPauseAfterSync: Duration = .seconds(5)

    /// The strictest objectives of the groups that move together.
    var objectives: FailoverGroupSpec.Objectives {
        var strictest = FailoverGroupSpec.Objectives()
        let all = family.groups.map(\.objectives)
        strictest.recordsLost = all.compactMap(\.recordsLost).min()
        strictest.age = all.compactMap(\.age).min()
        strictest.recoveryTime = all.compactMap(\.recoveryTime).min()
        return strictest
    }

    /// Region in which a member lies.
    func region(of member: String) -> String {
        rehearsed.estate.regions[member] ?? ""
    }

    // MARK: Starting

    /// Starts the applications, and waits until standbys hold what they wrote and know how far they read.
    mutating func startApplications() async throws {
        let overview = try await simulator.overview()
        for member in family.members {
            clusterIDs[member] = try id(of: member, in: overview)
        }
        let load = DrillLoad(
            of: family, in: rehearsed.workspace, recordsPerSecond: recordsPerSecond, folder: bench.folder.path)
        guard load.summary.producers > 0 else {
            throw CommandFailure(.error, "\(family.name) has no topic to write to")
        }
        describe(load)
        progress("set up: \(load.summary.producers) writers and \(load.summary.consumers) readers start")
        try await simulator.start(load.clients)
        let source = clusterIDs[primary]
        try await simulator.wait("writers and readers did not get going on \(primary)") { workload in
            workload.clients.allSatisfy { client in
                client.cluster == source && (client.acknowledged > 0 || client.consumed > 0)
            }
        }
        try await waitForStandbys(load, overview)
    }

    private func id(of member: String, in overview: DrillSimulator.Overview) throws(CommandFailure) -> String {
        if let id = rehearsed.estate.clusters[member] { return id }
        let displayName = rehearsed.workspace.clusters[member]?.displayName
        let found = overview.clusters.first { $0.displayName == displayName && $0.region == region(of: member) }
        guard let found else { throw CommandFailure(.error, "\(member) was not made in the simulator") }
        return found.id
    }

    /// Makes the keys of applications at every cluster and registry that is there by now, as somebody would: until they
    /// sign in at the standby, nothing is protected. Where the fence names principals, they are who the applications are.
    mutating func makeClientKeys() async throws {
        let denied = family.groups.flatMap { $0.fence?.denyWrites ?? [] }.filter { $0 != "User:*" }.sorted()
        let owner = denied.first.map { String($0.dropFirst("User:".count)) } ?? "sa-drill"
        let missing = rehearsed.credentials.clientKeys.filter { !madeKeys.contains($0.id) }
        guard !missing.isEmpty else { return }
        let overview = try await simulator.overview()
        let keys = missing.compactMap { key -> SimulatedEstate.Key? in
            let resource: String? =
                switch key.door {
                case .cluster(let cluster): try? id(of: cluster, in: overview)
                case .registry(let environment): overview.registry(of: environment, in: rehearsed.estate)?.id
                }
            return resource.map { SimulatedEstate.Key(id: key.id, secret: key.secret, resource: $0, owner: owner) }
        }
        guard !keys.isEmpty else { return }
        try await simulator.seed(SimulatedEstate(keys: keys))
        madeKeys.formUnion(keys.map(\.id))
    }

    private mutating func waitForStandbys(_ load: DrillLoad, _ overview: DrillSimulator.Overview) async throws {
        let topics = Set(load.clients.flatMap(\.produce).map(\.topic))
        let groups = Set(load.clients.compactMap(\.consume?.group))
        let sync = family.linkSettings.consumerOffsetSync
        for member in family.secondaries {
            guard let cluster = overview.clusters.first(where: { $0.id == clusterIDs[member] }) else { continue }
            try await simulator.wait(upTo: .seconds(60), "\(member) got no records") {
                topics.isSubset(of: try await simulator.replicatedTopics(on: cluster))
            }
            guard let sync, sync.enabled else { continue }
            let known = try await simulator.reaches(upTo: sync.interval + .seconds(10)) {
                groups.isSubset(of: try await simulator.consumerGroups(on: cluster))
            }
            guard !known else { continue }
            note(["\(member) did not get the offsets of every reader before the loss; duplicates are more than usual."])
        }
        guard let sync, sync.enabled else { return }
        let pause = seed.map { seed in
            sync.interval * Double(Self.hash(seed) % 1_000) / 1_000
        }
        try await Task.sleep(for: min(pause ?? sync.interval / 2, Self.longestPauseAfterSync))
    }

    /// Spreads a seed: neighbouring ones choose moments far apart (the mixing step of SplitMix64).
    private static func hash(_ seed: UInt64) -> UInt64 {
        var mixed = seed &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    // MARK: Losing

    /// Takes a member's region away, and waits until its writers notice.
    mutating func loseRegion(of member: String) async throws {
        let before = try await simulator.workload().clients.filter { load?.isWriter($0.name) ?? false }
        let refused = Dictionary(uniqueKeysWithValues: before.map { ($0.name, $0.allRefused) })
        try await simulator.set(region: region(of: member), isSilent: true)
        lostAt = Workbench.now
        try await simulator.wait("writers did not notice that \(member) is gone") { workload in
            workload.clients.allSatisfy { client in refused[client.name].map { $0 < client.allRefused } ?? true }
        }
    }

    // MARK: Measuring

    /// Waits until every writer is acknowledged by a member, and tells how long that took.
    func recovery(on member: String, since start: Timestamp) async throws -> DrillReport.Recovery {
        let target = clusterIDs[member]
        let load = load
        let workload = try await simulator.wait("not all writers reached \(member)") { workload in
            workload.clients.allSatisfy { client in
                !(load?.isWriter(client.name) ?? false) || client.lastAckOn == target && client.moves.last?.to == target
            }
        }
        let moves = workload.clients.compactMap { $0.moves.last { $0.to == target } }
        let moved = moves.map(\.firstAckAfter).max() ?? start.milliseconds
        return DrillReport.Recovery(
            sinceApplyMilliseconds: max(0, moved - start.milliseconds),
            sinceLastContactMilliseconds: moves.map { $0.firstAckAfter - $0.lastAckBefore }.max() ?? 0)
    }

    /// What the applications saw since a moment, once every reader has read on.
    func records(since before: DrillSimulator.Workload) async throws -> DrillReport.Records {
        let now = try await simulator.workload()
        let consumed = Dictionary(uniqueKeysWithValues: now.clients.map { ($0.name, $0.consumed) })
        let load = load
        let after = try await simulator.wait("not all readers read on") { workload in
            workload.clients.allSatisfy { client in
                load?.isWriter(client.name) ?? true || client.consumed > consumed[client.name] ?? 0
            }
        }
        func since(_ count: (DrillSimulator.Workload) -> Int64) -> Int64 { max(0, count(after) - count(before)) }
        var records = DrillReport.Records(
            acknowledged: since { $0.groups.reduce(0) { $0 + $1.acknowledged } },
            lost: max(0, after.lost - lostSoFar),
            duplicates: since { $0.consumerGroups.reduce(0) { $0 + $1.duplicates } },
            gaps: since { $0.consumerGroups.reduce(0) { $0 + $1.gaps } })
        if records.lost > 0, let lostAt, let oldest = after.groups.compactMap(\.oldestLostAckedAt).min() {
            records.oldestLostMilliseconds = max(0, lostAt.milliseconds - oldest)
        }
        return records
    }

    private var lostSoFar: Int64 {
        report.phases.compactMap(\.records?.lost).reduce(0, +)
    }

    /// Objectives against what was measured.
    func checks(_ recovery: DrillReport.Recovery?, _ records: DrillReport.Records) -> [DrillReport.Check] {
        var checks: [DrillReport.Check] = []
        if let limit = objectives.recoveryTime, let recovery {
            let measured = recovery.sinceApplyMilliseconds
            checks.append(.init(.recoveryTime, measured: measured, limit: limit.wholeMilliseconds))
        }
        if let limit = objectives.recordsLost {
            checks.append(.init(.recordsLost, measured: records.lost, limit: Int64(limit)))
        }
        if let limit = objectives.age {
            checks.append(
                .init(.age, measured: records.oldestLostMilliseconds ?? 0, limit: limit.wholeMilliseconds))
        }
        return checks
    }
}

extension DrillSimulator.Overview {
    /// The registry of an environment, made by the estate or by the first apply.
    fileprivate func registry(of environment: String, in estate: DrillEstate) -> Registry? {
        let known = estate.environments[environment].flatMap { id in registries.first { $0.environment == id } }
        let seeded = estate.registries[environment].flatMap { id in registries.first { $0.id == id } }
        return known ?? seeded ?? registries.first { $0.region == estate.region(ofEnvironment: environment) }
    }
}

extension DrillLoad {
    /// Whether an application of this name writes.
    func isWriter(_ name: String) -> Bool {
        clients.contains { $0.name == name && $0.isWriter }
    }
}

extension DrillSimulator.Workload {
    /// Acknowledged records that no reachable cluster holds.
    fileprivate var lost: Int64 { groups.reduce(0) { $0 + $1.lost } }
}

extension DrillSimulator.Workload.Client {
    fileprivate var allRefused: Int64 { refused.values.reduce(0, +) }
}
