package import SimulatorCore

/// A cluster link as one cluster holds it; links that both sides know are two of these.
package final class Link {
    package enum State: String {
        case active = "ACTIVE"
        case paused = "PAUSED"
        case unavailable = "UNAVAILABLE"
        case failed = "FAILED"
    }

    /// Which side the other cluster was said to be when the link was made.
    enum RemoteRole: String {
        case source = "source_cluster_id"
        case destination = "destination_cluster_id"
        case remote = "remote_cluster_id"
    }

    package let name: String
    package let id: Identifier
    package let cluster: Cluster
    let role: RemoteRole
    let remoteID: String
    /// Explicitly set configs by name, secrets among them.
    var configs: [String: String]
    let created: Milliseconds
    package var state = State.active
    var error: (code: String, message: String)?
    /// Since when the other cluster has not been reached.
    var unreachableSince: Milliseconds?
    package var deletionRequested: Milliseconds?
    private(set) var mirrors: [String: Mirror] = [:]
    private var sortedMirrorNames: [String]?
    var taskErrors: [LinkTask: (code: String, message: String)] = [:]
    /// Mirrors with something to fetch.
    var waitingForFetch: Set<String> = []
    /// Mirrors whose source's configs changed.
    var waitingForConfigs: Set<String> = []
    /// Work that is on the agenda already.
    var scheduled: Set<LinkWork> = []

    init(
        name: String, id: Identifier, cluster: Cluster, role: RemoteRole, remoteID: String,
        configs: [String: String], created: Milliseconds
    ) {
        self.name = name
        self.id = id
        self.cluster = cluster
        self.role = role
        self.remoteID = remoteID
        self.configs = configs
        self.created = created
    }

    /// Mirrors in the order of their names.
    var sortedMirrors: [Mirror] {
        let names = sortedMirrorNames ?? mirrors.keys.sorted()
        sortedMirrorNames = names
        return names.compactMap { mirrors[$0] }
    }

    package func insert(_ mirror: Mirror) {
        mirrors[mirror.topic.name] = mirror
        sortedMirrorNames = nil
    }

    /// Makes a link like this one of another cluster, without mirrors.
    func copiedShell(on cluster: Cluster) -> Link {
        let copy = Link(
            name: name, id: id, cluster: cluster, role: role, remoteID: remoteID, configs: configs, created: created)
        copy.state = state
        copy.error = error
        copy.unreachableSince = unreachableSince
        copy.deletionRequested = deletionRequested
        copy.taskErrors = taskErrors
        copy.waitingForFetch = waitingForFetch
        copy.waitingForConfigs = waitingForConfigs
        copy.scheduled = scheduled
        return copy
    }

    func removeMirrors() {
        mirrors = [:]
        sortedMirrorNames = nil
        waitingForFetch = []
        waitingForConfigs = []
    }

    func removeMirror(_ name: String) {
        mirrors[name] = nil
        sortedMirrorNames = nil
        waitingForFetch.remove(name)
        waitingForConfigs.remove(name)
    }

    /// The effective value of a config; empty when it has none.
    package func config(_ name: String) -> String {
        configs[name] ?? LinkConfigTable.known[name]?.defaultValue ?? ""
    }

    func milliseconds(_ name: String) -> Milliseconds {
        Milliseconds(config(name)) ?? 0
    }

    func isOn(_ name: String) -> Bool {
        config(name) == "true"
    }

    var mode: String { config("link.mode") }
    var prefix: String { config("cluster.link.prefix") }
    var dialsOut: Bool { config("connection.mode") == "OUTBOUND" }
    var isPaused: Bool { isOn("cluster.link.paused") }
    /// Whether this half may hold mirrors.
    var receives: Bool { mode != "SOURCE" }
    var hasLiveMirrors: Bool { mirrors.values.contains { $0.isLive && $0.status != .failed } }
}

/// What a link does besides fetching records, as its tasks are named on the wire.
package enum LinkTask: String, CaseIterable {
    case consumerOffsetSync = "ConsumerOffsetSync"
    case aclSync = "AclSync"
    case autoCreateMirror = "AutoCreateMirror"
    case topicConfigsSync = "TopicConfigsSync"

    /// The config that switches the task on; `nil` when it is always on.
    var enableConfig: String? {
        switch self {
        case .consumerOffsetSync: "consumer.offset.sync.enable"
        case .aclSync: "acl.sync.enable"
        case .autoCreateMirror: "auto.create.mirror.topics.enable"
        case .topicConfigsSync: nil
        }
    }

    /// The filter that goes when the task is switched off.
    var filterConfig: String? {
        switch self {
        case .consumerOffsetSync: "consumer.offset.group.filters"
        case .aclSync: "acl.filters"
        case .autoCreateMirror: "auto.create.mirror.topics.filters"
        case .topicConfigsSync: nil
        }
    }
}

/// What a link puts on the agenda.
package enum LinkWork: Hashable {
    case fetch
    case task(LinkTask)
    case timeout
}
