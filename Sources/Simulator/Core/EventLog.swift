/// Every event with the time its effect took place, in the order the effects were recorded.
struct EventLog: Sendable {
    struct Entry: Sendable, Equatable {
        var time: Milliseconds
        var event: Event
    }

    private(set) var entries: [Entry] = []

    mutating func append(_ event: Event, at time: Milliseconds) {
        entries.append(Entry(time: time, event: event))
    }

    /// The log from an entry on, as the admin API exports it.
    func json(from start: Int = 0) -> JSON {
        let shown = entries.dropFirst(max(0, start))
        return .array(zip(shown.indices, shown).map { index, entry in entry.json(at: index) })
    }
}

extension EventLog.Entry {
    fileprivate func json(at index: Int) -> JSON {
        var value: JSON = ["index": JSON(index), "time": JSON(time), "actor": event.actor.json]
        let (kind, members) = event.effect.described
        value.append("event", .string(kind))
        for member in members { value.append(member.0, member.1) }
        return value
    }
}

extension Event.Actor {
    fileprivate var json: JSON {
        switch self {
        case .run(let name): ["run": .string(name)]
        case .client(let name): ["client": .string(name)]
        case .operator: ["operator": true]
        case .link(let name): ["link": .string(name)]
        case .exporter(let name): ["exporter": .string(name)]
        case .server: ["server": true]
        }
    }
}

extension Event.Records {
    fileprivate var json: JSON {
        ["origin": .string(origin), "topic": .string(topic), "offset": JSON(offset), "count": JSON(count)]
    }
}

extension Event.Effect {
    /// The kind's name and its members in the export.
    fileprivate var described: (String, [(String, JSON)]) {
        switch self {
        case .append(let cluster, let topic, let partition, let records, let acknowledged):
            (
                "append",
                place(cluster, topic, partition) + [
                    ("records", records.json), ("acknowledged", JSON(acknowledged)),
                ]
            )
        case .copy(let cluster, let topic, let partition, let link, let records):
            (
                "copy",
                place(cluster, topic, partition) + [
                    ("link", .string(link)), ("records", .array(records.map(\.json))),
                ]
            )
        case .row(let cluster, let topic, let link, let status):
            ("row", place(cluster, topic) + [("link", .string(link)), ("status", JSON(status))])
        case .delete(let cluster, let topic): ("delete", place(cluster, topic))
        case .truncate(let cluster, let topic, let partition, let end):
            ("truncate", place(cluster, topic, partition) + [("end", JSON(end))])
        case .commit(let cluster, let group, let topic, let partition, let offset, let isSync):
            (
                "commit",
                place(cluster, topic, partition) + [
                    ("group", .string(group)), ("offset", JSON(offset)), ("sync", JSON(isSync)),
                ]
            )
        case .acl(let cluster, let binding, let isPresent):
            ("acl", [("cluster", .string(cluster)), ("binding", .string(binding)), ("present", JSON(isPresent))])
        case .mode(let registry, let scope, let mode):
            ("mode", [("registry", .string(registry)), ("scope", .string(scope)), ("mode", JSON(mode))])
        case .schema(let registry, let context, let subject, let version, let id, let isPresent):
            (
                "schema",
                [
                    ("registry", .string(registry)), ("context", .string(context)), ("subject", .string(subject)),
                    ("version", JSON(version)), ("id", JSON(id)), ("present", JSON(isPresent)),
                ]
            )
        default: describedBesideServers
        }
    }

    /// Events of clients, runs and the network.
    private var describedBesideServers: (String, [(String, JSON)]) {
        switch self {
        case .publish(let binding, let store, let site, let epoch, let ledger, let generation):
            (
                "publish",
                [
                    ("binding", .string(binding)), ("store", .string(store)), ("site", .string(site)),
                    ("epoch", JSON(epoch)), ("ledger", .string(ledger)), ("generation", JSON(generation)),
                ]
            )
        case .clientReads(let client, let store):
            ("clientReads", [("client", .string(client)), ("store", .string(store))])
        case .hook(let binding, let hook, let generation):
            ("hook", [("binding", .string(binding)), ("hook", .string(hook)), ("generation", JSON(generation))])
        case .call(let id, let endpoint, let verb, let sent, let hadEffect, let wasAnswered):
            (
                "call",
                [
                    ("id", .string(id)), ("endpoint", .string(endpoint)), ("verb", .string(verb)), ("sent", JSON(sent)),
                    ("effect", JSON(hadEffect)), ("answered", JSON(wasAnswered)),
                ]
            )
        case .reach(let from, let to, let isReachable):
            ("reach", [("from", .string(from)), ("to", .string(to)), ("reachable", JSON(isReachable))])
        case .lock(let run, let lease, let isHeld):
            ("lock", [("run", .string(run)), ("lease", .string(lease)), ("held", JSON(isHeld))])
        case .edit(let manifests): ("edit", [("manifests", .string(manifests))])
        case .start(let run): ("start", [("run", .string(run))])
        case .end(let run, let exit, let wasKilled):
            ("end", [("run", .string(run)), ("exit", JSON(exit)), ("killed", JSON(wasKilled))])
        default: ("", [])
        }
    }

    private func place(_ cluster: String, _ topic: String) -> [(String, JSON)] {
        [("cluster", .string(cluster)), ("topic", .string(topic))]
    }

    private func place(_ cluster: String, _ topic: String, _ partition: Int) -> [(String, JSON)] {
        place(cluster, topic) + [("partition", JSON(partition))]
    }
}
