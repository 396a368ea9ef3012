import Foundation
import TestSupport
import Testing

@Suite("What a refusal of environments and clusters prints leads out, as printed")
struct SiteWaysOutTests {
    @Test("which live object is meant, and what it cannot become")
    func identities() async throws {
        try await Desk.with { desk in
            let stage = desk.stage
            try await desk.settle()
            try await stage.estate(
                #"""
                {"environments": [{"id": "env-1", "display_name": "twin"}, {"id": "env-2", "display_name": "twin"},
                                  {"id": "env-3", "display_name": "single"}]}
                """#)
            try await desk.during({ $0.add("Environment", "twin", ["connection": "c"]) }) { desk in
                try await desk.goOut("Identity")
            }
            try await desk.during({ $0.add("Environment", "nowhere", ["connection": "c"]) }) { desk in
                try await desk.goOut(
                    "Identity", ["correct `displayName`": { $0.set("Environment nowhere", "displayName", "single") }])
            }
            let misplaced = [
                "environment": "env-west", "id": "lkc-east", "type": "Dedicated", "credentials": Desk.pair,
            ]
            try await desk.during({ manifests in
                manifests.remove("Cluster east")
                manifests.add("Cluster", "other", misplaced)
            }) { desk in
                try await desk.goOut(
                    "Identity", of: "cluster/other",
                    ["correct `id`": { $0.manifests.documents["Cluster other"] = nil }])
            }
            try await desk.during({ $0.set("Connection c", "confluentCloud.organization", "org-else") }) { desk in
                try await desk.goOut(
                    "Identity", of: "environment/env-west",
                    ["use a key of": { $0.set("Connection c", "confluentCloud.organization", nil) }])
            }
            try await desk.during({ $0.set("Cluster west", "accessPoint", "ap-none") }) { desk in
                try await desk.goOut("Identity")
            }
            try await desk.during({ $0.set("Cluster west", "type", "Enterprise") }) { desk in
                try await desk.goOut("Immutable", ["correct `id`": { $0.set("Cluster west", "type", "Dedicated") }])
            }
            try await desk.during({ manifests in
                manifests.set("Environment env-west", "managementPolicy", "Manage")
                manifests.set("Environment env-west", "streamGovernance.package", "ESSENTIALS")
            }) { try await $0.goOut("Immutable") }
            try await desk.during({ manifests in
                manifests.set("Cluster west", "credentials", nil)
                manifests.add(.topic("orders", ["cluster": "west"]))
            }) { desk in
                try await desk.goOut(
                    "Unsupported",
                    [
                        "add `credentials`": { $0.set("Cluster west", "credentials", Desk.pair) },
                        "remove the Topic": { $0.manifests.documents["Topic orders"] = nil },
                    ])
            }
        }
    }
}
