import Synchronization
import Transport

/// Time that passes only by being slept through; remembers every sleep.
final class VirtualTime: Sendable {
    private struct State {
        var now: Duration = .zero
        var sleeps: [Duration] = []
    }

    private let state = Mutex(State())
    private let jitter: Double

    /// - Parameter jitter: What every random number is.
    init(jitter: Double = 1) {
        self.jitter = jitter
    }

    var sleeps: [Duration] { state.withLock { $0.sleeps } }
    var now: Duration { state.withLock { $0.now } }

    var pacing: Pacing {
        Pacing(
            elapsed: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock { state in
                    state.now += duration
                    state.sleeps.append(duration)
                }
                await Task.yield()
            },
            random: { self.jitter })
    }
}

/// Runs a body with a transport that is shut down afterwards.
func withTransport<Result: Sendable>(
    _ settings: HTTPTransport.Settings = HTTPTransport.Settings(), _ time: VirtualTime = VirtualTime(),
    _ body: @Sendable (HTTPTransport) async throws -> Result
) async throws -> Result {
    let transport = HTTPTransport(settings: settings, pacing: time.pacing)
    do {
        let result = try await body(transport)
        await transport.shutdown()
        return result
    } catch {
        await transport.shutdown()
        throw error
    }
}
