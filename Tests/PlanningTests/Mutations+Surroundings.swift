import Domain
import Planning

extension Mutation {
    /// What must not happen around moves.
    static let surroundings: [Mutation] = [
        Mutation(
            predicate: "P3a", testDescription: "what was only seen counts as owned",
            shape: { $0.hasPlainTopics = true },
            misreading: { input, world in
                for (name, reach) in input.observation.clusters {
                    for topic in (reach.snapshot?.topics ?? [:]).keys {
                        let address = ResourceAddress(.topic, in: name, topic)
                        guard input.recorded.owned[address] == nil, topic.hasPrefix("plain") else { continue }
                        input.recorded.owned[address] = Recorded.Owned(
                            origin: .adopted, deletionPolicy: .delete, applied: [:])
                    }
                }
            },
            play: { history in
                history.perform(.limitDeletions(100))
                history.perform(.createByHand("west", topic: "plain-of-others"))
                history.perform(.apply(nil, order: nil, []))
            }),
        Mutation(
            predicate: "P3a", testDescription: "protection is forgotten", shape: { $0.hasPlainTopics = true },
            misreading: { input, _ in
                for address in input.recorded.owned.keys where address.kind == .topic {
                    input.recorded.owned[address]?.applied["metadata.protect"] = nil
                }
            },
            play: { history in
                history.perform(.declare(topic: "plain-0", .delete, isProtected: true))
                history.removeManifest(of: "plain-0")
            }),
        Mutation(
            predicate: "P3a", testDescription: "the policy of a topic is forgotten",
            shape: { $0.hasPlainTopics = true },
            misreading: { input, _ in
                for address in input.recorded.owned.keys where address.name == "plain-0" {
                    input.recorded.owned[address]?.deletionPolicy = .delete
                }
            },
            play: { history in
                history.perform(.declare(topic: "plain-0", .retain, isProtected: false))
                history.removeManifest(of: "plain-0")
            }),
        Mutation(
            predicate: "P3a", testDescription: "more is deleted than may be", shape: { $0.hasPlainTopics = true },
            misreading: { input, _ in input.workspace.spec.policy.maxDeletions = 100 },
            play: { history in
                history.perform(.limitDeletions(1))
                history.perform(.undeclare(topic: "plain-1"))
                history.perform(.undeclare(topic: "plain-0"))
                history.perform(.apply(nil, order: nil, []))
            }),
        Mutation(
            predicate: "P4", testDescription: "hooks run again", shape: { $0.hooks = 1 },
            misreading: { input, _ in input.options.rerunsHooks = true },
            play: { history in
                history.move()
                _ = history.rest(atMost: 3)
                history.checkStillness()
            }),
        Mutation(
            predicate: "P4", testDescription: "copies that somebody has to decide about are fenced again",
            shape: { $0.reprotect = .manual },
            change: { steps in
                guard steps.isEmpty else { return steps }
                let entries = FenceEntries(cluster: "west", bindings: [.denyWrites(to: "g0.t0", by: "User:*")])
                return [Step("write", ResourceAddress(.fence, in: "west", "g0"), .move(.fence(entries)))]
            },
            play: { history in
                history.move()
                _ = history.settleDown(atMost: 4)
            }),
        Mutation(
            predicate: "P10", testDescription: "links into the survivor are not made quiet",
            shape: { ($0.allowsACLSync, $0.movesSchemas) = (true, false) }, change: { dropQuietening($0) },
            play: { history in
                history.failOverBlindly()
                history.perform(.allow("west", topic: "g0.t0"))
                history.perform(.background)
            }),
        Mutation(
            predicate: "P10", testDescription: "an exporter into a context of its own goes on",
            isSoFromTheStart: true,
            change: { steps in
                steps.map { step in
                    guard case .registry(.createExporter(let exporter)) = step.action else { return step }
                    return step.again(
                        .registry(
                            .createExporter(
                                ExporterDefinition(
                                    environment: exporter.environment, exporter: exporter.exporter,
                                    destination: exporter.destination, contextType: .auto, context: nil,
                                    settings: SchemaSettings(subjects: exporter.subjects)))))
                }
            },
            play: { history in
                history.failOverBlindly()
                history.perform(.registerSchema("env-west"))
                history.perform(.background)
            }),
        Mutation(
            predicate: "P12", testDescription: "offset sync is left on", change: { dropQuietening($0) },
            play: { history in
                history.failOverBlindly()
                history.perform(history.writeDeed("g0.t0", isStale: false))
                history.perform(history.commitDeed("g0.t0"))
                history.perform(.background)
            }),
        Mutation(
            predicate: "P19", testDescription: "an id that each side gave to a schema of its own is not seen",
            misanswer: { _, answer in
                guard case .schemas(let versions) = answer else { return answer }
                return .schemas(versions.filter { $0.id != 700 })
            },
            play: { history in
                history.perform(.die("west"))
                history.perform(.setPrimary("east", consents: true))
                history.perform(.apply(nil, order: nil, []))
                for environment in ["env-east", "env-west"] {
                    history.perform(.registerSchema(environment, id: 700))
                }
                history.perform(.revive("west"))
                _ = history.rest(atMost: 5)
            }),
        Mutation(
            predicate: "W12", testDescription: "hooks run before anything is published", shape: { $0.hooks = 1 },
            change: { steps in
                let hooks = steps.filter { if case .hook(.runHook) = $0.action { true } else { false } }
                let ids = Set(hooks.map(\.id))
                return hooks.map { $0.again($0.action, after: []) } + steps.filter { !ids.contains($0.id) }
            }),
    ]

    /// Links into the new side go on as they did.
    private static func dropQuietening(_ steps: [Step]) -> [Step] {
        without(steps) { $0.verb.hasPrefix("quieten") }
    }
}

extension History {
    /// A topic is there by an apply, and then its manifest goes.
    fileprivate mutating func removeManifest(of topic: String) {
        perform(.limitDeletions(100))
        perform(.apply(nil, order: nil, []))
        perform(.undeclare(topic: topic))
        perform(.apply(nil, order: nil, []))
    }
}
