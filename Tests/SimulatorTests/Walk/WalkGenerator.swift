@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

/// Draws the steps of a walk from a seed. What it draws does not depend on the world, so that a script stays the same
/// when steps are taken out of it.
struct WalkGenerator {
    /// What a chapter of a walk mostly does.
    enum Theme: Int, CaseIterable {
        case everything
        case mirrors
        case pairs
        case schemas
        case services
    }

    var random: SeededGenerator
    let theme: Theme

    init(seed: UInt64, theme: Theme) {
        random = SeededGenerator(seed: seed)
        self.theme = theme
    }

    mutating func script(_ count: Int) -> [WalkStep] {
        (0..<count).map { _ in step() }
    }

    mutating func step() -> WalkStep {
        switch theme {
        case .everything:
            draw([
                (6, { $0.mirrors() }), (4, { $0.kafka() }), (5, { $0.schemas() }), (3, { $0.services() }),
                (4, { $0.admin() }),
            ])
        case .mirrors: draw([(9, { $0.mirrors() }), (5, { $0.kafka() }), (5, { $0.admin() })])
        case .pairs: draw([(12, { $0.pairs() }), (2, { $0.kafka() }), (5, { $0.admin() })])
        case .schemas: draw([(14, { $0.schemas() }), (3, { $0.admin() })])
        case .services: draw([(9, { $0.services() }), (2, { $0.kafka() }), (1, { $0.schemas() }), (3, { $0.admin() })])
        }
    }

    // MARK: Drawing

    typealias Draw = (inout WalkGenerator) -> WalkStep

    mutating func draw(_ choices: [(weight: Int, draw: Draw)]) -> WalkStep {
        var position = below(choices.reduce(0) { $0 + $1.weight })
        for choice in choices {
            if position < choice.weight { return choice.draw(&self) }
            position -= choice.weight
        }
        return admin()
    }

    mutating func below(_ count: Int) -> Int {
        Int(random.next() % UInt64(count))
    }

    mutating func any<Value>(_ values: [Value]) -> Value {
        values[below(values.count)]
    }

    mutating func chance(_ percent: Int) -> Bool {
        below(100) < percent
    }

    // MARK: Names

    static let topics = ["a", "a", "a", "b", "c", "p.a", "q.p.a"]
    static let groups = ["g", "h"]

    mutating func topic() -> String { any(Self.topics) }

    mutating func link() -> String { chance(80) ? "x" : "y" }

    /// A cluster's number, one of the first two mostly.
    mutating func cluster() -> Int { chance(85) ? 1 + below(2) : 3 }

    func kafka(_ cluster: Int, _ method: String, _ target: String, _ body: JSON? = nil) -> WalkStep {
        WalkStep(
            .kafka(region: WalkedWorld.regions[cluster - 1]), method, "kafka/v3/clusters/lkc-\(cluster)/\(target)", body
        )
    }

    func admin(_ method: String, _ target: String, _ body: JSON? = nil) -> WalkStep {
        WalkStep(.control, method, "_sim/\(target)", body)
    }

    static func configs(_ configs: [String: String]) -> JSON {
        .array(configs.sorted { $0.key < $1.key }.map { ["name": .string($0.key), "value": .string($0.value)] })
    }
}

// MARK: - The world beside the APIs

extension WalkGenerator {
    mutating func admin() -> WalkStep {
        draw([
            (12, { $0.clock() }), (5, { $0.load() }), (4, { $0.commit() }), (3, { $0.region() }), (1, { $0.fault() }),
            (1, { $0.trouble() }), (2, { $0.healing() }),
        ])
    }

    private mutating func clock() -> WalkStep {
        admin(
            "POST", "clock", ["advanceMs": JSON(any([50, 100, 100, 300, 300, 1_000, 1_000, 5_000, 31_000, 400_000]))])
    }

    private mutating func load() -> WalkStep {
        admin(
            "POST", "produce",
            [
                "cluster": .string("lkc-\(cluster())"), "topic": .string(topic()),
                "count": JSON(any([1, 3, 40, 150_000])), "acknowledged": JSON(chance(80)), "client": "load",
            ])
    }

    private mutating func commit() -> WalkStep {
        let number = cluster()
        return admin(
            "POST", "estate",
            [
                "clusters": [
                    [
                        "id": .string("lkc-\(number)"), "kind": number == 3 ? "ConfluentPlatform" : "Dedicated",
                        "region": .string(WalkedWorld.regions[number - 1]), "environment": .string("env-\(number)"),
                        "groups": [
                            [
                                "id": .string(any(Self.groups)), "state": .string(any(["EMPTY", "EMPTY", "STABLE"])),
                                "offsets": [
                                    [
                                        "topic": .string(topic()), "partition": JSON(below(2)),
                                        "offset": JSON(any([0, 1, 5, 12, 100, 200_000])),
                                    ]
                                ],
                            ]
                        ],
                    ]
                ]
            ])
    }

    private mutating func region() -> WalkStep {
        if chance(2) { return admin("PUT", "regions/r2", ["clusterIdentity": "new"]) }
        var body: JSON = ["state": .string(any(["down", "up", "up", "blackhole"]))]
        if chance(75) { body.append("vantage", .string(any(["sites", "sites", "clients", "runner"]))) }
        if chance(30) { body.append("service", .string(any(["kafka", "rest", "brokers", "registry"]))) }
        return admin("PUT", "regions/\(any(WalkedWorld.regions + ["control"]))", body)
    }

    /// Something that goes wrong inside a service for a while.
    private mutating func trouble() -> WalkStep {
        let troubles: [JSON] = [
            [
                "effect": "stuck", "status": .string(any(MirrorStatus.allCases).rawValue),
                "error": ["code": "INTERNAL_ERROR"],
            ],
            ["effect": "lateACLs", "delayMs": 5_000], ["effect": "clockSkew", "skewMs": -60_000],
            ["effect": "taskError", "task": "AclSync", "error": ["code": "AUTHORIZATION_ERROR"]],
            ["effect": "exporterTrace", "trace": "java.lang.IllegalStateException"],
        ]
        return admin("POST", "faults", any(troubles))
    }

    /// A spoilt answer that tells by its status that it was meant to be.
    private mutating func fault() -> WalkStep {
        let effects: [JSON] = [
            ["effect": "status", "status": 599, "headers": ["Retry-After": "1"]], ["effect": "html", "status": 598],
            ["effect": "garbage", "status": 597], ["effect": "loseResponse"], ["effect": "truncate", "bytes": 5],
            ["effect": "delay", "delayMs": 5],
        ]
        var fault = any(effects)
        fault.append("count", JSON(1 + below(3)))
        if chance(50) { fault.append("method", .string(any(["GET", "POST", "PUT", "DELETE"]))) }
        return admin("POST", "faults", fault)
    }

    /// Everything up again, or nothing spoilt any more, or just a look.
    private mutating func healing() -> WalkStep {
        switch below(6) {
        case 0...1: admin("DELETE", "faults")
        case 2: admin("GET", "events?from=100000")
        default: admin("PUT", "regions/\(any(WalkedWorld.regions + ["control"]))", ["state": "up"])
        }
    }
}
