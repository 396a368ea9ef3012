package import Domain
import Synchronization

/// Every secret that one command has read or was given, so that none of them gets into anything that is shown or kept:
/// all text from outside goes through ``clean(_:)`` before it is cut, shown or remembered.
package final class KnownSecrets: Sendable {
    private struct State {
        var known: Set<String> = []
        var redaction = Redaction()
    }

    private let state = Mutex(State())

    package init() {}

    package func learn(_ secrets: [Secret]) {
        state.withLock { state in
            for secret in secrets where secret.reveal({ state.known.insert($0).inserted }) {
                state.redaction.add(secret)
            }
        }
    }

    package func learn(_ secret: Secret) {
        learn([secret])
    }

    /// Learns a pair that signs in by HTTP Basic.
    package func learn(user: Secret, password: Secret) {
        learn([user, password])
        state.withLock { state in
            let pair = user.reveal { user in password.reveal { "\(user):\($0)" } }
            guard state.known.insert(pair).inserted else { return }
            state.redaction.add(user: user, password: password)
        }
    }

    /// Text from outside without secrets, and without characters that command a terminal or reorder what is read.
    package func clean(_ text: String) -> String {
        let redaction = state.withLock { $0.redaction }
        return redaction.clean(text).withoutCommands
    }

    /// A step's failure without secrets.
    package func clean(_ failure: StepFailure) -> StepFailure {
        failure.saying(clean(failure.message))
    }
}

extension String {
    /// The text with a space in place of each line end, control character and mark that reorders text.
    fileprivate var withoutCommands: String {
        guard unicodeScalars.contains(where: \.isCommand) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if !scalar.isCommand {
                result.unicodeScalars.append(scalar)
            } else if result.last != " " {
                result.append(" ")
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether it is a control character or a mark that reorders text.
    fileprivate var isCommand: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
