import Execution
import Domain
import Testing
import Transport

@testable import Confluent

extension Rig {
    /// Names of the configs by which a link signs in, as the cluster that holds it lists them.
    func signInConfigs(of link: String, on cluster: String = "east") async throws -> [String] {
        struct List: Decodable {
            struct Entry: Decodable {
                let name: String
                let source: String
            }

            let data: [Entry]
        }
        let base = try #require(await directory.cluster(cluster)?.restEndpoint)
        let factory = EndpointFactory(workspace: workspace, secrets: secrets, transport: transport)
        let endpoint = try await factory.kafka(cluster, at: base)
        let path = RequestPath("/v3/clusters").appending("lkc-\(cluster)").with("/links").appending(link)
            .with("/configs")
        return try await endpoint.get(path, as: List.self).data.filter { $0.source == "DYNAMIC_CLUSTER_LINK_CONFIG" }
            .map(\.name).filter { $0.hasPrefix("sasl.") || $0.hasPrefix("ssl.") }.sorted()
    }
}
