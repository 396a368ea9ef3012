import Domain
import Planning

extension Mutation {
    /// What moves themselves must not do.
    static let moves: [Mutation] = [
        Mutation(
            predicate: "P1", testDescription: "published before the mirrors have ended", shape: { $0.canary = false },
            change: { steps in without(steps) { if case .move(.endMirrors) = $0.action { true } else { false } } }),
        Mutation(
            predicate: "P1", testDescription: "the new side's registry is not opened",
            change: { steps in
                without(steps) {
                    if case .registry(.setRegistryMode(let setting)) = $0.action {
                        setting.mode == .readWrite
                    } else {
                        false
                    }
                }
            }),
        Mutation(
            predicate: "P1", testDescription: "a link of somebody else goes on to copy ACLs",
            shape: { $0.adoptsLinks = true },
            change: { steps in
                without(steps) { step in
                    if case .kafka(.alterLink) = step.action { step.address.kind == .group } else { false }
                }
            },
            play: {
                $0.perform(.setPrimary("east", consents: false))
                $0.perform(.applyWithBackground)
            }),
        Mutation(
            predicate: "P1", testDescription: "back to a side whose fence stands still",
            change: { steps in without(steps) { $0.verb.hasPrefix("unfence") || $0.verb == "remove" } },
            play: { history in
                history.move()
                history.perform(.reprotect(.manual))
                for _ in 0..<3 { history.perform(.apply(nil, order: nil, [])) }
                history.perform(.setPrimary("west", consents: true))
                history.perform(.override([.alive]))
                history.options.adoptDiverged = ["west@1"]
                history.perform(.apply(nil, order: nil, []))
            }),
        Mutation(
            predicate: "P2", testDescription: "no fence",
            change: { steps in
                without(steps) { step in
                    switch step.action {
                    case .move(.fence), .move(.verifyFence): true
                    default: false
                    }
                }
            }),
        Mutation(
            predicate: "P2", testDescription: "a copy of a third member, which served before, stays open to writers",
            shape: { ($0.members, $0.movesSchemas) = (3, false) },
            change: { steps in
                without(steps) { step in
                    if case .move(.fence(let entries)) = step.action { entries.cluster == "west" } else { false }
                }
            },
            play: { history in
                let mutation = history.mutation
                history.mutation = nil
                history.perform(.setPrimary("east", consents: false))
                _ = history.settleDown(atMost: 4)
                history.perform(.endByHand("west", "g0.t1"))
                history.mutation = mutation
                history.perform(.setPrimary("north", consents: false))
                history.perform(.apply(nil, order: nil, []))
            }),
        Mutation(
            predicate: "P2b", testDescription: "every publication carries epoch 0",
            change: { steps in
                steps.map { step in
                    guard case .binding(.publish(let one)) = step.action else { return step }
                    return step.again(
                        .binding(
                            .publish(
                                Publication(
                                    binding: one.binding, targetIndex: one.targetIndex, cluster: one.cluster,
                                    group: one.group, epoch: 0, generation: one.generation))))
                }
            }),
        Mutation(
            predicate: "P3", testDescription: "copies are destroyed without a token",
            misreading: { input, _ in
                for name in input.workspace.failoverGroups.keys {
                    input.workspace.failoverGroups[name]?.discard =
                        input.recorded.moves[name].map { moves in
                            moves.demoted.map { member, demotion in
                                moves.token(
                                    for: demotion.topics ?? [], on: member, epoch: demotion.epoch,
                                    ledger: demotion.ledger)
                            }
                        } ?? []
                }
            }, play: { $0.comeBackWithMore() }),
        Mutation(
            predicate: "P3", testDescription: "copies behind a partial fence count as lossless",
            shape: { $0.denied = ["User:app"] },
            change: { steps in
                steps.map { step in
                    guard case .move(let family, .served(let demoted)) = step.ledger else { return step }
                    let better = demoted.mapValues {
                        RecordedMoves.Demotion(epoch: $0.epoch, ledger: $0.ledger, proof: .lossless)
                    }
                    return step.again(.ledger(.record), ledger: .move(family: family, .served(demoted: better)))
                }
            },
            play: { history in
                history.perform(history.writeDeed("g0.t0", isStale: true))
                history.move()
                history.perform(history.writeDeed("g0.t0", isStale: true))
                for _ in 0..<3 { history.perform(.apply(nil, order: nil, [])) }
            }),
        Mutation(
            predicate: "P3", testDescription: "a third member that was ahead counts as being behind",
            shape: { ($0.members, $0.movesSchemas) = (3, false) },
            change: { steps in
                steps.map { step in
                    guard case .move(let family, .opened(var move)) = step.ledger else { return step }
                    for (topic, offsets) in move.snapshot["east"] ?? [:] {
                        move.snapshot["east"]?[topic] = offsets.map { _ in .max }
                    }
                    return step.again(.ledger(.record), ledger: .move(family: family, .opened(move)))
                }
            },
            play: { history in
                history.perform(.status("east", "g0.t0", .paused))
                history.perform(history.writeDeed("g0.t0", isStale: false))
                history.perform(.replicate(.max))
                history.perform(.die("west"))
                history.lose("west")
                history.perform(.setPrimary("east", consents: true))
                history.perform(.override([.bestSurvivor, .loss]))
                for _ in 0..<3 { history.perform(.apply(nil, order: nil, [])) }
            }),
        Mutation(
            predicate: "P3b", testDescription: "promoted without a drain, and the server does not check",
            checksLag: false,
            change: { steps in without(steps) { if case .move(.drain) = $0.action { true } else { false } } }),
        Mutation(
            predicate: "P18", testDescription: "clients whose writes nobody fences are sent ahead of their records",
            checksLag: false, shape: { $0.denied = [] },
            change: { steps in without(steps) { if case .move(.drain) = $0.action { true } else { false } } }),
        Mutation(
            predicate: "P8", testDescription: "one call for each mirror",
            change: { steps in
                steps.flatMap { step -> [Step] in
                    guard case .move(.endMirrors(let verb, let mirrors)) = step.action, mirrors.topics.count > 1 else {
                        return [step]
                    }
                    var before = step.after
                    return mirrors.topics.enumerated().map { number, topic in
                        let one = LinkedMirrors(cluster: mirrors.cluster, link: mirrors.link, topics: [topic])
                        let isLast = number == mirrors.topics.count - 1
                        let part = Step(
                            isLast ? step.verb : "\(step.verb)-\(number)", step.address, .move(.endMirrors(verb, one)),
                            after: before, ledger: isLast ? step.ledger : .none)
                        before = [part.id]
                        return part
                    }
                }
            }),
        Mutation(
            predicate: "P11", testDescription: "fences stay for ever",
            change: { steps in without(steps) { if case .move(.unfence) = $0.action { true } else { false } } },
            play: { history in
                history.move()
                for _ in 0..<3 {
                    history.perform(.settle)
                    history.perform(.apply(nil, order: nil, []))
                }
                for fact in history.facts() { history.judge.checkRest(fact) }
            }),
        Mutation(
            predicate: "P13", testDescription: "a move that is given up leaves its fence",
            change: { steps in without(steps) { if case .move(.unfence) = $0.action { true } else { false } } },
            play: { $0.moveInVain() }),
        Mutation(
            predicate: "P13", testDescription: "a move that is given up leaves a link of somebody else switched off",
            shape: { $0.adoptsLinks = true },
            change: { steps in without(steps) { $0.address.kind == .link && $0.verb == "alter" } },
            play: { $0.moveInVain() }),
        Mutation(
            predicate: "P15", testDescription: "a topic of nobody is ended with the others",
            change: { steps in
                steps.map { step in
                    guard case .move(.endMirrors(let verb, let mirrors)) = step.action else { return step }
                    let more = LinkedMirrors(
                        cluster: mirrors.cluster, link: mirrors.link, topics: mirrors.topics + ["foreign"])
                    return step.again(.move(.endMirrors(verb, more)))
                }
            }),
        Mutation(
            predicate: "P17", testDescription: "the exporter into the new side keeps running",
            change: { steps in
                without(steps) { step in
                    switch step.action {
                    case .registry(.pauseExporter): true
                    case .registry(.setRegistryMode(let setting)): setting.mode == .readOnly
                    default: false
                    }
                }
            }),
    ]
}

extension History {
    /// A move that does not drain, and is taken back.
    fileprivate mutating func moveInVain() {
        perform(writeDeed("g0.t0", isStale: false))
        perform(.setPrimary("east", consents: false))
        let drain = step { if case .move(.drain) = $0 { true } else { false } }
        perform(.apply(.init(step: drain, manner: .before, kills: false), order: nil, []))
    }

    /// What a side held is gone for ever.
    fileprivate mutating func lose(_ site: String) {
        world.change(site, workspace) { $0.records = [:] }
        note(.people)
    }

    /// The old side dies, a client goes on to write there when it is back, and nobody gives a token.
    fileprivate mutating func comeBackWithMore() {
        perform(.die("west"))
        perform(writeDeed("g0.t0", isStale: true))
        perform(.setPrimary("east", consents: true))
        perform(.apply(nil, order: nil, []))
        perform(.revive("west"))
        perform(writeDeed("g0.t0", isStale: true))
        for _ in 0..<3 { perform(.apply(nil, order: nil, [])) }
    }
}
