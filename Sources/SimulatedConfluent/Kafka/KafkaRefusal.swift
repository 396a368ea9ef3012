import SimulatorCore

/// Why Kafka REST refuses a request.
struct KafkaRefusal: Error {
    var status: Int
    var code: Int
    var message: String

    init(_ status: Int, _ code: Int, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    var response: Response {
        .problem(status, code, message)
    }

    /// What Kafka itself rejects.
    static func rejected(_ message: String) -> KafkaRefusal {
        KafkaRefusal(400, 40002, message)
    }

    /// A body or a parameter that cannot be read.
    static func malformed(_ message: String) -> KafkaRefusal {
        KafkaRefusal(400, 400, message)
    }

    static func notFound(_ message: String) -> KafkaRefusal {
        KafkaRefusal(404, 404, message)
    }

    static func linkNotFound(_ name: String) -> KafkaRefusal {
        notFound("The cluster link doesn't exist: Cluster link '\(name)' not found.")
    }

    static let unknownTopic = KafkaRefusal(404, 40403, "This server does not host this topic-partition.")
    static let noRoute = KafkaRefusal(404, 404, "HTTP 404 Not Found")
    static let wrongVerb = KafkaRefusal(405, 405, "HTTP 405 Method Not Allowed")
}

/// One request to one cluster, authenticated.
struct KafkaCall {
    var request: Request
    package var cluster: Cluster
    package var caller: KeyRing.Caller

    /// The body as a JSON object.
    func body() throws(KafkaRefusal) -> JSON {
        guard let json = request.json, json.members != nil else {
            throw .malformed("Bad Request: the body is not a JSON object.")
        }
        return json
    }

    /// A topic that exists.
    package func topic(_ name: String) throws(KafkaRefusal) -> Topic {
        guard let topic = cluster.topics[name] else { throw .unknownTopic }
        return topic
    }

    /// A link that exists.
    func link(_ name: String) throws(KafkaRefusal) -> Link {
        guard let link = cluster.links[name] else {
            throw .linkNotFound(name)
        }
        return link
    }

    /// Who appears in the event log.
    var actor: Event.Actor {
        if case .run(let name) = request.actor { return .run(name) }
        return switch caller {
        case .simulator: .client("SIMULATOR")
        case .owner(let name): .client(name)
        }
    }
}
