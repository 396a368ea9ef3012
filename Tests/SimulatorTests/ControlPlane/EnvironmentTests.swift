import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

@Suite struct EnvironmentTests {
    var bench = ControlPlaneBench()

    @Test("An environment is there at once, has the documented members, and its name is unique")
    mutating func creation() {
        let answer = bench.call(
            "POST", "/org/v2/environments",
            ["display_name": "prod", "stream_governance_config": ["package": "ESSENTIALS"]])
        #expect(answer.status == 201)
        #expect(answer.id.hasPrefix("env-"))
        #expect(
            answer.json.members?.map(\.name)
                == ["api_version", "kind", "id", "metadata", "display_name", "stream_governance_config"])
        #expect(answer.json["metadata"]?["created_at"] == "2023-11-14T22:13:20.000Z")
        #expect(answer.json["metadata"]?["self"] == .string("http://127.0.0.1:9400/org/v2/environments/\(answer.id)"))
        #expect(bench.call("GET", "/org/v2/environments/\(answer.id)").json == answer.json)
        let again = bench.call("POST", "/org/v2/environments", ["display_name": "prod"])
        #expect(again.status == 409)
        #expect(again.error["code"] == "resource_already_exists")
        #expect(again.error["status"] == "409")
        #expect(bench.call("POST", "/org/v2/environments", [:]).error["source"]?["pointer"] == "/display_name")
    }

    @Test("A package can be upgraded, never downgraded")
    mutating func package() {
        let id = bench.environment()
        let upgrade: JSON = ["stream_governance_config": ["package": "ADVANCED"]]
        let downgrade: JSON = ["stream_governance_config": ["package": "ESSENTIALS"]]
        #expect(bench.call("GET", "/org/v2/environments/\(id)").json["stream_governance_config"] == nil)
        #expect(bench.call("PATCH", "/org/v2/environments/\(id)", downgrade).status == 200)
        #expect(bench.call("PATCH", "/org/v2/environments/\(id)", upgrade).status == 200)
        let refused = bench.call("PATCH", "/org/v2/environments/\(id)", downgrade)
        #expect(refused.status == 422)
        #expect(refused.error["source"]?["pointer"] == "/stream_governance_config/package")
    }

    @Test("Deleting an environment deletes all that is in it, and then it is 404 and its contents 403")
    mutating func deletion() {
        let id = bench.environment()
        let cluster = bench.cluster(in: id)
        bench.pass(10_000)
        let registry = bench.call("GET", "/srcm/v3/clusters?environment=\(id)").items.first?["id"]?.string ?? ""
        _ = bench.estate.drainEffects()
        let answer = bench.call("DELETE", "/org/v2/environments/\(id)")
        #expect(answer.status == 204)
        #expect(answer.isEmpty)
        #expect(bench.estate.drainEffects() == [.kafkaDeleted(id: cluster), .registryDeleted(id: registry)])
        let gone = bench.call("GET", "/org/v2/environments/\(id)")
        #expect(gone.status == 404)
        #expect(gone.error["code"] == "resource_not_found")
        #expect(bench.call("GET", "/cmk/v2/clusters/\(cluster)?environment=\(id)").status == 403)
        #expect(bench.call("GET", "/srcm/v3/clusters/\(registry)?environment=\(id)").status == 403)
    }

    @Test(
        "Following metadata.next reaches every environment once, whatever disappears meanwhile", arguments: [1, 7, 100])
    mutating func pagination(size: Int) {
        let ids = (0..<25).map { bench.environment("env \($0)") }
        var seen: [String] = []
        var target: String? = "/org/v2/environments?page_size=\(size)"
        while let next = target {
            let page = bench.call("GET", next)
            #expect(page.json["kind"] == "EnvironmentList")
            #expect(page.items.count <= size)
            seen += page.items.compactMap { $0["id"]?.string }
            if let last = seen.last, seen.count == 14 { _ = bench.call("DELETE", "/org/v2/environments/\(last)") }
            target = page.json["metadata"]?["next"]?.string.map { String($0.dropFirst("http://127.0.0.1:9400".count)) }
        }
        #expect(seen == ids)
    }

    @Test("A page has ten items unless asked otherwise, and the size of the whole list")
    mutating func defaults() {
        for number in 0..<12 { _ = bench.environment("env \(number)") }
        let page = bench.call("GET", "/org/v2/environments")
        #expect(page.items.count == 10)
        #expect(page.json["metadata"]?["total_size"] == 12)
        #expect(
            page.json["metadata"]?["next"]?.string?.hasPrefix("http://127.0.0.1:9400/org/v2/environments?page_token=")
                == true)
        #expect(bench.call("GET", "/org/v2/environments?page_size=12").json["metadata"]?["next"] == nil)
        for bad in ["page_size=101", "page_size=0", "page_size=x", "page_token=hello"] {
            let refused = bench.call("GET", "/org/v2/environments?\(bad)")
            #expect(refused.status == 400)
            #expect(refused.error["source"]?["parameter"]?.string == bad.split(separator: "=").first.map(String.init))
        }
    }

    @Test("Answers carry a request id and the state of the rate limit, which is enforced")
    mutating func headers() {
        bench.estate.pace.requestLimit = 2
        let first = bench.call("GET", "/org/v2/environments")
        #expect(first.headers["x-request-id"]?.utf8.count == 36)
        #expect(first.headers["x-ratelimit-limit"] == "2")
        #expect(first.headers["x-ratelimit-remaining"] == "1")
        #expect(first.headers["x-ratelimit-reset"] == "60")
        _ = bench.call("GET", "/org/v2/environments")
        let limited = bench.call("GET", "/org/v2/environments")
        #expect(limited.status == 429)
        #expect(limited.isEmpty)
        #expect(limited.headers["retry-after"] == "60")
        bench.pass(60_000)
        #expect(bench.call("GET", "/org/v2/environments").status == 200)
    }

    @Test("Without the right key everything is 401, with a JSON body")
    mutating func unauthenticated() {
        for credentials in [nil, Credentials(key: "SIMULATOR", secret: "wrong")] {
            let answer = bench.call("GET", "/org/v2/environments", as: credentials)
            #expect(answer.status == 401)
            #expect(answer.error["status"] == "401")
            #expect(answer.headers["www-authenticate"] != nil)
        }
    }

    @Test("The organization can be read and renamed; another one is 404")
    mutating func organizations() {
        let id = bench.call("GET", "/org/v2/organizations").items.first?["id"]?.string ?? ""
        #expect(bench.call("PATCH", "/org/v2/organizations/\(id)", ["display_name": "Ours"]).status == 200)
        #expect(bench.call("GET", "/org/v2/organizations/\(id)").json["display_name"] == "Ours")
        #expect(bench.call("GET", "/org/v2/organizations/other").status == 404)
    }
}
