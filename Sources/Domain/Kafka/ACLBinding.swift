/// One access-control entry of a Kafka cluster, as REST v3 lists it (Kafka REST v3, *ACL*).
public struct ACLBinding: Hashable, Sendable, Codable, Comparable {
    /// `TOPIC`, `GROUP`, `CLUSTER`, `TRANSACTIONAL_ID`.
    public var resourceType: String
    /// Name, or prefix.
    public var resourceName: String
    /// `LITERAL` or `PREFIXED`.
    public var patternType: String
    /// `User:…`; `User:*` is everybody.
    public var principal: String
    /// Host; `*` is every one.
    public var host: String
    /// Kafka operation: `WRITE`, `READ`, ….
    public var operation: String
    /// `ALLOW` or `DENY`.
    public var permission: String

    /// An entry.
    public init(
        resourceType: String, resourceName: String, patternType: String = "LITERAL", principal: String,
        host: String = "*", operation: String, permission: String
    ) {
        self.resourceType = resourceType
        self.resourceName = resourceName
        self.patternType = patternType
        self.principal = principal
        self.host = host
        self.operation = operation
        self.permission = permission
    }

    /// The entry that keeps a principal from writing to a topic.
    public static func denyWrites(to topic: String, by principal: String) -> ACLBinding {
        ACLBinding(
            resourceType: "TOPIC", resourceName: topic, principal: principal, operation: "WRITE", permission: "DENY")
    }

    /// By resource, then principal.
    public static func < (left: ACLBinding, right: ACLBinding) -> Bool {
        left.sortKey.lexicographicallyPrecedes(right.sortKey)
    }

    private var sortKey: [String] {
        [resourceType, resourceName, patternType, principal, host, operation, permission]
    }
}
