/// The configs of topics that are known.
package enum TopicConfigs {
    /// By wire name.
    package static let known = Dictionary(
        (kafka + confluent).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// What is known of a config; `nil` for a name that nobody wrote down.
    package static func definition(_ name: String) -> ConfigDefinition? { known[name] }

    /// The topic's config that is meant by the name of a broker's: `log.retention.ms`.
    package static func meant(byBrokerName name: String) -> ConfigDefinition? {
        known.values.first { $0.brokerName == name }
    }

    /// Whether services set the config on every topic by themselves, so that nobody who does not declare it means it.
    package static func isSetByService(_ name: String) -> Bool { known[name]?.isSetByService ?? false }

    private static let kafka = retention + messages + files + tiers

    private static let retention: [ConfigDefinition] = [
        .init("cleanup.policy", .list(["compact", "delete"]), .kafka, brokerName: "log.cleanup.policy"),
        .init(
            "delete.retention.ms", .milliseconds(from: 0), .kafka, inCloud: 0...60_566_400_000,
            brokerName: "log.cleaner.delete.retention.ms"),
        .init(
            "max.compaction.lag.ms", .milliseconds(from: 1), .kafka, brokerName: "log.cleaner.max.compaction.lag.ms"),
        .init(
            "min.compaction.lag.ms", .milliseconds(from: 0), .kafka, brokerName: "log.cleaner.min.compaction.lag.ms"),
        .init("retention.bytes", .bytes(from: -1), .kafka, brokerName: "log.retention.bytes"),
        .init("retention.ms", .milliseconds(from: -1), .kafka, brokerName: "log.retention.ms"),
    ]

    private static let messages: [ConfigDefinition] = [
        .init(
            "max.message.bytes", .int(0, Int64(Int32.max), .bytes), .kafka, inCloud: 0...20_971_520,
            brokerName: "message.max.bytes"),
        .init(
            "message.timestamp.type", .word(["CreateTime", "LogAppendTime"]), .kafka,
            brokerName: "log.message.timestamp.type"),
        .init(
            "message.timestamp.before.max.ms", .milliseconds(from: 0), .kafka,
            brokerName: "log.message.timestamp.before.max.ms"),
        .init(
            "message.timestamp.after.max.ms", .milliseconds(from: 0), .kafka,
            brokerName: "log.message.timestamp.after.max.ms"),
        .init(
            "message.timestamp.difference.max.ms", .milliseconds(from: 0), .kafka,
            brokerName: "log.message.timestamp.difference.max.ms"),
        .init("min.insync.replicas", .int(1), .kafka, inCloud: 1...2),
        .init(
            "compression.type", .word(["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"]), .kafka,
            settable: .selfManagedOnly),
        .init("compression.gzip.level", .int(-1, 9), .kafka, settable: .selfManagedOnly),
        .init("compression.lz4.level", .int(1, 17), .kafka, settable: .selfManagedOnly),
        .init("compression.zstd.level", .int(-131_072, 22), .kafka, settable: .selfManagedOnly),
        .init(
            "message.downconversion.enable", .boolean, .kafka, settable: .selfManagedOnly,
            brokerName: "log.message.downconversion.enable"),
        .init(
            "message.format.version", .text, .kafka, settable: .selfManagedOnly,
            brokerName: "log.message.format.version"),
    ]

    private static let files: [ConfigDefinition] = [
        .init(
            "segment.bytes", .int(14, Int64(Int32.max), .bytes), .kafka, inCloud: 14...1_073_741_824,
            brokerName: "log.segment.bytes"),
        .init("segment.ms", .milliseconds(from: 1), .kafka, brokerName: "log.roll.ms"),
        .init(
            "segment.index.bytes", .int(4, Int64(Int32.max), .bytes), .kafka, settable: .selfManagedOnly,
            brokerName: "log.index.size.max.bytes"),
        .init(
            "segment.jitter.ms", .milliseconds(from: 0), .kafka, settable: .selfManagedOnly,
            brokerName: "log.roll.jitter.ms"),
        .init(
            "index.interval.bytes", .int(0, Int64(Int32.max), .bytes), .kafka, settable: .selfManagedOnly,
            brokerName: "log.index.interval.bytes"),
        .init(
            "file.delete.delay.ms", .milliseconds(from: 0), .kafka, settable: .selfManagedOnly,
            brokerName: "log.segment.delete.delay.ms"),
        .init(
            "flush.messages", .integer(1...Int64.max), .kafka, settable: .selfManagedOnly,
            brokerName: "log.flush.interval.messages"),
        .init(
            "flush.ms", .milliseconds(from: 0), .kafka, settable: .selfManagedOnly,
            brokerName: "log.flush.interval.ms"),
        .init("follower.replication.throttled.replicas", .replicas, .kafka, settable: .selfManagedOnly),
        .init("leader.replication.throttled.replicas", .replicas, .kafka, settable: .selfManagedOnly),
        .init(
            "min.cleanable.dirty.ratio", .decimal(0...1), .kafka, settable: .selfManagedOnly,
            brokerName: "log.cleaner.min.cleanable.ratio"),
        .init("preallocate", .boolean, .kafka, settable: .selfManagedOnly, brokerName: "log.preallocate"),
        .init("unclean.leader.election.enable", .boolean, .kafka, settable: .selfManagedOnly),
    ]

    private static let tiers: [ConfigDefinition] = [
        .init("remote.storage.enable", .boolean, .kafka, settable: .selfManagedOnly),
        .init("remote.log.copy.disable", .boolean, .kafka, settable: .selfManagedOnly),
        .init("remote.log.delete.on.disable", .boolean, .kafka, settable: .selfManagedOnly),
        .init(
            "local.retention.bytes", .bytes(from: -2), .kafka, settable: .selfManagedOnly,
            brokerName: "log.local.retention.bytes"),
        .init(
            "local.retention.ms", .milliseconds(from: -2), .kafka, settable: .selfManagedOnly,
            brokerName: "log.local.retention.ms"),
    ]

    private static let confluent: [ConfigDefinition] = [
        .init("confluent.key.schema.validation", .boolean, .confluentServer),
        .init("confluent.value.schema.validation", .boolean, .confluentServer),
        .init("confluent.key.subject.name.strategy", .text, .confluentServer),
        .init("confluent.value.subject.name.strategy", .text, .confluentServer),
        .init("confluent.schema.validation.context.name", .text, .confluentServer, isSetByService: true),
        .init("confluent.topic.type", .text, .confluentServer, isSetByService: true),
        .init("confluent.placement.constraints", .text, .confluentServer, settable: .selfManagedOnly),
        .init("confluent.prefer.tier.fetch.ms", .milliseconds(from: -1), .confluentServer, settable: .selfManagedOnly),
        .init("confluent.segment.speculative.prefetch.enable", .boolean, .confluentServer, settable: .selfManagedOnly),
        .init("confluent.tier.enable", .boolean, .confluentServer, settable: .selfManagedOnly),
        .init(
            "confluent.tier.local.hotset.bytes", .bytes(from: -1), .confluentServer, settable: .selfManagedOnly),
        .init(
            "confluent.tier.local.hotset.ms", .milliseconds(from: -1), .confluentServer, settable: .selfManagedOnly),
        .init(
            "confluent.tier.segment.hotset.roll.min.bytes", .int(0, Int64(Int32.max), .bytes), .confluentServer,
            settable: .selfManagedOnly),
        .init(
            "confluent.tier.cleaner.min.cleanable.ratio", .decimal(0...1), .confluentServer, settable: .selfManagedOnly),
        .init("confluent.append.record.interceptor.classes", .list([]), .confluentServer, settable: .selfManagedOnly),
    ]
}
