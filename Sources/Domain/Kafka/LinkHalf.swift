/// Which half of a link a cluster holds (Confluent docs, *Cluster Linking: link modes*).
public enum LinkHalf: String, Hashable, Sendable, Codable {
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

    /// `link.mode` on the wire.
    public var mode: String {
        switch self {
        case .destination, .inboundDestination: "DESTINATION"
        case .source: "SOURCE"
        case .bidirectional, .inboundBidirectional, .outboundBidirectional: "BIDIRECTIONAL"
        }
    }

    /// `connection.mode` on the wire.
    public var connectionMode: String {
        switch self {
        case .inboundDestination, .inboundBidirectional: "INBOUND"
        case .destination, .source, .bidirectional, .outboundBidirectional: "OUTBOUND"
        }
    }

    /// Whether this half dials, and so needs the other side's bootstrap servers and credentials.
    public var dials: Bool { connectionMode == "OUTBOUND" }

    /// Whether this half also needs its own cluster's credentials (`local.*`).
    public var needsLocalCredentials: Bool { self == .source || self == .outboundBidirectional }
}
