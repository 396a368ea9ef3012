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
}
