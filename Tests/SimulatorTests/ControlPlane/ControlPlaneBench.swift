@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

/// A control plane with two regions and a clock to push.
struct ControlPlaneBench {
    struct Regions: EndpointDirectory {
        var areReady = true

        func offers(region: String) -> Bool { ["us-west-2", "us-east-1"].contains(region) }

        func kafka(_ id: String, region: String) -> KafkaEndpoints? {
            areReady ? KafkaEndpoints(rest: "http://127.0.0.1:9401", bootstrap: "127.0.0.1:9092") : nil
        }

        func registry(_ id: String, region: String) -> String? {
            areReady ? "http://127.0.0.1:9402" : nil
        }
    }

    struct Answer {
        var status: Int
        var json: JSON
        var headers: [String: String]
        var isEmpty: Bool

        var error: JSON { json["errors"]?.array?.first ?? .null }
        var id: String { json["id"]?.string ?? "" }
        var items: [JSON] { json["data"]?.array ?? [] }
    }

    var estate = ControlPlaneEstate(baseURL: "http://127.0.0.1:9400")
    var stage = Stage(now: 1_700_000_000_000, seed: 3)
    var regions = Regions()

    mutating func call(
        _ method: String, _ target: String, _ body: JSON? = nil, as credentials: Credentials? = .everywhere
    ) -> Answer {
        let request = Request(method, target, body, as: credentials)
        let response = estate.respond(to: request, using: regions, in: &stage)
        return Answer(
            status: response.status, json: (try? JSON(parsing: response.body)) ?? .null,
            headers: Dictionary(response.headers.map { ($0.name, $0.value) }) { first, _ in first },
            isEmpty: response.body.isEmpty)
    }

    mutating func pass(_ milliseconds: Milliseconds) {
        stage.now += milliseconds
        estate.advance(to: stage.now, using: regions)
    }

    mutating func environment(_ name: String = "west") -> String {
        call("POST", "/org/v2/environments", ["display_name": .string(name)]).id
    }

    static func spec(_ environment: String, _ changes: [(String, JSON?)] = []) -> JSON {
        var members: [(String, JSON)] = [
            ("display_name", "core"), ("cloud", "AWS"), ("region", "us-west-2"), ("availability", "MULTI_ZONE"),
            ("config", ["kind": "Dedicated", "cku": 2]), ("environment", ["id": .string(environment)]),
        ]
        for (name, value) in changes {
            members.removeAll { $0.0 == name }
            if let value { members.append((name, value)) }
        }
        return ["spec": .object(members.map { JSON.Member(name: $0.0, value: $0.1) })]
    }

    mutating func cluster(in environment: String, _ changes: [(String, JSON?)] = []) -> String {
        call("POST", "/cmk/v2/clusters", Self.spec(environment, changes)).id
    }

    /// The API key of a create answer.
    static func credentials(_ answer: Answer) -> Credentials {
        Credentials(key: answer.id, secret: answer.json["spec"]?["secret"]?.string ?? "")
    }
}
