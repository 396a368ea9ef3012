@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

/// Two registries in two regions and a clock to push.
struct RegistryBench {
    struct Directory: RegistryDirectory {
        var addresses = ["http://west.example": "lsrc-west", "http://east.example": "lsrc-east"]
        var pairs = [
            Credentials(key: "WEST", secret: "w"): "lsrc-west", Credentials(key: "EAST", secret: "e"): "lsrc-east",
        ]

        func registry(at url: String) -> String? { addresses[url] }

        func accepts(_ credentials: Credentials, forRegistry id: String) -> Bool {
            credentials == .everywhere || pairs[credentials] == id
        }
    }

    struct Answer {
        var status: Int
        var json: JSON
        var text: String
        var headers: [(name: String, value: String)]

        /// The error code of a refusal.
        var code: Int? { json["error_code"]?.int.map { Int($0) } }
    }

    var estate = RegistryEstate()
    var stage = Stage(now: 1_700_000_000_000, seed: 7)
    var directory = Directory()

    init() {
        estate.add(id: "lsrc-west", environment: "env-west", site: "west")
        estate.add(id: "lsrc-east", environment: "env-east", site: "east")
    }

    mutating func call(
        _ method: String, _ target: String, _ body: JSON? = nil, on registry: String = "lsrc-west",
        as credentials: Credentials? = .everywhere, headers: [String: String] = [:]
    ) -> Answer {
        let request = Request(method, target, body, as: credentials, headers: headers)
        let response = estate.respond(to: request, registry: registry, using: directory, in: &stage)
        return Answer(
            status: response.status, json: (try? JSON(parsing: response.body)) ?? .null,
            text: String(decoding: response.body, as: UTF8.self), headers: response.headers)
    }

    /// Registers a record with the given fields, each `name:type`, with `=` when it has a default.
    mutating func register(
        _ subject: String, _ fields: [String], id: Int? = nil, version: Int? = nil, on registry: String = "lsrc-west"
    ) -> Answer {
        var body: JSON = ["schema": .string(Self.record(fields))]
        if let id { body.append("id", JSON(id)) }
        if let version { body.append("version", JSON(version)) }
        return call("POST", "/subjects/\(subject)/versions", body, on: registry)
    }

    static func record(_ fields: [String], name: String = "Order") -> String {
        let members = fields.map { field -> String in
            let parts = field.split(separator: ":", maxSplits: 1)
            let hasDefault = parts[1].hasSuffix("=")
            let type = hasDefault ? parts[1].dropLast() : parts[1]
            let standard =
                switch type {
                case "null": "null"
                case "string": "\"\""
                default: "0"
                }
            return #"{"name":"\#(parts[0])","type":"\#(type)"\#(hasDefault ? ",\"default\":\(standard)" : "")}"#
        }
        return #"{"type":"record","name":"\#(name)","fields":[\#(members.joined(separator: ","))]}"#
    }

    /// Lets time pass, with exporters at work.
    mutating func pass(_ milliseconds: Milliseconds) {
        stage.now += milliseconds
        estate.advance(to: stage.now, using: directory, in: &stage)
    }

    @discardableResult
    mutating func createExporter(
        _ name: String = "dr", to url: String = "http://east.example", subjects: [String] = ["*"],
        contextType: String = "NONE", context: String? = nil, user: String = "EAST:e",
        from registry: String = "lsrc-west"
    ) -> Answer {
        var body: JSON = [
            "name": .string(name), "contextType": .string(contextType), "subjects": JSON(subjects),
            "config": [
                "schema.registry.url": .string(url), "basic.auth.credentials.source": "USER_INFO",
                "basic.auth.user.info": .string(user),
            ],
        ]
        if let context { body.append("context", .string(context)) }
        return call("POST", "/exporters", body, on: registry)
    }

    /// Subject, version and id of every active schema of every context.
    mutating func schemas(on registry: String, deleted: Bool = false) -> [String] {
        let suffix = deleted ? "&deleted=true" : ""
        return (call("GET", "/schemas?subjectPrefix=:*:\(suffix)", on: registry).json.array ?? []).map { schema in
            "\(schema["subject"]?.string ?? "") v\(schema["version"]?.int ?? 0) #\(schema["id"]?.int ?? 0)"
        }
    }

    mutating func exporterStatus(_ name: String = "dr", on registry: String = "lsrc-west") -> JSON {
        call("GET", "/exporters/\(name)/status", on: registry).json
    }
}

extension Request {
    /// A request from a method and a target such as `/subjects?deleted=true`; nothing is percent-decoded.
    init(
        _ method: String, _ target: String, _ body: JSON? = nil, as credentials: Credentials? = .everywhere,
        headers: [String: String] = [:]
    ) {
        let parts = target.split(separator: "?", maxSplits: 1)
        let query = (parts.count > 1 ? parts[1].split(separator: "&") : []).map { item in
            let pair = item.split(separator: "=", maxSplits: 1)
            return (name: String(pair[0]), value: pair.count > 1 ? String(pair[1]) : "")
        }
        var headers = headers
        if let credentials {
            headers["authorization"] = "Basic " + Base64.encode(Array("\(credentials.key):\(credentials.secret)".utf8))
        }
        self.init(
            method: method, path: parts[0].split(separator: "/").map(String.init), query: query, headers: headers,
            body: body?.bytes ?? [])
    }
}
