import Domain
import Planning
import Testing

/// Places that a binding was published to and is not any more.
@Suite struct MovedPlaceExamples {
    private func file(_ path: String, _ format: FilePlace.Format = .properties) -> PublishTarget {
        .file(FilePlace(path: path, format: format, contents: .all))
    }

    private func app(_ targets: [PublishTarget]) throws -> Example {
        try Example.applied { workspace in
            workspace.addBinding("app", .cluster("west")) {
                $0.publish = targets
                $0.properties = ["a": "one"]
                $0.secrets = ["p": "${credentials.kafka.apiSecret}"]
            }
        }
    }

    @Test("a moved place is a planned removal of the keys at the old one, after the new one is written")
    func moved() throws {
        var example = try app([file("before")])
        example.workspace.clientBindings["app"]?.publish = [file("after")]
        let plan = example.plan()
        let left = ResourceAddress(placeLeftBy: "app", "file before")
        let removal = try #require(plan.changes.first { $0.address == left })
        #expect(removal.effect == .delete)
        #expect(removal.differences.map(\.field) == ["a", "secret p"])
        #expect(plan.summary.destroy == 1)
        guard case .binding(.withdraw(let withdrawal))? = plan.steps.last?.action else {
            Issue.record("\(plan.stepIDs)")
            return
        }
        #expect(withdrawal == Withdrawal(binding: "app", target: file("before"), keys: ["a", "p"]))
        try example.apply()
        #expect(example.plan().isEmpty)
        #expect(example.world.withdrawn == [withdrawal])
    }

    @Test("the removal is what was seen there: other values, fewer keys, or nothing at all")
    func seen() throws {
        var example = try app([file("before")])
        example.workspace.clientBindings["app"]?.publish = [file("after")]
        let left = ResourceAddress(placeLeftBy: "app", "file before")
        example.world.stores[left] = StoreSnapshot(properties: ["a": "edited"])
        let removal = try #require(example.plan().changes.first { $0.address == left })
        #expect(removal.differences == [.init("a", from: "edited", to: nil)])
        #expect(
            example.plan().steps.contains {
                $0.action == .binding(.withdraw(Withdrawal(binding: "app", target: file("before"), keys: ["a"])))
            })
        example.world.stores[left] = StoreSnapshot()
        #expect(!example.plan().changes.contains { $0.address == left })
        try example.apply()
        #expect(example.plan().isEmpty)
        #expect(example.world.withdrawn.isEmpty)
    }

    @Test("a place that does not answer is not known to be empty: its removal waits, and is not forgotten")
    func silentPlace() throws {
        var example = try app([file("before")])
        example.workspace.clientBindings["app"]?.publish = [file("after")]
        let left = ResourceAddress(placeLeftBy: "app", "file before")
        example.world.silent[.store(left)] = .unreachable
        #expect(example.plan().deferred.map(\.address) == [left])
        #expect(example.plan().sites.contains { $0.name == left.name && $0.silence != nil })
        try example.apply()
        #expect(example.plan().deferred.map(\.address) == [left])
        example.world.silent = [:]
        #expect(example.plan().changes.map(\.address) == [left])
        try example.apply()
        #expect(example.plan().isEmpty)
        #expect(example.world.withdrawn.map(\.target) == [file("before")])
    }

    @Test("both parts of a target that leaves the list are removed")
    func twoParts() throws {
        let cluster = PublishTarget.kubernetes(
            KubernetesPlace(
                connection: "k8s", namespace: "apps", configMap: "app", secret: "app-secret"))
        var example = try Example.applied { workspace in
            workspace.connections["k8s"] = ConnectionSpec(metadata: Metadata(name: "k8s"), system: .kubernetes(.init()))
            workspace.addBinding("app", .cluster("west")) {
                $0.publish = [file("one"), cluster]
                $0.properties = ["a": "one"]
                $0.secrets = ["p": "${credentials.kafka.apiSecret}"]
            }
        }
        example.workspace.clientBindings["app"]?.publish = [file("one")]
        try example.apply()
        #expect(Set(example.world.withdrawn.map(\.target)) == Set(cluster.parts))
        #expect(example.plan().isEmpty)
        #expect(!example.world.ledger.owned.keys.contains { $0.name.hasPrefix("app/") && $0.name != "app/0" })
    }

    @Test("what could not be removed is remembered, and removed by the next apply")
    func remembered() throws {
        var example = try app([file("before")])
        example.workspace.clientBindings["app"]?.publish = [file("after")]
        for step in example.plan().steps where step.id.description.hasSuffix("#leave") {
            try example.world.perform(step, example.workspace)
        }
        try example.world.ledger.owned[ResourceAddress(.binding, "app/0")]?.applied.merge(
            #require(example.workspace.clientBindings["app"]?.publish[0]).remembered
        ) { $1 }
        #expect(example.plan().steps.contains { if case .binding(.withdraw) = $0.action { true } else { false } })
        example.workspace.clientBindings["app"]?.publish = [file("before"), file("after")]
        #expect(!example.plan().steps.contains { if case .binding(.withdraw) = $0.action { true } else { false } })
    }

    @Test("a target that leaves the list is removed where it was; one that only changes its number is not")
    func shorterList() throws {
        var example = try app([file("one"), file("two")])
        example.workspace.clientBindings["app"]?.publish = [file("two")]
        let withdrawn = example.plan().steps.compactMap { step -> PublishTarget? in
            if case .binding(.withdraw(let withdrawal)) = step.action { withdrawal.target } else { nil }
        }
        #expect(withdrawn == [file("one")])
    }

    @Test("the same file by another spelling has not moved")
    func spelling() throws {
        var example = try app([file("out/one")])
        example.workspace.clientBindings["app"]?.publish = [file("./out//one")]
        #expect(!example.plan().steps.contains { if case .binding(.withdraw) = $0.action { true } else { false } })
    }

    @Test("a file whose format changes is written anew, unless others keep entries in it")
    func format() throws {
        var example = try app([file("one")])
        let address = ResourceAddress(.binding, "app/0")
        example.workspace.clientBindings["app"]?.publish = [file("one", .json)]
        example.world.stores[address]?.formerFormat = .replaceable
        #expect(example.plan().lines.contains { $0.contains("format: Properties -> JSON") })
        example.world.stores[address]?.formerFormat = .shared
        #expect(example.plan().refusals.map(\.gate) == [.immutable])
        #expect(example.plan().steps.isEmpty)
    }

    @Test("a key of Consul does not change its format under its readers")
    func consulFormat() throws {
        var example = try Example.applied { workspace in
            workspace.addBinding("app", .cluster("west")) {
                $0.publish = [.consul(ConsulPlace(connection: "consul", key: "apps/app", format: .json))]
                $0.properties = ["a": "one"]
            }
        }
        example.workspace.clientBindings["app"]?.publish = [
            .consul(ConsulPlace(connection: "consul", key: "apps/app", format: .keys))
        ]
        #expect(example.plan().refusals.map(\.gate) == [.immutable])
    }
}
