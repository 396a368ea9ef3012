/// One access-control entry of a Kafka cluster, as REST v3 lists it (Kafka REST v3, *ACL*).
package struct ACLBinding: Hashable, Sendable, Codable, Comparable {
    /// `TOPIC`, `GROUP`, `CLUSTER`, `TRANSACTIONAL_ID`.
    package var resourceType: String
    /// Name, or prefix.
    package var resourceName: String
    /// `LITERAL` or `PREFIXED`.
    package var patternType: String
    /// `User:…`; `User:*` is everybody.
    package var principal: String
    /// Host; `*` is every one.
    package var host: String
    /// Kafka operation: `WRITE`, `READ`, ….
    package var operation: String
    /// `ALLOW` or `DENY`.
    package var permission: String

    package init(
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
    package static func denyWrites(to topic: String, by principal: String) -> ACLBinding {
        ACLBinding(
            resourceType: "TOPIC", resourceName: topic, principal: principal, operation: "WRITE", permission: "DENY")
    }

    /// By resource, then principal.
    package static func < (left: ACLBinding, right: ACLBinding) -> Bool {
        left.sortKey.lexicographicallyPrecedes(right.sortKey)
    }

    private var sortKey: [String] {
        [resourceType, resourceName, patternType, principal, host, operation, permission]
    }
}
