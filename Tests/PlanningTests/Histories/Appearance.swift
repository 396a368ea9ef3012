import Domain
import Planning

/// What a world looks like from outside, for telling what changed.
struct Appearance {
    struct Site {
        var topics: Set<String> = []
        var rows: [String: MirrorStatus] = [:]
        var denials: Set<ACLBinding> = []
        var records: [String: [Int]] = [:]
        var allowances: Set<ACLBinding> = []
        var commits: [World.Commit: Int] = [:]
        var links: [String: [String: String]] = [:]
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
    var owned: [ResourceAddress: Recorded.Owned] = [:]
    var announced: [ResourceAddress: [Int]] = [:]

    init() {}

    init(_ world: World, _ names: Names) {
        for (id, cluster) in world.clusters {
            guard let name = names.clusters[id] else { continue }
            var rows: [String: MirrorStatus] = [:]
            for row in cluster.mirrors where row.status != .stopped || rows[row.topic] == nil {
                rows[row.topic] = row.status
            }
            sites[name] = Site(
                topics: Set(cluster.topics.keys), rows: rows, denials: cluster.denials, records: cluster.records,
                allowances: cluster.allowances, commits: cluster.commits, links: cluster.links.mapValues(\.configs))
        }
        for (id, environment) in world.environments {
            guard let name = names.environments[id], let registry = environment.registry else { continue }
            modes[name] = registry.modes
            exporters[name] = registry.exporters.reduce(into: [:]) { exporters, exporter in
                let id = (exporter.destinationURL ?? "").dropFirst("https://sr.".count).dropLast()
                exporters[exporter.name] = Exporter(
                    destination: names.environments[String(id)] ?? "", state: exporter.state.description)
            }
            schemas[name] = world.schemas[id] ?? []
        }
        stores = world.stores.compactMapValues(\.bookkeeping)
        owned = world.ledger.owned.filter { $0.key.kind == .topic }
        announced = world.announced
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
                        environment: environment, name: name, destination: exporter.destination,
                        state: exporter.state.description))
            }
        }
        for (environment, held) in schemas where held != old.schemas[environment] {
            events.append(.schemas(environment: environment, held))
        }
        for (store, content) in stores where content != old.stores[store] {
            events.append(.published(store: store, content))
        }
        for (hook, generations) in announced where generations != old.announced[hook] {
            if let last = generations.last { events.append(.hook(hook, generation: last)) }
        }
        if owned != old.owned {
            for address in Set(old.owned.keys).union(owned.keys) where owned[address] != old.owned[address] {
                events.append(.owned(address, owned[address]))
            }
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
        if allowances != old.allowances {
            for entry in old.allowances.subtracting(allowances) {
                events.append(.allowance(site: name, entry, exists: false))
            }
            for entry in allowances.subtracting(old.allowances) {
                events.append(.allowance(site: name, entry, exists: true))
            }
        }
        if commits != old.commits {
            for (commit, offset) in commits where old.commits[commit] != offset {
                events.append(.committed(site: name, commit, offset: offset))
            }
        }
        if links != old.links {
            for link in Set(old.links.keys).union(links.keys) where old.links[link] != links[link] {
                events.append(.link(site: name, name: link, links[link]))
            }
        }
        return events
    }
}
