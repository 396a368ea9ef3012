/// Which half of a link a cluster holds (Confluent docs, *Cluster Linking: link modes*).
package enum LinkHalf: String, Hashable, Sendable, Codable {
    /// Destination half that dials the source; the usual case.
    case destination
    /// Destination half that waits for the source to dial.
    case inboundDestination
    /// Source half that dials the destination.
    case source
    /// Bidirectional half that dials.
    case bidirectional
    /// Bidirectional half that waits to be dialled.
    case inboundBidirectional
    /// Bidirectional half that dials a side which only waits.
    case outboundBidirectional

    /// `link.mode`.
    package enum Mode: WireWord {
        case destination
        case source
        case bidirectional
        case other(String)

        /// The words this version knows.
        package static let known: [String: Mode] = [
            "DESTINATION": .destination, "SOURCE": .source, "BIDIRECTIONAL": .bidirectional,
        ]

        /// The word it does not know.
        package var unknown: String? {
            if case .other(let word) = self { word } else { nil }
        }
    }

    /// `connection.mode`: who dials.
    package enum Connection: WireWord {
        case outbound
        case inbound
        case other(String)

        /// The words this version knows.
        package static let known: [String: Connection] = ["OUTBOUND": .outbound, "INBOUND": .inbound]

        /// The word it does not know.
        package var unknown: String? {
            if case .other(let word) = self { word } else { nil }
        }
    }

    /// `link.mode` on the wire.
    package var mode: Mode {
        switch self {
        case .destination, .inboundDestination: .destination
        case .source: .source
        case .bidirectional, .inboundBidirectional, .outboundBidirectional: .bidirectional
        }
    }

    /// `connection.mode` on the wire.
    package var connection: Connection {
        switch self {
        case .inboundDestination, .inboundBidirectional: .inbound
        case .destination, .source, .bidirectional, .outboundBidirectional: .outbound
        }
    }

    /// Whether this half dials, and so needs the other side's bootstrap servers and credentials.
    package var dials: Bool { connection == .outbound }

    /// Whether this half also needs its own cluster's credentials (`local.*`).
    package var needsLocalCredentials: Bool { self == .source || self == .outboundBidirectional }
}

/// State of a link (`link_state`; `confluent-kafka` OpenAPI, *LinkData*).
package enum LinkState: WireWord {
    case active
    case available
    case paused
    case failed
    case unavailable
    case other(String)

    /// The words this version knows.
    package static let known: [String: LinkState] = [
        "ACTIVE": .active, "AVAILABLE": .available, "PAUSED": .paused, "FAILED": .failed, "UNAVAILABLE": .unavailable,
    ]

    /// The word it does not know.
    package var unknown: String? {
        if case .other(let word) = self { word } else { nil }
    }
}

/// State of a task of a link (`link_tasks`).
package enum LinkTaskState: WireWord {
    case active
    case inError
    case linkFailed
    case linkUnavailable
    case other(String)

    /// The words this version knows.
    package static let known: [String: LinkTaskState] = [
        "ACTIVE": .active, "IN_ERROR": .inError, "LINK_FAILED": .linkFailed, "LINK_UNAVAILABLE": .linkUnavailable,
    ]

    /// The word it does not know.
    package var unknown: String? {
        if case .other(let word) = self { word } else { nil }
    }
}
