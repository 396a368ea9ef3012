import Domain
import Testing

@Suite struct TopologyTests {
    private func halves(_ edit: (inout LinkSettings) -> Void, prefix: String? = nil) -> [DesiredLink] {
        var settings = LinkSettings()
        edit(&settings)
        return DesiredLink.halves(
            named: "l", from: "west", to: "east", settings: settings, selector: nil, prefix: prefix,
            declaration: .clusterLink("l"))
    }

    @Test("who holds which half, and which has to be there first")
    func halves() {
        #expect(halves { _ in }.map(\.half) == [.destination])
        let bySource = halves({ $0.initiator = "west" }, prefix: "w.")
        #expect(bySource.map(\.half) == [.inboundDestination, .source])
        #expect(bySource.map(\.cluster) == ["east", "west"])
        #expect(bySource.map(\.afterHalfOn) == [nil, "east"])
        #expect(bySource.map(\.prefix) == ["w.", nil])
        let both = halves { $0.mode = .bidirectional }
        #expect(both.map(\.half) == [.bidirectional, .bidirectional])
        for (initiator, waiting) in [("west", "east"), ("east", "west")] {
            let one = halves {
                $0.mode = .bidirectional
                $0.initiator = initiator
            }
            #expect(one.map(\.half) == [.inboundBidirectional, .outboundBidirectional])
            #expect(one.map(\.cluster) == [waiting, initiator])
        }
    }

    @Test("only the half that holds mirrors syncs ACLs and creates mirrors; both sync offsets")
    func configs() {
        var settings = LinkSettings()
        settings.mode = .bidirectional
        settings.consumerOffsetSync = OffsetSyncSpec()
        settings.aclSync = ACLSyncSpec(enabled: true, filters: [.init()])
        let halves = DesiredLink.halves(
            named: "l", from: "west", to: "east", settings: settings,
            selector: TopicSelector(include: ["a*"], autoCreate: true), declaration: .clusterLink("l"))
        #expect(
            halves[0].configs.keys.contains("acl.sync.enable") && !halves[1].configs.keys.contains("acl.sync.enable"))
        #expect(halves[0].configs["auto.create.mirror.topics.enable"] == "true")
        #expect(halves[1].configs["auto.create.mirror.topics.enable"] == nil)
        #expect(halves.map { $0.configs["consumer.offset.sync.enable"] } == ["true", "true"])
    }

    @Test(
        "filters are compared by meaning",
        arguments: [
            (#"{"aclFilters":[{"accessFilter":{"operation":"any","permissionType":"allow"}}]}"#, true),
            (#"{"aclFilters":[{"accessFilter":{"permissionType":"ALLOW","operation":"ANY","principal":null}}]}"#, true),
            (
                #"{"aclFilters":[{"accessFilter":{"operation":"ANY","permissionType":"ALLOW","principal":"User:a"}}]}"#,
                false
            ),
        ])
    func filters(text: String, isSame: Bool) {
        let wanted = #"{"aclFilters":[{"accessFilter":{"operation":"ANY","permissionType":"ALLOW"}}]}"#
        let same = ConfigValue.canonical("acl.filters", text) == ConfigValue.canonical("acl.filters", wanted)
        #expect(same == isSame)
    }

    @Test("a family is a group with all that follow it, through any number of steps")
    func families() {
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "w")))
        func add(_ name: String, _ placement: FailoverGroupSpec.Placement) {
            workspace.failoverGroups[name] = FailoverGroupSpec(metadata: Metadata(name: name), placement: placement)
        }
        add("a", .declared(primary: "west", members: ["west", "east"]))
        add("b", .follows("a"))
        add("c", .follows("b"))
        add("loop", .follows("loop"))
        add("lost", .follows("nobody"))
        let families = GroupFamily.all(in: workspace)
        #expect(families.map { $0.groups.map(\.name) } == [["a", "b", "c"]])
        #expect(families[0].secondaries == ["east"])
        #expect(families[0].linkName(from: "west", to: "east") == "a-west-east")
        workspace.failoverGroups["a"]?.link.mode = .bidirectional
        #expect(GroupFamily.all(in: workspace)[0].linkName(from: "west", to: "east") == "a-east-west")
    }

    @Test("subjects tell which contexts they reach")
    func contexts() {
        #expect(RegistryContext.reached(bySubjects: ["*", "orders*"]) == [.standard])
        #expect(RegistryContext.reached(bySubjects: [":.us:*", "*"]) == [.standard, RegistryContext("us")])
        #expect(RegistryContext.reached(bySubjects: [":*:"]) == nil)
        #expect(RegistryContext(".us") == RegistryContext("us"))
    }
}

@Suite struct SiteMatchTests {
    private let snapshot = ControlPlaneSnapshot(
        environments: [
            ObservedEnvironment(id: "env-1", displayName: "prod"),
            ObservedEnvironment(id: "env-2", displayName: "twin"),
            ObservedEnvironment(id: "env-3", displayName: "twin"),
        ],
        clusters: [
            ObservedCluster(
                id: "lkc-1", environmentID: "env-1", displayName: "west", kind: "Dedicated", cloud: "AWS", region: "r",
                availability: .multiZone, phase: .provisioned)
        ])

    private func environment(_ displayName: String, id: String? = nil) -> EnvironmentSpec {
        var spec = EnvironmentSpec(metadata: Metadata(name: "e"))
        (spec.displayName, spec.id) = (displayName, id)
        return spec
    }

    @Test("an environment is found by id, by its only display name, or by the id that is owned")
    func environments() {
        #expect(snapshot.match(environment("prod")).found?.id == "env-1")
        #expect(snapshot.match(environment("anything", id: "env-2")).found?.id == "env-2")
        #expect(snapshot.match(environment("prod", id: "env-9")) == .absent)
        #expect(snapshot.match(environment("twin")) == .ambiguous(ids: ["env-2", "env-3"]))
        #expect(snapshot.match(environment("renamed")) == .absent)
        #expect(snapshot.match(environment("renamed"), knownID: "env-1").found?.id == "env-1")
        #expect(snapshot.match(environment("twin"), knownID: "env-2").found?.id == "env-2")
    }

    @Test("one that is known is never replaced by another one of its name")
    func namesakes() {
        #expect(snapshot.match(environment("prod"), knownID: "env-2") == .namesake(ids: ["env-1"], known: "env-2"))
        #expect(snapshot.match(environment("prod"), knownID: "env-9") == .namesake(ids: ["env-1"], known: "env-9"))
        #expect(snapshot.match(environment("prod", id: "env-1"), knownID: "env-1").found?.id == "env-1")
    }

    @Test("one that was known and is not listed is gone only by its own answer")
    func omitted() {
        guard case .unseen = snapshot.match(environment("renamed"), knownID: "env-9") else {
            Issue.record("a list that leaves out what was known is believed")
            return
        }
        var asked = snapshot
        asked.answers["env-9"] = .gone
        #expect(asked.match(environment("renamed"), knownID: "env-9") == .absent)
        asked.answers["env-9"] = .untold(.denied(reason: "HTTP 403"))
        #expect(
            asked.match(environment("renamed"), knownID: "env-9") == .unseen(.denied(reason: "HTTP 403")))
        asked.gaps[.environments] = .broken(reason: "data is missing")
        #expect(asked.match(environment("renamed")) == .unseen(.broken(reason: "data is missing")))
        #expect(asked.match(environment("prod")).found?.id == "env-1")
    }

    @Test("a cluster is found inside its environment only")
    func clusters() {
        var spec = ClusterSpec(metadata: Metadata(name: "west"), type: .dedicated)
        #expect(snapshot.match(spec, environmentID: "env-1").found?.id == "lkc-1")
        #expect(snapshot.match(spec, environmentID: "env-2") == .absent)
        spec.id = "lkc-1"
        guard case .misplaced = snapshot.match(spec, environmentID: "env-2") else {
            Issue.record("a cluster of another environment is not told")
            return
        }
        spec.id = nil
        spec.displayName = "renamed"
        #expect(snapshot.match(spec, environmentID: "env-1", knownID: "lkc-1").found?.id == "lkc-1")
    }
}
