import Domain
import Execution
import FoundationEssentials
import Testing

@testable import Confluent
@testable import Transport

/// Answers of the shapes that were recorded from the real services.
@Suite struct WireTests {
    private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder(knowing: KnownSecrets()).decode(type, from: Data(text.utf8))
    }

    @Test("An environment without governance, and one with a package this version does not know")
    func environments() throws {
        let page = try decode(
            ListPage<EnvironmentWire>.self,
            #"""
            {"api_version": "org/v2", "kind": "EnvironmentList", "metadata": {"first": "x", "total_size": 2}, "data": [
             {"id": "env-1", "display_name": "a", "metadata": {}},
             {"id": "env-2", "display_name": "b", "stream_governance_config": {"package": "ULTIMATE"}},
             {"id": "env-3", "display_name": "c", "stream_governance_config": {"package": "ESSENTIALS"}}]}
            """#)
        #expect(page.data.map(\.observed.governance) == [nil, nil, .essentials])
        #expect(page.metadata?.next == nil)
    }

    @Test("The endpoints map is preferred; prefixes and trailing slashes go; the older form is PUBLIC")
    func clusterEndpoints() throws {
        let older = try decode(
            ClusterWire.self,
            #"""
            {"id": "lkc-1", "spec": {"display_name": "c", "availability": "LOW", "cloud": "GCP", "region": "r",
              "config": {"kind": "Basic", "max_ecku": 5}, "environment": {"id": "env-1"},
              "http_endpoint": "https://pkc-1.example:443/", "kafka_bootstrap_endpoint": "SASL_SSL://pkc-1.example:9092"},
             "status": {"phase": "PROVISIONED"}}
            """#
        ).observed(in: "env-0")
        #expect(
            older.accessPoints == [
                AccessPoint(
                    id: "PUBLIC", bootstrapServers: "pkc-1.example:9092", restEndpoint: "https://pkc-1.example:443")
            ])
        #expect(older.availability == .singleZone)
        #expect(older.environmentID == "env-1")
        let newer = try decode(
            ClusterWire.self,
            #"""
            {"id": "lkc-2", "spec": {"display_name": "d", "config": {"kind": "Dedicated", "cku": 2}, "http_endpoint": "https://old",
              "kafka_bootstrap_endpoint": "old:9092", "endpoints": {
               "ap1": {"kafka_bootstrap_endpoint": "lkc-2.ap1:9092", "http_endpoint": "https://lkc-2.ap1", "connection_type": "PRIVATELINK"},
               "PUBLIC": {"kafka_bootstrap_endpoint": "pkc-2:9092", "http_endpoint": "https://pkc-2", "connection_type": "PUBLIC"}}},
             "status": {"phase": "EXPANDING", "cku": 1}}
            """#
        ).observed(in: "env-0")
        #expect(newer.accessPoints.map(\.id) == ["PUBLIC", "ap1"])
        #expect(newer.accessPoint(nil)?.bootstrapServers == "pkc-2:9092")
        #expect(newer.accessPoint("ap1")?.restEndpoint == "https://lkc-2.ap1")
        #expect(newer.accessPoint("ap9") == nil)
        #expect(newer.phase == .other("EXPANDING"))
        #expect(newer.environmentID == "env-0")
        let fresh = try decode(
            ClusterWire.self,
            #"{"id": "lkc-3", "spec": {"display_name": "e", "http_endpoint": null}, "status": {"phase": "PROVISIONING"}}"#
        )
        #expect(fresh.observed(in: "e").accessPoints.isEmpty)
        for nameless in [#"{"id": "lkc-4"}"#, #"{"id": "lkc-4", "spec": {"cloud": "AWS"}}"#] {
            #expect(throws: DecodingError.self) { try decode(ClusterWire.self, nameless) }
        }
        #expect(throws: DecodingError.self) { try decode(EnvironmentWire.self, #"{"id": "env-4"}"#) }
    }

    @Test("A registry with only private endpoints is reached by that of its region")
    func registry() throws {
        let registry = try decode(
            RegistryClusterWire.self,
            #"""
            {"id": "lsrc-1", "spec": {"http_endpoint": "", "region": "us-east4", "environment": {"id": "env-1"},
              "private_networking_config": {"regional_endpoints": {"us-east4": "https://psrc-1.us-east4/", "x": "https://x"}}},
             "status": {"phase": "PROVISIONED"}}
            """#
        ).observed(in: "env-0")
        #expect(registry.endpoint == "https://psrc-1.us-east4")
        #expect(registry.isReady)
    }

    @Test("A link shows the other cluster whichever field names it; unnamed and unmanaged ones are not ours")
    func links() throws {
        let list = try decode(
            ListPage<LinkWire>.self,
            #"""
            {"kind": "KafkaLinkDataList", "metadata": {"next": null}, "data": [
             {"source_cluster_id": "lkc-s", "destination_cluster_id": null, "link_name": "a", "topic_names": []},
             {"remote_cluster_id": "lkc-r", "link_name": "b", "link_state": "UNAVAILABLE", "link_error": "AUTHENTICATION_ERROR",
              "link_error_message": "bad key", "tasks": [{"task_name": "AclSync", "state": "IN_ERROR",
                "errors": [{"error_code": "AUTHORIZATION_ERROR", "error_message": "no"}]}, {"task_name": "New", "state": "NEW_WORD"}]},
             {"link_name": "", "link_state": "UNMANAGED_SOURCE"}, {"link_name": "c", "link_state": "UNMANAGED_SOURCE"},
             {"link_name": "d", "link_error": "NO_ERROR", "link_state": "ACTIVE"}]}
            """#)
        let own = list.data.filter(\.isOwn).map { $0.observed(configs: []) }
        #expect(own.map(\.name) == ["a", "b", "d"])
        #expect(own.map(\.remoteClusterID) == ["lkc-s", "lkc-r", nil])
        #expect(own.map(\.error) == [nil, "AUTHENTICATION_ERROR: bad key", nil])
        #expect(own[1].tasks.map(\.state) == [.inError, .other("NEW_WORD")])
        #expect(own[1].tasks[0].errors == ["AUTHORIZATION_ERROR: no"])
    }

    @Test("Of a link's configs those count that are neither default nor sensitive")
    func linkConfigs() throws {
        let list = try decode(
            ListPage<LinkConfigWire>.self,
            #"""
            {"data": [
             {"name": "acl.sync.ms", "value": "5000", "is_default": true, "is_sensitive": false, "source": "DEFAULT_CONFIG"},
             {"name": "link.mode", "value": "BIDIRECTIONAL", "is_default": false, "is_sensitive": false},
             {"name": "sasl.jaas.config", "value": null, "is_default": false, "is_sensitive": true},
             {"name": "request.timeout.ms", "value": "1", "source": "DEFAULT_CONFIG"},
             {"name": "consumer.offset.sync.ms", "value": "1000", "source": "DYNAMIC_CLUSTER_LINK_CONFIG"}]}
            """#)
        let configs = list.data
        #expect(configs.explicit == ["link.mode": "BIDIRECTIONAL", "consumer.offset.sync.ms": "1000"])
        let link = try decode(LinkWire.self, #"{"link_name": "x"}"#).observed(configs: configs)
        #expect(link.mode == .bidirectional)
    }

    @Test("Subjects are split into context and name")
    func subjects() {
        func split(_ name: String) -> [String] {
            let (context, subject) = SchemaRegistryAPI.split(name)
            return [context.name, subject]
        }
        #expect(split("orders-value") == ["", "orders-value"])
        #expect(split(":.dr:orders-value") == ["dr", "orders-value"])
        #expect(split(":.:orders") == ["", "orders"])
        #expect(split(":odd") == ["", ":odd"])
    }

    @Test("Bootstrap servers without security protocol, of one and of several")
    func bootstrap() {
        #expect(Addresses.bootstrap("SASL_SSL://a:9092/") == "a:9092")
        #expect(Addresses.bootstrap("SASL_SSL://a:9092, SASL_SSL://b:9092") == "a:9092,b:9092")
        #expect(Addresses.cloudKafkaBase("https://a:443/") == "https://a:443/kafka")
        #expect(Addresses.cloudKafkaBase("https://a:443/kafka") == "https://a:443/kafka")
    }
}
