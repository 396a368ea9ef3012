import Domain
import Planning
import Rendering
import Testing

@Suite struct LinkExamples {
    private func copying(_ edit: (inout ClusterLinkSpec) -> Void = { _ in }) -> (inout Workspace) -> Void {
        var link = ClusterLinkSpec(metadata: Metadata(name: "copy"), source: "west", destination: "east")
        edit(&link)
        return { $0.clusterLinks["copy"] = link }
    }

    @Test("a link is known by its ends: one under another name is adopted under that name")
    func foundByEnds() {
        var example = Example(copying { $0.mirrorTopics = TopicSelector(include: ["orders"]) })
        example.addLink("dr-2023", on: "east", from: "west")
        example.addTopic("orders", on: "west")
        #expect(example.plan().stepIDs == ["link/east/dr-2023#adopt", "mirror/east/orders#create"])
    }

    @Test("the name it was adopted under is remembered while its cluster is silent")
    func foundByLedger() throws {
        var example = Example(copying())
        example.addLink("dr-2023", on: "east", from: "west")
        try example.apply()
        example.world.silent[.cluster("east")] = .unreachable
        #expect(example.plan().isEmpty)
    }

    @Test("several links between the ends are ambiguous until one is named")
    func ambiguous() {
        var example = Example(copying())
        example.addLink("one", on: "east", from: "west")
        example.addLink("two", on: "east", from: "west")
        #expect(example.plan().refusals.map(\.gate) == [.identity])
        example.workspace.clusterLinks["copy"]?.settings.linkName = "two"
        #expect(example.plan().stepIDs == ["link/east/two#adopt"])
    }

    @Test("two manifests between the same clusters do not take each other's link")
    func twoLinks() throws {
        var example = Example(copying())
        example.workspace.addLink("other", from: "west", to: "east")
        example.addLink("copy", on: "east", from: "west")
        #expect(example.plan().stepIDs == ["link/east/copy#adopt", "link/east/other#create"])
    }

    @Test("one live link that two manifests could mean is refused")
    func contested() {
        var example = Example(copying())
        example.workspace.addLink("other", from: "west", to: "east")
        example.addLink("dr-2023", on: "east", from: "west")
        #expect(example.plan().refusals.map(\.gate) == [.identity, .identity])
        #expect(example.plan().steps.isEmpty)
    }

    @Test("a link of that name with other ends is refused")
    func otherEnds() {
        var example = Example(copying())
        example.workspace.addSite("north")
        example.world.addSites(of: example.workspace)
        example.addLink("copy", on: "east", from: "north")
        let refusal = example.plan().refusals.first
        #expect(refusal?.gate == .immutable)
        guard case .link(.otherEnds(let live, let link))? = refusal?.reason else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(live.edit == nil)
        #expect(link.nameField == "linkName")
    }

    @Test("a link of that name and those ends in another mode is refused, and the mode that it has is told")
    func otherMode() {
        var example = Example(copying())
        example.addLink("copy", on: "east", from: "west")
        example.change("east") { $0.links["copy"]?.mode = .bidirectional }
        guard case .link(.otherEnds(let live, _))? = example.plan().refusals.first?.reason else {
            Issue.record("\(example.plan().refusals)")
            return
        }
        #expect(live.edit?.field == "mode")
        #expect(live.edit?.mode == .bidirectional)
    }

    @Test("a prefix is part of what a link is, and its mirrors carry it")
    func prefix() throws {
        var example = Example(
            copying {
                $0.prefix = "west."
                $0.mirrorTopics = TopicSelector(include: ["orders"])
            })
        example.addLink("plain", on: "east", from: "west")
        example.addTopic("orders", on: "west")
        let plan = example.plan()
        #expect(plan.stepIDs == ["link/east/copy#create", "mirror/east/west.orders#create"])
        #expect(
            plan.steps[1].action
                == .kafka(
                    .createMirror(MirrorCreation(cluster: "east", link: "copy", topic: "west.orders", source: "orders"))
                )
        )
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("a prefix that another link on the cluster has is refused; once that link is gone it is taken")
    func takenPrefix() throws {
        var example = Example(copying { $0.prefix = "west." })
        example.workspace.addSite("north")
        example.world.addSites(of: example.workspace)
        example.addLink("by-hand", on: "east", from: "north", ["cluster.link.prefix": "west."])
        let plan = example.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.refusals.map(\.gate) == [.links])
        #expect(plan.refusals.first?.message.contains("link by-hand on east has prefix west. already") == true)
        example.change("east") { $0.links["by-hand"] = nil }
        #expect(example.plan().stepIDs == ["link/east/copy#create"])
    }

    @Test("a group makes its own link although another one, whose group takes it away, joins the same clusters")
    func linkOfAnotherGroup() throws {
        var example = try Example.applied { workspace in
            workspace.spec.policy.quietPeriod = .zero
            for name in ["orders", "payments"] {
                workspace.addGroup(name, primary: "west", ["west", "east"]) { group in
                    group.fence = FailoverGroupSpec.Fence()
                    group.fence?.denyWrites = ["User:*"]
                    group.reprotect = .recreate
                }
                workspace.addTopic("\(name).a", .failoverGroup(name))
            }
        }
        func move(_ groups: [String: String]) throws {
            example.world.replicate(example.workspace)
            for (group, member) in groups {
                example.workspace.failoverGroups[group]?.placement = .declared(
                    primary: member, members: ["west", "east"])
            }
            try example.apply()
        }
        try move(["payments": "east"])
        try example.apply()
        try move(["payments": "west", "orders": "east"])
        let effects = example.plan().effects
        #expect(effects.contains("create link/west/orders-east-west"), "\(effects)")
        #expect(effects.contains("delete link/west/payments-east-west"), "\(effects)")
        for _ in 0..<2 { try example.apply() }
        #expect(example.plan().isEmpty)
    }

    @Test("a source-initiated link: the half that waits first, mirrors after both")
    func sourceInitiated() throws {
        var example = Example(
            copying {
                $0.settings.initiator = "west"
                $0.prefix = "w."
                $0.mirrorTopics = TopicSelector(include: ["orders"])
            })
        example.addTopic("orders", on: "west")
        let plan = example.plan()
        #expect(plan.stepIDs == ["link/east/copy#create", "link/west/copy#create", "mirror/east/w.orders#create"])
        #expect(plan.steps[1].after == [plan.steps[0].id])
        #expect(plan.steps[2].after == [plan.steps[0].id, plan.steps[1].id])
        guard case .kafka(.createLink(let first)) = plan.steps[0].action,
            case .kafka(.createLink(let second)) = plan.steps[1].action
        else {
            Issue.record("no links are created")
            return
        }
        #expect(first.half == .inboundDestination && !first.validates)
        #expect(second.half == .source && second.validates && second.configs.isEmpty)
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("both halves of a bidirectional link carry the name of the one that is there")
    func bidirectionalName() {
        var example = Example(copying { $0.settings.mode = .bidirectional })
        example.addLink("pair", on: "east", from: "west", mode: .bidirectional)
        #expect(example.plan().stepIDs == ["link/east/pair#adopt", "link/west/pair#create"])
    }

    @Test("filters are written before the flags that need them")
    func filtersFirst() throws {
        var example = try Example.applied(copying())
        example.workspace.clusterLinks["copy"]?.settings.consumerOffsetSync = OffsetSyncSpec(includeGroups: ["a*"])
        guard case .kafka(.alterLink(let alteration))? = example.plan().step("link/east/copy#alter")?.action else {
            Issue.record("the link is not altered")
            return
        }
        #expect(
            alteration.batches.map { $0.map(\.name) }
                == [["consumer.offset.group.filters"], ["consumer.offset.sync.enable"]])
        #expect(!alteration.renewsConnection)
    }

    @Test(
        "filters are compared by meaning",
        arguments: [
            #"{ "groupFilters": [ {"filterType":"EXCLUDE","name":"z","patternType":"LITERAL"}, {"name":"a","patternType":"PREFIXED","filterType":"INCLUDE"} ] }"#,
            #"{"groupFilters":[{"name":"a","patternType":"prefixed","filterType":"include"},{"name":"z","patternType":"literal","filterType":"exclude"}]}"#,
            #"{"groupFilters":[{"name":"\u0061","patternType":"PREFIXED","filterType":"INCLUDE"},{"name":"z","patternType":"LITERAL","filterType":"EXCLUDE","x":null}]}"#,
        ])
    func filterMeaning(text: String) throws {
        let sync = OffsetSyncSpec(includeGroups: ["a*"], excludeGroups: ["z"])
        var example = try Example.applied(copying { $0.settings.consumerOffsetSync = sync })
        example.change("east") { $0.links["copy"]?.configs["consumer.offset.group.filters"] = text }
        #expect(example.plan().isEmpty)
        example.change("east") {
            $0.links["copy"]?.configs["consumer.offset.group.filters"] = text.replacing("\"z\"", with: "\"y\"")
        }
        #expect(example.plan().lines.count == 1)
    }

    @Test("a sync that is switched off, or not declared any more, is switched off once")
    func syncOff() throws {
        for next in [OffsetSyncSpec(enabled: false), nil] {
            var example = try Example.applied(
                copying { $0.settings.consumerOffsetSync = OffsetSyncSpec(interval: .seconds(10)) })
            example.workspace.clusterLinks["copy"]?.settings.consumerOffsetSync = next
            #expect(example.plan().stepIDs == ["link/east/copy#alter"])
            try example.apply()
            #expect(example.plan().isEmpty)
        }
    }

    @Test("bootstrap servers with a scheme and a slash are the same servers; other ones are renewed")
    func bootstrap() throws {
        var example = try Example.applied(copying())
        let now = example.world.cluster("east", example.workspace)?.links["copy"]?.configs["bootstrap.servers"]
        #expect(now?.hasPrefix("SASL_SSL://") == true && now?.hasSuffix("/") == true)
        #expect(example.plan().isEmpty)
        example.change("east") { $0.links["copy"]?.configs["bootstrap.servers"] = "elsewhere:9092" }
        guard case .kafka(.alterLink(let alteration))? = example.plan().step("link/east/copy#alter")?.action else {
            Issue.record("the link is not altered")
            return
        }
        #expect(alteration.renewsConnection && alteration.batches.isEmpty)
    }

    @Test("credentials that changed are seen by their fingerprints, and are never shown when they cannot be read")
    func credentials() throws {
        let example = try Example.applied(copying())
        let changed = example.plan {
            $0.secrets.references[.environment("LINK_west_SECRET")] = Fingerprint(hexadecimal: "new")
        }
        #expect(changed.changes.map { $0.differences.map(\.field) } == [["credentials"]])
        let unread = example.plan { $0.secrets = SecretFacts() }
        #expect(unread.isEmpty && unread.ledgerRefresh.isEmpty)
    }

    @Test("a link whose credentials cannot be read waits for them")
    func unresolved() {
        let reference = SecretReference.environment("LINK_west_SECRET")
        let plan = Example(copying()).plan {
            $0.secrets.references[reference] = nil
            $0.secrets.unresolvedReferences[reference] = UnresolvedSecret(reference: reference, reason: "it is not set")
        }
        #expect(plan.steps.isEmpty)
        #expect(plan.deferred.map(\.waitsFor) == ["credentials: it is not set"])
    }

    @Test("a half that dials waits for the other side; a source whose key is wrong does not stop it")
    func remoteSilent() {
        var example = Example(copying())
        example.world.silent[.cluster("west")] = .unreachable
        #expect(example.plan().deferred.map(\.waitsFor) == ["west, unreachable: connect timed out"])
        example.world.silent[.cluster("west")] = .denied
        #expect(example.plan().stepIDs == ["link/east/copy#create"])
    }

    @Test("two groups that name one link share it when they want the same, and are refused else")
    func sharedLink() throws {
        var example = try Example.applied { workspace in
            for group in ["a", "b"] {
                workspace.addGroup(group, primary: "west", ["west", "east"]) { $0.link.names = ["west-east": "shared"] }
                workspace.addTopic("\(group).t", .failoverGroup(group))
            }
        }
        #expect(example.plan().isEmpty)
        example.workspace.failoverGroups["b"]?.link.consumerOffsetSync = OffsetSyncSpec(interval: .seconds(5))
        #expect(example.plan().refusals.map(\.gate) == [.links])
        #expect(example.plan().steps.isEmpty)
    }

    @Test("a link of a group that somebody paused is resumed, unless it is declared so; other links are left alone")
    func pausedByHand() throws {
        var example = try Example.applied { workspace in
            workspace.addGroup("shop", primary: "west", ["west", "east"])
            workspace.addTopic("shop.a", .failoverGroup("shop"))
            workspace.addLink("copy", from: "west", to: "east")
        }
        example.change("east") { east in
            for name in east.links.keys { east.links[name]?.configs["cluster.link.paused"] = "true" }
        }
        let change = try #require(example.plan().changes.first { $0.address.kind == .link })
        #expect(example.plan().changes.count == 1)
        #expect(change.address.name == "shop-west-east")
        #expect(change.differences == [.init("configs.cluster.link.paused", from: "true", to: "false")])
        try example.apply()
        #expect(example.plan().isEmpty)
        example.workspace.failoverGroups["shop"]?.link.configs["cluster.link.paused"] = "true"
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("a chain of links is planned in one go")
    func chain() throws {
        var example = Example { workspace in
            workspace.addSite("north")
            workspace.addTopic("orders", .cluster("west"))
            workspace.addLink("z", from: "west", to: "east") { $0.mirrorTopics = TopicSelector(include: ["orders"]) }
            workspace.addLink("a", from: "east", to: "north") { $0.mirrorTopics = TopicSelector(include: ["orders"]) }
        }
        let plan = example.plan()
        #expect(
            plan.step("mirror/north/orders#create")?.after.map(\.description).contains("mirror/east/orders#create")
                == true)
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test(
        "an Apache Kafka source is mirrored by literal names and by what is mirrored already, and says what it cannot find"
    )
    func apacheKafka() throws {
        var example = Example()
        var kafka = ClusterSpec(metadata: Metadata(name: "onprem"), type: .apacheKafka)
        (kafka.id, kafka.bootstrapServers) = ("9Zt1rQWkTJ2q7T0h0yJvVw", "kafka:9092")
        kafka.linkCredentials = Manifests.key("ONPREM")
        example.workspace.clusters["onprem"] = kafka
        example.world.addCluster(kafka, in: "")
        example.change("onprem") { $0.topics["orders"] = ObservedTopic(partitions: 3, replicationFactor: 3) }
        example.workspace.addGroup("move", primary: "onprem", ["onprem", "east"], include: ["orders", "events.*"])
        let plan = example.plan { $0.observation.sites.clusters["onprem"] = .init(id: "9Zt1rQWkTJ2q7T0h0yJvVw") }
        #expect(plan.stepIDs == ["link/east/move-onprem-east#create", "mirror/east/orders#create"])
        #expect(plan.notes.map(\.reason).contains(.unlistedTopics(source: "onprem", patterns: ["events.*"])))
        try example.apply()
        #expect(example.plan().steps.isEmpty)
    }
}
