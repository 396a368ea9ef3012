import SimulatedConfluent
import SimulatedStores
import SimulatorCore

/// An application as `POST /_sim/workload` describes it.
struct ClientDescription: Sendable {
    /// When it reads its binding.
    enum Policy: Sendable, Equatable {
        /// At its start, and whenever it is restarted.
        case start
        /// Once, whatever happens.
        case once
        /// Every so many milliseconds.
        case poll(Milliseconds)
    }

    struct Production: Sendable {
        var topic: String
        var perSecond: Double
    }

    struct Consumption: Sendable {
        var group: String
        var topics: [String]
        var commitInterval: Milliseconds
        /// Whether it begins at the end where it has no committed offset.
        var startsLatest: Bool
        var sessionTimeout: Milliseconds
        /// Records taken of one partition at a time.
        var batch: Int64
    }

    let name: String
    /// What it is counted under: the failover group whose binding it follows.
    let group: String
    /// Where it finds its cluster; later places win.
    let sources: [any BindingSource]
    let policy: Policy
    let tick: Milliseconds
    let productions: [Production]
    let consumption: Consumption?
    /// Under which keys the binding holds what is needed to connect.
    private let keys: [String: String]

    static func reading(_ json: JSON) -> Result<ClientDescription, Problem> {
        guard let name = json["name"]?.string else { return .failure(Problem("A client needs a name.")) }
        let sources: [any BindingSource]
        switch BindingFile.reading(json["binding"]) {
        case .failure(let problem): return .failure(problem)
        case .success(let files): sources = files + StoredBinding.reading(json["binding"])
        }
        guard !sources.isEmpty else {
            return .failure(Problem("Client '\(name)' needs binding.file or binding.stores."))
        }
        guard let policy = policy(json["read"]) else {
            return .failure(Problem("read is \"start\", \"once\" or {\"pollMs\": n}."))
        }
        return .success(
            ClientDescription(
                name: name, group: json["group"]?.string ?? name,
                sources: sources, policy: policy, tick: max(1, json["tickMs"]?.int ?? 100),
                productions: productions(json["produce"]),
                consumption: json["consume"].flatMap { consumption($0, client: name) }, keys: keys(json["keys"])))
    }

    private static func policy(_ json: JSON?) -> Policy? {
        switch json {
        case nil, .string("start")?: .start
        case .string("once")?: .once
        default: json?["pollMs"]?.int.map { .poll(max(1, $0)) }
        }
    }

    private static func productions(_ json: JSON?) -> [Production] {
        (json?.array ?? json.map { [$0] } ?? []).compactMap { entry in
            entry["topic"]?.string.map { Production(topic: $0, perSecond: max(0, entry["perSecond"]?.number ?? 10)) }
        }
    }

    private static func consumption(_ json: JSON, client: String) -> Consumption? {
        Consumption(
            group: json["group"]?.string ?? client, topics: (json["topics"]?.array ?? []).compactMap(\.string),
            commitInterval: max(1, json["commitMs"]?.int ?? 1_000), startsLatest: json["reset"] == "latest",
            sessionTimeout: json["sessionTimeoutMs"]?.int ?? 45_000, batch: max(1, json["batch"]?.int ?? 10_000))
    }

    private static func keys(_ json: JSON?) -> [String: String] {
        var keys = [
            "bootstrap": "bootstrap.servers", "username": "sasl.username", "password": "sasl.password",
            "jaas": "sasl.jaas.config", "protocol": "security.protocol",
        ]
        for member in json?.members ?? [] { keys[member.name] = member.value.string }
        return keys
    }

    /// What a binding says about where to connect, and as whom; `nil` without an address.
    func address(in values: [String: String]) -> ClientAddress? {
        func value(_ name: String) -> String? {
            keys[name].flatMap { values[BindingText.normal($0)] }
        }
        guard let bootstrap = value("bootstrap"), !bootstrap.isEmpty else { return nil }
        var credentials = value("jaas").flatMap(Jaas.credentials)
        if let key = value("username"), let secret = value("password") {
            credentials = Credentials(key: key, secret: secret)
        }
        return ClientAddress(bootstrap: bootstrap, credentials: credentials, securityProtocol: value("protocol"))
    }
}

/// Where an application connects, and as whom.
struct ClientAddress: Sendable, Equatable {
    var bootstrap: String
    var credentials: Credentials?
    var securityProtocol: String?
}
