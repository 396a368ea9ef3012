import Synchronization

/// Lets calls that may have an effect come to their end although the step that sent them is cancelled.
///
/// An interrupted run cancels its steps: waits end at once, and nothing more is sent. What is on the wire already is
/// finished, so that its outcome is known, until the shield is taken away.
package final class CallShield: Sendable {
    private struct State {
        var isTakenAway = false
        var nextID = 0
        var calls: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// The shield of the run that the current task belongs to.
    @TaskLocal static var current: CallShield?

    init() {}

    /// Sends a call to its end, also when the current task is cancelled meanwhile; without a run, as any other work.
    package static func finishing<Answer: Sendable>(_ send: @escaping @Sendable () async -> Answer) async -> Answer {
        guard let shield = current else { return await send() }
        return await shield.finish(send)
    }

    /// Cancels the calls in flight, and those to come.
    func takeAway() {
        let calls = state.withLock { state in
            state.isTakenAway = true
            defer { state.calls = [:] }
            return state.calls.values
        }
        for cancel in calls { cancel() }
    }

    private func finish<Answer: Sendable>(_ send: @escaping @Sendable () async -> Answer) async -> Answer {
        let call = Task { await send() }
        let id = state.withLock { state -> Int? in
            guard !state.isTakenAway else { return nil }
            state.nextID += 1
            state.calls[state.nextID] = { call.cancel() }
            return state.nextID
        }
        guard let id else {
            call.cancel()
            return await call.value
        }
        defer { state.withLock { state in state.calls[id] = nil } }
        return await call.value
    }
}
