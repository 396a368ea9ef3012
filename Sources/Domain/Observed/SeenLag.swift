/// How far copies are behind: a number with the moment at which it was true, or why there is none.
///
/// There is no default: what was not seen is not 0.
package enum SeenLag: Sendable, Hashable, Codable {
    /// It was read while every copy fetched from its source.
    case seen(Recorded.Lag)
    /// It is not known, for these reasons.
    case unknown([LagDoubt])

    package var reading: Recorded.Lag? {
        if case .seen(let lag) = self { lag } else { nil }
    }

    /// Why there is none; empty when there is one.
    package var doubts: [LagDoubt] {
        if case .unknown(let doubts) = self { doubts } else { [] }
    }
}

/// Why the lag that a mirror tells is not how far it is behind.
package struct LagDoubt: Sendable, Hashable, Codable {
    /// What keeps it from being known.
    package enum Reason: Sendable, Hashable, Codable {
        /// The member did not answer.
        case memberUnseen(String)
        /// The source did not answer, so that what was told of it is as old as its last contact.
        case sourceUnseen(String)
        case noMirror
        /// The mirror does not fetch, by its status word.
        case notFetching(MirrorStatus)
        /// It follows another cluster than the one that serves.
        case otherSource
        /// Its link does not get through, with what it says.
        case link(String)
        /// The position in a partition that holds records is not known.
        case position(partition: Int)
        /// There is no position in a partition, and nothing shows yet that it is empty at the source.
        case unplaced(partition: Int)
        /// The list says nothing of some partitions.
        case incomplete
    }

    /// The topic; `nil` = every one.
    package var topic: String?
    /// The member that should hold the copy.
    package var member: String
    /// What keeps it from being known.
    package var reason: Reason

    /// A doubt about a topic, or about every topic of a member.
    package init(_ topic: String? = nil, on member: String, _ reason: Reason) {
        self.topic = topic
        self.member = member
        self.reason = reason
    }
}

extension MirrorStatus {
    /// Whether a mirror copies from its source now, so that its offsets are news.
    package var fetches: Bool {
        switch self {
        case .active, .pendingStopped, .pendingSynchronize: true
        default: false
        }
    }
}

extension ObservedMirror {
    /// Why its lags are no proof by themselves of how far it is behind; `nil` when they are.
    ///
    /// Lag 0 without a position is what a mirror tells that never fetched; where the source holds nothing it is right,
    /// which has to be shown by something else (``unplaced``).
    ///
    /// - Parameter holding: Partitions that are known to hold records at the source.
    package func doubt(holding: Set<Int>) -> LagDoubt.Reason? {
        guard status.fetches else { return .notFetching(status) }
        guard tellsEveryPartition else { return .incomplete }
        let lost = lags.filter { $0.lastSourceFetchOffset < 0 && ($0.lag != 0 || holding.contains($0.partition)) }
        return lost.map(\.partition).min().map { .position(partition: $0) }
    }

    /// Partitions of which it tells lag 0 without a position: they are empty at the source, or nothing was fetched yet.
    package var unplaced: [Int] {
        lags.filter { $0.lastSourceFetchOffset < 0 && $0.lag == 0 }.map(\.partition).sorted()
    }

    /// Whether there is an entry for each of its partitions. A row that does not say how many there are may leave some out.
    private var tellsEveryPartition: Bool {
        guard let partitions, partitions > 0, lags.count >= partitions else { return false }
        if lags.prefix(partitions).enumerated().allSatisfy({ $0.offset == $0.element.partition }) { return true }
        return Set(lags.map(\.partition)).isSuperset(of: 0..<partitions)
    }
}

extension ObservedLink {
    /// Who dials, as the link says; `nil` when it does not say.
    package var saysConnection: LinkHalf.Connection? {
        configs["connection.mode"].map(LinkHalf.Connection.init(wire:))
    }

    /// Who dials: this half, when the link does not say (Confluent docs, *connection.mode*: the default is OUTBOUND).
    package var connection: LinkHalf.Connection { saysConnection ?? .outbound }

    /// What says that it does not get through to the other side now; `nil` when nothing does.
    ///
    /// `ACTIVE` alone proves nothing: a link keeps saying so for minutes after the other side went away, while its tasks
    /// report what they meet.
    package var interruption: String? {
        if let error { return error }
        guard state == .active || state == .available else { return "is \(state)" }
        if ConfigValue.canonical("cluster.link.paused", configs["cluster.link.paused"] ?? "false") == "true" {
            return "is paused"
        }
        return tasks.first(where: \.isCutOff).map { "\($0.name): \($0.errors.first ?? $0.state.description)" }
    }
}

extension ObservedLink.Task {
    /// Whether all that it met are consumer groups that read where their offsets should be synced to.
    package var isOfGroupsInUse: Bool {
        !codes.isEmpty && codes.allSatisfy { $0 == "CONSUMER_GROUP_IN_USE_ERROR" }
    }

    /// Errors of a task's own work, while the link gets through.
    private static let ownErrors: Set<String> = [
        "CONSUMER_GROUP_IN_USE_ERROR", "TOPIC_EXISTS_ERROR", "POLICY_VIOLATION_ERROR", "ACL_LIMIT_EXCEEDED",
        "SECURITY_DISABLED_ERROR", "AUTHORIZATION_ERROR", "BROKER_AUTHORIZATION_ERROR", "INVALID_TOPIC",
        "INVALID_REQUEST_ERROR", "REMOTE_MIRROR_NOT_FOUND_ERROR", "UNKNOWN_TOPIC_OR_PARTITION_ERROR",
        "REMOTE_LINK_NOT_FOUND_ERROR", "LINK_NOT_FOUND_ERROR", "MISCONFIGURATION_ERROR", "SUPPRESSED_ERRORS",
        "NO_ERROR",
    ]

    /// Whether it met a link that does not get through.
    package var isCutOff: Bool {
        switch state {
        case .linkFailed, .linkUnavailable: true
        case .inError: codes.isEmpty || !codes.isSubset(of: Self.ownErrors)
        case .active, .other: false
        }
    }
}
