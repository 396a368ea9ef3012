import Foundation
import SimulatorServer
import Testing
import TestSupport

/// A stage on which a group can move: it is fenced, re-protected, and may move again at once.
extension Stage {
    /// Settings of the group beside its primary.
    struct Group {
        var reprotect = "Recreate"
        var isBidirectional = false
        var fence = #"{denyWrites: ["User:*"], quiet: 500ms}"#
        /// Dedicated clusters tell the lag of consumer groups.
        var isDedicated = false
        /// How long an endpoint may take to answer. Servers share the machine with everything else that is tested.
        var unreachableAfter = "12s"
        var more = ""
    }

    /// Runs a test in which the group has been applied, with records in `payments.ledger`.
    static func withPair(
        _ group: Group = Group(), _ body: @escaping @Sendable (Stage) async throws -> Void
    ) async throws {
        try await with { stage in
            try stage.edit("spillway.yaml", "policy: {", "policy: {quietPeriod: 0s, ")
            try stage.edit(
                "spillway.yaml", "unreachableAfter: 5s",
                "unreachableAfter: \(group.unreachableAfter), drain: 5s, transition: 30s")
            try stage.edit("manifests/group.yaml", #"fence: {denyWrites: ["User:*"]}"#, "fence: \(group.fence)")
            try stage.edit(
                "manifests/group.yaml", "members: [west, east]",
                "members: [west, east]\n  reprotect: \(group.reprotect)\n  canary: payments.canary\n\(group.more)")
            if group.isDedicated {
                try stage.edit("manifests/sites.yaml", "type: Enterprise", "type: Dedicated\n    cku: 2")
            }
            if group.isBidirectional {
                try stage.edit("manifests/group.yaml", "link: {", "link: {mode: Bidirectional, ")
            }
            try await stage.apply()
            try await stage.seedClientKeys()
            try await stage.produce(to: "payments.ledger", on: "west", 50)
            try await stage.replicated("payments.ledger", to: "east")
            try await body(stage)
        }
    }

    /// Waits until the lag of the group is known: a mirror that was just made is given some seconds to ask its source.
    func lagIsKnown() async throws {
        try await eventually("the lag of the group") {
            let report = try JSONValue(parsing: try await spillway("status", "-o", "json").output)
            return report["groups"].array.first?["lag"]["records"].int.map { _ in () }
        }
    }

    /// Lets the applications' credentials sign in at both clusters.
    func seedClientKeys() async throws {
        for (member, key) in [("west", "WESTKEY"), ("east", "EASTKEY")] {
            let id = try await clusterID(member)
            try await http.send(
                "POST", "\(endpoints.admin)/estate",
                """
                {"keys": [{"id": "\(key)", "secret": "\(member)-client-secret", "resource": "\(id)", \
                "owner": "sa-checkout"}]}
                """)
        }
    }

    // MARK: Edits

    /// Changes the line that is the topology.
    func setPrimary(_ member: String, from old: String) throws {
        try edit("manifests/group.yaml", "primary: \(old) ", "primary: \(member) ")
    }

    /// Adds lines to the group.
    func declare(_ lines: String) throws {
        try edit("manifests/group.yaml", "\n  canary:", "\n  \(lines)\n  canary:")
    }

    /// Moves the group and applies what follows.
    @discardableResult
    func move(to member: String, from old: String, _ flags: String...) async throws -> Spillway.Outcome {
        try setPrimary(member, from: old)
        return try await runMove(to: member, flags)
    }

    /// Applies a change of primary that the manifests declare.
    func runMove(to member: String, _ flags: [String] = []) async throws -> Spillway.Outcome {
        let process = try spillway.start(
            ["apply", "--auto-approve", "--confirm-primary", "payments=\(member)"] + flags)
        return try await process.outcome()
    }

    // MARK: Raw reads

    /// Statuses of the mirrors on a cluster, by topic; of a topic with two rows, both.
    func mirrors(on cluster: String) async throws -> [String: Set<String>] {
        let rows = try await http.get("\(try await kafka(cluster))/links/-/mirrors")["data"].array
        return rows.reduce(into: [:]) { statuses, row in
            statuses[row["mirror_topic_name"].string ?? "", default: []].insert(row["mirror_status"].string ?? "")
        }
    }

    /// Entries that deny something.
    func denials(on cluster: String) async throws -> Int {
        try await http.get("\(try await kafka(cluster))/acls?permission=DENY")["data"].array.count
    }

    /// Mode of the registry of a region.
    func mode(in region: String) async throws -> String? {
        try await http.get("\(try await registry(in: region))/mode")["mode"].string
    }

    /// Records of a topic on a cluster, over its partitions.
    func records(of topic: String, on cluster: String) async throws -> Int {
        let id = try await clusterID(cluster)
        let partitions = try await http.get("\(try await kafka(cluster))/topics/\(topic)")["partitions_count"].int ?? 0
        var count = 0
        for partition in 0..<partitions {
            let held = try await http.get("\(endpoints.admin)/records/\(id)/\(topic)/\(partition)")
            count += held["segments"].array.reduce(0) { $0 + ($1["count"].int ?? 0) }
        }
        return count
    }

    /// Appends records by number.
    func produce(to topic: String, on cluster: String, _ count: Int) async throws {
        try await http.send(
            "POST", "\(endpoints.admin)/produce",
            #"{"cluster": "\#(try await clusterID(cluster))", "topic": "\#(topic)", "count": \#(count)}"#)
    }

    /// Waits until a mirror has everything.
    func replicated(_ topic: String, to cluster: String) async throws {
        try await eventually {
            let rows = try await http.get("\(try await kafka(cluster))/links/-/mirrors")["data"].array
            let lags = rows.filter { $0["mirror_topic_name"].string == topic }.flatMap { $0["mirror_lags"].array }
            let isDone =
                lags.allSatisfy { $0["lag"].int == 0 } && lags.contains { $0["last_source_fetch_offset"].int ?? -1 > 0 }
            return isDone ? () : nil
        }
    }

    func clusterID(_ name: String) async throws -> String {
        let clusters = try await overview()["clusters"].array
        return try #require(clusters.first { $0["display_name"].string == name }?["id"].string)
    }

    /// Asserts that everything is as declared, and a further plan finds nothing.
    func expectSettled(primary: String, standby: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
    {
        let plan = try await spillway("plan", "--detailed-exitcode")
        #expect(plan.code == 0, "\(plan.output)", sourceLocation: sourceLocation)
        #expect(try read("out/checkout.properties").contains("primary=\(primary)"), sourceLocation: sourceLocation)
        let regions = ["west": "us-west-2", "east": "us-east-1"]
        #expect(try await mode(in: regions[primary] ?? "") == "READWRITE", sourceLocation: sourceLocation)
        #expect(try await mode(in: regions[standby] ?? "") == "IMPORT", sourceLocation: sourceLocation)
        let mirrors = try await mirrors(on: standby)
        #expect(mirrors.count == 12, sourceLocation: sourceLocation)
        #expect(mirrors.values.allSatisfy { $0.contains("ACTIVE") }, sourceLocation: sourceLocation)
        let own = try await self.mirrors(on: primary)
        #expect(own.values.allSatisfy { $0 == ["STOPPED"] }, sourceLocation: sourceLocation)
        #expect(try await denials(on: primary) == 0, sourceLocation: sourceLocation)
        #expect(try await denials(on: standby) == 0, sourceLocation: sourceLocation)
    }
}
