import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("What is printed of others, of what is unfinished and of what is left leads out, as printed")
struct OtherWaysOutTests {
    private static let consent = "{from: west, incident: INC-1}"

    @Test("a move that is not finished, and a third member")
    func openEpoch() async throws {
        try await Desk.withPayments(["west", "east", "south"]) { desk in
            let stage = desk.stage
            try await stage.region("west", "down")
            try await stage.faults(
                #"{"effect": "itemErrors", "method": "POST", "path": "/kafka/v3/", "topics": ["payments.b"], "code": 500}"#
            )
            try desk.edit(Desk.move(to: "east", ["failover": Self.consent]))
            let stuck = try await desk.apply()
            #expect(stuck.code == 7, "\(stuck.output)\(stuck.diagnostics)")
            try await stage.heal()
            try await stage.region("west", "up")
            try await desk.during(Desk.move(to: "south", ["failover": nil])) { try await $0.goOut("OpenEpoch") }
        }
    }

    @Test("a place that another ledger has published since")
    func anotherLedger() async throws {
        try await Desk.withPayments { desk in
            try desk.edit(Desk.move(to: "east"))
            try await desk.settle()
            let file = desk.stage.folder.appendingPathComponent("out/app.properties")
            let published = try desk.stage.read("out/app.properties")
            let ledger = try #require(published.firstMatch(of: /ledger=([\w-]+)/)?.1)
            let other = published.replacingOccurrences(of: ledger, with: "another")
            try other.write(to: file, atomically: true, encoding: .utf8)
            try await desk.goOut("Ownership")
        }
    }

    @Test("another cluster that carries the name of the one that is known")
    func namesake() async throws {
        try await Desk.with { desk in
            let stage = desk.stage
            try await desk.settle()
            try await stage.http.send(
                "PATCH", "\(stage.endpoints.controlPlane)/cmk/v2/clusters/lkc-west",
                #"{"spec": {"display_name": "first", "environment": {"id": "env-west"}}}"#)
            try await stage.estate(
                #"""
                {"clusters": [{"id": "lkc-second", "kind": "Dedicated", "region": "us-west-2", "environment": "env-west",
                  "display_name": "west"}]}
                """#)
            try await desk.goOut(
                "Identity", ["correct `displayName`": { $0.set("Cluster west", "displayName", "first") }])
        }
    }

    @Test("topics of the new side that follow nobody, and mirrors of others on a link that is detached")
    func copies() async throws {
        try await Desk.withPayments { desk in
            let stage = desk.stage
            try await stage.topics(["payments.c"], on: "east")
            try await desk.during({ $0.add(.topic("payments.c", ["failoverGroup": "payments"])) }) { desk in
                try await desk.goOut(
                    "Transition",
                    [
                        "exclude them": { $0.manifests.documents["Topic payments.c"] = nil },
                        "delete them on east by hand": { _ in
                            try await stage.delete("topics", "payments.c", on: "east")
                        },
                    ])
            }
            try await stage.topics(["audit"], on: "west")
            try await stage.mirror("audit", over: "payments-west-east", on: "east")
            try await stage.region("west", "down")
            let detached = ["--detach", "east/payments-west-east"]
            try await desk.during(Desk.move(to: "east", ["failover": Self.consent]), flags: detached) { desk in
                try await desk.goOut(
                    "Candidate",
                    [
                        "take these mirrors off": { _ in
                            try await stage.kafka(
                                "east", "POST", "/links/payments-west-east/mirrors:failover",
                                #"{"mirror_topic_names": ["audit"]}"#)
                            try await stage.mirrors(on: "east", are: "STOPPED", "audit")
                        }
                    ])
            }
        }
    }

    @Test("a cluster that is to be deleted, with a topic that nobody here owns")
    func deletion() async throws {
        let usual = ["managementPolicy": "Manage", "deletionPolicy": "Delete"]
        let sandbox = [
            Manifests.Document("Environment", "sandbox", usual.merging(["connection": "c"]) { $1 }),
            Manifests.Document(
                "Cluster", "sandbox",
                usual.merging([
                    "environment": "sandbox", "type": "Standard", "cloud": "AWS", "region": "us-west-2",
                    "availability": "SINGLE_ZONE", "credentials": Desk.pair,
                ]) { $1 }),
        ]
        try await Desk.with(["east"], sandbox, workspace: ["policy.maxDeletions": "5"]) { desk in
            let stage = desk.stage
            try await desk.settle()
            func make() async throws {
                try await stage.kafka("sandbox", "POST", "/topics", #"{"topic_name": "theirs", "partitions_count": 1}"#)
            }
            try await make()
            try desk.edit { $0.remove("Cluster sandbox", "Environment sandbox") }
            try await desk.goOut(
                "Links",
                [
                    "delete the topics by hand": { _ in
                        try await stage.delete("topics", "theirs", on: "sandbox")
                    }
                ], again: { _ in if try await stage.live("topics/theirs", on: "sandbox") == .null { try await make() } }
            )
        }
    }
}
