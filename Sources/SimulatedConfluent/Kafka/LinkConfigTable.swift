import SimulatorCore

/// The configs of a cluster link, as a live Confluent Cloud cluster lists them.
enum LinkConfigTable {
    struct Known: Sendable {
        package var name: String
        /// `nil` reads back as `null`.
        var defaultValue: String?
        /// Tuned by the broker: altering it is refused.
        var isReadOnly = false
        var isSensitive = false
        /// Set at creation only, although it does not read as read-only.
        var isImmutable = false
    }

    static let all: [Known] = (connection + mirroring + tuned).sorted { $0.name < $1.name }
    static let known = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    private static let mirroring = [
        Known(name: "acl.filters", defaultValue: ""),
        Known(name: "acl.sync.enable", defaultValue: "false"),
        Known(name: "acl.sync.ms", defaultValue: "5000"),
        Known(name: "auto.create.mirror.topics.enable", defaultValue: "false"),
        Known(name: "auto.create.mirror.topics.filters", defaultValue: ""),
        Known(name: "bootstrap.servers", defaultValue: nil),
        Known(name: "client.dns.lookup", defaultValue: "use_all_dns_ips"),
        Known(name: "cluster.link.paused", defaultValue: "false"),
        Known(name: "cluster.link.prefix", defaultValue: nil, isImmutable: true),
        Known(name: "connection.mode", defaultValue: "OUTBOUND", isImmutable: true),
        Known(name: "consumer.group.prefix.enable", defaultValue: "false", isImmutable: true),
        Known(name: "consumer.offset.group.filters", defaultValue: ""),
        Known(name: "consumer.offset.sync.enable", defaultValue: "false"),
        Known(name: "consumer.offset.sync.ms", defaultValue: "30000"),
        Known(name: "link.mode", defaultValue: "DESTINATION", isImmutable: true),
        Known(name: "mirror.start.offset.spec", defaultValue: "earliest"),
        Known(name: "remote.link.connection.mode", defaultValue: nil, isImmutable: true),
        Known(name: "topic.config.sync.include", defaultValue: MirrorConfigClasses.defaultInclude),
        Known(name: "topic.config.sync.ms", defaultValue: "5000"),
    ]

    private static let connection = ["", "local."].flatMap { side in
        [
            Known(name: "\(side)sasl.jaas.config", defaultValue: nil, isSensitive: true),
            Known(name: "\(side)sasl.mechanism", defaultValue: "GSSAPI"),
            Known(name: "\(side)security.protocol", defaultValue: "PLAINTEXT"),
            Known(name: "\(side)ssl.cipher.suites", defaultValue: nil),
            Known(name: "\(side)ssl.enabled.protocols", defaultValue: "TLSv1.2,TLSv1.3"),
            Known(name: "\(side)ssl.endpoint.identification.algorithm", defaultValue: "https"),
            Known(name: "\(side)ssl.key.password", defaultValue: nil, isSensitive: true),
            Known(name: "\(side)ssl.keystore.certificate.chain", defaultValue: nil, isSensitive: true),
            Known(name: "\(side)ssl.keystore.key", defaultValue: nil, isSensitive: true),
            Known(name: "\(side)ssl.keystore.type", defaultValue: "JKS"),
            Known(name: "\(side)ssl.protocol", defaultValue: "TLSv1.3"),
            Known(name: "\(side)ssl.truststore.certificates", defaultValue: nil, isSensitive: true),
            Known(name: "\(side)ssl.truststore.type", defaultValue: "JKS"),
        ]
    }

    private static let tuned = [
        ("cluster.link.retry.timeout.ms", "300000"), ("connections.max.idle.ms", "600000"),
        ("metadata.max.age.ms", "300000"), ("num.cluster.link.fetchers", "1"), ("replica.fetch.backoff.ms", "1000"),
        ("replica.fetch.max.bytes", "5242880"), ("replica.fetch.min.bytes", "1"),
        ("replica.fetch.response.max.bytes", "10485760"), ("replica.fetch.wait.max.ms", "500"),
        ("replica.socket.receive.buffer.bytes", "-1"), ("replica.socket.timeout.ms", "30000"),
        ("request.timeout.ms", "30000"), ("retry.backoff.ms", "100"),
        ("socket.connection.setup.timeout.max.ms", "30000"), ("socket.connection.setup.timeout.ms", "10000"),
    ].map { Known(name: $0.0, defaultValue: $0.1, isReadOnly: true) }

    /// What is wrong with a value; `nil` when nothing is.
    static func fault(_ name: String, _ value: String) -> String? {
        guard known[name] != nil else { return "Unknown cluster link config: \(name)" }
        if name.hasSuffix(".enable") || name == "cluster.link.paused" {
            return ["true", "false"].contains(value)
                ? nil : "Invalid value \(value) for configuration \(name): Expected value to be either true or false"
        }
        if name.hasSuffix(".ms") {
            return Int32(value).map { $0 > 0 } == true
                ? nil : "Invalid value \(value) for configuration \(name): Not a positive number of type INT"
        }
        switch name {
        case "link.mode":
            return oneOf(["DESTINATION", "SOURCE", "BIDIRECTIONAL"], name, value)
        case "connection.mode", "remote.link.connection.mode":
            return oneOf(["OUTBOUND", "INBOUND"], name, value)
        case "cluster.link.prefix":
            return Names.areValid(value) ? nil : "Invalid value \(value) for configuration \(name)"
        case "topic.config.sync.include":
            return MirrorConfigClasses.faultOfInclude(value)
        default:
            return SyncFilter.filterConfigs.contains(name) ? SyncFilter.fault(name, value) : nil
        }
    }

    private static func oneOf(_ values: [String], _ name: String, _ value: String) -> String? {
        values.contains(value)
            ? nil
            : "Invalid value \(value) for configuration \(name): String must be one of: \(values.joined(separator: ", "))"
    }
}

/// What Kafka accepts as the name of a topic or a link.
package enum Names {
    package static func areValid(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 249 && name != "." && name != ".."
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
