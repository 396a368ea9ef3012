import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

/// One endpoint's trouble is shown as what it is and stays with that endpoint.
@Suite struct ReachTests {
    private static let hasty: HTTPTransport.Settings = {
        var settings = HTTPTransport.Settings()
        settings.retries = RetryPolicy(attempts: 2, firstWait: .milliseconds(10))
        return settings
    }()

    private func reaches(
        within limit: Duration = .seconds(30), _ spoil: @escaping @Sendable (Rig) async throws -> Void
    ) async throws -> Observation {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            try await spoil(rig)
            let observation = await rig.patient(for: limit).observe()
            #expect(observation.clusters["west"]?.snapshot?.clusterID == "lkc-west")
            #expect(observation.registries["west"]?.snapshot != nil)
            return observation
        }
    }

    @Test("A healthy estate is all reachable, with live ids and endpoints")
    func healthy() async throws {
        let observation = try await reaches { _ in }
        #expect(observation.clusters["east"]?.snapshot?.clusterID == "lkc-east")
        #expect(observation.registries["east"]?.snapshot?.modes == [.standard: .readWrite])
        #expect(observation.controlPlanes["cloud"]?.snapshot?.environments.map(\.id) == ["env-east", "env-west"])
        let site = try #require(observation.sites.clusters["east"])
        #expect(site.id == "lkc-east")
        #expect(site.environmentID == "env-east")
        #expect(site.restEndpoint?.hasSuffix("/kafka") == true)
        #expect(site.bootstrapServers == "lkc-east.east.simulated:9092")
        #expect(site.lastAnswered != nil)
        #expect(observation.sites.environments["east"]?.registryID == "lsrc-east")
    }

    @Test("A region that refuses connections is unreachable: connection refused")
    func refused() async throws {
        let observation = try await reaches { try await $0.setRegion("east", "down") }
        #expect(observation.clusters["east"]?.silence?.hasPrefix("unreachable: ") == true)
        #expect(observation.clusters["east"]?.silence?.hasSuffix(": connection refused") == true)
        #expect(observation.clusters["east"]?.signOfLife == SignOfLife.none)
        #expect(observation.registries["east"]?.silence?.hasPrefix("unreachable: ") == true)
        #expect(observation.registries["east"]?.silence?.hasSuffix(": connection refused") == true)
        #expect(observation.registries["east"]?.signOfLife == SignOfLife.none)
    }

    @Test("A region that never answers is unreachable when its time of silence is over")
    func blackHoled() async throws {
        let observation = try await reaches(within: .seconds(12)) { try await $0.setRegion("east", "blackhole") }
        #expect(observation.clusters["east"]?.silence?.hasSuffix(": no answer within 12s") == true)
        #expect(observation.clusters["east"]?.signOfLife == SignOfLife.none)
        #expect(observation.registries["east"]?.silence?.hasSuffix(": no answer within 12s") == true)
        #expect(observation.registries["east"]?.signOfLife == SignOfLife.none)
    }

    @Test("HTML with status 200 is broken, with the readable part of the page")
    func html() async throws {
        let observation = try await reaches {
            try await $0.spoil("east", #""effect":"html","status":200,"body":"<h1>Welcome to nginx</h1>""#)
        }
        let silence = try #require(observation.clusters["east"]?.silence)
        #expect(silence.hasPrefix("broken: GET http://"))
        #expect(silence.contains(": answered text/html instead of JSON: "))
        #expect(silence.contains("Welcome to nginx"))
        #expect(!silence.contains("<"))
    }

    @Test("Garbage that claims to be JSON is broken")
    func garbage() async throws {
        let observation = try await reaches { try await $0.spoil("east", #""effect":"garbage""#) }
        #expect(observation.clusters["east"]?.silence?.hasPrefix("broken: ") == true)
        #expect(observation.registries["east"]?.silence?.hasPrefix("broken: ") == true)
    }

    @Test("A list that ends early is broken, never a shorter list")
    func truncated() async throws {
        let observation = try await reaches {
            try await $0.spoil(
                "east", path: "/kafka/v3/clusters/lkc-east/topics", #""effect":"truncate","bytes":30"#)
        }
        #expect(observation.clusters["east"]?.snapshot == nil)
        #expect(observation.registries["east"]?.snapshot != nil)
    }

    @Test("5xx until the deadline is broken, with the status")
    func failing() async throws {
        let observation = try await reaches { try await $0.spoil("east", #""effect":"status","status":503"#) }
        let silence = try #require(observation.clusters["east"]?.silence)
        #expect(silence.hasPrefix("broken: "))
        #expect(silence.contains("HTTP 503"))
    }

    @Test("A service that throttles is neither unreachable nor broken, and nobody waits longer than silence is borne")
    func throttled() async throws {
        let observation = try await reaches {
            try await $0.spoil(
                "east/kafka", #""effect":"status","status":429,"headers":{"Retry-After":"86400"},"body":"{}""#)
        }
        let silence = try #require(observation.clusters["east"]?.silence)
        #expect(silence.hasPrefix("throttled: GET http://"))
        #expect(silence.contains("it asks to be left alone until"))
        #expect(observation.clusters["east"]?.signOfLife == .throttled)
        #expect(observation.duration < .seconds(30))
    }

    @Test("A 401 page of HTML is denied, not broken")
    func denied() async throws {
        let observation = try await reaches {
            try await $0.spoil("east", #""effect":"html","status":401,"body":"<html>Unauthorized</html>""#)
        }
        let silence = try #require(observation.clusters["east"]?.silence)
        #expect(silence.hasPrefix("denied: GET http://"))
        #expect(silence.contains(": HTTP 401: "))
        #expect(silence.hasSuffix("Unauthorized"))
    }

    @Test("A wrong key is denied, at every endpoint by itself")
    func wrongKey() async throws {
        try await Rig.with(Self.hasty) { rig in
            try await rig.seedRegions()
            var rig = rig
            rig.workspace.clusters["east"]?.credentials = Credentials(
                signIn: .apiKey(key: .environment("KEY"), secret: .environment("OTHER")))
            rig.secrets.values["OTHER"] = "not-the-secret"
            let observation = await rig.observe()
            #expect(observation.clusters["east"]?.silence?.contains(": HTTP 401") == true)
            #expect(observation.clusters["west"]?.snapshot != nil)
        }
    }

    @Test("A secret that does not resolve names the reference, and stops only what needs it")
    func withoutCredentials() async throws {
        try await Rig.with { rig in
            try await rig.seedRegions()
            var rig = rig
            rig.workspace.clusters["east"]?.credentials = Credentials(
                signIn: .apiKey(key: .environment("MISSING"), secret: .environment("SECRET")))
            let observation = await rig.observe()
            guard case .withoutCredentials(let unresolved)? = observation.clusters["east"] else {
                Issue.record("expected withoutCredentials")
                return
            }
            #expect(unresolved.reference == .environment("MISSING"))
            #expect(observation.clusters["west"]?.snapshot != nil)
            #expect(observation.registries["east"]?.snapshot != nil)
        }
    }

    @Test("What the control plane does not list is absent; what declares no credentials is unmanaged")
    func absentAndUnmanaged() async throws {
        try await Rig.with { rig in
            try await rig.seedRegions()
            var rig = rig
            rig.workspace.clusters["east"]?.displayName = "no-such-cluster"
            rig.workspace.environments["east"]?.displayName = "no-such-environment"
            rig.workspace.clusters["west"]?.credentials = nil
            let observation = await rig.observe()
            #expect(observation.clusters["east"]?.silence == "does not exist yet")
            #expect(observation.registries["east"]?.silence == "does not exist yet")
            #expect(observation.clusters["west"]?.silence == "not managed: no credentials declared")
            #expect(observation.sites.clusters["east"] == nil)
        }
    }

    @Test("Two live clusters of one display name resolve to neither, and both are named")
    func ambiguous() async throws {
        try await Rig.with { rig in
            try await rig.seedRegions()
            let twin =
                #"{"id":"lkc-twin","environment":"env-east","region":"east","kind":"Dedicated","display_name":"east"}"#
            try await rig.administer(.post, RequestPath("/estate"), #"{"clusters":[\#(twin)]}"#)
            let observation = await rig.observe()
            #expect(observation.sites.clusters["east"] == nil)
            #expect(
                observation.clusters["east"]?.silence
                    == "broken: 2 clusters are named east: lkc-east, lkc-twin; say which with id")
            #expect(observation.controlPlanes["cloud"]?.snapshot?.clusters.count == 3)
        }
    }
}
