import Domain
import Planning
import Testing

/// A plan that says *yes* is believed at three in the morning: what it says is held against the world it was made from.
@Suite struct StatementProperties {
    /// Histories of one test.
    static let count = 36 * Scale.factor

    @Test(
        "a group that is called protected is: what is written next arrives where clients could use it; a lag that is told is true",
        arguments: 0..<4
    )
    func anything(part: UInt64) async {
        var (claims, lags) = (0, 0)
        for seed in stride(from: part, to: Self.count, by: 4) {
            Chronicle.play(seed) { chronicle, plan in
                claims += plan.groups.count { $0.isProtected }
                lags += plan.lags.values.count { $0.reading != nil }
                let untrue = chronicle.untrue(plan)
                if !untrue.isEmpty {
                    Issue.record("seed \(seed): \(untrue.joined(separator: "\n"))\n\(chronicle.inWords)")
                }
                return untrue.isEmpty
            }
            await Task.yield()
        }
        #expect(claims > 50)
        #expect(lags > 50)
    }

    @Test("a plan that does not see what keeps a standby from taking over is caught", arguments: Misreading.protection)
    func protectionMisread(_ misreading: Misreading) {
        var chronicle = misreading.chronicle
        #expect(!chronicle.look().groups[0].isProtected)
        chronicle.history.misreading = misreading.misread
        let plan = chronicle.look()
        #expect(plan.groups[0].isProtected)
        #expect(Statements(chronicle.history).untrueProtection(plan) != [])
    }

    @Test("a plan that takes for current what is not is caught", arguments: Misreading.lag)
    func lagMisread(_ misreading: Misreading) {
        var chronicle = misreading.chronicle
        #expect(chronicle.look().lags["g0"]?.reading == nil)
        chronicle.history.misreading = misreading.misread
        chronicle.history.misanswer = misreading.misanswer
        let plan = chronicle.look()
        #expect(plan.lags["g0"]?.reading != nil)
        #expect(chronicle.untrueLags(plan) != [])
    }
}

/// A way to see something as it is not, and a history in which that matters.
struct Misreading: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var members = 2
    let prepare: @Sendable (inout History) -> Void
    let misread: @Sendable (inout PlanInput, World) -> Void
    var misanswer: (@Sendable (Probe, ProbeAnswer) -> ProbeAnswer)?

    /// The history, in which a plan that reads well sees what is wrong.
    var chronicle: Chronicle {
        var shape = HistoryGenerator.Shape()
        shape.members = members
        var chronicle = Chronicle(HistoryGenerator.settled(shape))
        _ = chronicle.look()
        prepare(&chronicle.history)
        return chronicle
    }

    static let protection = [
        Misreading(
            testDescription: "a paused mirror counts as one that fetches",
            prepare: { $0.perform(.status("east", "g0.t0", .paused)) },
            misread: { input, _ in
                input.observation.cluster("east") { east in
                    for index in east.mirrors.indices { east.mirrors[index].status = .active }
                }
            }),
        Misreading(
            testDescription: "a paused link counts as one that gets through",
            prepare: { $0.pauseLinks(of: "east") },
            misread: { input, _ in
                input.observation.cluster("east") { east in
                    for index in east.links.indices { east.links[index].configs["cluster.link.paused"] = nil }
                }
            }),
        Misreading(
            testDescription: "entries that deny are not read",
            prepare: { history in
                history.world.change("east", history.workspace) { east in
                    east.denials.insert(
                        ACLBinding(
                            resourceType: "TOPIC", resourceName: "g0.", patternType: "PREFIXED",
                            principal: "User:app", operation: "ALL", permission: "DENY"))
                }
            }, misread: { input, _ in input.observation.cluster("east") { $0.denials = [] } }),
        Misreading(
            testDescription: "an exporter that fails counts as one that runs",
            prepare: { history in
                history.world.changeRegistry("env-west", history.workspace) { west in
                    for index in west.exporters.indices { west.exporters[index].trace = "HTTP 401" }
                }
            },
            misread: { input, _ in
                input.observation.registry("env-west") { west in
                    for index in west.exporters.indices { west.exporters[index].trace = nil }
                }
            }),
        Misreading(
            testDescription: "a registry that takes no imports counts as one that does",
            prepare: { history in
                history.world.changeRegistry("env-east", history.workspace) { $0.modes[.standard] = .readWrite }
            }, misread: { input, _ in input.observation.registry("env-east") { $0.modes[.standard] = .import } }),
        Misreading(
            testDescription: "a mirror of another member counts as one of the holder", members: 3,
            prepare: { history in
                let north = history.world.cluster("north", history.workspace)?.listed.id
                for site in ["east", "north"] {
                    history.world.change(site, history.workspace) { cluster in
                        for name in cluster.links.keys {
                            cluster.links[name]?.remoteClusterID = site == "east" ? north : "lkc-elsewhere"
                        }
                    }
                }
            },
            misread: { input, world in
                let west = world.cluster("west", input.workspace)?.listed.id
                input.observation.cluster("east") { east in
                    for index in east.links.indices { east.links[index].remoteClusterID = west }
                }
            }),
    ]
}

extension Misreading {
    /// Somebody writes behind a copy that stands still.
    static let lag = [
        Misreading(
            testDescription: "a paused mirror's lag is taken for current",
            prepare: { history in
                history.perform(.status("east", "g0.t0", .paused))
                history.perform(history.writeDeed("g0.t0", isStale: false))
            },
            misread: { input, _ in
                input.observation.cluster("east") { east in
                    for index in east.mirrors.indices { east.mirrors[index].status = .active }
                }
            }),
        Misreading(
            testDescription: "a paused link counts as one that gets through",
            prepare: { history in
                history.pauseLinks(of: "east")
                history.perform(history.writeDeed("g0.t0", isStale: false))
            },
            misread: { input, _ in
                input.observation.cluster("east") { east in
                    for index in east.links.indices { east.links[index].configs["cluster.link.paused"] = nil }
                }
            }),
        Misreading(
            testDescription: "a mirror without a position is taken at its word",
            prepare: { history in
                history.world.change("east", history.workspace) { $0.forgotten = ["g0.t0"] }
                history.perform(history.writeDeed("g0.t0", isStale: false))
            },
            misread: { input, _ in
                for name in input.recorded.sites.clusters.keys { input.recorded.sites.clusters[name]?.holding = nil }
            },
            misanswer: { probe, answer in
                guard case .ends(_, let topics) = probe else { return answer }
                return .ends(topics.reduce(into: [:]) { $0[$1] = [0: 0] })
            }),
    ]
}

extension History {
    fileprivate mutating func pauseLinks(of site: String) {
        world.change(site, workspace) { cluster in
            for name in cluster.links.keys { cluster.links[name]?.configs["cluster.link.paused"] = "true" }
        }
    }
}

extension Observation {
    /// Changes what was read of a cluster.
    mutating func cluster(_ name: String, _ edit: (inout KafkaSnapshot) -> Void) {
        guard case .reachable(var snapshot)? = clusters[name] else { return }
        edit(&snapshot)
        clusters[name] = .reachable(snapshot)
    }

    /// Changes what was read of a registry.
    mutating func registry(_ name: String, _ edit: (inout RegistrySnapshot) -> Void) {
        guard case .reachable(var snapshot)? = registries[name] else { return }
        edit(&snapshot)
        registries[name] = .reachable(snapshot)
    }
}
