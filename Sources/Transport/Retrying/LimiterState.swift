/// How many requests an endpoint is given at once: additive increase, multiplicative decrease. Pure; the shell around
/// it is ``AdaptiveLimiter``.
struct LimiterState: Sendable {
    /// How a request ended, as far as the endpoint's load is concerned.
    enum Outcome: Sendable {
        case answered
        /// 429, or a 5xx.
        case overloaded
        /// Says nothing about load: no connection, cancelled.
        case unknown
    }

    /// What a request holds while it is in flight.
    struct Ticket: Sendable {
        fileprivate let generation: Int
    }

    private let maximum: Int
    private(set) var limit: Double
    private(set) var inFlight = 0
    private var generation = 0
    /// Whether one request at a time is let through, because nobody has seen the server yet.
    private var isClosed: Bool

    init(maximum: Int, startsAlone: Bool = false) {
        isClosed = startsAlone
        self.maximum = max(1, maximum)
        self.limit = Double(max(1, maximum))
    }

    /// Takes a place; `nil` when all are taken.
    mutating func admit() -> Ticket? {
        guard inFlight < (isClosed ? 1 : Int(limit)) else { return nil }
        inFlight += 1
        return Ticket(generation: generation)
    }

    /// Lets as many requests through as the server bears.
    mutating func open() {
        isClosed = false
    }

    /// Gives a place back. Requests that were in flight together shrink the limit once, not once each.
    mutating func finish(_ ticket: Ticket, _ outcome: Outcome) {
        inFlight -= 1
        switch outcome {
        case .answered:
            limit = min(Double(maximum), limit + 1 / limit)
        case .overloaded:
            guard ticket.generation == generation else { return }
            generation += 1
            limit = max(1, (limit / 2).rounded(.down))
        case .unknown: break
        }
    }
}
