import Foundation
import SimulatorServer
import Testing
import TestSupport

extension FaultStage {
    /// What the live systems and the published file are, without ids and times: a line each.
    ///
    /// - Parameter dead: A site that cannot be asked, and whose other side is not judged by the state of its links.
    func worldState(without dead: String? = nil) async throws -> [String] {
        let overview = try await stage.overview()
        let environments = try await stage.http.get("\(stage.endpoints.controlPlane)/org/v2/environments?page_size=100")
        var lines = environments["data"].array.map { "environment \($0["display_name"].string ?? "")" }
        for cluster in overview["clusters"].array {
            let name = cluster["display_name"].string ?? ""
            lines.append("cluster \(name) in \(cluster["region"].string ?? "")")
            guard name != dead else { continue }
            let base = "\(cluster["rest"].string ?? "")/kafka/v3/clusters/\(cluster["id"].string ?? "")"
            lines += try await kafkaState(base, of: name, isAlone: dead != nil)
        }
        for registry in overview["registries"].array {
            let region = registry["region"].string ?? ""
            lines.append("registry in \(region)")
            guard region != dead.flatMap({ Self.regions[$0] }) else { continue }
            lines += try await registryState(registry["url"].string ?? "", of: region)
        }
        if let published = try? stage.read("out/checkout.properties") {
            lines += published.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { "published \($0)" }
            lines += published.matches(of: /primary=\w+/).map { "published \($0.output)" }
        }
        return lines.sorted()
    }

    private func kafkaState(_ base: String, of name: String, isAlone: Bool) async throws -> [String] {
        func members(_ path: String, _ names: String...) async throws -> [String] {
            try await stage.http.get("\(base)/\(path)")["data"].array.map { row in
                "\(name): " + names.map { row[$0].told }.joined(separator: " ")
            }
        }
        let configs = try await stage.http.get("\(base)/topics/-/configs")["data"].array
            .filter { $0["source"] == .text("DYNAMIC_TOPIC_CONFIG") }
            .map { "\(name): \($0["topic_name"].told) \($0["name"].told)=\($0["value"].told)" }
        return try await members("topics", "topic_name", "partitions_count") + configs
            + members("links", "link_name", isAlone ? "kind" : "link_state")
            + members("links/-/mirrors", "link_name", "mirror_topic_name", "mirror_status")
            + members(
                "acls", "resource_type", "resource_name", "pattern_type", "principal", "host", "operation", "permission"
            )
    }

    private func registryState(_ base: String, of region: String) async throws -> [String] {
        var lines = [
            "registry of \(region): \(try await stage.http.get("\(base)/mode")["mode"].told)",
            "registry of \(region): \(try await stage.http.get("\(base)/config")["compatibilityLevel"].told)",
        ]
        for exporter in try await stage.http.get("\(base)/exporters").array {
            let name = exporter.string ?? ""
            let status = try await stage.http.get("\(base)/exporters/\(name)/status")
            lines.append("registry of \(region): exporter \(name) \(status["state"].told)")
        }
        return lines
    }

    /// The members of the group, for the judge of the log; none before there are sites.
    func members() async throws -> [LogJudge.Member] {
        let overview = try await stage.overview()
        return Self.regions.sorted { $0.key > $1.key }.compactMap { name, region in
            guard let cluster = overview["clusters"].array.first(where: { $0["display_name"].string == name }),
                let registry = overview["registries"].array.first(where: { $0["region"].string == region })
            else { return nil }
            return LogJudge.Member(
                name: name, cluster: cluster["id"].string ?? "", registry: registry["id"].string ?? "", region: region)
        }
    }

    // MARK: What only runs know

    /// The bookkeeping of the published file, and when it was written.
    struct Publication: Equatable {
        let members: [String: String]
        let time: Int
    }

    func publication() -> Publication? {
        let file = stage.folder.appendingPathComponent("out/checkout.properties")
        guard let text = try? String(contentsOf: file, encoding: .utf8),
            let written = try? FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
        else { return nil }
        let members = text.matches(of: /(primary|epoch|ledger|generation)=([^\s]+)/).map {
            (String($0.1), String($0.2))
        }
        return Publication(
            members: Dictionary(members) { $1 }, time: Int(written.timeIntervalSince1970 * 1_000))
    }

    /// Puts a run into the simulator's log.
    func report(_ outcome: Spillway.Outcome, after before: Publication?) async throws {
        var events: [String] = []
        if let now = publication(), now.members != before?.members {
            events.append(
                """
                {"event": "publish", "time": \(now.time), "actor": {"run": "binary"}, "binding": "checkout", \
                "store": "file", "site": "\(now.members["primary"] ?? "")", "epoch": \(now.members["epoch"] ?? "0"), \
                "ledger": "\(now.members["ledger"] ?? "")", "generation": \(now.members["generation"] ?? "0")}
                """)
        }
        // A run that says that it is not complete does not claim that nothing is left to do.
        events.append(
            """
            {"event": "end", "actor": {"run": "binary"}, "run": "1", "exit": \(outcome.code), \
            "killed": \(outcome.code >= 128), "deferred": \(outcome.code != 0)}
            """)
        try await stage.http.send("POST", "\(stage.endpoints.admin)/events", "[\(events.joined(separator: ","))]")
    }
}

extension JSONValue {
    /// A value as text.
    fileprivate var told: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .number(let value): String(Int(value))
        case .text(let value): value
        case .list, .object: "…"
        }
    }
}
