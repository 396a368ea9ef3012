import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite struct CloudClusterTests {
    var bench = ControlPlaneBench()
    var environment = ""

    init() {
        environment = bench.environment()
    }

    private mutating func show(_ id: String) -> ControlPlaneBench.Answer {
        bench.call("GET", "/cmk/v2/clusters/\(id)?environment=\(environment)")
    }

    private mutating func patch(_ id: String, _ members: [(String, JSON)]) -> ControlPlaneBench.Answer {
        var spec: JSON = ["environment": ["id": .string(environment)]]
        for member in members { spec.append(member.0, member.1) }
        return bench.call("PATCH", "/cmk/v2/clusters/\(id)", ["spec": spec])
    }

    @Test("A cluster is accepted, PROVISIONING without endpoints, and PROVISIONED with them after its delay")
    mutating func provisioning() {
        let answer = bench.call("POST", "/cmk/v2/clusters", ControlPlaneBench.spec(environment))
        #expect(answer.status == 202)
        #expect(answer.headers["location"]?.contains(answer.id) == true)
        #expect(answer.json["status"] == ["phase": "PROVISIONING"])
        for name in ["http_endpoint", "kafka_bootstrap_endpoint", "endpoints"] {
            #expect(answer.json["spec"]?[name] == .null)
        }
        bench.pass(1_999)
        #expect(show(answer.id).json["status"]?["phase"] == "PROVISIONING")
        bench.pass(1)
        let done = show(answer.id).json
        #expect(done["status"] == ["phase": "PROVISIONED", "cku": 2])
        #expect(done["spec"]?["http_endpoint"] == "http://127.0.0.1:9401")
        #expect(done["spec"]?["kafka_bootstrap_endpoint"] == "SASL_SSL://127.0.0.1:9092")
        #expect(
            done["spec"]?["endpoints"]?["PUBLIC"] == [
                "kafka_bootstrap_endpoint": "127.0.0.1:9092", "http_endpoint": "http://127.0.0.1:9401",
                "connection_type": "PUBLIC",
            ])
        #expect(done["spec"]?["environment"]?["id"] == .string(environment))
    }

    @Test("Servers that are not up yet keep a cluster PROVISIONING")
    mutating func waitsForServers() {
        bench.regions.areReady = false
        let id = bench.cluster(in: environment)
        bench.pass(60_000)
        #expect(show(id).json["status"]?["phase"] == "PROVISIONING")
        bench.regions.areReady = true
        #expect(show(id).json["status"]?["phase"] == "PROVISIONED")
    }

    @Test("The environment's first cluster brings its one registry, in that cluster's region")
    mutating func registry() {
        #expect(bench.call("GET", "/srcm/v3/clusters?environment=\(environment)").items == [])
        let first = bench.cluster(in: environment)
        let second = bench.cluster(in: environment, [("region", "us-east-1")])
        let pending = bench.call("GET", "/srcm/v3/clusters?environment=\(environment)").items
        #expect(pending.count == 1)
        #expect(pending.first?["status"] == ["phase": "PROVISIONING"])
        #expect(pending.first?["spec"]?["http_endpoint"] == .null)
        bench.pass(10_000)
        let page = bench.call("GET", "/srcm/v3/clusters?environment=\(environment)")
        let registry = page.items.first ?? .null
        #expect(page.json["kind"] == "ClusterList")
        #expect(registry["status"] == ["phase": "PROVISIONED"])
        #expect(registry["spec"]?["region"] == "us-west-2")
        #expect(registry["spec"]?["http_endpoint"] == "http://127.0.0.1:9402")
        #expect(registry["spec"]?["package"] == "ESSENTIALS")
        let id = registry["id"]?.string ?? ""
        #expect(bench.call("GET", "/srcm/v3/clusters/\(id)?environment=\(environment)").json == registry)
        #expect(bench.call("GET", "/srcm/v3/clusters/lsrc-none?environment=\(environment)").status == 403)
        #expect(bench.call("POST", "/srcm/v3/clusters", [:]).status == 405)
        let endpoints = KafkaEndpoints(rest: "http://127.0.0.1:9401", bootstrap: "127.0.0.1:9092")
        let provisioned = bench.estate.drainEffects().filter { effect in
            if case .kafkaRequested = effect { return false }
            if case .registryRequested = effect { return false }
            return true
        }
        #expect(
            Set(provisioned.map { "\($0)" })
                == Set(
                    [
                        ControlPlaneEffect.kafkaProvisioned(
                            id: first, environment: environment, region: "us-west-2", kind: .dedicated,
                            endpoints: endpoints),
                        .kafkaProvisioned(
                            id: second, environment: environment, region: "us-east-1", kind: .dedicated,
                            endpoints: endpoints),
                        .registryProvisioned(
                            id: id, environment: environment, region: "us-west-2", url: "http://127.0.0.1:9402"),
                    ].map { "\($0)" }))
    }

    @Test(
        "What a kind does not allow is 422 with a pointer to the field",
        arguments: [
            ("display_name", nil, "/spec/display_name"), ("cloud", nil, "/spec/cloud"),
            ("cloud", "OTHER", "/spec/cloud"), ("region", "moon-1", "/spec/region"),
            ("environment", nil, "/spec/environment/id"), ("availability", "TRIPLE", "/spec/availability"),
            ("config", [:], "/spec/config/kind"), ("config", ["kind": "Dedicated"], "/spec/config/cku"),
            ("config", ["kind": "Dedicated", "cku": 1], "/spec/config/cku"),
            ("config", ["kind": "Basic"], "/spec/availability"),
            ("config", ["kind": "Standard", "cku": 2], "/spec/config/cku"),
            ("config", ["kind": "Enterprise", "max_ecku": 1], "/spec/config/max_ecku"),
            ("config", ["kind": "Standard", "max_ecku": 11], "/spec/config/max_ecku"),
            ("config", ["kind": "Freight", "max_ecku": 153], "/spec/config/max_ecku"),
        ] as [(String, JSON?, String)])
    mutating func validation(field: String, value: JSON?, pointer: String) {
        let answer = bench.call("POST", "/cmk/v2/clusters", ControlPlaneBench.spec(environment, [(field, value)]))
        #expect(answer.status == 422)
        #expect(answer.error["code"] == "invalid_configuration")
        #expect(answer.error["source"]?["pointer"]?.string == pointer)
    }

    @Test("Enterprise and Freight need more than one zone", arguments: ["Enterprise", "Freight"])
    mutating func zones(kind: String) {
        let config: JSON = ["kind": .string(kind)]
        for (availability, status) in [("LOW", 422), ("SINGLE_ZONE", 422), ("HIGH", 202)] {
            let spec = ControlPlaneBench.spec(
                environment, [("config", config), ("availability", .string(availability))])
            #expect(bench.call("POST", "/cmk/v2/clusters", spec).status == status)
        }
    }

    @Test("A new size is in effect only after a while")
    mutating func resize() {
        let id = bench.cluster(in: environment)
        bench.pass(5_000)
        #expect(patch(id, [("config", ["kind": "Dedicated", "cku": 4])]).status == 200)
        #expect(show(id).json["spec"]?["config"]?["cku"] == 4)
        #expect(show(id).json["status"]?["cku"] == 2)
        bench.pass(2_000)
        #expect(show(id).json["status"]?["cku"] == 4)
    }

    @Test("Basic can become Standard; nothing else changes its kind, cloud or region")
    mutating func kinds() {
        let id = bench.cluster(in: environment, [("config", ["kind": "Basic"]), ("availability", "LOW")])
        #expect(patch(id, [("config", ["kind": "Enterprise"])]).status == 422)
        #expect(patch(id, [("config", ["kind": "Standard"]), ("availability", "SINGLE_ZONE")]).status == 200)
        #expect(patch(id, [("config", ["kind": "Basic"])]).error["source"]?["pointer"] == "/spec/config/kind")
        #expect(patch(id, [("region", "us-east-1")]).error["source"]?["pointer"] == "/spec/region")
        #expect(patch(id, [("display_name", "renamed")]).json["spec"]?["display_name"] == "renamed")
    }

    @Test("A protected cluster refuses deletion; an accepted one takes a while and is then 403")
    mutating func deletion() {
        let id = bench.cluster(in: environment, [("deletion_protection", true)])
        bench.pass(5_000)
        let refused = bench.call("DELETE", "/cmk/v2/clusters/\(id)?environment=\(environment)")
        #expect(refused.status == 409)
        #expect(patch(id, [("deletion_protection", false)]).status == 200)
        #expect(bench.call("DELETE", "/cmk/v2/clusters/\(id)?environment=\(environment)").status == 204)
        #expect(show(id).json["metadata"]?["deleted_at"] != nil)
        bench.pass(1_000)
        let gone = show(id)
        #expect(gone.status == 403)
        #expect(gone.error["code"] == "forbidden_access")
        #expect(gone.error["status"] == "403")
        #expect(bench.estate.drainEffects().last == .kafkaDeleted(id: id))
    }

    @Test("Lists are of one environment, which must be named; clusters of others and unknown ones are 403")
    mutating func scope() {
        let other = bench.environment("other")
        let id = bench.cluster(in: environment)
        #expect(bench.call("GET", "/cmk/v2/clusters?environment=\(environment)").items.count == 1)
        #expect(bench.call("GET", "/cmk/v2/clusters?environment=\(other)").items.isEmpty)
        #expect(bench.call("GET", "/cmk/v2/clusters").status == 400)
        #expect(bench.call("GET", "/cmk/v2/clusters?environment=env-none").status == 403)
        #expect(bench.call("GET", "/cmk/v2/clusters/\(id)?environment=\(other)").status == 403)
        #expect(bench.call("GET", "/cmk/v2/clusters/lkc-none?environment=\(environment)").status == 403)
    }
}
