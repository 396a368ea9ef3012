/// Why a link does not work, by what it says of itself (Confluent, *Kafka REST v3: cluster links, link_error*).
package enum LinkFault: Hashable, Sendable {
    /// The other side refuses the credentials.
    case credentials(String)
    /// The link has given up; why, when it tells.
    case failed(String)
    /// It does not reach the other side.
    case unreachable(String)

    private static let ofCredentials = [
        "AUTHENTICATION_ERROR", "BROKER_AUTHENTICATION_ERROR", "AUTHORIZATION_ERROR", "BROKER_AUTHORIZATION_ERROR",
    ]

    /// Whether other credentials could make it work.
    package var concernsCredentials: Bool {
        if case .credentials = self { true } else { false }
    }

    /// Whether an error, `CODE: message`, is one of credentials.
    package static func isOfCredentials(_ error: String) -> Bool {
        ofCredentials.contains(String(error.prefix { $0 != ":" }))
    }

    package var words: String {
        switch self {
        case .credentials(let words), .failed(let words), .unreachable(let words): words
        }
    }
}

extension LinkFault {
    /// The fault of a link; `nil` when it names none.
    package init?(of link: ObservedLink) {
        let words = link.error.map { "\(link.state), \($0)" } ?? link.state.description
        if link.error.map(Self.isOfCredentials) ?? false {
            self = .credentials(words)
        } else if link.state == .failed {
            self = .failed(words)
        } else if link.state == .unavailable || link.error != nil {
            self = .unreachable(words)
        } else {
            return nil
        }
    }
}
