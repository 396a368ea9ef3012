import Foundation
import Synchronization

/// Somebody's answer at the terminal.
enum Prompt {
    /// Reads a line.
    ///
    /// - Returns: `nil` at the end of input, or when the current task is cancelled meanwhile.
    static func line() async -> String? {
        let answer = Answer()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                answer.expect(continuation)
                Thread.detachNewThread { answer.give(readLine()?.trimmingCharacters(in: .whitespaces)) }
            }
        } onCancel: {
            answer.give(nil)
        }
    }

    /// What comes first: a line, or the end of waiting for it.
    private final class Answer: Sendable {
        private enum State {
            case open
            case expected(CheckedContinuation<String?, Never>)
            case given
        }

        private let state = Mutex(State.open)

        func expect(_ continuation: CheckedContinuation<String?, Never>) {
            let isLate = state.withLock { state in
                guard case .open = state else { return true }
                state = .expected(continuation)
                return false
            }
            if isLate { continuation.resume(returning: nil) }
        }

        func give(_ line: String?) {
            let continuation = state.withLock { state -> CheckedContinuation<String?, Never>? in
                defer { state = .given }
                if case .expected(let continuation) = state { return continuation }
                return nil
            }
            continuation?.resume(returning: line)
        }
    }
}
