import DequeModule
package import SimulatorCore

/// Every event with the time its effect took place, in the order the effects were recorded.
package struct EventLog: Sendable {
    package struct Entry: Sendable, Equatable {
        package var time: Milliseconds
        var event: Event
    }

    private(set) var entries: Deque<Entry> = []
    /// How many of the oldest entries are gone: the index of the first one that is kept.
    package private(set) var dropped = 0
    /// How many entries are kept; `nil` keeps all.
    var limit: Int? {
        didSet { trim() }
    }

    /// How many events were ever recorded.
    package var count: Int {
        dropped + entries.count
    }

    package mutating func append(_ event: Event, at time: Milliseconds) {
        entries.append(Entry(time: time, event: event))
        if limit != nil { trim() }
    }

    private mutating func trim() {
        guard let limit, entries.count > limit else { return }
        let surplus = entries.count - max(0, limit)
        entries.removeFirst(surplus)
        dropped += surplus
    }

    package func slice(from start: Int, limit: Int?) -> [(index: Int, entry: Entry)] {
        let skipped = min(max(0, start - dropped), entries.count)
        let length = min(limit.map { max(0, $0) } ?? .max, entries.count - skipped)
        return (skipped..<(skipped + length)).map { (dropped + $0, entries[$0]) }
    }
}

extension EventLog.Entry {
    package func json(at index: Int) -> JSON {
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
        case .clientReads(let client, let store):
            ("clientReads", [("client", .string(client)), ("store", .string(store))])
        case .create(let cluster, let topic, let partitions):
            ("create", place(cluster, topic) + [("partitions", JSON(partitions))])
        case .exporter(let registry, let name, let state):
            ("exporter", [("registry", .string(registry)), ("name", .string(name)), ("state", JSON(state))])
        case .call(let call): ("call", call.members)
        case .reach(let from, let to, let isReachable):
            ("reach", [("from", .string(from)), ("to", .string(to)), ("reachable", JSON(isReachable))])
        case .reported(let kind, let members): (kind, members.map { ($0.name, $0.value) })
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

extension Event.Call {
    fileprivate var members: [(String, JSON)] {
        [
            ("id", .string(id)), ("endpoint", .string(endpoint)), ("verb", .string(verb)), ("query", .string(query)),
            ("objects", JSON(objects)), ("sent", JSON(sent)), ("status", JSON(status)), ("effect", JSON(hadEffect)),
            ("answered", JSON(wasAnswered)),
        ]
    }
}
