import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite struct CompatibilityTests {
    var bench = RegistryBench()

    @Test(
        "Avro changes pass or fail by the level in force",
        arguments: [
            ("BACKWARD", ["a:int"], ["a:int", "b:null="], true),
            ("BACKWARD", ["a:int"], ["a:int", "b:string"], false),
            ("BACKWARD", ["a:int", "b:string"], ["a:int"], true),
            ("BACKWARD", ["a:int"], ["a:long"], true),
            ("BACKWARD", ["a:long"], ["a:int"], false),
            ("BACKWARD", ["a:string"], ["a:bytes"], true),
            ("FORWARD", ["a:int"], ["a:int", "b:string"], true),
            ("FORWARD", ["a:int", "b:string"], ["a:int"], false),
            ("FORWARD", ["a:long"], ["a:int"], true),
            ("FULL", ["a:int"], ["a:int", "b:null="], true),
            ("FULL", ["a:int"], ["a:long"], false),
            ("NONE", ["a:int"], ["z:string"], true),
        ])
    mutating func levels(level: String, old: [String], new: [String], isCompatible: Bool) {
        _ = bench.call("PUT", "/config", ["compatibility": .string(level)])
        _ = bench.register("orders", old)
        let check = bench.call(
            "POST", "/compatibility/subjects/orders/versions/latest?verbose=true",
            ["schema": .string(RegistryBench.record(new))])
        #expect(check.json["is_compatible"] == JSON(isCompatible))
        #expect(check.json["messages"]?.array?.isEmpty == isCompatible)
        let answer = bench.register("orders", new)
        #expect(answer.status == (isCompatible ? 200 : 409))
        #expect(answer.code == (isCompatible ? nil : 40901))
    }

    @Test("A transitive level looks at every version, the plain one at the latest")
    mutating func transitive() {
        _ = bench.register("orders", ["a:int"])
        _ = bench.register("orders", ["b:null="])
        #expect(
            bench.call("POST", "/compatibility/subjects/orders/versions", Self.body(["b:null=", "a:string"])).json
                == ["is_compatible": false])
        _ = bench.call("PUT", "/config", ["compatibility": "FORWARD"])
        #expect(
            bench.call("POST", "/compatibility/subjects/orders/versions", Self.body(["b:null=", "c:int"])).json
                == ["is_compatible": true])
        _ = bench.call("PUT", "/config", ["compatibility": "FORWARD_TRANSITIVE"])
        #expect(
            bench.call("POST", "/compatibility/subjects/orders/versions", Self.body(["b:null=", "c:int"])).json
                == ["is_compatible": false])
    }

    private static func body(_ fields: [String]) -> JSON {
        ["schema": .string(RegistryBench.record(fields))]
    }

    @Test(
        "Unions, enums, nested and recursive records follow Avro's schema resolution",
        arguments: [
            (#""int""#, #"["null","int"]"#, true), (#"["null","int"]"#, #""int""#, false),
            (#"{"type":"array","items":"int"}"#, #"{"type":"array","items":"long"}"#, true),
            (
                #"{"type":"enum","name":"E","symbols":["A","B"]}"#, #"{"type":"enum","name":"E","symbols":["A"]}"#,
                false
            ),
            (
                #"{"type":"enum","name":"E","symbols":["A","B"]}"#,
                #"{"type":"enum","name":"E","symbols":["A"],"default":"A"}"#, true
            ),
            (#"{"type":"fixed","name":"F","size":4}"#, #"{"type":"fixed","name":"F","size":8}"#, false),
            (#"{"type":"record","name":"R","fields":[]}"#, #"{"type":"record","name":"S","fields":[]}"#, false),
            (
                #"{"type":"record","name":"R","fields":[]}"#,
                #"{"type":"record","name":"S","aliases":["R"],"fields":[]}"#, true
            ),
            (
                #"{"type":"record","name":"R","fields":[{"name":"next","type":["null","R"]},{"name":"v","type":"int"}]}"#,
                #"{"type":"record","name":"R","fields":[{"name":"next","type":["null","R"]},{"name":"v","type":"string"}]}"#,
                false
            ),
        ])
    mutating func resolution(old: String, new: String, isCompatible: Bool) {
        #expect(bench.call("POST", "/subjects/s/versions", ["schema": .string(old)]).status == 200)
        let answer = bench.call("POST", "/subjects/s/versions", ["schema": .string(new)])
        #expect(answer.status == (isCompatible ? 200 : 409))
    }

    @Test("What is not evaluated answers 501, except where no evaluation is asked for")
    mutating func unmodelled() {
        let one: JSON = ["schemaType": "JSON", "schema": #"{"type":"object"}"#]
        let two: JSON = ["schemaType": "JSON", "schema": #"{"type":"string"}"#]
        #expect(bench.call("POST", "/subjects/s/versions", one).status == 200)
        #expect(bench.call("POST", "/subjects/s/versions", one).status == 200)
        #expect(bench.call("POST", "/subjects/s/versions", two).status == 501)
        _ = bench.call("PUT", "/config/s", ["compatibility": "NONE"])
        #expect(bench.call("POST", "/subjects/s/versions", two).status == 200)
        #expect(bench.call("GET", "/subjects/s/versions/latest").json["schemaType"] == "JSON")
    }

    @Test("Another type of schema is incompatible unless the level is NONE")
    mutating func otherType() {
        _ = bench.register("s", ["a:int"])
        #expect(
            bench.call("POST", "/subjects/s/versions", ["schemaType": "JSON", "schema": "{}"]).code == 40901)
    }
}
