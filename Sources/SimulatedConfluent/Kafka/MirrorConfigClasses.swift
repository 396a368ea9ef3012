import SimulatorCore

/// Which topic configs a link copies onto its mirrors.
enum MirrorConfigClasses {
    /// Always copied; they cannot be changed on a mirror.
    static let always: Set<String> = [
        "cleanup.policy", "max.message.bytes", "message.timestamp.type", "message.timestamp.difference.max.ms",
    ]

    /// Copied while `topic.config.sync.include` names them.
    static let configurable: Set<String> = [
        "retention.ms", "retention.bytes", "delete.retention.ms", "segment.bytes", "segment.ms", "segment.index.bytes",
        "segment.jitter.ms", "min.compaction.lag.ms", "max.compaction.lag.ms", "min.insync.replicas",
        "compression.type", "flush.messages", "flush.ms", "index.interval.bytes", "min.cleanable.dirty.ratio",
        "file.delete.delay.ms", "preallocate", "unclean.leader.election.enable", "message.downconversion.enable",
        "message.timestamp.before.max.ms", "message.timestamp.after.max.ms",
    ]

    static let defaultInclude = always.union(configurable).sorted().joined(separator: ",")

    /// The names a link's include list holds.
    static func included(_ list: String) -> Set<String> {
        Set(list.split(separator: ",").map { $0.trimmingSpaces })
    }

    static func faultOfInclude(_ list: String) -> String? {
        let missing = always.subtracting(included(list)).sorted()
        return missing.isEmpty
            ? nil : "topic.config.sync.include must contain \(missing.joined(separator: ", "))"
    }
}
