import Domain
import Transport

struct KafkaClusterWire: Decodable, Sendable {
    let clusterID: String

    enum CodingKeys: String, CodingKey {
        case clusterID = "cluster_id"
    }
}

struct ConsumerGroupWire: Decodable, Sendable {
    let id: String
    let state: String?

    enum CodingKeys: String, CodingKey {
        case id = "consumer_group_id"
        case state
    }

    /// Whether it has members; a state this version does not know may mean so.
    var isInUse: Bool {
        switch state?.uppercased() {
        case "EMPTY", "DEAD": false
        default: true
        }
    }
}

struct ConsumerLagWire: Decodable, Sendable {
    let topic: String
    let partition: Int
    let end: Int64

    enum CodingKeys: String, CodingKey {
        case topic = "topic_name"
        case partition = "partition_id"
        case end = "log_end_offset"
    }
}

struct LinkWire: Decodable, Sendable {
    struct TaskError: Decodable, Sendable {
        let code: ServiceText?
        let message: ServiceText?

        enum CodingKeys: String, CodingKey {
            case code = "error_code"
            case message = "error_message"
        }
    }

    struct Task: Decodable, Sendable {
        let name: String?
        let state: String?
        let errors: [TaskError]?

        enum CodingKeys: String, CodingKey {
            case name = "task_name"
            case state, errors
        }
    }

    let name: String?
    let clusterLinkID: String?
    let sourceClusterID: String?
    let destinationClusterID: String?
    let remoteClusterID: String?
    let state: String?
    let error: ServiceText?
    let errorMessage: ServiceText?
    let tasks: [Task]?

    enum CodingKeys: String, CodingKey {
        case name = "link_name"
        case clusterLinkID = "cluster_link_id"
        case sourceClusterID = "source_cluster_id"
        case destinationClusterID = "destination_cluster_id"
        case remoteClusterID = "remote_cluster_id"
        case state = "link_state"
        case error = "link_error"
        case errorMessage = "link_error_message"
        case tasks
    }

    /// Whether it is a link of this cluster; a source also lists others' links that read from it, without a name.
    var isOwn: Bool { !(name ?? "").isEmpty && state != "UNMANAGED_SOURCE" }

    func observed(configs: [LinkConfigWire]) -> ObservedLink {
        ObservedLink(
            name: name ?? "", clusterLinkID: clusterLinkID,
            remoteClusterID: otherClusterID,
            mode: .init(wire: configs.first { $0.name == "link.mode" }?.value ?? "DESTINATION"),
            state: .init(wire: state ?? "UNKNOWN"), error: observedError, tasks: (tasks ?? []).map(\.observed),
            configs: configs.explicit)
    }

    /// The cluster at the other end, whichever field names it.
    var otherClusterID: String? {
        [remoteClusterID, sourceClusterID, destinationClusterID].compactMap(\.self).first { !$0.isEmpty }
    }

    private var observedError: String? {
        guard let error = error?.text, error != "NO_ERROR", error != "UNKNOWN", !error.isEmpty else { return nil }
        return [error, errorMessage?.text ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}

extension LinkWire.Task {
    var observed: ObservedLink.Task {
        ObservedLink.Task(
            name: name ?? "", state: .init(wire: state ?? "UNKNOWN"),
            errors: (errors ?? []).map { error in
                [error.code?.text ?? "", error.message?.text ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
            }, codes: Set((errors ?? []).compactMap { $0.code?.text }))
    }
}

struct LinkConfigWire: Decodable, Sendable {
    let name: String
    let value: String?
    let isDefault: Bool?
    let isSensitive: Bool?
    let source: String?

    enum CodingKeys: String, CodingKey {
        case name, value, source
        case isDefault = "is_default"
        case isSensitive = "is_sensitive"
    }
}

extension [LinkConfigWire] {
    /// Entries that are not defaults and not sensitive, by name.
    var explicit: [String: String] {
        var result: [String: String] = [:]
        for entry in self where !(entry.isDefault ?? (entry.source == "DEFAULT_CONFIG")) && entry.isSensitive != true {
            result[entry.name] = entry.value
        }
        return result
    }

    /// Names of entries that are not defaults, sensitive ones among them.
    var explicitNames: Set<String> {
        Set(lazy.filter { !($0.isDefault ?? ($0.source == "DEFAULT_CONFIG")) }.map(\.name))
    }

    /// All entries that have a value, by name.
    var all: [String: String] {
        var result: [String: String] = [:]
        for entry in self { result[entry.name] = entry.value }
        return result
    }
}

/// One topic in the answer of a mirror action, which is HTTP 200 whatever was refused.
struct MirrorActionWire: Decodable, Sendable {
    struct Truncation: Decodable, Sendable {
        let messagesTruncated: Int64?

        enum CodingKeys: String, CodingKey {
            case messagesTruncated = "messages_truncated"
        }
    }

    let topic: String?
    let errorCode: Int?
    let errorMessage: ServiceText?
    let messagesTruncated: Int64?
    let truncations: [Truncation]?

    enum CodingKeys: String, CodingKey {
        case topic = "mirror_topic_name"
        case errorCode = "error_code"
        case errorMessage = "error_message"
        case messagesTruncated = "messages_truncated"
        case truncations = "partition_level_truncation_data"
    }

    /// Records that would go, of all partitions; `nil` when the service cannot tell of one of them (−1).
    var recordsTruncated: Int64? {
        if let messagesTruncated { return messagesTruncated < 0 ? nil : messagesTruncated }
        guard let counts = truncations?.map({ $0.messagesTruncated ?? -1 }), !counts.contains(where: { $0 < 0 }) else {
            return nil
        }
        return counts.boundedSum
    }
}

/// What `include_state_transition_errors` adds to a mirror.
struct MirrorTransitionWire: Decodable, Sendable {
    struct Item: Decodable, Sendable {
        let code: ServiceText?
        let message: ServiceText?

        enum CodingKeys: String, CodingKey {
            case code = "error_code"
            case message = "error_message"
        }

        var words: String { [code?.text ?? "", message?.text ?? ""].filter { !$0.isEmpty }.joined(separator: ": ") }
    }

    let errors: [Item]?

    enum CodingKeys: String, CodingKey {
        case errors = "mirror_state_transition_errors"
    }
}

/// The answer to one record.
struct RecordWire: Decodable, Sendable {
    let errorCode: Int?
    let message: String?

    enum CodingKeys: String, CodingKey {
        case errorCode = "error_code"
        case message
    }
}

/// Bodies that are sent to a cluster.
enum KafkaBody {
    struct Config: Encodable {
        let name: String
        let value: String?
    }

    struct ConfigOperation: Encodable {
        let name: String
        let value: String?
        let operation: String

        init(_ change: (name: String, value: String?)) {
            self.name = change.name
            self.value = change.value
            self.operation = change.value == nil ? "DELETE" : "SET"
        }
    }

    struct Alteration: Encodable {
        let data: [ConfigOperation]
        /// `nil` = not sent.
        var validateOnly: Bool?

        enum CodingKeys: String, CodingKey {
            case data
            case validateOnly = "validate_only"
        }
    }

    struct Topic: Encodable {
        let name: String
        let partitions: Int?
        let replicationFactor: Int?
        let configs: [Config]
        /// `nil` = not sent.
        let validateOnly: Bool?

        enum CodingKeys: String, CodingKey {
            case name = "topic_name"
            case partitions = "partitions_count"
            case replicationFactor = "replication_factor"
            case configs
            case validateOnly = "validate_only"
        }
    }

    struct Partitions: Encodable {
        let count: Int

        enum CodingKeys: String, CodingKey {
            case count = "partitions_count"
        }
    }

    struct Link: Encodable {
        var sourceClusterID: String?
        var destinationClusterID: String?
        var remoteClusterID: String?
        var configs: [Config]

        enum CodingKeys: String, CodingKey {
            case sourceClusterID = "source_cluster_id"
            case destinationClusterID = "destination_cluster_id"
            case remoteClusterID = "remote_cluster_id"
            case configs
        }
    }

    struct Mirror: Encodable {
        let source: String
        let topic: String

        enum CodingKeys: String, CodingKey {
            case source = "source_topic_name"
            case topic = "mirror_topic_name"
        }
    }

    struct Record: Encodable {
        /// A record that says nothing but who wrote it: `spillway`.
        static let canary = Record(value: Part(type: "BINARY", data: "c3BpbGx3YXk="))

        struct Part: Encodable {
            let type: String
            let data: String
        }

        let value: Part
    }

    struct Mirrors: Encodable {
        let topics: [String]

        enum CodingKeys: String, CodingKey {
            case topics = "mirror_topic_names"
        }
    }
}
