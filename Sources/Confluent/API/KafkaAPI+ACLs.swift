import Domain
import Transport

extension KafkaAPI {
    /// Entries that deny something, whatever it is.
    ///
    /// - Parameter inCloud: Confluent Cloud gives service accounts by number unless it is asked for `UserV2:*`.
    func denials(inCloud: Bool) async throws(TransportFailure) -> Set<ACLBinding> {
        let path = aclsPath.querying("permission", "DENY").querying("principal", inCloud ? "UserV2:*" : nil)
        return Set(try await endpoint.items(path, of: ACLWire.self).map(\.binding))
    }

    /// Creates one entry; one that exists stays.
    func createACL(_ binding: ACLBinding) async throws(TransportFailure) {
        try await post(aclsPath, ACLWire(binding))
    }

    /// Creates entries in one call; those that exist stay.
    func createACLs(_ bindings: [ACLBinding]) async throws(TransportFailure) {
        try await post(aclsPath.with(":batch"), KafkaBody.ACLs(data: bindings.map(ACLWire.init)))
    }

    /// Deletes exactly this entry: every field is part of the filter, so that nothing else matches.
    func deleteACL(_ binding: ACLBinding) async throws(TransportFailure) {
        let path = aclsPath.querying("resource_type", binding.resourceType)
            .querying("resource_name", binding.resourceName).querying("pattern_type", binding.patternType)
            .querying("principal", binding.principal).querying("host", binding.host)
            .querying("operation", binding.operation).querying("permission", binding.permission)
        _ = try await endpoint.send(HTTPCall(.delete, path))
    }

    private var aclsPath: RequestPath { path.with("/acls") }
}

/// An entry as it stands in lists and bodies.
struct ACLWire: Codable, Sendable {
    let resourceType: String
    let resourceName: String
    let patternType: String
    let principal: String
    let host: String
    let operation: String
    let permission: String

    enum CodingKeys: String, CodingKey {
        case resourceType = "resource_type"
        case resourceName = "resource_name"
        case patternType = "pattern_type"
        case principal, host, operation, permission
    }

    init(_ binding: ACLBinding) {
        resourceType = binding.resourceType
        resourceName = binding.resourceName
        patternType = binding.patternType
        principal = binding.principal
        host = binding.host
        operation = binding.operation
        permission = binding.permission
    }

    var binding: ACLBinding {
        ACLBinding(
            resourceType: resourceType, resourceName: resourceName, patternType: patternType, principal: user,
            host: host, operation: operation, permission: permission)
    }

    /// `UserV2:sa-…` names the same account as `User:sa-…`.
    private var user: String {
        principal.hasPrefix("UserV2:") ? "User:" + principal.dropFirst("UserV2:".count) : principal
    }
}

extension KafkaBody {
    struct ACLs: Encodable {
        let data: [ACLWire]
    }
}
