import Domain
import Planning

/// One thing that happened, and who did it: all that the judge of a history is told.
struct Event {
    enum Actor: Hashable {
        case run(Int)
        case client(String)
        case server
        case people
    }

    enum What {
        /// A run begins, with what its manifests say.
        case began([FamilyFacts], [Step], decisions: [NeededDecision])
        /// A run ended; `isUndone` = it took its own move back.
        case ended(isKilled: Bool, isUndone: Bool)
        /// A step was sent; `didFail` = the run thinks that it failed.
        case called(Step, didFail: Bool)
        /// The ledger learned of a move.
        case learned(family: String, MoveEvent)
        case appended(site: String, topic: String, record: Int)
        case copied(site: String, topic: String, records: [Int])
        case dropped(site: String, topic: String, records: [Int])
        case topic(site: String, topic: String, exists: Bool)
        /// The effective row of a topic changed; `nil` = none.
        case row(site: String, topic: String, MirrorStatus?)
        case entry(site: String, ACLBinding, exists: Bool)
        case mode(environment: String, RegistryContext, RegistryMode)
        /// An exporter's state; `nil` = gone.
        case exporter(environment: String, name: String, destination: String, state: String?)
        case schemas(environment: String, Set<SchemaVersionID>)
        case published(store: ResourceAddress, StoreSnapshot.Bookkeeping)
        case reach(World.Endpoint, Bool)
        /// What the ledger knew of moves is gone, or is not what it was.
        case ledgerChanged
    }

    let actor: Actor
    let what: What
}

/// What the manifests of a run say about a family.
struct FamilyFacts {
    let name: String
    let members: [String]
    let primary: String
    let topics: Set<String>
    let left: Set<String>
    let bindings: Set<String>
    let fenced: Set<String>
    let isFenceDeclared: Bool
    let isBidirectional: Bool
    let reprotect: FailoverGroupSpec.Reprotect
    let discard: Set<String>
    let environments: [String: String]
    let contexts: [RegistryContext]

    var isFenceComplete: Bool { fenced.contains("User:*") }

    init(_ family: GroupFamily, _ workspace: Workspace, left: Set<String>) {
        name = family.name
        members = family.members
        primary = family.primary
        let groups = Set(family.groups.map(\.name))
        topics = Set(
            workspace.topics.values.filter { spec in groups.contains { spec.home == .failoverGroup($0) } }
                .map(\.topicName))
        self.left = left
        bindings = Set(
            workspace.clientBindings.values.filter { spec in groups.contains { spec.target == .failoverGroup($0) } }
                .map(\.name))
        fenced = Set(family.groups.flatMap { $0.fence?.denyWrites ?? [] })
        isFenceDeclared = family.groups.allSatisfy { $0.fence != nil }
        isBidirectional = family.linkSettings.mode == .bidirectional
        reprotect = family.leader.reprotect
        discard = Set(family.leader.discard)
        environments = family.members.reduce(into: [:]) { $0[$1] = workspace.clusters[$1]?.environment }
        contexts = family.groups.contains { $0.schemas != nil } ? [RegistryContext("")] : []
    }
}

/// What a world looks like from outside, for telling what changed.
struct Appearance {
    struct Site {
        var topics: Set<String> = []
        var rows: [String: MirrorStatus] = [:]
        var denials: Set<ACLBinding> = []
        var records: [String: [Int]] = [:]
    }

    struct Exporter: Equatable {
        let destination: String
        let state: String
    }

    var sites: [String: Site] = [:]
    var modes: [String: [RegistryContext: RegistryMode]] = [:]
    var exporters: [String: [String: Exporter]] = [:]
    var schemas: [String: Set<SchemaVersionID>] = [:]
    var stores: [ResourceAddress: StoreSnapshot.Bookkeeping] = [:]

    init() {}

    init(_ world: World, _ names: Names) {
        for (id, cluster) in world.clusters {
            guard let name = names.clusters[id] else { continue }
            var rows: [String: MirrorStatus] = [:]
            for row in cluster.mirrors where row.status != .stopped || rows[row.topic] == nil {
                rows[row.topic] = row.status
            }
            sites[name] = Site(
                topics: Set(cluster.topics.keys), rows: rows, denials: cluster.denials, records: cluster.records)
        }
        for (id, environment) in world.environments {
            guard let name = names.environments[id], let registry = environment.registry else { continue }
            modes[name] = registry.modes
            exporters[name] = registry.exporters.reduce(into: [:]) { exporters, exporter in
                let id = (exporter.destinationURL ?? "").dropFirst("https://sr.".count).dropLast()
                exporters[exporter.name] = Exporter(
                    destination: names.environments[String(id)] ?? "", state: exporter.state)
            }
            schemas[name] = world.schemas[id] ?? []
        }
        stores = world.stores.compactMapValues(\.bookkeeping)
    }

    /// Names of sites by their ids.
    struct Names {
        var clusters: [String: String] = [:]
        var environments: [String: String] = [:]

        init(_ world: World, _ workspace: Workspace) {
            for name in workspace.clusters.keys {
                if let id = world.cluster(name, workspace)?.listed.id { clusters[id] = name }
            }
            for name in workspace.environments.keys {
                if let id = world.environment(name, workspace)?.id { environments[id] = name }
            }
        }
    }

    /// What turned another appearance into this one, losses first.
    func events(since old: Appearance) -> [Event.What] {
        var events: [Event.What] = []
        for (name, site) in sites.sorted(by: { $0.key < $1.key }) {
            events += site.events(since: old.sites[name] ?? Site(), name)
        }
        for (environment, modes) in modes where modes != old.modes[environment] {
            for (context, mode) in modes where mode != old.modes[environment]?[context] {
                events.append(.mode(environment: environment, context, mode))
            }
        }
        for (environment, exporters) in exporters where exporters != old.exporters[environment] {
            let before = old.exporters[environment] ?? [:]
            for (name, gone) in before where exporters[name] == nil {
                events.append(
                    .exporter(environment: environment, name: name, destination: gone.destination, state: nil))
            }
            for (name, exporter) in exporters where exporter != before[name] {
                events.append(
                    .exporter(
                        environment: environment, name: name, destination: exporter.destination, state: exporter.state))
            }
        }
        for (environment, held) in schemas where held != old.schemas[environment] {
            events.append(.schemas(environment: environment, held))
        }
        for (store, content) in stores where content != old.stores[store] {
            events.append(.published(store: store, content))
        }
        return events
    }
}

extension Appearance.Site {
    fileprivate func events(since old: Self, _ name: String) -> [Event.What] {
        var events: [Event.What] = []
        if records != old.records {
            for (topic, held) in old.records where held != records[topic] {
                let now = Set(records[topic] ?? [])
                let lost = held.filter { !now.contains($0) }
                if !lost.isEmpty { events.append(.dropped(site: name, topic: topic, records: lost)) }
            }
            for (topic, held) in records where held != old.records[topic] {
                let before = Set(old.records[topic] ?? [])
                let new = held.filter { !before.contains($0) }
                if !new.isEmpty { events.append(.copied(site: name, topic: topic, records: new)) }
            }
        }
        for topic in old.topics.subtracting(topics) { events.append(.topic(site: name, topic: topic, exists: false)) }
        for topic in topics.subtracting(old.topics) { events.append(.topic(site: name, topic: topic, exists: true)) }
        if rows != old.rows {
            for topic in Set(old.rows.keys).union(rows.keys) where old.rows[topic] != rows[topic] {
                events.append(.row(site: name, topic: topic, rows[topic]))
            }
        }
        for entry in old.denials.subtracting(denials) { events.append(.entry(site: name, entry, exists: false)) }
        for entry in denials.subtracting(old.denials) { events.append(.entry(site: name, entry, exists: true)) }
        return events
    }
}
