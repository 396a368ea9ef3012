import SimulatorCore

/// A cluster to be made, checked against what its kind allows.
struct CloudClusterDraft {
    package var displayName: String
    package var environment: String
    package var cloud: String
    package var region: String
    package var availability: String
    package var config: CloudCluster.Config
    package var isProtected: Bool

    /// Reads the `spec` of a create request.
    ///
    /// - Throws: 422 with a pointer to the field.
    init(_ spec: JSON, offers: (String) -> Bool) throws(ControlPlaneRefusal) {
        displayName = try Self.required(spec["display_name"], "/spec/display_name")
        environment = try Self.required(spec["environment"]?["id"], "/spec/environment/id")
        cloud = try Self.required(spec["cloud"], "/spec/cloud")
        guard ["AWS", "GCP", "AZURE"].contains(cloud) else {
            throw .invalid("/spec/cloud", "The cloud must be one of AWS, GCP, AZURE")
        }
        region = try Self.required(spec["region"], "/spec/region")
        guard offers(region) else { throw .invalid("/spec/region", "The region '\(region)' is not offered") }
        availability = spec["availability"]?.string ?? "SINGLE_ZONE"
        config = try CloudCluster.Config(spec["config"] ?? .null)
        isProtected = spec["deletion_protection"]?.bool ?? false
        try config.check(availability: availability, isProtected: isProtected)
    }

    private static func required(_ value: JSON?, _ pointer: String) throws(ControlPlaneRefusal) -> String {
        guard let text = value?.string, !text.isEmpty else {
            throw .invalid(pointer, "The property '\(pointer)' is required")
        }
        return text
    }
}

extension CloudCluster.Config {
    init(_ value: JSON) throws(ControlPlaneRefusal) {
        guard let kind = value["kind"]?.string.flatMap(CloudClusterKind.init(rawValue:)) else {
            throw .invalid(
                "/spec/config/kind", "The kind must be one of Basic, Standard, Enterprise, Dedicated, Freight")
        }
        self.kind = kind
        cku = try Self.count(value["cku"], "/spec/config/cku")
        maximalECKU = try Self.count(value["max_ecku"], "/spec/config/max_ecku")
        encryptionKey = value["encryption_key"]?.string
        zones = value["zones"]?.array?.compactMap(\.string) ?? []
        releasePriority = value["release_priority"]?.string ?? (kind == .dedicated ? "REGULAR" : nil)
    }

    private static func count(_ value: JSON?, _ pointer: String) throws(ControlPlaneRefusal) -> Int? {
        guard let value, value != .null else { return nil }
        guard let number = value.int, number >= 1 else {
            throw .invalid(pointer, "The property '\(pointer)' must be a whole number of at least 1")
        }
        return Int(number)
    }

    /// Checks the rules of each kind.
    ///
    /// - Throws: 422 with a pointer to the field.
    func check(availability: String, isProtected: Bool) throws(ControlPlaneRefusal) {
        guard let isHigh = CloudCluster.isHigh(availability) else {
            throw .invalid("/spec/availability", "The availability must be SINGLE_ZONE, MULTI_ZONE, LOW or HIGH")
        }
        switch kind {
        case .basic where isHigh: throw .invalid("/spec/availability", "Basic clusters must have LOW availability")
        case .enterprise where !isHigh:
            throw .invalid("/spec/availability", "Enterprise clusters must have HIGH availability")
        case .freight where !isHigh:
            throw .invalid("/spec/availability", "Freight clusters must have HIGH availability")
        case .basic where isProtected:
            throw .invalid("/spec/deletion_protection", "Deletion protection is not supported for Basic clusters")
        default: break
        }
        try checkSize(isHigh: isHigh)
    }

    private func checkSize(isHigh: Bool) throws(ControlPlaneRefusal) {
        if kind == .dedicated {
            guard let cku else { throw .invalid("/spec/config/cku", "Dedicated clusters need cku") }
            guard !isHigh || cku >= 2 else {
                throw .invalid("/spec/config/cku", "MULTI_ZONE dedicated clusters must have at least two CKUs")
            }
        } else if cku != nil {
            throw .invalid("/spec/config/cku", "Only Dedicated clusters have cku")
        }
        guard let maximalECKU else { return }
        guard !isHigh || maximalECKU >= 2 else {
            throw .invalid("/spec/config/max_ecku", "HIGH availability needs max_ecku of at least 2")
        }
        let limits: [CloudClusterKind: Int] = [.standard: 10, .enterprise: 10, .freight: 152, .dedicated: 0]
        if let limit = limits[kind], maximalECKU > limit {
            throw .invalid("/spec/config/max_ecku", "\(kind.rawValue) clusters have at most \(limit) eCKUs")
        }
    }
}

extension CloudCluster {
    /// Whether a spelling means more than one zone; `nil` for none of the four.
    static func isHigh(_ availability: String) -> Bool? {
        switch availability {
        case "MULTI_ZONE", "HIGH": true
        case "SINGLE_ZONE", "LOW": false
        default: nil
        }
    }

    /// Takes over the fields an update may change.
    ///
    /// - Throws: 422 for anything immutable.
    mutating func apply(_ spec: JSON) throws(ControlPlaneRefusal) {
        for (name, value) in [("cloud", cloud), ("region", region)] {
            guard spec[name]?.string ?? value == value else {
                throw .invalid("/spec/\(name)", "The property '/spec/\(name)' cannot be changed")
            }
        }
        if let name = spec["display_name"] {
            guard let text = name.string, !text.isEmpty else {
                throw .invalid("/spec/display_name", "The property '/spec/display_name' is required")
            }
            displayName = text
        }
        if let given = spec["config"], given != .null { try apply(config: Config(given)) }
        try apply(availability: spec["availability"]?.string)
        if let flag = spec["deletion_protection"]?.bool { isProtected = flag }
        try config.check(availability: availability, isProtected: isProtected)
    }

    private mutating func apply(config new: Config) throws(ControlPlaneRefusal) {
        guard new.kind == config.kind || (config.kind == .basic && new.kind == .standard) else {
            throw .invalid(
                "/spec/config/kind",
                "A \(config.kind.rawValue) cluster cannot become \(new.kind.rawValue); only Basic to Standard is possible"
            )
        }
        let kept = config
        config = new
        config.encryptionKey = kept.encryptionKey
        config.zones = kept.zones
    }

    private mutating func apply(availability new: String?) throws(ControlPlaneRefusal) {
        guard let new else { return }
        guard CloudCluster.isHigh(new) == CloudCluster.isHigh(availability) else {
            throw .invalid("/spec/availability", "The property '/spec/availability' cannot be changed")
        }
        availability = new
    }
}
