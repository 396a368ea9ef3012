import SimulatorServer
import Testing
import TestSupport

/// Sites that exist, and a group of two topics on them.
extension Desk {
    static let pair = "{apiKey: {env: KAFKA_KEY}, apiSecret: {env: KAFKA_SECRET}}"
    static let regions = ["west": "us-west-2", "east": "us-east-1", "south": "us-south-1"]

    /// Runs a body at a workspace that observes sites of these names.
    static func with(
        _ sites: [String] = ["west", "east"], _ more: [Manifests.Document] = [], workspace: [String: String] = [:],
        _ body: @escaping @Sendable (inout Desk) async throws -> Void
    ) async throws {
        try await Stage.with { stage in
            try await stage.make(sites)
            var manifests = Manifests([.workspace(workspace), .connection(stage.endpoints.controlPlane)] + more)
            for site in sites { manifests.addSite(site) }
            var desk = try Desk(stage, manifests)
            try await body(&desk)
        }
    }

    /// Runs a body at a workspace whose group `payments` is applied: 40 records in each of its two topics.
    static func withPayments(
        _ members: [String] = ["west", "east"], group: [String: String] = [:], more: [Manifests.Document] = [],
        workspace: [String: String] = [:], _ body: @escaping @Sendable (inout Desk) async throws -> Void
    ) async throws {
        try await with(members, .payments(members, group) + more, workspace: workspace) { desk in
            try await desk.settle()
            for topic in ["payments.a", "payments.b"] {
                try await desk.stage.produce(to: topic, on: "west", 40)
                for member in members where member != "west" { try await desk.stage.holds(40, of: topic, on: member) }
            }
            try await body(&desk)
        }
    }

    /// Declares another primary.
    static func move(to member: String, _ more: [String: String?] = [:]) -> (inout Manifests) -> Void {
        { manifests in
            manifests.set("FailoverGroup payments", "primary", member)
            for (path, value) in more { manifests.set("FailoverGroup payments", path, value) }
        }
    }

    /// Gates that refuse now.
    func gates() async throws -> Set<String> {
        Set(try await plan()["refusals"].array.compactMap { $0["gate"].string })
    }
}

extension Manifests {
    mutating func addSite(_ name: String) {
        add(
            "Environment", "env-\(name)",
            ["connection": "c", "schemaRegistry.credentials": Desk.pair, "schemaRegistry.linkCredentials": Desk.pair])
        add(
            "Cluster", name,
            ["environment": "env-\(name)", "type": "Dedicated", "credentials": Desk.pair, "linkCredentials": Desk.pair])
    }
}

extension Manifests.Document {
    static func workspace(_ more: [String: String]) -> Self {
        let usual = [
            "manifests": "[m]", "policy.quietPeriod": "0s", "timeouts.unreachableAfter": "10s", "timeouts.drain": "20s",
            "timeouts.transition": "60s", "timeouts.reprotect": "60s",
        ]
        return Self("Workspace", "t", usual.merging(more) { $1 })
    }

    static func connection(_ endpoint: String) -> Self {
        Self(
            "Connection", "c",
            [
                "confluentCloud.endpoint": endpoint, "confluentCloud.apiKey": "{env: CLOUD_KEY}",
                "confluentCloud.apiSecret": "{env: CLOUD_SECRET}",
            ])
    }

    static func topic(_ name: String, _ spec: [String: String], protect: Bool = false) -> Self {
        Self(
            "Topic", name, ["partitions": "2", "replicationFactor": "3"].merging(spec) { $1 },
            metadata: protect ? ["protect": "true"] : [:])
    }
}

extension [Manifests.Document] {
    /// A group of two topics, with schemas, a fence, and one published file.
    static func payments(_ members: [String], _ group: [String: String]) -> Self {
        let usual = [
            "primary": "west", "members": "[\(members.joined(separator: ", "))]", "topics.include": #"["payments.*"]"#,
            "link.consumerOffsetSync.interval": "1s", "schemas.subjects": #"["*"]"#,
            "fence.denyWrites": #"["User:*"]"#, "fence.quiet": "500ms", "reprotect": "Recreate",
        ]
        return [
            .topic("payments.a", ["failoverGroup": "payments"]), .topic("payments.b", ["failoverGroup": "payments"]),
            Manifests.Document("FailoverGroup", "payments", usual.merging(group) { $1 }.filter { !$1.isEmpty }),
            Manifests.Document(
                "ClientBinding", "app",
                ["failoverGroup": "payments", "publish": "[{file: {path: out/app.properties, format: Properties}}]"]),
        ]
    }
}

extension Stage {
    /// Makes environments with registries, and clusters, of these names.
    func make(_ sites: [String]) async throws {
        let environments = sites.map { site in
            """
            {"id": "env-\(site)", "display_name": "env-\(site)", "package": "ADVANCED",
             "registry": {"id": "lsrc-\(site)", "region": "\(Desk.regions[site] ?? site)"}}
            """
        }
        let clusters = sites.map { site in
            """
            {"id": "lkc-\(site)", "kind": "Dedicated", "region": "\(Desk.regions[site] ?? site)",
             "environment": "env-\(site)", "display_name": "\(site)"}
            """
        }
        try await estate(
            """
            {"environments": [\(environments.joined(separator: ","))], "clusters": [\(clusters.joined(separator: ","))]}
            """)
    }

    func estate(_ body: String) async throws {
        try await http.send("POST", "\(endpoints.admin)/estate", body)
    }

    /// Topics that are there already.
    func topics(_ names: [String], on cluster: String) async throws {
        let list = names.map { #"{"name": "\#($0)", "partitions": 2}"# }.joined(separator: ",")
        let region = Desk.regions[cluster] ?? cluster
        try await estate(
            """
            {"clusters": [{"id": "lkc-\(cluster)", "kind": "Dedicated", "region": "\(region)",
              "environment": "env-\(cluster)", "display_name": "\(cluster)", "topics": [\(list)]}]}
            """)
    }

    func faults(_ rule: String) async throws {
        try await http.send("POST", "\(endpoints.admin)/faults", rule)
    }

    func heal() async throws {
        try await http.send("DELETE", "\(endpoints.admin)/faults", nil)
    }

    /// State of a region, of one service or from one vantage point.
    func region(_ site: String, _ state: String, _ more: String = "") async throws {
        try await http.send(
            "PUT", "\(endpoints.admin)/regions/\(Desk.regions[site] ?? site)", #"{"state": "\#(state)"\#(more)}"#)
    }

    /// Calls a cluster's REST API.
    @discardableResult
    func kafka(_ cluster: String, _ method: String, _ path: String, _ body: String? = nil) async throws -> JSONValue {
        try await http.send(method, "\(try await kafka(cluster))\(path)", body)
    }

    /// Deletes a topic or a link by hand, and waits until lists do not show it any more.
    func delete(_ kind: String, _ name: String, on cluster: String) async throws {
        try await kafka(cluster, "DELETE", "/\(kind)/\(name)")
        try await eventually("\(name) is gone from \(cluster)") {
            let rows = try await kafka(cluster, "GET", "/\(kind)")["data"].array
            return rows.contains { [$0["topic_name"].string, $0["link_name"].string].contains(name) } ? nil : ()
        }
    }

    /// Calls a site's registry.
    @discardableResult
    func registry(_ site: String, _ method: String, _ path: String, _ body: String? = nil) async throws -> JSONValue {
        try await http.send(method, "\(try await registry(in: Desk.regions[site] ?? site))\(path)", body)
    }

    /// What the exporter of the payments group says of its failure at a site; empty while it has none.
    func exporterTrace(_ site: String) async throws -> String {
        try await registry(site, "GET", "/exporters/payments/status")["trace"].string ?? ""
    }

    func register(_ subject: String, at site: String, type: String = "string") async throws {
        try await registry(site, "POST", "/subjects/\(subject)/versions", #"{"schema": "\"\#(type)\""}"#)
    }

    /// Waits until a topic has so many records.
    func holds(_ count: Int, of topic: String, on cluster: String) async throws {
        try await eventually { try await records(of: topic, on: cluster) == count ? () : nil }
    }

    /// Waits until all mirrors of a cluster, or one, read a status last.
    func mirrors(on cluster: String, are status: String, _ topic: String? = nil) async throws {
        try await eventually {
            let rows = try await mirrors(on: cluster).filter { topic == nil || $0.key == topic }
            return !rows.isEmpty && rows.values.allSatisfy { $0.contains(status) } ? () : nil
        }
    }
}
