package import SimulatorCore

/// Something that took effect, and who did it.
package struct Event: Sendable, Equatable {
    var actor: Actor
    var effect: Effect

    package init(_ effect: Effect, by actor: Actor) {
        self.actor = actor
        self.effect = effect
    }

    /// Who caused an effect.
    package enum Actor: Sendable, Equatable {
        case run(String)
        case client(String)
        case `operator`
        case link(String)
        case exporter(String)
        case server
    }

    /// Records of one partition by where they were first appended.
    package struct Records: Sendable, Equatable {
        /// The cluster, topic and offset the first record was appended at.
        package var origin: String
        package var topic: String
        var offset: Int64
        package var count: Int64
    }

    package enum Effect: Sendable, Equatable {
        /// A producer's records; `acknowledged` tells whether the producer was told.
        case append(cluster: String, topic: String, partition: Int, records: Records, acknowledged: Bool)
        /// A link's fetcher copied records to `cluster`.
        case copy(cluster: String, topic: String, partition: Int, link: String, records: [Records])
        /// A mirror's row changed its status; `nil` when the row vanished.
        case row(cluster: String, topic: String, link: String, status: String?)
        case delete(cluster: String, topic: String)
        /// A log was cut back to `end`.
        case truncate(cluster: String, topic: String, partition: Int, end: Int64)
        case acl(cluster: String, binding: String, isPresent: Bool)
        /// A registry's mode at a scope; `nil` when it was removed there.
        case mode(registry: String, scope: String, mode: String?)
        case schema(registry: String, context: String, subject: String, version: Int, id: Int, isPresent: Bool)
        /// A consumer group's committed offset, by a client or by a link's offset sync.
        case commit(cluster: String, group: String, topic: String, partition: Int, offset: Int64, isSync: Bool)
        /// A client read a binding and found what it had not read before.
        case clientReads(client: String, store: String)
        /// A topic came into being.
        case create(cluster: String, topic: String, partitions: Int)
        /// A schema exporter's state; `nil` when it was deleted.
        case exporter(registry: String, name: String, state: String?)
        /// A call that changes something, with the time it was sent and whether it took effect and was answered.
        case call(Call)
        /// `from` is a vantage point or a region, `to` a region, with a service behind a slash when it is one only.
        case reach(from: String, to: String, isReachable: Bool)
        /// What only those outside know: runs, locks, manifests, publications. The members are theirs.
        case reported(kind: String, members: [JSON.Member])
    }

    package struct Call: Sendable, Equatable {
        package var id: String
        var endpoint: String
        var verb: String
        /// Query and names in the body: what the call was about.
        var query: String
        var objects: [String]
        var sent: Milliseconds
        var status: Int
        var hadEffect: Bool
        var wasAnswered: Bool

        package init(
            id: String, endpoint: String, verb: String, query: String, objects: [String], sent: Milliseconds,
            status: Int, hadEffect: Bool, wasAnswered: Bool
        ) {
            self.id = id
            self.endpoint = endpoint
            self.verb = verb
            self.query = query
            self.objects = objects
            self.sent = sent
            self.status = status
            self.hadEffect = hadEffect
            self.wasAnswered = wasAnswered
        }
    }
}

extension Request {
    /// Who the event log puts a call down to: the run that names itself, else the key that signs in.
    package var actor: Event.Actor {
        if let run = headers["spillway-run"] { return .run(run) }
        return .client(credentials?.key ?? "")
    }
}
