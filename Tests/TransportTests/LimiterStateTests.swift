import Synchronization
import Testing

@testable import Transport

/// Additive increase, multiplicative decrease.
@Suite struct LimiterStateTests {
    private func finish(_ state: inout LimiterState, _ outcome: LimiterState.Outcome) throws {
        let ticket = state.admit()
        state.finish(try #require(ticket), outcome)
    }

    @Test("Requests that fail together shrink the limit once; answers let it grow back to the maximum")
    func adapts() throws {
        var state = LimiterState(maximum: 16)
        let together = (0..<16).compactMap { _ in state.admit() }
        #expect(together.count == 16)
        let further = state.admit()
        #expect(further == nil)
        for ticket in together { state.finish(ticket, .overloaded) }
        #expect(Int(state.limit) == 8)
        try finish(&state, .overloaded)
        #expect(Int(state.limit) == 4)
        for _ in 0..<300 { try finish(&state, .answered) }
        #expect(Int(state.limit) == 16)
        #expect(state.inFlight == 0)
    }

    @Test("One request always gets through, however often the server is overloaded")
    func floor() throws {
        var state = LimiterState(maximum: 4)
        for _ in 0..<10 { try finish(&state, .overloaded) }
        let first = state.admit()
        let second = state.admit()
        #expect(first != nil)
        #expect(second == nil)
    }

    @Test("Failures that say nothing about load leave the limit as it is")
    func unknown() throws {
        var state = LimiterState(maximum: 4)
        try finish(&state, .unknown)
        #expect(state.limit == 4)
    }

    /// Counts who is inside at once.
    private final class Crowd: Sendable {
        private let state = Mutex((now: 0, most: 0, done: 0))

        var most: Int { state.withLock { $0.most } }
        var done: Int { state.withLock { $0.done } }

        func enter() {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
        }

        func leave() {
            state.withLock { state in
                state.now -= 1
                state.done += 1
            }
        }
    }

    @Test("No more than the limit are let through at once, and all get through in the end")
    func inFlight() async {
        let limiter = AdaptiveLimiter(maximum: 3, elapsed: { .zero })
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    guard let ticket = await limiter.acquire() else { return }
                    crowd.enter()
                    for _ in 0..<5 { await Task.yield() }
                    crowd.leave()
                    await limiter.release(ticket, .answered)
                }
            }
        }
        #expect(crowd.most <= 3)
        #expect(crowd.done == 50)
    }

    @Test("Who is cancelled while waiting for a place gets none and takes none")
    func cancelled() async throws {
        let limiter = AdaptiveLimiter(maximum: 1, elapsed: { .zero })
        let held = try #require(await limiter.acquire())
        let waiting = Task { await limiter.acquire() }
        waiting.cancel()
        #expect(await waiting.value == nil)
        await limiter.release(held, .answered)
        #expect(await limiter.acquire() != nil)
    }
}
