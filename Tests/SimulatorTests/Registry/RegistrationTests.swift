import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite struct RegistrationTests {
    var bench = RegistryBench()

    @Test("Registering the same schema again answers the same id, and white space makes no other schema")
    mutating func idempotent() {
        let first = bench.register("orders", ["a:int"])
        let spaced = bench.call(
            "POST", "/subjects/orders/versions",
            ["schema": #" { "name" : "Order", "type" : "record", "fields" : [ {"type":"int","name":"a"} ] } "#])
        #expect(first.status == 200)
        #expect(first.json == ["id": 100001])
        #expect(spaced.json == first.json)
        #expect(bench.call("GET", "/subjects/orders/versions").json == [1])
    }

    @Test("A schema has one id in a context whatever the subject, and ids of contexts are independent")
    mutating func idsPerContext() {
        #expect(bench.register("orders", ["a:int"]).json["id"] == 100001)
        #expect(bench.register("copies", ["a:int"]).json["id"] == 100001)
        #expect(bench.register("others", ["b:int"]).json["id"] == 100002)
        #expect(bench.register(":.dr:orders", ["z:int"]).json["id"] == 100001)
        #expect(bench.call("GET", "/schemas/ids/100001/subjects").json == ["copies", "orders"])
        #expect(bench.call("GET", "/schemas/ids/100001").json["schema"]?.string == RegistryBench.record(["a:int"]))
        #expect(
            bench.call("GET", "/schemas/ids/100001?subject=:.dr:orders").json["schema"]?.string
                == RegistryBench.record(["z:int"]))
        #expect(
            bench.call("GET", "/schemas/ids/100001/versions?subject=:.dr:").json
                == [["subject": ":.dr:orders", "version": 1]])
    }

    @Test("Only callers that accept unknown properties are told more than the id")
    mutating func unknownProperties() {
        let answer = bench.call(
            "POST", "/subjects/orders/versions", ["schema": #""string""#],
            headers: ["confluent-accept-unknown-properties": "true"])
        #expect(answer.json["version"] == 1)
        #expect(answer.json["schemaType"] == "AVRO")
        #expect(answer.json["ts"]?.int == bench.stage.now)
        #expect(
            bench.call("GET", "/subjects/orders/versions/latest").json.members?.map(\.name)
                == ["subject", "version", "id", "schema"])
    }

    @Test(
        "Refusals have the documented status and code",
        arguments: [
            ("POST", "/subjects/orders/versions", #"{"schema":"{\"type\":\"nothing\"}"}"#, 422, 42201),
            ("POST", "/subjects/orders/versions", #"{"schema":"no json"}"#, 422, 42201),
            ("POST", "/subjects/orders/versions", #"{"schema":"\"int\"","schemaType":"THRIFT"}"#, 422, 42201),
            ("POST", "/subjects/orders/versions", #"{"schema":"\"int\"","version":7}"#, 422, 42201),
            ("POST", "/subjects/orders/versions", #"{"schema":"\"int\"","id":7}"#, 422, 42205),
            (
                "POST", "/subjects/orders/versions",
                #"{"schema":"\"int\"","references":[{"name":"x","subject":"none","version":1}]}"#, 422, 42201
            ),
            ("POST", "/subjects/__GLOBAL/versions", #"{"schema":"\"int\""}"#, 422, 42208),
            ("POST", "/subjects/absent", #"{"schema":"\"int\""}"#, 404, 40401),
            ("POST", "/subjects/known", #"{"schema":"\"int\""}"#, 404, 40403),
            ("GET", "/subjects/absent/versions", "", 404, 40401),
            ("GET", "/subjects/absent/versions/1", "", 404, 40401),
            ("GET", "/subjects/known/versions/9", "", 404, 40402),
            ("GET", "/subjects/known/versions/0", "", 422, 42202),
            ("GET", "/subjects/known/versions/first", "", 422, 42202),
            ("GET", "/schemas/ids/5", "", 404, 40403),
            ("DELETE", "/subjects/absent", "", 404, 40401),
            ("DELETE", "/subjects/known?permanent=true", "", 404, 40405),
            ("DELETE", "/subjects/known/versions/1?permanent=true", "", 404, 40407),
            ("DELETE", "/subjects/known/versions/9", "", 404, 40402),
            ("PUT", "/config", #"{"compatibility":"SOMETIMES"}"#, 422, 42203),
            ("GET", "/config/known", "", 404, 40408),
            ("DELETE", "/config/known", "", 404, 40401),
            ("PUT", "/mode", #"{"mode":"WRITEONLY"}"#, 422, 42204),
            ("PUT", "/mode/known", #"{"mode":"FORWARD"}"#, 422, 42204),
            ("GET", "/mode/known", "", 404, 40409),
            ("GET", "/mode/:.dr:", "", 404, 40409),
            ("DELETE", "/mode/known", "", 404, 40401),
            ("GET", "/nowhere", "", 404, 404),
            ("PUT", "/config", #"{"compatibility":"FULL","alias":"x"}"#, 501, 501),
            ("GET", "/dek-registry/v1/keks", "", 501, 501),
            ("POST", "/subjects/known/versions?normalize=true", #"{"schema":"\"int\""}"#, 501, 501),
        ])
    mutating func refusals(method: String, target: String, body: String, status: Int, code: Int) {
        _ = bench.register("known", ["a:int"])
        let answer = bench.call(method, target, JSON(text: body))
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(answer.json["message"]?.string?.isEmpty == false)
        #expect(answer.headers.contains { $0.name == "content-type" && $0.value == RegistryCall.mediaType })
    }

    @Test("Wrong credentials are refused before anything else is told")
    mutating func unauthorized() {
        for credentials in [nil, Credentials(key: "EAST", secret: "e"), Credentials(key: "WEST", secret: "x")] {
            let answer = bench.call("GET", "/subjects", as: credentials)
            #expect(answer.status == 401)
            #expect(answer.code == 401)
        }
        #expect(bench.call("GET", "/subjects", as: Credentials(key: "WEST", secret: "w")).status == 200)
    }

    @Test("A referenced schema can only go after what refers to it")
    mutating func references() {
        _ = bench.register("base", ["a:int"])
        let text = #"{"type":"record","name":"Use","fields":[{"name":"o","type":"Order"}]}"#
        let body: JSON = [
            "schema": .string(text), "references": [["name": "Order", "subject": "base", "version": 1]],
        ]
        let id = bench.call("POST", "/subjects/use/versions", body).json["id"]
        #expect(bench.call("GET", "/subjects/base/versions/1/referencedby").json.array?.first == id)
        #expect(bench.call("DELETE", "/subjects/base").code == 42206)
        #expect(bench.call("DELETE", "/subjects/base/versions/1").code == 42206)
        #expect(bench.call("DELETE", "/subjects/use").json == [1])
        #expect(bench.call("GET", "/subjects/base/versions/1/referencedby").json == [])
        #expect(bench.call("DELETE", "/subjects/base").json == [1])
    }

    @Test("Deletion is soft, then permanent; ids stay occupied in between")
    mutating func deletion() {
        _ = bench.register("orders", ["a:int"])
        _ = bench.register("orders", ["a:int", "b:null="])
        #expect(bench.call("DELETE", "/subjects/orders/versions/1").json == 1)
        #expect(bench.call("DELETE", "/subjects/orders/versions/1").code == 40406)
        #expect(bench.call("GET", "/subjects/orders/versions").json == [2])
        #expect(bench.call("GET", "/subjects/orders/versions?deleted=true").json == [1, 2])
        #expect(bench.call("GET", "/schemas/ids/100001").status == 200)
        #expect(bench.call("DELETE", "/subjects/orders").json == [2])
        #expect(bench.call("DELETE", "/subjects/orders").code == 40404)
        #expect(bench.call("GET", "/subjects").json == [])
        #expect(bench.call("GET", "/subjects?deletedOnly=true").json == ["orders"])
        #expect(bench.call("DELETE", "/subjects/orders?permanent=true").json == [1, 2])
        #expect(bench.call("GET", "/schemas/ids/100001").code == 40403)
        #expect(bench.call("DELETE", "/subjects/orders").code == 40401)
        #expect(bench.register("orders", ["a:int"]).json["id"] == 100003)
    }

    @Test("Lists are cut by prefix, offset and limit, and by context")
    mutating func lists() {
        for name in ["a1", "a2", "b1"] { _ = bench.register(name, ["x:int"]) }
        _ = bench.register("a1", ["x:int", "y:null="])
        _ = bench.register(":.dr:a3", ["x:int"])
        #expect(bench.call("GET", "/subjects").json == [":.dr:a3", "a1", "a2", "b1"])
        #expect(bench.call("GET", "/subjects?subjectPrefix=a").json == ["a1", "a2"])
        #expect(bench.call("GET", "/subjects?subjectPrefix=:*:a").json == [":.dr:a3", "a1", "a2"])
        #expect(bench.call("GET", "/subjects?subjectPrefix=:.dr:").json == [":.dr:a3"])
        #expect(bench.call("GET", "/subjects?offset=1&limit=2").json == ["a1", "a2"])
        #expect(bench.call("GET", "/schemas").json.array?.count == 4)
        #expect(bench.schemas(on: "lsrc-west").count == 5)
        let latest = bench.call("GET", "/schemas?latestOnly=true&subjectPrefix=a1").json.array
        #expect(latest?.map { $0["version"] } == [2])
        #expect(bench.call("GET", "/contexts").json == [".", ".dr"])
    }

    @Test("A context in the address pins every call to that context")
    mutating func pinnedContext() {
        _ = bench.register("orders", ["a:int"])
        let answer = bench.call("POST", "/contexts/.dr/subjects/orders/versions", ["schema": #""long""#])
        #expect(answer.json["id"] == 100001)
        #expect(bench.call("GET", "/contexts/.dr/subjects").json == [":.dr:orders"])
        #expect(bench.call("GET", "/contexts/./subjects").json == ["orders"])
        #expect(bench.call("GET", "/contexts/.dr/schemas").json.array?.map { $0["subject"] } == [":.dr:orders"])
        #expect(bench.call("GET", "/contexts/.dr/schemas/ids/100001/schema").text == #""long""#)
        #expect(
            bench.call("GET", "/contexts/.dr/subjects/:.:orders/versions/1/schema").text
                == RegistryBench.record(["a:int"]))
        _ = bench.call("PUT", "/contexts/.dr/mode", ["mode": "READONLY"])
        #expect(bench.call("GET", "/mode/:.dr:").json == ["mode": "READONLY"])
        #expect(bench.call("GET", "/mode").json == ["mode": "READWRITE"])
        #expect(bench.call("POST", "/contexts/.dr/subjects/more/versions", ["schema": #""int""#]).code == 42205)
    }

    @Test("Only an empty context can be dropped")
    mutating func dropContext() {
        _ = bench.register(":.dr:orders", ["a:int"])
        #expect(bench.call("DELETE", "/contexts/.dr").code == 42211)
        _ = bench.call("DELETE", "/subjects/:.dr:orders")
        _ = bench.call("DELETE", "/subjects/:.dr:orders?permanent=true")
        #expect(bench.call("DELETE", "/contexts/.dr").status == 204)
        #expect(bench.call("GET", "/contexts").json == ["."])
    }

    @Test("Every change is an event, with who made it")
    mutating func events() {
        _ = bench.register(":.dr:orders", ["a:int"])
        _ = bench.register(":.dr:orders", ["a:int"])
        _ = bench.call("PUT", "/mode/:.dr:", ["mode": "READONLY"])
        _ = bench.call("DELETE", "/subjects/:.dr:orders")
        let client = Event.Actor.client("SIMULATOR")
        #expect(
            bench.stage.log.entries.map(\.event) == [
                Event(
                    .schema(
                        registry: "lsrc-west", context: ".dr", subject: "orders", version: 1, id: 100001,
                        isPresent: true), by: client),
                Event(.mode(registry: "lsrc-west", scope: ":.dr:", mode: "READONLY"), by: client),
            ])
    }

    @Test(
        "what the simulator would have to ignore is answered 501",
        arguments: [
            ("DELETE", "/mode"), ("DELETE", "/mode/:.__GLOBAL:"), ("DELETE", "/mode/known?recursive=true"),
            ("DELETE", "/config/known?recursive=true"),
        ])
    mutating func ignored(_ method: String, _ path: String) {
        _ = bench.register("known", ["a:int"])
        #expect(bench.call(method, path).status == 501)
    }

    @Test(
        "defaults have to be of their type",
        arguments: [
            (#""int""#, #""text""#, false), (#""int""#, "7", true), (#""int""#, "3000000000", false),
            (#""long""#, "3000000000", true), (#""string""#, "null", false), (#"["null","int"]"#, "null", true),
            (#"["null","int"]"#, #""a""#, false), (#"{"type":"array","items":"int"}"#, "[1, 2]", true),
            (#"{"type":"array","items":"int"}"#, #"["a"]"#, false),
            (#"{"type":"enum","name":"E","symbols":["A"]}"#, #""B""#, false),
            (#"{"type":"fixed","name":"F","size":2}"#, #""ab""#, true),
            (#"{"type":"record","name":"R","fields":[{"name":"x","type":"int"}]}"#, #"{"x": true}"#, false),
        ])
    mutating func defaults(_ type: String, _ standard: String, _ suits: Bool) {
        let schema = #"{"type":"record","name":"Order","fields":[{"name":"f","type":\#(type),"default":\#(standard)}]}"#
        let answer = bench.call("POST", "/subjects/orders/versions", ["schema": .string(schema)])
        #expect(answer.status == (suits ? 200 : 501))
    }
}
