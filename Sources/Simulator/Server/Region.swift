/// A place that fails as a whole, seen from three vantage points.
struct Region: Sendable {
    enum State: String, Sendable {
        case up
        /// Connections are refused.
        case down
        /// Connections are accepted and never answered.
        case blackhole
    }

    /// What operators' calls, Spillway's among them, get.
    var runner = State.up
    /// What servers of other regions get: links and exporters.
    var sites = State.up
    /// What applications' producers and consumers get.
    var clients = State.up
    /// Added to every answer.
    var latency: Milliseconds = 0

    var json: JSON {
        [
            "state": .string(runner.rawValue), "runner": .string(runner.rawValue), "sites": .string(sites.rawValue),
            "clients": .string(clients.rawValue), "latencyMs": JSON(latency),
        ]
    }
}
