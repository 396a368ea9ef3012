@testable import SimulatorCore
@testable import SimulatorServer

/// One request of a walk, as data: a script of them can be run again, cut shorter, and printed.
struct WalkStep: Sendable, CustomStringConvertible {
    var listener: Listener
    var method: String
    /// Path segments; one such as `{environment:3}` stands for an object that the world made up.
    var path: [String]
    var query: [(name: String, value: String)] = []
    var body: JSON?

    init(_ listener: Listener, _ method: String, _ target: String, _ body: JSON? = nil) {
        self.listener = listener
        self.method = method
        let parts = target.split(separator: "?", maxSplits: 1)
        path = (parts.first ?? "").split(separator: "/").map(String.init)
        query = (parts.count > 1 ? parts[1].split(separator: "&") : []).map { item in
            let pair = item.split(separator: "=", maxSplits: 1)
            return (String(pair[0]), pair.count > 1 ? String(pair[1]) : "")
        }
        self.body = body
    }

    var description: String {
        let query = query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let target = "/\(path.joined(separator: "/"))\(query.isEmpty ? "" : "?\(query)")"
        let text = body.map { " \(String(decoding: $0.bytes, as: UTF8.self))" } ?? ""
        return "\(listener.name) \(method) \(target)\(text)"
    }

    /// The request, with the stand-ins replaced by what `find` knows.
    func request(_ find: (String) -> String) -> Request {
        var headers: [String: String] = [:]
        let pair = "\(Credentials.everywhere.key):\(Credentials.everywhere.secret)"
        headers["authorization"] = "Basic \(Base64.encode(Array(pair.utf8)))"
        return Request(
            method: method, path: path.map { Self.replacing($0, find) },
            query: query.map { ($0.name, Self.replacing($0.value, find)) }, headers: headers,
            body: body.map { Self.replacing($0, find).bytes } ?? [])
    }

    private static func replacing(_ text: String, _ find: (String) -> String) -> String {
        text.hasPrefix("{") && text.hasSuffix("}") ? find(String(text.dropFirst().dropLast())) : text
    }

    private static func replacing(_ json: JSON, _ find: (String) -> String) -> JSON {
        switch json {
        case .string(let text): .string(text.contains(",") ? text : replacing(text, find))
        case .array(let items): .array(items.map { replacing($0, find) })
        case .object(let members):
            .object(members.map { JSON.Member(name: $0.name, value: replacing($0.value, find)) })
        default: json
        }
    }
}

/// A world to walk through: three clusters in three regions, two registries, and a clock to push.
enum WalkedWorld {
    static let regions = ["r1", "r2", "r3"]
    static let clusters = ["lkc-1", "lkc-2", "lkc-3"]
    static let start: Milliseconds = 1_700_000_000_000

    static func configuration(seed: UInt64) -> SimulatorConfiguration {
        SimulatorConfiguration(seed: seed, clock: .virtual(start: start), regions: regions)
    }

    /// What is there before the first step. Cluster 3 belongs to people who run it themselves.
    static let estate: JSON = [
        "environments": [
            ["id": "env-1", "display_name": "one", "registry": ["id": "lsrc-1", "region": "r1"]],
            ["id": "env-2", "display_name": "two", "registry": ["id": "lsrc-2", "region": "r2"]],
        ],
        "keys": [["id": "LIMITED", "secret": "s", "resource": "lkc-1", "owner": "sa-1"]],
        "clusters": [
            [
                "id": "lkc-1", "kind": "Dedicated", "region": "r1", "environment": "env-1",
                "topics": [["name": "a", "partitions": 2, "records": 10], ["name": "b", "partitions": 1]],
            ],
            ["id": "lkc-2", "kind": "Dedicated", "region": "r2", "environment": "env-2"],
            [
                "id": "lkc-3", "kind": "ConfluentPlatform", "region": "r3",
                "topics": [["name": "c", "partitions": 1, "records": 3]],
            ],
        ],
    ]
}
