/// Milliseconds since the Unix epoch on the simulator's clock, real or virtual.
package typealias Milliseconds = Int64

/// What a model may use of the world while it answers a request.
package protocol Surroundings {
    /// The simulator's time.
    var now: Milliseconds { get }
    /// Seeded randomness: equal seeds give equal runs.
    var random: SeededGenerator { get set }
    /// Checks that the services leave out on purpose.
    var lies: Set<Lie> { get }
}
