import Synchronization

extension StepFailure {
    /// What a step that did not succeed has changed all the same.
    package enum Effect: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nothing: no call was sent, each was turned away, or what was changed was put back and seen to be.
        case none
        /// A call may have had its effect; no answer said so.
        case unknown
        /// A call was accepted, and what it did is still so.
        case some
    }
}

/// What the calls of one step have changed so far. Whoever sends a call that can change something tells of it here, so
/// that a step that fails knows its effect.
package final class Deeds: Sendable {
    /// Those of the step that is being performed.
    @TaskLocal package static var ofStep: Deeds?

    private let known = Mutex(StepFailure.Effect.none)

    package init() {}

    /// What is known to be changed.
    package var effect: StepFailure.Effect { known.withLock { $0 } }

    /// A call that changes something was accepted.
    package func happened() {
        known.withLock { $0 = .some }
    }

    /// A call that changes something brought no answer that says whether it did.
    package func mayHaveHappened() {
        known.withLock { if $0 == .none { $0 = .unknown } }
    }

    /// Everything that was changed was put back, and was seen to be as it was.
    package func wereTakenBack() {
        known.withLock { $0 = .none }
    }
}

extension Deeds {
    /// Does some work, and tells the effect of one that fails by the calls that were sent for it.
    ///
    /// - Throws: ``StepFailure`` with its effect.
    package static func recorded<Value: Sendable>(
        _ work: @Sendable () async throws(StepFailure) -> Value
    ) async throws(StepFailure) -> Value {
        let deeds = Deeds()
        let result: Result<Value, StepFailure> = await $ofStep.withValue(deeds) {
            do throws(StepFailure) {
                return .success(try await work())
            } catch {
                return .failure(error)
            }
        }
        do {
            return try result.get()
        } catch {
            throw error.having(deeds.effect)
        }
    }
}
