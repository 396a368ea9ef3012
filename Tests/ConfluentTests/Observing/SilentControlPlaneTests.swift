import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

/// What still works when the control plane is silent.
@Suite struct SilentControlPlaneTests {
    private static let hasty: HTTPTransport.Settings = {
        var settings = HTTPTransport.Settings()
        settings.retries = RetryPolicy(attempts: 2, firstWait: .milliseconds(10))
        return settings
    }()

    @Test("With remembered ids and endpoints, sites answer although the control plane never does")
    func remembered() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            let before = await rig.observe()
            try await rig.setRegion("control", "blackhole")
            let observation = await rig.patient(for: .seconds(12)).observe(recorded: Recorded(sites: before.sites))
            #expect(observation.controlPlanes["cloud"]?.silence?.hasSuffix(": no answer within 12s") == true)
            for site in Estate.sites {
                #expect(observation.clusters[site]?.snapshot?.clusterID == "lkc-\(site)")
                #expect(observation.registries[site]?.snapshot != nil)
                #expect(observation.sites.clusters[site]?.restEndpoint == before.sites.clusters[site]?.restEndpoint)
            }
        }
    }

    @Test("With nothing remembered, sites are unreachable and say why")
    func forgotten() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            try await rig.setRegion("control", "blackhole")
            let observation = await rig.patient(for: .seconds(12)).observe()
            let silence = try #require(observation.clusters["west"]?.silence)
            #expect(
                silence.hasPrefix(
                    "unreachable: its endpoint is not known and control plane cloud is unreachable: "))
            #expect(silence.hasSuffix(": no answer within 12s"))
        }
    }

    @Test("When the control plane answers, its endpoints win over remembered ones")
    func liveWins() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            var sites = await rig.observe().sites
            let live = sites.clusters["west"]?.restEndpoint
            sites.clusters["west"]?.restEndpoint = "http://127.0.0.1:9/kafka"
            sites.environments["west"]?.registryEndpoint = "http://127.0.0.1:9"
            let observation = await rig.observe(recorded: Recorded(sites: sites))
            #expect(observation.clusters["west"]?.snapshot?.clusterID == "lkc-west")
            #expect(observation.registries["west"]?.snapshot != nil)
            #expect(observation.sites.clusters["west"]?.restEndpoint == live)
        }
    }

    @Test("Another cluster behind a declared endpoint is a stranger, with both ids")
    func stranger() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            let sites = await rig.observe().sites
            var rig = rig
            rig.workspace.clusters["west"]?.restEndpoint = sites.clusters["east"]?.restEndpoint
            let observation = await rig.observe()
            let silence = try #require(observation.clusters["west"]?.silence)
            #expect(silence.hasPrefix("misidentified: "))
            #expect(silence.contains("lkc-east") && silence.contains("lkc-west"))
        }
    }

    @Test("A change of id in the manifest makes what was remembered of the old one useless")
    func otherID() {
        var workspace = Estate.workspace("http://127.0.0.1:9")
        workspace.clusters["west"]?.id = "lkc-new"
        let remembered = KnownSites(clusters: [
            "west": KnownSites.Cluster(id: "lkc-old", restEndpoint: "http://127.0.0.1:9/kafka")
        ])
        let resolution = SiteResolution(workspace: workspace, controlPlanes: [:], recorded: Recorded(sites: remembered))
        #expect(resolution.cluster("west").site == nil)
        #expect(resolution.sites.clusters["west"] == nil)
    }
}
