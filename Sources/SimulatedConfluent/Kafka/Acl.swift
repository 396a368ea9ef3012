package import SimulatorCore

/// One ACL entry of a cluster.
package struct AclBinding: Sendable, Hashable {
    var resourceType: String
    var resourceName: String
    var patternType: String
    var principal: String
    var host: String
    var operation: String
    var permission: String

    /// Reads a binding to create; `nil` when a field is missing or is no concrete value.
    package init?(_ json: JSON) {
        guard let type = json["resource_type"]?.string, Self.resourceTypes.contains(type),
            let name = json["resource_name"]?.string, !name.isEmpty,
            let pattern = json["pattern_type"]?.string, ["LITERAL", "PREFIXED"].contains(pattern),
            let principal = json["principal"]?.string, principal.contains(":"),
            let host = json["host"]?.string,
            let operation = json["operation"]?.string, Self.operations.contains(operation),
            let permission = json["permission"]?.string, ["ALLOW", "DENY"].contains(permission)
        else { return nil }
        resourceType = type
        resourceName = name
        patternType = pattern
        self.principal = principal
        self.host = host
        self.operation = operation
        self.permission = permission
    }

    static let resourceTypes: Set<String> = ["TOPIC", "GROUP", "CLUSTER", "TRANSACTIONAL_ID", "DELEGATION_TOKEN"]
    static let operations: Set<String> = [
        "ALL", "READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "CLUSTER_ACTION", "DESCRIBE_CONFIGS",
        "ALTER_CONFIGS", "IDEMPOTENT_WRITE",
    ]

    /// How the event log names it.
    package var description: String {
        [resourceType, patternType, resourceName, principal, host, operation, permission].joined(separator: " ")
    }

    /// Whether the entry is for a resource.
    func isAbout(_ type: String, _ name: String) -> Bool {
        guard resourceType == type else { return false }
        return patternType == "PREFIXED"
            ? name.hasPrefix(resourceName) : resourceName == name || resourceName == "*"
    }

    /// Whether the entry says something about an operation of a principal on a resource.
    func concerns(_ type: String, _ name: String, _ principal: String, _ operation: String) -> Bool {
        isAbout(type, name) && ["User:*", principal].contains(self.principal)
            && ["ALL", operation].contains(self.operation)
    }
}

/// What a search, a deletion, or a link's ACL sync selects; an absent field selects anything.
struct AclFilter: Sendable {
    var resourceType: String?
    var resourceName: String?
    var patternType: String?
    var principal: String?
    var host: String?
    var operation: String?
    var permission: String?

    init(_ request: Request) {
        resourceType = Self.concrete(request.query("resource_type"))
        resourceName = request.query("resource_name")
        patternType = Self.concrete(request.query("pattern_type"))
        principal = request.query("principal").flatMap { ["UserV2:*", ""].contains($0) ? nil : $0 }
        host = request.query("host")
        operation = Self.concrete(request.query("operation"))
        permission = Self.concrete(request.query("permission"))
    }

    /// One entry of `acl.filters`.
    init(linkFilter: JSON) {
        let resource = linkFilter["resourceFilter"]
        let access = linkFilter["accessFilter"]
        resourceType = Self.concrete(resource?["resourceType"]?.string)
        resourceName = Self.named(resource?["name"]?.string)
        patternType = Self.concrete(resource?["patternType"]?.string)
        principal = Self.named(access?["principal"]?.string)
        host = Self.named(access?["host"]?.string)
        operation = Self.concrete(access?["operation"]?.string)
        permission = Self.concrete(access?["permissionType"]?.string)
    }

    /// The filters in a link's `acl.filters`.
    static func ofLink(_ text: String) -> [AclFilter] {
        (JSON(text: text)?["aclFilters"]?.array ?? []).map(AclFilter.init(linkFilter:))
    }

    static func isValid(_ entry: JSON) -> Bool {
        entry["resourceFilter"]?["resourceType"]?.string != nil
            && entry["accessFilter"]?["permissionType"]?.string != nil
    }

    private static func concrete(_ text: String?) -> String? {
        guard let text = text.map({ $0.uppercased() }), !["ANY", ""].contains(text) else { return nil }
        return text
    }

    private static func named(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return text
    }

    func selects(_ binding: AclBinding) -> Bool {
        selectsResource(binding) && (principal ?? binding.principal) == binding.principal
            && (host ?? binding.host) == binding.host && (operation ?? binding.operation) == binding.operation
            && (permission ?? binding.permission) == binding.permission
    }

    private func selectsResource(_ binding: AclBinding) -> Bool {
        guard (resourceType ?? binding.resourceType) == binding.resourceType else { return false }
        guard patternType == "MATCH", let resourceName else {
            return (patternType ?? binding.patternType) == binding.patternType
                && (resourceName ?? binding.resourceName) == binding.resourceName
        }
        return binding.patternType == "PREFIXED"
            ? resourceName.hasPrefix(binding.resourceName) : ["*", resourceName].contains(binding.resourceName)
    }
}
