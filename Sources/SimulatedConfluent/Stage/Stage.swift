package import SimulatorCore

/// What all models share: the time, randomness, the event log, who reaches whom, and what goes wrong on purpose.
package struct Stage: Surroundings, Sendable {
    package var now: Milliseconds
    package var random: SeededGenerator
    package private(set) var log = EventLog()
    package var reachability = Reachability()
    /// Troubles inside the services, each for as long as its window is open.
    package var troubles: [Trouble] = []
    /// Checks that the services leave out on purpose.
    package var lies: Set<Lie> = []
    /// Whether the caller of the request under way will not get to know what became of it.
    package var answersAreLost = false
    /// When this world began: what scripts count from.
    package let start: Milliseconds

    package init(now: Milliseconds, seed: UInt64) {
        self.now = now
        start = now
        random = SeededGenerator(seed: seed)
    }

    package mutating func record(_ event: Event, at time: Milliseconds) {
        log.append(event, at: time)
    }

    package mutating func limitLog(to count: Int?) {
        log.limit = count
    }

    func siteReaches(_ from: String, _ to: String, _ service: Service = .brokers) -> Bool {
        reachability.joins(from, to, service)
    }

    /// The first trouble under way that concerns an object and is of the kind asked for.
    package func trouble<Found>(_ object: [String: String], _ kind: (Trouble.Kind) -> Found?) -> Found? {
        guard !troubles.isEmpty else { return nil }
        for trouble in troubles
        where trouble.window.isOpen(after: now - start) && trouble.concerns(object) {
            if let found = kind(trouble.kind) { return found }
        }
        return nil
    }

    func exporterTrace(_ name: String, of registry: String) -> String? {
        trouble(["exporter": name, "registry": registry]) { kind in
            if case .exporterTrace(let trace) = kind { trace } else { nil }
        }
    }
}
