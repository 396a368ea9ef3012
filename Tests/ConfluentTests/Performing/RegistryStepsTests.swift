import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

@Suite struct RegistryStepsTests {
    @Test("Modes of contexts and the global level are read back when the step returns")
    func modes() async throws {
        try await Rig.seeded { rig in
            let context = RegistryContext("payments")
            try await rig.perform(
                .registry(
                    .setRegistryMode(
                        RegistryModeSetting(environment: "east", context: context, mode: .import, force: true))),
                .registry(.setCompatibility(CompatibilitySetting(environment: "east", level: .fullTransitive))),
                .registry(
                    .setRegistryMode(
                        RegistryModeSetting(environment: "east", context: .standard, mode: .readOnly, force: false))))
            let observer = ConfluentObserver(secrets: rig.secrets, transport: rig.transport, stores: NoStores())
            var scope = ObservationScope(rig.workspace, recorded: Recorded())
            scope.registries["east"] = [.standard, context]
            let observation = await observer.observe(scope, of: rig.workspace, recorded: Recorded())
            let registry = try #require(observation.registries["east"]?.snapshot)
            #expect(registry.modes == [.standard: .readOnly, context: .import])
            #expect(registry.compatibility == .fullTransitive)
        }
    }

    @Test("An exporter is RUNNING when the step returns; pausing, changing, resuming and deleting are waited for")
    func exporter() async throws {
        try await Rig.seeded { rig in
            func exporter() async throws -> ObservedExporter? { try await rig.registry("west").exporters.first }
            try await rig.perform(
                .registry(
                    .setRegistryMode(
                        RegistryModeSetting(environment: "east", context: .standard, mode: .import, force: true))),
                .registry(.createExporter(Estate.exporter())), .registry(.createExporter(Estate.exporter())))
            let created = try #require(try await exporter())
            #expect(created.state == .running)
            #expect(created.subjects == ["*"])
            #expect(created.contextType == ExporterContextType.none)
            let east = await rig.observe().sites.environments["east"]
            #expect(created.destinationURL == east?.registryEndpoint)

            try await rig.perform(
                .registry(.pauseExporter(ExporterReference(environment: "west", exporter: "to-east"))))
            #expect(try await exporter()?.state == .paused)
            try await rig.perform(.registry(.updateExporter(Estate.exporter(subjects: ["orders*"]))))
            let updated = try #require(try await exporter())
            #expect(updated.state == .running)
            #expect(updated.subjects == ["orders*"])
            try await rig.perform(.registry(.updateExporter(Estate.exporter(paused: true))))
            #expect(try await exporter()?.state == .paused)
            try await rig.perform(
                .registry(.resumeExporter(ExporterReference(environment: "west", exporter: "to-east"))))
            #expect(try await exporter()?.state == .running)
            try await rig.perform(
                .registry(.deleteExporter(ExporterReference(environment: "west", exporter: "to-east"))),
                .registry(.deleteExporter(ExporterReference(environment: "west", exporter: "to-east"))))
            #expect(try await exporter() == nil)
        }
    }

    @Test("An exporter that is wanted PAUSED ends PAUSED")
    func pausedFromTheStart() async throws {
        try await Rig.seeded { rig in
            try await rig.perform(
                .registry(
                    .setRegistryMode(
                        RegistryModeSetting(environment: "east", context: .standard, mode: .import, force: true))),
                .registry(.createExporter(Estate.exporter(paused: true))))
            #expect(try await rig.registry("west").exporters.map(\.state) == [.paused])
        }
    }

    @Test("An exporter of that name with another definition is rejected")
    func otherDefinition() async throws {
        try await Rig.seeded { rig in
            try await rig.perform(
                .registry(
                    .setRegistryMode(
                        RegistryModeSetting(environment: "east", context: .standard, mode: .import, force: true))),
                .registry(.createExporter(Estate.exporter())))
            let failure = await rig.failure(of: .registry(.createExporter(Estate.exporter(subjects: [":*:"]))))
            #expect(failure?.kind == .rejected)
            #expect(failure?.message == "exporter to-east is there already with another definition")
        }
    }
}
