package import SimulatorCore

package struct Organization: Sendable {
    package var id = "11111111-1111-4111-8111-111111111111"
    package var displayName = "Simulator"
    var isJITEnabled = false
    var metadata = ObjectMetadata(created: 0)
}

package enum GovernancePackage: String, Sendable {
    case essentials = "ESSENTIALS"
    case advanced = "ADVANCED"
}

package struct Environment: Sendable {
    package let id: String
    let sequence: Int
    package var displayName: String
    /// Absent when the environment was made without stream governance.
    var package: GovernancePackage?
    var metadata: ObjectMetadata

    package init(
        id: String, sequence: Int, displayName: String, package: GovernancePackage? = nil, metadata: ObjectMetadata
    ) {
        self.id = id
        self.sequence = sequence
        self.displayName = displayName
        self.package = package
        self.metadata = metadata
    }
}

extension ControlPlaneEstate {
    var organizationName: String { "crn://confluent.cloud/organization=\(organization.id)" }

    func environmentName(_ id: String) -> String { organizationName + "/environment=\(id)" }

    /// An environment as others refer to it.
    func reference(toEnvironment id: String) -> JSON {
        [
            "api_version": "org/v2", "id": .string(id), "kind": "Environment",
            "related": .string(baseURL + "/org/v2/environments/\(id)"),
            "resource_name": .string(environmentName(id)),
        ]
    }

    private func json(_ environment: Environment) -> JSON {
        var value: JSON = [
            "api_version": "org/v2", "kind": "Environment", "id": .string(environment.id),
            "metadata": environment.metadata.json(
                path: "/org/v2/environments/\(environment.id)", name: environmentName(environment.id), base: baseURL),
            "display_name": .string(environment.displayName),
        ]
        if let package = environment.package {
            value.append("stream_governance_config", ["package": .string(package.rawValue)])
        }
        return value
    }

    package func environment(_ id: String) throws(ControlPlaneRefusal) -> Environment {
        guard let environment = environments[id] else { throw .environmentNotFound(id) }
        return environment
    }

    func listEnvironments(_ request: Request) throws(ControlPlaneRefusal) -> Response {
        try Pagination(request).response(
            Array(environments.values), sequence: \.sequence, kind: "EnvironmentList", version: "org/v2",
            request: request, base: baseURL, json: json)
    }

    func showEnvironment(_ id: String) throws(ControlPlaneRefusal) -> Response {
        .json(json(try environment(id)))
    }

    mutating func createEnvironment(
        _ body: JSON, in stage: inout Stage
    ) throws(ControlPlaneRefusal) -> Response {
        let name = try displayName(body["display_name"], pointer: "/display_name")
        try checkNameIsFree(name, besides: nil)
        let package = try Self.package(body)
        let id = freeID("env-", taken: environments, in: &stage)
        let environment = Environment(
            id: id, sequence: nextSequence(), displayName: name, package: package,
            metadata: ObjectMetadata(created: stage.now))
        environments[id] = environment
        return .json(json(environment), status: 201).located(at: baseURL + "/org/v2/environments/\(id)")
    }

    mutating func updateEnvironment(
        _ id: String, _ body: JSON, at time: Milliseconds
    ) throws(ControlPlaneRefusal) -> Response {
        var environment = try environment(id)
        if let value = body["display_name"], value != .null {
            let name = try displayName(value, pointer: "/display_name")
            try checkNameIsFree(name, besides: id)
            environment.displayName = name
        }
        if let package = try Self.package(body) {
            guard environment.package != .advanced || package == .advanced else {
                throw .invalid(
                    "/stream_governance_config/package", "The package cannot be downgraded from ADVANCED to ESSENTIALS")
            }
            environment.package = package
        }
        environment.metadata.updated = time
        environments[id] = environment
        return .json(json(environment))
    }

    /// Deletes an environment with everything inside, protected clusters too.
    mutating func deleteEnvironment(_ id: String) throws(ControlPlaneRefusal) -> Response {
        _ = try environment(id)
        for cluster in clusters.values.filter({ $0.environment == id }).map(\.id).sorted() { removeCluster(cluster) }
        for registry in registries.values.filter({ $0.environment == id }).map(\.id).sorted() {
            registries[registry] = nil
            removeKeys { $0.resource == registry }
            report(.registryDeleted(id: registry))
        }
        environments[id] = nil
        return .empty()
    }

    private func checkNameIsFree(_ name: String, besides id: String?) throws(ControlPlaneRefusal) {
        guard let other = environments.values.first(where: { $0.displayName == name && $0.id != id }) else { return }
        throw .alreadyExists("The environment '\(name)'", at: "/org/v2/environments/\(other.id)")
    }

    private static func package(_ body: JSON) throws(ControlPlaneRefusal) -> GovernancePackage? {
        guard let config = body["stream_governance_config"], config != .null else { return nil }
        guard let package = config["package"]?.string.flatMap(GovernancePackage.init(rawValue:)) else {
            throw .invalid("/stream_governance_config/package", "The package must be ESSENTIALS or ADVANCED")
        }
        return package
    }

    package func displayName(_ value: JSON?, pointer: String) throws(ControlPlaneRefusal) -> String {
        guard let name = value?.string, !name.allSatisfy(\.isWhitespace) else {
            throw .invalid(pointer, "The property '\(pointer)' is required")
        }
        return name
    }

    func freeID<Value>(
        _ prefix: String, taken: [String: Value], length: Int = 6, in stage: inout Stage
    ) -> String {
        while true {
            let id = prefix + stage.random.word(length)
            if taken[id] == nil { return id }
        }
    }
}

extension ControlPlaneEstate {
    private var organizationJSON: JSON {
        [
            "api_version": "org/v2", "kind": "Organization", "id": .string(organization.id),
            "metadata": organization.metadata.json(
                path: "/org/v2/organizations/\(organization.id)", name: organizationName, base: baseURL),
            "display_name": .string(organization.displayName), "jit_enabled": JSON(organization.isJITEnabled),
        ]
    }

    func listOrganizations(_ request: Request) throws(ControlPlaneRefusal) -> Response {
        try Pagination(request).response(
            [organizationJSON], sequence: { _ in 1 }, kind: "OrganizationList", version: "org/v2",
            request: request, base: baseURL
        ) { $0 }
    }

    func showOrganization(_ id: String) throws(ControlPlaneRefusal) -> Response {
        guard id == organization.id else { throw .organizationNotFound(id) }
        return .json(organizationJSON)
    }

    mutating func updateOrganization(
        _ id: String, _ body: JSON, at time: Milliseconds
    ) throws(ControlPlaneRefusal) -> Response {
        guard id == organization.id else { throw .organizationNotFound(id) }
        if let value = body["display_name"] {
            organization.displayName = try displayName(value, pointer: "/display_name")
        }
        if let flag = body["jit_enabled"]?.bool { organization.isJITEnabled = flag }
        organization.metadata.updated = time
        return .json(organizationJSON)
    }
}
