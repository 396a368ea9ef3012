import Foundation
import SimulatorServer
import TestSupport
import Testing

/// Runs of the built binary that share a ledger in a real etcd, and what becomes of them when a machine stands still, a
/// line is cut or a member ends in the middle. What they did is read from the simulator's event log.
@Suite(
    "Runs that are cut off from state that runners share", .enabled(if: EtcdServer.isInstalled, "etcd is not installed")
)
struct CutOffTests {
    @Test("a runner that stood still while its lock was broken writes nothing and sends nothing any more")
    func standsStill() async throws {
        let server = try await EtcdServer.start()
        defer { server.stop() }
        try await Stage.with { stage in
            try await stage.shareState(in: [server.url])
            let first = try await stage.startLongRun()
            first.signal(SIGSTOP)
            let id = try await stage.runWithLock()
            #expect(try await stage.spillway("state", "unlock", id, "--yes").code == 0)
            try await stage.setDelay(nil)
            try await stage.apply()
            let (events, ledger) = (try await stage.events(), try await stage.ledger())

            first.signal(SIGCONT)
            let outcome = try await first.outcome()
            #expect(outcome.code == 1, "\(outcome.output)\(outcome.diagnostics)")
            #expect((outcome.output + outcome.diagnostics).contains("the lock was lost"), "\(outcome.output)")
            let later = try await stage.events().dropFirst(events.count)
            #expect(later == [], "\(later)")
            #expect(try await stage.ledger() == ledger)
            let run = try await stage.run(id)
            #expect(run["exitCode"] == .null, "\(run)")
            #expect(run["summary"].string?.contains("its lock was broken by hand") == true, "\(run)")
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test("a runner whose line to the state is cut stops, and says so; a later run goes on with what it left")
    func partition() async throws {
        let server = try await EtcdServer.start()
        defer { server.stop() }
        try await Relay.with(to: server.url) { relay in
            try await Self.expectToStopAndGoOn(with: [relay.url]) { relay.setCut(!$0) }
        }
    }

    @Test("a runner of whose etcd most members are gone stops, and says so; a later run goes on with what it left")
    func quorum() async throws {
        let servers = try await EtcdServer.startCluster(of: 3)
        defer { for server in servers { server.stop() } }
        try await Self.expectToStopAndGoOn(with: servers.map(\.url)) { isThere in
            for server in servers.dropFirst() { try await server.setAwake(isThere) }
        }
    }

    /// Loses the state in the middle of a run, and has it back for the next one.
    private static func expectToStopAndGoOn(
        with members: [String], setThere: @escaping @Sendable (Bool) async throws -> Void
    ) async throws {
        try await Stage.with { stage in
            try await stage.shareState(in: members)
            let run = try await stage.startLongRun()
            try await setThere(false)
            let outcome = try await run.outcome()
            let told = outcome.output + outcome.diagnostics
            #expect(outcome.code == 1 || outcome.code == 7, "\(told)")
            #expect(told.contains("etcd:/spillway/quickstart does not answer"), "\(told)")
            let made = try await stage.createdTopics()
            try await stage.setDelay(nil)

            try await setThere(true)
            try await stage.apply()
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
            let topics = try await stage.createdTopics()
            #expect(Set(topics).count == topics.count, "nothing is made twice: \(topics)")
            #expect(topics.count > made.count, "it did not go on without its journal")
        }
    }

    @Test("a member that ends in the middle of a run disturbs nobody")
    func member() async throws {
        let servers = try await EtcdServer.startCluster(of: 3)
        defer { for server in servers { server.stop() } }
        try await Stage.with { stage in
            try await stage.shareState(in: servers.map(\.url))
            let run = try await stage.startLongRun()
            try await servers[0].setAwake(false)
            try await stage.setDelay(nil)
            let outcome = try await run.outcome()
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        }
    }
}

extension Stage {
    private static let more = (1...40).map { "payments.more-\($0)" }

    /// Keeps the state of the workspace in etcd, and makes everything there is so far.
    fileprivate func shareState(in members: [String]) async throws {
        try edit("spillway.yaml", "spec:\n", "spec:\n  state: {etcd: {connection: state}}\n")
        let list = members.map { "\"\($0)\"" }.joined(separator: ", ")
        let connection = """
            apiVersion: spillway/v1
            kind: Connection
            metadata: {name: state}
            spec:
              etcd: {endpoints: [\(list)]}

            """
        try Data(connection.utf8).write(to: folder.appendingPathComponent("manifests/state.yaml"))
        let begun = try await spillway("apply", "--auto-approve", "--init-state")
        try #require(begun.code == 3, "\(begun.output)\(begun.diagnostics)")
        try await apply()
    }

    /// Starts a run that makes many topics slowly, and waits until it does.
    fileprivate func startLongRun() async throws -> RunningSpillway {
        let items = Self.more.map { "  - {metadata: {name: \($0)}}\n" }.joined()
        try edit("manifests/topics.yaml", "items:\n", "items:\n\(items)")
        try await setDelay(1_000)
        let running = try spillway.start(["apply", "--auto-approve"])
        try await eventually("the first topic of the run") {
            if running.hasEnded { throw NeverCame(what: "a run that goes on", location: #_sourceLocation) }
            return try await createdTopics().contains { $0.contains("more") } ? () : nil
        }
        return running
    }

    /// Makes every answer to a change of a cluster late, or none.
    fileprivate func setDelay(_ milliseconds: Int?) async throws {
        try await http.send("DELETE", "\(endpoints.admin)/faults", nil)
        guard let milliseconds else { return }
        try await http.send(
            "POST", "\(endpoints.admin)/faults",
            """
            {"method": "POST", "path": "/kafka/v3/clusters/", "effect": "delay", "delayMs": \(milliseconds)}
            """)
    }

    fileprivate func events() async throws -> [JSONValue] {
        try await http.get("\(endpoints.admin)/events?sort=time").array
    }

    /// Topics in the order in which they were made on the clusters.
    fileprivate func createdTopics() async throws -> [String] {
        try await events().filter { $0["event"] == .text("create") }
            .map { "\($0["cluster"].string ?? "")/\($0["topic"].string ?? "")" }
    }

    /// The run that a second one is told to wait for.
    fileprivate func runWithLock() async throws -> String {
        let refused = try await spillway("apply", "--auto-approve")
        try #require(refused.code == 6, "\(refused.diagnostics)")
        return String(try #require(refused.diagnostics.firstMatch(of: /\d{8}T\d{6}Z-[0-9a-f]{4}/)).0)
    }

    fileprivate func ledger() async throws -> String {
        try await spillway("state", "list", "-o", "json").output
    }

    fileprivate func run(_ id: String) async throws -> JSONValue {
        try JSONValue(parsing: Data(try await spillway("runs", "show", id, "-o", "json").output.utf8))
    }
}
