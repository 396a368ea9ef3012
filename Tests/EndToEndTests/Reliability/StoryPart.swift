/// The parts of the story that faults are tried in. Each begins where the one before has ended.
enum StoryPart: String, CaseIterable, Sendable {
    case sites
    case protection
    case switchover
    case failover
    case fencing
    case `return`

    /// What happens, for the page.
    var words: String {
        switch self {
        case .sites: "two environments with a cluster and a registry each are made"
        case .protection: "two topics, a bidirectional link, mirrors, an exporter and a binding are made on them"
        case .switchover: "the primary becomes the standby, and the other way round"
        case .failover: "the primary is dead, the standby takes over"
        case .fencing: "the lost side is back, and is kept from being written to"
        case .return: "the lost side becomes the standby, after a consent"
        }
    }

    /// How the part ends when nothing is disturbed.
    var exitCode: Int32 {
        switch self {
        case .failover, .fencing: 3
        case .sites, .protection, .switchover, .return: 0
        }
    }

    /// Which site serves when it begins.
    var primary: String {
        switch self {
        case .sites, .protection, .switchover, .fencing, .return: "west"
        case .failover: "east"
        }
    }

    /// Which site serves when it has ended.
    var target: String {
        self == .switchover ? "east" : "west"
    }

    /// Where a call is tried that several parts make: moves are most worth it.
    static let byWorth: [StoryPart] = [.switchover, .failover, .return, .fencing, .protection, .sites]
}
