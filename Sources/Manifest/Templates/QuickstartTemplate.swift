/// The workspace of `examples/quickstart`: two managed regions, one group, two applications, on the simulator.
extension WorkspaceTemplate {
    static let quickstartFiles: [File] = [
        File(
            path: "spillway.yaml",
            text: #"""
                # Two regions made by Spillway, one group of topics, two applications. `make demo` applies it to the simulator.
                apiVersion: spillway/v1
                kind: Workspace
                metadata: {name: quickstart}
                spec:
                  manifests: [manifests/]
                  policy: {minReplicationFactor: 3, minInSyncReplicas: 2}
                  timeouts: {unreachableAfter: 5s}

                """#),
        File(
            path: "manifests/sites.yaml",
            text: #"""
                # One environment per region, because a Confluent Cloud environment has one Schema Registry.
                apiVersion: spillway/v1
                kind: Connection
                metadata: {name: confluent}
                spec:
                  confluentCloud:
                    endpoint: http://127.0.0.1:9400        # the simulator; leave out for Confluent Cloud
                    apiKey: {env: CLOUD_KEY}
                    apiSecret: {env: CLOUD_SECRET}
                ---
                apiVersion: spillway/v1
                kind: List
                defaults:
                  kind: Environment
                  spec:
                    connection: confluent
                    managementPolicy: Manage
                    streamGovernance: {package: ADVANCED}
                    schemaRegistry:
                      compatibility: BACKWARD
                      credentials: {apiKey: {env: REGISTRY_KEY}, apiSecret: {env: REGISTRY_SECRET}}
                      linkCredentials: {apiKey: {env: REGISTRY_KEY}, apiSecret: {env: REGISTRY_SECRET}}
                items:
                  - {metadata: {name: prod-west}}
                  - {metadata: {name: prod-east}}
                ---
                apiVersion: spillway/v1
                kind: List
                defaults:
                  kind: Cluster
                  spec:
                    managementPolicy: Manage
                    type: Enterprise
                    cloud: AWS
                    availability: MULTI_ZONE
                    credentials: {apiKey: {env: KAFKA_KEY}, apiSecret: {env: KAFKA_SECRET}}
                    linkCredentials: {apiKey: {env: KAFKA_KEY}, apiSecret: {env: KAFKA_SECRET}}
                items:
                  - {metadata: {name: west}, spec: {environment: prod-west, region: us-west-2}}
                  - {metadata: {name: east}, spec: {environment: prod-east, region: us-east-1}}

                """#),
        File(
            path: "manifests/group.yaml",
            text: #"""
                apiVersion: spillway/v1
                kind: FailoverGroup
                metadata: {name: payments}
                spec:
                  primary: west                 # <- this line is the topology
                  members: [west, east]
                  topics: {include: ["payments.*"]}
                  link: {consumerOffsetSync: {interval: 10s}}
                  schemas: {subjects: ["*"]}
                  fence: {denyWrites: ["User:*"]}
                  objectives: {rpo: {records: 5000, age: 60s}, rto: 5m}

                """#),
        File(
            path: "manifests/topics.yaml",
            text: #"""
                apiVersion: spillway/v1
                kind: List
                defaults:
                  kind: Topic
                  spec:
                    failoverGroup: payments
                    partitions: 6
                    replicationFactor: 3
                    configs: {min.insync.replicas: 2, retention.ms: 7d, cleanup.policy: delete}
                items:
                  - {metadata: {name: payments.authorized}}
                  - {metadata: {name: payments.captured}}
                  - {metadata: {name: payments.refunded}}
                  - {metadata: {name: payments.settled}}
                  - {metadata: {name: payments.disputed}}
                  - {metadata: {name: payments.notifications}}
                  - {metadata: {name: payments.fraud-scores}}
                  - {metadata: {name: payments.fx-rates}, spec: {partitions: 3, configs: {cleanup.policy: compact}}}
                  - {metadata: {name: payments.limits}, spec: {configs: {cleanup.policy: compact}}}
                  - {metadata: {name: payments.ledger}, spec: {partitions: 12, configs: {retention.ms: -1}}}
                  - {metadata: {name: payments.audit}, spec: {configs: {retention.ms: 30d}}}
                  - {metadata: {name: payments.canary}, spec: {partitions: 1, configs: {retention.ms: 1h}}}

                """#),
        File(
            path: "manifests/clients.yaml",
            text: #"""
                # What two applications need to find their cluster. Secrets are references; the files under out/ hold the values.
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
                    schema.registry.url: ${schemaRegistry.endpoint}
                    security.protocol: SASL_SSL
                    sasl.mechanism: PLAIN
                  secrets:
                    sasl.username: ${credentials.kafka.apiKey}
                    sasl.password: ${credentials.kafka.apiSecret}
                  publish:
                    - file: {path: out/checkout.properties, format: Properties, contents: All}
                ---
                apiVersion: spillway/v1
                kind: ClientBinding
                metadata: {name: reporting}
                spec:
                  failoverGroup: payments
                  publish:
                    - file: {path: out/reporting.json, format: JSON}

                """#),
        File(
            path: ".gitignore",
            text: #"""
                out/
                .spillway/

                """#),
    ]
}
