import Domain
import Planning

/// What must hold of runs whose lock is taken over by others.
extension Judge {
    struct Leases {
        /// End of each run's lease.
        var ends: [Int: Timestamp] = [:]
        /// The run that took the lock last.
        var owner: Int?
        /// Calls of each run that were under way when it lost the lock.
        var underWay: [Int: Set<Step.ID>] = [:]
        var sent: [Int: Set<Step.ID>] = [:]
        var hasActed: Set<Int> = []
    }

    mutating func lock(_ run: Int, _ until: Timestamp) {
        leases.ends[run] = until
        guard leases.owner != run else { return }
        if let before = leases.owner { leases.underWay[before] = leases.sent[before] }
        leases.owner = run
    }

    /// Whether a run has lost its lock to a later one.
    func isOvertaken(_ actor: Event.Actor) -> Bool {
        if case .run(let run) = actor, let owner = leases.owner { run < owner } else { false }
    }

    /// A call leaves only while it would be answered, or given up, within the lease.
    mutating func send(_ step: Step, _ run: Int, _ time: Timestamp, _ timeout: Duration) {
        leases.sent[run, default: []].insert(step.id)
        guard let end = leases.ends[run] else { return }
        if time.advanced(by: timeout) > end { find("P16", "run \(run) sends \(step.id) beyond its lease") }
    }

    /// Nothing a run does has an effect after a later owner of the lock has acted, but for what was under way.
    mutating func checkStale(_ run: Int, _ what: Event.What) {
        guard case .called(let step, didFail: false) = what, let owner = leases.owner else { return }
        leases.sent[run]?.remove(step.id)
        if run == owner { leases.hasActed.insert(run) }
        guard run < owner, leases.hasActed.contains(owner), step.isEffectful else { return }
        if !(leases.underWay[run] ?? []).contains(step.id) {
            find("P16", "\(step.id) of run \(run) has its effect after run \(owner) took over")
        }
    }
}
