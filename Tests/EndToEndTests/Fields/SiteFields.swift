import SimulatorServer
import TestSupport

extension FieldChapters {
    /// Sites that Spillway makes.
    static let sites = FieldChapter(
        name: "Environment and Cluster", estate: Sites.estate(),
        documents: { stage in
            [
                Sites.connection(stage), Sites.connection(stage, named: "d"), environment("lab"), environment("half"),
                environment("rich").with(["package": "ADVANCED"], at: ["spec", "streamGovernance"]),
                cluster("dedicated", ["type": "Dedicated", "cku": 1]), cluster("small", [:]), cluster("growing", [:]),
                cluster("steady", ["type": "Standard"]),
                cluster("elastic", ["type": "Enterprise", "availability": "MULTI_ZONE"]),
            ]
        },
        entries: environments + clusters + sizes)

    private static func environment(_ name: String) -> JSONValue {
        Documents.of("Environment", name, ["connection": "c", "managementPolicy": "Manage"])
    }

    private static func cluster(_ name: String, _ spec: JSONValue) -> JSONValue {
        let usual: JSONValue = [
            "environment": "lab", "managementPolicy": "Manage", "type": "Basic", "cloud": "AWS", "region": "us-west-2",
            "availability": "SINGLE_ZONE",
        ]
        return Documents.of("Cluster", name, spec.members.reduce(usual) { $0.with($1.value, at: [$1.key]) })
    }

    private static let environments = [
        FieldEntry(
            "Environment spec.connection", of: "Environment/half", set: .shows("c", 1), changed: .shows("d", 1),
            removed: .refused(nil, by: "manage-needs-connection")
        ) { .integer(try await $0.environments.filter { $0["display_name"].string == "half" }.count) },
        FieldEntry(
            "Environment spec.displayName", of: "Environment/lab", set: .shows("Lab One", ["Lab One"]),
            changed: .shows("Lab Two", ["Lab Two"]), removed: .shows(nil, ["lab"])
        ) { stage in
            let names = try await stage.environments.compactMap { $0["display_name"].string }
            return .list(names.filter { $0.lowercased().hasPrefix("lab") }.map { .text($0) })
        },
        FieldEntry(
            "Environment spec.managementPolicy", of: "Environment/rich", set: .shows("Manage", 1),
            changed: .shows("Observe", 1), removed: .shows(nil, 1)
        ) { .integer(try await $0.environments.filter { $0["display_name"].string == "rich" }.count) },
        FieldEntry(
            "Environment spec.streamGovernance.package", of: "Environment/lab", set: .shows("ESSENTIALS", "ESSENTIALS"),
            changed: .shows("ADVANCED", "ADVANCED"), removed: .shows(nil, "ADVANCED")
        ) { stage in
            try await stage.environments.first { $0["display_name"].string?.lowercased().hasPrefix("lab") == true }?[
                "stream_governance_config"]["package"] ?? .null
        },
        FieldEntry(
            "Environment spec.streamGovernance.package", of: "Environment/half", set: .shows("ADVANCED", "ADVANCED"),
            changed: .refused("ESSENTIALS", by: "Immutable"), removed: .shows(nil, "ADVANCED")
        ) { stage in
            try await stage.environments.first { $0["display_name"].string == "half" }?["stream_governance_config"][
                "package"] ?? .null
        },
    ]

    private static let clusters = [
        FieldEntry(
            "Cluster spec.environment", of: "Cluster/small", set: .shows("lab", true),
            changed: .refused("half", by: "Identity"), removed: .refused(nil, by: "missing-field")
        ) { .bool(try await $0.cloudCluster("small")["environment"]["id"].string != nil) },
        FieldEntry(
            "Cluster spec.displayName", of: "Cluster/dedicated", set: .shows("Large One", ["Large One"]),
            changed: .shows("Large Two", ["Large Two"]), removed: .shows(nil, ["dedicated"])
        ) { stage in
            let names = try await stage.cloudClusters.compactMap { $0["display_name"].string }
            return .list(names.filter { $0.hasPrefix("Large") || $0 == "dedicated" }.map { .text($0) })
        },
        FieldEntry(
            "Cluster spec.managementPolicy", of: "Cluster/small", set: .shows("Manage", "small"),
            changed: .shows("Observe", "small"), removed: .shows(nil, "small")
        ) { try await $0.cloudCluster("small")["display_name"] },
        FieldEntry(
            "Cluster spec.type", of: "Cluster/growing", set: .shows("Basic", "Basic"),
            changed: .shows("Standard", "Standard"), removed: .refused(nil, by: "missing-field"),
            never: [.refused("Enterprise", by: "impossible-cluster")]
        ) { try await $0.cloudCluster("growing")["config"]["kind"] },
        once("cloud", "AWS", "GCP", removed: .refused(nil, by: "missing-field")),
        once("region", "us-west-2", "us-east-1", removed: .refused(nil, by: "missing-field")),
        FieldEntry(
            "Cluster spec.availability", of: "Cluster/dedicated", set: .shows("SINGLE_ZONE", "SINGLE_ZONE"),
            changed: .refused("MULTI_ZONE", by: "impossible-cluster"), removed: .refused(nil, by: "missing-field")
        ) { try await $0.large["availability"] },
        FieldEntry(
            "Cluster spec.availability", of: "Cluster/steady", set: .shows("SINGLE_ZONE", "LOW"),
            changed: .refused("MULTI_ZONE", by: "Immutable"), removed: .refused(nil, by: "missing-field")
        ) { try await $0.cloudCluster("steady")["availability"] },
        FieldEntry(
            "Cluster spec.network", of: "Cluster/dedicated", set: .shows("n-1", "n-1"),
            changed: .refused("n-2", by: "Immutable"), removed: .shows(nil, "n-1")
        ) { try await $0.large["network"]["id"] },
        FieldEntry(
            "Cluster spec.byok", of: "Cluster/dedicated", set: .shows("cck-1", "cck-1"),
            changed: .refused("cck-2", by: "Immutable"), removed: .shows(nil, "cck-1")
        ) { try await $0.large["byok"]["id"] },
    ]

    private static let sizes = [
        FieldEntry(
            "Cluster spec.cku", of: "Cluster/dedicated", set: .shows(1, 1), changed: .shows(2, 2),
            removed: .refused(nil, by: "missing-field"), never: [.refused(0, by: "out-of-range")]
        ) { try await $0.large["config"]["cku"] },
        FieldEntry(
            "Cluster spec.maxEcku", of: "Cluster/elastic", set: .shows(5, 5), changed: .shows(7, 7),
            removed: .shows(nil, 7)
        ) { try await $0.cloudCluster("elastic")["config"]["max_ecku"] },
        FieldEntry(
            "Cluster spec.deletionProtection", of: "Cluster/elastic", set: .shows(true, true),
            changed: .shows(false, false), removed: .shows(nil, false)
        ) { try await $0.cloudCluster("elastic")["deletion_protection"] },
    ]

    /// A field that is sent when the cluster is made, and never again.
    private static func once(
        _ field: String, _ value: JSONValue, _ other: JSONValue, removed: FieldEntry.Step
    ) -> FieldEntry {
        FieldEntry(
            "Cluster spec.\(field)", of: "Cluster/dedicated", set: .shows(value, value),
            changed: .refused(other, by: "Immutable"), removed: removed
        ) { try await $0.large[field] }
    }
}

extension JSONValue {
    /// A whole number.
    static func integer(_ value: Int) -> JSONValue { .number(Double(value)) }
}

extension Stage {
    /// Environments as the control plane lists them.
    var environments: [JSONValue] {
        get async throws {
            try await http.get("\(endpoints.controlPlane)/org/v2/environments?page_size=99")["data"].array
        }
    }

    /// The specs of all clusters, as the control plane has them.
    var cloudClusters: [JSONValue] {
        get async throws {
            var found: [JSONValue] = []
            for environment in try await environments {
                let id = environment["id"].string ?? ""
                let list = try await http.get(
                    "\(endpoints.controlPlane)/cmk/v2/clusters?environment=\(id)&page_size=99")
                found += list["data"].array.map { $0["spec"] }
            }
            return found
        }
    }

    func cloudCluster(_ name: String) async throws -> JSONValue {
        try await cloudClusters.first { $0["display_name"].string == name } ?? .null
    }

    /// The one with CKUs.
    fileprivate var large: JSONValue {
        get async throws { try await cloudClusters.first { $0["byok"] != .null } ?? .null }
    }
}
