/// What all models share: the time, randomness, the event log, and who reaches whom.
struct Stage: Surroundings, Sendable {
    var now: Milliseconds
    var random: SeededGenerator
    private(set) var log = EventLog()
    /// Regions whose servers other regions do not reach.
    var isolatedSites: Set<String> = []

    init(now: Milliseconds, seed: UInt64) {
        self.now = now
        random = SeededGenerator(seed: seed)
    }

    mutating func record(_ event: Event, at time: Milliseconds) {
        log.append(event, at: time)
    }

    func siteReaches(_ from: String, _ to: String) -> Bool {
        from == to || !isolatedSites.contains(from) && !isolatedSites.contains(to)
    }
}
