@testable import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

@Suite struct SchemaStepsTests {
    @Test("Schemas are waited for until the destination has every version with its id, in every context")
    func equal() async throws {
        try await Rig.stepped { rig, _ in
            for subject in ["orders", "orders-key", ":.eu:bills"] {
                try await rig.register(subject, field: subject.count, in: "west")
            }
            let comparison = SchemaComparison(source: "west", destination: "east", subjects: [":*:"])
            let failure = await rig.limited().failure(of: .registry(.awaitSchemas(comparison)))
            #expect(failure?.kind == .timeout)
            #expect(
                failure?.message
                    == "waited 20s for schemas of east to be those of west; last seen: missing "
                    + ":.eu:bills version 1 (id 100001), orders version 1 (id 100001), orders-key version 1 (id 100002)"
            )
            try await rig.perform(
                .registry(
                    .setRegistryMode(
                        RegistryModeSetting(environment: "east", context: .standard, mode: .import, force: true))),
                .registry(
                    .setRegistryMode(
                        RegistryModeSetting(
                            environment: "east", context: RegistryContext("eu"), mode: .import, force: true)
                    )),
                .registry(.createExporter(Estate.exporter(subjects: [":*:"]))), .registry(.awaitSchemas(comparison)))
        }
    }

    @Test("Only the selected subjects are compared, and what the destination has beside them is no matter")
    func selected() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.register("orders", field: 1, in: "west")
            try await rig.register("bills", field: 2, in: "west")
            try await rig.register("orders", field: 1, in: "east")
            try await rig.register("orders-more", field: 3, in: "east")
            func wait(_ subjects: String...) -> StepAction {
                .registry(.awaitSchemas(SchemaComparison(source: "west", destination: "east", subjects: subjects)))
            }
            try await rig.perform(wait("orders*"), wait("orders"), wait(":.eu:*"))
            let failure = await rig.limited().failure(of: wait("*"))
            #expect(failure?.message.hasSuffix("missing bills version 1 (id 100002)") == true)
        }
    }

    @Test("Versions are deleted for good in their order, twice if asked; a referenced one only after who refers to it")
    func delete() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.register(":.eu:base", field: 1, in: "east")
            try await rig.register(
                ":.eu:user", field: 2, in: "east",
                extra: #","references":[{"name":"base","subject":":.eu:base","version":1}]"#)
            let base = SchemaVersionID(subject: ":.eu:base", version: 1, id: 100_001)
            let user = SchemaVersionID(subject: ":.eu:user", version: 1, id: 100_002)
            let refused = await rig.failure(
                of: .registry(.deleteSchemas(SchemaDeletion(environment: "east", versions: [base, user]))))
            #expect(refused?.kind == .rejected)
            try await rig.perform(
                .registry(.deleteSchemas(SchemaDeletion(environment: "east", versions: [user, base]))),
                .registry(.deleteSchemas(SchemaDeletion(environment: "east", versions: [user, base]))))
            #expect(try await rig.versions(of: [":*:"], in: "east") == [])
        }
    }

    @Test("A version that has another id by now is not deleted")
    func anotherID() async throws {
        try await Rig.stepped { rig, _ in
            try await rig.register("bills", field: 1, in: "east")
            try await rig.register("orders", field: 2, in: "east")
            let planned = SchemaVersionID(subject: "orders", version: 1, id: 100_001)
            let failure = await rig.failure(
                of: .registry(.deleteSchemas(SchemaDeletion(environment: "east", versions: [planned]))))
            #expect(failure?.kind == .conflict)
            #expect(failure?.message == "not deleted, because it is another one now: orders version 1 (id 100002)")
            #expect(try await rig.versions(of: ["orders"], in: "east").count == 1)
        }
    }

    @Test("A list of schemas that ends early is no shorter list")
    func cutList() throws {
        let text = Array(
            #"[{"subject":":.:a","version":1,"id":7,"schema":"[{]"},{"id":8,"version":2,"subject":"b"}]"#.utf8)
        func read(_ bytes: [UInt8]) throws -> Set<SchemaVersionID> {
            var reader = JSONListReader(SchemaRows(), isBare: true)
            try bytes.withUnsafeBytes { try reader.receive($0) }
            try reader.finish()
            return reader.collector.versions
        }
        let all: Set = [
            SchemaVersionID(subject: "a", version: 1, id: 7), SchemaVersionID(subject: "b", version: 2, id: 8),
        ]
        #expect(try read(text) == all)
        #expect(try read(Array("[]".utf8)).isEmpty)
        for end in text.indices {
            #expect(throws: JSONFault.self, "cut at \(end)") { try read(Array(text[..<end])) }
        }
    }

    @Test("Subjects are selected as exporters select them, with one list per context")
    func selection() {
        let some = SubjectSelection(["orders*", "ordinary", ":.eu:*", ":.us:bills"])
        #expect(some.prefixes == [":.eu:", ":.us:bills", "ord"])
        let names = ["orders-key", ":.:orders", "ordinary", "ordinary-2", ":.eu:x", ":.us:bills", ":.us:bills-2", "x"]
        #expect(names.filter(some.contains) == ["orders-key", ":.:orders", "ordinary", ":.eu:x", ":.us:bills"])
        #expect(SubjectSelection(["*", ":*:"]).prefixes == [":*:"])
        #expect([":.eu:x", "x"].filter(SubjectSelection(["*"]).contains) == ["x"])
        #expect([":.eu:x", "x"].filter(SubjectSelection([":*:"]).contains) == [":.eu:x", "x"])
    }
}

extension Rig {
    /// Registers a record with one field; equal numbers make equal schemas.
    func register(_ subject: String, field: Int, in environment: String, extra: String = "") async throws {
        let schema =
            #"{\"type\":\"record\",\"name\":\"R\#(field)\",\"fields\":[{\"name\":\"f\#(field)\",\"type\":\"int\"}]}"#
        var call = HTTPCall(.post, RequestPath("/subjects").appending(subject).with("/versions"))
        call.body = HTTPCall.Body(
            Array(#"{"schema":"\#(schema)"\#(extra)}"#.utf8), mediaType: "application/vnd.schemaregistry.v1+json")
        _ = try await registry(of: environment).endpoint.send(call)
    }

    func deleteSoftly(_ subject: String, version: Int, in environment: String) async throws {
        let path = RequestPath("/subjects").appending(subject).with("/versions").appending(String(version))
        _ = try await registry(of: environment).endpoint.send(HTTPCall(.delete, path))
    }

    func versions(of subjects: [String], in environment: String) async throws -> Set<SchemaVersionID> {
        try await registry(of: environment).versions(of: SubjectSelection(subjects), includingDeleted: true)
    }

    private func registry(of environment: String) async throws -> SchemaRegistryAPI {
        let base = try #require(await directory.environment(environment)?.registryEndpoint)
        let authorization = Authorization.basic(user: Secret("SIMULATOR"), password: Secret("simulator-secret"))
        let endpoint = HTTPEndpoint(base, transport: transport, authorization: authorization)
        return SchemaRegistryAPI(endpoint: try #require(endpoint))
    }
}
