import Transport
import Confluent
import Domain
import Execution
import Planning
import Testing

@Suite struct LinkStepsTests {
    private static let filters =
        #"{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}"#

    @Test("A link that is there already as wanted is success; to another cluster it is rejected")
    func alreadyThere() async throws {
        try await Rig.seeded { rig in
            try await rig.perform(Estate.link(), Estate.link())
            var other = rig
            other.workspace.clusters["north"] = other.workspace.clusters["west"]
            await rig.directory.learn(
                KnownSites.Cluster(id: "lkc-north", bootstrapServers: "north:9092"), named: "north")
            let failure = await other.failure(
                of: .kafka(
                    .createLink(
                        LinkCreation(
                            cluster: "east", link: "west-east", remote: "north", half: .destination, configs: [],
                            validates: false))))
            #expect(failure?.kind == .rejected)
            #expect(failure?.message == "link west-east is there already with remote cluster lkc-west")
            let differs = await rig.failure(
                of: Estate.link(configs: [ConfigChange("consumer.offset.sync.enable", "true")]))
            #expect(differs?.message == "link west-east is there already with consumer.offset.sync.enable false")
        }
    }

    @Test("A link that is refused because another one has its prefix fails with the service's words")
    func takenPrefix() async throws {
        try await Rig.seeded { rig in
            let prefix = [ConfigChange("cluster.link.prefix", "p.")]
            try await rig.perform(Estate.link(configs: prefix))
            let failure = await rig.failure(of: Estate.link("second", configs: prefix))
            #expect(failure?.kind == .rejected)
            #expect(failure?.message.contains("Cluster link prefix 'p.': this prefix already exists") == true)
        }
    }

    @Test("Batches are written in their order, and a feature that is switched off takes its filters along")
    func alter() async throws {
        try await Rig.seeded { rig in
            func alter(_ batches: [[ConfigChange]], renews: Bool = false) -> StepAction {
                .kafka(
                    .alterLink(
                        LinkAlteration(
                            cluster: "east", link: "west-east", remote: "west", half: .destination, batches: batches,
                            renewsConnection: renews)))
            }
            try await rig.perform(
                Estate.link(),
                alter([
                    [ConfigChange("consumer.offset.group.filters", Self.filters)],
                    [ConfigChange("consumer.offset.sync.enable", "true")],
                ]))
            let on = try #require(try await rig.kafka("east").links.first)
            #expect(on.configs["consumer.offset.sync.enable"] == "true")
            #expect(on.configs["consumer.offset.group.filters"]?.contains("INCLUDE") == true)
            try await rig.perform(
                alter(
                    [
                        [ConfigChange("consumer.offset.group.filters", Self.filters)],
                        [ConfigChange("consumer.offset.sync.enable", "false")],
                    ], renews: true))
            let off = try #require(try await rig.kafka("east").links.first)
            #expect(off.configs["consumer.offset.sync.enable"] != "true")
            #expect(off.error == nil)
        }
    }

    private static func renewal() -> StepAction {
        .kafka(
            .alterLink(
                LinkAlteration(
                    cluster: "east", link: "west-east", remote: "west", half: .destination, batches: [],
                    renewsConnection: true)))
    }

    @Test("Credentials count when the link works with them; the right ones, later, make it work again")
    func wrongSecret() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.perform(Estate.link())
            var wrong = rig
            wrong.secrets.values["SECRET"] = "simulator-sceret"
            wrong.workspace.clusters["east"]?.credentials = Credentials(
                signIn: .apiKey(key: .environment("KEY"), secret: .environment("RIGHT")))
            wrong.secrets.values["RIGHT"] = rig.secrets.values["SECRET"]
            let failure = await wrong.failure(of: Self.renewal())
            #expect(failure?.message.contains("AUTHENTICATION_ERROR") == true, "\(failure?.message ?? "none")")
            #expect(failure?.message.contains("sceret") == false)
            try await rig.perform(Self.renewal())
            #expect(try await rig.kafka("east").links.first?.error == nil)
        }
    }

    @Test("Another way to sign in leaves nothing of the former one behind")
    func otherSignIn() async throws {
        try await Rig.seeded { rig in
            try await rig.administer(.put, "/lies", #"{"linkCredentialsUnchecked": true}"#)
            var rig = rig
            rig.secrets.values["PEM"] = "-----BEGIN CERTIFICATE-----"
            try await rig.perform(Estate.link())
            let before = rig.workspace.clusters["west"]?.linkCredentials
            var tls = TLSSpec()
            (tls.certificate, tls.key) = (.environment("PEM"), .environment("PEM"))
            rig.workspace.clusters["west"]?.linkCredentials = Credentials(signIn: .certificate, tls: tls)
            try await rig.perform(Self.renewal())
            let byCertificate = try await rig.signInConfigs(of: "west-east")
            #expect(byCertificate.contains("ssl.keystore.key") && !byCertificate.contains("sasl.jaas.config"))
            rig.workspace.clusters["west"]?.linkCredentials = before
            try await rig.perform(Self.renewal())
            let byPassword = try await rig.signInConfigs(of: "west-east")
            #expect(byPassword.contains("sasl.jaas.config") && !byPassword.contains { $0.hasPrefix("ssl.keystore") })
        }
    }

    @Test("A link with live mirrors is not deleted; without them it is gone when the step returns")
    func delete() async throws {
        try await Rig.seeded { rig in
            try await rig.perform(Estate.topic("orders"), Estate.link(), Estate.mirror("orders"))
            let refused = await rig.failure(of: .kafka(.deleteLink(LinkReference(cluster: "east", link: "west-east"))))
            #expect(refused?.kind == .rejected || refused?.kind == .denied)
            #expect(try await rig.kafka("east").mirrors.count == 1)
            try await rig.perform(
                .kafka(.deleteTopic(TopicReference(cluster: "east", topic: "orders"))),
                .kafka(.deleteLink(LinkReference(cluster: "east", link: "west-east"))))
            #expect(try await rig.kafka("east").links.isEmpty)
        }
    }

    @Test("Both halves of a source-initiated and of a bidirectional pair are created")
    func pairs() async throws {
        try await Rig.seeded { rig in
            func half(_ name: String, on cluster: String, to remote: String, _ half: LinkHalf) -> StepAction {
                .kafka(
                    .createLink(
                        LinkCreation(
                            cluster: cluster, link: name, remote: remote, half: half, configs: [], validates: false)))
            }
            try await rig.perform(
                half("pushed", on: "east", to: "west", .inboundDestination),
                half("pushed", on: "west", to: "east", .source),
                half("both", on: "east", to: "west", .bidirectional),
                half("both", on: "west", to: "east", .bidirectional))
            let east = try await rig.kafka("east").links
            let west = try await rig.kafka("west").links
            #expect(east.map(\.name) == ["both", "pushed"])
            #expect(east.map(\.mode) == [.bidirectional, .destination])
            #expect(west.map(\.mode) == [.bidirectional, .source])
            #expect(west.map(\.remoteClusterID) == ["lkc-east", "lkc-east"])
        }
    }

    @Test("A secret that the service repeats in its refusal is not in the failure")
    func noSecretInFailures() async throws {
        try await Rig.seeded { rig in
            let line = "PlainLoginModule required username='SIMULATOR' password='simulator-secret';"
            try await rig.spoil(
                "east/kafka", path: "/kafka/v3/clusters/lkc-east/links",
                #""method":"POST","effect":"status","status":400,"#
                    + #""body":{"error_code":40002,"message":"Invalid sasl.jaas.config: \#(line)"}"#)
            let failure = try #require(await rig.failure(of: Estate.link()))
            #expect(failure.kind == .rejected)
            #expect(failure.message.contains("Invalid sasl.jaas.config"))
            #expect(!"\(failure)".contains("simulator-secret"))
        }
    }

    @Test("Without linkCredentials at the other end there is nothing to sign in with")
    func noLinkCredentials() async throws {
        try await Rig.seeded { rig in
            var rig = rig
            rig.workspace.clusters["west"]?.linkCredentials = nil
            let failure = await rig.failure(of: Estate.link())
            #expect(failure?.message == "cluster west declares no linkCredentials")
        }
    }
}
