import Domain

/// A reference to another object.
struct WireReference: Codable, Sendable {
    let id: String
}

struct OrganizationWire: Decodable, Sendable {
    let id: String
}

struct EnvironmentWire: Decodable, Sendable {
    struct Governance: Codable, Sendable {
        let package: String?
    }

    let id: String
    /// A row without one could be any object that is looked for by its name: it cannot be read.
    let displayName: String
    let governance: Governance?

    enum CodingKeys: String, CodingKey {
        case id
        case displayName = "display_name"
        case governance = "stream_governance_config"
    }

    var observed: ObservedEnvironment {
        ObservedEnvironment(
            id: id, displayName: displayName,
            governance: governance?.package.flatMap(GovernancePackage.init(rawValue:)))
    }
}

struct ClusterWire: Decodable, Sendable {
    struct Config: Decodable, Sendable {
        let kind: String?
        let cku: Int?
        let maxEcku: Int?

        enum CodingKeys: String, CodingKey {
            case kind, cku
            case maxEcku = "max_ecku"
        }
    }

    struct Endpoint: Decodable, Sendable {
        let bootstrap: String?
        let rest: String?

        enum CodingKeys: String, CodingKey {
            case bootstrap = "kafka_bootstrap_endpoint"
            case rest = "http_endpoint"
        }
    }

    struct Spec: Decodable, Sendable {
        /// A row without one could be any cluster that is looked for by its name: it cannot be read.
        let displayName: String
        let availability: String?
        let cloud: String?
        let region: String?
        let config: Config?
        let environment: WireReference?
        let bootstrap: String?
        let rest: String?
        let endpoints: [String: Endpoint]?
        let deletionProtection: Bool?
        let network: WireReference?
        let byok: WireReference?

        enum CodingKeys: String, CodingKey {
            case displayName = "display_name"
            case availability, cloud, region, config, environment, endpoints, network, byok
            case bootstrap = "kafka_bootstrap_endpoint"
            case rest = "http_endpoint"
            case deletionProtection = "deletion_protection"
        }
    }

    struct Status: Decodable, Sendable {
        let phase: String?
        let cku: Int?
    }

    let id: String
    let spec: Spec
    let status: Status?

    /// The cluster as observed.
    ///
    /// - Parameter environmentID: The environment it was listed in, for answers that do not name it.
    func observed(in environmentID: String) -> ObservedCluster {
        ObservedCluster(
            id: id, environmentID: spec.environment?.id ?? environmentID, displayName: spec.displayName,
            kind: spec.config?.kind ?? "", cloud: spec.cloud ?? "", region: spec.region ?? "",
            availability: spec.availability.flatMap(Availability.init(wire:)), cku: spec.config?.cku,
            currentCKU: status?.cku, maxEcku: spec.config?.maxEcku,
            deletionProtection: spec.deletionProtection, network: spec.network?.id, byok: spec.byok?.id,
            phase: ProvisioningPhase(wire: status?.phase ?? "UNKNOWN"), accessPoints: accessPoints)
    }

    /// The `endpoints` map, or the deprecated single endpoints as `PUBLIC` where there is none.
    private var accessPoints: [AccessPoint] {
        let listed = (spec.endpoints ?? [:]).compactMap { id, endpoint -> AccessPoint? in
            guard let bootstrap = endpoint.bootstrap, let rest = endpoint.rest else { return nil }
            return AccessPoint(
                id: id, bootstrapServers: Addresses.bootstrap(bootstrap), restEndpoint: Addresses.base(rest))
        }
        if !listed.isEmpty { return listed.sorted { $0.id < $1.id } }
        guard let bootstrap = spec.bootstrap, let rest = spec.rest, !bootstrap.isEmpty, !rest.isEmpty else {
            return []
        }
        return [
            AccessPoint(
                id: "PUBLIC", bootstrapServers: Addresses.bootstrap(bootstrap), restEndpoint: Addresses.base(rest))
        ]
    }
}

struct RegistryClusterWire: Decodable, Sendable {
    struct PrivateNetworking: Decodable, Sendable {
        let regionalEndpoints: [String: String]?

        enum CodingKeys: String, CodingKey {
            case regionalEndpoints = "regional_endpoints"
        }
    }

    struct Spec: Decodable, Sendable {
        let endpoint: String?
        let privateEndpoint: String?
        let privateNetworking: PrivateNetworking?
        let region: String?
        let environment: WireReference?

        enum CodingKeys: String, CodingKey {
            case endpoint = "http_endpoint"
            case privateEndpoint = "private_http_endpoint"
            case privateNetworking = "private_networking_config"
            case region, environment
        }
    }

    struct Status: Decodable, Sendable {
        let phase: String?
    }

    let id: String
    let spec: Spec?
    let status: Status?

    func observed(in environmentID: String) -> ObservedRegistry {
        let ownRegion = spec?.region.flatMap { spec?.privateNetworking?.regionalEndpoints?[$0] }
        let endpoint = [spec?.endpoint, spec?.privateEndpoint, ownRegion].compactMap(\.self).first { !$0.isEmpty }
        return ObservedRegistry(
            id: id, environmentID: spec?.environment?.id ?? environmentID, endpoint: endpoint.map(Addresses.base),
            phase: ProvisioningPhase(wire: status?.phase ?? "UNKNOWN"))
    }
}

/// Bodies that are sent to the control plane.
enum ControlPlaneBody {
    struct Governance: Encodable {
        let package: String
    }

    struct Environment: Encodable {
        let displayName: String?
        let governance: Governance?

        enum CodingKeys: String, CodingKey {
            case displayName = "display_name"
            case governance = "stream_governance_config"
        }
    }

    struct Config: Encodable {
        let kind: String
        let cku: Int?
        let maxEcku: Int?

        enum CodingKeys: String, CodingKey {
            case kind, cku
            case maxEcku = "max_ecku"
        }
    }

    struct ClusterSpec: Encodable {
        var environment: WireReference
        var displayName: String?
        var availability: String?
        var cloud: String?
        var region: String?
        var config: Config?
        var network: WireReference?
        var byok: WireReference?
        var deletionProtection: Bool?

        enum CodingKeys: String, CodingKey {
            case environment, availability, cloud, region, config, network, byok
            case displayName = "display_name"
            case deletionProtection = "deletion_protection"
        }
    }

    struct Cluster: Encodable {
        let spec: ClusterSpec
    }
}
