import Synchronization

/// Lets calls that may have an effect come to their end although the step that sent them is cancelled, and none begin
/// when the run may not send any more.
///
/// An interrupted run cancels its steps: waits end at once, and nothing more is sent. What is on the wire already is
/// finished, so that its outcome is known, until the shield is taken away. Between the intent of a step and its call
/// anything can pass: others' calls, a repetition, a machine that sleeps. Each call asks again.
package final class CallShield: Sendable {
    private struct State {
        var isTakenAway = false
        var nextID = 0
        var calls: [Int: @Sendable () -> Void] = [:]
        /// When the question began whose answer was that the run may send.
        var allowedAt: ContinuousClock.Instant?
        var hasDenied = false
        var question: Task<Bool, Never>?
    }

    /// How long a yes is good for.
    private static let trust: Duration = .seconds(1)

    private let state = Mutex(State())

    /// The shield of the run that the current task belongs to.
    @TaskLocal static var current: CallShield?

    private let mayBeSent: @Sendable () async -> Bool

    /// - Parameter mayBeSent: Whether the run may send anything now.
    init(mayBeSent: @escaping @Sendable () async -> Bool) {
        self.mayBeSent = mayBeSent
    }

    /// Whether a call that may have an effect may be sent now; always, where there is no run.
    package static func permitsSending() async -> Bool {
        guard let shield = current else { return true }
        // What is asked for this is no call of the step.
        return await $current.withValue(nil) { await Deeds.$ofStep.withValue(nil) { await shield.isAllowed() } }
    }

    /// Whether the run was once not allowed to send: it never is again.
    var hasDenied: Bool { state.withLock(\.hasDenied) }

    /// Those who ask while a question is open share its answer: a place that is silent is waited for once, not by each call.
    private func isAllowed() async -> Bool {
        let now = ContinuousClock.now
        let question = state.withLock { known -> Task<Bool, Never>? in
            let isTrusted = known.allowedAt.map { $0.duration(to: now) < Self.trust } ?? false
            guard !known.hasDenied, !isTrusted else { return nil }
            let question = known.question ?? Task { [self] in await ask(at: now) }
            known.question = question
            return question
        }
        guard let question else { return !hasDenied }
        return await question.value
    }

    private func ask(at moment: ContinuousClock.Instant) async -> Bool {
        let isAllowed = await mayBeSent()
        state.withLock { known in
            known.question = nil
            known.hasDenied = known.hasDenied || !isAllowed
            if isAllowed { known.allowedAt = moment }
        }
        return isAllowed
    }

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
