import Domain
import Planning
import Rendering
import Testing

@Suite struct RegistryExamples {
    private func shop(_ edit: (inout SchemaSettings) -> Void = { _ in }) -> (inout Workspace) -> Void {
        var settings = SchemaSettings(subjects: ["*"])
        edit(&settings)
        return { $0.addGroup("shop", primary: "west", ["west", "east"]) { $0.schemas = settings } }
    }

    @Test("the DR registry imports before the exporter starts")
    func importFirst() throws {
        var example = Example(shop())
        let plan = example.plan()
        #expect(plan.step("exporter/env-west/shop#create")?.after.map(\.description) == ["mode/env-east/.#set"])
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("a DR registry with subjects of its own is not put into IMPORT without consent")
    func importGate() {
        var example = Example(shop())
        example.changeRegistry("env-east") { $0.subjects = [.standard: ["east-only", "orders-value"]] }
        example.changeRegistry("env-west") { $0.subjects = [.standard: ["orders-value"]] }
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.importMode])
        #expect(plan.refusals[0].message.contains("east-only") && !plan.refusals[0].message.contains("orders-value"))
        #expect(plan.steps.isEmpty && plan.deferred.isEmpty, "what is refused has nothing done, and waits for nothing")
        let consented = example.plan(PlanOptions(overrides: [.importMode]))
        #expect(consented.refusals.isEmpty)
        #expect(consented.stepIDs.contains("mode/env-east/.#set"))
        example.changeRegistry("env-east") { $0.modes[.standard] = .import }
        #expect(example.plan().refusals.isEmpty)
    }

    @Test("subjects the exporter does not take count as the registry's own")
    func importGatePattern() {
        var example = Example(shop { $0.subjects = ["orders*"] })
        for environment in ["env-east", "env-west"] {
            example.changeRegistry(environment) { $0.subjects = [.standard: ["orders-value", "carts-value"]] }
        }
        #expect(
            example.plan().refusals.map(\.message).filter { $0.contains("1 subjects") && $0.contains("carts-value") }
                .count == 1)
    }

    @Test("contexts with and without their dot, orders of subjects and trailing slashes are the same")
    func equalities() throws {
        var example = try Example.applied {
            $0.addSchemaLink("hub", from: "env-west", to: "env-east", ["b", "a"]) {
                $0.contextType = .custom
                $0.context = "us"
            }
        }
        example.changeRegistry("env-west") {
            $0.exporters[0].context = ".us"
            $0.exporters[0].subjects = ["a", "b"]
            $0.exporters[0].destinationURL? += "/"
            $0.exporters[0].subjectRenameFormat = ""
        }
        #expect(example.plan().isEmpty)
    }

    @Test("an exporter that is paused is resumed, one that should be is paused, anything else is written again")
    func exporterChanges() throws {
        var example = try Example.applied(shop())
        example.changeRegistry("env-west") { $0.exporters[0].state = .paused }
        #expect(example.plan().stepIDs == ["exporter/env-west/shop#resume"])
        try example.apply()
        example.workspace.failoverGroups["shop"]?.schemas?.paused = true
        #expect(example.plan().stepIDs == ["exporter/env-west/shop#pause"])
        example.workspace.failoverGroups["shop"]?.schemas?.kekRenameFormat = "dr-${kek}"
        #expect(example.plan().stepIDs == ["exporter/env-west/shop#update"])
    }

    @Test("an exporter that writes elsewhere is another one")
    func otherDestination() throws {
        var example = try Example.applied(shop())
        example.changeRegistry("env-west") { $0.exporters[0].destinationURL = "https://elsewhere" }
        #expect(example.plan().refusals.map(\.gate) == [.immutable])
        #expect(example.plan().steps.isEmpty)
    }

    @Test("two manifests that need different modes of one context are told so")
    func otherMode() {
        let example = Example { workspace in
            workspace.addGroup("a", primary: "west", ["west", "east"]) { $0.schemas = SchemaSettings(subjects: ["*"]) }
            workspace.addGroup("b", primary: "east", ["west", "east"]) { $0.schemas = SchemaSettings(subjects: ["*"]) }
        }
        #expect(Set(example.plan().refusals.map(\.gate)) == [.links])
    }

    @Test("the compatibility level is changed when it differs, and no difference when it is unmanaged")
    func compatibility() throws {
        var example = try Example.applied { $0.environments["env-west"]?.schemaRegistry.compatibility = .full }
        #expect(example.plan().isEmpty)
        example.changeRegistry("env-west") { $0.compatibility = .backward }
        #expect(example.plan().lines == ["update compatibility/env-west/global compatibility: BACKWARD -> FULL"])
        example.workspace.environments["env-west"]?.schemaRegistry.compatibility = nil
        #expect(example.plan().isEmpty)
    }
}
