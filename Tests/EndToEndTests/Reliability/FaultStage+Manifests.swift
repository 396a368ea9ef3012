import Foundation

extension FaultStage {
    /// Turns the quickstart into a workspace with nothing but its sites, which is not patient.
    func layOut() throws {
        try stage.edit("spillway.yaml", "policy: {", "policy: {quietPeriod: 0s, ")
        try stage.edit(
            "spillway.yaml", "unreachableAfter: 5s", "request: 3s, unreachableAfter: 3s, drain: 5s, transition: 20s")
        for file in ["group", "topics", "clients"] {
            let url = stage.folder.appendingPathComponent("manifests/\(file).yaml")
            if FileManager.default.fileExists(atPath: url.path) { try FileManager.default.removeItem(at: url) }
        }
    }

    static func group(_ primary: String, _ lines: [String] = []) -> String {
        let more = lines.map { "  \($0)\n" }.joined()
        return """
            apiVersion: spillway/v1
            kind: FailoverGroup
            metadata: {name: payments}
            spec:
              primary: \(primary)
              members: [west, east]
              topics: {include: ["payments.*"]}
              link: {mode: Bidirectional, consumerOffsetSync: {interval: 10s}}
              schemas: {subjects: ["*"]}
              fence: {denyWrites: ["User:*"], quiet: 100ms}
              reprotect: Restore
              canary: payments.canary
            \(more)
            """
    }

    /// The manifests that come with the second part.
    static let protection = [
        "manifests/group.yaml": group("west"),
        "manifests/topics.yaml": """
        apiVersion: spillway/v1
        kind: List
        defaults:
          kind: Topic
          spec: {failoverGroup: payments, partitions: 1, replicationFactor: 3, configs: {min.insync.replicas: 2}}
        items:
          - {metadata: {name: payments.ledger}}
          - {metadata: {name: payments.canary}}

        """,
        "manifests/bindings.yaml": """
        apiVersion: spillway/v1
        kind: ClientBinding
        metadata: {name: checkout}
        spec:
          failoverGroup: payments
          credentials:
            west:
              kafka: {apiKey: {env: CHECKOUT_WEST_KEY}, apiSecret: {env: CHECKOUT_WEST_SECRET}}
            east:
              kafka: {apiKey: {env: CHECKOUT_EAST_KEY}, apiSecret: {env: CHECKOUT_EAST_SECRET}}
          properties:
            bootstrap.servers: ${cluster.bootstrapServers}
          secrets:
            sasl.username: ${credentials.kafka.apiKey}
            sasl.password: ${credentials.kafka.apiSecret}
          publish:
            - file: {path: out/checkout.properties, format: Properties, contents: All}

        """,
    ]
}
