@testable import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

/// When an exporter counts, and what is left of it when a step on it fails.
@Suite struct ExporterStepsTests {
    private static let imports = StepAction.registry(
        .setRegistryMode(
            RegistryModeSetting(environment: "east", context: .standard, mode: .import, force: true)))

    @Test("A new exporter counts when what it selects has arrived")
    func arrival() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.register("orders", field: 1, in: "west")
            try await rig.register("bills", field: 2, in: "west")
            try await rig.perform(Self.imports, .registry(.createExporter(Estate.exporter(subjects: ["orders*"]))))
            #expect(try await rig.versions(of: ["*"], in: "east").map(\.subject) == ["orders"])
        }
    }

    @Test("One that begins from the start brings what it did not select before")
    func startsOver() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.register("orders", field: 1, in: "west")
            try await rig.register("bills", field: 2, in: "west")
            try await rig.perform(
                Self.imports, .registry(.createExporter(Estate.exporter(subjects: ["orders*"]))),
                .registry(.restartExporter(Estate.exporter(subjects: ["*"]))))
            #expect(try await rig.versions(of: ["*"], in: "east").map(\.subject).sorted() == ["bills", "orders"])
        }
    }

    @Test("One that was made and cannot write says that it was made")
    func madeAndFailing() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.register("orders", field: 1, in: "west")
            let failure = await rig.failure(of: .registry(.createExporter(Estate.exporter())))
            #expect(failure?.kind == .rejected)
            #expect(failure?.effect == .some)
            #expect(try await rig.registry("west").exporters.map(\.name) == ["to-east"])
        }
    }

    @Test("A change that the registry refuses leaves the exporter as it ran, and changes nothing")
    func refusedUpdate() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.perform(Self.imports, .registry(.createExporter(Estate.exporter())))
            for verb in ["pause", "resume"] {
                try await rig.spoil(
                    "west/registry", path: "/exporters/to-east/\(verb)", #""effect":"delay","method":"PUT","delayMs":1"#
                )
            }
            try await rig.spoil(
                "west/registry", path: "/exporters/to-east",
                #""effect":"status","method":"PUT","status":422,"body":"{\"error_code\":42299,\"message\":\"no\"}""#)
            let failure = await rig.failure(of: .registry(.updateExporter(Estate.exporter(subjects: ["orders*"]))))
            #expect(failure?.kind == .rejected)
            #expect(failure?.effect == StepFailure.Effect.none)
            #expect(
                failure?.message.hasSuffix("exporter to-east goes on as it was") ?? false, "\(failure?.message ?? "")")
            #expect(try await rig.registry("west").exporters.map(\.state) == [.running])
        }
    }

    @Test("One that cannot be resumed either is told to be left, and counts as a change")
    func leftPaused() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.perform(Self.imports, .registry(.createExporter(Estate.exporter())))
            try await rig.spoil(
                "west/registry", path: "/exporters/to-east/pause", #""effect":"delay","method":"PUT","delayMs":1"#)
            try await rig.spoil(
                "west/registry", path: "/exporters/to-east",
                #""effect":"status","method":"PUT","status":422,"body":"{\"error_code\":42299,\"message\":\"no\"}""#)
            let failure = await rig.failure(of: .registry(.updateExporter(Estate.exporter(subjects: ["orders*"]))))
            #expect(failure?.effect == .some)
            #expect(failure?.message.contains("exporter to-east is left PAUSED") ?? false, "\(failure?.message ?? "")")
        }
    }

    @Test("A verb that is refused topic by topic has changed nothing; one that was answered with 503 may have")
    func effects() async throws {
        try await Rig.stepped(topics: #"[{"name":"orders"}]"#) { rig, _ in
            try await rig.mirror(["orders"])
            let refused = await rig.failure(of: .move(.endMirrors(.promote, Estate.linked(["lost"]))))
            #expect(refused?.effect == StepFailure.Effect.none, "\(refused?.message ?? "")")
            try await rig.spoil(
                "east/kafka", path: "/kafka/v3/clusters/lkc-east/topics",
                #""effect":"status","method":"POST","status":503,"body":"{}""#)
            let open = await rig.failure(of: Estate.topic("new", on: "east"))
            #expect(open?.effect == .unknown, "\(open?.message ?? "")")
        }
    }

    @Test("A return has the time of `reprotect`, from the moment its holder is confirmed, and nothing else has")
    func timeForTheReturn() async throws {
        try await Rig.stepped(topics: #"[{"name":"orders"},{"name":"bills"}]"#) { rig, _ in
            var rig = rig
            rig.workspace.spec.timeouts.reprotect = .seconds(4)
            rig.workspace.spec.timeouts.transition = .seconds(20)
            try await rig.perform(Estate.link())
            try await rig.administer(
                .post, RequestPath("/faults"), #"{"effect":"stuck","cluster":"lkc-east","status":"PENDING_MIRROR"}"#)
            let performer = rig.performer
            func failure(of action: StepAction) async -> String {
                do throws(StepFailure) {
                    try await performer.perform(Step("test", ResourceAddress(.cluster, "test"), action))
                    return "none"
                } catch {
                    return error.message
                }
            }
            #expect(await failure(of: Estate.mirror("orders")).hasPrefix("waited 20s"))
            let proof = HolderProof(holder: "west", topics: ["orders"], member: "east", bindings: [], epoch: 1)
            #expect(await failure(of: .move(.confirmHolder(proof))) == "none")
            #expect(await failure(of: Estate.mirror("bills")).hasPrefix("waited "))
            #expect(!(await failure(of: Estate.mirror("bills")).hasPrefix("waited 20s")))
        }
    }
}
