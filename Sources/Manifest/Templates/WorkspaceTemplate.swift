/// What `init` can start from.
package enum WorkspaceTemplate: String, CaseIterable, Sendable {
    case quickstart
    case pair
    case bidirectional
    case migration
    case platform

    package struct File: Hashable, Sendable {
        /// Path below the new workspace.
        package let path: String
        /// Content.
        package let text: String
    }

    /// The files, the workspace file first.
    package var files: [File] {
        switch self {
        case .quickstart: Self.quickstartFiles
        case .pair: Self.pairFiles
        case .bidirectional: Self.bidirectionalFiles
        case .migration: Self.migrationFiles
        case .platform: Self.platformFiles
        }
    }
}

extension WorkspaceTemplate {
    private static func workspace(_ name: String) -> File {
        File(
            path: "spillway.yaml",
            text: """
                apiVersion: spillway/v1
                kind: Workspace
                metadata: {name: \(name)}
                spec:
                  manifests: [manifests/]

                """)
    }

    private static let ignored = File(path: ".gitignore", text: ".spillway/\nout/\n")

    private static let cloud = """
        apiVersion: spillway/v1
        kind: Connection
        metadata: {name: confluent}
        spec:
          confluentCloud:
            apiKey: {env: CLOUD_KEY}
            apiSecret: {env: CLOUD_SECRET}
        """

    /// Environments and clusters that exist already, in Confluent Cloud.
    private static let observedSites = """
        \(cloud)
        ---
        apiVersion: spillway/v1
        kind: List
        defaults:
          kind: Environment
          spec: {connection: confluent}
        items:
          - metadata: {name: prod-west}
            spec:
              schemaRegistry:
                credentials: {apiKey: {env: SR_WEST_KEY}, apiSecret: {env: SR_WEST_SECRET}}
                linkCredentials: {apiKey: {env: SR_WEST_LINK_KEY}, apiSecret: {env: SR_WEST_LINK_SECRET}}
          - metadata: {name: prod-east}
            spec:
              schemaRegistry:
                credentials: {apiKey: {env: SR_EAST_KEY}, apiSecret: {env: SR_EAST_SECRET}}
                linkCredentials: {apiKey: {env: SR_EAST_LINK_KEY}, apiSecret: {env: SR_EAST_LINK_SECRET}}
        ---
        apiVersion: spillway/v1
        kind: List
        defaults:
          kind: Cluster
          spec: {type: Dedicated}
        items:
          - metadata: {name: west}
            spec:
              environment: prod-west
              credentials: {apiKey: {env: KAFKA_WEST_KEY}, apiSecret: {env: KAFKA_WEST_SECRET}}
              linkCredentials: {apiKey: {env: KAFKA_WEST_LINK_KEY}, apiSecret: {env: KAFKA_WEST_LINK_SECRET}}
          - metadata: {name: east}
            spec:
              environment: prod-east
              credentials: {apiKey: {env: KAFKA_EAST_KEY}, apiSecret: {env: KAFKA_EAST_SECRET}}
              linkCredentials: {apiKey: {env: KAFKA_EAST_LINK_KEY}, apiSecret: {env: KAFKA_EAST_LINK_SECRET}}

        """

    private static let orders = """
        ---
        apiVersion: spillway/v1
        kind: List
        defaults: {kind: Topic, spec: {failoverGroup: orders, partitions: 6, configs: {min.insync.replicas: 2}}}
        items:
          - {metadata: {name: orders.placed}}
          - {metadata: {name: orders.shipped}}
        ---
        apiVersion: spillway/v1
        kind: ClientBinding
        metadata: {name: shop}
        spec:
          failoverGroup: orders
          publish:
            - file: {path: out/shop.properties}

        """

    static let pairFiles: [File] = [
        workspace("pair"), File(path: "manifests/sites.yaml", text: observedSites),
        File(
            path: "manifests/orders.yaml",
            text: """
                apiVersion: spillway/v1
                kind: FailoverGroup
                metadata: {name: orders}
                spec:
                  primary: west                 # <- this line is the topology
                  members: [west, east]
                  topics: {include: ["orders.*"]}
                  schemas: {subjects: ["*"]}
                  fence: {denyWrites: ["User:*"]}
                  objectives: {rpo: {records: 5000}, rto: 5m}
                \(orders)
                """), ignored,
    ]

    static let bidirectionalFiles: [File] = [
        workspace("bidirectional"), File(path: "manifests/sites.yaml", text: observedSites),
        File(
            path: "manifests/orders.yaml",
            text: """
                apiVersion: spillway/v1
                kind: FailoverGroup
                metadata: {name: orders}
                spec:
                  primary: west                 # <- this line is the topology
                  members: [west, east]
                  reprotect: Restore
                  topics: {include: ["orders.*"]}
                  link: {mode: Bidirectional}
                  schemas: {subjects: ["*"]}
                  fence: {denyWrites: ["User:*"]}
                  objectives: {rpo: {records: 5000}, rto: 5m}   # links copy a little later than clients write
                \(orders)
                """), ignored,
    ]

    static let migrationFiles: [File] = [
        workspace("migration"),
        File(
            path: "manifests/billing.yaml",
            text: """
                \(cloud)
                ---
                apiVersion: spillway/v1
                kind: Environment
                metadata: {name: prod-cloud}
                spec: {connection: confluent}
                ---
                apiVersion: spillway/v1
                kind: Cluster
                metadata: {name: onprem}
                spec:
                  type: ApacheKafka
                  id: 9Zt1rQWkTJ2q7T0h0yJvVw
                  bootstrapServers: kafka-1.example.com:9096,kafka-2.example.com:9096
                  linkCredentials:
                    username: {env: LINK_USER}
                    password: {env: LINK_PASSWORD}
                    saslMechanism: SCRAM-SHA-512
                ---
                apiVersion: spillway/v1
                kind: Cluster
                metadata: {name: cloud}
                spec:
                  environment: prod-cloud
                  type: Dedicated
                  credentials: {apiKey: {env: KAFKA_KEY}, apiSecret: {env: KAFKA_SECRET}}
                ---
                apiVersion: spillway/v1
                kind: FailoverGroup
                metadata: {name: billing}
                spec:
                  primary: onprem               # cut over: cloud
                  members: [onprem, cloud]
                  reprotect: Retire
                  topics: {include: [billing.invoices, "billing.events.*"], autoCreate: true}
                  fence: {quiet: 60s}
                  objectives: {rpo: {records: 0}, rto: 30m}

                """), ignored,
    ]

    static let platformFiles: [File] = [
        workspace("platform"),
        File(
            path: "manifests/core.yaml",
            text: """
                apiVersion: spillway/v1
                kind: List
                defaults:
                  kind: Environment
                  spec:
                    schemaRegistry:
                      credentials: {username: {env: SR_USER}, password: {env: SR_PASSWORD}}
                      linkCredentials: {username: {env: SR_LINK_USER}, password: {env: SR_LINK_PASSWORD}}
                items:
                  - {metadata: {name: dc1}, spec: {schemaRegistry: {endpoint: "https://sr.dc1.example.com:8081"}}}
                  - {metadata: {name: dc2}, spec: {schemaRegistry: {endpoint: "https://sr.dc2.example.com:8081"}}}
                ---
                apiVersion: spillway/v1
                kind: List
                defaults:
                  kind: Cluster
                  spec:
                    type: ConfluentPlatform
                    version: 7.9.3
                    credentials: {username: {env: KAFKA_USER}, password: {env: KAFKA_PASSWORD}}
                    linkCredentials: {username: {env: LINK_USER}, password: {env: LINK_PASSWORD}}
                items:
                  - metadata: {name: dc1}
                    spec:
                      environment: dc1
                      restEndpoint: https://kafka.dc1.example.com:8090/kafka
                      bootstrapServers: kafka.dc1.example.com:9093
                  - metadata: {name: dc2}
                    spec:
                      environment: dc2
                      restEndpoint: https://kafka.dc2.example.com:8090/kafka
                      bootstrapServers: kafka.dc2.example.com:9093
                ---
                apiVersion: spillway/v1
                kind: FailoverGroup
                metadata: {name: core}
                spec:
                  primary: dc1                  # <- this line is the topology
                  members: [dc1, dc2]
                  topics: {include: ["core.*"]}
                  schemas: {subjects: ["*"]}
                  fence: {denyWrites: ["User:*"]}
                  objectives: {rpo: {records: 1000}, rto: 10m}

                """), ignored,
    ]
}
