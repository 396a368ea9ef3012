import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite struct KeyTests {
    var bench = ControlPlaneBench()

    private mutating func createKey(for resource: String?, owner: String = "u-12345") -> ControlPlaneBench.Answer {
        var spec: JSON = ["display_name": "key", "owner": ["id": .string(owner)]]
        if let resource { spec.append("resource", ["id": .string(resource)]) }
        return bench.call("POST", "/iam/v2/api-keys", ["spec": spec])
    }

    @Test("A key's secret is told once, and the key works only after a while")
    mutating func cloudKey() {
        let answer = createKey(for: nil)
        #expect(answer.status == 202)
        #expect(answer.id.utf8.count == 16)
        #expect(answer.json["spec"]?["secret"]?.string?.utf8.count == 64)
        #expect(answer.json["spec"]?["resource"]?["kind"] == "Cloud")
        #expect(bench.call("GET", "/iam/v2/api-keys/\(answer.id)").json["spec"]?["secret"] == "")
        #expect(bench.call("GET", "/iam/v2/api-keys").items.first?["spec"]?["secret"] == "")
        let credentials = ControlPlaneBench.credentials(answer)
        #expect(bench.call("GET", "/org/v2/environments", as: credentials).status == 401)
        bench.pass(500)
        #expect(bench.call("GET", "/org/v2/environments", as: credentials).status == 200)
        #expect(bench.estate.drainEffects() == [.keyActivated(id: answer.id, resource: "cloud")])
    }

    @Test("A cluster's key opens that cluster only, and goes with it")
    mutating func clusterKey() {
        let environment = bench.environment()
        let cluster = bench.cluster(in: environment)
        let other = bench.cluster(in: environment)
        let answer = createKey(for: cluster)
        let credentials = ControlPlaneBench.credentials(answer)
        #expect(answer.json["spec"]?["resource"]?["api_version"] == "cmk/v2")
        #expect(!bench.estate.authenticates(credentials, for: cluster, at: bench.stage.now))
        bench.pass(10_000)
        let now = bench.stage.now
        #expect(bench.estate.authenticates(credentials, for: cluster, at: now))
        #expect(!bench.estate.authenticates(credentials, for: other, at: now))
        #expect(!bench.estate.authenticates(credentials, for: APIKey.cloud, at: now))
        #expect(bench.estate.authenticates(.everywhere, for: other, at: now))
        #expect(bench.call("GET", "/org/v2/environments", as: credentials).status == 401)
        #expect(bench.call("GET", "/iam/v2/api-keys?spec.resource=\(cluster)").items.count == 1)
        #expect(bench.call("GET", "/iam/v2/api-keys?spec.resource=\(other)").items.isEmpty)
        _ = bench.call("DELETE", "/cmk/v2/clusters/\(cluster)?environment=\(environment)")
        bench.pass(2_000)
        #expect(!bench.estate.authenticates(credentials, for: cluster, at: bench.stage.now))
        #expect(bench.call("GET", "/iam/v2/api-keys/\(answer.id)").status == 403)
    }

    @Test("A deleted key is 403 and stops working; a key for what does not exist is refused")
    mutating func deletion() {
        let answer = createKey(for: nil)
        bench.pass(1_000)
        #expect(bench.call("DELETE", "/iam/v2/api-keys/\(answer.id)").status == 204)
        #expect(bench.call("GET", "/iam/v2/api-keys/\(answer.id)").status == 403)
        #expect(bench.call("GET", "/org/v2/environments", as: ControlPlaneBench.credentials(answer)).status == 401)
        #expect(createKey(for: "lkc-none").status == 403)
        #expect(createKey(for: "us-west-2").status == 501)
        #expect(bench.call("POST", "/iam/v2/api-keys", ["spec": [:]]).error["source"]?["pointer"] == "/spec/owner/id")
    }

    @Test("Service accounts have unique names, are 404 when gone, and take their keys with them")
    mutating func serviceAccounts() {
        let account = bench.call("POST", "/iam/v2/service-accounts", ["display_name": "app"])
        #expect(account.status == 201)
        #expect(bench.call("POST", "/iam/v2/service-accounts", ["display_name": "app"]).status == 409)
        let key = createKey(for: nil, owner: account.id)
        #expect(key.json["spec"]?["owner"]?["kind"] == "ServiceAccount")
        #expect(bench.call("GET", "/iam/v2/service-accounts?display_name=app").items.count == 1)
        #expect(bench.call("GET", "/iam/v2/service-accounts?display_name=other").items.isEmpty)
        #expect(bench.call("DELETE", "/iam/v2/service-accounts/\(account.id)").status == 204)
        let gone = bench.call("GET", "/iam/v2/service-accounts/\(account.id)")
        #expect(gone.status == 404)
        #expect(gone.error["code"] == "service_account_not_found")
        #expect(bench.call("GET", "/iam/v2/api-keys/\(key.id)").status == 403)
        #expect(createKey(for: nil, owner: "sa-none").status == 404)
    }
}
