import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SimulatorServer
import Testing
import TestSupport

@Suite("Answers have the members and types of the documented APIs")
struct ResponseShapeTests {
    /// A simulator with a cluster in each of two regions and a registry.
    private struct Bench {
        let endpoints: SimulatorEndpoints
        let west: String
        let east: String
        let bootstrap: String
        let registry: String

        static func with(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
            try await Simulator.withRunning { endpoints in
                let http = RawHTTP(credentials: endpoints.credentials)
                try await http.send("POST", "\(endpoints.admin)/estate", estate)
                let overview = try await http.get(endpoints.admin)
                func rest(_ id: String) throws -> String {
                    let cluster = try #require(overview["clusters"].array.first { $0["id"].string == id })
                    return "\(try #require(cluster["rest"].string))/kafka/v3/clusters/\(id)"
                }
                let bootstrap = overview["clusters"].array.first { $0["id"].string == "lkc-w" }?["bootstrap"].string
                try await body(
                    Bench(
                        endpoints: endpoints, west: try rest("lkc-w"), east: try rest("lkc-e"),
                        bootstrap: try #require(bootstrap),
                        registry: try #require(overview["registries"].array.first?["url"].string)))
            }
        }

        private static let estate = """
            {"environments": [{"id": "env-w", "registry": {"id": "lsrc-w", "region": "us-west-2"}}, {"id": "env-e"}],
             "clusters": [
                {"id": "lkc-w", "kind": "Dedicated", "region": "us-west-2", "environment": "env-w",
                 "topics": [{"name": "orders", "partitions": 2, "records": 5}],
                 "groups": [{"id": "app", "offsets": [{"topic": "orders", "partition": 0, "offset": 3}]}]},
                {"id": "lkc-e", "kind": "Dedicated", "region": "us-east-1", "environment": "env-e"}]}
            """

        /// Sends a request and compares status and body with what is expected; answers the body.
        @discardableResult
        func expect(
            _ status: Int, _ shape: String?, _ method: String, _ url: String, _ body: String? = nil,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws -> JSONValue {
            let (code, value) = try await send(method, url, body)
            #expect(code == status, "\(method) \(url): \(value)", sourceLocation: sourceLocation)
            if let shape {
                let differences = try Shape(shape).differences(of: value)
                #expect(differences == [], "\(method) \(url)", sourceLocation: sourceLocation)
            }
            return value
        }

        /// Repeats a request until it is answered with a status; the answer before that is not judged.
        func wait(for status: Int, _ method: String, _ url: String, _ body: String) async throws {
            try await eventually { try await send(method, url, body).0 == status ? () : nil }
        }

        /// Asks until a member of the answer has a value, which states that change by themselves take a while for.
        func wait(for value: String, of member: String, in url: String) async throws {
            try await eventually {
                try await send("GET", url, nil).1[member].string == value ? () : nil
            }
        }

        private func send(_ method: String, _ url: String, _ body: String?) async throws -> (Int, JSONValue) {
            var request = HTTPClientRequest(url: url)
            request.method = .init(rawValue: method)
            request.setBasicAuth(username: endpoints.credentials.key, password: endpoints.credentials.secret)
            if let body { request.body = .bytes(ByteBuffer(string: body)) }
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            let text = String(buffer: try await response.body.collect(upTo: 1 << 24))
            let value = text.isEmpty ? .null : try JSONValue(parsing: text)
            return (Int(response.status.code), value)
        }
    }

    @Test("of the control plane")
    func controlPlane() async throws {
        try await Bench.with { bench in
            let base = bench.endpoints.controlPlane
            let made = #"{"display_name": "new", "stream_governance_config": {"package": "ADVANCED"}}"#
            try await bench.expect(201, Shapes.environment, "POST", "\(base)/org/v2/environments", made)
            try await bench.expect(409, Shapes.controlPlaneError, "POST", "\(base)/org/v2/environments", made)
            try await bench.expect(422, Shapes.controlPlaneError, "POST", "\(base)/org/v2/environments", "{}")
            let environments = Shapes.page(of: Shapes.environment, "EnvironmentList")
            try await bench.expect(200, environments, "GET", "\(base)/org/v2/environments?page_size=1")
            let clusters = Shapes.page(of: Shapes.cloudCluster, "ClusterList")
            try await bench.expect(200, clusters, "GET", "\(base)/cmk/v2/clusters?environment=env-w")
            try await bench.expect(
                403, Shapes.controlPlaneError, "GET", "\(base)/cmk/v2/clusters/lkc-none?environment=env-w")
            let registries = Shapes.page(of: Shapes.registryCluster, "ClusterList")
            try await bench.expect(200, registries, "GET", "\(base)/srcm/v3/clusters?environment=env-w")
            let account = try await bench.expect(
                201, Shapes.serviceAccount, "POST", "\(base)/iam/v2/service-accounts", #"{"display_name": "app"}"#)
            let owner = try #require(account["id"].string)
            let key = #"{"spec": {"owner": {"id": "\#(owner)"}, "resource": {"id": "lkc-w"}}}"#
            let secret = try await bench.expect(202, Shapes.key, "POST", "\(base)/iam/v2/api-keys", key)
            #expect(secret["spec"]["secret"].string?.isEmpty == false)
            let keys = try await bench.expect(
                200, Shapes.page(of: Shapes.key, "ApiKeyList"), "GET", "\(base)/iam/v2/api-keys")
            #expect(keys["data"].array.allSatisfy { $0["spec"]["secret"].string == "" })
        }
    }

    @Test("of Kafka REST")
    func kafka() async throws {
        try await Bench.with { bench in
            let west = bench.west
            try await bench.expect(200, Shapes.cluster, "GET", west)
            try await bench.expect(201, Shapes.topic, "POST", "\(west)/topics", #"{"topic_name": "new"}"#)
            try await bench.expect(400, Shapes.error, "POST", "\(west)/topics", #"{"topic_name": "new"}"#)
            try await bench.expect(200, Shapes.list(of: Shapes.topic, "KafkaTopicList"), "GET", "\(west)/topics")
            try await bench.expect(404, Shapes.error, "GET", "\(west)/topics/none")
            let configs = Shapes.list(of: Shapes.topicConfig, "KafkaTopicConfigList")
            try await bench.expect(200, configs, "GET", "\(west)/topics/orders/configs")
            try await bench.expect(200, configs, "GET", "\(west)/topics/-/configs")
            let partitions = Shapes.list(of: Shapes.partition, "KafkaPartitionList")
            try await bench.expect(200, partitions, "GET", "\(west)/topics/orders/partitions")
            let record = #"{"partition_id": 0, "value": {"type": "STRING", "data": "hello"}}"#
            try await bench.expect(200, Shapes.produced, "POST", "\(west)/topics/orders/records", record)
            let groups = Shapes.list(of: Shapes.group, "KafkaConsumerGroupList")
            try await bench.expect(200, groups, "GET", "\(west)/consumer-groups")
            try await bench.expect(200, Shapes.lagSummary, "GET", "\(west)/consumer-groups/app/lag-summary")
            let lags = Shapes.list(of: Shapes.lag, "KafkaConsumerLagList")
            try await bench.expect(200, lags, "GET", "\(west)/consumer-groups/app/lags")
            let binding = """
                {"resource_type": "TOPIC", "resource_name": "orders", "pattern_type": "LITERAL",
                 "principal": "User:sa-1", "host": "*", "operation": "READ", "permission": "ALLOW"}
                """
            try await bench.expect(201, nil, "POST", "\(west)/acls", binding)
            try await bench.expect(200, Shapes.list(of: Shapes.acl, "KafkaAclList"), "GET", "\(west)/acls")
            try await bench.expect(400, Shapes.error, "GET", "\(west)/acls?operation=NONSENSE")
        }
    }

    @Test("of links and mirrors")
    func links() async throws {
        try await Bench.with { bench in
            let links = "\(bench.east)/links"
            let pair = "username='\(bench.endpoints.credentials.key)' password='\(bench.endpoints.credentials.secret)'"
            let order = """
                {"source_cluster_id": "lkc-w", "configs": [
                    {"name": "bootstrap.servers", "value": "\(bench.bootstrap)"},
                    {"name": "security.protocol", "value": "SASL_SSL"}, {"name": "sasl.mechanism", "value": "PLAIN"},
                    {"name": "sasl.jaas.config", "value": "org.apache.kafka.common.security.plain.PlainLoginModule \
                required \(pair);"}]}
                """
            try await bench.expect(201, nil, "POST", "\(links)?link_name=dr", order)
            try await bench.expect(409, Shapes.error, "POST", "\(links)?link_name=dr", order)
            try await bench.wait(for: 201, "POST", "\(links)/dr/mirrors", #"{"source_topic_name": "orders"}"#)
            try await bench.wait(for: "ACTIVE", of: "mirror_status", in: "\(links)/dr/mirrors/orders")
            try await bench.expect(200, Shapes.link, "GET", "\(links)/dr?include_tasks=true")
            let configs = Shapes.list(of: Shapes.linkConfig, "KafkaLinkConfigDataList")
            try await bench.expect(200, configs, "GET", "\(links)/dr/configs")
            let mirrors = Shapes.list(of: Shapes.mirror, "KafkaMirrorDataList")
            try await bench.expect(200, mirrors, "GET", "\(links)/-/mirrors")
            try await bench.expect(200, Shapes.mirror, "GET", "\(links)/dr/mirrors/orders")
            try await bench.expect(
                200, Shapes.mirrorAction, "POST", "\(links)/dr/mirrors:pause", #"{"mirror_topic_names": ["orders"]}"#)
            try await bench.expect(404, Shapes.error, "GET", "\(links)/none")
        }
    }

    @Test("of Schema Registry")
    func registry() async throws {
        try await Bench.with { bench in
            let base = bench.registry
            let versions = "\(base)/subjects/orders/versions"
            let schema = #"{"schema": "{\"type\": \"record\", \"name\": \"Order\", \"fields\": []}"}"#
            let other = #"""
                {"schema": "{\"type\": \"record\", \"name\": \"Order\",
                 \"fields\": [{\"name\": \"id\", \"type\": \"string\"}]}"}
                """#.replacingOccurrences(of: "\n", with: " ")
            try await bench.expect(200, #"{"id": "integer"}"#, "POST", versions, schema)
            try await bench.expect(409, Shapes.error, "POST", versions, other)
            try await bench.expect(200, Shapes.schema, "GET", "\(versions)/latest")
            try await bench.expect(200, Shapes.schema, "POST", "\(base)/subjects/orders", schema)
            try await bench.expect(200, "[\(Shapes.schema)]", "GET", "\(base)/schemas")
            try await bench.expect(200, #"["integer"]"#, "GET", versions)
            try await bench.expect(200, #"["string"]"#, "GET", "\(base)/subjects")
            try await bench.expect(200, #"["string"]"#, "GET", "\(base)/contexts")
            try await bench.expect(404, Shapes.error, "GET", "\(base)/subjects/none/versions")
            try await bench.expect(
                200, Shapes.compatibility, "POST",
                "\(base)/compatibility/subjects/orders/versions/latest?verbose=true", other)
            try await bench.expect(200, Shapes.config, "GET", "\(base)/config")
            try await bench.expect(200, Shapes.mode, "GET", "\(base)/mode")
            try await bench.expect(404, Shapes.error, "GET", "\(base)/mode/orders")
            let exporter = """
                {"name": "copy", "contextType": "CUSTOM", "context": "dr", "subjects": ["*"],
                 "config": {"schema.registry.url": "\(base)", "basic.auth.credentials.source": "USER_INFO",
                            "basic.auth.user.info": "SIMULATOR:simulator-secret"}}
                """
            try await bench.expect(200, #"{"name": "string"}"#, "POST", "\(base)/exporters", exporter)
            try await bench.expect(200, Shapes.exporter, "GET", "\(base)/exporters/copy")
            try await bench.expect(200, Shapes.exporterStatus, "GET", "\(base)/exporters/copy/status")
            try await bench.expect(409, Shapes.error, "POST", "\(base)/exporters", exporter)
        }
    }
}
