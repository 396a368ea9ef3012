import Confluent
import Domain
import Execution
import Planning
import SimulatorServer
import Synchronization
import Testing
import Transport

/// Time that passes only while somebody waits: for the steps and, by the same amount, for the simulator.
final class SteppedTime: Sendable {
    private struct State {
        var now: Duration = .zero
        var meanwhile: (@Sendable (Duration) async throws -> Void)?
    }

    private let state = Mutex(State())

    var now: Duration { state.withLock(\.now) }

    /// Does something at the end of every wait: what clients do meanwhile.
    func meanwhile(_ action: @escaping @Sendable (Duration) async throws -> Void) {
        state.withLock { $0.meanwhile = action }
    }

    func pacing(_ rig: Rig) -> Pacing {
        Pacing(
            elapsed: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                try await rig.advance(by: duration)
                let (now, meanwhile) = self.state.withLock { state in
                    state.now += duration
                    return (state.now, state.meanwhile)
                }
                try await meanwhile?(now)
            },
            random: { 0 })
    }
}

extension Rig {
    /// Runs a body against seeded regions whose time is stepped.
    static func stepped(
        topics: String = "[]", _ body: @escaping @Sendable (Rig, SteppedTime) async throws -> Void
    ) async throws {
        var settings = HTTPTransport.Settings()
        settings.retries = RetryPolicy(attempts: 2, firstWait: .milliseconds(10))
        try await Rig.with(settings, clock: .virtual(start: 1_700_000_000_000)) { rig in
            try await rig.seedAndLearn(topics: topics)
            let time = SteppedTime()
            var rig = rig
            rig.pacing = time.pacing(rig)
            try await body(rig, time)
        }
    }

    /// Lets the simulator's time pass.
    func advance(by duration: Duration) async throws {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        try await administer(.post, RequestPath("/clock"), #"{"advanceMs":\#(milliseconds)}"#)
    }

    /// Appends records as a client's producer would.
    func produce(_ count: Int, to topic: String, on cluster: String = "west", partition: Int = 0) async throws {
        try await administer(
            .post, RequestPath("/produce"),
            #"{"cluster":"lkc-\#(cluster)","topic":"\#(topic)","count":\#(count),"partition":\#(partition)}"#)
    }

    /// Cuts a region off from the other one; calls from here still reach it.
    func isolate(_ region: String, isCut: Bool = true) async throws {
        let state = isCut ? "down" : "up"
        try await administer(
            .put, RequestPath("/regions").appending(region), #"{"state":"\#(state)","vantage":"sites"}"#)
    }

    /// Lets a fault work; `rule` is an object of the admin API.
    func fault(_ rule: String) async throws {
        try await administer(.post, RequestPath("/faults"), rule)
    }

    func removeFaults() async throws {
        try await administer(.delete, RequestPath("/faults"), "")
    }

    /// How often a verb on mirrors was called.
    func calls(_ verb: String, on cluster: String = "east") async throws -> Int {
        let endpoint = try #require(HTTPEndpoint(simulator.admin, transport: transport))
        let overview = try await endpoint.get(RequestPath(""), as: Overview.self)
        let path = "POST /kafka/v3/clusters/{}/links/{}/mirrors:\(verb)"
        return overview.requests["\(cluster)/kafka"]?.byTemplate[path] ?? 0
    }

    private struct Overview: Decodable {
        struct Count: Decodable {
            let byTemplate: [String: Int]
        }

        let requests: [String: Count]
    }

    /// Statuses of a cluster's mirrors, by topic; of two rows the live one.
    func statuses(_ cluster: String = "east") async throws -> [String: MirrorStatus] {
        let rows = try await kafka(cluster).mirrors.sorted { left, _ in left.status == .stopped }
        return Dictionary(rows.map { ($0.topic, $0.status) }) { $1 }
    }

    /// The rig with other deadlines.
    func limited(drain: Duration = .seconds(20), transition: Duration = .seconds(60)) -> Rig {
        var rig = self
        rig.workspace.spec.timeouts.drain = drain
        rig.workspace.spec.timeouts.transition = transition
        return rig
    }
}

extension Estate {
    /// Topics `t000000`, `t000001`, … of the seed, in its JSON.
    static func numbered(_ count: Int) -> String { #"[{"name":"t","count":\#(count),"partitions":1}]"# }

    static func names(_ count: Int) -> [String] {
        (0..<count).map { number in
            let digits = String(number)
            return "t" + String(repeating: "0", count: 6 - digits.count) + digits
        }
    }

    static func linked(_ topics: [String], link: String = "west-east", on cluster: String = "east") -> LinkedMirrors {
        LinkedMirrors(cluster: cluster, link: link, topics: topics)
    }

    /// Both halves of a bidirectional link.
    static let pair: [StepAction] = [("east", "west"), ("west", "east")].map { cluster, remote in
        .kafka(
            .createLink(
                LinkCreation(
                    cluster: cluster, link: "pair", remote: remote, half: .bidirectional, configs: [], validates: false)
            ))
    }
}

extension Rig {
    /// Performs actions one after another.
    func perform(_ actions: [StepAction]) async throws {
        for action in actions { try await perform(action) }
    }

    /// Mirrors of topics of `west` on `east`.
    func mirror(_ topics: [String], link: StepAction = Estate.link()) async throws {
        try await perform([link] + topics.map { Estate.mirror($0) })
    }

    /// Mirrors over a bidirectional link.
    func mirrorOverPair(_ topics: [String]) async throws {
        try await perform(Estate.pair + topics.map { Estate.mirror($0, link: "pair") })
    }
}
