import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

/// Lists of the control plane that tell less than there is.
@Suite struct ListGapTests {
    private static let hasty: HTTPTransport.Settings = {
        var settings = HTTPTransport.Settings()
        settings.retries = RetryPolicy(attempts: 2, firstWait: .milliseconds(10))
        return settings
    }()

    /// What is seen of regions that were seen whole before.
    private func seen(
        _ spoil: @escaping @Sendable (Rig) async throws -> Void
    ) async throws -> (before: Observation, now: Observation) {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            let before = await rig.observe()
            try await spoil(rig)
            return (before, await rig.observe(recorded: Recorded(sites: before.sites)))
        }
    }

    @Test(
        "A list of clusters without rows is no proof that they are gone: each is asked for, and goes on",
        arguments: [#"{"data":[]}"#, #"{"data":null}"#, "{}", #"{"data":{}}"#])
    func clusters(body: String) async throws {
        let escaped = body.replacing("\"", with: "\\\"")
        let (before, now) = try await seen { rig in
            try await rig.spoil(
                "control", path: "/cmk/v2/clusters",
                #""effect":"status","status":200,"body":"\#(escaped)","headers":{"Content-Type":"application/json"}"#)
        }
        let snapshot = try #require(now.controlPlanes["cloud"]?.snapshot)
        #expect(!snapshot.gaps.isEmpty && !snapshot.listedEnvironments.contains("env-west"))
        #expect(now.clusters["west"]?.snapshot?.clusterID == "lkc-west")
        #expect(now.sites.clusters["west"]?.restEndpoint == before.sites.clusters["west"]?.restEndpoint)
    }

    @Test("A row without a name could be what is looked for by name: nothing counts as absent beside it")
    func nameless() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            for (path, pointer) in [
                ("/org/v2/environments", "/data/*/display_name"), ("/cmk/v2/clusters", "/data/*/spec/display_name"),
            ] {
                try await rig.spoil(
                    "control", path: path, #""effect":"edit","method":"GET","pointer":"\#(pointer)","value":null"#)
                let seen = await rig.observe()
                #expect(seen.clusters.values.allSatisfy { if case .absent = $0 { false } else { true } })
                #expect(seen.clusters["west"]?.snapshot == nil)
            }
        }
    }

    @Test("A refused list of registries hides registries only")
    func registries() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            try await rig.spoil("control", path: "/srcm/v3/clusters", #""effect":"status","status":403"#)
            let seen = await rig.observe()
            let snapshot = try #require(seen.controlPlanes["cloud"]?.snapshot)
            #expect(snapshot.clusters.map(\.id) == ["lkc-east", "lkc-west"])
            #expect(snapshot.listedEnvironments == ["env-east", "env-west"])
            #expect(seen.clusters["west"]?.snapshot != nil)
            #expect(seen.registries["west"]?.silence?.contains("403") == true)
        }
    }

    @Test("A registry that is PROVISIONING is being made, and one that is not there does not exist yet")
    func beingMade() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            try await rig.spoil(
                "control", path: "/srcm",
                #""effect":"edit","method":"GET","pointer":"/data/*/status/phase","value":"PROVISIONING""#)
            let silence = try #require(await rig.observe().registries["east"]?.silence)
            #expect(silence.contains("PROVISIONING") && !silence.contains("does not exist"))
        }
    }

    @Test("What is gone is known by its own 404; a cluster, which answers 403 then, is not known to be")
    func gone() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            var sites = await rig.observe().sites
            sites.environments["west"]?.id = "env-gone"
            sites.clusters["east"]?.id = "lkc-gone"
            var rig = rig
            rig.workspace.environments["west"]?.displayName = "nowhere"
            rig.workspace.clusters["east"]?.displayName = "nowhere"
            let seen = await rig.observe(recorded: Recorded(sites: sites))
            let answers = try #require(seen.controlPlanes["cloud"]?.snapshot).answers
            #expect(answers["env-gone"] == .gone)
            guard case .untold(.denied)? = answers["lkc-gone"] else {
                Issue.record("\(answers)")
                return
            }
        }
    }

    @Test("A namesake is not asked: the one that is known by its id is meant")
    func namesake() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            var sites = await rig.observe().sites
            sites.clusters["east"]?.id = "lkc-before"
            let seen = await rig.observe(recorded: Recorded(sites: sites))
            #expect(seen.clusters["east"]?.snapshot == nil)
            #expect(seen.clusters["east"]?.silence?.contains("lkc-before") == true)
            #expect(seen.sites.clusters["east"] == nil)
        }
    }

    @Test("Whatever a cluster's lists leave out is asked for, however much of it is gone")
    func manyGone() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions(topics: #"[{"name":"payments.zz","partitions":1}]"#)
            var recorded = Recorded(sites: await rig.observe().sites)
            for name in (10..<60).map({ "payments.\($0)" }) + ["payments.zz"] {
                recorded.owned[ResourceAddress(.topic, in: "west", name)] = Recorded.Owned(
                    origin: .created, deletionPolicy: .retain, applied: [:], siteID: "lkc-west")
            }
            #expect(await rig.observe(recorded: recorded).clusters["west"]?.snapshot != nil)
            try await rig.spoil(
                "west/kafka", path: "/kafka/v3/clusters/lkc-west/topics",
                #""effect":"edit","method":"GET","pointer":"/data","value":[]"#)
            let silence = await rig.observe(recorded: recorded).clusters["west"]?.silence
            #expect(silence?.contains("payments.zz, which is there") == true, "\(silence ?? "it was believed")")
        }
    }
}
