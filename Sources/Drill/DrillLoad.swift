import Domain
import Rendering

/// The applications of a rehearsal: a writer for each topic of the group, and readers whose offsets the link syncs.
struct DrillLoad {
    /// How often an application without a restart hook rereads its binding, in milliseconds.
    static let rereadMilliseconds = 1_000
    /// How long a reader that cannot say good-bye keeps its partitions: the least that brokers allow by default
    /// (`group.min.session.timeout.ms`).
    private static let sessionMilliseconds = 6_000
    /// Most topics that are written and read.
    private static let limit = 24

    /// The applications.
    let clients: [DrillClient]
    /// What the report says of them.
    let summary: DrillReport.Load
    /// How they differ from real ones, where that matters.
    private(set) var notes: [String] = []

    /// The load on a family of groups.
    ///
    /// - Parameters:
    ///   - recordsPerSecond: Records a second to each topic.
    ///   - folder: Where the bindings are published.
    init(of family: GroupFamily, in workspace: Workspace, recordsPerSecond: Int, folder: String) {
        let places = family.groups.flatMap { group in
            workspace.topicNames(of: group.name).map { (topic: $0, group: group.name) }
        }
        let chosen = places.prefix(Self.limit)
        let bindings = Dictionary(
            uniqueKeysWithValues: family.groups.map { group in
                let own = workspace.clientBindings.values.filter { $0.target == .failoverGroup(group.name) }
                return (group.name, own.compactMap(DrillBinding.init).sorted { $0.name < $1.name })
            })
        let names = Self.consumerGroups(of: family)
        var clients: [DrillClient] = []
        for (number, place) in chosen.enumerated() {
            guard let own = bindings[place.group], !own.isEmpty else { continue }
            let binding = own[number % own.count]
            var writer = DrillClient("writer of \(place.topic)", following: binding, in: folder)
            writer.produce = [.init(topic: place.topic, perSecond: recordsPerSecond)]
            clients.append(writer)
            guard let prefix = names.prefix else { continue }
            let group = "\(prefix)drill-\(place.topic)"
            clients.append(Self.reader(of: [place.topic], as: group, following: binding, in: folder))
        }
        if case .shared(let name) = names, let binding = bindings.values.joined().min(by: { $0.name < $1.name }) {
            let topics = clients.flatMap(\.produce).map(\.topic)
            clients.append(Self.reader(of: topics, as: name, following: binding, in: folder))
        }
        self.clients = clients
        let writers = clients.filter(\.isWriter)
        summary = DrillReport.Load(
            topics: writers.count, producers: writers.count, consumers: clients.count - writers.count,
            recordsPerSecond: recordsPerSecond, bindings: Set(clients.map(\.group)).sorted())
        noteLimits(places.count, names, clients)
    }

    private mutating func noteLimits(_ topics: Int, _ names: GroupNames, _ clients: [DrillClient]) {
        if topics > Self.limit { notes.append("Only \(Self.limit) of \(topics) topics are written and read.") }
        if case .unsynced = names {
            notes.append(
                "Consumer offsets are not synced by the link: readers begin at the earliest record after a move.")
        }
        if clients.contains(where: { if case .poll = $0.read { true } else { false } }) {
            notes.append("Applications whose binding has no restart hook are taken to reread it every second.")
        }
    }

    private static func reader(
        of topics: [String], as group: String, following binding: DrillBinding, in folder: String
    ) -> DrillClient {
        var reader = DrillClient("reader \(group)", following: binding, in: folder)
        reader.consume = .init(group: group, topics: topics, sessionTimeoutMs: sessionMilliseconds)
        return reader
    }

    // MARK: Consumer groups

    /// How consumer groups are named, so that the link syncs their offsets.
    private enum GroupNames {
        /// One for each topic, which begin so.
        case perTopic(prefix: String)
        /// One with this name for all topics.
        case shared(String)
        /// None is synced.
        case unsynced

        /// What names of groups of one topic begin with; `nil` when all topics share one.
        var prefix: String? {
            switch self {
            case .perTopic(let prefix): prefix
            case .shared: nil
            case .unsynced: ""
            }
        }
    }

    private static func consumerGroups(of family: GroupFamily) -> GroupNames {
        guard let sync = family.linkSettings.consumerOffsetSync, sync.enabled, let first = sync.includeGroups.first
        else {
            return .unsynced
        }
        if let pattern = sync.includeGroups.first(where: { $0.hasSuffix("*") }) {
            return .perTopic(prefix: String(pattern.dropLast()))
        }
        return .shared(first)
    }
}
