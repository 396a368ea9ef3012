import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

@Suite("A random walk over all calls")
struct WalkTests {
    private static let chapters = 100
    private static let lanes = 4
    private static let length = 500

    @Test("keeps every rule of the model through 50,000 steps, and gets about")
    func keepsRules() async throws {
        var reached: Set<String> = []
        try await withThrowingTaskGroup(of: Set<String>.self) { lanes in
            for lane in 0..<Self.lanes {
                lanes.addTask { try await Self.walk(stride(from: lane, to: Self.chapters, by: Self.lanes)) }
            }
            for try await found in lanes { reached.formUnion(found) }
        }
        let wanted = Set(MirrorStatus.allCases.map { "row \($0.rawValue)" }).union([
            "row none", "truncate", "exported", "registered in IMPORT", "registered in READWRITE", "status 200",
            "status 201", "status 202", "status 204", "status 400", "status 403", "status 404", "status 405",
            "status 409", "status 422", "status 501",
        ])
        #expect(wanted.subtracting(reached).isEmpty)
    }

    /// Walks some chapters, each in a world of its own.
    private static func walk(_ chapters: some Sequence<Int>) async throws -> Set<String> {
        var reached: Set<String> = []
        let themes = WalkGenerator.Theme.allCases
        for chapter in chapters {
            let seed = UInt64(1_000 + chapter)
            var generator = WalkGenerator(seed: seed, theme: themes[chapter % themes.count])
            reached.formUnion(try await Walk(seed: seed).run(generator.script(length)))
        }
        return reached
    }

    @Test("finds a rule that is broken on purpose, and tells it with a short script", arguments: WalkedLie.all)
    fileprivate func findsLies(_ lie: WalkedLie) async throws {
        var failure: WalkFailure?
        for seed in UInt64(0)..<20 where failure == nil {
            var generator = WalkGenerator(seed: seed, theme: lie.theme)
            do {
                _ = try await Walk(seed: seed, lies: [lie.name.rawValue]).run(generator.script(400))
            } catch let found as WalkFailure {
                failure = found
            }
        }
        let found = try #require(failure)
        #expect(found.violations.first?.hasPrefix(lie.breaks) == true, "\(found)")
        #expect(found.script.count <= 12, "\(found)")
    }

    @Test("equal seeds walk alike")
    func deterministic() {
        var (one, other) = (WalkGenerator(seed: 4, theme: .everything), WalkGenerator(seed: 4, theme: .everything))
        #expect(one.script(200).map(\.description) == other.script(200).map(\.description))
    }

    @Test("over sockets, every answer is well-formed, and the simulator is there at the end")
    func overHTTP() async throws {
        try await Bench.run { bench in
            let admin = bench.endpoints.admin
            #expect(try await bench.http("POST", "\(admin)/estate", WalkedWorld.estate).status == 201)
            let endpoints = try await bench.overview()["endpoints"]
            var generator = WalkGenerator(seed: 5, theme: .everything)
            for step in generator.script(600) where !step.mayHang {
                guard let base = endpoints?[step.listener.name]?.string else { continue }
                let target = "\(base)/\(step.path.joined(separator: "/"))\(step.queryText)"
                guard let answer = try? await bench.http(step.method, target, step.body) else { continue }
                let response = Response(
                    status: answer.status, headers: [("content-type", answer.headers["content-type"] ?? "")],
                    body: answer.body)
                #expect(WalkAudit.fault(of: response) == nil, "\(step)")
            }
            #expect(try await bench.http("GET", admin).status == 200)
        }
    }
}

/// A check that is left out, and the rule whose violation it must lead to.
private struct WalkedLie: Sendable, CustomTestStringConvertible {
    var name: Lie
    var theme: WalkGenerator.Theme
    var breaks: String

    var testDescription: String { name.rawValue }

    static let all = [
        WalkedLie(name: .mirrorsTakeRecords, theme: .mirrors, breaks: "mirror"),
        WalkedLie(name: .offsetsSyncedPastEnd, theme: .mirrors, breaks: "commit"),
        WalkedLie(name: .idCollisionsAccepted, theme: .schemas, breaks: "schema"),
        WalkedLie(name: .modesNotEnforced, theme: .schemas, breaks: "schema"),
    ]
}

extension WalkStep {
    /// Whether a real socket would wait for long.
    fileprivate var mayHang: Bool {
        body?["state"] == "blackhole" || body?["state"] == "down"
    }

    fileprivate var queryText: String {
        query.isEmpty ? "" : "?" + query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }
}
