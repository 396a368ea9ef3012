import Domain
import Planning
import Rendering
import Testing

/// What makes a group protected, and each thing without which it is not.
@Suite struct ProtectionExamples {
    private static func shop(_ members: [String] = ["west", "east"]) throws -> Example {
        var example = try Example.applied { workspace in
            for member in members where workspace.clusters[member] == nil { workspace.addSite(member) }
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("shop", primary: "west", members, include: ["shop.*"]) { group in
                group.schemas = SchemaSettings(subjects: ["*"])
                group.fence = .init()
                group.fence?.denyWrites = ["User:sa-shop"]
            }
            workspace.addTopic("shop.orders", .failoverGroup("shop"))
            workspace.addBinding("checkout", .failoverGroup("shop")) { binding in
                for member in members {
                    binding.credentials[member] = .init(kafka: Manifests.key("APP_\(member)"))
                }
            }
        }
        example.write("shop.orders", on: "west", 3)
        example.world.settle(example.workspace)
        return example
    }

    private static func gaps(_ example: Example) -> (isProtected: Bool, gaps: [ProtectionGap]) {
        let group = example.plan().groups[0]
        return (group.isProtected, group.gaps)
    }

    @Test("a standby that has everything protects its group, and nothing is told")
    func sound() throws {
        let found = Self.gaps(try Self.shop())
        #expect(found.isProtected)
        #expect(found.gaps == [])
    }

    @Test("a mirror of another member than the one that serves protects nobody")
    func otherSource() throws {
        var example = try Self.shop(["west", "east", "south"])
        example.world.silent = [.cluster("west"): .unreachable]
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        try example.apply()
        let found = Self.gaps(example)
        #expect(!found.isProtected)
        #expect(
            found.gaps.contains(
                .otherSource(member: "south", source: "west", holder: "east", topics: ["shop.orders"])))
    }

    private static func entry(
        _ name: String, _ pattern: String = "LITERAL", of resource: String = "TOPIC", by principal: String = "User:*",
        to operation: String = "WRITE"
    ) -> ACLBinding {
        ACLBinding(
            resourceType: resource, resourceName: name, patternType: pattern, principal: principal,
            operation: operation, permission: "DENY")
    }

    private static let denying = [
        entry("shop.orders"), entry("shop.", "PREFIXED"), entry("*"), entry("shop.orders", by: "User:sa-shop"),
        entry("shop.orders", to: "ALL"), entry("shop.orders", to: "READ"), entry("shop.orders", to: "DESCRIBE"),
        entry("billing", of: "GROUP", to: "READ"), entry("kafka-cluster", of: "CLUSTER", to: "IDEMPOTENT_WRITE"),
        entry("*", of: "TRANSACTIONAL_ID"),
    ]

    private static let harmless = [
        entry("orders.", "PREFIXED"), entry("shop"), entry("shop.orders", by: "User:sa-other"),
        entry("shop.orders", to: "DELETE"), entry("kafka-cluster", of: "CLUSTER", to: "ALTER"),
    ]

    @Test(
        "an entry on the standby that keeps clients from what they need is a reason, and Clients refuses a move there")
    func denied() throws {
        for entry in Self.denying {
            var example = try Self.shop()
            example.change("east") { _ = $0.denials.insert(entry) }
            #expect(Self.gaps(example).gaps == [.denied(member: "east", entries: [entry.inWords])])
            example.setPrimary("east")
            #expect(example.plan().refusals.map(\.gate).contains(.clients), "\(entry.inWords)")
        }
    }

    @Test("an entry that keeps clients from nothing they need is none")
    func notDenied() throws {
        for entry in Self.harmless {
            var example = try Self.shop()
            example.change("east") { _ = $0.denials.insert(entry) }
            #expect(Self.gaps(example).isProtected, "\(entry.inWords)")
        }
    }

    @Test("a link that does not sync offsets as declared is a reason")
    func offsetSync() throws {
        var example = try Self.shop()
        example.change("east") { $0.links["shop-west-east"]?.configs["consumer.offset.sync.enable"] = "false" }
        #expect(!Self.gaps(example).isProtected)
        #expect(example.plan().groups[0].findings.contains { $0.contains("consumer.offset.sync.enable is false") })
    }

    @Test(
        "a consumer group that reads on the standby is named with the way out, and protects itself: it commits there")
    func groupInUse() throws {
        var example = try Self.shop()
        example.change("east") {
            $0.links["shop-west-east"]?.tasks = [
                .init(
                    name: "ConsumerOffsetSync", state: .inError,
                    errors: ["CONSUMER_GROUP_IN_USE_ERROR: Offsets of group 'nightly' are not synced"],
                    codes: ["CONSUMER_GROUP_IN_USE_ERROR"])
            ]
        }
        let plan = example.plan()
        #expect(plan.groups[0].isProtected)
        #expect(plan.groups[0].findings.contains { $0.contains("nightly") && $0.contains("exclude") })
        let topics = ["shop.orders"]
        let named = example.plan {
            $0.answers[.readers(cluster: "east", topics: topics)] = .readers(["nightly-report"])
        }
        #expect(
            named.groups[0].findings.contains {
                $0.contains("members there: nightly-report (") && $0.contains("stop them")
            }, "\(named.groups[0].findings)")
        #expect(plan.lags["shop"]?.reading?.records == 0)
        example.change("east") { $0.links["shop-west-east"]?.tasks[0].codes.insert("AUTHORIZATION_ERROR") }
        #expect(!Self.gaps(example).isProtected)
    }

    @Test("an exporter that fails, is paused, or copies something else is a reason")
    func exporter() throws {
        for edit: @Sendable (inout ObservedExporter) -> Void in [
            { $0.trace = "boom" }, { $0.state = .paused }, { $0.state = .starting }, { $0.subjects = ["other"] },
        ] {
            var example = try Self.shop()
            example.changeRegistry("env-west") { edit(&$0.exporters[0]) }
            #expect(!Self.gaps(example).isProtected)
        }
    }

    @Test("schemas that the standby lacks, and a registry that cannot be filled, are reasons")
    func schemas() throws {
        var example = try Self.shop()
        let id = try #require(example.world.environment("env-west", example.workspace)?.id)
        example.world.schemas[id] = [SchemaVersionID(subject: "orders", version: 1, id: 7)]
        #expect(Self.gaps(example).gaps == [.schemas(environment: "env-east", missing: ["orders v1"])])
        example.world.schemas[id] = []
        example.changeRegistry("env-east") { $0.modes[.standard] = .readWrite }
        #expect(
            Self.gaps(example).gaps
                == [
                    .registryMode(
                        environment: "env-east", context: RegistryContext.standard.description, mode: "READWRITE")
                ])
    }

    @Test("credentials that do not sign in at the standby are a reason")
    func signIn() throws {
        var example = try Self.shop()
        example.world.refusedSignIns["checkout"] = "401"
        #expect(
            Self.gaps(example).gaps == [.signIn(member: "east", binding: "checkout", reason: "401")])
    }

    @Test("while the holder is silent nobody is said to be protected: when it was, and who could go on")
    func holderSilent() throws {
        var example = try Self.shop()
        example.world.ledger.sites.clusters["west"]?.protected = ["shop": Timestamp(milliseconds: 5)]
        example.world.silent = [.cluster("west"): .unreachable, .controlPlane: .unreachable]
        let group = example.plan().groups[0]
        #expect(!group.isProtected)
        #expect(group.lastKnown?.protectedUntil == Timestamp(milliseconds: 5))
        #expect(group.lastKnown?.succession == .init(family: "shop", from: "west", to: "east"))
        example.world.silent = [.cluster("west"): .denied]
        #expect(example.plan().groups[0].lastKnown?.succession == nil)
    }
}
