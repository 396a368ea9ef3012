/// One HTTP request as the models see it: no sockets, no framework types.
struct Request: Sendable {
    /// Upper-case method: `GET`, `POST`, ….
    var method: String
    /// Path segments, percent-decoded one by one, so that `%2F` inside a name stays inside its segment.
    var path: [String]
    /// Whether the path ends with a slash: to a key-value store `apps/` is another key than `apps`.
    var endsInSlash = false
    /// Query items in order; a key without `=` has an empty value.
    var query: [(name: String, value: String)]
    /// Header fields with lower-case names.
    var headers: [String: String]
    /// The whole body; empty when there is none.
    var body: [UInt8]

    /// The first value of a query item.
    func query(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    /// Whether a boolean query item is `true`, in capitals or not: Python's clients send `True`.
    func flag(_ name: String) -> Bool {
        query(name)?.lowercased() == "true"
    }
}

/// One HTTP response as the models produce it.
struct Response: Sendable {
    var status: Int
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// What follows the body, made as it is sent, so that a very long list is never held as text.
    var rest: BodyPieces?
    /// Whose news follow for as long as the connection is open, when this answers a watch.
    var watch: KubernetesWatch?
    /// Gives the news of ``watch``.
    var news: (@Sendable (KubernetesWatch) async -> (lines: [UInt8], next: KubernetesWatch?))?

    /// The same response with everything in its body.
    var gathered: Response {
        guard let rest else { return self }
        var gathered = self
        gathered.rest = nil
        for index in 0..<rest.count { gathered.body += rest.make(index) }
        return gathered
    }
}

/// The pieces of a long body. They are of one moment, however late they are made.
struct BodyPieces: Sendable {
    let count: Int
    let make: @Sendable (Int) -> [UInt8]
}

/// Milliseconds since the Unix epoch on the simulator's clock, real or virtual.
typealias Milliseconds = Int64

/// What a model may use of the world while it answers a request or advances in time.
protocol Surroundings {
    /// The simulator's time.
    var now: Milliseconds { get }
    /// Seeded randomness: equal seeds give equal runs.
    var random: SeededGenerator { get set }
    /// Appends an event to the log, stamped with its own effect time.
    mutating func record(_ event: Event, at time: Milliseconds)
    /// Whether one site's servers can reach another site's (the site↔site vantage point).
    func siteReaches(_ from: String, _ to: String, _ service: Service) -> Bool
    /// What an exporter has to fail with; `nil` when nothing is wrong with it on purpose.
    func exporterTrace(_ name: String, of registry: String) -> String?
}
