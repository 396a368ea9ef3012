import Domain

extension EnvironmentSpec {
    /// The fields Spillway manages of an environment.
    var managedFields: [String: String] {
        ["displayName": displayName, "streamGovernance.package": governance?.rawValue].compactMapValues(\.self)
    }
}

extension ObservedEnvironment {
    /// The same fields as the control plane tells them.
    var fields: [String: String] {
        ["displayName": displayName, "streamGovernance.package": governance?.rawValue].compactMapValues(\.self)
    }
}

extension Change.FieldDifference {
    /// Whether the control plane lets an existing cluster change this way (Confluent OpenAPI, *cmk v2: update*).
    var isChangeable: Bool {
        switch field {
        case "displayName", "cku", "maxEcku", "deletionProtection": true
        case "type": from == ClusterType.basic.rawValue && to == ClusterType.standard.rawValue
        default: false
        }
    }
}

extension ClusterSpec {
    /// The fields Spillway manages of a cluster it may change.
    var managedFields: [String: String] {
        [
            "displayName": displayName, "type": type.rawValue, "cloud": cloud, "region": region,
            "availability": availability?.rawValue, "cku": cku.map(String.init), "maxEcku": maxEcku.map(String.init),
            "deletionProtection": deletionProtection.map(String.init), "network": network, "byok": byok,
        ].compactMapValues(\.self)
    }

    /// The update that makes differences go away.
    func update(for differences: [Change.FieldDifference]) -> ClusterUpdate {
        var update = ClusterUpdate(cluster: name)
        for difference in differences {
            switch difference.field {
            case "displayName": update.displayName = displayName
            case "type": update.type = type
            case "cku": update.cku = cku
            case "maxEcku": update.maxEcku = maxEcku
            case "deletionProtection": update.deletionProtection = deletionProtection
            default: break
            }
        }
        return update
    }
}

extension ObservedCluster {
    /// The same fields as the control plane tells them.
    var fields: [String: String] {
        [
            "displayName": displayName, "type": kind, "cloud": cloud, "region": region,
            "availability": availability?.rawValue, "cku": cku.map(String.init), "maxEcku": maxEcku.map(String.init),
            "deletionProtection": deletionProtection.map(String.init), "network": network, "byok": byok,
        ].compactMapValues(\.self).filter { !$0.value.isEmpty }
    }
}
