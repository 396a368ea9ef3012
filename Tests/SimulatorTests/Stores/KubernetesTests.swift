import Testing

@testable import SimulatedConfluent
@testable import SimulatedStores
@testable import SimulatorCore
@testable import SimulatorServer

@Suite("A simulated Kubernetes API server")
struct KubernetesTests {
    @Test("versions grow with every change and only then, and an older one changes nothing")
    func versions() throws {
        var cluster = APIServer()
        let made = cluster("POST", "configmaps", ["metadata": ["name": "settings"], "data": ["a": "1"]])
        #expect(made.status == 201)
        let version = try #require(made.json.value(at: ["metadata", "resourceVersion"])?.string)
        #expect(cluster("POST", "configmaps", ["metadata": ["name": "settings"]]).reason == "AlreadyExists")
        let same = cluster("PATCH", "configmaps/settings", ["data": ["a": "1"]], type: .merge)
        #expect(same.json.value(at: ["metadata", "resourceVersion"])?.string == version)
        let other = cluster("PATCH", "configmaps/settings", ["data": ["b": "2"]], type: .merge)
        #expect(other.json["data"] == ["a": "1", "b": "2"])
        let stale = cluster(
            "PUT", "configmaps/settings",
            ["metadata": ["name": "settings", "resourceVersion": .string(version)], "data": [:]])
        #expect([stale.reason, cluster("GET", "configmaps/settings").json["data"]?["a"]?.string] == ["Conflict", "1"])
    }

    @Test("an apply owns what it lists, gives up what it no longer lists, and conflicts with other owners")
    func apply() throws {
        var cluster = APIServer()
        func settings(_ data: JSON) -> JSON {
            ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "settings"], "data": data]
        }
        #expect(cluster.apply("configmaps/settings", settings(["a": "1", "b": "2"]), as: "one").status == 201)
        #expect(cluster.apply("configmaps/settings", settings(["b": "2", "c": "3"]), as: "two").status == 200)
        let refused = cluster.apply("configmaps/settings", settings(["c": "4"]), as: "one")
        #expect(refused.status == 409)
        let cause = refused.json.value(at: ["details", "causes"])?.array?.first
        #expect(cause?["reason"] == "FieldManagerConflict")
        #expect(cause?["field"] == ".data.c")
        #expect(cause?["message"]?.string?.contains("\"two\"") == true)
        let shrunk = cluster.apply("configmaps/settings", settings(["a": "1"]), as: "one")
        #expect(shrunk.json["data"]?.isSame(as: ["a": "1", "b": "2", "c": "3"]) == true, "two owns b as well")
        let gone = cluster.apply("configmaps/settings", settings([:]), as: "two")
        #expect(gone.json["data"] == ["a": "1"])
        _ = cluster("PATCH", "configmaps/settings", ["data": ["a": "9"]], type: .merge)
        #expect(cluster.apply("configmaps/settings", settings(["a": "1"]), as: "one").reason == "Conflict")
        let forced = cluster.apply("configmaps/settings", settings(["a": "1"]), as: "one", force: true)
        #expect(forced.json["data"] == ["a": "1"])
        let owners = forced.json.value(at: ["metadata", "managedFields"])?.array ?? []
        #expect(owners.first { $0["manager"] == "one" }?["fieldsV1"] == ["f:data": ["f:a": [:]]])
        #expect(!owners.contains { $0["manager"] == "tests" }, "who has changed the field owns it no longer")
    }

    @Test("Secrets take text or base64 and give base64; what is no base64 is refused")
    func secrets() {
        var cluster = APIServer()
        let made = cluster("POST", "secrets", ["metadata": ["name": "s"], "stringData": ["password": "hunter2"]])
        #expect(made.json["data"] == ["password": "aHVudGVyMg=="])
        #expect(made.json["stringData"] == nil)
        #expect(made.json["type"] == "Opaque")
        #expect(cluster.store.values(at: "shop/s") == ["password": "hunter2"])
        #expect(cluster("PATCH", "secrets/s", ["data": ["x": "***"]], type: .merge).status == 400)
    }

    @Test("a Secret is measured by what it holds, not by its base64")
    func largeSecrets() {
        var cluster = APIServer()
        func secret(_ bytes: Int) -> JSON {
            ["metadata": ["name": "s"], "data": ["a": .string(Base64.encode([UInt8](repeating: 7, count: bytes)))]]
        }
        #expect(cluster("POST", "secrets", secret((1 << 20) + 1)).status == 422)
        #expect(cluster("POST", "secrets", secret(1 << 20)).status == 201)
    }

    @Test("PUT makes a Lease that is not there, but not the one that was deleted; one that is there needs a version")
    func leases() throws {
        var cluster = APIServer()
        func lease(_ metadata: [String: String] = [:], _ spec: JSON = [:]) -> JSON {
            var named: JSON = ["name": "lock"]
            for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { named.append(name, .string(value)) }
            return ["metadata": named, "spec": spec]
        }
        let made = cluster("PUT", "leases/lock", lease())
        #expect([made.status == 201, cluster("PUT", "leases/lock", lease()).status == 422] == [true, true])
        let uid = try #require(made.json.value(at: ["metadata", "uid"])?.string)
        let version = try #require(made.json.value(at: ["metadata", "resourceVersion"])?.string)
        let renewed = cluster(
            "PUT", "leases/lock", lease(["resourceVersion": version, "uid": uid], ["holderIdentity": "a"]))
        #expect(renewed.status == 200)
        #expect(cluster("PUT", "leases/lock", lease(["resourceVersion": version])).reason == "Conflict")
        #expect(cluster("DELETE", "leases/lock").status == 200)
        #expect(cluster("PUT", "leases/lock", lease(["resourceVersion": version, "uid": uid])).reason == "Conflict")
        #expect(cluster("PUT", "leases/lock", lease(["resourceVersion": version])).status == 201)
        #expect(cluster("DELETE", "leases/lock").status == 200)
        #expect(cluster("DELETE", "leases/lock").reason == "NotFound")
        let wrong: [JSON] = [
            ["leaseDurationSeconds": 0], ["leaseDurationSeconds": 3_000_000_000], ["holderIdentity": 1],
            ["renewTime": "2026-11-23T12:03:07Z"], ["acquireTime": "2026-11-23T12:03:07.250Z"],
        ]
        for spec in wrong {
            #expect([400, 422].contains(cluster("POST", "leases", lease([:], spec)).status), "\(spec)")
        }
        let right: JSON = ["leaseDurationSeconds": 30, "renewTime": "2026-11-23T12:03:07.250000Z"]
        #expect(cluster("POST", "leases", lease([:], right)).status == 201)
    }

    @Test("the three kinds of patches do what they are for, and others are refused")
    func patches() {
        var cluster = APIServer()
        _ = cluster("POST", "deployments", APIServer.deployment)
        let strategic = cluster(
            "PATCH", "deployments/checkout",
            ["spec": ["template": ["spec": ["containers": [["name": "side", "image": "side:1"]]]]]], type: .strategic)
        let containers = strategic.json.value(at: ["spec", "template", "spec", "containers"])?.array
        #expect(containers?.compactMap { $0["name"]?.string } == ["main", "side"])
        let json = cluster(
            "PATCH", "deployments/checkout",
            [
                ["op": "test", "path": "/spec/replicas", "value": 2],
                ["op": "replace", "path": "/spec/template/spec/containers/1/image", "value": "side:2"],
                ["op": "add", "path": "/metadata/annotations", "value": ["a/b": "1", "c": "2"]],
                ["op": "remove", "path": "/metadata/annotations/a~1b"],
            ], type: .json)
        #expect(json.status == 200)
        #expect(json.json.value(at: ["metadata", "annotations"]) == ["c": "2"])
        #expect(
            json.json.value(at: ["spec", "template", "spec", "containers"])?.array?.last?["image"] == "side:2")
        #expect(
            cluster("PATCH", "deployments/checkout", [["op": "remove", "path": "/spec/none"]], type: .json).status
                == 422)
        #expect(cluster("PATCH", "deployments/checkout", [:], type: .unknown).status == 415)
    }

    @Test("a rollout takes its time, pod by pod, and is only observed after a while")
    func rollout() {
        var cluster = APIServer()
        _ = cluster("POST", "deployments", APIServer.deployment)
        #expect(cluster.status["observedGeneration"] == 0)
        cluster.advance(by: 320)
        #expect(cluster.status["observedGeneration"] == 1)
        #expect(cluster.status["updatedReplicas"] == 1)
        cluster.advance(by: 300)
        #expect(cluster.status["availableReplicas"] == 2)
        let restart: JSON = ["spec": ["template": ["metadata": ["annotations": ["restarted": "now"]]]]]
        _ = cluster("PATCH", "deployments/checkout", restart, type: .strategic)
        #expect(cluster.status["updatedReplicas"] == 2, "of the former generation, which it still tells")
        cluster.advance(by: 320)
        #expect(cluster.status["updatedReplicas"] == 1)
        #expect(cluster.status["replicas"] == 2)
        cluster.advance(by: 300)
        #expect(cluster.status["updatedReplicas"] == 2)
        let scaled = cluster("PATCH", "deployments/checkout/scale", ["spec": ["replicas": 0]], type: .merge)
        #expect(scaled.json["kind"] == "Scale")
        cluster.advance(by: 20)
        #expect(cluster.status["replicas"] == 0)
    }

    @Test("who is not signed in, what is not there and what is not modelled are told apart")
    func refusals() {
        var cluster = APIServer()
        #expect(cluster("GET", "configmaps", bearer: nil).status == 401)
        #expect(cluster("GET", "configmaps", bearer: "wrong").reason == "Unauthorized")
        #expect(cluster("GET", "configmaps/none").reason == "NotFound")
        #expect(cluster("GET", "pods").status == 501)
        #expect(cluster("POST", "configmaps", ["metadata": ["name": "Not_A_Name"]]).reason == "Invalid")
        #expect(cluster("POST", "configmaps", ["metadata": ["name": "x"], "data": ["a b": "1"]]).status == 422)
        cluster.namespace = "nowhere"
        #expect(cluster("POST", "configmaps", ["metadata": ["name": "x"]]).status == 404)
    }

    @Test("a watch tells what changed since a version")
    func watch() throws {
        var cluster = APIServer()
        let made = cluster("POST", "configmaps", ["metadata": ["name": "a"]])
        let version = try #require(made.json.value(at: ["metadata", "resourceVersion"])?.string)
        let answer = cluster.send("GET", "configmaps", query: [("watch", "1"), ("resourceVersion", version)])
        let watch = try #require(answer.watch)
        _ = cluster("POST", "configmaps", ["metadata": ["name": "b"]])
        _ = cluster("DELETE", "configmaps/a")
        let news = cluster.store.news(for: watch, at: 0)
        let events = try JSON.sequence(parsing: news.lines)
        #expect(events.map { $0["type"] } == ["ADDED", "DELETED"])
        #expect(events.map { $0.value(at: ["object", "metadata", "name"]) } == ["b", "a"])
        let next = try #require(news.next)
        #expect(cluster.store.news(for: next, at: 0).lines.isEmpty)
        #expect(cluster.store.news(for: next, at: 10_000_000).next == nil)
    }
}

/// A cluster without sockets, with the namespace `shop`.
private struct APIServer {
    enum Patch: String {
        case merge = "application/merge-patch+json"
        case strategic = "application/strategic-merge-patch+json"
        case json = "application/json-patch+json"
        case apply = "application/apply-patch+yaml"
        case unknown = "text/plain"
    }

    var store = SimulatedKubernetes()
    var stage = Stage(now: 1_000, seed: 1)
    var namespace = "shop"

    static let deployment: JSON = [
        "metadata": ["name": "checkout"],
        "spec": [
            "replicas": 2, "selector": ["matchLabels": ["app": "checkout"]],
            "template": [
                "metadata": ["labels": ["app": "checkout"]],
                "spec": ["containers": [["name": "main", "image": "checkout:1"]]],
            ],
        ],
    ]

    init() {
        let body: JSON = ["metadata": ["name": "shop"]]
        let request = Request(
            method: "POST", path: ["api", "v1", "namespaces"], query: [],
            headers: ["authorization": "Bearer simulator-secret"], body: body.bytes)
        _ = store.respond(to: request, in: &stage)
    }

    var status: JSON {
        mutating get { self("GET", "deployments/checkout").json["status"] ?? .null }
    }

    mutating func advance(by milliseconds: Milliseconds) {
        stage.now += milliseconds
    }

    mutating func callAsFunction(
        _ method: String, _ path: String, _ body: JSON? = nil, type: Patch? = nil, bearer: String? = "simulator-secret"
    ) -> Response {
        send(method, path, body, type: type?.rawValue ?? "application/json", bearer: bearer)
    }

    mutating func apply(_ path: String, _ body: JSON, as manager: String, force: Bool = false) -> Response {
        send(
            "PATCH", path, body, query: [("fieldManager", manager), ("force", "\(force)")], type: Patch.apply.rawValue)
    }

    mutating func send(
        _ method: String, _ path: String, _ body: JSON? = nil, query: [(String, String)] = [],
        type: String = "application/json", bearer: String? = "simulator-secret"
    ) -> Response {
        let groups = ["deployments": "apps", "leases": "coordination.k8s.io"]
        let group = path.split(separator: "/").first.flatMap { groups[String($0)] }
        let root = group.map { ["apis", $0, "v1"] } ?? ["api", "v1"]
        var headers = ["content-type": type, "user-agent": "tests/1"]
        if let bearer { headers["authorization"] = "Bearer \(bearer)" }
        return store.respond(
            to: Request(
                method: method, path: root + ["namespaces", namespace] + path.split(separator: "/").map(String.init),
                query: query.map { (name: $0.0, value: $0.1) }, headers: headers, body: body?.bytes ?? []),
            in: &stage)
    }
}

extension Response {
    fileprivate var json: JSON { (try? JSON(parsing: body)) ?? .null }
    fileprivate var reason: String? { json["reason"]?.string }
}
