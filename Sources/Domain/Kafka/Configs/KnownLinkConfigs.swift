/// The configs of cluster links that manifests may set by their wire name, and those that are written through fields.
package enum KnownLinkConfigs {
    /// By wire name.
    package static let known = Dictionary(
        (mirroring + tuning).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    private static let mirroring: [ConfigDefinition] = [
        .init("acl.sync.enable", .boolean, .clusterLinking),
        .init("acl.sync.ms", .positive, .clusterLinking),
        .init("auto.create.mirror.topics.enable", .boolean, .clusterLinking),
        .init("cluster.link.paused", .boolean, .clusterLinking),
        .init("consumer.group.prefix.enable", .boolean, .clusterLinking),
        .init("consumer.offset.sync.enable", .boolean, .clusterLinking),
        .init("consumer.offset.sync.ms", .positive, .clusterLinking),
        .init("mirror.start.offset.spec", .text, .clusterLinking),
        .init("topic.config.sync.include", .list([]), .clusterLinking),
        .init("topic.config.sync.ms", .positive, .clusterLinking),
    ]

    private static let tuning: [ConfigDefinition] =
        [
            "availability.check.ms", "cluster.link.retry.timeout.ms", "connections.max.idle.ms", "metadata.max.age.ms",
            "reconnect.backoff.max.ms", "reconnect.backoff.ms", "replica.fetch.backoff.ms",
            "replica.fetch.wait.max.ms", "replica.socket.timeout.ms", "request.timeout.ms", "retry.backoff.ms",
            "socket.connection.setup.timeout.max.ms", "socket.connection.setup.timeout.ms",
        ].map { .init($0, .milliseconds(from: -1), .clusterLinking, settable: .selfManagedOnly) }
        + [
            "replica.fetch.max.bytes", "replica.fetch.min.bytes", "replica.fetch.response.max.bytes",
            "replica.socket.receive.buffer.bytes",
        ].map { .init($0, .int(-1, Int64(Int32.max), .bytes), .clusterLinking, settable: .selfManagedOnly) }
        + ["availability.check.consecutive.failure.threshold", "num.cluster.link.fetchers"].map {
            .init($0, .int(1), .clusterLinking, settable: .selfManagedOnly)
        } + [.init("client.dns.lookup", .text, .clusterLinking, settable: .selfManagedOnly)]
}

extension ConfigValues {
    /// A span that has to pass between two rounds.
    fileprivate static let positive = ConfigValues.int(1, Int64(Int32.max), .milliseconds)
}
