/// What a denial keeps from a client.
extension ACLBinding {
    /// Operations on topics that producers or consumers need.
    private static let topicOperations: Set<String> = ["ALL", "WRITE", "READ", "DESCRIBE"]
    /// Operations on consumer groups and transactional ids that they need.
    private static let memberOperations: Set<String> = ["ALL", "READ", "WRITE", "DESCRIBE"]
    /// Operations on the cluster that idempotent producers need.
    private static let clusterOperations: Set<String> = ["ALL", "IDEMPOTENT_WRITE"]

    /// Whether it denies something to one of some principals; `User:*` on either side is everybody.
    package func denies(anyOf principals: Set<String>) -> Bool {
        guard permission == "DENY" else { return false }
        return principal == Self.everybody || principals.contains(Self.everybody) || principals.contains(principal)
    }

    /// Whether it keeps clients from what they do with topics: writing, reading, being members of consumer groups.
    ///
    /// - Parameters:
    ///   - topics: The topics.
    ///   - groups: Whether a consumer group may be one of theirs; entries name groups that are not known here.
    package func concerns(topics: Set<String>, groups: (String) -> Bool = { _ in true }) -> Bool {
        switch resourceType {
        case "TOPIC": Self.topicOperations.contains(operation) && names(anyOf: topics)
        case "GROUP": Self.memberOperations.contains(operation) && (patternType != "LITERAL" || groups(resourceName))
        case "TRANSACTIONAL_ID": Self.memberOperations.contains(operation)
        case "CLUSTER": Self.clusterOperations.contains(operation)
        default: false
        }
    }

    /// Whether it keeps everybody it names from writing to a topic.
    package func deniesWrites(to topic: String) -> Bool {
        permission == "DENY" && resourceType == "TOPIC" && ["ALL", "WRITE"].contains(operation) && names(topic)
    }

    /// Whether its resource is, or is a prefix of, a name.
    package func names(_ resource: String) -> Bool {
        patternType == "PREFIXED" ? resource.hasPrefix(resourceName) : resourceName == "*" || resourceName == resource
    }

    /// One entry a topic is compared with thousands of topics: a literal name is looked up.
    private func names(anyOf topics: Set<String>) -> Bool {
        if patternType == "PREFIXED" { return topics.contains { $0.hasPrefix(resourceName) } }
        return resourceName == "*" ? !topics.isEmpty : topics.contains(resourceName)
    }

    private static let everybody = "User:*"

    /// The entry in one line, for people.
    package var inWords: String {
        let pattern = patternType == "LITERAL" ? "" : " \(patternType.lowercased())"
        return "\(permission) \(operation) on \(resourceType)\(pattern) \(resourceName) for \(principal)"
    }
}
