import Domain
import Planning
import Testing

/// Lists of topics that leave out what is there: what the ledger owns is gone only when its own 404 says so.
@Suite struct TopicListProperties {
    @Test(
        "no topic is made, destroyed or given up that lists leave out and that is there",
        arguments: Scene.batches
    )
    func omitted(seeds: Range<UInt64>) throws {
        var (omitted, made) = (0, 0)
        for seed in seeds {
            var scene = try Self.settled(seed)
            let gone = scene.omitTopics()
            omitted += scene.world.omitted.values.reduce(0) { $0 + $1.count }
            let plan = scene.run.plan(scene.world)
            #expect(scene.wrongs(of: plan) == [], "seed \(seed)")
            // What is really gone is made again, or nothing would be shown.
            made += plan.steps.count { step in step.action.topics.contains { gone.contains($0) } }
        }
        #expect(omitted > 50)
        #expect(made > 0)
    }

    @Test("a plan that takes a list of topics at its word is caught")
    func listTakenAtItsWord() throws {
        var found: Set<String> = []
        for seed in Scene.batches[0] {
            var scene = try Self.settled(seed)
            _ = scene.omitTopics()
            scene.world.believesLists = true
            let wrongs = scene.wrongs(of: scene.run.plan(scene.world))
            found.formUnion(wrongs.compactMap { $0.split(separator: " ").first.map(String.init) })
        }
        #expect(found.contains("makes"), "\(found)")
    }

    /// Everything was as wanted, and the ledger knows where it is.
    private static func settled(_ seed: UInt64) throws -> Scene {
        var scene = try Scene(seed: seed)
        for _ in 0..<2 { try scene.run.apply(to: &scene.world) }
        scene.world.remember(scene.workspace)
        return scene
    }
}

/// A topic of a cluster that a manifest names.
private struct PlacedTopic: Hashable {
    let cluster: String
    let topic: String
}

extension Scene {
    /// Some topics that the ledger owns are left out of the lists, and some are deleted.
    ///
    /// - Returns: Those that are gone.
    fileprivate mutating func omitTopics() -> Set<PlacedTopic> {
        var gone: Set<PlacedTopic> = []
        for name in workspace.clusters.keys.sorted() {
            let topics = ownedTopics(on: name)
            guard let id = world.cluster(name, workspace)?.listed.id, !topics.isEmpty, generator.random.once(in: 2)
            else { continue }
            for topic in generator.random.some(topics, oneIn: 3) {
                guard generator.random.once(in: 3) else {
                    world.omitted[id, default: []].insert(topic)
                    continue
                }
                gone.insert(PlacedTopic(cluster: name, topic: topic))
                world.clusters[id]?.topics[topic] = nil
                world.clusters[id]?.configs[topic] = nil
                world.clusters[id]?.mirrors.removeAll { $0.topic == topic }
            }
        }
        return gone
    }

    private func ownedTopics(on name: String) -> [String] {
        let live = world.cluster(name, workspace)?.topics ?? [:]
        let owned = world.ledger.owned.keys.filter { [.topic, .mirror].contains($0.kind) && $0.place == name }
        return Set(owned.map(\.name)).filter { live[$0] != nil }.sorted()
    }

    /// What a plan does on the strength of lists that leave out what is there.
    fileprivate func wrongs(of plan: Plan) -> [String] {
        let hiding = workspace.clusters.keys.reduce(into: [String: Set<String>]()) { hiding, name in
            hiding[name] = world.cluster(name, workspace).flatMap { world.omitted[$0.listed.id] }
        }
        func isHidden(_ place: PlacedTopic) -> Bool { hiding[place.cluster]?.contains(place.topic) ?? false }
        let acts = plan.steps.flatMap { step in
            step.action.topics.filter(isHidden).map { "makes or destroys \($0.topic) on \($0.cluster): \(step.id)" }
        }
        let given = (plan.steps + plan.ledgerRefresh).compactMap { step -> String? in
            guard step.ledger == .disown, step.action != .ledger(.release), let place = step.address.place,
                isHidden(PlacedTopic(cluster: place, topic: step.address.name))
            else { return nil }
            return "gives up \(step.address)"
        }
        return acts + given
    }
}

extension StepAction {
    /// Topics that it makes, changes or destroys.
    fileprivate var topics: [PlacedTopic] {
        switch self {
        case .kafka(.createTopic(let creation)): [PlacedTopic(cluster: creation.cluster, topic: creation.topic)]
        case .kafka(.growTopic(let growth)): [PlacedTopic(cluster: growth.cluster, topic: growth.topic)]
        case .kafka(.alterTopicConfigs(let alteration)):
            [PlacedTopic(cluster: alteration.cluster, topic: alteration.topic)]
        case .kafka(.deleteTopic(let reference)): [PlacedTopic(cluster: reference.cluster, topic: reference.topic)]
        case .kafka(.createMirror(let creation)): [PlacedTopic(cluster: creation.cluster, topic: creation.topic)]
        case .move(.restoreMirrors(let mirrors)), .move(.endMirrors(_, let mirrors)):
            mirrors.topics.map { PlacedTopic(cluster: mirrors.cluster, topic: $0) }
        default: []
        }
    }
}
