import Domain
import Planning

/// The plans that are shown in every form.
enum Sample: String, CaseIterable {
    case first, mixed, refused, large, hostile, nothing, switchover, failover, returning

    var plan: Plan {
        switch self {
        case .first: Samples.first
        case .mixed: Samples.mixed
        case .refused: Samples.refused
        case .large: Samples.large
        case .hostile: Samples.hostile
        case .nothing: Samples.plan { $0.sites = Samples.allSites }
        case .switchover: MoveSamples.switchover
        case .failover: MoveSamples.failover
        case .returning: MoveSamples.returning
        }
    }
}

/// Plans as the planner makes them, for goldens.
enum Samples {
    static let moment = Timestamp(milliseconds: 1_790_251_387_250)

    static func plan(_ edit: (inout Plan) -> Void = { _ in }) -> Plan {
        var plan = Plan(
            toolVersion: "0.1.0", workspace: "payments", ledgerID: "ledger-a3f1", observedAt: moment,
            observedIn: .milliseconds(870))
        plan.basis = "0f3a"
        edit(&plan)
        return plan
    }

    static let allSites = [
        Plan.Site(kind: .controlPlane, name: "cloud", silence: nil),
        Plan.Site(kind: .kafka, name: "east", silence: nil),
        Plan.Site(kind: .kafka, name: "west", silence: nil),
        Plan.Site(kind: .registry, name: "prod-east", silence: nil),
        Plan.Site(kind: .registry, name: "prod-west", silence: nil),
        Plan.Site(kind: .store, name: "binding/checkout/0", silence: nil),
    ]

    static func topic(_ name: String, on place: String = "west") -> ResourceAddress {
        ResourceAddress(.topic, in: place, name)
    }

    static func differences(_ fields: [(String, String?, String?)]) -> [Change.FieldDifference] {
        fields.map { Change.FieldDifference($0.0, from: $0.1, to: $0.2) }
    }

    /// The first plan of a pair of regions that do not exist yet.
    static var first: Plan {
        plan { plan in
            let absent = Reach<StoreSnapshot>.absent.silence
            plan.ledgerID = nil
            plan.sites = [Plan.Site(kind: .controlPlane, name: "cloud", silence: nil)]
            plan.sites += ["east", "west"].map { Plan.Site(kind: .kafka, name: $0, silence: absent, state: .absent) }
            plan.sites += ["prod-east", "prod-west"].map {
                Plan.Site(kind: .registry, name: $0, silence: absent, state: .absent)
            }
            plan.groups = [
                Plan.GroupState(
                    name: "payments", primary: "west", members: ["west", "east"], topics: 12, isProtected: false,
                    told: ["12 topics have no mirror on east yet"])
            ]
            for region in ["east", "west"] {
                plan.changes.append(Change(.create, ResourceAddress(.environment, "prod-\(region)")))
            }
            for region in ["east", "west"] {
                plan.changes.append(
                    Change(
                        .create, ResourceAddress(.cluster, region),
                        differences: differences([
                            ("availability", nil, "MULTI_ZONE"), ("cku", nil, "2"), ("cloud", nil, "AWS"),
                            ("region", nil, "eu-\(region)-1"), ("type", nil, "Dedicated"),
                        ])))
            }
            for index in 1...12 {
                plan.changes.append(
                    Change(
                        .create, topic("orders-\(index)"),
                        differences: differences([("configs.retention.ms", nil, "604800000"), ("partitions", nil, "6")]
                        ),
                        group: "payments"))
            }
            plan.changes.append(
                Change(
                    .create, ResourceAddress(.link, in: "east", "payments-west-east"),
                    differences: differences([
                        ("configs.consumer.offset.sync.enable", nil, "true"),
                        ("configs.consumer.offset.sync.ms", nil, "30000"), ("mode", nil, "DESTINATION"),
                        ("remote", nil, "west"),
                    ]), group: "payments"))
            for index in 1...3 {
                plan.changes.append(
                    Change(.create, ResourceAddress(.mirror, in: "east", "orders-\(index)"), group: "payments"))
            }
            plan.changes.append(
                Change(
                    .update, ResourceAddress(.mode, in: "prod-east", "."),
                    differences: differences([("mode", "READWRITE", "IMPORT")]),
                    reason: .told("an exporter writes into it"), group: "payments"))
            plan.changes.append(
                Change(
                    .create, ResourceAddress(.binding, "checkout/0"),
                    differences: differences([
                        ("endpoints", nil, "(known after apply)"),
                        ("secrets.sasl.password", nil, String(repeating: "ab", count: 32)),
                    ])))
            plan.steps = [Step("create", topic("orders-1"), .ledger(.adopt))]
        }
    }

    /// Every effect, deferred work, a secret, and notes.
    static var mixed: Plan {
        plan { plan in
            plan.flags = ["--target topic/west/orders"]
            plan.sites = allSites
            plan.sites[2] = Plan.Site(
                kind: .kafka, name: "west", silence: "unreachable: connect timed out after 3 s (3 attempts)")
            plan.groups = [
                Plan.GroupState(
                    name: "payments", primary: "west", members: ["west", "east"], topics: 1_440, isProtected: true,
                    told: [])
            ]
            let new = "11112222" + String(repeating: "0", count: 56)
            let old = "aaaabbbb" + String(repeating: "0", count: 56)
            plan.changes = [
                Change(
                    .update, topic("orders", on: "east"),
                    differences: differences([
                        ("configs.cleanup.policy", "delete", nil),
                        ("configs.retention.ms", "86400000", "604800000"), ("partitions", "6", "12"),
                    ])),
                Change(
                    .delete, topic("obsolete", on: "east"),
                    reason: .told("it left the manifests, deletionPolicy is Delete")),
                Change(
                    .replace, ResourceAddress(.exporter, in: "prod-east", "copy"),
                    differences: differences([("contextType", "AUTO", "NONE")]),
                    reason: .told("contextType cannot be changed in place")),
                Change(.adopt, topic("refunds", on: "east")),
                Change(
                    .adoptAndChange, topic("invoices", on: "east"),
                    differences: differences([("configs.retention.ms", "1000", "2000")])),
                Change(.release, topic("audit", on: "east"), reason: .told("it left the manifests")),
                Change(
                    .update, ResourceAddress(.link, in: "east", "payments-west-east"),
                    differences: differences([("credentials", "\(old)+\(old)", "\(old)+\(new)")])),
                Change(
                    .update, ResourceAddress(.binding, "checkout/0"),
                    differences: differences([
                        ("properties.bootstrap.servers", "old:9092", "new:9092"), ("secrets.password", old, new),
                    ])),
            ]
            plan.steps = [Step("adopt", topic("refunds", on: "east"), .ledger(.adopt))]
            plan.deferred = (1...10).map {
                DeferredWork(.create, topic("new-\($0)"), waitsFor: "west, unreachable: connect timed out")
            }
            plan.deferred.append(
                DeferredWork(.update, topic("orders"), waitsFor: "west, unreachable: connect timed out"))
            plan.deferred.append(
                DeferredWork(
                    .update, ResourceAddress(.binding, "ledger/1"),
                    waitsFor: "credentials: environment variable KEY is not set"))
            plan.notes = [
                Plan.Note(.told("the control plane did not answer; ids and endpoints are those of the ledger")),
                Plan.Note(.told("reports: schema 7 is not compatible"), about: "exporter/prod-west/copy"),
            ]
        }
    }

    /// Something refused, twice.
    static var refused: Plan {
        plan { plan in
            plan.sites = allSites
            plan.changes = [Change(.create, topic("new"))]
            plan.steps = [Step("create", topic("new"), .ledger(.adopt))]
            plan.refusals = [
                Refusal(
                    .partitions, subject: "topic/west/orders",
                    .told(
                        "orders has 12 partitions and 6 are declared; Kafka cannot take partitions away",
                        way: "declare `partitions: 12`"), origin: ManifestOrigin("Topic", "orders", "spec.partitions")),
                Refusal(
                    .maxDeletions, subject: "workspace payments",
                    .told(
                        "3 objects would be deleted, and policy.maxDeletions is 0",
                        way: "set `policy.maxDeletions: 3` in spillway.yaml for this change")),
            ]
        }
    }

    /// More topics than anybody reads one by one.
    static var large: Plan {
        plan { plan in
            plan.sites = allSites
            plan.sites += (1...40).map { Plan.Site(kind: .store, name: "binding/app-\($0)/0", silence: nil) }
            plan.changes = (1...10_000).map { index in
                let number = String(index)
                let padded = String(repeating: "0", count: 5 - number.count) + number
                return Change(
                    .create, topic("t-\(padded)"),
                    differences: differences([
                        ("configs.retention.ms", nil, "604800000"), ("partitions", nil, index < 9_000 ? "6" : "12"),
                        ("replicationFactor", nil, "3"),
                    ]), group: "bulk")
            }
            plan.changes += (1...9).map { index in
                Change(
                    .update, topic("u-\(index)"),
                    differences: differences(
                        index == 1
                            ? [("configs.max.message.bytes", "1048588", "2097164"), ("partitions", "1", "3")]
                            : [("partitions", "1", "3")]))
            }
            plan.steps = [Step("create", topic("t-00001"), .ledger(.adopt))]
        }
    }

    /// Names and messages that try to act on terminals and web pages.
    static var hostile: Plan {
        plan { plan in
            plan.workspace = "w--><script>"
            plan.sites = [
                Plan.Site(kind: .kafka, name: "west", silence: "broken: <html>\u{1B}[2J\n\n# big | @team #1 ```")
            ]
            plan.changes = [
                Change(
                    .update, topic("a|b`c`<img src=x>"),
                    differences: differences([("configs.x", "1\u{202E}2", "</code>|@you")]),
                    reason: .told("*bold* [link](https://evil.example)"))
            ]
            plan.notes = [Plan.Note(.told("</details><h1>x\u{1B}]0;title\u{07}"), about: "`x`")]
        }
    }
}
