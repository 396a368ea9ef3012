import Foundation
import TestSupport
import Testing

@Suite("What a refused change of primary prints leads out, as printed")
struct MoveWaysOutTests {
    private static let consent = "{from: west, incident: INC-1}"

    @Test("gates about consents, clients and links")
    func switchover() async throws {
        try await Desk.withPayments { desk in
            let stage = desk.stage
            try await desk.during(Desk.move(to: "east", ["failover": Self.consent])) { try await $0.goOut("Alive") }
            try await desk.during(Desk.move(to: "east", ["fence.denyWrites": nil, "fence.quiet": nil])) { desk in
                try await desk.goOut("Fence")
            }
            try await desk.goOutOfClients()
            try await stage.faults(
                #"""
                {"effect": "edit", "endpoint": "control", "path": "/cmk/v2/clusters", "method": "GET",
                 "pointer": "/data/*/status/phase", "value": "PROVISIONING"}
                """#)
            try await desk.during(Desk.move(to: "east")) { desk in
                try await desk.goOut("Health", ["repair it": { _ in try await stage.heal() }])
            }
            try await stage.heal()
            try await stage.faults(
                #"""
                {"effect": "taskError", "task": "ConsumerOffsetSync", "link": "payments-west-east",
                 "error": {"code": "AUTHORIZATION_ERROR", "message": "no"}}
                """#)
            try await desk.during(Desk.move(to: "east")) { desk in
                try await desk.goOut("Readiness", ["repair it": { _ in try await stage.heal() }])
            }
            try await stage.heal()
            try await stage.faults(
                #"{"effect": "itemErrors", "method": "POST", "topics": ["payments.b"], "code": 40002, "message": "no"}"#
            )
            try await desk.during(Desk.move(to: "east")) { desk in
                try await desk.goOut("Candidate", ["repair it": { _ in try await stage.heal() }])
            }
            try await stage.heal()
            let all = ["--leave", "payments.a", "--leave", "payments.b"]
            try await desk.during(Desk.move(to: "east"), flags: all) { desk in
                try await desk.goOut("Candidate", ["leave fewer": { $0.flags = ["--leave", "payments.b"] }])
            }
            try await desk.during({ manifests in
                Desk.move(to: "east")(&manifests)
                manifests.add(.topic("payments.c", ["failoverGroup": "payments"]))
            }) { desk in try await desk.goOut("Candidate") }
        }
    }

    @Test("gates about schemas")
    func schemas() async throws {
        try await Desk.withPayments { desk in
            let stage = desk.stage
            try await stage.faults(
                #"{"effect": "exporterTrace", "exporter": "payments", "trace": "error code: 42205"}"#)
            try await stage.register("late-value", at: "west")
            try await eventually("the exporter tells of its failure") {
                try await stage.exporterTrace("west").isEmpty ? nil : ()
            }
            try await desk.during(Desk.move(to: "east")) { desk in
                // An exporter tells of its failure until it has tried again.
                let repair: Desk.Hand = { _ in
                    try await stage.heal()
                    try await eventually("the exporter has tried again") {
                        try await stage.exporterTrace("west").isEmpty ? () : nil
                    }
                }
                try await desk.goOut("Readiness", ["repair it": repair])
            }
            try await stage.heal()
            try await eventually {
                try await stage.registry("east", "GET", "/subjects").array.isEmpty ? nil : ()
            }
            try await stage.registry("west", "PUT", "/exporters/payments/pause")
            try await stage.register("later-value", at: "west")
            try await desk.during(Desk.move(to: "east", ["schemas.paused": "true"])) { try await $0.goOut("Readiness") }
            try await stage.registry("west", "PUT", "/exporters/payments/pause")
            try await stage.registry("west", "DELETE", "/exporters/payments")
            try await stage.register("last-value", at: "west")
            try await desk.during(Desk.move(to: "east")) { try await $0.goOut("Readiness") }
        }
    }

    @Test("schemas of the new side that mean others before a group has ever moved")
    func collidingSchemas() async throws {
        try await Desk.withPayments { desk in
            let stage = desk.stage
            // One that runs would write over what is there.
            try await stage.registry("west", "PUT", "/exporters/payments/pause")
            let ghost = #"{"schema": "\"int\"", "version": 1, "id": 100900}"#
            try await stage.registry("east", "POST", "/subjects/clash-value/versions", ghost)
            try await stage.register("clash-value", at: "west")
            try await desk.during(Desk.move(to: "east")) { desk in
                try await desk.goOut(
                    "Readiness", message: "mean others",
                    [
                        "delete them on": { _ in
                            for permanent in ["false", "true"] {
                                let version = "/subjects/clash-value/versions/1?permanent=\(permanent)"
                                try await stage.registry("east", "DELETE", version)
                            }
                        }
                    ])
            }
        }
    }

    @Test("gates about sides that do not answer, and about what is lost with them")
    func silence() async throws {
        try await Desk.withPayments(["west", "east", "south"]) { desk in
            let stage = desk.stage
            let recorded = try await desk.run(["status", "--record"])
            #expect(recorded.code == 0, "\(recorded.output)")
            try await stage.region("west", "down", #", "service": "registry""#)
            try await desk.during(Desk.move(to: "east")) { desk in
                try await desk.goOut(
                    "Members", ["wait until it answers": { _ in try await stage.region("west", "up") }])
            }
            try await stage.region("east", "down")
            try await desk.during(Desk.move(to: "east")) { desk in
                try await desk.goOut(
                    "Members",
                    [
                        "set it to a member that does": { $0.set("FailoverGroup payments", "primary", "south") },
                        "wait until it answers": { _ in try await stage.region("east", "up") },
                    ])
            }
            try await stage.region("east", "up")
            try await desk.goOutOfStores()
            // East falls behind, and then the only side that has everything but south is lost.
            let east = "/links/payments-west-east/mirrors"
            try await stage.kafka("east", "POST", "\(east):pause", #"{"mirror_topic_names": ["payments.a"]}"#)
            try await stage.mirrors(on: "east", are: "PAUSED", "payments.a")
            try await stage.produce(to: "payments.a", on: "west", 10)
            try await stage.holds(50, of: "payments.a", on: "south")
            try await stage.region("west", "down")
            let lost: [String: String?] = ["failover": Self.consent]
            try await desk.during(Desk.move(to: "east")) { desk in
                try await desk.goOut(
                    "Members", ["wait until it answers": { _ in try await stage.region("west", "up") }])
            }
            try await stage.region("west", "down")
            try await desk.during(Desk.move(to: "east", lost)) { try await $0.goOut("BestSurvivor") }
            for objective in [["objectives.rpo.records": "0"], ["objectives.rpo.age": "1ms"]] {
                try await desk.during(Desk.move(to: "east", lost.merging(objective.mapValues { $0 }) { $1 })) { desk in
                    try await desk.goOut("Loss")
                }
            }
            try await desk.during(
                Desk.move(to: "east", lost), flags: ["--override", "BestSurvivor", "--detach", "east/other"]
            ) { desk in
                let plan = try await desk.run(["plan"] + desk.flags)
                #expect(plan.code == 64 && plan.diagnostics.contains("east/other"), "\(plan.output)\(plan.diagnostics)")
            }
        }
    }
}

extension Desk {
    fileprivate mutating func goOutOfClients() async throws {
        let stage = stage
        let deny = #"""
            {"resource_type": "TOPIC", "resource_name": "payments.", "pattern_type": "PREFIXED",
             "principal": "User:app", "host": "*", "operation": "WRITE", "permission": "DENY"}
            """#
        try await stage.kafka("east", "POST", "/acls", deny)
        let filter =
            "/acls?resource_type=TOPIC&resource_name=payments.&pattern_type=PREFIXED&principal=User:app"
            + "&host=*&operation=WRITE&permission=DENY"
        try await during(Desk.move(to: "east")) { desk in
            try await desk.goOut(
                "Clients", ["delete them on east by hand": { _ in try await stage.kafka("east", "DELETE", filter) }])
        }
        let nobody = "{apiKey: {env: NOBODY_KEY}, apiSecret: {env: NOBODY_SECRET}}"
        try await during({ manifests in
            Desk.move(to: "east")(&manifests)
            manifests.set("ClientBinding app", "credentials.west.kafka", Desk.pair)
            manifests.set("ClientBinding app", "credentials.east.kafka", nobody)
            manifests.set("ClientBinding app", "secrets", #"{sasl.username: "${credentials.kafka.apiKey}"}"#)
            manifests.set("ClientBinding app", "publish", "[{file: {path: out/app.properties, contents: All}}]")
        }) { desk in
            try await desk.goOut(
                "Clients", ["repair their": { $0.set("ClientBinding app", "credentials.east.kafka", Desk.pair) }])
        }
        let audit = [
            "primary": "west", "members": "[west, east]", "topics.include": #"["audit.*"]"#,
            "fence.denyWrites": #"["User:*"]"#,
        ]
        try await during(
            { manifests in
                manifests.add("FailoverGroup", "audit", audit)
                manifests.set("ClientBinding app", "uses", "[audit]")
            }, flags: ["--failover", "payments=east", "--incident", "INC-1", "--override", "Alive"]
        ) { desk in
            try await desk.goOut("Split", ["move both": { $0.flags.insert("audit=east", at: 1) }])
        }
    }

    fileprivate mutating func goOutOfStores() async throws {
        let file = stage.folder.appendingPathComponent("out/app.properties")
        let published = try String(contentsOf: file, encoding: .utf8)
        func put() throws {
            try FileManager.default.removeItem(at: file)
            try published.write(to: file, atomically: true, encoding: .utf8)
        }
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
        try await during(Desk.move(to: "east")) { desk in
            try await desk.goOut("Stores", ["wait until every store answers": { _ in try put() }])
        }
        try? put()
    }
}
